"""Data beside lists: a page of one as JSON, and the whole as csv, written as it is read.

A list that is narrowed has its data at the same address with the same question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from kb.book import listing, reading, walking
from kb.filters import (
    ClaimFilter,
    CorrectionFilter,
    EventFilter,
    ListFilter,
    PlaceFilter,
    RebuttalFilter,
    SourceFilter,
)
from kb.interchange import records, tables
from kb.views.caching import open_data
from kb.views.data import as_json, some_at_a_time
from kb.views.neighbours import named_on
from kb.views.pages import beside

#: The lists by the kinds of their records: the folder of the pages, and the form that narrows them.
LISTS: dict[str, tuple[str, type[ListFilter]]] = {
    "claim": ("claims", ClaimFilter),
    "source": ("sources", SourceFilter),
    "place": ("places", PlaceFilter),
    "event": ("events", EventFilter),
    "rebuttal": ("rebuttals", RebuttalFilter),
    "correction": ("corrections", CorrectionFilter),
}
#: Records that are read together for csv.
ROWS = 500
#: What a card holds of how names are set on a page; the names themselves are in the label.
OF_THE_PAGE = ("parts", "own", "parties", "letters")
WRONG = "The list cannot be narrowed so. Its page says what is wrong."
#: What says where a page begins or ends.
PLACES = ("after", "before")
_CURSOR = re.compile(r"([^\0]{0,100})~([0-9a-zA-Z_-]{1,12})", re.DOTALL)
_MOST = 2**63 - 1


class Misunderstood(Exception):
    """What was asked of a list makes no sense there; says why."""


def chosen(request: HttpRequest, kind: str) -> listing.Selection:
    """What a request chooses of a list, as its page does. Raises Misunderstood."""
    selection = LISTS[kind][1](request.GET).selection()
    if selection is None:
        raise Misunderstood(WRONG)
    return selection


def cursor(request: HttpRequest, order: listing.Order) -> listing.Cursor | None:
    """Where the page begins or ends. Raises Misunderstood for what no list ever wrote into an address."""
    given = [(name, request.GET[name]) for name in PLACES if request.GET.get(name)]
    if not given:
        return None
    name, text = given[0]
    read = _CURSOR.fullmatch(text)
    key: int | str = read[1] if read else ""
    if order.column != "label" and read:
        key = int(read[1]) if re.fullmatch(r"-?[0-9]{1,19}", read[1], re.ASCII) else _MOST + 1
        read = read if abs(key) <= _MOST else None
    if len(given) > 1 or read is None:
        raise Misunderstood("No page of this list begins there.")
    return listing.Cursor(key, read[2], back=name == "before")


@open_data
def as_page(request: HttpRequest, kind: str) -> HttpResponse:
    """The records of the list's page, with the way to the next."""
    try:
        selection = chosen(request, kind)
        found = listing.page(selection, cursor(request, selection.order))
    except Misunderstood as reason:
        return as_json({"error": str(reason)}, status=400)
    number, exact = listing.total(selection)
    labels = reading.labels({uid for entry in found.entries for uid in named_on(entry.card)})
    following = found.entries[-1:] if found.has_next else ()
    preceding = found.entries[:1] if found.has_previous else ()
    absolute = request.build_absolute_uri
    return as_json(
        {
            "total": number,
            "exact": exact,
            "next": _leading(request, "json", "after", following) if following else None,
            "previous": _leading(request, "json", "before", preceding) if preceding else None,
            "csv_url": _leading(request, "csv"),
            "licence": records.licence(reading.desk()),
            "entries": [_entry(entry, absolute) for entry in found.entries],
            "labels": {uid: records.label(one, absolute) for uid, one in sorted(labels.items())},
        }
    )


def _leading(
    request: HttpRequest, ending: str, name: str = "", beyond: tuple[listing.Entry, ...] = ()
) -> str:
    """The address of the list in a form, from an entry on."""
    query = request.GET.copy()
    for place in PLACES:
        query.pop(place, None)
    if beyond:
        query[name] = f"{beyond[0].place.key}~{beyond[0].place.record}"
    page = beside(request.path.rpartition(".")[0], ending)
    return request.build_absolute_uri(page + (f"?{query.urlencode()}" if query else ""))


def _entry(entry: listing.Entry, absolute: records.Absolute) -> dict[str, Any]:
    return in_list(reading.label_from(entry.uid, entry.kind, entry.key, entry.label, entry.card), absolute)


def in_list(label: reading.Label, absolute: records.Absolute) -> dict[str, Any]:
    """A record as it stands among others."""
    return {
        "kind": label.kind,
        "uid": label.uid,
        "key": label.key,
        "label": label.text,
        "url": absolute(label.url),
        "data_url": absolute(beside(label.url)),
        "card": {name: said for name, said in label.card.items() if name not in OF_THE_PAGE},
    }


@open_data
def as_csv(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All records of the list, each with the fields of its document."""
    try:
        selection = chosen(request, kind)
    except Misunderstood as reason:
        return as_json({"error": str(reason)}, status=400)
    site = request.build_absolute_uri("/")[:-1]
    lines = tables.lines(tables.columns(kind), _rows(selection, site))
    response = StreamingHttpResponse(some_at_a_time(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{LISTS[kind][0]}.csv"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _rows(selection: listing.Selection, site: str) -> Iterator[list[str]]:
    entries = listing.every(selection, ROWS)
    while some := list(islice(entries, ROWS)):
        published = walking.current(entry.uid for entry in some)
        for entry in some:
            # What was withdrawn since its page was read is not told.
            if one := published.get(entry.uid):
                head = tables.head(one, lambda address: site + address)
                yield tables.row(head, one.data())
