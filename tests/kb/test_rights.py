"""The whole matrix of docs/rights.md, role × action × state: each cell tried for real, by function and at its page."""

from __future__ import annotations

import inspect
from copy import deepcopy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from kb import accounts, assigning, publishing, triage, workflow
from kb.merging import carrying_out, undoing
from tests.kb import matrix, matrix_merging
from tests.kb.matrix import (
    DOCUMENT,
    NO,
    NO_PAGE,
    ROLES,
    RULE,
    YES,
    Action,
    AsksWhoIAm,
    Case,
    Nobody,
    table,
)
from tests.support.database import taken_back

STATES = {**matrix.STATES, **matrix_merging.STATES}
ACTIONS = {**matrix.ACTIONS, **matrix_merging.ACTIONS}
ROWS = list(table(DOCUMENT.read_text(encoding="utf-8")))
#: The modules whose functions write what the desk decides.
DECIDING = (workflow, triage, publishing, assigning, accounts, carrying_out, undoing)
#: Functions of theirs that take somebody and only answer a question.
QUESTIONS = {
    workflow.why_not_decide,
    publishing.obstacles,
    accounts.may_manage,
    accounts.must_manage,
    accounts.roles_to_give,
    accounts.above,
}


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "state", "expected"), [pytest.param(*row, id=f"{row[0]}, {row[1]}") for row in ROWS]
)
def test_it_is_as_the_table_says(action: str, state: str, expected: dict[str, str]) -> None:
    colleague = User.objects.create_superuser("colleague")
    try:
        with transaction.atomic():
            same_for_all = STATES[state](Nobody(colleague))
    except AsksWhoIAm:
        same_for_all = None
    found: dict[str, Any] = {}
    for role in ROLES:
        with taken_back():
            case = Case(role, colleague)
            record = deepcopy(same_for_all) if same_for_all else STATES[state](case)
            answers = tried(ACTIONS[action], case, record)
        # One word where the page and the function agree, as they should.
        found[role] = set(answers.values()).pop() if len(set(answers.values())) == 1 else answers
    assert found == expected


def tried(act: Action, case: Case, record: Any) -> dict[str, str]:
    """What the function and the page answer; each finds the state as it was."""
    found: dict[str, str] = {}
    if act.page is not None:
        with taken_back():
            page = act.page(case, deepcopy(record))
        found |= {} if page == NO_PAGE else {"page": page}
    if act.function is not None:
        found["function"] = act.by_function(case, record)
    return found


def test_each_row_names_an_action_and_a_state_that_are_tried() -> None:
    assert [
        (action, state) for action, state, _ in ROWS if action not in ACTIONS or state not in STATES
    ] == []


def test_each_action_and_each_state_has_a_row() -> None:
    assert set(ACTIONS) - {action for action, _, _ in ROWS} == set()
    assert set(STATES) - {state for _, state, _ in ROWS} == set()


def test_no_row_stands_twice_and_each_answer_is_one_of_three() -> None:
    named = [(action, state) for action, state, _ in ROWS]
    assert len(named) == len(set(named))
    assert {answer for _, _, answers in ROWS for answer in answers.values()} <= {YES, NO, RULE}


def test_each_function_that_decides_has_a_row() -> None:
    tried = {function for action, _, _ in ROWS for function in ACTIONS[action].covers}
    assert [f"{one.__module__}.{one.__name__}" for one in _acts() if one not in tried | QUESTIONS] == []


def _acts() -> list[Any]:
    """The functions of the deciding modules that are done by somebody."""
    return [
        one
        for module in DECIDING
        for name, one in inspect.getmembers(module, inspect.isfunction)
        if one.__module__ == module.__name__
        and not name.startswith("_")
        and "by" in inspect.signature(one).parameters
    ]


def test_a_table_that_lacks_a_cell_is_no_table() -> None:
    heading = f"| action | state | {' | '.join(ROLES)} |"
    whole = f"{heading}\n|{'---|' * 10}\n| add | any |{' yes |' * 8}\n\n| add | another |{' yes |' * 8}"
    assert list(table(whole)) == [("add", "any", dict.fromkeys(ROLES, YES))]
    with pytest.raises(ValueError, match="has 9 cells and not 10"):
        list(table(f"{heading}\n| add | any |{' yes |' * 7}"))
