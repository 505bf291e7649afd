"""What was published last, and when: for feeds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from kb.book.index import chunks
from kb.book.models import Record, Reference, Release, Version


def claims(limit: int) -> list[str]:
    """The uids of the claims that are in the newest releases."""
    rows = Record.objects.filter(kind="claim", withdrawn_in=None).order_by("-version_id")
    return list(rows.values_list("uid", flat=True)[:limit])


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


def claims_about(kind: str, uid: str, limit: int) -> list[str]:
    """The same, of the claims about a place or one of its parts, or made in a source."""
    role = {"place": "place", "source": "appearance"}[kind]
    found: set[str] = set()
    for some in chunks(_with_parts(uid) if kind == "place" else [uid]):
        rows = Reference.objects.filter(target__in=some, role=role)
        found.update(rows.values_list("source", flat=True))
    dated: list[tuple[int, str]] = []
    for some in chunks(found):
        claims_here = Record.objects.filter(uid__in=some, kind="claim", withdrawn_in=None)
        dated += claims_here.values_list("version_id", "uid")
    return [uid for _, uid in sorted(dated, reverse=True)[:limit]]


def _with_parts(uid: str) -> set[str]:
    """A place, its parts, and theirs."""
    found, waiting = {uid}, {uid}
    while waiting:
        parts: set[str] = set()
        for some in chunks(waiting):
            rows = Reference.objects.filter(target__in=some, role="part-of")
            parts.update(rows.values_list("source", flat=True))
        waiting = parts - found
        found |= waiting
    return found
