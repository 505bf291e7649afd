"""Questions to the book's tables, spelled out.

A public page asks a dozen. To have Django put one together takes it several times as long as the database takes to
answer it, so that those that every page asks are written here as they are sent: in words that both databases know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection

Row = tuple[Any, ...]
T = TypeVar("T")

#: No more values than this in one question, however many rows there are: SQLite plans an IN of more badly.
CHUNK = 500


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    rows = list(values)
    for at in range(0, len(rows), size):
        yield rows[at : at + size]


def marks(given: Sized) -> str:
    """The places in a question for each of what is given, with commas between them."""
    return ", ".join(["%s"] * len(given))


def rows(question: str, given: Sequence[str | int] = ()) -> list[Row]:
    """All rows that answer a question; each `%s` in it is one of what is given."""
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        found: list[Row] = cursor.fetchall()
    return found


def rows_of(question: str, some: Iterable[str | int], *given: str | int) -> list[Row]:
    """The same where the question begins by asking `IN {some}`: once for each few hundred, and never of none."""
    found: list[Row] = []
    for part in chunks(some):
        found += rows(question.format(some=f"({marks(part)})"), [*part, *given])
    return found


def moment(value: datetime) -> datetime:
    """A time as the database's own driver gives it: SQLite's are in UTC and do not say so."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)
