"""DateSpan: what a date in a text means. Layer 0, without Django; `docs/dates.md` says which readings are
taken and why.

A span keeps the text as it was given (rule 7) and knows the first and the last minute it can mean. It never
claims more than the text: "August 1945" is the whole month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from kb.editorial import bounds, overlap
from kb.editorial.calendars import GREGORIAN, MINUTES_A_DAY, check_calendar, utc_bounds, zone_named
from kb.editorial.date_errors import AmbiguousDate, Answer, DateError, shown
from kb.editorial.edtf import INTERVAL, ONE_OF, POINT, Edge, Moment, Side
from kb.editorial.edtf import parse as parse_edtf

__all__ = ["AmbiguousDate", "Answer", "DateError", "DateSpan", "PRECISIONS"]

PRECISIONS = ("minute", "day", "month", "season", "year", "decade", "century", "millennium", "indefinite")

_PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
# Two ends of an interval may be told by different clocks, the widest apart 26 hours.
_CLOCKS_APART = overlap.EAST + overlap.WEST

Ends = tuple["DateSpan | None", "DateSpan | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """A date, an interval or a set of dates, as a text has it.

    `raw` is the text as given, `edtf` the EDTF it was read as. `earliest` and `latest` are the first and the
    last minute (inclusive), signed minutes from 1970-01-01T00:00 UTC in the proleptic Gregorian calendar;
    None where that side is open or unknown. `calendar` is the one the text is written in, `time_zone` an
    IANA name or "". `floating` spans name no zone in at least one of their dates: their minutes are counted
    as if it were UTC. `precision` is the coarsest of their dates (see PRECISIONS). `shape` is *point*,
    *interval* (how long it lasted), *one-of* (once, at one of these) or *all-of*. `relation` and `pivot` are
    set where the text says before, after or within something, and what.
    """

    raw: str
    edtf: str
    earliest: int | None
    latest: int | None
    calendar: str = GREGORIAN
    time_zone: str = ""
    floating: bool = True
    precision: str = "day"
    approximate: bool = False
    uncertain: bool = False
    open_start: bool = False
    open_end: bool = False
    unknown_start: bool = False
    unknown_end: bool = False
    shape: str = POINT
    relation: str = ""
    pivot: str = ""
    # For the modules beside this one: the dates it is made of, by pairs (from, to); its minutes by the
    # text's own clock; and, of a point, its digits.
    ranges: tuple[Ends, ...] = field(default=(), repr=False, compare=False)
    wall: tuple[int | None, int | None] = field(default=(None, None), repr=False, compare=False)
    moment: Moment | None = field(default=None, repr=False, compare=False)

    @classmethod
    def parse(cls, text: str, *, calendar: str = GREGORIAN, time_zone: str = "") -> DateSpan:
        """The span of an EDTF text. Raises DateError, in words for editors, and nothing else.

        A zone in the text itself ("+03:00") counts before `time_zone`. Seconds are read and dropped.
        """
        if not isinstance(text, str) or not isinstance(calendar, str) or not isinstance(time_zone, str):
            raise DateError("A date is a text, such as 1945-08-09.")
        return _parse(text, calendar, time_zone)

    @classmethod
    def read(
        cls, text: str, *, day_first: bool | None = None, calendar: str = GREGORIAN, time_zone: str = ""
    ) -> DateSpan:
        """The span of EDTF, or of a date as an editor writes it ("18 August 1945", "昭和20年8月9日").

        `day_first` says how 02/03/2024 is meant; without it such a date raises AmbiguousDate, whose
        `choices` are the two EDTF dates. What cannot be told for certain raises DateError.
        """
        from kb.editorial.freetext import read  # it builds spans, so it stands above this module

        return read(text, day_first=day_first, calendar=calendar, time_zone=time_zone)

    @classmethod
    def before(cls, other: DateSpan | None, raw: str = "") -> DateSpan:
        """Some time before another date: no later than the last minute that it, or its beginning, can
        mean.
        """
        pivot = _pivot(other, first=True)
        return _relative(
            "before", other, pivot, f"[..{pivot.edtf}]" if pivot and pivot.latest is not None else "", raw
        )

    @classmethod
    def after(cls, other: DateSpan | None, raw: str = "") -> DateSpan:
        """Some time after another date: no earlier than the first minute that it, or its end, can mean."""
        pivot = _pivot(other, first=False)
        return _relative(
            "after", other, pivot, f"[{pivot.edtf}..]" if pivot and pivot.earliest is not None else "", raw
        )

    @classmethod
    def within(cls, other: DateSpan | None, raw: str = "") -> DateSpan:
        """Once, some time while another date lasted: between its beginning and its end."""
        if other is None or other.shape == POINT:
            return _relative("within", other, other, other.edtf if other else "", raw)
        first, last = _outermost(other)
        if first is None and last is None:
            return _relative("within", other, other, "", raw)
        edtf = f"[{first.edtf if first else ''}..{last.edtf if last else ''}]"
        return _relative("within", other, other, edtf, raw)

    @property
    def began(self) -> DateSpan | None:
        """An interval's beginning; None where it is open or unknown, and for whatever is no interval
        (rule 10).
        """
        return self.ranges[0][0] if self.shape == INTERVAL else None

    @property
    def ended(self) -> DateSpan | None:
        """An interval's end; None where it is open or unknown, and for whatever is no interval (rule 10)."""
        return self.ranges[0][1] if self.shape == INTERVAL else None

    def overlaps(self, other: DateSpan) -> Answer:
        """Whether both can hold for the same thing that happened once (rules 9 to 11). Symmetric."""
        return overlap.overlaps(self, other)

    @property
    def sort_key(self) -> tuple[int, int, int, str, str, str]:
        """A key for every span, in order of time.

        Spans stand at their beginning; those without one at their end; those with neither come last. Of
        those that begin together the shorter comes first. Seasons stand in the order spring, summer, autumn,
        winter.
        """
        if self.moment is not None:
            start: int | None = bounds.order_minute(self.moment, self.calendar)
        else:
            start = self.earliest if self.earliest is not None else self.latest
        last = (0, self.latest) if self.latest is not None else (1, 0)
        group, place = (0, start) if start is not None else (1, 0)
        return group, place, last[0] * 2**63 + last[1], self.edtf, self.calendar, self.time_zone

    def in_words(self, language: str = "en") -> str:
        """The date as a reader expects it; languages without words of their own get English. Never raises."""
        from kb.editorial.date_words import in_words  # it reads spans, so it stands above this module

        return in_words(self, language)

    def __str__(self) -> str:
        return self.in_words()


@lru_cache(maxsize=16_384)
def _parse(text: str, calendar: str, time_zone: str) -> DateSpan:
    if calendar == GREGORIAN and not time_zone and _PLAIN_DATE.fullmatch(text):
        plain = _plain_date(text)
        if plain is not None:
            return plain
    check_calendar(calendar)
    if time_zone:
        zone_named(time_zone)
    expression = parse_edtf(text)
    moment = expression.ranges[0][0]
    if expression.shape == POINT and isinstance(moment, Moment):
        return _point(moment, calendar, time_zone)
    ranges = tuple(_ends(first, last, text, calendar, time_zone) for first, last in expression.ranges)
    return _compound(text, expression.text, expression.shape, expression.ranges, ranges, calendar, time_zone)


def _plain_date(text: str) -> DateSpan | None:
    """Most dates are of this form: a shorter way, with the same result.

    None where it is not one for `date`.
    """
    try:
        number = date.fromisoformat(text).toordinal() - _EPOCH_ORDINAL
    except ValueError:
        return None
    first, last = number * MINUTES_A_DAY, number * MINUTES_A_DAY + MINUTES_A_DAY - 1
    moment = Moment(text, text[:4], text[5:7], text[8:])
    return DateSpan(raw=text, edtf=text, earliest=first, latest=last, wall=(first, last), moment=moment)


def _point(moment: Moment, calendar: str, time_zone: str) -> DateSpan:
    wall = bounds.wall_minutes(moment, calendar)
    earliest, latest = wall
    if moment.offset is not None:
        earliest, latest = earliest - moment.offset, latest - moment.offset
    elif time_zone:
        earliest, latest = utc_bounds(earliest, latest, zone_named(time_zone))
    marks = moment.whole + "".join(moment.marks)
    return DateSpan(
        raw=moment.text,
        edtf=moment.text,
        earliest=earliest,
        latest=latest,
        calendar=calendar,
        time_zone=time_zone,
        floating=moment.offset is None and not time_zone,
        precision=_precision(moment),
        approximate="~" in marks or "%" in marks,
        uncertain="?" in marks or "%" in marks,
        wall=wall,
        moment=moment,
    )


def _precision(moment: Moment) -> str:
    if moment.time is not None:
        return "minute"
    digits = moment.year.lstrip("-")
    known_digits = digits.index("X") if "X" in digits else moment.significant or len(digits)
    if unknown_digits := max(0, len(digits) - known_digits):
        return {1: "decade", 2: "century", 3: "millennium"}.get(unknown_digits, "indefinite")
    if moment.season:
        return "season"
    if not moment.month or "X" in moment.month:
        return "year"
    return "month" if not moment.day or "X" in moment.day else "day"


def _ends(first: Side, last: Side, text: str, calendar: str, time_zone: str) -> Ends:
    """The spans of a range's two sides, None for a side that is open or unknown; refuses a reversed range."""
    began = None if isinstance(first, Edge) else _point(first, calendar, time_zone)
    ended = began if last is first else None if isinstance(last, Edge) else _point(last, calendar, time_zone)
    if began is not None and ended is not None:
        slack = 0 if began.floating == ended.floating else _CLOCKS_APART
        if ended.latest + slack < began.earliest:  # type: ignore[operator]  # points have both bounds
            raise DateError(
                f"{shown(text)} ends before it begins: {began.in_words()} is later than {ended.in_words()}. "
                "Write the earlier date first; years before 1 BC have a minus sign."
            )
    return began, ended


def _compound(
    text: str,
    edtf: str,
    shape: str,
    sides: tuple[tuple[Side, Side], ...],
    ranges: tuple[Ends, ...],
    calendar: str,
    time_zone: str,
) -> DateSpan:
    ends = [end for pair in ranges for end in pair if end is not None]
    open_start = any(first is Edge.OPEN for first, _ in sides)
    open_end = any(last is Edge.OPEN for _, last in sides)
    unknown_start = any(first is Edge.UNKNOWN for first, _ in sides)
    unknown_end = any(last is Edge.UNKNOWN for _, last in sides)
    return DateSpan(
        raw=text,
        edtf=edtf,
        earliest=None
        if open_start or unknown_start
        else _least(first.earliest for first, _ in ranges if first),
        latest=None if open_end or unknown_end else _most(last.latest for _, last in ranges if last),
        calendar=calendar,
        time_zone=time_zone,
        floating=any(end.floating for end in ends) or not ends and not time_zone,
        precision=max((end.precision for end in ends), key=PRECISIONS.index, default="indefinite"),
        approximate=any(end.approximate for end in ends),
        uncertain=any(end.uncertain for end in ends),
        open_start=open_start,
        open_end=open_end,
        unknown_start=unknown_start,
        unknown_end=unknown_end,
        shape=shape,
        ranges=ranges,
        wall=(
            None if open_start or unknown_start else _least(first.wall[0] for first, _ in ranges if first),
            None if open_end or unknown_end else _most(last.wall[1] for _, last in ranges if last),
        ),
    )


def _least(minutes: Iterable[int | None]) -> int | None:
    return min((minute for minute in minutes if minute is not None), default=None)


def _most(minutes: Iterable[int | None]) -> int | None:
    return max((minute for minute in minutes if minute is not None), default=None)


def _outermost(span: DateSpan) -> Ends:
    """The first and the last date that a span is made of; None for a side without one."""
    if span.shape == POINT:
        return span, span
    firsts = [first for first, _ in span.ranges if first is not None]
    lasts = [last for _, last in span.ranges if last is not None]
    first = min(firsts, key=lambda end: end.earliest or 0) if span.earliest is not None else None
    last = max(lasts, key=lambda end: end.latest or 0) if span.latest is not None else None
    return first, last


def _pivot(other: DateSpan | None, *, first: bool) -> DateSpan | None:
    """The date that "before" or "after" another leans on.

    Before an interval means before it began, after it means after it ended; where that end is not known, the
    other end still is a limit (what came before the beginning came before the end). Before one of several
    dates means before the last of them, at the latest.
    """
    if other is None:
        return None
    if other.shape == INTERVAL:
        began, ended = other.ranges[0]
        return (began or ended) if first else (ended or began)
    outer_first, outer_last = _outermost(other)
    if other.shape == ONE_OF:
        return outer_last if first else outer_first
    return outer_first if first else outer_last


def _relative(relation: str, other: DateSpan | None, pivot: DateSpan | None, edtf: str, raw: str) -> DateSpan:
    if other is None or pivot is None or not edtf:
        raw = raw or relation
        return DateSpan(
            raw=raw,
            edtf="",
            earliest=None,
            latest=None,
            precision="indefinite",
            unknown_start=True,
            unknown_end=True,
            shape=ONE_OF,
            relation=relation,
            ranges=((None, None),),
        )
    span = DateSpan.parse(edtf, calendar=other.calendar, time_zone=other.time_zone)
    return replace(span, raw=raw or edtf, relation=relation, pivot=pivot.edtf)
