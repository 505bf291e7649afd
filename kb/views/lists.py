"""The public lists: each filters by a form, comes in numbered pages, and asks as little for many rows as for one."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kb.book import reading
from kb.filters import ClaimFilter, CorrectionFilter, EventFilter, PlaceFilter, RebuttalFilter
from kb.views.caching import public
from kb.views.neighbours import with_authors
from kb.views.pages import paged, respond


def listing(
    request: HttpRequest,
    filterset: type[django_filters.FilterSet],
    entries: QuerySet[Any],
    template: str,
    **context: Any,
) -> HttpResponse:
    """A filtered list, with the labels of what its cards refer to."""
    found = filterset(request.GET, queryset=entries)
    shown = paged(request, found.qs if found.form.is_valid() else entries.none())
    cards = [entry.record.card for entry in shown["entries"]]
    uids = {uid for card in cards for uid in _references(card)}
    labels = with_authors(dict(reading.labels(uids))) if uids else {}
    records = [entry.record for entry in shown["entries"]]
    return respond(
        request,
        template,
        {
            **shown,
            "form": found.form,
            "filtered": any(request.GET.get(name) for name in found.form.fields),
            "labels": labels | {r.uid: reading.label(r) for r in records if r.kind == "place"},
            **context,
        },
    )


def _references(card: dict[str, Any]) -> list[str]:
    """The records that a card names."""
    named = [card.get(name) for name in ("claim", "raised_by", "part_of")]
    several = [uid for name in ("events", "authors", "places") for uid in card.get(name) or ()]
    return [uid for uid in [*named, *several] if uid]


@public
def claim_list(request: HttpRequest) -> HttpResponse:
    kind, _slash, key = request.GET.get("about", "").partition("/")
    return listing(
        request,
        ClaimFilter,
        reading.claims(),
        "kb/claim_list.html",
        section="claims",
        title=_("Claims"),
        about=_label(kind, key),
    )


def _label(kind: str, key: str) -> reading.Label | None:
    """What a list is narrowed to, if it is published."""
    if not key:
        return None
    try:
        page = reading.get(kind, key)
    except (reading.NotFound, reading.Moved, reading.Gone):
        return None
    return page.labels.get(page.uid)


@public
def place_list(request: HttpRequest) -> HttpResponse:
    return listing(
        request, PlaceFilter, reading.places(), "kb/place_list.html", section="places", title=_("Places")
    )


@public
def event_list(request: HttpRequest) -> HttpResponse:
    return listing(
        request, EventFilter, reading.events(), "kb/event_list.html", section="events", title=_("Events")
    )


@public
def rebuttal_list(request: HttpRequest) -> HttpResponse:
    return listing(
        request,
        RebuttalFilter,
        reading.rebuttals(),
        "kb/rebuttal_list.html",
        section="rebuttals",
        title=_("Rebuttals"),
    )


@public
def correction_list(request: HttpRequest) -> HttpResponse:
    return listing(
        request,
        CorrectionFilter,
        reading.corrections(),
        "kb/correction_list.html",
        section="corrections",
        title=_("Corrections"),
    )
