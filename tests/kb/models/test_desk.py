"""The desk and the rules of its naming policy."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kb.models import (
    Desk,
    NamingPolicy,
    NamingRule,
    Place,
)
from sources.models import Agent
from tests.support.samples import saved

pytestmark = pytest.mark.django_db


def test_two_parties_have_one_rule_in_either_order():
    rule = saved(NamingRule, 1, place=None)
    rule.clean()
    for first, second in ((rule.first, rule.second), (rule.second, rule.first)):
        with pytest.raises(ValidationError, match="There is already a rule for these two parties."):
            NamingRule(policy=rule.policy, first=first, second=second).clean()
    NamingRule(policy=rule.policy, first=rule.first, second=saved(Agent, 44)).clean()
    NamingRule(policy=rule.policy, first=rule.first, second=rule.second, place=saved(Place)).clean()


def test_it_is_called_by_what_it_says():
    assert str(saved(Desk)) == "The desk 1"
    assert str(saved(NamingPolicy)) == "Naming policy"
    assert str(saved(NamingRule, 1, place=None)) == "everywhere: Agent 0 before Agent 2001"
