"""What is applied is what was planned, with its history and its record, all of it or none."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kb.models import (
    Appearance,
    Assessment,
    Claim,
    Event,
    Evidence,
    ImportBatch,
    ImportedRow,
    NamingPolicy,
    Place,
    PlaceName,
    PlaceStatus,
    Rebuttal,
    Review,
    StatedValue,
    Topic,
)
from kb.spreadsheets.applying import apply
from kb.spreadsheets.layout import BY_NAME, SHEETS
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.rows import rows
from sources.models import Agent, Contribution, Snapshot, Source
from tests.fixtures.case import load_undecided
from tests.kb import records
from tests.spreadsheets.sheets import everything, imported, outcomes, planned, said, table

pytestmark = pytest.mark.django_db


def canonical(*edited: tuple[str, str, str, str]) -> list[Any]:
    """The desk as a canonical workbook; `edited` are sheet, key, column and the cell's new text."""
    tables = []
    for sheet in SHEETS:
        names = list(sheet.by_name)
        found = []
        for row in rows(sheet):
            cells = list(row.cells)
            for name, key, column, text in edited:
                if (name, key) == (sheet.name, row.name):
                    cells[names.index(column)] = text
            found.append(cells)
        tables.append(table(sheet.name, names, *found))
    return tables


def everything_said() -> dict[str, list[tuple[str, ...]]]:
    return {sheet.name: sorted(row.cells for row in rows(sheet)) for sheet in SHEETS}


# --- the founding case ----------------------------------------------------------------------------------------------


def test_the_founding_case_imported_is_the_founding_case_loaded() -> None:
    load_undecided()
    loaded, sheets = everything_said(), canonical()
    assert {name: len(found) for name, found in loaded.items() if not found} == {"reviews": 0}
    anchors = sorted(Appearance.objects.values_list("uid", "anchor", "start", "end"))
    bounds = sorted(StatedValue.objects.values_list("uid", "earliest", "latest"))
    whens = sorted(Event.objects.values_list("key", "when_earliest", "when_latest"))
    empty_desk()

    done = imported(*sheets)

    assert said(done) == []
    assert everything_said() == loaded
    assert sorted(Appearance.objects.values_list("uid", "anchor", "start", "end")) == anchors
    assert sorted(StatedValue.objects.values_list("uid", "earliest", "latest")) == bounds
    assert sorted(Event.objects.values_list("key", "when_earliest", "when_latest")) == whens
    computed_as_the_models_do()
    unchanged = {name: {"unchanged": len(found)} if found else {} for name, found in loaded.items()}
    assert outcomes(planned(*canonical())) == unchanged


def computed_as_the_models_do() -> None:
    """Each computed column holds what its model would make of the others."""
    for model in (Source, PlaceName, PlaceStatus, Event, Appearance, StatedValue, Review, Snapshot):
        names = [f.attname for f in model._meta.local_concrete_fields]
        for record in model._base_manager.all():
            stored = {name: record.__dict__[name] for name in names}
            record.compute()
            assert {name: getattr(record, name) for name in names} == stored


def empty_desk() -> None:
    """Delete the desk's records again, the last first."""
    Event.objects.update(part_of=None)
    for model in (Rebuttal, Evidence, StatedValue, Appearance, Claim, Event, PlaceName, PlaceStatus):
        model._base_manager.all().delete()
    Place.objects.update(part_of=None)
    Source.objects.update(in_reply_to=None)
    for model in (Snapshot, Contribution, Place, Topic):
        model._base_manager.all().delete()
    NamingPolicy.objects.all().delete()
    Source.objects.all().delete()
    Agent.objects.all().delete()


EDITS = [
    ("agents", "japan", "native_name", "日本国"),
    ("sources", "hot-spring-diplomacy-editorial", "publisher", "-"),
    ("sources", "hot-spring-diplomacy-editorial", "derived_from", "gupta-lead-essay"),
    ("events", "germanys-defeat", "when", "1945-05-09"),
    ("claims", "putin-to-nagato-on-thursday", "topics", "-"),
    ("places", "japan", "wikidata", "-"),
    ("appearances", "r8xgmbs4ve96", "locator", "first line"),
    ("values", "2wvxmpeg39sp", "value", "2016-12-16"),
]


def test_one_cell_edited_is_one_field_changed() -> None:
    load_undecided()
    before = everything_said()
    for edit in EDITS:
        done = imported(*canonical(edit))
        assert said(done) == []
        after = everything_said()
        names = list(BY_NAME[edit[0]].by_name)
        assert _differing(before, after) == [(edit[0], names.index(edit[2]))]
        assert [n for n in done.counts if done.counts[n]["changed"] or done.counts[n]["created"]] == [edit[0]]
        before = after


def _differing(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> list[tuple[str, int]]:
    """The sheet and the place of every cell that is not what it was."""
    return [
        (name, place)
        for name in before
        for old, new in zip(before[name], after[name], strict=True)
        for place, (one, other) in enumerate(zip(old, new, strict=True))
        if one != other
    ]


# --- what is written ------------------------------------------------------------------------------------------------


def test_history_says_who_and_why() -> None:
    imported(table("claims", "key statement kind topics", ["c", "C.", "other", ""]))
    records.topic("a")
    imported(table("claims", "key statement topics", ["c", "C, changed.", "a"]))
    lines = Claim.history.order_by("history_id")  # type: ignore[attr-defined]
    assert [
        (h.history_type, h.statement, h.history_change_reason, h.history_user.username) for h in lines
    ] == [
        ("+", "C.", "Import of book.csv", "importer"),
        ("~", "C, changed.", "Import of book.csv", "importer"),
    ]
    assert [topic.topic.key for topic in lines[1].topics.all()] == ["a"]


def test_a_batch_records_every_row_with_what_it_takes_to_put_it_back() -> None:
    records.agent("a", name="A", note="old")
    records.agent("b", name="B")
    done = imported(
        table("agents", "key name note", ["a", "A", "new"], ["b", "B", ""], ["c", "C", ""], ["d", "", ""]),
        keep_good=True,
    )
    batch = ImportBatch.objects.get()
    assert batch == done.batch
    assert (batch.file_name, batch.applied_by.username) == ("book.csv", "importer")
    assert batch.counts == {"agents": {"created": 1, "changed": 1, "unchanged": 1, "refused": 1}}
    found = ImportedRow.objects.order_by("row").values_list(
        "row", "outcome", "uid", "before", "after", "revision", "message"
    )
    uids = dict(Agent.objects.values_list("key", "uid"))
    assert list(found) == [
        (
            2,
            "changed",
            uids["a"],
            {"fields": {"note": "old"}, "links": {}},
            {"fields": {"note": "new"}, "links": {}},
            2,
            "",
        ),
        (3, "unchanged", uids["b"], None, None, None, ""),
        (4, "created", uids["c"], None, None, 1, ""),
        (5, "refused", "", None, None, None, "B5: “name” is required, and empty."),
    ]


def test_all_or_nothing_is_nothing_where_a_row_is_refused() -> None:
    done = imported(table("agents", "key name", ["a", "A"], ["b", ""]))
    assert (done.batch, Agent.objects.count(), ImportBatch.objects.count()) == (None, 0, 0)


def test_the_same_file_twice_changes_nothing_the_second_time() -> None:
    records.source()
    header = ["claim", "kind", "source", "quote", "locator"]
    sheet = table(
        "claims",
        header,
        ["It fell.", "other", "editorial", "fell", "p. 1"],
        ["It rose.", "other", "", "", ""],
    )
    assert imported(sheet).counts["claims"]["created"] == 2
    again = imported(sheet)
    assert (again.batch, again.counts["claims"]) == (
        None,
        {"created": 0, "changed": 0, "unchanged": 2, "refused": 0},
    )


@pytest.mark.parametrize(
    ("target", "header", "row"),
    [
        ("appearances", "claim source quote claimants", ["c", "editorial", "words", "a; b"]),
        (
            "place_names",
            "place text language used_by",
            ["p", "Iturup", "ru-Latn", "agent:a; source:editorial"],
        ),
    ],
)
def test_a_part_with_a_list_and_without_a_uid_is_known_again(
    target: str, header: str, row: list[str]
) -> None:
    records.claim("c")
    records.source("editorial")
    records.place("p")
    for key in ("a", "b"):
        records.agent(key)
    assert imported(table(target, header, row)).counts[target]["created"] == 1
    again = imported(table(target, header, row))
    assert (again.counts[target], again.problems) == (
        {"created": 0, "changed": 0, "unchanged": 1, "refused": 0},
        [],
    )
    shorter = [*row[:-1], "agent:a" if target == "place_names" else "a"]
    assert imported(table(target, header, shorter)).counts[target]["changed"] == 1
    assert imported(table(target, header, row)).counts[target]["changed"] == 1


def test_a_claim_comes_with_its_first_appearance_value_and_review() -> None:
    records.source()
    records.event()
    records.agent("lupa", name="Lupa")
    header = ["key", "statement", "kind", "source", "quote", "about", "attribute", "value"]
    header += ["reviewer", "rating_text", "reviewed", "proposed_rating", "rationale"]
    row = ["c", "C.", "event-date", "editorial", "words", "landing", "began", "18 August 1945", "Lupa", "Falso", "2020",
           "inaccurate", "It began later."]  # fmt: skip
    imported(table("claims", header, row))
    claim = Claim.objects.get()
    assert claim.appearances.get().quote == "words"
    value = claim.values.get()
    assert (value.edtf, value.event.key, value.attribute.key) == ("1945-08-18", "landing", "began")
    assert value.earliest == StatedValue(edtf="1945-08-18").span().earliest  # type: ignore[union-attr]
    assert (claim.reviews.get().rating_text, claim.reviews.get().when) == ("Falso", "2020")
    proposal = claim.assessments.get()
    assert (proposal.rating, proposal.confirmed_at, proposal.proposed_by.username) == (
        "inaccurate",
        None,
        "importer",
    )
    assert proposal.judged_revision == claim.revision == 1
    assert imported(table("claims", header, row)).batch is None


def test_the_quote_of_a_first_appearance_can_be_edited() -> None:
    records.appearance(records.claim("c"), records.source(), quote="old words")
    imported(table("claims", "key source quote", ["c", "editorial", "new words"]))
    assert Appearance.objects.get().quote == "new words"


def test_a_rebuttal_arrives_as_received() -> None:
    records.claim("c")
    imported(table("rebuttals", "key claim scope text", ["r", "c", "date", "It was later."]))
    rebuttal = Rebuttal.objects.get()
    assert (rebuttal.decision, rebuttal.submitted_by.username) == ("received", "importer")
    assert rebuttal.received_at is not None


def test_authors_are_kept_in_their_order() -> None:
    for key in ("a", "b", "c"):
        records.agent(key)
    imported(table("sources", "key type title authors", ["s", "book", "S", "b; a"]))
    assert list(Contribution.objects.order_by("order").values_list("agent__key", flat=True)) == ["b", "a"]
    imported(table("sources", "key authors", ["s", "a; c"]))
    assert list(Contribution.objects.order_by("order").values_list("agent__key", "role")) == [
        ("a", "author"),
        ("c", "author"),
    ]
    assert imported(table("sources", "key authors", ["s", "a; c"])).batch is None


def test_a_text_becomes_a_snapshot_and_another_text_another() -> None:
    header = "key type title text text_rights"
    imported(table("sources", header, ["s", "book", "S", "The text.", "public"]))
    assert imported(table("sources", header, ["s", "book", "S", "The text.", "public"])).batch is None
    imported(table("sources", header, ["s", "book", "S", "The text, corrected.", "private"]))
    assert list(Snapshot.objects.order_by("pk").values_list("text", "rights")) == [
        ("The text.", "public"),
        ("The text, corrected.", "private"),
    ]
    for snapshot in Snapshot.objects.all():
        stored = snapshot.sha256
        snapshot.compute()
        assert stored == snapshot.sha256


def test_dates_that_lean_on_an_event_settled_in_the_same_file_have_their_bounds() -> None:
    records.claim("c")
    imported(
        table(
            "events", "key title when", ["surrender", "Surrender", "1945-09-02"], ["landing", "Landing", ""]
        ),
        table(
            "values",
            "claim about attribute value relative_to",
            ["c", "event:landing", "began", "", "before event:surrender"],
        ),
    )
    value = StatedValue.objects.get()
    stored = (value.earliest, value.latest)
    value.compute()
    assert stored == (value.earliest, value.latest)
    assert value.latest is not None
    imported(table("events", "key when", ["surrender", "1945-08-15"]))
    value.refresh_from_db()
    assert value.latest < stored[1]  # type: ignore[operator]


def test_every_part_counts_as_a_change_of_its_root() -> None:
    claim = records.claim("c")
    records.source()
    imported(table("appearances", "claim source quote", ["c", "editorial", "words"]))
    before = claim.revision
    assert claim.refresh_revision() > before


# --- what has changed since -----------------------------------------------------------------------------------------


def test_a_row_changed_since_it_was_planned_is_refused_by_name() -> None:
    records.agent("a", name="A")
    records.agent("b", name="B")
    plan = planned(table("agents", "key name", ["a", "A2"], ["b", "B2"]))
    Agent.objects.filter(key="a").update(name="Somebody's edit")
    done = apply(plan, rights=everything(), keep_good=True)
    assert said(done) == [
        (
            "agents!A2",
            "a",
            "“a” was changed since this was planned. Look at it as it is now, and plan the row again.",
        )
    ]
    assert dict(Agent.objects.values_list("key", "name")) == {"a": "Somebody's edit", "b": "B2"}


def test_a_part_whose_root_was_changed_since_is_refused() -> None:
    claim = records.claim("c")
    records.source()
    plan = planned(table("appearances", "claim source quote", ["c", "editorial", "words"]))
    Claim.objects.filter(pk=claim.pk).update(note="An edit.")
    assert apply(plan, rights=everything()).batch is None
    assert Appearance.objects.count() == 0


def test_a_key_taken_since_is_refused() -> None:
    plan = planned(table("agents", "key name", ["a", "A"]))
    records.agent("a")
    assert [m for _, _, m in said(apply(plan, rights=everything()))] == [
        "“a” was made by somebody else since this was planned. Plan the row again."
    ]


def test_a_record_referred_to_and_deleted_since_is_refused() -> None:
    topic = records.topic("t")
    plan = planned(table("claims", "key statement kind topics", ["c", "C.", "other", "t"]))
    topic.delete()
    assert [m for _, _, m in said(apply(plan, rights=everything()))] == [
        "It refers to a topic that was deleted since this was planned. Plan the row again."
    ]
    assert Claim.objects.count() == 0


def test_a_plan_is_applied_once() -> None:
    plan = planned(table("agents", "key name", ["a", "A"]))
    assert apply(plan, rights=everything()).batch is not None
    assert apply(plan, rights=everything()).batch is None
    assert Agent.objects.count() == 1


def test_somebody_elses_plan_is_not_applied() -> None:
    plan = planned(table("agents", "key name", ["a", "A"]))
    with pytest.raises(PermissionDenied, match="made by somebody else"):
        apply(plan, rights=Rights(records.account("editor", "Editor")))


def test_an_assessed_claim_is_marked_for_another_look() -> None:
    claim = records.claim("c")
    records.appearance(claim, records.source(), quote="words")
    Assessment.objects.create(
        claim=claim,
        rating="accurate",
        rationale="So.",
        confirmed_by=everything().user,
        confirmed_at=timezone.now(),
    )
    imported(table("claims", "key source quote", ["c", "editorial", "other words"]))
    claim.refresh_from_db()
    assert claim.stale_reason == "quote"


@pytest.mark.django_db
def test_an_import_brings_its_conflicts_and_takes_them_with_it() -> None:
    from kb.models import Conflict
    from kb.spreadsheets.undoing import undo

    records.event("surrender", when="1945-08-15")
    records.event("landing")
    done = imported(
        table("claims", "key statement kind", ["a", "Before it.", "event-date"], ["b", "After it.", "event-date"]),
        table("values", "claim about attribute value relative_to",
              ["a", "event:landing", "occurred", "", "before event:surrender"],
              ["b", "event:landing", "occurred", "1945-08-18", ""]),
    )  # fmt: skip
    assert done.problems == []
    assert [c.one.claim.key for c in Conflict.objects.all()] == ["a"]
    later = imported(table("events", "key when", ["surrender", "1945-09-02"]))
    assert not Conflict.objects.exists()
    assert later.batch is not None
    assert done.batch is not None
    undo(later.batch, rights=everything())
    assert Conflict.objects.count() == 1
    undo(done.batch, rights=everything())
    assert not Conflict.objects.exists()
