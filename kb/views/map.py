"""Maps as pages draw them: land, disputed areas, and places as dots with their names, those that crowd as one.

The template draws what is measured here; nothing of it needs a script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from kb.book import atlas, reading
from kb.book.atlas import Spot
from kb.cartography.view import WIDTH, Placed, View

#: Dots nearer to each other than this are drawn as one.
GAP = 18
#: How closely a place is looked at by itself.
CLOSEST = {"city": 7, "state": 3, "region": 5, "sea": 4}
_ROOM = 6


@dataclass(frozen=True)
class Name:
    """A dot's name on the map: where its text begins or ends, and its words, each with its language."""

    x: float
    y: float
    anchor: str
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Dot:
    """One place, or several too near to each other to be told apart: `uids` are those that were looked up.

    `role` is "here" for a page's own place, "part" for its parts, else empty.
    """

    x: float
    y: float
    count: int
    uids: tuple[str, ...]
    url: str
    role: str = ""
    labels: tuple[reading.Label, ...] = ()
    name: Name | None = None
    north: float = 0
    east: float = 0

    @property
    def radius(self) -> float:
        return 5 if self.count == 1 else min(9 + 2.2 * len(str(self.count)) + self.count**0.25, 26)


@dataclass(frozen=True)
class Map:
    view: View
    land: tuple[tuple[Placed, Placed], ...]
    disputed: tuple[str, ...]
    dots: tuple[Dot, ...]


def map_url(view: View, **parameters: str) -> str:
    """The address of the map of all places with this view."""
    given = (
        {"at": f"{_degrees(view.north)},{_degrees(view.east)}", "zoom": str(view.zoom)} if view.zoom else {}
    )
    query = urlencode({**given, **{name: value for name, value in parameters.items() if value}}, safe=",")
    return _address() + (f"?{query}" if query else "")


@cache
def _address() -> str:
    return reverse("place_map")


def _degrees(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def drawn(view: View, seen: atlas.Seen, own: Sequence[tuple[str, Spot]] = (), kind: str = "") -> list[Dot]:
    """The dots of a map: `own` are a page's own places with their roles, which are drawn whatever is near them."""
    mine = {spot.uid for _, spot in own}
    dots = [_dot(view, [spot], kind, role) for role, spot in own if view.shows(spot.north, spot.east)]
    others = [spot for spot in seen.spots if spot.uid not in mine]
    return dots + [_dot(view, group, kind) for group in _together(view, others)]


def _dot(view: View, spots: Sequence[Spot], kind: str, role: str = "") -> Dot:
    count = sum(spot.count for spot in spots)
    north = sum(spot.north * spot.count for spot in spots) / count
    # By the view's own way around the world, or what lies on both sides of the 180th degree would meet at its back.
    aside = [(spot.east - view.east + 180) % 360 - 180 for spot in spots]
    east = view.east + sum(way * spot.count for way, spot in zip(aside, spots, strict=True)) / count
    closer = replace(view, north=round(north, 4), east=round(east, 4), zoom=view.zoom).zoomed(
        2
    ) or view.zoomed(1)
    url = map_url(closer, place_kind=kind) if closer else ""
    uids = tuple(spot.uid for spot in spots if spot.uid)
    return Dot(*view.place(north, east), count, uids, url, role, north=north, east=east)


def _together(view: View, spots: Iterable[Spot]) -> list[list[Spot]]:
    """Spots in groups that can be told apart, the largest taking in what is near."""
    groups: dict[tuple[int, int], list[tuple[float, float, list[Spot]]]] = {}
    for spot in sorted(spots, key=lambda spot: (-spot.count, spot.uid)):
        x, y = view.place(spot.north, spot.east)
        column, row = int(x // GAP), int(y // GAP)
        near = (
            group
            for across in (column, column - 1, column + 1)
            for down in (row, row - 1, row + 1)
            for group in groups.get((across, down), ())
            if abs(group[0] - x) < GAP and abs(group[1] - y) < GAP
        )
        found = next(near, None)
        if found is None:
            groups.setdefault((column, row), []).append((x, y, [spot]))
        else:
            found[2].append(spot)
    return [spots for cell in groups.values() for _, _, spots in cell]


def finished(view: View, dots: Sequence[Dot], labels: Mapping[str, reading.Label]) -> Map:
    """The map with what its dots are called. Names are left out where there is no room; the list has them all."""
    taken: list[tuple[float, float, float, float]] = [
        (dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius) for dot in dots
    ]
    known = []
    for dot in dots:
        called = tuple(labels[uid] for uid in dot.uids if uid in labels)
        name = _name(view, dot, called[0], taken) if dot.count == 1 and called else None
        url = called[0].url if dot.count == 1 and called else dot.url
        known.append(replace(dot, labels=called, name=name, url=url))
    return Map(view, tuple(view.land()), tuple(view.disputed()), tuple(known))


def _name(
    view: View, dot: Dot, label: reading.Label, taken: list[tuple[float, float, float, float]]
) -> Name | None:
    words: list[tuple[str, str]] = []
    for forms in label.written("list") or [((label.text, ""),)]:
        words += [(" / ", "")] if words else []
        for index, form in enumerate(forms):
            words += [(" ", ""), form] if index else [form]
    width = sum(13.0 if ord(letter) >= 0x2E80 else 7.4 for text, _ in words for letter in text)
    if dot.role == "here":
        width *= 1.25
    off = dot.radius + 5
    for x, y, anchor, left in (
        (dot.x + off, dot.y + 4, "start", dot.x + off),
        (dot.x - off, dot.y + 4, "end", dot.x - off - width),
        (dot.x, dot.y - off - 2, "middle", dot.x - width / 2),
        (dot.x, dot.y + off + 11, "middle", dot.x - width / 2),
    ):
        box = (left, y - 12, left + width, y + 4)
        inside = (
            left > _ROOM and left + width < WIDTH - _ROOM and y - 12 > _ROOM and y + 4 < view.height - _ROOM
        )
        if inside and not any(_meet(box, other) for other in taken):
            taken.append(box)
            return Name(round(x, 1), round(y, 1), anchor, tuple(words))
    return None


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]
