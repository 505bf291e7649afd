"""Walking through all that is published, some at a time, whatever its size: for sitemaps and for the dump.

Records are gone through in the order of their current versions' ids. Each page of the walk begins behind a key, so the
last costs what the first does, and what is published meanwhile comes at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from kb.book.models import Record
from kb.book.reading import PAGES

#: Versions whose ids are in one block: a sitemap may name no more addresses.
BLOCK = 50_000
CHUNK = 2_000


@dataclass(frozen=True)
class Located:
    """The page of a published record, and when its current version was released."""

    address: str
    released_at: datetime


def blocks() -> Iterator[tuple[int, datetime]]:
    """The blocks that hold a record with a page, by number, each with its newest release's time.

    Two queries a block. What is published again moves to the last block, so the others stay as they are.
    """
    after = -1
    while (first := _paged(after).values_list("version_id", flat=True).first()) is not None:
        number = first // BLOCK
        last = (number + 1) * BLOCK - 1
        newest = _paged(after, last).order_by("-version_id").values_list("version__release__at", flat=True)
        yield number, newest[0]
        after = last


def block(number: int) -> Iterator[Located]:
    """The pages of a block; none where there is no such block."""
    after, last = number * BLOCK - 1, (number + 1) * BLOCK - 1
    while True:
        columns = ("version_id", "kind", "key", "correctionentry__number", "version__release__at")
        rows = list(_paged(after, last).values_list(*columns)[:CHUNK])
        for _, kind, key, entry, released_at in rows:
            yield Located(_address(kind, key, entry), released_at)
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]


def _paged(after: int, last: int | None = None) -> QuerySet[Record]:
    found = Record.objects.filter(withdrawn_in=None, kind__in=PAGES, version_id__gt=after)
    found = found if last is None else found.filter(version_id__lte=last)
    return found.order_by("version_id")


def _address(kind: str, key: str, entry: int | None) -> str:
    part = {"key": key, "number": entry, "": None}[PAGES[kind]]
    return reverse(kind, args=[] if part is None else [part])
