"""A point in the life of a record, as addresses name it: `now`, a published version (`v3`), or a moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from kb.book.models import Version
from kb.editorial.aggregate import Aggregate
from kb.history.loading import state_of_document
from kb.history.states import NotKnown, State, state_at, state_now

_VERSION = re.compile(r"v([1-9][0-9]{0,8})", re.ASCII)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII)
NOW = "now"


@dataclass(frozen=True)
class Point:
    """One of the three; with neither `number` nor `moment` it is the present."""

    number: int | None = None
    moment: datetime | None = None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """What an address names; None where it names nothing."""
        if text == NOW:
            return cls()
        if found := _VERSION.fullmatch(text):
            return cls(number=int(found[1]))
        if not _MOMENT.fullmatch(text):
            return None
        try:
            return cls(moment=datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC))
        except ValueError:
            return None

    def __str__(self) -> str:
        if self.number is not None:
            return f"v{self.number}"
        if self.moment is not None:
            return self.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return NOW

    @property
    def in_words(self) -> str:
        """To stand after “as”: “in version 3”, “of 3 May 2026, 14:02:11 UTC”, “it is now”."""
        if self.number is not None:
            return f"in version {self.number}"
        if self.moment is not None:
            at = self.moment.astimezone(UTC)
            return f"of {at.day} {at:%B %Y, %H:%M:%S} UTC"
        return "it is now"


def state_of(record: Aggregate, point: Point, *, over: State | None = None) -> State:
    """The record at a point. Of a version, what a document does not hold is as in `over`, or as it is now.

    Raises NotKnown, whose message may say why.
    """
    if point.moment is not None:
        return state_at(record, point.moment)
    if point.number is None:
        return state_now(record)
    version = Version.objects.select_related("release").filter(uid=record.uid, number=point.number).first()
    if version is None:
        raise NotKnown("There is no such version.")
    if version.redacted_in_id is not None:
        raise NotKnown(f"Text was taken out of version {version.number}. What is left is not restored.")
    try:
        then = state_at(record, version.release.at)
    except NotKnown:
        then = None
    return state_of_document(version.data(), over=over or state_now(record), then=then)
