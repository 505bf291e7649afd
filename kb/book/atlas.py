"""Published places on a map: those in view, one by one where they are few, else counted in squares.

A map of a hundred thousand places costs what its squares in view cost, however many places they stand for. Plain SQL,
because to build the ranges of a hundred squares from objects takes longer than all the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.book import asking
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
        for column, row, count, north, east in _squares(view, zoom, kind)
    }
    inside = {at: spot for at, spot in squares.items() if view.shows(spot.north, spot.east)}
    total = sum(spot.count for spot in inside.values())
    # Of many, only those that stand alone are looked up, and of these no more than can be labelled.
    wanted = [at for at, spot in inside.items() if total <= FEW or spot.count == 1][:FEW]
    named = {spot.uid: spot for spot in _named(wanted, zoom, kind)}
    left = [spot for at, spot in inside.items() if at not in set(wanted)]
    return Seen((*named.values(), *left), total)


def _spot(count: int, north: int, east: int) -> Spot:
    # PostgreSQL adds up to decimals.
    count, north, east = int(count), int(north), int(east)
    return Spot(count, north / count / grid.MILLIONTHS, east / count / grid.MILLIONTHS)


def _squares(view: View, zoom: int, kind: str) -> Iterable[tuple[int, int, int, int, int]]:
    """Column and row of each square with places in it, how many, and the sums of their degrees."""
    rows, columns = view.squares(zoom)
    only = " AND place_kind = %s" if kind else ""
    for part in columns:
        yield from asking.rows(
            f'SELECT "column", "row", SUM(count), SUM(north), SUM(east) FROM book_placesquare WHERE zoom = %s '
            f'AND "row" IN ({asking.marks(rows)}) AND "column" >= %s AND "column" < %s{only} GROUP BY "row", "column" '
            'ORDER BY "row", "column"',
            [zoom, *rows, part.start, part.stop, *([kind] if kind else [])],
        )


def _named(squares: Iterable[grid.Square], zoom: int, kind: str) -> Iterable[Spot]:
    ranges = grid.codes(squares, zoom)
    if not ranges:
        return
    among = " OR ".join(["code BETWEEN %s AND %s"] * len(ranges))
    only = " AND place_kind = %s" if kind else ""
    found = asking.rows(
        f"SELECT record_id, north, east FROM book_placespot WHERE ({among}){only} ORDER BY record_id",
        [*(code for ends in ranges for code in ends), *([kind] if kind else [])],
    )
    for uid, north, east in found:
        yield Spot(1, north / grid.MILLIONTHS, east / grid.MILLIONTHS, uid)
