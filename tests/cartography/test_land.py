"""The vendored geometry: whole, where it should be, and named with where it is from."""

import re

import pytest

from kb.cartography.land import DATA, LEVELS, UNITS, land_at


def corners(level, cell):
    """Every point of a cell's land in degrees."""
    column, row = cell
    found = []
    for part in re.findall(r"M[^M]+", land_at(level.zoom).cells[cell][0]):
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        x = y = 0
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return [
        (
            (row + 1) * level.height - 90 - y / UNITS * level.height,
            column * level.width - 180 + x / UNITS * level.width,
        )
        for x, y in found
    ]


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_no_path_leaves_its_cell(level):
    for cell, (land, _) in land_at(level.zoom).cells.items():
        column, row = cell
        if land:
            for north, east in corners(level, cell):
                assert row * level.height - 90 <= north + 1e-6
                assert north - 1e-6 <= (row + 1) * level.height - 90
                assert column * level.width - 180 <= east + 1e-6
                assert east - 1e-6 <= (column + 1) * level.width - 180


def test_land_is_where_land_is():
    near = LEVELS[-1]
    cells = land_at(near.zoom).cells
    habomai = (int((146.1 + 180) // 2), int((43.5 + 90) // 2))
    assert any(
        abs(north - 43.45) < 0.1 and abs(east - 146.05) < 0.15 for north, east in corners(near, habomai)
    )
    # In the middle of the Pacific there is none, and the Sahara is all land.
    assert (int((-140 + 180) // 2), int((-40 + 90) // 2)) not in cells
    assert corners(near, (int((20 + 180) // 2), int((22 + 90) // 2))) != []


def test_no_band_of_land_runs_around_the_world():
    # What crosses the 180th degree must not be drawn the long way round: open sea south of Fiji's latitude is sea.
    world = LEVELS[0]
    for cell in land_at(world.zoom).cells:
        for north, east in corners(world, cell) if land_at(world.zoom).cells[cell][0] else []:
            assert not (-22 < north < -13 and -170 < east < -80)


def test_what_is_vendored_says_its_version_and_licence():
    assert "Natural Earth" in (DATA / "VERSION").read_text()
    assert "public domain" in (DATA / "LICENSE").read_text()
    assert sum(file.stat().st_size for file in DATA.iterdir()) < 1_200_000
