"""What was published last, and when: for feeds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from kb.book.index import chunks
from kb.book.listing import Order, Selection, page, value
from kb.book.models import Record, Release, Version


def claims(limit: int, *values: str) -> list[str]:
    """The uids of the claims last published, of those that have all these values of `kb.book.listing.value`."""
    chosen = Selection("claim", values, order=Order("came", descending=True))
    return [entry.uid for entry in page(chosen, size=limit).entries]


def claims_about(kind: str, uid: str, limit: int) -> list[str]:
    """The same, of the claims about a place or one of its parts, or made in a source."""
    return claims(limit, value("claim", kind, uid))


def published(uids: Iterable[str]) -> dict[str, tuple[datetime, datetime]]:
    """When readers first saw each of these published records, and when they saw what stands there now."""
    found: dict[str, tuple[datetime, datetime]] = {}
    for some in chunks(uids):
        first = dict(Version.objects.filter(uid__in=some, number=1).values_list("uid", "release__at"))
        current = Record.objects.filter(uid__in=some).values_list("uid", "version__release__at")
        found |= {uid: (first.get(uid, at), at) for uid, at in current}
    return found


def first_release_on() -> date | None:
    """The day on which anything was published for the first time."""
    at = Release.objects.order_by("number").values_list("at", flat=True).first()
    return at.date() if at else None
