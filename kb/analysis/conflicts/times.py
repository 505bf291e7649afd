"""The time that a value states, worked out from what was recorded of it."""

from __future__ import annotations

from dataclasses import dataclass

from kb.editorial.dates import DateError, DateSpan
from kb.editorial.durations import within_duration


@dataclass(frozen=True)
class Pivot:
    """The event that a date leans on: its title, its settled date and the zone of where it happened."""

    title: str = ""
    when: str = ""
    zone: str = ""


def time_stated(
    *,
    edtf: str,
    calendar: str,
    time_zone: str,
    raw: str = "",
    relation: str = "",
    offset: str = "",
    pivot: Pivot | None = None,
) -> tuple[DateSpan | None, str]:
    """The time, and in words what it leans on. No time where none is stated, or what it leans on is not dated.

    Without a `pivot`, a date that leans on an event leans on one that is not known.
    """
    if not relation:
        try:
            zone = time_zone or ""
            return (DateSpan.parse(edtf, calendar=calendar, time_zone=zone) if edtf else None), ""
        except DateError:
            return None, ""
    if pivot is None:
        return None, f"{relation} an event that is not known"
    settled = settled_date(pivot.when, pivot.zone)
    known = f"which the desk dates to {settled.in_words()}" if settled else "whose date is not settled"
    words = f"{relation} “{pivot.title}”, {known}"
    try:
        return (_leaning(settled, relation, offset, raw) if settled else None), words
    except DateError:
        return None, words


def _leaning(settled: DateSpan, relation: str, offset: str, raw: str) -> DateSpan:
    if relation == "within":
        return within_duration(settled, offset, raw) if offset else DateSpan.within(settled, raw)
    return (DateSpan.before if relation == "before" else DateSpan.after)(settled, raw=raw)


def settled_date(when: str, zone: str = "") -> DateSpan | None:
    """The date of an event; None where there is none, or none that can be read."""
    try:
        return DateSpan.parse(when, time_zone=zone) if when else None
    except DateError:
        return None
