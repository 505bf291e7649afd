"""How many published events there were in each of several periods: for a timeline, whatever their number.

An event is counted where it begins, if its date says at least which period that is; one that is dated less closely, or
lasted longer, is named beside the periods instead. Reads along the index of the lists (`kb.book.facets`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.book import asking
from kb.book.facets import WIDTHS
from kb.book.listing import tallies
from kb.book.models import NO_DATE

#: So many events of a period are counted; more are "more than".
MOST = 1_000
#: So many that are longer than a period are named.
MOST_LONGER = 12

Span = tuple[int, int]


@dataclass(frozen=True)
class Chosen:
    """Which events are meant: they are read along one value, and each is asked for the others."""

    lead: str = "event"
    others: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        one = "EXISTS (SELECT 1 FROM book_facet o WHERE o.record = f.record AND o.value = %s)"
        return " AND ".join(["f.value = %s", *[one] * len(self.others)])

    @property
    def given(self) -> list[int | str]:
        return [self.lead, *self.others]


def chosen(values: Sequence[str]) -> Chosen:
    """The events that have all these values (`kb.book.facets.value`); the rarest leads."""
    if not values:
        return Chosen()
    numbers = tallies(values) if len(values) > 1 else {}
    lead, *others = sorted(dict.fromkeys(values), key=lambda name: (numbers.get(name, 0), name))
    return Chosen(lead, tuple(others))


def extent(events: Chosen) -> Span | None:
    """When the first dated event begins and the last one does."""
    sql = " UNION ALL ".join(
        f"SELECT begin FROM (SELECT f.begin FROM book_facet f WHERE {events.condition} "
        f"AND f.begin > %s AND f.begin < %s ORDER BY f.begin {way} LIMIT 1) {alias}"
        for way, alias in (("ASC", "a"), ("DESC", "z"))
    )
    found = [row[0] for row in asking.rows(sql, [*events.given, -NO_DATE, NO_DATE] * 2)]
    return (min(found), max(found)) if found else None


def counts(events: Chosen, edges: Sequence[int], closest: int) -> list[int]:
    """Of the periods between these minutes, each up to the next: how many begin there whose dates are so close.

    `closest` is the last class of length (`kb.book.facets.WIDTHS`) that is counted; none is counted beyond `MOST` + 1.
    """
    widths = ", ".join(str(width) for width in range(closest + 1))
    one = (
        f"SELECT {{}} AS number, count(*) AS several FROM (SELECT 1 FROM book_facet f WHERE {events.condition} "
        f"AND f.width IN ({widths}) AND f.begin >= %s AND f.begin < %s LIMIT {MOST + 1}) p{{}}"
    )
    given: list[int | str] = []
    selects = []
    for number, (first, following) in enumerate(zip(edges, edges[1:], strict=False)):
        selects.append(one.format(number, number))
        given += [*events.given, first, following]
    found = {int(number): int(several) for number, several in asking.rows(" UNION ALL ".join(selects), given)}
    return [found.get(number, 0) for number in range(len(edges) - 1)]


def longer(events: Chosen, span: Span, closest: int) -> tuple[list[str], bool]:
    """The events that overlap a time and are not counted in its periods; whether there are more than are named."""
    selects: list[str] = []
    given: list[int | str] = []
    for width in range(closest + 1, len(WIDTHS)):
        selects.append(
            f"SELECT begin, record FROM (SELECT f.begin, f.record FROM book_facet f WHERE {events.condition} "
            'AND f.width = %s AND f.begin BETWEEN %s AND %s AND f."end" >= %s '
            f"ORDER BY f.begin, f.record LIMIT {MOST_LONGER + 1}) p{width}"
        )
        given += [*events.given, width, max(span[0] - WIDTHS[width], -NO_DATE), span[1], span[0]]
    if not selects:
        return [], False
    found = asking.rows(
        f"{' UNION ALL '.join(selects)} ORDER BY begin, record LIMIT {MOST_LONGER + 1}", given
    )
    return [record for _, record in found[:MOST_LONGER]], len(found) > MOST_LONGER


def undated(events: Chosen) -> int:
    """How many have no date, up to `MOST` + 1."""
    sql = (
        f"SELECT count(*) FROM (SELECT 1 FROM book_facet f WHERE {events.condition} AND f.begin = %s "
        f"LIMIT {MOST + 1}) p"
    )
    return int(asking.rows(sql, [*events.given, NO_DATE])[0][0])
