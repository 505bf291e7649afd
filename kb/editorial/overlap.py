"""Can two dates both hold for the same thing that happened once? (rules 9, 10 and 11 of the domain)

NO says that no reading of the two texts lets both be right. UNDETERMINED says that it hangs on something
that is not stated: a zone, a hemisphere, how far "about" reaches, which of an interval's days was meant.
`docs/dates.md` gives the reasons case by case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.editorial.bounds import is_rough_season, wall_runs
from kb.editorial.calendars import MINUTES_A_DAY, months_later, utc_bounds, zone_named
from kb.editorial.date_errors import Answer
from kb.editorial.edtf import ALL_OF, INTERVAL, POINT

if TYPE_CHECKING:
    from kb.editorial.dates import DateSpan

Limits = tuple[int | None, int | None]

# Civil clocks run from 12 hours behind Greenwich to 14 hours before it.
WEST, EAST = 12 * 60, 14 * 60

# One unit of each precision; days and minutes are shifted by a day.
_UNIT_MONTHS = {"month": 1, "season": 3, "year": 12, "decade": 120, "century": 1200, "millennium": 12_000}


@dataclass(frozen=True, slots=True)
class Run:
    """An unbroken stretch in which a date may lie. None is no limit.

    `first` and `last` are minutes in UTC, `wall_first` and `wall_last` by the clock of the text (the same,
    where `floating`). `slack` is how many minutes a mark such as ~ could move the first minute back and the last
    one on. `rough` is the text of a stretch that is wider than what is meant (a season of an unnamed hemisphere),
    else empty: only what holds such a stretch whole surely holds the date.
    """

    first: int | None
    last: int | None
    wall_first: int | None
    wall_last: int | None
    floating: bool
    timed: bool
    slack: tuple[int, int]
    rough: str


def overlaps(one: DateSpan, other: DateSpan) -> Answer:
    """The answer for two spans; the same whichever stands first."""
    mine, theirs = _times(one), _times(other)
    table = [[_same_time(a, b) for b in theirs] for a in mine]
    if len(mine) == len(theirs) == 1:
        return table[0][0]
    answers = [answer for row in table for answer in row]
    if all(answer is Answer.NO for answer in answers):
        return Answer.NO
    # Where a text names several times, each of them has to be among the other's.
    matched = all(Answer.YES in row for row in table) and all(
        Answer.YES in column for column in zip(*table, strict=True)
    )
    return Answer.YES if matched else Answer.UNDETERMINED


def _times(span: DateSpan) -> list[DateSpan | list[Run]]:
    """The times at which a span says that the thing was: one, unless it is a set of all."""
    if span.shape == INTERVAL:
        return [span]
    if span.shape == ALL_OF:
        return [_range_runs(first, last) for first, last in span.ranges]
    return [_runs(span)]


def _same_time(one: DateSpan | list[Run], other: DateSpan | list[Run]) -> Answer:
    if isinstance(one, list):
        if isinstance(other, list):
            return _best(_meet(a, b) for a in one for b in other)
        return _best(_within(run, other) for run in one)
    if isinstance(other, list):
        return _best(_within(run, one) for run in other)
    (began, ended), (other_began, other_ended) = one.ranges[0], other.ranges[0]
    beginnings = _same_end(began, one.open_start, other_began, other.open_start)
    endings = _same_end(ended, one.open_end, other_ended, other.open_end)
    return _worst((beginnings, endings, _meet(_stretch(one), _stretch(other))))


def _same_end(one: DateSpan | None, one_open: bool, other: DateSpan | None, other_open: bool) -> Answer:
    """Whether two ends can be the same.

    An unknown end fits any; an open one may be one that nobody stated yet.
    """
    if one is not None and other is not None:
        return _best(_meet(a, b) for a in _runs(one) for b in _runs(other))
    return Answer.UNDETERMINED if one_open != other_open else Answer.YES


def _within(run: Run, interval: DateSpan) -> Answer:
    """A single date beside an interval: the interval has to fit into it whole, or which part was meant is
    open.
    """
    if _meet(run, _stretch(interval)) is Answer.NO:
        return Answer.NO
    for end, is_open in zip(interval.ranges[0], (interval.open_start, interval.open_end), strict=True):
        if is_open or (end is not None and _best(_meet(run, a) for a in _runs(end)) is not Answer.YES):
            return Answer.UNDETERMINED
    return Answer.YES


def _best(answers: Iterable[Answer]) -> Answer:
    found = set(answers)
    return next((a for a in (Answer.YES, Answer.UNDETERMINED) if a in found), Answer.NO)


def _worst(answers: Iterable[Answer]) -> Answer:
    found = set(answers)
    return next((a for a in (Answer.NO, Answer.UNDETERMINED) if a in found), Answer.YES)


def _runs(span: DateSpan) -> list[Run]:
    if span.shape != POINT:
        return [run for first, last in span.ranges for run in _range_runs(first, last)]
    stretches = wall_runs(span.moment, span.calendar) if span.moment else None
    if stretches is None:
        return [_run(span, span.wall, rough=span.edtf)]
    rough = span.edtf if is_rough_season(span.moment) else ""
    return [_run(span, stretch, rough=rough) for stretch in stretches]


def _run(span: DateSpan, wall: Limits, *, rough: str) -> Run:
    first, last = wall
    bounds: Limits = (span.earliest, span.latest)
    # The days that a text with unspecified digits can mean may fall in summer and in winter time.
    if wall != span.wall and first is not None and last is not None:
        bounds = utc_bounds(first, last, zone_named(span.time_zone)) if span.time_zone else wall
    return Run(*bounds, first, last, span.floating, span.precision == "minute", _slack(span), rough)


def _range_runs(first: DateSpan | None, last: DateSpan | None) -> list[Run]:
    if first is last and first is not None:
        return _runs(first)
    return [_joined(first, last)]


def _stretch(interval: DateSpan) -> Run:
    return _joined(*interval.ranges[0])


def _joined(first: DateSpan | None, last: DateSpan | None) -> Run:
    """The stretch from the beginning of one date to the end of another."""
    ends = [end for end in (first, last) if end is not None]
    return Run(
        first.earliest if first else None,
        last.latest if last else None,
        first.wall[0] if first else None,
        last.wall[1] if last else None,
        any(end.floating for end in ends),
        any(end.precision == "minute" for end in ends),
        (_slack(first)[0] if first else 0, _slack(last)[1] if last else 0),
        "",
    )


def _slack(span: DateSpan) -> tuple[int, int]:
    """How far the marks could move the date's ends: one unit of what is marked, for ~ and for ? each."""
    moment, (first, last) = span.moment, span.wall
    if moment is None or first is None or last is None or not (span.approximate or span.uncertain):
        return 0, 0
    marked = [unit for unit, mark in zip(("year", "month", "day"), moment.marks, strict=True) if mark]
    unit = span.precision if moment.whole or not marked else marked[0]
    units = int(span.approximate) + int(span.uncertain)
    if unit in ("day", "minute"):
        return units * MINUTES_A_DAY, units * MINUTES_A_DAY
    months = units * _UNIT_MONTHS.get(unit, _UNIT_MONTHS["millennium"])
    begins, next_begins = first // MINUTES_A_DAY, last // MINUTES_A_DAY + 1
    back = begins - months_later(begins, -months, span.calendar)
    on = months_later(next_begins, months, span.calendar) - next_begins
    return back * MINUTES_A_DAY, on * MINUTES_A_DAY


def _meet(one: Run, other: Run) -> Answer:
    if _touch(one, other):
        return Answer.UNDETERMINED if _rough_doubt(one, other) or _rough_doubt(other, one) else Answer.YES
    one, other = _widened(one), _widened(other)
    return Answer.UNDETERMINED if _touch(one, other) or _clocks_may_differ(one, other) else Answer.NO


def _widened(run: Run) -> Run:
    """The run with its ends moved as far as its marks allow."""
    back, on = run.slack
    return replace(
        run,
        first=None if run.first is None else run.first - back,
        last=None if run.last is None else run.last + on,
        wall_first=None if run.wall_first is None else run.wall_first - back,
        wall_last=None if run.wall_last is None else run.wall_last + on,
    )


def _touch(one: Run, other: Run) -> bool:
    """Whether they have a minute in common; where a zone is not known, by the clocks as written."""
    if one.floating or other.floating:
        return _common((one.wall_first, one.wall_last), (other.wall_first, other.wall_last))
    return _common((one.first, one.last), (other.first, other.last))


def _common(one: Limits, other: Limits) -> bool:
    return not (_ends_before(one, other) or _ends_before(other, one))


def _ends_before(one: Limits, other: Limits) -> bool:
    return one[1] is not None and other[0] is not None and one[1] < other[0]


def _rough_doubt(one: Run, other: Run) -> bool:
    """Whether a rough stretch may still miss the other: unless the same words stand there or the other
    holds it whole.
    """
    if not one.rough or one.rough == other.rough:
        return False
    held = (
        other.wall_first is None or (one.wall_first is not None and other.wall_first <= one.wall_first)
    ) and (other.wall_last is None or (one.wall_last is not None and one.wall_last <= other.wall_last))
    return bool(other.rough) or not held


def _clocks_may_differ(one: Run, other: Run) -> bool:
    """Whether an unknown zone could bring together what stands apart as written (rule 11)."""
    if not (one.floating or other.floating):
        return False
    if (one.timed or other.timed) and _days_apart(one, other) <= 1:
        return True
    if one.floating and other.floating:
        return False
    return _common(_anywhere(one), _anywhere(other))


def _days_apart(one: Run, other: Run) -> int:
    """Days between the last day of the earlier and the first of the later, by the clocks as written."""
    gaps = []
    for first, last in ((one.wall_first, other.wall_last), (other.wall_first, one.wall_last)):
        if first is not None and last is not None:
            gaps.append(first // MINUTES_A_DAY - last // MINUTES_A_DAY)
    return max(gaps, default=0)


def _anywhere(run: Run) -> Limits:
    """The minutes in UTC that a run can mean, if its unknown zone may be any."""
    if not run.floating:
        return run.first, run.last
    first = None if run.wall_first is None else run.wall_first - EAST
    last = None if run.wall_last is None else run.wall_last + WEST
    return first, last
