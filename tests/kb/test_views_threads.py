"""Rebuttals with what was answered to them."""

from __future__ import annotations

from typing import Any

from kb.views.threads import Thread, threads


def rebuttal(uid: str, replies_to: str | None = None) -> dict[str, Any]:
    return {"uid": uid, "replies_to": replies_to}


def shown(thread: Thread) -> str:
    """Its uid, and those of its answers in brackets."""
    return thread.rebuttal["uid"] + (f"({' '.join(map(shown, thread.replies))})" if thread.replies else "")


def test_answers_stand_under_what_they_answer_in_their_order():
    given = [rebuttal("a"), rebuttal("b", "a"), rebuttal("c"), rebuttal("d", "b"), rebuttal("e", "a")]
    assert [shown(thread) for thread in threads(given)] == ["a(b(d) e)", "c"]


def test_an_answer_to_what_is_not_published_begins_a_thread():
    assert [shown(thread) for thread in threads([rebuttal("b", "hidden"), rebuttal("c", "b")])] == ["b(c)"]


def test_rebuttals_that_answer_each_other_are_each_shown_once():
    assert [shown(thread) for thread in threads([rebuttal("a", "b"), rebuttal("b", "a")])] == ["a(b)"]
    assert [shown(thread) for thread in threads([rebuttal("a", "a")])] == ["a"]
