"""The timeline of all published events: how many there were when, closer and closer, and which; without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.book import listing, periods, reading
from kb.book.listing import Entry, Order, Selection, Span
from kb.book.models import NO_DATE
from kb.editorial.dates import DateError, DateSpan
from kb.filters import EventFilter
from kb.views import calendar
from kb.views.caching import public
from kb.views.calendar import Period
from kb.views.facets import linked, narrowing, offered, query_of, written
from kb.views.neighbours import named_on
from kb.views.pages import data_of_list, respond
from kb.views.texts import date_in_words
from kb.views.timeline import MOST_ROWS, WIDTH, Stated, Timeline, timeline

HEIGHT, FOOT = 150, 26
#: A column of one event can be seen beside one of a thousand.
LEAST = 3
LABELS = 6


@dataclass(frozen=True)
class Column:
    """How many events began in a period, as drawn."""

    period: Period
    number: int
    x: float
    y: float
    width: float
    height: float
    url: str

    @property
    def capped(self) -> bool:
        return self.number > periods.MOST

    @property
    def words(self) -> str:
        return date_in_words(self.period.edtf)


@public
def event_timeline(request: HttpRequest) -> HttpResponse:
    """The events that the same form chooses from their list, as they lie in time."""
    base = query_of(request)
    base.pop("sort", None)
    asked = EventFilter(base)
    chosen = asked.selection()
    context = _drawn(replace(chosen, order=Order("begin")), asked, base) if chosen else {"labels": {}}
    choices, labels = context.pop("choices", None), context["labels"]
    return respond(
        request,
        "kb/timeline.html",
        {
            "section": "events",
            "title": _("Timeline of events"),
            "columns": [],
            "timeline": None,
            "span": "",
            "undated": 0,
            **narrowing(asked, choices, labels, base),
            "most": periods.MOST,
            "whole": timeline_url(base, ""),
            "robots": "noindex, follow" if base else "",
            "alternates": data_of_list(request, reverse("event_list")),
            **context,
        },
        status=200 if chosen else 400,
    )


def _drawn(chosen: Selection, asked: EventFilter, base: QueryDict) -> dict[str, Any]:
    """What a selection shows, with the labels of all that it names."""
    events = periods.chosen(chosen.values)
    all_of_it = periods.extent(events)
    span = _span(chosen.date, all_of_it)
    shown = _shown(events, span, chosen, base) if span else {"entries": ()}
    choices = offered(asked, chosen) if span else None
    uids = linked(asked, choices) | {uid for entry in shown["entries"] for uid in named_on(entry.card)}
    labels = reading.labels({*uids, *shown.get("longer", ())})
    return {
        **shown,
        "longer": [labels[uid] for uid in shown.get("longer", ()) if uid in labels],
        "span": date_in_words(asked.typed("date")) if chosen.date else "",
        "wider": _wider(chosen.date, base),
        "undated": periods.undated(events) if not chosen.date else 0,
        "labels": labels,
        "choices": choices,
    }


def timeline_url(base: QueryDict, date: str) -> str:
    """The timeline with what narrows it but for the time, and with this one."""
    query = base.copy()
    query.pop("date", None)
    if date:
        query["date"] = date
    return f"{reverse('timeline')}{written(query)}"


def _span(asked: Span | None, all_of_it: Span | None) -> Span | None:
    """What is drawn: the time asked for, its open sides as far as there are events."""
    if asked is None or all_of_it is None:
        return all_of_it
    first = all_of_it[0] if asked[0] <= -NO_DATE else asked[0]
    last = all_of_it[1] if asked[1] >= NO_DATE else asked[1]
    return (first, last) if first <= last else None


def _wider(asked: Span | None, base: QueryDict) -> tuple[str, str] | None:
    if asked is None or asked[0] <= -NO_DATE or asked[1] >= NO_DATE:
        return None
    edtf = calendar.wider(*asked)
    return (date_in_words(edtf), timeline_url(base, edtf)) if edtf else None


def _shown(events: periods.Chosen, span: Span, chosen: Selection, base: QueryDict) -> dict[str, Any]:
    unit = calendar.unit_for(*span)
    drawn = calendar.periods(*span, unit)
    edges = [period.first for period in drawn] + [drawn[-1].following]
    # Only what begins in the time asked for is counted in its first and last period.
    edges[0], edges[-1] = max(edges[0], span[0]), min(edges[-1], span[1] + 1)
    numbers = periods.counts(events, edges, unit.closest)
    longer, more = periods.longer(events, span, unit.closest)
    found = listing.page(chosen)
    return {
        "columns": columns(drawn, numbers, base),
        "unit": unit,
        "longer": longer,
        "more_longer": more,
        "entries": found.entries,
        "more": found.has_next,
        "timeline": None if found.has_next else bars(found.entries, span if chosen.date else None),
    }


def columns(drawn: Sequence[Period], numbers: Sequence[int], base: QueryDict) -> list[Column]:
    most = max([*numbers, 1])
    width = WIDTH / len(drawn)
    found = []
    for at, (period, number) in enumerate(zip(drawn, numbers, strict=True)):
        height = max(HEIGHT * number / most, LEAST) if number else 0
        gap = min(2.0, width / 5)
        found.append(
            Column(
                period,
                number,
                round(at * width + gap / 2, 1),
                round(HEIGHT - height, 1),
                round(width - gap, 1),
                round(height, 1),
                timeline_url(base, period.edtf),
            )
        )
    return found


def bars(entries: Sequence[Entry], within: Span | None = None) -> Timeline | None:
    """Few events are drawn one by one, with ends that nobody knows as ends that fade."""
    if len(entries) > MOST_ROWS:
        return None
    rows = []
    for entry in entries:
        try:
            span = DateSpan.parse(entry.card["when"]) if entry.card["when"] else None
        except DateError:
            span = None
        if span:
            title = entry.card["title"]
            rows.append(
                Stated(
                    who=title if len(title) <= 70 else title[:69] + "…",
                    what="",
                    span=span,
                    subject=(entry.uid, "", ""),
                    url=reverse("event", args=[entry.key]),
                    language=entry.card["language"],
                )
            )
    return timeline(rows, within=within)
