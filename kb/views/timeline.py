"""Dates side by side: stated values laid out on one axis, and what can be said of each two of them.

Pure functions over plain values; the template draws what they measure. Lengths are in the units of the drawing,
which is `WIDTH` wide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kb.analysis.speech import dated, language
from kb.editorial.date_words import day_in_short, month_in_short
from kb.editorial.dates import INTERVAL, Answer, DateSpan
from kb.views.sentences import Sentence, listed, sentence

WIDTH = 700
ROW, TOP, FOOT, BAR = 48, 34, 34, 10
DAY = 24 * 60
_EPOCH = date(1970, 1, 1).toordinal()
MOST_ROWS = 14
#: So many are compared each with each.
MOST_COMPARED = 42

Finding = Sentence


@dataclass(frozen=True)
class Stated:
    """One stated date: who says it, of what, and when.

    Two are compared only if their `subject` (record, attribute and qualifier) is the same. `tone` is a CSS class.
    `pivot` names the event that the date leans on, if it does; `language` is that of `who`.
    """

    who: str
    what: str
    span: DateSpan
    subject: tuple[str, str, str]
    tone: str = ""
    url: str = ""
    own: bool = False
    pivot: str = ""
    claim: str = ""
    language: str = ""

    @property
    def words(self) -> str:
        return dated(self.span)


@dataclass(frozen=True)
class Bar:
    """A stated date as drawn: its beginning and width, and whether an end is open or unknown.

    `core` is the stretch of it (beginning and width) that the date is certain of; of "in August" there is none.
    `clashes` if another date drawn excludes it.
    """

    stated: Stated
    x: float
    y: int
    width: float
    opens: bool
    fades: bool
    core: tuple[float, float] | None = None
    clashes: bool = False

    @property
    def vague(self) -> bool:
        return self.core != (self.x, self.width)


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """The drawing: bars from top to bottom, ticks and markers from left to right, and sentences under it."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    markers: tuple[Tick, ...]
    height: int
    findings: tuple[Finding, ...]
    left_out: int
    width: int = WIDTH

    @property
    def title(self) -> str:
        dates = "; ".join(f"{bar.stated.who}: {bar.stated.words}" for bar in self.bars)
        return _("Dates stated: %(dates)s") % {"dates": dates}


def timeline(
    stated: Sequence[Stated], *, contradictions: bool = True, within: tuple[int, int] | None = None
) -> Timeline | None:
    """The drawing of at least two stated dates; None if fewer can be drawn.

    `within` are the first and last minute that are drawn of what goes on longer; all is drawn where they are missing.
    Without `contradictions`, the sentences leave to others to say which dates exclude each other.
    """
    drawable = [row for row in stated if row.span.earliest is not None or row.span.latest is not None]
    if len(drawable) < 2:
        return None
    rows = drawable[:MOST_ROWS]
    scale, first, last = _scale(rows, within)
    height = TOP + ROW * len(rows) + FOOT
    markers = {_marker(row): row.pivot for row in rows if row.pivot}
    clashing = _clashing(rows)
    return Timeline(
        bars=tuple(_bar(row, scale, TOP + ROW * index, index in clashing) for index, row in enumerate(rows)),
        ticks=tuple(Tick(round(scale(minute), 1), label) for minute, label in _ticks(first, last)),
        markers=tuple(
            Tick(round(scale(at), 1), name) for at, name in sorted(markers.items()) if first <= at <= last
        ),
        height=height,
        findings=tuple(findings(stated[:MOST_COMPARED], contradictions=contradictions)),
        left_out=len(stated) - len(rows),
    )


def _marker(row: Stated) -> int:
    """Where the event stands that a date leans on: the bound that it gave."""
    bound = row.span.latest if row.span.relation == "before" else row.span.earliest
    return bound if bound is not None else 0


def _scale(
    rows: Sequence[Stated], within: tuple[int, int] | None = None
) -> tuple[Callable[[int], float], int, int]:
    spans = [row.span for row in rows]
    ends = [end for span in spans for end in (span.earliest, span.latest) if end is not None]
    if within:
        ends = [min(max(end, within[0]), within[1]) for end in ends]
    first, last = min(ends), max(ends)
    length = max(last - first, 10 * DAY)
    # An end that fades needs room to be seen fading.
    near = length // 4
    opens = any(
        span.earliest is None and span.latest - first < near for span in spans if span.latest is not None
    )
    fades = any(
        span.latest is None and last - span.earliest < near for span in spans if span.earliest is not None
    )
    first, last = first - length // (3 if opens else 10), last + length // (3 if fades else 10)
    return (lambda minute: (minute - first) / (last - first) * WIDTH), first, last


def _bar(row: Stated, scale: Callable[[int], float], y: int, clashes: bool = False) -> Bar:
    start = 0.0 if row.span.earliest is None else max(scale(row.span.earliest), 0.0)
    end = float(WIDTH) if row.span.latest is None else min(scale(row.span.latest + 1), float(WIDTH))
    opens, fades = row.span.earliest is None, row.span.latest is None
    if opens:
        # An end that nobody stated is drawn as a stretch that fades, not as one that reaches the edge.
        start = max(0.0, end - WIDTH / 3)
    if fades:
        end = min(float(WIDTH), start + WIDTH / 3)
    width = max(end - start, 5.0)
    x, width = round(min(start, WIDTH - width), 1), round(width, 1)
    sure = _certain(row.span)
    core: tuple[float, float] | None = None
    if sure == (row.span.earliest, row.span.latest):
        core = (x, width)
    elif sure:
        begin, until = (min(max(scale(minute), x), x + width) for minute in (sure[0], sure[1] + 1))
        # Clipped at the drawing's edge, nothing may be left of it.
        core = (round(begin, 1), round(max(until - begin, 3.0), 1)) if begin < until else None
    return Bar(row, x, y, width, opens, fades, core, clashes)


def _certain(span: DateSpan) -> tuple[int, int] | None:
    """The minutes that lie within a date whatever is meant by it exactly: none, if it is not known to the day."""
    if span.approximate or span.uncertain or span.relation:
        return None
    if span.shape != INTERVAL:
        return _to_the_day(span)
    began, ended = span.began, span.ended
    if began is None or ended is None:
        known = began or ended
        return _to_the_day(known) if known else None
    begin = (_to_the_day(began) or (began.latest, 0))[0]
    end = (_to_the_day(ended) or (0, ended.earliest))[1]
    return (begin, end) if begin is not None and end is not None and begin < end else None


def _to_the_day(span: DateSpan) -> tuple[int, int] | None:
    if span.earliest is None or span.latest is None or span.latest - span.earliest >= DAY:
        return None
    return span.earliest, span.latest


def _clashing(rows: Sequence[Stated]) -> set[int]:
    """The rows that another one excludes, as the sentences under the drawing compare them."""
    found: set[int] = set()
    at = {id(row): index for index, row in enumerate(rows)}
    for one, other in _pairs(rows):
        compared = one.subject == other.subject and one.claim != other.claim
        if compared and one.span.overlaps(other.span) is Answer.NO:
            found |= {at[id(one)], at[id(other)]}
    return found


def _ticks(first: int, last: int) -> list[tuple[int, str]]:
    """Three to seven round dates within the bounds; none where the calendar of the drawing does not reach."""
    low, high = first // DAY + _EPOCH, last // DAY + _EPOCH
    if low < 1 or high > date.max.toordinal():
        return []
    for step in (1, 2, 7, 14):
        days = [day for day in range(low + 1, min(high, low + 100) + 1) if day % step == 0]
        if (high - low) / step <= 7:
            return [(_minute(day), _day_label(day, newest=day == days[-1])) for day in days]
    begin, end = date.fromordinal(low), date.fromordinal(high)
    months = (end.year - begin.year) * 12 + end.month - begin.month
    for step in (1, 3, 6):
        if months / step <= 7:
            numbers = range(begin.year * 12 + begin.month, end.year * 12 + end.month)
            return [_month_tick(number) for number in numbers if number % step == 0]
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000):
        if (end.year - begin.year) / step <= 7:
            years = [year for year in range(begin.year + 1, end.year + 1) if year % step == 0]
            return [(_minute(date(year, 1, 1).toordinal()), str(year)) for year in years]
    return []


def _minute(ordinal: int) -> int:
    return (ordinal - _EPOCH) * DAY


def _day_label(ordinal: int, *, newest: bool) -> str:
    return day_in_short(date.fromordinal(ordinal), language(), year=newest)


def _month_tick(number: int) -> tuple[int, str]:
    year, month = divmod(number, 12)
    first = date(year, month + 1, 1)
    return _minute(first.toordinal()), month_in_short(first, language())


def findings(stated: Sequence[Stated], limit: int = 4, *, contradictions: bool = True) -> list[Finding]:
    """What the dates say of each other, most telling first: contradictions, else what cannot be told, else agreement.

    Where one of them is the page's `own`, it is compared with the others; else each with each.
    """
    answers: dict[Answer, dict[Stated, list[Stated]]] = {answer: {} for answer in Answer}
    for one, other in _pairs(stated):
        if one.subject == other.subject and one.claim != other.claim:
            answers[one.span.overlaps(other.span)].setdefault(one, []).append(other)
    contradicted = [
        _said(_("What %(who)s says, “%(date)s”, excludes %(others)s."), one, others)
        for one, others in answers[Answer.NO].items()
    ]
    hangs = _(
        "What %(who)s says, “%(date)s”, may or may not agree with %(others)s; it depends on what neither states."
    )
    doubtful = [_said(hangs, one, others) for one, others in answers[Answer.UNDETERMINED].items()]
    if contradicted or doubtful:
        return [*contradicted, *doubtful][:limit] if contradictions else doubtful[:limit]
    return (
        [sentence(_("Compared date by date, none of these excludes another."))] if answers[Answer.YES] else []
    )


def _pairs(stated: Sequence[Stated]) -> list[tuple[Stated, Stated]]:
    own = [row for row in stated if row.own]
    if own:
        return [(one, other) for one in own for other in stated if not other.own]
    return [(one, other) for index, one in enumerate(stated) for other in stated[index + 1 :]]


def _said(pattern: str, row: Stated, others: Sequence[Stated]) -> Finding:
    return sentence(
        pattern,
        who=(row.who, row.language),
        date=f"{row.what} {row.words}",
        others=listed(map(_other, others)),
    )


def _other(row: Stated) -> Finding:
    """ "“18 August 1945” (the comment)"."""
    return sentence(pgettext("stated", "“%(date)s” (%(who)s)"), date=row.words, who=(row.who, row.language))
