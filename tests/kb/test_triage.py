"""Triage of challenges: sorted, joined into cases, separated again, and decided as one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from kb import cases, triage, workflow
from kb.models import Claim, Correction, Rebuttal
from kb.workflow import WorkflowError
from tests.book.cases import again, said
from tests.kb import records

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return records.account("editor", "Editor")


@pytest.fixture
def claim() -> Claim:
    return said()


def received(claim: Claim, key: str, day: int, **fields: Any) -> Rebuttal:
    return records.rebuttal(claim, key, received_at=datetime(2026, 3, day, tzinfo=UTC), **fields)


def three(claim: Claim) -> list[Rebuttal]:
    """The second by its key came in first."""
    return [received(claim, key, day) for key, day in (("a", 2), ("b", 1), ("c", 3))]


def of(*given: Rebuttal) -> list[tuple[str, str, str | None]]:
    return [
        (one.key, one.decision, one.duplicate_of.key if one.duplicate_of else None) for one in again(*given)
    ]  # type: ignore[attr-defined]


# --- sorting --------------------------------------------------------------------------------------------------


def test_scope_and_mode_are_set_and_what_is_empty_stays(claim: Claim, editor: User) -> None:
    rows = three(claim)
    assert triage.sort(rows[:2], scope="figure", by=editor) == rows[:2]
    assert triage.sort(rows, mode="undercuts", by=editor) == rows
    assert [(row.scope, row.mode) for row in Rebuttal.objects.order_by("key")] == [
        ("figure", "undercuts"),
        ("figure", "undercuts"),
        ("date", "undercuts"),
    ]
    assert triage.sort(rows, mode="undercuts", by=editor) == []


@pytest.mark.parametrize("fields", [{"scope": "everything"}, {"mode": "shouts"}])
def test_only_what_is_in_the_vocabulary(claim: Claim, editor: User, fields: dict[str, str]) -> None:
    with pytest.raises(WorkflowError, match="It is one of"):
        triage.sort(three(claim), by=editor, **fields)


def test_what_was_decided_is_sorted_no_more(claim: Claim, editor: User) -> None:
    first, second, _ = three(claim)
    workflow.decide_rebuttal(second, decision="rejected", reason="No.", by=editor)
    with pytest.raises(WorkflowError, match="“b” has been decided: rejected"):
        triage.sort([first, second], scope="figure", by=editor)
    assert again(first)[0].scope == "date"  # type: ignore[attr-defined]


def test_a_counterclaim_is_noted_but_not_the_claim_itself(claim: Claim, editor: User) -> None:
    rebuttal, other = records.rebuttal(claim), said("other")
    triage.rely_on(rebuttal, other, by=editor)
    assert list(rebuttal.counterclaims.all()) == [other]
    with pytest.raises(WorkflowError, match="This is the claim that is challenged"):
        triage.rely_on(rebuttal, claim, by=editor)


@pytest.mark.parametrize(
    ("group", "allowed"),
    [
        ("Contributor", {"sort", "rely"}),
        ("Editor", {"sort", "rely", "join", "separate"}),
        ("Reader of everything", set()),
    ],
)
def test_each_is_for_those_who_have_the_right(claim: Claim, group: str, allowed: set[str]) -> None:
    by, rows, other = records.account("somebody", group), three(claim), said("other")
    acts = {
        "sort": lambda: triage.sort(rows, scope="figure", by=by),
        "rely": lambda: triage.rely_on(rows[0], other, by=by),
        "join": lambda: triage.join(rows, by=by),
        "separate": lambda: triage.separate(rows, by=by),
    }
    for name, act in acts.items():
        if name in allowed:
            act()
        else:
            with pytest.raises(PermissionDenied, match="needs a right that you do not have"):
                act()


# --- joining --------------------------------------------------------------------------------------------------


def test_the_one_that_came_in_first_stands_for_all(claim: Claim, editor: User) -> None:
    rows = three(claim)
    assert triage.join(rows, by=editor) == rows[1]
    assert of(*rows) == [("a", "received", "b"), ("b", "received", None), ("c", "received", "b")]
    assert list(cases.joined_to(rows[1])) == [rows[0], rows[2]]


def test_two_cases_become_one(claim: Claim, editor: User) -> None:
    rows = three(claim)
    later = [received(claim, key, day) for key, day in (("d", 5), ("e", 6))]
    triage.join(rows, by=editor)
    triage.join(later, by=editor)
    assert triage.join([later[1], rows[2]], by=editor) == rows[1]
    assert {case for _, _, case in of(*rows, *later)} == {"b", None}


def test_a_case_is_under_review_if_one_of_it_was(claim: Claim, editor: User) -> None:
    rows = three(claim)
    workflow.start_review(rows[2], by=editor)
    assert triage.join(rows, by=editor).decision == "under-review"


def test_joining_again_changes_nothing(claim: Claim, editor: User) -> None:
    rows = three(claim)
    triage.join(rows, by=editor)
    before = [row.revision for row in Rebuttal.objects.order_by("pk")]
    triage.join(rows, by=editor)
    assert [row.revision for row in Rebuttal.objects.order_by("pk")] == before


def test_only_open_challenges_of_one_claim_are_one_case(claim: Claim, editor: User) -> None:
    first, second, third = three(claim)
    elsewhere = received(said("other"), "elsewhere", 4)
    with pytest.raises(WorkflowError, match="These challenge different claims"):
        triage.join([first, elsewhere], by=editor)
    with pytest.raises(WorkflowError, match="Some of these answer another rebuttal"):
        triage.join([first, received(claim, "answer", 5, replies_to=second)], by=editor)
    with pytest.raises(WorkflowError, match="Choose at least two"):
        triage.join([first], by=editor)
    workflow.decide_rebuttal(second, decision="rejected", reason="No.", by=editor)
    with pytest.raises(WorkflowError, match="“b” has been decided"):
        triage.join([first, second, third], by=editor)
    assert {case for _, _, case in of(first, second, third)} == {None}


def test_what_was_joined_can_be_separated_until_it_is_decided(claim: Claim, editor: User) -> None:
    rows = three(claim)
    triage.join(rows, by=editor)
    assert triage.separate(rows[:2], by=editor) == [rows[0]]
    assert of(*rows) == [("a", "received", None), ("b", "received", None), ("c", "received", "b")]
    workflow.decide_rebuttal(rows[1], decision="rejected", reason="No.", by=editor)
    with pytest.raises(WorkflowError, match="“c” has been decided"):
        triage.separate([rows[2]], by=editor)


def test_the_likeliest_is_proposed_first_with_what_speaks_for_it(claim: Claim, editor: User) -> None:
    appearance = claim.appearances.get()
    mine = received(claim, "mine", 1, text="It was later.", proposed="On 18 August.")
    far = received(claim, "far", 2, scope="figure", text="How many?")
    near = received(claim, "near", 3, text="IT was  later.", proposed="on 18 August.")
    for row in (mine, near):
        row.appearances.add(appearance)
    received(said("other"), "elsewhere", 4)
    done = received(claim, "done", 5)
    workflow.decide_rebuttal(done, decision="rejected", reason="No.", by=editor)
    assert [(one.rebuttal.key, one.grounds) for one in triage.candidates(mine)] == [
        (
            "near",
            ("the same place where it was said", "the same scope", "proposes the same", "the same words"),
        ),
        ("far", ()),
    ]
    triage.join([mine, near], by=editor)
    for row in again(mine, near):
        assert [one.rebuttal.key for one in triage.candidates(row)] == ["far"]  # type: ignore[arg-type]
    assert far.key == "far"


def test_challenges_of_other_claims_of_the_source_are_named_apart(claim: Claim, editor: User) -> None:
    source = claim.appearances.get().source
    mine, beside = received(claim, "mine", 1), received(said("beside", source), "beside", 2)
    received(said("elsewhere"), "elsewhere", 3)
    done = received(said("done", source), "done", 4)
    workflow.decide_rebuttal(done, decision="rejected", reason="No.", by=editor)
    assert triage.nearby(mine) == [beside]
    mine.appearances.add(claim.appearances.get())
    assert triage.nearby(mine) == [beside]


# --- deciding a case ------------------------------------------------------------------------------------------


def decided(row: Rebuttal, by: User, decision: str = "accepted", **more: Any) -> workflow.Decided:
    return workflow.decide_rebuttal(row, decision=decision, reason="It is so.", by=by, **more)


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_a_case_is_decided_once_for_all(claim: Claim, editor: User, decision: str) -> None:
    rows = three(claim)
    case = triage.join(rows, by=editor)
    made = decided(case, editor, decision)
    assert of(*rows) == [("a", "duplicate", "b"), ("b", decision, None), ("c", "duplicate", "b")]
    assert made.joined == [rows[0], rows[2]]
    joined = again(rows[0])[0]
    assert joined.reason == f"Joined to “b” and decided with it: {decision}.\n\nIt is so."  # type: ignore[attr-defined]
    assert (joined.decided_by, joined.decided_at) == (editor, again(case)[0].decided_at)  # type: ignore[attr-defined]
    assert Correction.objects.count() == (1 if decision == "accepted" else 0)


def test_publishers_are_asked_once_for_all_that_the_case_targets(claim: Claim, editor: User) -> None:
    first = claim.appearances.get()
    second = records.appearance(claim, records.source("second"))
    records.appearance(claim, records.source("third"))
    rows = three(claim)
    rows[0].appearances.add(first)
    rows[1].appearances.add(first, second)
    case = triage.join(rows[:2], by=editor)
    assert [one.appearance for one in decided(case, editor).deliveries] == [first, second]


def test_one_that_targets_the_claim_wherever_it_was_made_widens_the_case(claim: Claim, editor: User) -> None:
    first = claim.appearances.get()
    second = records.appearance(claim, records.source("second"))
    rows = three(claim)
    rows[1].appearances.add(first)
    case = triage.join(rows[:2], by=editor)
    assert [one.appearance for one in decided(case, editor).deliveries] == [first, second]


def test_one_that_is_joined_is_not_decided_alone(claim: Claim, editor: User) -> None:
    rows = three(claim)
    triage.join(rows, by=editor)
    with pytest.raises(WorkflowError, match="It is joined to “b” and decided with it"):
        decided(again(rows[0])[0], editor)  # type: ignore[arg-type]
    with pytest.raises(WorkflowError, match="It is joined to “b”"):
        workflow.start_review(rows[2], by=editor)
    decided(rows[0], editor, "withdrawn")
    assert of(rows[0]) == [("a", "withdrawn", None)]


def test_whoever_entered_one_of_them_does_not_decide_the_case(claim: Claim, editor: User) -> None:
    rows = three(claim)
    Rebuttal.objects.filter(key="c").update(submitted_by=editor)
    case = triage.join(rows, by=editor)
    with pytest.raises(WorkflowError, match="You have entered “c”, which is joined to this one"):
        decided(case, editor)
    triage.separate([rows[2]], by=editor)
    assert decided(case, editor).rebuttal.decision == "accepted"


def test_a_case_that_was_taken_back_goes_on_with_the_next(claim: Claim, editor: User) -> None:
    rows = three(claim)
    decided(triage.join(rows, by=editor), editor, "withdrawn")
    assert of(*rows) == [("a", "received", None), ("b", "withdrawn", None), ("c", "received", "a")]


def test_a_case_that_repeats_another_takes_its_own_along(claim: Claim, editor: User) -> None:
    rows = three(claim)
    earlier = received(claim, "earlier", 1)
    decided(triage.join(rows, by=editor), editor, "duplicate", duplicate_of=earlier)
    assert of(*rows) == [(key, "duplicate", "earlier") for key in "abc"]
    with pytest.raises(WorkflowError, match="is a duplicate itself"):
        decided(earlier, editor, "duplicate", duplicate_of=rows[0])


def test_a_decision_is_for_what_was_seen(claim: Claim, editor: User) -> None:
    rows = three(claim)
    seen = {rows[1].uid: again(rows[1])[0].revision}
    case = triage.join(rows, by=editor)
    with pytest.raises(WorkflowError, match="has changed since you opened it"):
        decided(case, editor, seen=seen)
    now = {row.uid: row.revision for row in again(*rows)}
    Rebuttal.objects.filter(key="c").update(text="Something else.")
    with pytest.raises(WorkflowError, match="has changed since you opened it"):
        decided(case, editor, seen=now)
    now = {row.uid: row.revision for row in again(*rows)}
    assert decided(case, editor, seen=now).rebuttal.decision == "accepted"
