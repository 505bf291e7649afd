"""The map of all places, and the surroundings of one, as pages."""

import re

import pytest
from django.urls import reverse

from kb.book import atlas
from kb.book.models import PlaceSpot
from tests.book.test_spots import island
from tests.kb import published, records
from tests.kb.test_api import described, faults
from tests.kb.test_views import page, queries, text

pytestmark = pytest.mark.django_db

MAP = "/places/map/"


def list_on(html: str) -> list[str]:
    """The names in the list under the map."""
    listed = html[html.index('id="on-the-map"') :]
    return re.findall(r'<a href="/places/([a-z0-9-]+)/"', listed)


def dots(html: str) -> list[str]:
    """What the dots of the drawing are called."""
    return sorted(re.findall(r'<g class="dot[^"]*">(?:<a[^>]*>)?\s*<title>([^<]*)</title>', html))


def test_the_map_is_complete_without_scripts(client):
    island("iturup", "44.8333", "147.8333")
    island("crimea", "45.3", "34.56", kind="region")
    html = page(client, MAP)
    assert dots(html) == ["Crimea", "Iturup"]
    assert list_on(html) == ["crimea", "iturup"]
    assert "The map takes no side." in text(html)


def test_any_view_has_an_address_with_ways_to_the_next_ones(client):
    island("iturup", "44.8333", "147.8333")
    island("crimea", "45.3", "34.56", kind="region")
    html = page(client, f"{MAP}?at=44.5,147&zoom=6")
    assert dots(html) == ["Iturup"]
    ways = dict(re.findall(r'<a data-way="(\w+)" href="([^"]+)"', html))
    assert set(ways) == {"closer", "farther", "north", "south", "west", "east", "whole"}
    assert ways["closer"].replace("&amp;", "&") == f"{MAP}?at=44.5,147&zoom=7"
    for address in ways.values():
        page(client, address.replace("&amp;", "&"))


def test_the_map_can_be_narrowed_to_a_kind_which_its_ways_keep(client):
    island("iturup", "44.8333", "147.8333")
    island("nemuro", "43.32", "145.57", kind="city")
    html = page(client, f"{MAP}?place_kind=city&at=44,147&zoom=6")
    assert dots(html) == ["Nemuro"]
    assert all("place_kind=city" in address for address in re.findall(r'data-way="\w+" href="([^"]+)"', html))


def test_places_too_near_to_be_told_apart_are_one_dot_and_all_of_them_in_the_list(client):
    island("dongdo", "37.240778", "131.869556")
    island("seodo", "37.241833", "131.8655")
    html = page(client, f"{MAP}?at=37.24,131.87&zoom=4")
    assert dots(html) == ["2 places"]
    assert sorted(list_on(html)) == ["dongdo", "seodo"]


def test_what_is_withdrawn_is_not_on_the_map(client):
    published.withdraw(island("iturup", "44.8333", "147.8333"))
    html = page(client, MAP)
    assert dots(html) == []
    assert "No published place is in view." in text(html)


@pytest.mark.parametrize(
    "query",
    [
        "at=nan,nan",
        "at=inf,0",
        "at=1e308,1",
        "at=91,0",
        "at=0,181",
        "at=147.8,44.8,3",
        "at=%ED%A0%80,1",
        "at=" + "9" * 500,
        "zoom=-1",
        "zoom=99999999999999999999",
        "zoom=nan",
        "zoom=1&zoom=x",
        "place_kind=moon",
    ],
)
def test_a_view_that_cannot_be_is_refused_with_the_whole_world_instead(client, query):
    html = page(client, f"{MAP}?{query}", 400)
    assert 'class="map whole"' in html


@pytest.mark.parametrize("query", ["at=90,180&zoom=8", "at=-90,-180&zoom=1", "at=0,-180&zoom=5", "zoom=3"])
def test_the_edges_of_the_world_can_be_looked_at(client, query):
    island("wrangel", "71.2", "180")
    page(client, f"{MAP}?{query}")


def test_the_map_asks_no_more_for_three_places_than_for_one(client):
    for number in range(1):
        island(f"habomai-{number}", f"4{3 + number}", "146.08")
    views = [f"{MAP}?at=44,146&zoom=6", "/places/map.json?at=44,146&zoom=6"]
    one = [queries(client, view) for view in views]
    for number in range(1, 3):
        island(f"habomai-{number}", f"4{3 + number}", "146.08")
    assert len(dots(page(client, views[0]))) == 3
    assert [queries(client, view) for view in views] == one


def test_a_view_is_there_as_geojson(client, monkeypatch):
    view = "at=44,147&zoom=6&place_kind=island"
    iturup = island("iturup", "44.8333", "147.8333")
    island("nemuro", "43.32", "145.57", kind="city")
    assert f'href="/places/map.json?{view.replace("&", "&amp;")}" type="application/geo+json"' in page(
        client, f"{MAP}?{view}"
    )
    answer = client.get(f"/places/map.json?{view}")
    found = answer.json()
    assert (answer["Content-Type"], answer["Access-Control-Allow-Origin"]) == ("application/geo+json", "*")
    assert faults(described(client), "map", found) == []
    (feature,) = found["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [147.8333, 44.8333]}
    assert (feature["properties"]["count"], feature["properties"]["place"]["uid"]) == (1, iturup.uid)
    monkeypatch.setattr(atlas, "FEW", 0)
    assert client.get(f"/places/map.json?{view}").json()["total"] == 1
    assert list(client.get("/places/map.json?at=91,0").json()) == ["error"]


def test_a_place_page_shows_the_place_its_parts_and_what_is_near(client):
    four = records.place("four-islands", "Four islands", kind="archipelago")
    published.publish(four)
    island("iturup", "44.8333", "147.8333", part_of=four)
    island("kunashir", "44.0833", "146", part_of=four)
    island("nemuro", "43.32361", "145.575", kind="city")
    html = page(client, "/places/four-islands/")
    assert dots(html) == ["Iturup", "Kunashir", "Nemuro"]
    assert html.count('class="dot part"') == 2
    assert 'class="disputed"' in html
    assert "Hatched is what it lists as disputed, whoever controls it." in text(html)
    assert html.count('class="dot here"') == 0
    assert page(client, "/places/iturup/").count('class="dot here"') == 1


def test_a_place_that_is_nowhere_has_no_map(client):
    published.publish(records.place("urup", "Urup"))
    assert '<svg class="map' not in page(client, "/places/urup/")


def test_an_old_version_of_a_place_does_not_show_what_is_near_today(client):
    place = island("iturup", "44.8333", "147.8333")
    island("nemuro", "43.32361", "145.575", kind="city")
    place.note = "The largest of the four."
    place.save()
    published.publish(place)
    assert dots(page(client, "/places/iturup/v/1/")) == ["Iturup"]


def test_a_name_in_another_language_says_so_on_the_map(client):
    place = records.place("iturup", latitude="44.8333", longitude="147.8333")
    place.names.create(text="択捉島", language="ja")
    published.publish(place)
    assert '<tspan lang="ja">択捉島</tspan>' in page(client, f"{MAP}?at=44,147&zoom=6")


def test_the_list_and_the_map_lead_to_each_other(client):
    island("iturup", "44.8333", "147.8333")
    assert PlaceSpot.objects.count() == 1
    assert f'href="{MAP}"' in page(client, reverse("place_list"))
    assert 'href="/places/"' in page(client, MAP)
    assert "/places/map/?at=44.8333,147.8333&amp;zoom=6" in page(client, "/places/iturup/")
