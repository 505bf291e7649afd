"""Places on the map: counted exactly, whatever is published, moved or withdrawn, and found without reading them all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.book import atlas, writing
from kb.book.models import PlaceSpot, PlaceSquare
from kb.cartography import grid
from kb.cartography.view import looking
from tests.book import cases
from tests.kb import published, records
from tests.support.plans import scanned

pytestmark = pytest.mark.django_db

KURILS = looking(44.5, 147, 6)


def island(key: str, north: str, east: str, **fields):
    place = records.place(key, key.title(), latitude=north, longitude=east, **fields)
    published.publish(place)
    return place


def squares() -> dict[tuple[int, int, int, str], int]:
    rows = PlaceSquare.objects.values_list("zoom", "row", "column", "place_kind", "count")
    return {row[:4]: row[4] for row in rows}


def test_a_published_place_is_counted_once_at_each_zoom():
    island("iturup", "44.8333", "147.8333")
    assert sorted((zoom, count) for (zoom, *_), count in squares().items()) == [(z, 1) for z in grid.ZOOMS]
    spot = PlaceSpot.objects.get()
    assert (spot.north, spot.east, spot.place_kind) == (44833300, 147833300, "island")


def test_a_place_without_coordinates_is_not_on_the_map():
    published.publish(records.place("urup"))
    assert squares() == {}
    assert atlas.seen(looking(0, 0, 0)) == atlas.Seen((), 0)


def test_a_place_that_moves_leaves_its_square():
    place = island("iturup", "44.8333", "147.8333")
    cases.edit(place, latitude="-44.8333")
    published.publish(place)
    assert sum(count for (zoom, *_), count in squares().items() if zoom == 0) == 1
    assert atlas.seen(KURILS).total == 0
    assert atlas.seen(looking(-44.5, 147, 6)).total == 1


def test_a_place_whose_coordinates_are_taken_away_leaves_the_map_and_so_does_a_withdrawn_one():
    place, other = island("iturup", "44.8333", "147.8333"), island("kunashir", "44.0833", "146")
    cases.edit(place, latitude=None, longitude=None)
    published.publish(place)
    published.withdraw(other)
    assert squares() == {}
    assert not PlaceSpot.objects.exists()


def test_rebuilding_finds_nothing_to_change():
    place = island("iturup", "44.8333", "147.8333")
    island("shikotan", "43.8333", "146.75", kind="other")
    published.withdraw(island("kunashir", "44.0833", "146"))
    cases.edit(place, latitude="44.9")
    published.publish(place)
    assert writing.rebuild_book() == []


def test_places_in_view_are_named_where_they_are_few():
    place = island("iturup", "44.8333", "147.8333")
    island("crimea", "45.3", "34.56")
    [spot] = atlas.seen(KURILS).spots
    assert (spot.uid, spot.count, spot.north, spot.east) == (place.uid, 1, 44.8333, 147.8333)


def test_one_kind_alone_can_be_looked_for():
    island("iturup", "44.8333", "147.8333")
    city = island("furukamappu", "44.02734", "145.86146", kind="city")
    assert [spot.uid for spot in atlas.seen(KURILS, "city").spots] == [city.uid]
    assert atlas.seen(KURILS, "sea").total == 0


def test_places_on_both_sides_of_the_180th_degree_are_seen_together():
    uids = {island("viti-levu", "-17.8", "178").uid, island("taveuni", "-16.8", "-179.9").uid}
    assert {spot.uid for spot in atlas.seen(looking(-17, 179.5, 6)).spots} == uids


def test_where_there_are_many_they_are_counted_and_those_alone_are_named(monkeypatch):
    monkeypatch.setattr(atlas, "FEW", 3)
    for number in range(4):
        island(f"habomai-{number}", f"43.5{number}", "146.08")
    alone = island("crimea", "45.3", "34.56")
    seen = atlas.seen(looking(0, 0, 0))
    assert seen.total == 5
    assert sorted((spot.count, spot.uid) for spot in seen.spots) == [(1, alone.uid), (4, "")]
    [crowd] = [spot for spot in seen.spots if spot.count == 4]
    assert (round(crowd.north, 4), round(crowd.east, 4)) == (43.515, 146.08)


@pytest.mark.parametrize(
    "view", [KURILS, looking(0, 0, 0), looking(-17, 180, 5)], ids=["near", "world", "180°"]
)
def test_no_table_is_read_whole_for_a_map(view):
    island("iturup", "44.8333", "147.8333")
    island("viti-levu", "-17.8", "178")
    with CaptureQueriesContext(connection) as captured:
        atlas.seen(view)
    assert scanned(query["sql"] for query in captured) == []
    assert len(captured) <= 3
