"""The order in which tests run beside each other: each worker ends with its share of those that commit.

They take longest, those in the browser above all, and come last, since they empty the tables behind them. Left where
their files stand, one worker would be given nearly all of them, and end minutes after the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

from tests.support.database import commits

T = TypeVar("T")


def spread(items: Sequence[T], last: Callable[[T], bool], parts: int) -> list[T]:
    """The items in so many parts, one behind the other, each of which ends with its share of those that come last."""
    late = [item for item in items if last(item)]
    others = [item for item in items if not last(item)]
    edges = [len(others) * number // parts for number in range(parts + 1)]
    return [
        item
        for number in range(parts)
        for item in (*others[edges[number] : edges[number + 1]], *late[number::parts])
    ]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Each worker collects all tests, and is given one part of them to begin with.
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    items[:] = spread(items, commits, workers)
