"""The public lists: a page of what a reader chose, how much there is of it, and how much there would be.

A page is read along an index, from a key on: nothing is sorted, skipped or counted, so the thousandth costs what the
first does. The rarest of the values chosen leads; the others are asked of each record that it leads to. A time is asked
for by classes of length: what overlaps it and lasts a month at most began at most a month before it.
Plain SQL, because the statements are the point, and because building them from objects takes longer than running them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.book import asking
from kb.book.facets import MOST_SPANS, WIDTHS, facet_of, is_word, span_value, value
from kb.book.models import NO_DATE

__all__ = [
    "Choices",
    "Cursor",
    "Entry",
    "Order",
    "Page",
    "Selection",
    "choices",
    "every",
    "page",
    "total",
    "value",
]

#: Rows of a page; records counted exactly where counting costs; records looked at to count choices beside a choice.
PAGE, MOST, LOOKED_AT = 50, 5_000, 200
#: Choices of each facet that are read, the most frequent ones.
OFFERED = 12

Span = tuple[int, int]


@dataclass(frozen=True)
class Order:
    """By `begin` (dates), `came` (what was published last) or `label`."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Selection:
    """What a reader chose of a list: values that all hold, times that are overlapped, and the order."""

    kind: str
    values: tuple[str, ...] = ()
    date: Span | None = None
    said: Span | None = None
    order: Order = Order("begin")


@dataclass(frozen=True)
class Cursor:
    """Where a page begins or, going `back`, ends: beside this record, which itself is on the other one.

    Without a record, `back` is from the end of the list. It names what it sorts by, so it holds though the record goes.
    """

    key: int | str = 0
    record: str = ""
    back: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list, as plain values."""

    uid: str
    kind: str
    key: str
    label: str
    card: dict[str, Any]
    place: Cursor


@dataclass(frozen=True)
class Page:
    entries: tuple[Entry, ...]
    has_previous: bool
    has_next: bool


@dataclass(frozen=True)
class Choices:
    """How many records each further value would leave; but for those in `least`, which leave so many at least."""

    numbers: dict[str, int]
    least: frozenset[str] = frozenset()

    def is_exact(self, name: str) -> bool:
        return name not in self.least


# --- statements -----------------------------------------------------------------------------------------------


@dataclass
class _Where:
    """Conditions joined by AND, with what stands in for their marks."""

    parts: list[str]
    given: list[Any]

    def add(self, part: str, *given: Any) -> None:
        self.parts.append(part)
        self.given += given


def _arms(selection: Selection, cursor: Cursor | None, dated_only: bool | None) -> list[_Where]:
    """The conditions of the selection, in parts that have no record in common."""
    lead, main, others, dated = _plan(selection)
    order, said = selection.order, value(selection.kind, "said")
    arms = []
    for width, begin, last in _ranges(dated):
        where = _Where(["f.value = %s"], [lead])
        if main:
            where.add("f.main = %s", main)
        if dated is not None:
            where.add("f.width = %s AND f.begin BETWEEN %s AND %s", width, begin, last)
            where.add('f."end" >= %s', dated[0])
            _without_gaps(where, said if lead == said else selection.kind, dated)
        elif dated_only is not None:
            where.add(f"f.begin {'<' if dated_only else '='} %s", NO_DATE)
        if order.column == "label":
            where.add("f.label IS NOT NULL")
        for other in others:
            where.add("EXISTS (SELECT 1 FROM book_facet o WHERE o.record = f.record AND o.value = %s)", other)
        for name, span in ((selection.kind, selection.date), (said, selection.said)):
            if span and dated is not span:
                _overlapping(where, name, span)
        if cursor and cursor.record:
            sign = "<" if order.descending != cursor.back else ">"
            where.add(f"(f.{order.column}, f.record) {sign} (%s, %s)", cursor.key, cursor.record)
        arms.append(where)
    return arms


def _plan(selection: Selection) -> tuple[str, str, list[str], Span | None]:
    """Which value leads, the main word beside it, which others are asked, and which time is read along the index."""
    kind, chosen = selection.kind, list(dict.fromkeys(selection.values))
    dated, said = (None, None) if _soon_met(selection) else (selection.date, selection.said)
    by_said = said is not None and dated is None and not chosen
    if by_said:
        return value(kind, "said"), "", [], said
    lead, main = kind, ""
    if chosen:
        numbers = tallies(chosen)
        chosen.sort(key=lambda name: (numbers.get(name, 0), name))
        words = [name for name in chosen if facet_of(name) == MAIN.get(kind)]
        if words and len(chosen) > 1 and selection.order.column == "begin":
            main = words[0].split(" ", 2)[2]
            chosen.remove(words[0])
        lead = chosen.pop(0)
    return lead, main, chosen, dated


def _soon_met(selection: Selection) -> bool:
    """Whether so much is of a time that on the way back from the last published some of it is soon met.

    Of less, all is read along the time and sorted.
    """
    if selection.order.column != "came" or not (selection.date or selection.said):
        return False
    return not total(selection)[1]


#: The facet that is indexed beside every value.
MAIN = {
    "claim": "claim rating",
    "source": "source type",
    "place": "place kind",
    "rebuttal": "rebuttal decision",
    "correction": "correction type",
}


def _ranges(dated: Span | None) -> Iterable[tuple[int, int, int]]:
    """For each class of length, between which minutes what overlaps the time begins."""
    if dated is None:
        return [(0, 0, 0)]
    return [(width, max(dated[0] - longest, -NO_DATE), dated[1]) for width, longest in enumerate(WIDTHS)]


def _without_gaps(where: _Where, name: str, span: Span) -> None:
    """Of records with several dates, one of them has to overlap."""
    where.add(
        "(NOT f.gaps OR EXISTS (SELECT 1 FROM book_facet s WHERE s.record = f.record "
        'AND s.value BETWEEN %s AND %s AND s.begin <= %s AND s."end" >= %s))',
        *_spans(name),
        span[1],
        span[0],
    )


def _overlapping(where: _Where, name: str, span: Span) -> None:
    """The other date of the record overlaps a time."""
    where.add(
        "EXISTS (SELECT 1 FROM book_facet d WHERE d.record = f.record AND d.value = %s "
        'AND d.begin <= %s AND d."end" >= %s AND (NOT d.gaps OR EXISTS (SELECT 1 FROM book_facet s '
        'WHERE s.record = d.record AND s.value BETWEEN %s AND %s AND s.begin <= %s AND s."end" >= %s)))',
        name,
        span[1],
        span[0],
        *_spans(name),
        span[1],
        span[0],
    )


def _spans(name: str) -> tuple[str, str]:
    """The first and the last value under which a record has its dates one by one."""
    return span_value(name, 0), span_value(name, MOST_SPANS - 1)


def statement(
    selection: Selection, cursor: Cursor | None, limit: int, dated_only: bool | None = None
) -> tuple[str, list[Any]]:
    """The statement that reads the keys and uids of a page, or of as many records as are to be counted."""
    order = selection.order
    selects, given = [], []
    for where in _arms(selection, cursor, dated_only):
        condition = " AND ".join(where.parts)
        selects.append(
            f"SELECT f.{order.column} AS key, f.record AS record FROM book_facet f WHERE {condition}"
        )
        given += where.given
    way = "DESC" if order.descending != (cursor is not None and cursor.back) else "ASC"
    return f"{' UNION ALL '.join(selects)} ORDER BY key {way}, record {way} LIMIT {limit}", given


def statements(selection: Selection, cursor: Cursor | None, limit: int) -> Iterator[tuple[str, list[Any]]]:
    """Those that read a page: from the latest date on, what has no date is read after all that has one."""
    order = selection.order
    if order != Order("begin", descending=True) or selection.date or selection.said:
        yield statement(selection, cursor, limit)
        return
    back = cursor is not None and cursor.back
    for dated_only in (False, True) if back else (True, False):
        here = cursor
        if cursor and cursor.record:
            own = (cursor.key != NO_DATE) == dated_only
            if not own and dated_only != back:
                continue  # the cursor is beyond it
            here = cursor if own else Cursor(back=back)
        yield statement(selection, here, limit, dated_only)


# --- what is asked --------------------------------------------------------------------------------------------


def page(selection: Selection, cursor: Cursor | None = None, size: int = PAGE) -> Page:
    """The entries of a page in their order, from a cursor on or, going back, up to it."""
    found: list[tuple[Any, ...]] = []
    for sql, given in statements(selection, cursor, size + 1):
        found += asking.rows(sql, given)
        if len(found) > size:
            break
    more, found = len(found) > size, found[:size]
    back = cursor is not None and cursor.back
    if back:
        found.reverse()
    records = _records([record for _, record in found])
    entries = tuple(Entry(*records[uid], Cursor(key, uid)) for key, uid in found if uid in records)
    from_end = back and cursor is not None and not cursor.record
    return Page(
        entries,
        has_previous=more if back else cursor is not None,
        has_next=not from_end if back else more,
    )


_RECORDS = "SELECT uid, kind, key, label, card FROM book_record WHERE uid IN {some}"


def _records(uids: Sequence[str]) -> dict[str, tuple[str, str, str, str, dict[str, Any]]]:
    rows = asking.rows_of(_RECORDS, uids)
    return {uid: (uid, kind, key, label, json.loads(card)) for uid, kind, key, label, card in rows}


def every(selection: Selection, size: int = 500) -> Iterator[Entry]:
    """All entries in their order, read a page at a time: for what is written out whole."""
    cursor = None
    while True:
        found = page(selection, cursor, size)
        yield from found.entries
        if not found.has_next or not found.entries:
            return
        cursor = found.entries[-1].place


def total(selection: Selection) -> tuple[int, bool]:
    """How many there are, and whether that is exact: more than `MOST` are not counted where it would cost."""
    known = _tallied(selection)
    if known is not None:
        return known, True
    sql, given = statement(_unordered(selection), None, MOST + 1)
    number = asking.rows(f"SELECT count(*) FROM ({sql}) p", given)[0][0]
    return min(number, MOST), number <= MOST


def _unordered(selection: Selection) -> Selection:
    return Selection(selection.kind, selection.values, selection.date, selection.said)


def _tallied(selection: Selection) -> int | None:
    """The number, where it is kept: of a list, of one value, and of a value with one word."""
    if selection.date or selection.said or len(selection.values) > 2:
        return None
    chosen = sorted(selection.values, key=is_word)
    if len(chosen) == 2 and not is_word(chosen[1]):
        return None
    name, other = (*chosen, "")[:2] if chosen else (selection.kind, "")
    rows = asking.rows("SELECT number FROM book_tally WHERE value = %s AND other = %s", [name, other])
    return rows[0][0] if rows else 0


def tallies(names: Sequence[str]) -> dict[str, int]:
    """How many records have each of these values; those that none has are absent."""
    return dict(
        asking.rows_of("SELECT value, number FROM book_tally WHERE value IN {some} AND other = ''", names)
    )


def choices(selection: Selection, facets: Sequence[str]) -> Choices:
    """For the facets ("rating") of the list, the most frequent values with how many records each would leave.

    Numbers are kept for where nothing is chosen yet, and for one word; else the first `LOOKED_AT` records are looked
    at. If there are more, words beside one record still come from the numbers kept. What all have tells nothing apart.
    """
    plain = not selection.date and not selection.said
    wanted = [value(selection.kind, facet) for facet in facets]
    if plain and not selection.values:
        return Choices(_most_frequent(wanted))
    alone = selection.values[0] if plain and len(selection.values) == 1 else ""
    if alone and is_word(alone):
        return Choices(_telling(_most_frequent(wanted, alone), tallies([alone]).get(alone, 0)))
    sql, given = statement(_unordered(selection), None, LOOKED_AT + 1)
    rows: dict[str, int] = dict(
        asking.rows(
            f"SELECT o.value, count(*) FROM ({sql}) p JOIN book_facet o ON o.record = p.record GROUP BY o.value",
            given,
        )
    )
    numbers = {name: number for name, number in rows.items() if facet_of(name) in wanted}
    number = rows.get(selection.kind, 0)
    if number <= LOOKED_AT:
        return Choices(_foremost(_telling(numbers, number)))
    kept: dict[str, int] = {}
    if alone:
        kept = dict(
            asking.rows("SELECT other, number FROM book_tally WHERE value = %s AND other <> ''", [alone])
        )
    chosen = set(selection.values)
    offered = _foremost({name: several for name, several in (numbers | kept).items() if name not in chosen})
    return Choices(offered, frozenset(offered.keys() - kept.keys()))


def _most_frequent(facets: Sequence[str], beside: str = "") -> dict[str, int]:
    """Of each facet the most frequent values, of all records or of those that have this word as well."""
    if not facets:
        return {}
    one = (
        "SELECT value, number FROM (SELECT value, number FROM book_tally WHERE other = %s AND facet = %s "
        f"ORDER BY number DESC, value LIMIT {OFFERED}) t{{}}"
    )
    sql = " UNION ALL ".join(one.format(number) for number in range(len(facets)))
    return dict(asking.rows(sql, [given for facet in facets for given in (beside, facet)]))


def _foremost(numbers: Mapping[str, int]) -> dict[str, int]:
    """Of each facet the most frequent values, of those that were counted."""
    of_each = defaultdict[str, list[tuple[int, str]]](list)
    for name, number in numbers.items():
        of_each[facet_of(name)].append((-number, name))
    return {name: -fewer for several in of_each.values() for fewer, name in sorted(several)[:OFFERED]}


def _telling(numbers: Mapping[str, int], all_of_them: int) -> dict[str, int]:
    return {name: number for name, number in numbers.items() if number < all_of_them}
