"""Whatever the database holds, what is exported and imported again changes nothing; one cell edited, one field."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb.models import Claim
from kb.spreadsheets.choices import Choices
from kb.spreadsheets.flow import plan_file, read_workbook
from kb.spreadsheets.reading import Workbook
from kb.spreadsheets.writing import tables, write
from sources.models import Agent
from tests.kb import records
from tests.spreadsheets.sheets import changes, everything, imported, outcomes, table

pytestmark = pytest.mark.django_db
ENDINGS = ("xlsx", "ods", "json", "zip")
#: Texts that look like what a cell says instead of a text, like formulas, lists, escapes and other scripts.
ODD = [
    "-", "\\-", "\\\\-", " - ", "file:a.txt", "file:", "\\file:a.txt", ";", "\\;", "a; b", "\\", "\\ ", " a ",
    "\u00a0a\u00a0", "=1+1", "+1", "-1", "@x", "\t=1", "＝1", "==1", "_x000D_", "_x005F_", "\r", "a\r\nb", "a\nb",
    "\x0b", "'", "\"", "0012", "1E5", "TRUE", "1945-08-09", "択捉島", "Итуруп", "쿠릴 열도", "مرحبا", "\u202eabc",
    "\ufeff", "#N/A", "None", "null",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60),
    st.lists(st.sampled_from([*"\\;-=_ x'\"\n", "file:"]), min_size=1, max_size=8).map("".join),
)


@contextmanager
def unkept() -> Iterator[None]:
    """What is written within is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def exported(ending: str) -> Workbook:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"desk.{ending}"
        return read_workbook(write(out, tables()).path)


def check(texts: list[tuple[str, str]], ending: str) -> None:
    """Records with these names and notes, exported and planned again."""
    with unkept():
        records.topic("islands")
        for n, (name, note) in enumerate(texts):
            records.agent(f"reader-{n}", name=name, note=note, native_name=note)
            claim = records.claim(f"said-{n}", statement=name, note=note)
            source = records.source(f"editorial-{n}", title=note, note=name)
            records.appearance(claim, source, quote=note)
        made = plan_file(exported(ending), rights=everything())
        assert [(p.cell, p.value, p.message) for p in made.problems] == []
        assert changes(made) == []
        assert {outcome for sheet in made.sheets for outcome in sheet.outcomes.values()} == {"unchanged"}
        rows = {sheet.target: len(sheet.outcomes) for sheet in made.sheets}
        assert [rows[name] for name in ("agents", "claims", "sources", "appearances")] == [len(texts)] * 4


@pytest.mark.parametrize("ending", ENDINGS)
def test_odd_texts_come_back_as_they_are(ending: str) -> None:
    check([(text, text) for text in ODD], ending)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=TEXTS, note=TEXTS, ending=st.sampled_from(ENDINGS))
@example(name="\\", note="- ", ending="xlsx")
def test_any_text_comes_back_as_it_is(name: str, note: str, ending: str) -> None:
    check([(name, note)], ending)


def test_a_cell_that_clears_clears_and_a_text_of_the_same_letters_does_not() -> None:
    records.agent("a", name="A", note="Something.")
    records.agent("b", name="B", note="Something.")
    records.agent("c", name="C", note="Something.")
    imported(table("agents", "key note", ["a", "-"], ["b", "\\-"], ["c", " - "]))
    assert dict(Agent.objects.values_list("key", "note")) == {"a": "", "b": "-", "c": ""}


def test_a_value_said_for_theirs_may_clear() -> None:
    records.agent("a", name="A", note="Something.")
    choices = Choices(values={"note": {"nil": "-"}})
    imported(table("agents", "key note", ["a", "nil"], choices=choices))
    assert Agent.objects.get().note == ""


@pytest.mark.parametrize("ending", ENDINGS)
def test_one_cell_edited_is_one_field_changed(ending: str) -> None:
    records.full(2)
    claim = Claim.objects.order_by("pk").first()
    assert claim is not None
    before = claim.note
    claim.note = "Edited at the desk."
    claim.save()
    book = exported(ending)
    claim.note = before
    claim.save()
    made = plan_file(book, rights=everything())
    assert [(column, old, new) for column, _, old, new in changes(made)] == [
        ("note", before, "Edited at the desk.")
    ]
    assert sum(counts.get("changed", 0) for counts in outcomes(made).values()) == 1
