"""What readers are told cannot both hold: of published values alone, whatever is done at the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from kb import workflow
from kb.book import conflicts, reading, writing
from kb.book.models import PublicRuling, PublicValue, Release
from kb.models import Attribute, Claim, Conflict, Event, Place, StatedValue
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def states(key: str, about: Event | Place, attribute: str = "occurred", **fields: Any) -> Claim:
    """A claim that states one value."""
    claim = cases.said(key)
    subject = {"event" if isinstance(about, Event) else "place": about}
    StatedValue.objects.create(
        claim=claim,
        attribute=Attribute.objects.get(key=attribute),
        appearance=claim.appearances.get(),
        **subject,
        **fields,
    )
    return claim


def with_sources(*claims: Claim) -> list[Any]:
    return [*claims, *(row.source for claim in claims for row in claim.appearances.select_related("source"))]


def out(*claims: Claim) -> writing.Outcome:
    return published.publish(*with_sources(*claims))


def found(claim: Claim) -> list[tuple[str, tuple[str, ...], str]]:
    """Attribute, the keys of the other claims and the ruling of each conflict on a claim's page."""
    page = reading.get("claim", claim.key)
    labels = reading.labels(row.record_id for row in PublicValue.objects.all())
    return [
        (question.attribute["label"], tuple(labels[uid].key for uid in pair.other.claims), pair.verdict)
        for question in conflicts.of_claim(page.document)
        for pair in question.pairs
    ]


@pytest.fixture
def event() -> Event:
    made = records.event("landing", when="1945-08-18")
    published.publish(made)
    return made


def test_both_sides_have_to_be_published(event):
    one, other = states("one", event, edtf="1945-08-08"), states("other", event, edtf="1945-08-09")
    out(one)
    assert found(one) == []
    assert conflicts.of_subject(event.uid) == []
    out(other)
    assert found(one) == [("took place", ("other",), "")]
    assert [len(question.pairs) for question in conflicts.of_subject(event.uid)] == [1]
    published.withdraw(other)
    assert (found(one), conflicts.of_subject(event.uid)) == ([], [])
    out(other)
    assert found(one) == [("took place", ("other",), "")]


def test_an_edit_at_the_desk_changes_nothing_until_it_is_published(event):
    one, other = states("one", event, edtf="1945-08-08"), states("other", event, edtf="1945-08-09")
    out(one, other)
    other.values.get().delete()
    assert found(one) == [("took place", ("other",), "")]
    out(Claim.objects.get(pk=other.pk))
    assert found(one) == []


@pytest.mark.parametrize(
    ("attribute", "one", "other", "number"),
    [
        ("area", {"amount": 3139, "unit": "km2"}, {"amount": 1350, "unit": "square miles"}, 1),
        ("area", {"amount": 3139, "unit": "km2"}, {"amount": 1212, "unit": "square miles"}, 0),
        ("population", {"amount": 17291}, {"amount": 18000, "as_of": "1945"}, 0),
        ("count", {"amount": 300, "unit": "men"}, {"amount": 400}, 1),
        ("count", {"amount": 300, "unit": "men"}, {"amount": 400, "unit": "ships"}, 0),
        ("coordinates", {"latitude": "45.12", "longitude": 147}, {"latitude": "44.12", "longitude": 147}, 1),
        ("coordinates", {"latitude": "45.02", "longitude": 147}, {"latitude": "45.01", "longitude": 147}, 0),
        ("named", {"text": "Etorofu"}, {"text": "Iturup"}, 0),
        ("area", {"amount": 3139, "unit": "km2", "certainty": "uncertain"}, {"amount": 6, "unit": "km2"}, 0),
    ],
)
def test_values_of_every_kind_are_compared_as_at_the_desk(attribute, one, other, number):
    place = records.place()
    published.publish(place)
    claims = [states(key, place, attribute, **fields) for key, fields in (("one", one), ("other", other))]
    out(*claims)
    assert len(found(claims[0])) == len(found(claims[1])) == number == Conflict.objects.count()


def test_distances_from_where_readers_do_not_know_are_undetermined():
    place, far, near = records.place(), records.place("far"), records.place("near")
    published.publish(place)
    one = states("one", place, "distance", amount=9, unit="km", measured_from=far)
    other = states("other", place, "distance", amount=400, unit="km", measured_from=far)
    out(one, other)
    assert found(one) == []
    published.publish(far, near)
    out(one, other)
    assert found(one) == [("distance", ("other",), "")]


def test_what_leans_on_an_event_follows_that_event_as_published(event):
    surrender = records.event("surrender", when="1945-08-15")
    before = states("before", event, relation="before", relative_to=surrender)
    late = states("late", event, edtf="1945-08-18")
    out(before, late)
    assert found(late) == []  # on what readers do not see, it is undetermined
    published.publish(surrender)
    out(before)
    assert found(late) == [("took place", ("before",), "")]
    cases.edit(surrender, when="1945-09-02")
    assert found(late) == [("took place", ("before",), "")]
    published.publish(surrender)
    assert found(late) == []
    cases.edit(surrender, when="1945-08-15")
    published.publish(surrender)
    assert found(late) == [("took place", ("before",), "")]
    published.withdraw(surrender)
    assert found(late) == []


def test_the_zones_of_published_places_count(event):
    region = records.place("region", time_zone="Asia/Tokyo")
    island = records.place("island", part_of=region)
    event.places.add(island)
    one = states("one", event, edtf="1945-08-08T17:00Z")
    other = states("other", event, edtf="1945-08-08")
    out(one, other)
    published.publish(Event.objects.get(pk=event.pk))
    assert found(one) == []  # a day's difference hangs on a zone that is not known
    published.publish(island, region, Event.objects.get(pk=event.pk))
    published.publish(island)
    assert found(one) == [("took place", ("other",), "")]
    assert writing.rebuild_book() == []


def test_a_claim_is_not_held_against_itself(event):
    claim = states("one", event, edtf="1945-08-08")
    StatedValue.objects.create(
        claim=claim, event=event, attribute=Attribute.objects.get(key="occurred"), edtf="1945-08-09"
    )
    out(Claim.objects.get(pk=claim.pk))
    assert (found(claim), conflicts.of_subject(event.uid)) == ([], [])


def test_what_many_state_alike_is_one_answer(event):
    same = [states(f"same-{n}", event, edtf="1945-08-08") for n in range(3)]
    out(*same, states("other", event, edtf="1945-08-09"))
    (question,) = conflicts.of_subject(event.uid)
    assert sorted(len(answer.claims) for answer in question.answers) == [1, 3]
    assert (len(question.pairs), question.stated, question.compared) == (1, 4, 4)


def test_a_great_many_values_are_counted_and_the_first_compared(event, monkeypatch):
    monkeypatch.setattr(conflicts, "MOST_VALUES", 4)
    monkeypatch.setattr(conflicts, "MOST_ANSWERS", 3)
    claims = [states(f"claim-{day}", event, edtf=f"1945-08-0{day}") for day in range(1, 8)]
    out(*claims)
    (question,) = conflicts.of_subject(event.uid)
    assert (question.stated, question.compared, len(question.pairs)) == (7, 3, 3)
    (question,) = conflicts.of_claim(reading.get("claim", "claim-1").document)
    assert (question.stated, question.compared, len(question.pairs)) == (7, 5, 4)


# --- rulings --------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(event):
    return states("one", event, edtf="1945-08-08"), states("other", event, edtf="1945-08-09")


def rule(verdict: str = "date-basis", reason: str = "Two calendars.") -> Conflict:
    conflict = Conflict.objects.get()
    workflow.rule_conflict(conflict, verdict=verdict, reason=reason, by=published.publisher())
    return conflict


def rulings(claim: Claim) -> list[tuple[str, str]]:
    document = reading.get("claim", claim.key).document
    return [
        (ruling.verdict, ruling.reason)
        for question in conflicts.of_claim(document)
        for one in question.pairs
        for ruling in one.rulings
    ]


def test_a_ruling_goes_out_with_the_next_release_of_either_claim(pair):
    one, other = pair
    out(one, other)
    rule()
    assert (rulings(one), PublicRuling.objects.count()) == ([], 0)
    before = reading.release_number()
    outcome = out(one)
    assert (outcome.published, outcome.rulings) == ([], 1)
    assert reading.release_number() == before + 1  # so that no page is taken for current that is older
    assert rulings(one) == rulings(other) == [("date-basis", "Two calendars.")]
    assert found(one) == [("took place", ("other",), "date-basis")]
    assert out(one, other).release is None


def test_a_ruling_with_a_claim_that_is_not_published_stays_at_the_desk(pair):
    one, other = pair
    rule(reason="CANARY")
    out(one)
    assert PublicRuling.objects.count() == 0
    assert not Release.objects.filter(acts__contains="CANARY").exists()
    out(other)
    assert rulings(one) == [("date-basis", "CANARY")]


def test_a_ruling_on_what_readers_do_not_see_yet_waits(pair):
    one, other = pair
    out(one, other)
    value = other.values.get()
    value.edtf = "1945-08-10"
    value.save()
    rule()
    assert out(one).rulings == 0
    assert rulings(one) == []
    assert out(Claim.objects.get(pk=other.pk)).rulings == 1
    assert rulings(one) == [("date-basis", "Two calendars.")]


def test_a_ruling_ends_when_a_value_is_published_otherwise(pair):
    one, other = pair
    rule()
    out(one, other)
    value = other.values.get()
    value.edtf = "1945-08-10"
    value.save()
    assert found(one) == [("took place", ("other",), "date-basis")]
    out(Claim.objects.get(pk=other.pk))
    assert found(one) == [("took place", ("other",), "")]


def test_the_last_ruling_counts_and_is_made_again_from_the_releases(pair):
    one, other = pair
    rule()
    out(one, other)
    conflict = rule("real", "One calendar after all.")
    assert writing.release_rulings([conflict], by=published.publisher(), why="Another look.").rulings == 1
    assert writing.release_rulings([conflict], by=published.publisher(), why="Again.").release is None
    assert rulings(one) == [("real", "One calendar after all.")]
    assert writing.rebuild_book() == []
    PublicRuling.objects.all().delete()
    assert writing.rebuild_book() == ["rulings on conflicts: 0 wrong or too many, 1 wrong or missing"]
    assert rulings(one) == [("real", "One calendar after all.")]


def test_a_ruling_alone_is_told_only_of_what_readers_see(pair):
    one, other = pair
    conflict = Conflict.objects.get()
    with pytest.raises(PermissionDenied):
        writing.release_rulings([conflict], by=records.account("e", "Editor"), why="x")
    with pytest.raises(writing.Blocked, match="Nobody has ruled on this yet"):
        writing.release_rulings([conflict], by=published.publisher(), why="x")
    rule()
    out(one)
    with pytest.raises(writing.Blocked, match="Readers do not see what “Statement of other.” states here"):
        writing.release_rulings([conflict], by=published.publisher(), why="x")
    out(other)
    value = other.values.get()
    value.edtf = "1945-08-10"
    value.save()
    conflict = rule("real")
    with pytest.raises(writing.Blocked, match="Readers see “Statement of other.” otherwise than the desk"):
        writing.release_rulings([conflict], by=published.publisher(), why="x")
    assert rulings(one) == [("date-basis", "Two calendars.")]


def test_a_ruling_on_two_says_nothing_of_a_third_that_says_the_same(pair, event):
    one, other = pair
    rule()
    out(one, other, states("third", event, edtf="1945-08-09"))
    assert found(one) == [("took place", ("other", "third"), "")] or found(one) == [
        ("took place", ("third", "other"), "")
    ]
    assert rulings(one) == [("date-basis", "Two calendars.")]


@pytest.mark.parametrize("read", ["of_claim", "of_subject"])
def test_queries_do_not_grow_with_the_values(event, read):
    def made(number: int) -> int:
        out(*(states(f"claim-{number}-{n}", event, edtf=f"194{number}-08-0{n + 1}") for n in range(number)))
        document = reading.get("claim", "claim-2-0").document
        return cases.queries(
            lambda: conflicts.of_claim(document) if read == "of_claim" else conflicts.of_subject(event.uid)
        )

    assert made(2) == made(7)


def test_a_value_that_goes_over_to_another_claim_is_of_both_until_the_first_is_published_again(event):
    one, other = states("one", event, edtf="1945-08-08"), states("other", event, edtf="1945-08-09")
    joined = cases.said("joined")
    out(one, other, joined)
    one.values.update(claim=joined, appearance=joined.appearances.get())
    out(Claim.objects.get(pk=joined.pk))
    assert sorted(row.record.key for row in PublicValue.objects.select_related("record")) == [
        "joined",
        "one",
        "other",
    ]
    assert found(joined) == [("took place", ("other",), "")]
    published.withdraw(one)
    assert found(other) == [("took place", ("joined",), "")]
    assert writing.rebuild_book() == []
