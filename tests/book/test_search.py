"""Finding published records by their words."""

import pytest

from kb.book.search import search
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def found(text: str, limit: int = 50) -> list[str]:
    return [label.key for label in search(text, limit)]


@pytest.fixture
def place():
    place = records.place("iturup", "Iturup", "Etorofu")
    place.names.create(text="択捉島", language="ja")
    place.names.create(text="Итуруп", language="ru")
    published.publish(place)
    return place


@pytest.mark.parametrize(
    "text", ["iturup", "ITURUP", "Etor", "択捉", "捉島", "итуруп", "ＩＴＵＲＵＰ", "etorofu itur"]
)
def test_a_place_is_found_by_every_name_in_every_script_and_by_beginnings(place, text):
    assert found(text) == ["iturup"]


@pytest.mark.parametrize("text", ["", "   ", "…!?", "\x00", "turup", "iturup kunashir", "%", "_", "it%rup"])
def test_what_does_not_fit_is_not_found(place, text):
    assert found(text) == []


def test_all_the_words_must_fit_and_only_the_last_may_be_a_beginning(place):
    claim = cases.out(statement="The landing at Iturup was in August.")
    assert found("landing aug") == [claim.key]
    assert found("land august") == []


def test_drafts_and_withdrawn_records_are_not_found(place):
    records.topic("isles")
    assert found("isles") == []
    published.withdraw(place)
    assert found("iturup") == []


def test_an_edit_is_found_by_its_words_once_published(place):
    place.names.filter(text="Etorofu").update(text="Yetorup")
    assert (found("etorofu"), found("yetorup")) == (["iturup"], [])
    published.publish(place)
    assert (found("etorofu"), found("yetorup")) == ([], ["iturup"])


def test_claims_come_first_then_places_and_the_shortest_names_before_the_longer(place):
    event, claims = records.event("iturup-landing", title="Iturup landing"), []
    for statement in ("Iturup was taken in August.", "Iturup was taken."):
        claims.append(cases.out(f"claim-{len(statement)}", statement=statement))
    published.publish(event)
    assert found("iturup") == ["claim-17", "claim-27", "iturup", "iturup-landing"]


def test_a_limit_keeps_the_best(place):
    topics = [records.topic(f"iturup-{n}") for n in range(30)]
    published.publish(*topics)
    assert found("iturup", limit=1) == ["iturup"]
    assert len(found("iturup", limit=10)) == 10


def test_words_longer_than_any_word_are_found_by_their_beginning():
    published.publish(records.topic("a" * 100))
    assert found("A" * 100) == ["a" * 100]


def test_a_search_takes_as_many_queries_for_many_results_as_for_one(place):
    few = cases.queries(lambda: found("iturup"))
    published.publish(*(records.topic(f"iturup-{n}") for n in range(20)))
    assert cases.queries(lambda: found("iturup")) == few == 1


def test_more_words_than_a_reader_means_are_passed_over(place):
    published.publish(records.topic("-".join(f"word{n}" for n in range(12))))
    twelve = " ".join(f"word{n}" for n in range(12))
    assert len(found(f"{twelve} and nothing else")) == 1
    assert found(f"and {twelve}") == []


def test_a_word_said_twice_is_one_word(place):
    assert found(" ".join(["iturup"] * 40)) == ["iturup"]
