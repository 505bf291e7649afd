"""The preview of an import names the claims of the desk that say much the same as new ones."""

from __future__ import annotations

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.analysis import claim_index
from kb.spreadsheets import said_before as module
from kb.spreadsheets.said_before import said_before
from tests.kb import records
from tests.spreadsheets.sheets import planned, table

pytestmark = pytest.mark.django_db

OLD = "Soviet troops landed on Iturup on 28 August 1945."


def told(*statements: str) -> tuple[list[tuple[str, str, str]], list[str]]:
    rows = [[f"new-{number}", text, "event-date"] for number, text in enumerate(statements)]
    sheet = table("claims", "key statement kind", *rows)
    found, notes = said_before(planned(sheet), [sheet])
    return [(p.sheet, p.cell, p.message) for p in found], notes


def test_a_new_claim_that_says_much_the_same_is_told_at_its_cell() -> None:
    records.claim("old", statement=OLD)
    claim_index.catch_up()
    assert told("Bread is dear.", "Soviet troops landed on Iturup on 29 August 1945.") == (
        [
            (
                "claims",
                "B3",
                f"Much like this has been said: “{OLD}”, old (both say “soviet”, “troops”, “landed”; another figure: "
                "29 here, 28 there). Is it the same claim?",
            )
        ],
        [],
    )


def test_a_claim_that_is_there_is_not_told_of_itself() -> None:
    records.claim("new-0", statement=OLD)
    assert told("Soviet troops landed on Iturup on 29 August 1945.") == ([], [])


def test_nothing_is_told_where_nothing_was_said() -> None:
    assert told(OLD) == ([], [])


def test_what_was_left_out_for_time_or_number_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    records.claim("old", statement=OLD)
    sheet = table("claims", "key statement kind", *([f"new-{n}", OLD, "event-date"] for n in range(9)))
    ticking = count()
    monkeypatch.setattr(module, "SECONDS", 4)
    found, (note,) = said_before(planned(sheet), [sheet], clock=lambda: next(ticking))
    assert len(found) == 5
    assert note.startswith("The first 5 of 9 new claims were compared")
    monkeypatch.setattr(module, "TOLD", 2)
    found, (note,) = said_before(planned(sheet), [sheet])
    assert len(found) == 2
    assert note.startswith("The first 2 of 9 new claims were compared")


def test_queries_do_not_grow_with_the_rows() -> None:
    records.claim("old", statement=OLD)
    claim_index.catch_up()

    def queries(rows: int) -> int:
        sheet = table(
            "claims", "key statement kind", *([f"n-{n}", f"{OLD} {n}", "event-date"] for n in range(rows))
        )
        made = planned(sheet)
        with CaptureQueriesContext(connection) as captured:
            assert len(said_before(made, [sheet])[0]) == rows
        return len(captured)

    queries(1)
    assert queries(1) == queries(100)
