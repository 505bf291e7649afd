"""Every name of a place finds it, in any script and however it is typed: readers' search, the desk's, spreadsheets."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kb.book.search.results import search
from kb.models import Place, PlaceName
from kb.spreadsheets.fields import Refused
from kb.spreadsheets.references import Resolver
from tests.kb import published, records

pytestmark = pytest.mark.django_db

NAMES = [
    ("択捉島", "ja"),
    ("えとろふとう", "ja-Hira"),
    ("エトゥ・オロ・プ", "ain-Kana"),
    ("Итуруп", "ru"),
    ("Iturup", "ru-Latn"),
    ("Etorofu-tō", "ja-Latn"),
    ("이투루프 섬", "ko"),
    ("擇捉島", "zh-Hant"),
    ("Königsberg", "de"),
    ("Łódź", "pl"),
]

TYPED = [
    *(name for name, _ in NAMES),
    "ITURUP",
    "iturup",
    "Ｉｔｕｒｕｐ",  # full width
    "Etorofu-to",
    "etorofu tō",
    "ETOROFU TŌ",
    "ИТУРУП",
    "итуруп",
    "エトゥオロプ",  # without the dots
    "ｴﾄｩ･ｵﾛ･ﾌﾟ",  # half-width kana
    "Konigsberg",
    "Lodz",
    "łódź",
    "Ko\u0308nigsberg",  # in parts
]


@pytest.fixture
def island() -> Place:
    place = records.place("the-island")
    for text, language in NAMES:
        PlaceName.objects.create(place=place, text=text, language=language)
    other = records.place("another")
    PlaceName.objects.create(place=other, text="Urup", language="ru-Latn")
    return place


@pytest.mark.parametrize("typed", TYPED)
def test_readers_find_it(client, island, typed):
    published.publish(island, Place.objects.get(key="another"))
    assert [one.label.key for one in search(typed).results] == ["the-island"]


@pytest.mark.parametrize("typed", TYPED)
def test_editors_find_it_in_lists_and_where_they_choose(admin_client, island, typed):
    event = records.event("landing")
    event.places.add(island)
    records.event("other")
    for address, found in (
        (reverse("admin:kb_place_changelist"), [island]),
        (reverse("admin:kb_event_changelist"), [event]),
    ):
        listed = admin_client.get(address, {"q": typed})
        assert list(listed.context["cl"].result_list) == found
    asked = {"app_label": "kb", "model_name": "event", "field_name": "places", "term": typed}
    offered = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [one["id"] for one in offered] == [str(island.pk)]


@pytest.mark.parametrize("typed", TYPED)
def test_spreadsheets_mean_it(island, typed):
    resolver = Resolver()
    resolver.load(Place, [typed])
    assert resolver.find(Place, typed) == island.pk
    assert list(Place.objects.named(typed)) == [island]


def test_a_name_spelt_exactly_goes_before_one_that_is_spelt_like_it(island):
    other = records.place("city")
    PlaceName.objects.create(place=other, text="Konigsberg", language="en")
    resolver = Resolver()
    resolver.load(Place, ["Konigsberg", "Königsberg", "KÖNIGSBERG"])
    assert resolver.find(Place, "Konigsberg") == other.pk
    assert resolver.find(Place, "Königsberg") == island.pk
    with pytest.raises(Refused, match="may be any of: city, the-island"):
        resolver.find(Place, "KÖNIGSBERG")


def test_a_name_that_the_file_itself_brings_is_found_however_it_is_typed():
    resolver = Resolver()
    resolver.expect(Place, "made", "uid-1")
    resolver.call(Place, "Étorofu", "uid-1")
    resolver.load(Place, ["ETOROFU", "Urup"])
    assert resolver.find(Place, "ETOROFU") == "uid-1"
    assert resolver.find(Place, "Urup") is None


def test_signs_alone_name_nothing(island):
    resolver = Resolver()
    resolver.load(Place, ["…", "-", "・"])
    assert [resolver.find(Place, text) for text in ("…", "-", "・")] == [None, None, None]


def test_a_name_follows_when_it_is_written_in_bulk(island):
    PlaceName.objects.filter(text="Iturup").update(text="Staten Island")
    assert list(Place.objects.named("STATEN ISLAND")) == [island]
    PlaceName.objects.bulk_create([PlaceName(place=island, text="Ítrup", language="und", uid="uid-of-name1")])
    assert list(Place.objects.named("itrup")) == [island]
