"""Walking through all that is published, some at a time, whatever its size: for sitemaps and for the dump.

Records are gone through in the order of their current versions' ids. Each page of the walk begins behind a key, so the
last costs what the first does, and what is published meanwhile comes at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse

from kb.book.kinds import KINDS
from kb.book.models import Record, Release, Version
from kb.book.reading import PAGES

#: Versions whose ids are in one block: a sitemap may name no more addresses.
BLOCK = 50_000
CHUNK = 2_000
#: Versions that are looked at together.
WALKED = 500


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


def current(uids: Iterable[str]) -> dict[str, Published]:
    """These records as they are published now; those that are not are absent."""
    rows = Record.objects.filter(uid__in=list(uids), withdrawn_in=None).select_related("version__release")
    told = ((row.uid, _told(row.version, row)) for row in rows)
    return {uid: one for uid, one in told if isinstance(one, Published)}


# --- the whole book, as it was after one release ---------------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """A record as a release left it. `address` is that of its page; empty if it has none."""

    kind: str
    uid: str
    key: str
    label: str
    address: str
    number: int
    release: int
    released_at: datetime
    sha256: str
    document: str

    def data(self) -> dict[str, Any]:
        return json.loads(self.document)


@dataclass(frozen=True)
class Withdrawn:
    """A record that is published no longer. `merged_into` is the uid of the one that it turned out to be, if so."""

    kind: str
    uid: str
    key: str
    at: datetime
    why: str
    merged_into: str | None


class Snapshot:
    """The book as it was after the last release, for one walk through it in the order of publication.

    It may take as long as it will, beside releases: versions never change, and later ones are not looked at. Only what
    is withdrawn meanwhile is withdrawn here, too.
    """

    def __init__(self) -> None:
        last = Release.objects.order_by("-number").values_list("number", "at").first()
        self.release: int = last[0] if last else 0
        self.released_at: datetime | None = last[1] if last else None
        newest = Version.objects.filter(release__lte=self.release).aggregate(last=Max("pk"))
        self._last = newest["last"] or 0
        #: Versions that will be looked at, old ones among them.
        self.total = self._last

    def __iter__(self) -> Iterator[Published | Withdrawn]:
        after = 0
        while rows := list(
            Version.objects.filter(pk__gt=after, pk__lte=self._last)
            .select_related("release")
            .order_by("pk")[:WALKED]
        ):
            records = Record.objects.select_related("withdrawn_in").in_bulk({row.uid for row in rows})
            standing = self._standing(records)
            for row in rows:
                if standing.get(row.uid) == row.pk:
                    yield _told(row, records[row.uid])
            after = rows[-1].pk

    def _standing(self, records: Mapping[str, Record]) -> dict[str, int]:
        """The version of each record that is the newest here."""
        found = {uid: one.version_id for uid, one in records.items()}
        later = [uid for uid, version in found.items() if version > self._last]
        if later:
            rows = Version.objects.filter(uid__in=later, pk__lte=self._last).order_by("pk")
            found.update(rows.values_list("uid", "pk"))
        return found


def _told(version: Version, record: Record) -> Published | Withdrawn:
    if record.withdrawn_in:
        merged = record.merged_into or None
        at, why = record.withdrawn_in.at, record.withdrawn_in.why
        return Withdrawn(record.kind, record.uid, record.key, at, why, merged)
    document = version.data()
    number = document.get("number") if record.kind == "correction" else None
    return Published(
        record.kind,
        record.uid,
        document["key"],
        record.label if record.version_id == version.pk else KINDS[record.kind].label(document),
        _address(record.kind, document["key"], number) if record.kind in PAGES else "",
        version.number,
        version.release_id,
        version.release.at,
        version.sha256,
        version.document,
    )


def _paged(after: int, last: int | None = None) -> QuerySet[Record]:
    found = Record.objects.filter(withdrawn_in=None, kind__in=PAGES, version_id__gt=after)
    found = found if last is None else found.filter(version_id__lte=last)
    return found.order_by("version_id")


def _address(kind: str, key: str, entry: int | None) -> str:
    part = {"key": key, "number": entry, "": None}[PAGES[kind]]
    return reverse(kind, args=[] if part is None else [part])
