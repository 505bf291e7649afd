"""Natural Earth's land, borders and disputed areas, as made by `kb.cartography.making`: read once, at first use."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
#: What each cell measures, both ways, in its own paths.
UNITS = 1000

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Level:
    """A level of detail: its cells and what they leave out, in degrees, and up to which zoom it serves."""

    name: str
    width: float
    height: float
    tolerance: float
    smallest: float
    zoom: int


LEVELS = (
    Level("world", 90, 90, 0.15, 0.3, 1),
    Level("far", 15, 15, 0.06, 0.02, 3),
    Level("middle", 5, 5, 0.02, 0.0008, 5),
    Level("near", 2, 2, 0.004, 0.0, 99),
)


@dataclass(frozen=True)
class Area:
    """A disputed area: its rings, and the box around them (west, south, east, north)."""

    rings: list[Ring]
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Land:
    level: Level
    #: By column from 180° west and row from 90° south: the paths of land and of borders.
    cells: dict[tuple[int, int], tuple[str, str]]
    disputed: tuple[Area, ...]


def land_at(zoom: int) -> Land:
    return _read(next(level for level in LEVELS if zoom <= level.zoom))


@lru_cache(maxsize=len(LEVELS))
def _read(level: Level) -> Land:
    given = json.loads(gzip.decompress((DATA / f"{level.name}.json.gz").read_bytes()))
    cells = {}
    for name, (land, borders) in given["cells"].items():
        column, row = name.split(",")
        cells[int(column), int(row)] = (land, borders)
    return Land(level, cells, tuple(_area(rings) for rings in given["disputed"]))


def _area(rings: list[list[list[float]]]) -> Area:
    east = [x for ring in rings for x, _ in ring]
    north = [y for ring in rings for _, y in ring]
    box = (min(east), min(north), max(east), max(north))
    return Area([[(x, y) for x, y in ring] for ring in rings], box)
