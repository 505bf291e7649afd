"""What is at an address of the book: a record as it stands, where it went, or what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kb.book import asking
from kb.book.models import Address, Record


class NotFound(Exception):
    """There never was a published record at this address."""


class Moved(Exception):
    """The record has another address now: `key`."""

    def __init__(self, kind: str, key: str) -> None:
        self.kind, self.key = kind, key
        super().__init__(key)


@dataclass(frozen=True)
class Tombstone:
    """What is left of a withdrawn record."""

    kind: str
    key: str
    label: str
    withdrawn_at: datetime
    why: str


class Gone(Exception):
    """The record was withdrawn; `page` is its tombstone."""

    def __init__(self, page: Tombstone) -> None:
        self.page = page
        super().__init__(page.label)


@dataclass(frozen=True)
class Kept:
    """A version and the release that it came with, as they are kept."""

    number: int
    document: str
    labels: str
    sha256: str
    redacted: bool
    release: int
    released_at: datetime
    why: str


@dataclass(frozen=True)
class Standing:
    """A record that is, or led on to another one, at an address; with its newest version."""

    uid: str
    merged_into: str
    version: Kept


_OF_A_VERSION = """
v.number, v.document, v.labels, v.sha256, v.redacted_in_id, made.number, made.at, made.why
"""
_AT_AN_ADDRESS = f"""
SELECT here.uid, here.label, here.merged_into, gone.at, gone.why, {_OF_A_VERSION}
FROM book_record here
JOIN book_version v ON v.id = here.version_id
JOIN book_release made ON made.number = v.release_id
LEFT JOIN book_release gone ON gone.number = here.withdrawn_in_id
WHERE here.kind = %s AND here.key = %s
"""  # noqa: S608  # of constants
_ONE_VERSION = f"""
SELECT {_OF_A_VERSION} FROM book_version v JOIN book_release made ON made.number = v.release_id
WHERE v.uid = %s AND v.number = %s
"""  # noqa: S608  # of constants


def at(kind: str, key: str) -> Standing:
    """What is at an address. Raises NotFound, Moved or Gone; not for what was merged, whose versions stay there."""
    rows = asking.rows(_AT_AN_ADDRESS, [kind, key])
    if not rows:
        uid = Address.objects.filter(kind=kind, key=key).values_list("uid", flat=True).first()
        if uid is None:
            raise NotFound
        raise Moved(kind, Record.objects.values_list("key", flat=True).get(uid=uid))
    uid, called, merged_into, gone_at, gone_why, *newest = rows[0]
    if gone_at is not None and not merged_into:
        raise Gone(Tombstone(kind, key, called, asking.moment(gone_at), gone_why))
    return Standing(uid, merged_into, _kept(*newest))


def version(uid: str, number: int) -> Kept | None:
    rows = asking.rows(_ONE_VERSION, [uid, number])
    return _kept(*rows[0]) if rows else None


def _kept(
    number: int,
    document: str,
    labels: str,
    sha256: str,
    redacted_in: int | None,
    release: int,
    at: datetime,
    why: str,
) -> Kept:
    return Kept(number, document, labels, sha256, redacted_in is not None, release, asking.moment(at), why)


def led_to(uid: str) -> Record:
    """The record that a merged one leads to, over as many merges as it took."""
    record = Record.objects.get(uid=uid)
    while record.merged_into:
        record = Record.objects.get(uid=record.merged_into)
    return record
