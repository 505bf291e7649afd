"""Dates: two conflict only if no day satisfies both, calendars, zones and open ends counted."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kb.analysis.conflicts.stated import Comparison, Stated, Verdict, answer, both_say
from kb.analysis.speech import dated
from kb.editorial.dates import Answer, DateSpan

NAME = "dates"


def dates(one: Stated, other: Stated) -> Comparison | None:
    """The answer for two dates; None for other kinds of value."""
    if one.type != "date" or other.type != "date":
        return None
    both = both_say(one, _said(one), other, _said(other))
    if one.span is None or other.span is None:
        return answer(
            Verdict.UNDETERMINED,
            NAME,
            _("%(both)s: the event that one of them leans on has no settled date."),
            both,
        )
    found = one.span.overlaps(other.span)
    if found is Answer.YES:
        return answer(Verdict.COMPATIBLE, NAME, _both_right(one, other), both)
    if found is Answer.NO:
        return answer(Verdict.CONFLICT, NAME, _nothing(one.span, other.span), both)
    return answer(Verdict.UNDETERMINED, NAME, _doubt(one.span, other.span), both)


def _said(value: Stated) -> str:
    """“before Japan’s surrender, which the desk dates to 15 August 1945”."""
    return value.leaning or (dated(value.span) if value.span else _("something"))


def _both_right(one: Stated, other: Stated) -> str:
    spans = [value.span for value in (one, other) if value.span]
    if len({span.calendar for span in spans}) > 1:
        return _("%(both)s: both can be right in their calendars.")
    return _("%(both)s: both can be right.")


def _nothing(one: DateSpan, other: DateSpan) -> str:
    if _timed(one) and _timed(other):
        return _("%(both)s: no moment satisfies both.")
    if "interval" in (one.shape, other.shape):
        return _("%(both)s: no span of time satisfies both.")
    return _("%(both)s: no day satisfies both.")


def _timed(span: DateSpan) -> bool:
    return span.precision == "minute"


def _doubt(one: DateSpan, other: DateSpan) -> str:
    """On what it hangs."""
    if any(span.approximate or span.uncertain for span in (one, other)):
        return _("%(both)s: they may agree, since one of them is not meant exactly.")
    if "interval" in (one.shape, other.shape) and one.shape != other.shape:
        return _(
            "%(both)s: one is a whole span of time, and it is not said which part of it the other means."
        )
    if any(span.open_start or span.open_end for span in (one, other)):
        return _("%(both)s: one of them leaves open when it began or ended.")
    if one.floating or other.floating:
        return _("%(both)s: it hangs on a time zone that is not stated.")
    return _("%(both)s: it is not said exactly enough to tell.")
