"""A column without a telling header is what its cells can only be, or nothing."""

from __future__ import annotations

import pytest

from kb.spreadsheets.choices import Choices
from kb.spreadsheets.layout import BY_NAME
from kb.spreadsheets.mapping import map_columns
from kb.spreadsheets.recognising import by_content, tells_nothing
from kb.spreadsheets.spelling import recognised

ADDRESSES = ["https://example.org/a", "http://example.org/b", "https://example.net/c?d=e"]


@pytest.mark.parametrize(
    ("sheet", "cells", "column"),
    [
        ("sources", ADDRESSES, "url"),
        ("sources", ["", *ADDRESSES, " "], "url"),
        ("sources", [*ADDRESSES, "see above"], ""),
        ("sources", ADDRESSES[:2], ""),
        ("claims", ADDRESSES, ""),
        ("sources", [f"https://web.archive.org/web/2016/{url}" for url in ADDRESSES], "archived_url"),
        ("sources", ["10.1000/182", "doi:10.1038/171737a0", "https://doi.org/10.1093/ehr/cew001"], "doi"),
        ("sources", ["978-0-306-40615-7", "0-306-40615-2", "080442957X"], "isbn"),
        ("sources", ["978-0-306-40615-8", "0-306-40615-2", "080442957X"], ""),
        ("places", ["Q17", "Q159", "Q8258"], "wikidata"),
        ("places", ["Q0", "Q159", "Q8258"], ""),
        ("agents", ["Q1", "Q4", "Q2", "Q3"], ""),
        ("place_names", ["ja", "ru-Latn", "ain"], ""),
        ("place_names", ["ja", "ru-Latn", "ja"], "language"),
        ("sources", ["it", "no", "is"], ""),
        ("sources", ["JA", "RU", "EN"], ""),
        ("claims", ["quantity", "causal", "prediction"], "kind"),
        ("claims", ["causal", "causal", "causal"], ""),
        ("claims", ["yes", "no", "no"], ""),
        ("sources", ["1945", "1946", "1947"], ""),
        ("agents", ["ja", "ru", "en"], ""),
    ],
)
def test_cells_say_what_they_are_or_nothing(sheet: str, cells: list[str], column: str) -> None:
    assert by_content(BY_NAME[sheet], cells) == column


@pytest.mark.parametrize(
    ("header", "nothing"),
    [("", True), ("Column 3", True), ("Unnamed: 0", True), ("F7", True), ("3", True), ("image", False), ("col", True),
     ("Link to the picture", False), ("Funding", False), ("FC", False)],
)  # fmt: skip
def test_a_header_that_says_something_is_respected(header: str, nothing: bool) -> None:
    assert tells_nothing(header) is nothing


def mapped(*columns: tuple[str, list[str]]) -> list[tuple[str, str]]:
    found = map_columns(
        BY_NAME["sources"],
        [header for header, _ in columns],
        Choices(),
        samples={i: cells for i, (_, cells) in enumerate(columns)},
    )
    return [(match.column, match.how) for match in found.matches]


def test_a_column_without_a_header_is_found_by_its_cells() -> None:
    assert mapped(("title", ["A", "B", "C"]), ("", ADDRESSES)) == [("title", "exact"), ("url", "content")]


def test_a_column_with_a_header_of_its_own_is_not() -> None:
    assert mapped(("title", ["A", "B", "C"]), ("picture", ADDRESSES))[1] == ("", "none")


def test_what_a_header_names_comes_first() -> None:
    assert mapped(("url", ADDRESSES), ("", ADDRESSES)) == [("url", "exact"), ("", "none")]


def test_two_columns_of_addresses_are_not_guessed_between() -> None:
    assert mapped(("Column 1", ADDRESSES), ("Column 2", ADDRESSES)) == [("", "none"), ("", "none")]


def test_a_column_that_the_editor_left_out_stays_out() -> None:
    found = map_columns(BY_NAME["sources"], [""], Choices(columns={"A": ""}), samples={0: ADDRESSES})
    assert found.matches[0].column == ""


@pytest.mark.parametrize(
    ("sheet", "header", "column"),
    [
        ("claims", "Statment", "statement"),
        ("sources", "Publsher", "publisher"),
        ("sources", "Editor", ""),
        ("sources", "Archived", ""),
        ("sources", "Archive date", ""),
        ("claims", "Attributed", ""),
        ("claims", "Date added", ""),
        ("claims", "Author's note", ""),
        ("claims", "Rating count", ""),
        ("sources", "Source of funding", ""),
        ("claims", "ID of reviewer", ""),
        ("sources", "url of image", ""),
        ("claims", "type of error", ""),
        ("agents", "Language family", ""),
        ("sources", "Number of authors", ""),
        ("agents", "Title of person", ""),
    ],
)
def test_a_slip_of_the_pen_is_recognised_and_another_word_is_not(
    sheet: str, header: str, column: str
) -> None:
    assert recognised(header, BY_NAME[sheet]).column == column
