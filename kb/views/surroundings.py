"""The map on a place's page: the place, its parts, and what is near them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kb.book import atlas
from kb.book.atlas import Spot
from kb.cartography.view import View, around
from kb.views.map import CLOSEST, Dot, drawn

Document = dict[str, Any]

#: How closely a place is looked at whose kind says nothing.
CLOSE = 6


def surroundings(place: Document, parts: Iterable[Document], *, alone: bool) -> tuple[View, list[Dot]] | None:
    """A view of a place and its dots; None where neither it nor a part of it has coordinates.

    `alone`: without what is near, which an old version says nothing of.
    """
    here = _spots([place])
    own = [*(("here", spot) for spot in here), *(("part", spot) for spot in _spots(parts))]
    view = around([(spot.north, spot.east) for _, spot in own], CLOSEST.get(place["place_kind"], CLOSE))
    if view is None:
        return None
    seen = atlas.Seen((), 0) if alone else atlas.seen(view)
    return view, drawn(view, seen, own)


def _spots(given: Iterable[Document]) -> list[Spot]:
    return [
        Spot(1, float(one["latitude"]), float(one["longitude"]), one["uid"])
        for one in given
        if one["latitude"] and one["longitude"]
    ]
