"""Places, their names and statuses."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kb.models import Place, PlaceName, PlaceStatus
from kb.models.place import validate_geometry, validate_time_zone
from tests.support.samples import sample, saved

POINT = {"type": "Point", "coordinates": [147.8833, 44.9333]}


@pytest.mark.parametrize(
    "geometry",
    [
        POINT,
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        {"type": "GeometryCollection", "geometries": [POINT]},
    ],
)
def test_geojson_geometries_are_taken(geometry):
    validate_geometry(geometry)


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        [],
        "Point",
        5,
        {"type": "Point"},
        {"type": "point", "coordinates": []},
        {"type": "Feature", "geometry": POINT},
        {"type": "Point", "coordinates": "1,2"},
        {"type": "GeometryCollection", "coordinates": []},
        {"type": ["Point"], "coordinates": []},
    ],
)
def test_other_json_is_refused(geometry):
    with pytest.raises(ValidationError, match="Not a GeoJSON geometry"):
        validate_geometry(geometry)


def test_time_zones_are_those_of_the_iana_database():
    validate_time_zone("Asia/Tokyo")
    for wrong in ("Tokyo", "JST+9", "../etc/passwd", "/etc/passwd", "", "Asia/", "Asia/Tokyo\x00", "A" * 300):
        with pytest.raises(ValidationError, match="Write it as in “Asia/Tokyo”"):
            validate_time_zone(wrong)


@pytest.mark.django_db
def test_a_circle_of_places_is_refused():
    outer = saved(Place, 1)
    middle = saved(Place, 2, part_of=outer)
    inner = saved(Place, 3, part_of=middle)
    inner.clean()
    outer.part_of = inner
    with pytest.raises(ValidationError) as caught:
        outer.clean()
    assert caught.value.message_dict == {
        "part_of": ["“place-1” is already part of this place: the chain goes in a circle."]
    }


@pytest.mark.django_db
def test_a_circle_that_is_there_already_ends():
    one, two = saved(Place, 1), saved(Place, 2)
    Place.objects.filter(pk=one.pk).update(part_of=two)
    Place.objects.filter(pk=two.pk).update(part_of=one)
    with pytest.raises(ValidationError, match="the chain goes in a circle"):
        sample(Place, 3, part_of=Place.objects.get(pk=one.pk)).clean()


@pytest.mark.django_db
def test_a_place_is_found_by_any_of_its_names():
    place = saved(Place, 1)
    saved(PlaceName, 1, place=place, text="Iturup", language="ru-Latn")
    saved(PlaceName, 2, place=place, text="択捉島", language="ja")
    saved(PlaceName, 3, place=saved(Place, 2), text="Urup")
    assert list(Place.objects.named("Iturup")) == list(Place.objects.named("択捉島")) == [place]
    assert list(Place.objects.named("Etorofu")) == []


@pytest.mark.django_db
def test_coordinates_keep_their_digits():
    saved(Place, latitude="44.933333", longitude="-147.883333")
    place = Place.objects.get()
    assert (str(place.latitude), str(place.longitude)) == ("44.933333", "-147.883333")


@pytest.mark.django_db
def test_names_and_statuses_say_what_they_are():
    assert str(saved(PlaceName)) == "Name 1"
    assert str(saved(PlaceStatus)) == "Agent 0 claims place-0"
    assert str(saved(Place)) == "place-1"
