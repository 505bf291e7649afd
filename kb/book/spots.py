"""Where published places are, for maps: kept as releases go by, made from their documents alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from kb.book import tallies
from kb.book.models import PlaceSpot, PlaceSquare
from kb.cartography import grid

Document = dict[str, Any]

_KEYS = ("zoom", "row", "column", "place_kind")
_NUMBERS = ("count", "north", "east")
_CHUNK = 500


def follow(given: Iterable[Document]) -> None:
    """Put these current documents, as far as they are of places with coordinates, on the map."""
    places = [document for document in given if document["kind"] == "place"]
    for at in range(0, len(places), _CHUNK):
        some = places[at : at + _CHUNK]
        changes = _taken_off([document["uid"] for document in some])
        rows = [row for row in map(_spot, some) if row is not None]
        _count(rows, changes, sign=1)
        PlaceSpot.objects.bulk_create(rows, batch_size=_CHUNK)
        tallies.apply(PlaceSquare, _KEYS, _NUMBERS, changes)


def forget(uids: Sequence[str]) -> None:
    tallies.apply(PlaceSquare, _KEYS, _NUMBERS, _taken_off(uids))


def _taken_off(uids: Sequence[str]) -> tallies.Changes:
    """Delete the spots of these records. Returns what is to be taken from the squares."""
    changes = tallies.Changes()
    there = PlaceSpot.objects.filter(record__in=uids)
    _count(there, changes, sign=-1)
    there.delete()
    return changes


def _spot(document: Document) -> PlaceSpot | None:
    if not document["latitude"] or not document["longitude"]:
        return None
    north, east = (_millionths(document[name]) for name in ("latitude", "longitude"))
    return PlaceSpot(
        record_id=document["uid"],
        place_kind=document["place_kind"],
        code=grid.code(north / grid.MILLIONTHS, east / grid.MILLIONTHS),
        north=north,
        east=east,
    )


def _millionths(degrees: str) -> int:
    return int(Decimal(degrees) * grid.MILLIONTHS)


def _count(rows: Iterable[PlaceSpot], changes: tallies.Changes, *, sign: int) -> None:
    for row in rows:
        for zoom in grid.ZOOMS:
            column, line = grid.square(row.north / grid.MILLIONTHS, row.east / grid.MILLIONTHS, zoom)
            changes.add((zoom, line, column, row.place_kind), 1, row.north, row.east, sign=sign)
