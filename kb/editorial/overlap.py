"""Can two dates both hold for the same thing that happened once? (rules 9, 10 and 11 of the domain)

NO says that no reading of the two texts lets both be right. UNDETERMINED says that it hangs on something that is not
stated: a zone, a hemisphere, how far "about" reaches, which of an interval's days was meant. `docs/dates.md`
gives the reasons case by case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.editorial.bounds import is_rough_season, wall_runs
from kb.editorial.calendars import MINUTES_A_DAY
from kb.editorial.date_errors import Answer
from kb.editorial.edtf import ALL_OF, INTERVAL, POINT

if TYPE_CHECKING:
    from kb.editorial.dates import DateSpan

# Civil clocks run from 12 hours behind Greenwich to 14 hours before it.
WEST, EAST = 12 * 60, 14 * 60

# One unit of each precision, at its longest.
_UNIT_DAYS = {
    "day": 1,
    "month": 31,
    "season": 121,
    "year": 366,
    "decade": 3653,
    "century": 36_525,
    "millennium": 365_250,
}


@dataclass(frozen=True, slots=True)
class Run:
    """An unbroken stretch in which a date may lie. None is no limit.

    `first` and `last` are minutes in UTC, `wall_first` and `wall_last` by the clock of the text (the same, where
    `floating`). `margin` is how far a mark such as ~ could move the ends, in minutes. `rough` stretches are wider than
    what is meant (a season of an unnamed hemisphere), and only what holds the whole stretch surely holds the date.
    """

    first: int | None
    last: int | None
    wall_first: int | None
    wall_last: int | None
    floating: bool
    timed: bool
    margin: int
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
    """Whether two ends can be the same. An unknown end fits any; an open one may be one that nobody stated yet."""
    if one is not None and other is not None:
        return _best(_meet(a, b) for a in _runs(one) for b in _runs(other))
    return Answer.UNDETERMINED if one_open != other_open else Answer.YES


def _within(run: Run, interval: DateSpan) -> Answer:
    """A single date beside an interval: the interval has to fit into it whole, or which part was meant is open."""
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
    shift = (span.earliest or 0) - (span.wall[0] or 0), (span.latest or 0) - (span.wall[1] or 0)
    assert span.moment is not None  # a point always has one
    stretches = wall_runs(span.moment, span.calendar)
    timed, margin = span.precision == "minute", _margin(span)
    if stretches is None:
        return [_run(span, span.wall, shift, timed=timed, margin=margin, rough=span.edtf)]
    rough = span.edtf if is_rough_season(span.moment) else ""
    return [_run(span, stretch, shift, timed=timed, margin=margin, rough=rough) for stretch in stretches]


def _run(
    span: DateSpan,
    wall: tuple[int | None, int | None],
    shift: tuple[int, int],
    *,
    timed: bool,
    margin: int,
    rough: str,
) -> Run:
    first, last = wall
    return Run(
        None if first is None else first + shift[0],
        None if last is None else last + shift[1],
        first,
        last,
        span.floating,
        timed,
        margin,
        rough,
    )


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
        max((_margin(end) for end in ends), default=0),
        "",
    )


def _margin(span: DateSpan) -> int:
    """How far the marks could move the date: one unit of what is marked, for ~ and for ? each."""
    if span.moment is None or not (span.approximate or span.uncertain):
        return 0
    marked = [unit for unit, mark in zip(("year", "month", "day"), span.moment.marks, strict=True) if mark]
    unit = span.precision if span.moment.whole or not marked else marked[0]
    longest = _UNIT_DAYS.get(unit, _UNIT_DAYS["year"])
    if "X" in span.moment.year:
        longest = max(longest, _UNIT_DAYS.get(span.precision, longest))
    return longest * MINUTES_A_DAY * (span.approximate + span.uncertain)


def _meet(one: Run, other: Run) -> Answer:
    if _touch(one, other):
        return Answer.UNDETERMINED if _rough_doubt(one, other) or _rough_doubt(other, one) else Answer.YES
    margin = one.margin + other.margin
    if margin and _touch(one, other, margin):
        return Answer.UNDETERMINED
    return Answer.UNDETERMINED if _clocks_may_differ(one, other, margin) else Answer.NO


def _touch(one: Run, other: Run, margin: int = 0) -> bool:
    """Whether they have a minute in common; where a zone is not known, by the clocks as written."""
    if one.floating or other.floating:
        return _common((one.wall_first, one.wall_last), (other.wall_first, other.wall_last), margin)
    return _common((one.first, one.last), (other.first, other.last), margin)


def _common(one: tuple[int | None, int | None], other: tuple[int | None, int | None], margin: int) -> bool:
    def starts_in_time(first: int | None, last: int | None) -> bool:
        return first is None or last is None or first <= last + margin

    return starts_in_time(one[0], other[1]) and starts_in_time(other[0], one[1])


def _rough_doubt(one: Run, other: Run) -> bool:
    """Whether a rough stretch may still miss the other: unless the same words stand there or the other holds it whole."""
    if not one.rough or one.rough == other.rough:
        return False
    held = (
        other.wall_first is None or (one.wall_first is not None and other.wall_first <= one.wall_first)
    ) and (other.wall_last is None or (one.wall_last is not None and one.wall_last <= other.wall_last))
    return bool(other.rough) or not held


def _clocks_may_differ(one: Run, other: Run, margin: int) -> bool:
    """Whether an unknown zone could bring together what stands apart as written (rule 11)."""
    if not (one.floating or other.floating):
        return False
    if (one.timed or other.timed) and _days_apart(one, other, margin) <= 1:
        return True
    if one.floating and other.floating:
        return False
    return _common(_anywhere(one), _anywhere(other), margin)


def _days_apart(one: Run, other: Run, margin: int) -> int:
    """Days between the last day of the earlier and the first of the later, by the clocks as written."""
    gaps = []
    for first, last in ((one.wall_first, other.wall_last), (other.wall_first, one.wall_last)):
        if first is not None and last is not None:
            gaps.append(first // MINUTES_A_DAY - (last + margin) // MINUTES_A_DAY)
    return max(gaps, default=0)


def _anywhere(run: Run) -> tuple[int | None, int | None]:
    """The minutes in UTC that a run can mean, if its unknown zone may be any."""
    if not run.floating:
        return run.first, run.last
    first = None if run.wall_first is None else run.wall_first - EAST
    last = None if run.wall_last is None else run.wall_last + WEST
    return first, last
