"""The public lists: narrowed by a form and by facets, read page by page along an index.

`chosen_entries` is what a list shows, whole and in its order, for whoever writes it out in another form: the same
filter, so the same entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from kb.book import listing, reading
from kb.filters import (
    ClaimFilter,
    CorrectionFilter,
    EventFilter,
    ListFilter,
    PlaceFilter,
    RebuttalFilter,
)
from kb.views.caching import public
from kb.views.facets import PLACES, linked, narrowing, offered, query_of
from kb.views.neighbours import named_on
from kb.views.pages import data_of_list, respond

_CURSOR = re.compile(r"(.{0,100})~([0-9a-zA-Z_-]{1,12})", re.DOTALL)
_FURTHEST = 2**63 - 1


def selection(request: HttpRequest, filterset: type[ListFilter]) -> listing.Selection | None:
    """What a request chooses of a list; None where its form cannot be understood (the page says why, with 400)."""
    return filterset(request.GET).selection()


def chosen_entries(request: HttpRequest, filterset: type[ListFilter]) -> Iterator[listing.Entry] | None:
    """All that the list shows on its pages for this request, in its order, read as it is asked for; None as above."""
    chosen = selection(request, filterset)
    return None if chosen is None else listing.every(chosen)


def show(request: HttpRequest, filterset: type[ListFilter], template: str, **context: Any) -> HttpResponse:
    """A page of a list, with the labels of what its cards refer to."""
    asked = filterset(request.GET)
    chosen = asked.selection()
    if chosen is None:
        found, number, exact, choices = listing.Page((), False, False), 0, True, None
    else:
        found = listing.page(chosen, cursor_of(request, chosen))
        number, exact = listing.total(chosen)
        choices = offered(asked, chosen) if number else None
    uids = {uid for entry in found.entries for uid in named_on(entry.card)} | linked(asked, choices)
    labels = reading.labels(uids)
    base = query_of(request)
    alternates = data_of_list(request)
    response = respond(
        request,
        template,
        {
            **narrowing(asked, choices, labels, base),
            "entries": found.entries,
            "pager": _pager(found, base),
            "total": number,
            "exact": exact,
            "labels": labels | {e.uid: _label(e) for e in found.entries if e.kind == "place"},
            "robots": "noindex, follow" if base else "",
            "alternates": alternates,
            "feed": alternates[-1],
            **context,
        },
        status=200 if chosen is not None else 400,
    )
    return response


def _label(entry: listing.Entry) -> reading.Label:
    return reading.label_from(entry.uid, entry.kind, entry.key, entry.label, entry.card)


# --- pages ----------------------------------------------------------------------------------------------------


def cursor_of(request: HttpRequest, chosen: listing.Selection) -> listing.Cursor | None:
    """Where the page begins or ends. Raises BadRequest for what no list ever wrote into an address."""
    given = {name: request.GET[name] for name in PLACES if request.GET.get(name)}
    if not given:
        return None
    name, text = next(iter(given.items()))
    if name == "before" and text == "end":
        return listing.Cursor(back=True)
    read = _CURSOR.fullmatch(text)
    if len(given) > 1 or read is None or "\0" in text:
        raise BadRequest("No list has such a place.")
    key: int | str = read[1]
    if chosen.order.column != "label":
        if not re.fullmatch(r"-?[0-9]{1,19}", read[1]) or abs(int(read[1])) > _FURTHEST:
            raise BadRequest("No list has such a place.")
        key = int(read[1])
    return listing.Cursor(key, read[2], back=name == "before")


def _pager(found: listing.Page, base: QueryDict) -> dict[str, str]:
    """The ways to the other pages, by where they lead; what is not there is absent."""

    def to(name: str, text: str) -> str:
        query = base.copy()
        if name:
            query[name] = text
        return f"?{query.urlencode()}" if query else "?"

    ways: dict[str, str] = {}
    if found.entries and found.has_previous:
        ways |= {"first": to("", ""), "prev": to("before", _written(found.entries[0].place))}
    if found.entries and found.has_next:
        ways |= {"next": to("after", _written(found.entries[-1].place)), "last": to("before", "end")}
    return ways


def _written(place: listing.Cursor) -> str:
    return f"{place.key}~{place.record}"


# --- the lists ------------------------------------------------------------------------------------------------


@public
def claim_list(request: HttpRequest) -> HttpResponse:
    return show(request, ClaimFilter, "kb/claim_list.html", section="claims", title=_("Claims"))


@public
def place_list(request: HttpRequest) -> HttpResponse:
    return show(request, PlaceFilter, "kb/place_list.html", section="places", title=_("Places"))


@public
def event_list(request: HttpRequest) -> HttpResponse:
    return show(request, EventFilter, "kb/event_list.html", section="events", title=_("Events"))


@public
def rebuttal_list(request: HttpRequest) -> HttpResponse:
    return show(request, RebuttalFilter, "kb/rebuttal_list.html", section="rebuttals", title=_("Rebuttals"))


@public
def correction_list(request: HttpRequest) -> HttpResponse:
    return show(
        request, CorrectionFilter, "kb/correction_list.html", section="corrections", title=_("Corrections")
    )
