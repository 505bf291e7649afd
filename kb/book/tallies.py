"""Tables that count: rows of numbers by a key, kept by adding what came and taking away what went.

Exact because the book has one writer at a time (`kb.book.locking`). A row whose count falls to nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Q

Key = tuple[Any, ...]

#: So many conditions on several columns SQLite takes in one statement.
CHUNK = 100


class Changes(dict[Key, list[int]]):
    """What has to be added to which row; the first number is the count."""

    def add(self, key: Key, *numbers: int, sign: int = 1) -> None:
        row = self.setdefault(key, [0] * len(numbers))
        for at, number in enumerate(numbers):
            row[at] += sign * number


def apply(
    model: type[models.Model], keys: Sequence[str], numbers: Sequence[str], changes: Mapping[Key, list[int]]
) -> None:
    """Add the changes to the rows that `keys` name."""
    wanted = [(key, delta) for key, delta in sorted(changes.items()) if any(delta)]
    for at in range(0, len(wanted), CHUNK):
        some = dict(wanted[at : at + CHUNK])
        condition = Q()
        for key in some:
            condition |= Q(**dict(zip(keys, key, strict=True)))
        there = {
            tuple(getattr(row, name) for name in keys): row for row in model._base_manager.filter(condition)
        }
        gone, new, changed = [], [], []
        for key, delta in some.items():
            row = there.get(key)
            values = [
                (getattr(row, name) if row else 0) + number
                for name, number in zip(numbers, delta, strict=True)
            ]
            if row is None:
                new.append(model(**dict(zip([*keys, *numbers], [*key, *values], strict=True))))
            elif values[0] == 0:
                gone.append(row.pk)
            else:
                for name, value in zip(numbers, values, strict=True):
                    setattr(row, name, value)
                changed.append(row)
        model._base_manager.filter(pk__in=gone).delete()
        model._base_manager.bulk_create(new)
        model._base_manager.bulk_update(changed, numbers)
