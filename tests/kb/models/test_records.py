"""Events, rebuttals, corrections, the desk, imports and conflicts: what is asked of them and refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kb.models import (
    Claim,
    Conflict,
    ConflictRuling,
    Correction,
    Delivery,
    Desk,
    Event,
    ImportBatch,
    ImportedRow,
    ImportProfile,
    NamingPolicy,
    NamingRule,
    Place,
    Rebuttal,
)
from sources.models import Agent
from tests.support.samples import NOON, sample, saved, user

pytestmark = pytest.mark.django_db


def told(row) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        row.clean()
    return caught.value.message_dict


def test_events_are_asked_for_by_place():
    place, event = saved(Place), saved(Event, 1)
    saved(Event, 2)
    event.places.add(place)
    assert list(Event.objects.at(place)) == [event]


def decided(number: int, decision: str) -> Rebuttal:
    return saved(Rebuttal, number, decision=decision, reason="Because.", decided_at=NOON)


def test_rebuttals_are_asked_for_by_decision():
    received, review = saved(Rebuttal, 1), saved(Rebuttal, 2, decision="under-review")
    accepted, partly = decided(3, "accepted"), decided(4, "partly-accepted")
    decided(5, "rejected")
    assert list(Rebuttal.objects.open()) == [received, review]
    assert list(Rebuttal.objects.upheld()) == [accepted, partly]


def test_a_rebuttal_answers_one_of_the_same_claim():
    first, other = saved(Rebuttal, 1), saved(Claim, 9)
    sample(Rebuttal, 2, claim=first.claim, replies_to=first).clean()
    assert told(sample(Rebuttal, 3, claim=other, replies_to=first)) == {
        "replies_to": ["The rebuttal it answers is about another claim."]
    }


def test_a_correction_comes_from_a_rebuttal_of_its_claim():
    rebuttal, other = saved(Rebuttal, 1), saved(Claim, 9)
    sample(Correction, 1, claim=rebuttal.claim, rebuttal=rebuttal).clean()
    assert told(sample(Correction, 2, claim=other, rebuttal=rebuttal)) == {
        "rebuttal": ["That rebuttal is about another claim."]
    }


def test_the_ledger_is_in_the_order_of_its_numbers():
    drafts = [saved(Correction, number) for number in (1, 2, 3)]
    for number, row in ((2, drafts[0]), (1, drafts[1])):
        Correction.objects.filter(pk=row.pk).update(number=number, published_at=NOON, hash=str(number) * 64)
    assert [row.number for row in Correction.objects.published()] == [1, 2]
    assert [str(row) for row in Correction.objects.published()] == ["Correction № 1", "Correction № 2"]
    assert str(drafts[2]) == "Draft of a correction: correction-3"


def test_deliveries_are_asked_for_while_pending():
    pending = saved(Delivery, 1)
    saved(Delivery, 2, outcome="declined")
    assert list(Delivery.objects.pending()) == [pending]
    assert str(pending) == "Draft of a correction: correction-0, to the publisher of Source 0"


def test_two_parties_have_one_rule_in_either_order():
    rule = saved(NamingRule, 1, place=None)
    rule.clean()
    for first, second in ((rule.first, rule.second), (rule.second, rule.first)):
        with pytest.raises(ValidationError, match="There is already a rule for these two parties."):
            NamingRule(policy=rule.policy, first=first, second=second).clean()
    NamingRule(policy=rule.policy, first=rule.first, second=saved(Agent, 44)).clean()
    NamingRule(policy=rule.policy, first=rule.first, second=rule.second, place=saved(Place)).clean()


def test_records_of_the_house_are_called_by_their_names():
    assert str(saved(Desk)) == "The desk 1"
    assert str(saved(NamingPolicy)) == "Naming policy"
    assert str(saved(NamingRule, 1, place=None)) == "everywhere: Agent 0 before Agent 2001"
    assert str(saved(Rebuttal)) == "Rebuttal of “Claim 0.”"
    assert str(saved(ImportBatch)) == "file-1.xlsx, 2026-01-02 12:00"
    assert str(saved(ImportedRow)) == "Claims row 2: created"
    assert str(saved(ImportProfile)) == "Profile 1"
    assert str(saved(Conflict)) == "They exclude each other, 1."
    assert str(saved(ConflictRuling)) == "a real conflict: Both are clear."


def test_the_profile_of_an_import_may_go_and_its_batches_stay():
    profile = saved(ImportProfile)
    saved(ImportBatch, profile=profile)
    profile.delete()
    assert ImportBatch.objects.get().profile is None


def test_deleting_a_batch_takes_its_rows():
    saved(ImportedRow)
    ImportBatch.objects.all().delete()
    assert not ImportedRow.objects.exists()


def test_a_user_who_decided_is_not_deleted():
    from django.db.models import ProtectedError

    saved(ImportBatch)
    with pytest.raises(ProtectedError):
        user().delete()
