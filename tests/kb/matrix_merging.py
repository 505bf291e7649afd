"""What the rows of docs/rights.md about merging are tried with; `tests.kb.matrix` has all others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from kb import workflow
from kb.book.writing import with_requirements
from kb.merging.carrying_out import merge
from kb.merging.planning import plan_merge
from kb.merging.undoing import undo_merge
from kb.models import Merge, Topic
from tests.book import cases
from tests.kb import published, records
from tests.kb.matrix import YES, Action, Case, answered, in_review, look, step

Pair = tuple[Any, Any]

# --- states ---------------------------------------------------------------------------------------------------


def _two() -> Pair:
    """Two topics, the second of them of a claim."""
    kept, merged = records.topic("islands"), records.topic("isles")
    records.claim().topics.add(merged)
    return kept, merged


def _two_published() -> Pair:
    kept, merged = _two()
    published.publish(kept, merged)
    again = cases.again(kept, merged)
    return again[0], again[1]


def _in_review_both(pair: Pair, by: User) -> Pair:
    return in_review(pair[0], by), in_review(pair[1], by)


def _kept_withdrawn() -> Pair:
    kept, merged = _two_published()
    published.withdraw(kept)
    return kept, merged


def _merged(pair: Pair, case: Case) -> Merge:
    return merge(*pair, by=case.colleague, why="One subject.")


def _led_on(case: Case) -> Merge:
    done = _merged(_two_published(), case)
    published.publish(_kept(done))
    return done


def _undone(case: Case) -> Merge:
    return undo_merge(_merged(_two(), case), by=case.colleague)


def _kept(done: Merge) -> Topic:
    return Topic.objects.get(uid=done.kept_uid)


STATES: dict[str, Callable[[Case], Any]] = {
    "two drafts": lambda case: _two(),
    "two in review, handed in by another": lambda case: _in_review_both(_two(), case.colleague),
    "two published": lambda case: _two_published(),
    "two published, the kept one withdrawn": lambda case: _kept_withdrawn(),
    "two drafts merged": lambda case: _merged(_two(), case),
    "two drafts merged, and undone": _undone,
    "two published merged": lambda case: _merged(_two_published(), case),
    "two published merged, and readers led on": _led_on,
    # Of the kept record.
    "published, another merged into it": lambda case: _kept(_merged(_two_published(), case)),
    "published, another merged into it, handed in by me": lambda case: in_review(
        _kept(_merged(_two_published(), case)), case.mine
    ),
    "published, another merged into it, handed in by another": lambda case: in_review(
        _kept(_merged(_two_published(), case)), case.colleague
    ),
}


# --- actions --------------------------------------------------------------------------------------------------


def _merge_page(case: Case, pair: Pair) -> str:
    kept, merged = pair
    sent = {"id": [kept.pk, merged.pk], "keep": kept.pk, "plan": plan_merge(kept, merged).digest}
    address = reverse("admin:kb_topic_step", args=["merge"])
    found = answered(case.client.post(address, {**sent, "why": "One subject."}))
    assert Topic.objects.filter(pk=merged.pk).exists() is (found != YES)
    return found


def _undo_page(case: Case, done: Merge) -> str:
    was = Topic.objects.filter(uid=done.merged_uid).exists()
    found = step("undo")(case, done)
    assert Topic.objects.filter(uid=done.merged_uid).exists() is (was or found == YES)
    return found


ACTIONS: dict[str, Action] = {
    "see what was merged": Action(page=look("change")),
    "merge two records": Action(
        lambda case, pair: merge(*pair, by=case.me, why="One subject."), _merge_page, (merge,)
    ),
    "hand in a merge": Action(
        lambda case, done: workflow.submit(with_requirements([_kept(done)]), by=case.me),
        step("hand-in"),
        (workflow.submit,),
    ),
    "undo a merge": Action(lambda case, done: undo_merge(done, by=case.me), _undo_page, (undo_merge,)),
}
