"""Squares and their codes."""

import pytest

from kb.cartography import grid


def test_every_zoom_has_twice_as_many_columns_as_the_one_before():
    assert [grid.columns(zoom) for zoom in grid.ZOOMS] == [16, 64, 256, 1024, 4096]
    assert grid.side(0) == 22.5


@pytest.mark.parametrize(
    ("north", "east", "square"),
    [
        (-90, -180, (0, 0)),
        (0, 0, (8, 4)),
        (90, 0, (8, 7)),
        (10, 180, (0, 4)),
        (10, 179.999, (15, 4)),
        (44.83, 147.83, (14, 5)),
    ],
)
def test_a_spot_is_in_one_square_and_the_edges_of_the_world_belong_to_some(north, east, square):
    assert grid.square(north, east, 0) == square


def test_the_codes_of_what_lies_in_a_square_follow_each_other():
    column, row = grid.square(44.83, 147.83, 4)
    [(first, last)] = grid.codes([(column, row)], 4)
    side = grid.side(4)
    west, south = column * side - 180, row * side - 90
    inside = [grid.code(south + side * a, west + side * b) for a in (0.001, 0.999) for b in (0.001, 0.999)]
    outside = [grid.code(south - side * 0.01, west), grid.code(south, west - side * 0.01)]
    assert all(first <= code <= last for code in inside)
    assert not any(first <= code <= last for code in outside)
    assert last - first + 1 == 4**4


def test_ranges_that_touch_are_one():
    # The four squares that make one of the zoom before.
    assert grid.codes([(0, 0), (1, 0), (0, 1), (1, 1)], 8) == [(0, 3)]
    assert grid.codes([(0, 0), (1, 1)], 8) == [(0, 0), (3, 3)]
    assert grid.codes([], 8) == []
