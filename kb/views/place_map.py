"""The map of all published places: any view of it has an address, and needs no script."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.book import atlas, reading
from kb.cartography.view import MAX_ZOOM, View, looking
from kb.filters import words_of
from kb.interchange import records
from kb.views.caching import open_data, public
from kb.views.data import as_json
from kb.views.map import Dot, drawn, finished, map_url
from kb.views.pages import Alternate, respond
from kb.views.words import PLACE_KINDS

GEOJSON = "application/geo+json"
_SPOT = re.compile(r"\s*(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)\s*")


class SpotField(forms.CharField):
    """Degrees north and east, as in "44.83,147.83"; south and west are negative."""

    def clean(self, value: Any) -> tuple[float, float] | None:
        text = super().clean(value)
        if not text:
            return None
        match = _SPOT.fullmatch(text)
        if not match or abs(float(match[1])) > 90 or abs(float(match[2])) > 180:
            raise forms.ValidationError(
                _("Where the map looks is given as degrees north and east, as in “44.83,147.83”.")
            )
        return float(match[1]), float(match[2])


class MapForm(forms.Form):
    at = SpotField(required=False, max_length=40, widget=forms.HiddenInput)
    zoom = forms.IntegerField(required=False, min_value=0, max_value=MAX_ZOOM, widget=forms.HiddenInput)
    place_kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=lambda: [("", _("Any")), *words_of(PLACE_KINDS)],
    )


@public
def place_map(request: HttpRequest) -> HttpResponse:
    form = MapForm(request.GET)
    view, kind = _looked_at(form)
    seen = atlas.seen(view, kind)
    dots = drawn(view, seen, kind=kind)
    labels = reading.labels({uid for dot in dots for uid in dot.uids})
    shown = finished(view, dots, labels)
    return respond(
        request,
        "kb/place_map.html",
        {
            "section": "places",
            "title": _("Map of places"),
            "form": form,
            "map": shown,
            "listed": sorted(shown.dots, key=_in_list),
            "total": seen.total,
            "labels": labels,
            "map_filtered": bool(kind),
            "whole": map_url(looking(0, 0, 0), place_kind=kind),
            "ways": _ways(view, kind),
            "alternates": [Alternate(GEOJSON, _data_url(request), "GeoJSON")],
        },
        status=200 if form.is_valid() else 400,
    )


def _data_url(request: HttpRequest) -> str:
    query = request.GET.urlencode(safe=",")
    return reverse("place_map_json") + (f"?{query}" if query else "")


@open_data
def as_geojson(request: HttpRequest) -> HttpResponse:
    """The places in a view of the map, those that crowd as one point with their number."""
    form = MapForm(request.GET)
    if not form.is_valid():
        return as_json(
            {"error": "There is no such view of the map. Its page says what is wrong."}, status=400
        )
    seen = atlas.seen(*_looked_at(form))
    labels = reading.labels({spot.uid for spot in seen.spots if spot.uid})
    response = as_json(
        {
            "type": "FeatureCollection",
            "total": seen.total,
            "licence": records.licence(reading.desk()),
            "features": [_feature(spot, labels, request.build_absolute_uri) for spot in seen.spots],
        }
    )
    response.headers["Content-Type"] = GEOJSON
    return response


def _feature(spot: atlas.Spot, labels: reading.Labels, absolute: records.Absolute) -> dict[str, Any]:
    place = labels.get(spot.uid)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(spot.east, 6), round(spot.north, 6)]},
        "properties": {"count": spot.count, "place": records.label(place, absolute) if place else None},
    }


def _looked_at(form: MapForm) -> tuple[View, str]:
    """The view that is asked for, and the kind of place; the whole world where that makes no sense."""
    asked = form.cleaned_data if form.is_valid() else {}
    spot, zoom, kind = asked.get("at"), asked.get("zoom"), asked.get("place_kind") or ""
    if spot is None:
        return looking(0, 0, zoom or 0), kind
    north, east = spot
    return looking(north, east, 4 if zoom is None else zoom), kind


def _in_list(dot: Dot) -> tuple[bool, str, float]:
    """Places by name, then groups of places that have no name of their own, the largest first."""
    name = dot.labels[0].text.casefold() if dot.labels else ""
    return not name, name, -dot.count


def _ways(view: View, kind: str) -> list[tuple[str, str, str]]:
    """Where one can go from here: a name for the style sheet, words, and an address."""
    steps = (
        ("closer", _("Closer"), view.zoomed(1)),
        ("farther", _("Farther"), view.zoomed(-1)),
        ("north", _("North"), view.moved(0, 1)),
        ("south", _("South"), view.moved(0, -1)),
        ("west", _("West"), view.moved(-1, 0)),
        ("east", _("East"), view.moved(1, 0)),
    )
    return [(name, words, map_url(there, place_kind=kind)) for name, words, there in steps if there]
