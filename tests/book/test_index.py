"""What the index takes from other records: the marks and dates of claims, the labels of places."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.book import index, reading, writing
from kb.book.models import NO_DATE, ClaimEntry, PlaceEntry
from kb.editorial.dates import DateSpan
from kb.models import Assessment, PlaceName, Rebuttal
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db

ASSESSED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(claim) -> ClaimEntry:
    return ClaimEntry.objects.select_related("record").get(record=claim.uid)


def marks(claim) -> dict[str, bool]:
    found = entry(claim)
    shown = {name: getattr(found, name) for name in ("stale", "challenged", "corrected")}
    assert {name: found.record.card[name] for name in shown} == shown
    return shown


def assess(claim, at=ASSESSED, rating="accurate"):
    by = records.account(f"editor-{Assessment.objects.count()}")
    Assessment.objects.create(
        claim=claim, rating=rating, rationale="So.", proposed_by=by, confirmed_by=by, confirmed_at=at
    )


def decide(rebuttal, decision, at=ASSESSED + timedelta(days=1)):
    Rebuttal.objects.filter(pk=rebuttal.pk).update(decision=decision, reason="So.", decided_at=at)


def first_minute(edtf: str) -> int:
    return DateSpan.parse(edtf).earliest


# --- marks ----------------------------------------------------------------------------------------------------


def test_a_claim_without_rebuttals_has_no_marks():
    assert marks(cases.out()) == {"stale": False, "challenged": False, "corrected": False}


@pytest.mark.parametrize(
    ("decision", "challenged"),
    [
        ("received", True),
        ("under-review", True),
        ("accepted", False),
        ("partly-accepted", False),
        ("rejected", False),
        ("duplicate", False),
        ("withdrawn", False),
    ],
)
def test_a_claim_is_challenged_while_a_published_rebuttal_of_it_is_open(decision, challenged):
    claim = cases.out()
    rebuttal = records.rebuttal(claim)
    if decision not in ("received", "under-review"):
        decide(rebuttal, decision)
    else:
        Rebuttal.objects.update(decision=decision)
    assert marks(claim)["challenged"] is False
    published.publish(rebuttal)
    assert marks(claim)["challenged"] is challenged
    published.withdraw(rebuttal)
    assert marks(claim)["challenged"] is False


def test_a_rebuttal_of_a_rebuttal_challenges_no_claim_and_makes_none_stale():
    claim = cases.said()
    assess(claim)
    first = records.rebuttal(claim)
    decide(first, "rejected")
    answer = records.rebuttal(claim, "answer", replies_to=first)
    published.publish(claim.appearances.get().source, claim, first, answer)
    assert marks(claim) == {"stale": False, "challenged": False, "corrected": False}
    decide(answer, "accepted")
    published.publish(answer)
    assert marks(claim) == {"stale": False, "challenged": False, "corrected": False}


def test_a_rebuttal_that_moves_to_another_claim_takes_its_mark_along():
    claim, other = cases.out(), cases.out("other")
    rebuttal = records.rebuttal(claim)
    published.publish(rebuttal)
    cases.edit(rebuttal, claim=other)
    published.publish(rebuttal)
    assert (marks(claim)["challenged"], marks(other)["challenged"]) == (False, True)
    assert writing.rebuild_book() == []


def test_a_claim_is_corrected_once_its_correction_is_in_the_ledger():
    claim, other = cases.out(), cases.out("other")
    published.publish(records.correction(claim))
    assert (marks(claim)["corrected"], marks(other)["corrected"]) == (True, False)


@pytest.mark.parametrize(
    ("decision", "days", "stale"),
    [
        ("accepted", 1, True),
        ("partly-accepted", 1, True),
        ("accepted", -1, False),
        ("rejected", 1, False),
        ("duplicate", 1, False),
    ],
)
def test_an_upheld_rebuttal_newer_than_the_assessment_makes_it_stale(decision, days, stale):
    claim = cases.said()
    assess(claim)
    rebuttal = records.rebuttal(claim)
    decide(rebuttal, decision, ASSESSED + timedelta(days=days))
    published.publish(claim.appearances.get().source, claim)
    assert marks(claim)["stale"] is False
    published.publish(rebuttal)
    assert marks(claim)["stale"] is stale


def test_assessed_again_after_the_rebuttal_it_is_not_stale():
    claim = cases.said()
    assess(claim)
    rebuttal = records.rebuttal(claim)
    decide(rebuttal, "accepted")
    published.publish(claim.appearances.get().source, claim, rebuttal)
    assert marks(claim)["stale"] is True
    assess(claim, ASSESSED + timedelta(days=2), "inaccurate")
    assert marks(claim)["stale"] is True
    published.publish(claim)
    assert (marks(claim)["stale"], entry(claim).rating) == (False, "inaccurate")


def test_a_claim_that_nobody_assessed_is_not_stale():
    claim = cases.out()
    rebuttal = records.rebuttal(claim)
    decide(rebuttal, "accepted")
    published.publish(rebuttal)
    assert marks(claim)["stale"] is False


def test_a_claim_marked_at_the_desk_is_stale_once_that_is_published():
    claim = cases.out()
    type(claim).objects.update(stale_since=ASSESSED, stale_reason="quote")
    assert marks(claim)["stale"] is False
    published.publish(claim)
    assert marks(claim)["stale"] is True


def test_publishing_a_claim_again_keeps_the_marks_that_rebuttals_gave_it():
    claim = cases.out()
    published.publish(records.rebuttal(claim), records.correction(claim))
    cases.edit(claim, statement="Said otherwise.")
    published.publish(claim)
    assert marks(claim) == {"stale": False, "challenged": True, "corrected": True}


# --- dates ----------------------------------------------------------------------------------------------------


def test_a_claim_sorts_by_the_first_date_of_its_events():
    claim = cases.said()
    landing, war = records.event(when="1945-08-18"), records.event("war", when="1945-08-09")
    claim.events.add(landing, war, records.event("undated"))
    published.publish(claim.appearances.get().source, landing, war, *claim.events.all(), claim)
    assert entry(claim).sort_date == first_minute("1945-08-09")


def test_without_a_dated_event_it_sorts_by_its_first_appearance():
    claim = cases.said(where=records.source("late", issued="2017"))
    records.appearance(claim, records.source("early", issued="2016-12-05"))
    records.appearance(claim, records.source("undated"))
    claim.events.add(records.event())
    published.publish(*(row.source for row in claim.appearances.all()), *claim.events.all(), claim)
    assert entry(claim).sort_date == first_minute("2016-12-05")


def test_without_any_date_it_sorts_last():
    claim = cases.out()
    assert entry(claim).sort_date == NO_DATE


def test_an_event_dated_anew_moves_its_claims_when_it_is_published():
    claim, event = cases.said(), records.event()
    claim.events.add(event)
    published.publish(claim.appearances.get().source, event, claim)
    cases.edit(event, when="1945-08-18")
    assert entry(claim).sort_date == NO_DATE
    published.publish(event)
    assert entry(claim).sort_date == first_minute("1945-08-18")
    assert [note.number for note in reading.history(claim.uid)] == [1]


def test_a_source_dated_anew_moves_its_claims_when_it_is_published():
    claim = cases.out()
    source = claim.appearances.get().source
    cases.edit(source, issued="2016")
    published.publish(source)
    assert entry(claim).sort_date == first_minute("2016")


@pytest.mark.parametrize(
    ("edtf", "minute"),
    [
        ("", 7),
        ("1945-08-18", first_minute("1945-08-18")),
        ("../1945-08-18", DateSpan.parse("../1945-08-18").latest),
        ("no date at all", 7),
    ],
)
def test_a_date_sorts_by_its_first_minute_or_its_last(edtf, minute):
    assert index.minute(edtf, none=7) == minute


# --- labels of places ------------------------------------------------------------------------------------------


@pytest.fixture
def parties():
    japan, russia = records.agent(), records.agent("russia")
    place = records.place()
    for text, party in (("Etorofu", japan), ("Iturup", russia)):
        PlaceName.objects.create(place=place, text=text, language="en").used_by.add(party)
    published.publish(japan, russia, place)
    return japan, russia, place


def label(place) -> tuple[str, str]:
    found = PlaceEntry.objects.select_related("record").get(record=place.uid)
    assert found.record.label == " / ".join(text for text, _ in found.record.card["parts"])
    return found.record.label, found.sort_label


def test_a_new_naming_policy_labels_and_sorts_every_place_again(parties):
    japan, russia, place = parties
    assert label(place) == ("Etorofu / Iturup", "etorofu / iturup")
    policy = records.naming_policy((russia, japan))
    published.publish(policy)
    assert label(place) == ("Iturup / Etorofu", "iturup / etorofu")
    assert [note.number for note in reading.history(place.uid)] == [1]


def test_without_the_policy_places_are_labelled_as_before_it(parties):
    japan, russia, place = parties
    policy = records.naming_policy((russia, japan))
    published.publish(policy)
    published.withdraw(policy)
    assert label(place) == ("Etorofu / Iturup", "etorofu / iturup")
    assert writing.rebuild_book() == []


def test_a_policy_and_a_place_in_one_release_agree(parties):
    japan, russia, place = parties
    cases.edit(place, note="An island.")
    published.publish(place, records.naming_policy((russia, japan)))
    assert label(place)[0] == "Iturup / Etorofu"


def test_labels_longer_than_their_column_are_cut(parties):
    japan, russia, place = parties
    agents = [records.agent(f"agent-{n}") for n in range(5)]
    for number, agent in enumerate(agents):
        name = PlaceName.objects.create(place=place, text=f"{number}" * 300, language="en")
        name.used_by.add(agent)
    published.publish(*agents, place)
    published.publish(records.naming_policy((russia, japan)))
    found = PlaceEntry.objects.select_related("record").get()
    assert (len(found.record.label), len(found.sort_label)) == (1000, 200)
    assert writing.rebuild_book() == []
