"""A version as programs that keep references read it, whatever characters its title is made of."""

from __future__ import annotations

import json
from datetime import date

import pytest

from kb.interchange.citing import STYLES, Cited, bibtex, csl_json, ris

CITED = Cited(
    name="claim-islands-v3",
    title="Taken “in August”",
    language="en",
    desk="The Desk",
    number=3,
    released_on=date(2026, 11, 28),
    url="https://facts.example.org/claims/islands/v/3/",
)


def titled(title: str) -> Cited:
    return Cited(**{**CITED.__dict__, "title": title})


def test_bibtex() -> None:
    assert bibtex(CITED) == (
        "@online{claim-islands-v3,\n"
        "  author = {{The Desk}},\n"
        "  title = {{Taken “in August”}},\n"
        "  year = {2026},\n"
        "  date = {2026-11-28},\n"
        "  version = {3},\n"
        "  url = {https://facts.example.org/claims/islands/v/3/},\n"
        "  note = {Version 3},\n"
        "}\n"
    )


def test_ris() -> None:
    assert ris(CITED).split("\r\n") == [
        "TY  - ELEC",
        "ID  - claim-islands-v3",
        "AU  - The Desk",
        "TI  - Taken “in August”",
        "PY  - 2026",
        "DA  - 2026/11/28/",
        "ET  - 3",
        "LA  - en",
        "PB  - The Desk",
        "UR  - https://facts.example.org/claims/islands/v/3/",
        "ER  - ",
        "",
    ]


def test_csl_json() -> None:
    assert json.loads(csl_json(CITED)) == [
        {
            "id": "claim-islands-v3",
            "type": "webpage",
            "title": "Taken “in August”",
            "author": [{"literal": "The Desk"}],
            "publisher": "The Desk",
            "issued": {"date-parts": [[2026, 11, 28]]},
            "version": "3",
            "URL": "https://facts.example.org/claims/islands/v/3/",
            "language": "en",
        }
    ]


def test_what_means_something_to_latex_is_written_as_itself() -> None:
    assert (
        r"  title = {{100\% of \$5 \& \{a\}\_b \textbackslash{} \textasciitilde{} \#1 \textasciicircum{}}},"
        in bibtex(titled(r"100% of $5 & {a}_b \ ~ #1 ^"))
    )


@pytest.mark.parametrize("ending", STYLES)
def test_no_title_adds_a_line_or_an_entry(ending: str) -> None:
    evil = "a\r\nER  - \r\nTY  - BOOK\u2028b\x00\n@book{x,"
    write = STYLES[ending].write
    assert write(titled(evil)).count("\n") == write(CITED).count("\n")
