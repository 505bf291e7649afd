"""Spreadsheets after a merge: the old key still means the record, and what is exported comes back unchanged."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from kb.merging.carrying_out import merge
from kb.merging.planning import plan_merge
from kb.models import Claim, Topic
from kb.spreadsheets.choices import Choices
from kb.spreadsheets.flow import plan_file, read_workbook
from kb.spreadsheets.undoing import undo
from kb.spreadsheets.writing import tables, write
from sources.models import Agent
from tests.kb import records
from tests.merging.worlds import World, somebody
from tests.spreadsheets.sheets import everything, imported, outcomes, planned, said, table

pytestmark = pytest.mark.django_db


def islands() -> Topic:
    kept, merged = records.topic("islands"), records.topic("isles")
    merge(kept, merged, by=somebody(), why="One subject")
    return kept


def test_a_reference_by_the_old_key_means_the_kept_record() -> None:
    kept = islands()
    imported(table("claims", "key statement kind topics", ["new", "A statement.", "other", "isles"]))
    assert list(Claim.objects.get(key="new").topics.all()) == [kept]


def test_over_several_merges() -> None:
    last = records.topic("archipelagos")
    merge(last, islands(), by=somebody(), why="One subject")
    imported(table("claims", "key statement kind topics", ["new", "A statement.", "other", "isles"]))
    assert list(Claim.objects.get(key="new").topics.all()) == [last]


def test_a_row_of_the_old_key_is_refused_and_says_which_key_is_right() -> None:
    islands()
    made = planned(table("topics", "key name", ["isles", "Isles"], ["straits", "Straits"]))
    assert said(made) == [
        (
            "topics!A2",
            "isles",
            "“isles” was merged into “islands”. Write that key, or leave the row out.",
        )
    ]
    assert outcomes(made) == {"topics": {"created": 1, "refused": 1}}


def test_a_name_whose_key_it_was_makes_no_new_record() -> None:
    kept, merged = records.agent("japan"), records.agent("nippon", name="Nippon koku")
    merge(kept, merged, by=somebody(), why="One state")
    source = ["book", "Book", "book", "nippon"]
    imported(
        table("sources", "key title type authors", source, choices=Choices(create=frozenset({"agents"})))
    )
    assert list(Agent.objects.values_list("key", flat=True)) == ["japan"]
    assert [c.agent for c in kept.contributions.all()] == [kept]


@pytest.mark.parametrize("kind", ["agent", "place", "source", "claim", "event", "topic"])
def test_what_is_exported_after_a_merge_comes_back_with_no_change(kind: str) -> None:
    world = World(4)
    pairs = [(a, b) for a in world.made[kind] for b in world.made[kind] if a.pk != b.pk]
    kept, merged = next(pair for pair in pairs if not plan_merge(*pair).obstacles)
    merge(kept, merged, by=somebody(), why="One")
    with tempfile.TemporaryDirectory() as folder:
        book = read_workbook(write(Path(folder) / "desk.xlsx", tables()).path)
        made = plan_file(book, rights=everything())
    assert said(made) == []
    assert {name: counts for name, counts in outcomes(made).items() if set(counts) != {"unchanged"}} == {}


def test_an_import_whose_record_was_merged_is_undone_but_for_that() -> None:
    applied = imported(
        table("topics", "key name", ["islands", "Islands"], ["isles", "Isles"], ["sea", "Sea"])
    )
    kept, merged = Topic.objects.get(key="islands"), Topic.objects.get(key="isles")
    merge(kept, merged, by=somebody(), why="One subject")
    done = undo(applied.batch, rights=everything())
    assert {refusal.message for refusal in done.refused} == {
        f"“{merged.uid}” was deleted since it was imported.",
        "“islands” was changed since it was imported, and stays as it is.",
    }
    assert list(Topic.objects.values_list("key", flat=True)) == ["islands"]
