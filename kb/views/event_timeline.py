"""The timeline of all published events: how many there were when, closer and closer, and which; without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.book import listing, periods, reading
from kb.book.facets import value
from kb.book.listing import Entry, Selection, Span
from kb.book.models import NO_DATE
from kb.editorial.dates import DateError, DateSpan
from kb.views import calendar
from kb.views.caching import public
from kb.views.calendar import Period
from kb.views.pages import respond
from kb.views.texts import date_in_words
from kb.views.timeline import MOST_ROWS, WIDTH, Stated, Timeline, timeline

HEIGHT, FOOT = 150, 26
#: A column of one event can be seen beside one of a thousand.
LEAST = 3
LABELS = 6


class DateField(forms.CharField):
    """A date as EDTF or as people write it."""

    def clean(self, given: Any) -> Span | None:
        text = super().clean(given)
        if not text:
            return None
        try:
            span = DateSpan.read(text)
        except DateError as reason:
            raise forms.ValidationError(str(reason)) from reason
        if span.earliest is None and span.latest is None:
            raise forms.ValidationError(_("This date has neither a beginning nor an end."))
        first = -NO_DATE if span.earliest is None else span.earliest
        last = NO_DATE if span.latest is None else span.latest
        return max(first, -NO_DATE), min(last, NO_DATE)


class PlaceField(forms.CharField):
    """The key of a published place."""

    def clean(self, given: Any) -> reading.Label | None:
        key = super().clean(given)
        if not key:
            return None
        try:
            page = reading.get("place", key)
        except reading.Moved as moved:
            page = reading.get("place", moved.key)
        except (reading.NotFound, reading.Gone) as reason:
            raise forms.ValidationError(_("No published place has this key.")) from reason
        return page.labels.get(page.uid)


class TimelineForm(forms.Form):
    date = DateField(
        label=gettext_lazy("When"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("As in 1945, 1945-08 or 1940/1949"),
    )
    place = PlaceField(label=gettext_lazy("Place, with its parts (its key)"), required=False, max_length=120)


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
    form = TimelineForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    place: reading.Label | None = asked.get("place")
    name = periods.lead([place.uid] if place else [])
    all_of_it = periods.extent(name) if form.is_valid() else None
    span = _span(asked.get("date"), all_of_it)
    context: dict[str, Any] = {"columns": [], "entries": (), "timeline": None, "longer": [], "labels": {}}
    if span:
        context |= _shown(name, span, place, asked.get("date"))
    return respond(
        request,
        "kb/timeline.html",
        {
            "section": "events",
            "title": _("Timeline of events"),
            "form": form,
            "filtered": bool(asked.get("date") or place),
            "place": place,
            "span": date_in_words(str(form.data.get("date", ""))) if asked.get("date") else "",
            "undated": periods.undated(name) if all_of_it and not asked.get("date") else 0,
            "most": periods.MOST,
            "whole": timeline_url("", place),
            "wider": _wider(asked.get("date"), place),
            **context,
        },
        status=200 if form.is_valid() else 400,
    )


def timeline_url(date: str, place: reading.Label | None) -> str:
    given = {"date": date, "place": place.key if place else ""}
    query = urlencode({key: text for key, text in given.items() if text}, safe="/")
    return reverse("timeline") + (f"?{query}" if query else "")


def _span(asked: Span | None, all_of_it: Span | None) -> Span | None:
    """What is drawn: the time asked for, its open sides as far as there are events."""
    if asked is None or all_of_it is None:
        return all_of_it
    first = all_of_it[0] if asked[0] <= -NO_DATE else asked[0]
    last = all_of_it[1] if asked[1] >= NO_DATE else asked[1]
    return (first, last) if first <= last else None


def _wider(asked: Span | None, place: reading.Label | None) -> tuple[str, str] | None:
    if asked is None or asked[0] <= -NO_DATE or asked[1] >= NO_DATE:
        return None
    edtf = calendar.wider(*asked)
    return (date_in_words(edtf), timeline_url(edtf, place)) if edtf else None


def _shown(name: str, span: Span, place: reading.Label | None, asked: Span | None) -> dict[str, Any]:
    unit = calendar.unit_for(*span)
    drawn = calendar.periods(*span, unit)
    edges = [period.first for period in drawn] + [drawn[-1].following]
    # Only what begins in the time asked for is counted in its first and last period.
    edges[0], edges[-1] = max(edges[0], span[0]), min(edges[-1], span[1] + 1)
    numbers = periods.counts(name, edges, unit.closest)
    longer, more = periods.longer(name, span, unit.closest)
    values = (value("event", "place", place.uid),) if place else ()
    found = listing.page(Selection("event", values, date=asked))
    labels = reading.labels({*longer, *(uid for entry in found.entries for uid in entry.card["places"])})
    return {
        "columns": columns(drawn, numbers, place),
        "unit": unit,
        "longer": [labels[uid] for uid in longer if uid in labels],
        "more_longer": more,
        "entries": found.entries,
        "more": found.has_next,
        "timeline": None if found.has_next else bars(found.entries, span if asked else None),
        "labels": labels,
    }


def columns(drawn: Sequence[Period], numbers: Sequence[int], place: reading.Label | None) -> list[Column]:
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
                timeline_url(period.edtf, place),
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
