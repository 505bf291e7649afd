"""The preview of an import names texts that call a disputed place by one party's name alone, and refuses none."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.models import PlaceName
from kb.spreadsheets import foreseeing_names
from kb.spreadsheets.foreseeing_names import one_sided_names
from kb.spreadsheets.planning import Table
from tests.kb import records
from tests.spreadsheets.sheets import outcomes, planned, table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def islands() -> None:
    japan, russia = records.agent("japan"), records.agent("russia")
    for key, japanese, russian in (("iturup", "Etorofu", "Iturup"), ("kunashir", "Kunashiri", "Kunashir")):
        place = records.place(key)
        for text, language, user in ((japanese, "ja-Latn", japan), (russian, "ru-Latn", russia)):
            PlaceName.objects.create(place=place, text=text, language=language).used_by.add(user)


def warned(*tables: Table) -> list[tuple[str, str]]:
    made = planned(*tables)
    assert made.problems == []
    return [(f"{p.sheet}!{p.cell}", p.message.split(" is what ")[0]) for p in one_sided_names(made, tables)]


def test_each_is_told_at_its_cell() -> None:
    claims = table(
        "claims", "key statement note kind",
        ["a", "They landed on Etorofu.", "Not on Kunashir.", "other"],
        ["b", "They landed on Etorofu / Iturup.", "", "other"],
        ["c", "He wrote “Etorofu”.", "", "other"],
    )  # fmt: skip
    events = table("events", "key title", ["landing", "The landing on Iturup"])
    assert warned(claims, events) == [
        ("events!B2", "“Iturup”"),
        ("claims!B2", "“Etorofu”"),
        ("claims!C2", "“Kunashir”"),
    ]
    assert outcomes(planned(claims, events)) == {"claims": {"created": 3}, "events": {"created": 1}}


def test_what_stays_as_it_is_was_told_before() -> None:
    records.claim("a", statement="On Etorofu.", kind="other")
    assert warned(table("claims", "key statement kind", ["a", "On Etorofu.", "other"])) == []
    assert warned(table("claims", "key statement kind", ["a", "On Etorofu!", "other"])) == [
        ("claims!B2", "“Etorofu”")
    ]


def test_quotes_and_titles_of_sources_are_left_alone() -> None:
    records.source("book")
    records.claim("a")
    quotes = table("appearances", "claim source quote", ["a", "book", "Etorofu is ours"])
    sources = table("sources", "key title type", ["map", "A map of Etorofu", "map"])
    assert warned(quotes, sources) == []


def test_so_many_are_told_and_so_many_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = table("claims", "key statement kind", *([f"c-{n}", f"Etorofu {n}.", "other"] for n in range(6)))
    monkeypatch.setattr(foreseeing_names, "TOLD", 4)
    assert len(warned(claims)) == 4
    monkeypatch.setattr(foreseeing_names, "TEXTS", 2)
    assert len(warned(claims)) == 2


def test_queries_do_not_grow_with_the_rows() -> None:
    def queries(number: int) -> int:
        claims = table(
            "claims", "key statement kind", *([f"c-{n}", "On Etorofu.", "other"] for n in range(number))
        )
        made = planned(claims)
        with CaptureQueriesContext(connection) as captured:
            assert len(list(one_sided_names(made, [claims]))) == number
        return len(captured)

    assert queries(1) == queries(30)
