"""What the builders share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

Shown = Callable[[str], bool]


class HasUid(Protocol):
    uid: str


def uid_of(record: HasUid | None, shown: Shown) -> str | None:
    """The uid of a record, if there is one and readers may see it."""
    return record.uid if record is not None and shown(record.uid) else None


def uids_of(records: Iterable[HasUid], shown: Shown) -> list[str]:
    """The uids of those that readers may see, in a fixed order."""
    return sorted(record.uid for record in records if shown(record.uid))


def number(value: Decimal | None) -> str | None:
    """A decimal without needless noughts and without an exponent: `5003.1`."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(value: datetime | None) -> str | None:
    """The moment in UTC to the microsecond, ISO 8601; two of them compare as text."""
    return value.astimezone(UTC).isoformat(timespec="microseconds") if value else None


def day(value: datetime | date | None) -> str | None:
    """The day in UTC, ISO 8601."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    return value.isoformat() if value else None


def fields(record: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
