"""A view of the world as drawn on a page: where it looks, and how degrees become lengths of the drawing.

Plate carrée, true to scale at the latitude in the middle: near a place it is as good as any projection, and a straight
line of degrees stays a straight line, so that the land's paths need only be put in their places.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kb.cartography import grid
from kb.cartography.land import UNITS, Area, Point, land_at

WIDTH, HEIGHT = 720, 460
#: The whole world is not as high.
WORLD_HEIGHT = 360
MAX_ZOOM = grid.FINEST
KILOMETRES = 111.32  # a degree of latitude


@dataclass(frozen=True)
class Placed:
    """A path of the land and where it goes: the value of a `transform`."""

    path: str
    transform: str


@dataclass(frozen=True)
class View:
    """`north` and `east` are the degrees in the middle; each zoom shows half of the one before."""

    north: float
    east: float
    zoom: int

    closest = MAX_ZOOM

    @property
    def height(self) -> int:
        return HEIGHT if self.zoom else WORLD_HEIGHT

    @cached_property
    def scale(self) -> Point:
        """How long a degree is, from west to east and from south to north."""
        up = WIDTH * 2.0**self.zoom / 360
        # A view holds the world once.
        return max(up * math.cos(math.radians(self.north)), WIDTH / 360), up

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north; west or east may lie beyond the 180th degree."""
        across, up = self.scale
        half, high = WIDTH / 2 / across, self.height / 2 / up
        return self.east - half, self.north - high, self.east + half, self.north + high

    def place(self, north: float, east: float) -> Point:
        """Where a spot is drawn: by the shorter way around the world."""
        across, up = self.scale
        aside = (east - self.east + 180) % 360 - 180
        return round(WIDTH / 2 + aside * across, 1), round(self.height / 2 + (self.north - north) * up, 1)

    def shows(self, north: float, east: float) -> bool:
        x, y = self.place(north, east)
        return 0 <= x <= WIDTH and 0 <= y <= self.height

    def squares(self, zoom: int) -> tuple[range, list[range]]:
        """The grid's squares in view: rows, and columns, in two parts where they pass the 180th degree."""
        west, south, east, north = self.box
        side, around = grid.side(zoom), grid.columns(zoom)
        first, last = math.floor((west + 180) / side), math.floor((east + 180) / side)
        low, high = (grid.square(degrees, 0, zoom)[1] for degrees in (south, north))
        rows = range(low, high + 1)
        if last - first + 1 >= around:
            return rows, [range(around)]
        first, last = first % around, last % around
        if first <= last:
            return rows, [range(first, last + 1)]
        return rows, [range(first, around), range(last + 1)]

    def land(self) -> Iterator[tuple[Placed, Placed]]:
        """Paths of land and of borders, cell by cell."""
        land = land_at(self.zoom)
        level = land.level
        west, south, east, north = self.box
        across, up = self.scale
        size = f"scale({level.width * across / UNITS:.5g} {level.height * up / UNITS:.5g})"
        around = round(360 / level.width)
        for row in range(
            math.floor((south + 90) / level.height), math.floor((north + 90) / level.height) + 1
        ):
            top = self.height / 2 + (self.north + 90 - (row + 1) * level.height) * up
            for column in range(
                math.floor((west + 180) / level.width), math.floor((east + 180) / level.width) + 1
            ):
                paths = land.cells.get((column % around, row))
                if paths:
                    left = WIDTH / 2 + (column * level.width - 180 - self.east) * across
                    move = f"translate({left:.1f} {top:.1f}){size}"
                    yield Placed(paths[0], move), Placed(paths[1], move)

    def disputed(self) -> list[str]:
        """Paths of the disputed areas in view, in the drawing's own lengths."""
        found = []
        west, south, east, north = self.box
        for area in land_at(self.zoom).disputed:
            for turn in (-360, 0, 360):
                left, low, right, high = area.box
                if left + turn <= east and right + turn >= west and low <= north and high >= south:
                    found.append(self._path(area, turn))
        return found

    def _path(self, area: Area, turn: int) -> str:
        across, up = self.scale
        x0, y0 = WIDTH / 2 + (turn - self.east) * across, self.height / 2 + self.north * up
        rings = (
            "L".join(f"{x0 + east * across:.1f} {y0 - north * up:.1f}" for east, north in ring)
            for ring in area.rings
        )
        return "".join(f"M{ring}z" for ring in rings)

    def bar(self) -> tuple[int, float] | None:
        """A bar to measure by: kilometres in round numbers, and its length. None where it would be true of little."""
        if self.zoom < 3:
            return None
        kilometre = self.scale[1] / KILOMETRES
        step = next(step for step in (500, 200, 100, 50, 20, 10) if step * kilometre <= WIDTH / 5)
        return step, round(step * kilometre, 1)

    def zoomed(self, by: int) -> View | None:
        zoom = self.zoom + by
        return looking(self.north, self.east, zoom) if 0 <= zoom <= MAX_ZOOM else None

    def moved(self, right: int, up: int) -> View | None:
        """The next view on one side, overlapping by half. None where the world ends, or is seen whole."""
        if not self.zoom:
            return None
        west, south, east, north = self.box
        there = looking(
            self.north + up * (north - south) / 2, self.east + right * (east - west) / 2, self.zoom
        )
        return None if there == self else there


def looking(north: float, east: float, zoom: int) -> View:
    """The view nearest to the one asked for that does not look beyond the poles; the whole world at zoom 0."""
    zoom = min(max(zoom, 0), MAX_ZOOM)
    if zoom == 0:
        return View(0, 0, 0)
    edge = 90 - HEIGHT / 2 / (WIDTH * 2.0**zoom / 360)
    east = (east + 180) % 360 - 180
    return View(round(min(max(north, -edge), edge), 4), round(east, 4), zoom)


def around(spots: Iterable[Point], closest: int) -> View | None:
    """The closest view, no closer than asked, that shows all these spots (north, east) with some room around them."""
    given = list(spots)
    if not given:
        return None
    north = [one[0] for one in given]
    first = given[0][1]
    # Measured from the first, so that islands on both sides of the 180th degree are neighbours.
    aside = [(one[1] - first + 180) % 360 - 180 for one in given]
    middle = ((min(north) + max(north)) / 2, first + (min(aside) + max(aside)) / 2)
    for zoom in range(closest, 0, -1):
        view = looking(*middle, zoom)
        room = 0.12
        if all(
            room * WIDTH <= x <= (1 - room) * WIDTH and room * HEIGHT <= y <= (1 - room) * HEIGHT
            for x, y in (view.place(*one) for one in given)
        ):
            return view
    return looking(0, 0, 0)
