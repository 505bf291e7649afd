"""Rebuttals as discussions: each with what was answered to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True)
class Thread:
    """A rebuttal, and the rebuttals of it."""

    rebuttal: Document
    replies: tuple[Thread, ...] = ()


def threads(rebuttals: Iterable[Document]) -> list[Thread]:
    """The rebuttals in their order, answers under what they answer.

    What answers a rebuttal that is not among them begins a thread, and so does the first of any that answer each other
    in a circle.
    """
    waiting = {rebuttal["uid"]: rebuttal for rebuttal in rebuttals}
    roots = [rebuttal for rebuttal in waiting.values() if rebuttal["replies_to"] not in waiting]
    found = [_thread(root, waiting) for root in roots if waiting.pop(root["uid"], None)]
    while waiting:
        found.append(_thread(waiting.pop(next(iter(waiting))), waiting))
    return found


def _thread(rebuttal: Document, waiting: dict[str, Document]) -> Thread:
    """With all that answers it taken out of those that wait."""
    answers = [other for other in waiting.values() if other["replies_to"] == rebuttal["uid"]]
    return Thread(
        rebuttal, tuple(_thread(answer, waiting) for answer in answers if waiting.pop(answer["uid"], None))
    )
