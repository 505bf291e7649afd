"""Rebuttals: what is asked of them, and what they may answer."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kb.models import (
    Claim,
    Rebuttal,
)
from tests.support.samples import NOON, sample, saved

pytestmark = pytest.mark.django_db


def told(row) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        row.clean()
    return caught.value.message_dict


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


def test_it_is_called_by_what_it_says():
    assert str(saved(Rebuttal)) == "Rebuttal of “Claim 0.”"
