"""Questions to the book's tables, spelled out.

A public page asks a dozen. To have Django put one together takes it several times as long as the database takes to
answer it, so that those that every page asks are written here as they are sent: in words that both databases know.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

Row = tuple[Any, ...]


def rows(question: str, given: Sequence[str | int] = ()) -> list[Row]:
    """All rows that answer a question; each `%s` in it is one of what is given."""
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        found: list[Row] = cursor.fetchall()
    return found


def rows_of(question: str, some: Collection[str], *given: str | int) -> list[Row]:
    """The same where the question begins by asking `IN {some}`, a few hundred at most; nothing is asked of none."""
    if not some:
        return []
    return rows(question.format(some=f"({', '.join(['%s'] * len(some))})"), [*some, *given])


def moment(value: datetime) -> datetime:
    """A time as the database's own driver gives it: SQLite's are in UTC and do not say so."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)
