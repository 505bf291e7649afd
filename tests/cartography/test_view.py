"""Where spots are drawn, and what a view takes in: at the 180th degree and at the poles, too."""

import pytest

from kb.cartography import grid
from kb.cartography.view import HEIGHT, MAX_ZOOM, WIDTH, around, looking

FIJI = (-17.8, 178.0), (-16.8, -179.9)


def test_the_world_fits_its_drawing():
    world = looking(50, 100, 0)
    assert (world.north, world.east, world.height) == (0, 0, 360)
    assert world.box == (-180, -90, 180, 90)
    assert world.place(90, -180) == (0, 0)
    assert world.place(-45, 90) == (540, 270)
    assert world.squares(0) == (range(8), [range(16)])


def test_a_degree_is_as_long_as_it_is_at_the_middle_of_the_view():
    view = looking(60, 0, 6)
    across, up = view.scale
    assert across == pytest.approx(up / 2)
    assert view.place(60, 0) == (WIDTH / 2, HEIGHT / 2)


def test_islands_on_both_sides_of_the_180th_degree_are_neighbours():
    view = around(FIJI, 6)
    assert 178 < view.east % 360 < 181
    assert view.zoom == 6
    xs = [view.place(*spot)[0] for spot in FIJI]
    assert 0 < xs[0] < xs[1] < WIDTH
    rows, parts = view.squares(6)
    assert len(parts) == 2
    assert parts[0].stop == grid.columns(6)
    assert parts[1].start == 0
    for spot in FIJI:
        column, row = grid.square(*spot, 6)
        assert row in rows
        assert any(column in part for part in parts)


def test_land_on_both_sides_of_the_180th_degree_is_drawn_where_it_belongs():
    view = looking(-17, 180, 5)
    lefts = [float(land.transform.split("(")[1].split()[0]) for land, _ in view.land() if land.path]
    assert lefts
    assert all(-400 < left < WIDTH for left in lefts)


def test_no_view_looks_beyond_a_pole():
    for zoom in range(1, MAX_ZOOM + 1):
        for north in (-90, 90):
            _, south, _, top = looking(north, 0, zoom).box
            assert south >= -90.001
            assert top <= 90.001


def test_a_view_holds_the_world_no_more_than_once():
    for north in (-90, 0, 90):
        west, _, east, _ = looking(north, 0, 1).box
        assert east - west <= 360


def test_the_closest_view_takes_in_all_spots_with_room_around_them():
    view = around([(44.83, 147.83), (43.5, 146.08)], 8)
    places = [view.place(*spot) for spot in ((44.83, 147.83), (43.5, 146.08))]
    assert all(0.12 * WIDTH <= x <= 0.88 * WIDTH and 0.12 * HEIGHT <= y <= 0.88 * HEIGHT for x, y in places)
    assert view.zoom == 7
    assert around([], 8) is None
    assert around([(44.83, 147.83)], 6).zoom == 6
    assert around([(0, -90), (0, 90)], 8).zoom == 0


def test_disputed_areas_are_drawn_and_what_is_not_disputed_is_not():
    assert len(looking(44.5, 147, 6).disputed()) == 1
    assert looking(46.8, 8.2, 6).disputed() == []
    # Kept apart from the land of the ones and of the others: seven are in view around Kashmir.
    assert len(looking(34.5, 76.5, 5).disputed()) >= 5


def test_steps_lead_on_and_end_where_the_world_ends():
    view = looking(44.5, 147, 6)
    assert view.zoomed(1).zoom == 7
    assert looking(44.5, 147, MAX_ZOOM).zoomed(1) is None
    assert looking(0, 0, 0).zoomed(-1) is None
    assert view.moved(1, 0).east > view.east
    assert looking(90, 0, 4).moved(0, 1) is None
    assert looking(0, 0, 0).moved(1, 0) is None
    assert looking(0, 179, 5).moved(1, 0).east < 0


def test_a_bar_of_round_length_measures_near_views():
    assert looking(0, 0, 2).bar() is None
    kilometres, length = looking(44.5, 147, 6).bar()
    assert (kilometres, length) == (100, pytest.approx(115, abs=0.5))
