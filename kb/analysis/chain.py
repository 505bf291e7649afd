"""The way back of sources, drawn: which was taken from which, as rows of text with lines beside them.

Pure functions over plain values; a template draws what they measure. Each source is a row, what it was taken from
above it and to the left; a line goes down beside its column and right to whatever was taken from it. So lines meet no
dot that they do not lead to, and fifty sources are fifty lines of text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from kb.analysis.provenance import T, upwards

ROW, TOP, RADIUS, LANE, WIDTH = 28, 16, 5, 6, 700
#: From a column to its first lane, and from its last lane to the next column.
OUT, IN = 16, 14
#: More sources than this are counted and not drawn.
MOST = 120


@dataclass(frozen=True)
class Node(Generic[T]):
    """A source: where its dot is drawn, what it was taken from, and whether that goes back to itself."""

    key: T
    x: int
    y: int
    origin: bool
    supports: bool
    taken_from: tuple[T, ...]
    circle: tuple[T, ...]


@dataclass(frozen=True)
class Edge:
    """A line from a source to one that was taken from it, with the tip of its arrow; `circle` is one that closes."""

    path: str
    tip: str
    circle: bool


@dataclass(frozen=True)
class Chain(Generic[T]):
    nodes: tuple[Node[T], ...]
    edges: tuple[Edge, ...]
    text_x: int
    height: int
    left_out: int
    width: int = WIDTH


def chain(sources: Iterable[T], derived: Mapping[T, Iterable[T]], order: Sequence[T]) -> Chain[T] | None:
    """The drawing for the sources of a claim; None where none of them was taken from another.

    `order` has all that is drawn, as it is to be listed where the way back does not say.
    """
    wanted = list(dict.fromkeys(sources))
    above = {one: set(upwards(one, derived)) for one in order}
    drawn = set(wanted).union(*(above[one] for one in wanted))
    parents = {
        one: [p for p in order if p in set(derived.get(one, ())) and p != one]
        for one in order
        if one in drawn
    }
    if not any(parents.values()):
        return None
    circles = {one: _circle(one, above, order) for one in parents}
    rows = _rows(parents, circles, above)
    kept = rows[:MOST]
    layers = _layers(kept, parents, circles)
    return _drawn(kept, layers, parents, circles, set(wanted), len(rows) - len(kept))


def _circle(one: T, above: Mapping[T, set[T]], order: Sequence[T]) -> tuple[T, ...]:
    """The others that were taken from this one and that it was taken from."""
    return tuple(other for other in order if other != one and other in above[one] and one in above[other])


def _rows(
    parents: Mapping[T, Sequence[T]], circles: Mapping[T, tuple[T, ...]], above: Mapping[T, set[T]]
) -> list[T]:
    """Everything from top to bottom: below all it was taken from, circles together, each line of descent together."""
    children: dict[T, list[T]] = defaultdict(list)
    for one, over in parents.items():
        for parent in over:
            children[parent].append(one)
    outside = {one: {p for p in over if p not in circles[one]} for one, over in parents.items()}
    placed: dict[T, None] = {}

    def ready(one: T) -> bool:
        return all(p in placed for member in (one, *circles[one]) for p in outside[member])

    first = sorted(parents, key=lambda one: len(above[one]))
    for start in [one for one in first if ready(one)]:
        waiting = [start]
        while waiting:
            one = waiting.pop()
            if one in placed or not ready(one):
                continue
            together = (one, *circles[one])
            placed.update(dict.fromkeys(together))
            below = [child for member in together for child in children[member]]
            waiting += reversed([child for child in below if child not in placed])
    return list(placed)


def _layers(
    rows: Sequence[T], parents: Mapping[T, Sequence[T]], circles: Mapping[T, tuple[T, ...]]
) -> dict[T, int]:
    """How far right each stands: one further than the furthest that it was taken from."""
    layers: dict[T, int] = {}
    for one in rows:
        members = (one, *circles[one])
        over = [layers[p] for m in members for p in parents[m] if p in layers and p not in members]
        layers.setdefault(one, 1 + max(over, default=-1))
        for member in circles[one]:
            layers.setdefault(member, layers[one])
    return layers


def _drawn(
    rows: Sequence[T],
    layers: Mapping[T, int],
    parents: Mapping[T, Sequence[T]],
    circles: Mapping[T, tuple[T, ...]],
    supporting: set[T],
    left_out: int,
) -> Chain[T]:
    row_of = {one: number for number, one in enumerate(rows)}
    lines = _lines(rows, parents, circles, row_of)
    lanes: dict[int, list[int]] = defaultdict(list)  # by layer: the last row of each lane
    lane_of: dict[tuple[T, bool], int] = {}
    ends = {line: sorted(row_of[one] for one in (line[0], *below)) for line, below in lines.items()}
    for line in sorted(lines, key=lambda line: ends[line]):
        taken = lanes[layers[line[0]]]
        free = next((number for number, last in enumerate(taken) if last < ends[line][0]), len(taken))
        taken[free : free + 1] = [ends[line][-1]]
        lane_of[line] = free
    columns, x = [], RADIUS + 2
    for layer in range(max(layers.values()) + 1):
        columns.append(x)
        x += OUT + IN + LANE * max(0, len(lanes[layer]) - 1)
    place = {one: (columns[layers[one]], TOP + ROW * row_of[one]) for one in rows}
    edges = [
        _edge(place[parent], place[child], place[parent][0] + OUT + LANE * lane_of[parent, closing], closing)
        for (parent, closing), below in lines.items()
        for child in below
    ]
    nodes = tuple(
        Node(
            one,
            *place[one],
            origin=not parents[one],
            supports=one in supporting,
            taken_from=tuple(parents[one]),
            circle=circles[one],
        )
        for one in rows
    )
    return Chain(nodes, tuple(edges), x, TOP + ROW * len(rows), left_out)


def _lines(
    rows: Sequence[T],
    parents: Mapping[T, Sequence[T]],
    circles: Mapping[T, tuple[T, ...]],
    row_of: Mapping[T, int],
) -> dict[tuple[T, bool], list[T]]:
    """What hangs on one line down: of each source what was taken from it, apart from what closes a circle."""
    lines: dict[tuple[T, bool], list[T]] = defaultdict(list)
    for one in rows:
        for parent in parents[one]:
            if parent in row_of:
                lines[parent, parent in circles[one]].append(one)
    return dict(lines)


def _edge(start: tuple[int, int], end: tuple[int, int], lane: int, closing: bool) -> Edge:
    """Right to the lane, along it, and right into what is further right, or back left within a circle."""
    (x, y), (to_x, to_y) = start, end
    if closing:  # out above the dot's middle and in below it, so that both can be seen
        y, to_y = y - 3, to_y + 3
    bend = 5 if to_y > y else -5
    back = to_x <= x
    stop = to_x + RADIUS + 2 if back else to_x - RADIUS - 2
    turn = lane - 5 if back else lane + 5
    path = f"M{x + RADIUS} {y}H{lane - 5}Q{lane} {y} {lane} {y + bend}V{to_y - bend}Q{lane} {to_y} {turn} {to_y}H{stop}"
    tip = f"M{stop} {to_y}l{5 if back else -5} -3.5v7z"
    return Edge(path, tip, closing)


def fit(text: str, room: float, size: float = 13) -> str:
    """A text cut to the room there is for it in a drawing; letters as wide as they are high count double."""
    used = 0.0
    for number, letter in enumerate(text):
        used += size * (1.0 if ord(letter) >= 0x1100 else 0.53)
        if used > room:
            return text[: max(0, number - 1)].rstrip() + "…"
    return text
