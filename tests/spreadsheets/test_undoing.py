"""Undo puts every row of a batch back, and loses nobody's later work."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from kb.book import writing
from kb.models import Appearance, Attribute, Claim, Event, Evidence, ImportBatch, Place, StatedValue
from kb.settings import BASE_DIR
from kb.spreadsheets.applying import apply
from kb.spreadsheets.flow import plan_file, read_workbook
from kb.spreadsheets.layout import SHEETS
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.rows import rows
from kb.spreadsheets.undoing import NotUndone, undo
from sources.models import Agent, Contribution, Source
from tests.kb import records
from tests.spreadsheets.sheets import everything, imported, table

pytestmark = pytest.mark.django_db


def everything_said() -> dict[str, list[tuple[str, ...]]]:
    return {sheet.name: sorted(row.cells for row in rows(sheet)) for sheet in SHEETS}


def test_a_batch_of_every_kind_is_put_back_as_it_was() -> None:
    records.full(3)
    before = everything_said()
    done = imported(
        table("agents", "key name", ["new", "New"], ["agent-3-0", "Renamed"]),
        table("topics", "key name", ["new-topic", "New"]),
        table("sources", "key type title authors text derived_from", ["new-source", "book", "New", "new", "Text.", ""],
              ["work-3-0", "", "", "agent-3-2; new", "", "new-source"]),
        table("places", "key kind part_of latitude longitude", ["new-place", "island", "place-3", "1", "2"],
              ["place-3", "city", "", "44.5", "147"]),
        table("events", "key title when places", ["new-event", "New", "1945", "new-place"],
              ["event-3", "", "1944", "-"]),
        table("claims", "key statement kind topics source quote",
              ["new-claim", "New.", "other", "new-topic", "work-3-1", "q"],
              ["claim-3", "Changed.", "", "new-topic", "", ""]),
        table("appearances", "claim source quote claimants", ["claim-3", "new-source", "words", "new"]),
        table("evidence", "claim source relation", ["claim-3", "new-source", "supports"]),
    )  # fmt: skip
    assert done.problems == []
    assert everything_said() != before
    assert done.batch is not None

    undone = undo(done.batch, rights=everything())

    assert undone.refused == []
    assert everything_said() == before
    batch = ImportBatch.objects.get()
    assert batch.undone_by == everything().user
    assert Agent.history.filter(key="new").latest().history_type == "-"  # type: ignore[attr-defined]
    assert (
        Agent.history.filter(key="agent-3-0").latest().history_change_reason
        == "Undo of the import of book.csv"
    )  # type: ignore[attr-defined]


def test_the_founding_workbook_is_taken_back_whole() -> None:
    before = everything_said()
    workbook = read_workbook(BASE_DIR / "fixtures" / "hot_spring_diplomacy.xlsx")
    done = apply(plan_file(workbook, rights=everything()), rights=everything())
    assert done.batch is not None
    assert StatedValue.objects.filter(relative_to__isnull=False).exists()
    assert undo(done.batch, rights=everything()).refused == []
    assert everything_said() == before


def test_what_leans_on_a_settled_date_leans_on_the_old_one_again() -> None:
    event = records.event(when="1945-09-02")
    value = StatedValue.objects.create(
        claim=records.claim(),
        event=event,
        attribute=Attribute.objects.get(key="occurred"),
        relation="before",
        relative_to=event,
    )
    value.refresh_from_db()
    latest = value.latest
    done = imported(table("events", "key when", ["landing", "1945-08-15"]))
    value.refresh_from_db()
    assert value.latest != latest
    assert done.batch is not None
    undo(done.batch, rights=everything())
    value.refresh_from_db()
    assert (Event.objects.get().when, value.latest) == ("1945-09-02", latest)


def test_what_was_changed_since_stays_and_is_named() -> None:
    records.agent("a", name="A")
    done = imported(table("agents", "key name", ["a", "A2"], ["b", "B"], ["c", "C"]))
    Agent.objects.filter(key="a").update(note="Somebody's work.")
    Agent.objects.filter(key="b").update(note="Somebody's work.")
    assert done.batch is not None
    undone = undo(done.batch, rights=everything())
    assert [(r.sheet, r.row, r.message) for r in undone.refused] == [
        ("agents", 2, "“a” was changed since it was imported, and stays as it is."),
        ("agents", 3, "“b” was changed since it was imported, and stays as it is."),
    ]
    assert sorted(Agent.objects.values_list("key", "name")) == [("a", "A2"), ("b", "B")]


def test_what_is_referred_to_since_stays_with_all_it_rests_on() -> None:
    done = imported(
        table("agents", "key name", ["a", "A"]),
        table("sources", "key type title authors", ["s", "book", "S", "a"]),
    )
    records.appearance(records.claim(), Source.objects.get())
    assert done.batch is not None
    undone = undo(done.batch, rights=everything())
    contribution = Contribution.objects.get().uid
    assert [r.message for r in undone.refused] == [
        "“a” stays: a contribution refers to it.",
        "“s” stays: an appearance refers to it.",
        f"“{contribution}” stays: it belongs to “s”, which stays.",
    ]
    assert (Source.objects.count(), Agent.objects.count(), Contribution.objects.count()) == (1, 1, 1)


def test_what_was_published_since_stays() -> None:
    done = imported(table("topics", "key name", ["a", "A"]))
    publisher = records.account("publisher", "Publisher")
    from kb.models import Topic

    writing.release([Topic.objects.get()], by=publisher, why="First.")
    assert done.batch is not None
    undone = undo(done.batch, rights=everything())
    assert [r.message for r in undone.refused] == [
        "“a” is in the book since it was imported: withdraw it instead of deleting it. It stays."
    ]
    assert Topic.objects.count() == 1


def test_what_was_deleted_since_is_named_and_the_rest_goes() -> None:
    done = imported(table("agents", "key name", ["a", "A"], ["b", "B"]))
    Agent.objects.filter(key="a").delete()
    assert done.batch is not None
    undone = undo(done.batch, rights=everything())
    assert [r.row for r in undone.refused] == [2]
    assert Agent.objects.count() == 0


def test_a_batch_is_undone_once() -> None:
    done = imported(table("agents", "key name", ["a", "A"]))
    assert done.batch is not None
    undo(done.batch, rights=everything())
    with pytest.raises(NotUndone, match="already"):
        undo(done.batch, rights=everything())


def test_undoing_needs_a_right() -> None:
    done = imported(table("agents", "key name", ["a", "A"]))
    assert done.batch is not None
    with pytest.raises(PermissionDenied, match="Undoing an import needs a right that you do not have."):
        undo(done.batch, rights=Rights(records.account("contributor", "Contributor")))
    assert Agent.objects.count() == 1


def test_the_same_file_can_be_imported_again_after_undoing() -> None:
    sheet = table("claims", ["claim", "kind"], ["It fell.", "other"])
    for _ in range(2):
        done = imported(sheet)
        assert done.counts["claims"]["created"] == 1
        assert done.batch is not None
        undo(done.batch, rights=everything())
    assert (Claim.objects.count(), Appearance.objects.count(), Evidence.objects.count()) == (0, 0, 0)


def test_what_stayed_can_be_taken_back_once_nothing_stands_in_its_way() -> None:
    done = imported(
        table("agents", "key name", ["a", "A"], ["b", "B"]),
        table("sources", "key type title authors", ["s", "book", "S", "a"]),
    )
    batch = done.batch
    assert batch is not None
    appearance = records.appearance(records.claim(), Source.objects.get())
    first = undo(batch, rights=everything())
    assert (first.deleted, len(first.refused)) == (1, 3)
    again = undo(batch, rights=everything())
    assert (again.deleted, [r.message for r in again.refused]) == (0, [r.message for r in first.refused])
    appearance.delete()
    last = undo(batch, rights=everything())
    assert (last.deleted, last.refused) == (3, [])
    assert (Source.objects.count(), Agent.objects.filter(key__in=["a", "b"]).count()) == (0, 0)
    with pytest.raises(NotUndone, match="already"):
        undo(batch, rights=everything())


def test_a_part_that_stayed_goes_though_the_rest_of_its_record_was_put_back() -> None:
    claim, source = records.claim(), records.source()
    done = imported(
        table("claims", "key statement", [claim.key, "Changed."]),
        table("appearances", "claim source quote", [claim.key, source.key, "words"]),
    )
    appearance = Appearance.objects.get()
    leaning = records.appearance(records.claim("other"), source, derived_from=appearance)
    assert done.batch is not None
    first = undo(done.batch, rights=everything())
    assert (first.restored, [r.sheet for r in first.refused]) == (1, ["appearances"])
    Appearance.objects.filter(pk=leaning.pk).delete()
    assert undo(done.batch, rights=everything()).refused == []
    assert not Appearance.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["edited", "referred to", "published"])
def test_what_somebody_does_between_looking_and_taking_back_is_seen(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.models import Topic
    from kb.spreadsheets import undoing

    done = imported(table("topics", "key name", ["a", "A"], ["b", "B"]))
    topic, claim = Topic.objects.get(key="a"), records.claim()
    publisher = records.account("publisher", "Publisher")
    judged, times = undoing.judge, []

    def meanwhile(*args: object) -> None:
        judged(*args)  # type: ignore[arg-type]
        times.append(change)
        if len(times) == 1:
            if change == "edited":
                Topic.objects.filter(key="a").update(name="Somebody's")
            elif change == "referred to":
                claim.topics.add(topic)
            else:
                writing.release([topic], by=publisher, why="First.")

    monkeypatch.setattr(undoing, "judge", meanwhile)
    assert done.batch is not None
    undone = undo(done.batch, rights=everything())
    expected = {
        "edited": "“a” was changed since it was imported, and stays as it is.",
        "referred to": "“a” stays: a claim refers to it.",
        "published": "“a” is in the book since it was imported: withdraw it instead of deleting it. It stays.",
    }
    assert ([r.message for r in undone.refused], len(times)) == ([expected[change]], 2)
    assert list(Topic.objects.values_list("key", flat=True)) == ["a"]


@pytest.mark.parametrize("latest_first", [True, False])
def test_imports_that_touched_one_record_are_taken_back_the_latest_first(latest_first: bool) -> None:
    before = everything_said()
    first = imported(table("places", "key kind", ["isle", "island"], ["bay", "sea"]))
    second = imported(table("place_names", "place text language", ["isle", "Остров", "ru"]))
    third = imported(table("places", "key kind", ["isle", "archipelago"]))
    batches = [done.batch for done in (first, second, third)]
    if latest_first:
        for batch in reversed(batches):
            assert batch is not None
            assert undo(batch, rights=everything()).refused == []
        assert everything_said() == before
        return
    assert batches[0] is not None
    refused = undo(batches[0], rights=everything()).refused
    assert [r.message for r in refused] == ["“isle” was changed since it was imported, and stays as it is."]
    for batch in reversed(batches):
        assert batch is not None
        assert undo(batch, rights=everything()).refused == []
    assert everything_said() == before


def test_an_edit_between_two_imports_keeps_the_first_from_being_taken_back() -> None:
    first = imported(table("places", "key kind", ["isle", "island"]))
    Place.objects.filter(key="isle").update(note="Somebody's work.")
    second = imported(table("places", "key kind", ["isle", "city"]))
    for done, messages in (
        (second, []),
        (first, ["“isle” was changed since it was imported, and stays as it is."]),
    ):
        assert done.batch is not None
        assert [r.message for r in undo(done.batch, rights=everything()).refused] == messages
    assert Place.objects.get().kind == "island"


def test_a_later_import_of_which_something_stays_stands_between() -> None:
    first = imported(table("claims", "key statement kind", ["c", "It fell.", "other"]))
    source, claim = records.source(), Claim.objects.get()
    second = imported(
        table("claims", "key statement", ["c", "Changed."]),
        table("appearances", "claim source quote", ["c", source.key, "words"]),
    )
    leaning = records.appearance(records.claim("other"), source, derived_from=Appearance.objects.get())
    assert first.batch is not None
    assert second.batch is not None
    assert [r.sheet for r in undo(second.batch, rights=everything()).refused] == ["appearances"]
    assert [r.row for r in undo(first.batch, rights=everything()).refused] == [2]
    leaning.delete()
    assert undo(second.batch, rights=everything()).refused == []
    assert undo(first.batch, rights=everything()).refused == []
    assert not Claim.objects.filter(pk=claim.pk).exists()


def test_dates_computed_again_are_nobodys_work() -> None:
    records.event(when="1945-09-02")
    claims = imported(
        table("claims", "key statement kind", ["c", "It began.", "event-date"]),
        table("values", "claim about attribute relative_to", ["c", "landing", "began", "before event:landing"]),
    )  # fmt: skip
    assert claims.problems == []
    Event.objects.get().save()
    event = Event.objects.get()
    event.when = "1945-08-15"
    event.save()
    settled = imported(table("events", "key when", ["landing", "1945-08-20"]))
    for done in (settled, claims):
        assert done.batch is not None
        assert undo(done.batch, rights=everything()).refused == []
    assert not Claim.objects.exists()
