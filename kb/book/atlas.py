"""Published places on a map: those in view, one by one where they are few, else counted in squares.

A map of a hundred thousand places costs what its squares in view cost, however many places they stand for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from kb.book.models import PlaceSpot, PlaceSquare
from kb.cartography import grid
from kb.cartography.view import View

#: So many in view are looked up one by one.
FEW = 120


@dataclass(frozen=True)
class Spot:
    """A place, or several in one square: how many, where in degrees, and which, if it was looked up."""

    count: int
    north: float
    east: float
    uid: str = ""


@dataclass(frozen=True)
class Seen:
    spots: tuple[Spot, ...]
    total: int


def seen(view: View, kind: str = "") -> Seen:
    """What a view shows of the published places (of one kind)."""
    zoom = next(zoom for zoom in grid.ZOOMS if zoom >= view.zoom)
    squares = {
        (column, row): _spot(count, north, east)
        for part in _squares(view, zoom, kind)
        for column, row, count, north, east in part
    }
    inside = {at: spot for at, spot in squares.items() if view.shows(spot.north, spot.east)}
    total = sum(spot.count for spot in inside.values())
    # Of many, only those that stand alone are looked up, and of these no more than can be labelled.
    wanted = [at for at, spot in inside.items() if total <= FEW or spot.count == 1][:FEW]
    named = {spot.uid: spot for spot in _named(wanted, zoom, kind)}
    left = [spot for at, spot in inside.items() if at not in set(wanted)]
    return Seen((*named.values(), *left), total)


def _spot(count: int, north: int, east: int) -> Spot:
    return Spot(count, north / count / grid.MILLIONTHS, east / count / grid.MILLIONTHS)


def _squares(view: View, zoom: int, kind: str) -> Iterable[QuerySet]:
    rows, columns = view.squares(zoom)
    found = PlaceSquare.objects.filter(zoom=zoom, row__in=list(rows))
    if kind:
        found = found.filter(place_kind=kind)
    for part in columns:
        yield (
            found.filter(column__gte=part.start, column__lt=part.stop)
            .values("column", "row")
            .annotate(several=Sum("count"), to_north=Sum("north"), to_east=Sum("east"))
            .order_by("row", "column")
            .values_list("column", "row", "several", "to_north", "to_east")
        )


def _named(squares: Iterable[grid.Square], zoom: int, kind: str) -> Iterable[Spot]:
    ranges = grid.codes(squares, zoom)
    if not ranges:
        return
    condition = Q()
    for first, last in ranges:
        condition |= Q(code__gte=first, code__lte=last)
    found = PlaceSpot.objects.filter(condition)
    if kind:
        found = found.filter(place_kind=kind)
    for uid, north, east in found.order_by("record").values_list("record_id", "north", "east"):
        yield Spot(1, north / grid.MILLIONTHS, east / grid.MILLIONTHS, uid)
