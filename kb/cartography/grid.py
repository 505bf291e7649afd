"""The squares into which places are counted for maps: at each zoom four times as many as at the one before.

A spot's code is that of the finest square it is in, column and row woven bit by bit, so that what lies in one square
of any zoom has codes that follow each other.
"""

from __future__ import annotations

from collections.abc import Iterable

#: The zooms at which squares are counted, the coarsest first; a map of another zoom takes the next finer ones.
ZOOMS = (0, 2, 4, 6, 8)
FINEST = ZOOMS[-1]
#: At zoom 0 the world is this many squares around, as powers of two.
_FIRST = 4
#: Coordinates are counted in millionths of a degree.
MILLIONTHS = 1_000_000

Square = tuple[int, int]  # column from 180° west, row from 90° south


def columns(zoom: int) -> int:
    return int(2 ** (_FIRST + zoom))


def side(zoom: int) -> float:
    """How many degrees a square measures, both ways."""
    return 360 / columns(zoom)


def square(north: float, east: float, zoom: int) -> Square:
    """The square a spot is in. 180° east is 180° west, and the pole belongs to the squares around it."""
    around = columns(zoom)
    column = int((east + 180) // side(zoom)) % around
    row = int((north + 90) // side(zoom))
    return column, min(max(row, 0), around // 2 - 1)


def code(north: float, east: float) -> int:
    return _woven(*square(north, east, FINEST))


def codes(squares: Iterable[Square], zoom: int) -> list[tuple[int, int]]:
    """The codes of all spots in these squares as ranges, first and last; those that touch are one."""
    length = 4 ** (FINEST - zoom)
    found: list[tuple[int, int]] = []
    for begin in sorted(_woven(*one) * length for one in squares):
        if found and found[-1][1] + 1 == begin:
            found[-1] = (found[-1][0], begin + length - 1)
        else:
            found.append((begin, begin + length - 1))
    return found


def _woven(column: int, row: int) -> int:
    found = 0
    for bit in range(_FIRST + FINEST):
        found |= (column >> bit & 1) << 2 * bit | (row >> bit & 1) << 2 * bit + 1
    return found
