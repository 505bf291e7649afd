"""Dates: two conflict only if no day satisfies both, calendars, zones and open ends counted."""

from __future__ import annotations

from kb.analysis.conflicts.stated import Comparison, Stated, Verdict
from kb.editorial.dates import Answer, DateSpan

NAME = "dates"


def dates(one: Stated, other: Stated) -> Comparison | None:
    """The answer for two dates; None for other kinds of value."""
    if one.type != "date" or other.type != "date":
        return None
    both = f"{_says(one)}; {_says(other)}"
    if one.span is None or other.span is None:
        return Comparison(
            Verdict.UNDETERMINED, NAME, f"{both}: the event that one of them leans on has no settled date."
        )
    answer = one.span.overlaps(other.span)
    if answer is Answer.YES:
        return Comparison(Verdict.COMPATIBLE, NAME, f"{both}: both can be right{_calendars(one, other)}.")
    if answer is Answer.NO:
        return Comparison(Verdict.CONFLICT, NAME, f"{both}: {_nothing(one.span, other.span)} satisfies both.")
    return Comparison(Verdict.UNDETERMINED, NAME, f"{both}: {_doubt(one.span, other.span)}.")


def _says(value: Stated) -> str:
    """“the editorial says before Japan’s surrender, which the desk dates to 15 August 1945”."""
    if value.leaning:
        return f"{value.says} says {value.leaning}"
    said = value.span.in_words() if value.span else "something"
    return f"{value.says} says {said}"


def _calendars(one: Stated, other: Stated) -> str:
    spans = [value.span for value in (one, other) if value.span]
    return " in their calendars" if len({span.calendar for span in spans}) > 1 else ""


def _nothing(one: DateSpan, other: DateSpan) -> str:
    if _timed(one) and _timed(other):
        return "no moment"
    if "interval" in (one.shape, other.shape):
        return "no span of time"
    return "no day"


def _timed(span: DateSpan) -> bool:
    return span.precision == "minute"


def _doubt(one: DateSpan, other: DateSpan) -> str:
    """On what it hangs."""
    if any(span.approximate or span.uncertain for span in (one, other)):
        return "they may agree, since one of them is not meant exactly"
    if "interval" in (one.shape, other.shape) and one.shape != other.shape:
        return "one is a whole span of time, and it is not said which part of it the other means"
    if any(span.open_start or span.open_end for span in (one, other)):
        return "one of them leaves open when it began or ended"
    if one.floating or other.floating:
        return "it hangs on a time zone that is not stated"
    return "it is not said exactly enough to tell"
