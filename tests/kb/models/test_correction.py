"""Corrections in the order of the ledger, and their deliveries."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kb.models import (
    Claim,
    Correction,
    Delivery,
    Rebuttal,
)
from tests.support.samples import NOON, sample, saved

pytestmark = pytest.mark.django_db


def told(row) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        row.clean()
    return caught.value.message_dict


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
