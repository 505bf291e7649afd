"""What the tests of the book begin with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from kb.book.models import Release, Version
from kb.book.rebuilding import MADE
from kb.editorial.aggregate import Aggregate
from kb.models import Claim
from sources.models import Source
from tests.kb import published, records

BOOK: tuple[type[models.Model], ...] = (Release, Version, *MADE)


def said(key: str = "islands-taken", where: Source | None = None, **fields: Any) -> Claim:
    """A claim with one appearance, in a source of its own if none is given."""
    claim = records.claim(key, **fields)
    records.appearance(claim, where or records.source(f"source-of-{key}"))
    claim.refresh_revision()
    return claim


def out(key: str = "islands-taken", where: Source | None = None, **fields: Any) -> Claim:
    """The same, published with its sources."""
    claim = said(key, where, **fields)
    published.publish(*(row.source for row in claim.appearances.select_related("source")), claim)
    return claim


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the book."""
    return {model.__name__: sorted(model._base_manager.values_list(), key=repr) for model in BOOK}


def again(*given: Aggregate) -> list[Aggregate]:
    """The records as the database has them."""
    return [type(one)._base_manager.get(pk=one.pk) for one in given]


def edit(record: Aggregate, **values: Any) -> Aggregate:
    """Change a record at the desk."""
    row = type(record)._base_manager.get(pk=record.pk)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def queries(act: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def keys(given: Iterable[Any]) -> list[str]:
    return [one.key for one in given]
