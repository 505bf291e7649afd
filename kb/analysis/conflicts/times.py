"""The time that a value states, worked out from what was recorded of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kb.analysis.speech import dated
from kb.editorial.dates import DateError, DateSpan
from kb.editorial.durations import within_duration

#: In words what a date leans on, by its relation and whether the event has a settled date.
_LEANING = {
    ("before", True): gettext_noop("before “%(event)s”, which the desk dates to %(date)s"),
    ("before", False): gettext_noop("before “%(event)s”, whose date is not settled"),
    ("after", True): gettext_noop("after “%(event)s”, which the desk dates to %(date)s"),
    ("after", False): gettext_noop("after “%(event)s”, whose date is not settled"),
    ("within", True): gettext_noop("within “%(event)s”, which the desk dates to %(date)s"),
    ("within", False): gettext_noop("within “%(event)s”, whose date is not settled"),
}
_UNKNOWN = {
    "before": gettext_noop("before an event that is not known"),
    "after": gettext_noop("after an event that is not known"),
    "within": gettext_noop("within an event that is not known"),
}


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
        return None, _(_UNKNOWN.get(relation, relation))
    settled = settled_date(pivot.when, pivot.zone)
    pattern = _LEANING.get((relation, settled is not None), "“%(event)s”")
    words = _(pattern) % {"event": pivot.title, "date": dated(settled) if settled else ""}
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
