"""Makes the files under `data/` from Natural Earth's. Run when those change; nothing of this is needed by the site.

    python -m kb.cartography.making COUNTRIES_10M DISPUTED_AREAS

The first is `countries-10m.json` of the npm package world-atlas 2.0.2, the second Natural Earth's
`ne_10m_admin_0_disputed_areas` as GeoJSON. Needs shapely 2.2.0, which the site does not.

Each level of detail is cut into cells. A cell's land and borders are SVG paths in units of that cell, so that drawing
a map costs no work for each point: the cells are put in their places by a transformation.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import shapely
import shapely.affinity
from shapely.geometry.base import BaseGeometry

from kb.cartography.land import DATA, LEVELS, UNITS, Level

#: Borders as near as this to a disputed area, in degrees, are left out: the area's own outline is drawn instead, all
#: of it alike, whoever controls it.
NEAR = 0.02
WORLD = shapely.box(-180, -90, 180, 90)


def main(countries: Path, disputed: Path) -> None:
    topology = json.loads(countries.read_text())
    land = shapely.union_all([shapely.make_valid(area) for area in areas_of(topology, "land")])
    contested = [*disputed_areas(json.loads(disputed.read_text()))]
    borders = shapely.union_all(shared_lines(topology))
    borders = shapely.difference(borders, shapely.union_all(contested).buffer(NEAR))
    for level in LEVELS:
        made = {"cells": dict(cells(level, land, borders)), "disputed": [*outlines(level, contested)]}
        text = json.dumps(made, separators=(",", ":"), sort_keys=True)
        # Without a time in it, the same geometry is the same file.
        (DATA / f"{level.name}.json.gz").write_bytes(gzip.compress(text.encode() + b"\n", mtime=0))


# --- reading ---------------------------------------------------------------------------------------------------


def arcs_of(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The lines of a TopoJSON file in degrees: each point is given as the difference from the one before it."""
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for east, north in arc:
            x, y = x + east, y + north
            line.append((x * scale[0] + origin[0], y * scale[1] + origin[1]))
        found.append(line)
    return found


def areas_of(topology: dict[str, Any], name: str) -> Iterator[BaseGeometry]:
    arcs = arcs_of(topology)
    for polygon in polygons_of(topology["objects"][name]):
        # Rounded to the file's grid, the smallest have shrunk to less than a triangle.
        rings = [ring for numbers in polygon if len(ring := ring_of(arcs, numbers)) > 3]
        if rings:
            yield from upon_the_world([unrolled(ring) for ring in rings])


def polygons_of(given: dict[str, Any]) -> Iterator[list[list[int]]]:
    if given["type"] == "GeometryCollection":
        for one in given["geometries"]:
            yield from polygons_of(one)
    elif given["type"] == "Polygon":
        yield given["arcs"]
    elif given["type"] == "MultiPolygon":
        yield from given["arcs"]


def ring_of(arcs: list[list[tuple[float, float]]], numbers: Iterable[int]) -> list[tuple[float, float]]:
    ring: list[tuple[float, float]] = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += line[1:] if ring else line
    return ring


def unrolled(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A ring that goes on past the 180th degree instead of jumping; one that goes around the pole is closed there."""
    found = [ring[0]]
    for east, north in ring[1:]:
        before = found[-1][0]
        found.append((before + (east - before + 180) % 360 - 180, north))
    if abs(found[-1][0] - found[0][0]) > 180:
        found += [(found[-1][0], -90), (found[0][0], -90)]
    return found


def upon_the_world(rings: list[list[tuple[float, float]]]) -> Iterator[BaseGeometry]:
    """The parts of an area on either side of the 180th degree, each where it belongs."""
    area = shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))
    for turn in (-360, 0, 360):
        part = shapely.intersection(shapely.affinity.translate(area, turn), WORLD)
        if not part.is_empty:
            yield part


def shared_lines(topology: dict[str, Any]) -> list[BaseGeometry]:
    """The lines that two countries have in common."""
    of: dict[int, set[int]] = {}
    for country, geometry in enumerate(topology["objects"]["countries"]["geometries"]):
        for polygon in polygons_of(geometry):
            for number in (number for ring in polygon for number in ring):
                of.setdefault(number if number >= 0 else ~number, set()).add(country)
    arcs = arcs_of(topology)
    return [shapely.LineString(arcs[number]) for number, countries in of.items() if len(countries) > 1]


def disputed_areas(given: dict[str, Any]) -> Iterator[BaseGeometry]:
    """All but zones that are only watched or leased, and that nobody claims besides."""
    for feature in given["features"]:
        about = feature["properties"]
        claimed = "claimed" in (about["NOTE_BRK"] or "").lower()
        if claimed or about["TYPE"] not in ("Overlay", "Lease"):
            yield shapely.make_valid(shapely.geometry.shape(feature["geometry"]))


# --- writing ---------------------------------------------------------------------------------------------------


def cells(level: Level, land: BaseGeometry, borders: BaseGeometry) -> Iterator[tuple[str, list[str]]]:
    """What is in each cell that is not all water: paths of its land and of its borders."""
    seen = [area for area in parts(land, "Polygon") if area.area >= level.smallest]
    seen = [shapely.make_valid(shapely.simplify(area, level.tolerance)) for area in seen]
    drawn = [*parts(shapely.simplify(shapely.line_merge(borders), level.tolerance), "LineString")]
    areas, lines = shapely.STRtree(seen), shapely.STRtree(drawn)
    for row in range(int(180 / level.height)):
        for column in range(int(360 / level.width)):
            west, south = column * level.width - 180, row * level.height - 90
            box = (west, south, west + level.width, south + level.height)
            inside = [
                [
                    shapely.clip_by_rect(given[number], *box)
                    for number in sorted(tree.query(shapely.box(*box)))
                ]
                for given, tree in ((seen, areas), (drawn, lines))
            ]
            shores = [ring for one in inside[0] for area in parts(one, "Polygon") for ring in rings(area)]
            within = [line.coords for one in inside[1] for line in parts(one, "LineString")]
            paths = [
                "".join(path(level, west, south, line, closed) for line in given)
                for given, closed in ((shores, True), (within, False))
            ]
            if any(paths):
                yield f"{column},{row}", paths


def parts(geometry: BaseGeometry, kind: str) -> Iterator[Any]:
    if geometry.geom_type == kind:
        if not geometry.is_empty:
            yield geometry
    else:
        for one in getattr(geometry, "geoms", ()):
            yield from parts(one, kind)


def rings(area: Any) -> Iterator[Any]:
    yield area.exterior.coords
    yield from (hole.coords for hole in area.interiors)


def path(level: Level, west: float, south: float, line: Iterable[tuple[float, float]], closed: bool) -> str:
    """An SVG path from the cell's upper left corner, each point given as the difference from the one before it."""
    points: list[tuple[int, int]] = []
    for east, north in line:
        x = round((east - west) / level.width * UNITS)
        y = round((south + level.height - north) / level.height * UNITS)
        if not points or points[-1] != (x, y):
            points.append((x, y))
    if closed and points[0] == points[-1]:
        points.pop()
    if len(points) < (3 if closed else 2):
        return ""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(points, points[1:], strict=False)]
    begin = f"M{numbers([points[0]])}"
    return f"{begin}l{numbers(steps)}{'z' if closed else ''}"


def numbers(pairs: Iterable[tuple[int, int]]) -> str:
    text = ""
    for number in (number for pair in pairs for number in pair):
        text += f"{number}" if number < 0 or not text else f" {number}"
    return text


def outlines(level: Level, contested: Iterable[BaseGeometry]) -> Iterator[list[list[list[float]]]]:
    """Disputed areas as rings of degrees, east before north; those too small to be seen as their bounds."""
    digits = 3 if level.tolerance < 0.01 else 2
    for area in contested:
        simple = shapely.simplify(area, level.tolerance)
        found = [
            [[round(east, digits), round(north, digits)] for east, north in ring]
            for one in parts(simple, "Polygon")
            if one.area >= level.smallest
            for ring in rings(one)
        ]
        if found:
            yield found


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
