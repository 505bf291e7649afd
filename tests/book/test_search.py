"""Finding published records by their words: what is found, in which order, and what is not."""

from __future__ import annotations

import pytest

from kb.book import newest
from kb.book.search.engine import Amount, Chosen
from kb.book.search.results import Results, search, suggest
from kb.book.search.tables import SearchEntry, SearchName, SearchSlip, SearchTerm, SearchText
from kb.models import Appearance
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def found(text: str, **chosen: str) -> list[str]:
    return [one.label.key for one in search(text, Chosen(**chosen)).results]


def shown(parts) -> str:
    """Parts of a text, those that are marked in brackets."""
    return "".join(f"[{text}]" if marked else text for text, marked in parts)


@pytest.fixture
def place():
    place = records.place("iturup", "Iturup", "Etorofu")
    place.names.create(text="択捉島", language="ja")
    place.names.create(text="Итуруп", language="ru")
    place.names.create(text="이투루프", language="ko")
    published.publish(place)
    return place


def claims(**statements: str):
    made = {key.replace("_", "-"): text for key, text in statements.items()}
    return {key: cases.out(key, statement=text) for key, text in made.items()}


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *(
            "iturup",
            "ITURUP",
            "Etor",
            "択捉",
            "捉島",
            "択",
            "島",
            "択捉島",
            "итуруп",
            "ＩＴＵＲＵＰ",
            "etorofu itur",
        ),
        *("Итурупе", "Итурупом", "이투루프에서", "이투루프의", "Itúrup"),
    ],
)
def test_a_place_is_found_by_every_name_in_every_script_form_and_beginning(place, text):
    assert found(text) == ["iturup"]


@pytest.mark.parametrize(
    "text", ["", "   ", "…!?", "\x00", "iturup -etorofu", "%", "_", "z%t", "島択", "zzuiturup"]
)
def test_what_does_not_fit_is_not_found(place, text):
    assert found(text) == []


def test_endings_do_not_matter_but_what_is_spelt_as_asked_goes_first():
    claims(landed="They landed there.", landing="The landing was there.", land="The land is theirs.")
    assert found("landing", kind="claim")[0] == "landing"
    assert found("landed", kind="claim")[0] == "landed"
    assert set(found("lands", kind="claim")) == {"landed", "landing", "land"}


def test_words_are_looked_for_in_quotes_and_reasons_too_after_statements():
    claim = claims(first="The islands were taken.")["first"]
    Appearance.objects.filter(claim=claim).update(quote="Belatedly they entered.")
    published.publish(claim)
    claims(second="They came belatedly.")
    result = search("belatedly")
    assert [one.label.key for one in result.results] == ["second", "first"]
    assert [shown(one.title) for one in result.results] == [
        "They came [belatedly].",
        "The islands were taken.",
    ]
    assert [shown(one.text) for one in result.results] == ["", "[Belatedly] they entered."]


def test_all_the_words_are_wanted_in_any_order():
    claims(both="The landing in August.", one="The landing in May.")
    assert found("august landing") == ["both"]


def test_a_phrase_in_quotation_marks_is_found_in_its_order_alone():
    claims(apart="Final were the days.", together="In its final days.")
    for marks in ('"final days"', "“final days”", "«final days»", "「final days」"):
        assert found(marks) == ["together"]
    assert set(found("final days")) == {"together", "apart"}
    assert found('"days final"') == []


def test_a_phrase_does_not_reach_from_one_text_into_the_next(place):
    assert found('"iturup etorofu"') == []


def test_a_minus_leaves_out_what_has_the_word_in_any_form():
    claims(soviet="Soviet landings.", japanese="Japanese landing.")
    assert found("landing -soviet") == ["japanese"]
    assert found("landing −Soviets") == ["japanese"]
    assert found('landing -"soviet landings"') == ["japanese"]
    assert found("landing-soviet") == ["soviet"]


def test_where_nothing_has_all_the_words_what_has_some_is_shown_and_it_is_said():
    claims(landing="The landing was late.", harvest="The harvest was good.")
    result = search("landing harvest", Chosen(kind="claim"))
    assert {one.label.key for one in result.results} == {"landing", "harvest"}
    assert result.found.some is True
    assert search("landing late").found.some is False


def test_japanese_and_chinese_are_found_by_any_part_and_with_other_words_between():
    claim = claims(taken="ソ連軍は8月28日に択捉島に上陸した。", other="中華民國政府宣布收復臺灣。")
    assert found("ソ連は択捉島に上陸") == ["taken"]
    assert found("政府收復臺灣") == ["other"]
    assert found("臺") == ["other"]
    assert shown(search("択捉島").results[0].title) == "ソ連軍は8月28日に[択捉島]に上陸した。"
    assert claim["taken"].key == "taken"


# --- order --------------------------------------------------------------------------------------------------------


def test_what_is_called_just_so_goes_first_then_what_says_it_in_fewer_words(place):
    event = records.event("iturup-landing", title="Iturup landing")
    claims(
        long="Iturup was taken in August, and nobody there had expected it so soon.",
        short="Iturup was taken.",
    )
    published.publish(event)
    assert found("iturup") == ["iturup", "iturup-landing", "short", "long"]
    assert found("iturup landing")[0] == "iturup-landing"


def test_words_in_the_order_of_the_question_go_before_the_same_words_apart():
    claims(
        apart="Surrender came late for the state of Japan.",
        order="After the surrender of Japan all was late.",
    )
    assert found("surrender of japan") == ["order", "apart"]


def test_a_rare_word_counts_more_than_a_frequent_one():
    claims(
        **{f"many_{n}": f"The treaty number {n}." for n in range(9)},
        rare="The zebra, and no more than that here.",
    )
    assert found("treaty zebra")[0] == "rare"


# --- what is about what is named ----------------------------------------------------------------------------------


def test_a_place_named_by_any_of_its_names_finds_what_is_about_it(place):
    claim = cases.said("landing", statement="Troops landed in August.")
    claim.places.add(place)
    published.publish(claim.appearances.get().source, claim)
    for text in ("Iturup", "択捉島", "Итурупе", "etorofu august", "8月の択捉島", "이투루프에서"):
        assert "landing" in found(text), text
    assert [label.key for label in search("択捉島").named] == ["iturup"]
    assert found("Iturup -august") == ["iturup"]


def test_a_new_name_of_a_place_finds_what_is_about_it_at_once(place):
    claim = cases.said("landing", statement="Troops landed in August.")
    claim.places.add(place)
    published.publish(claim.appearances.get().source, claim)
    assert found("Staten Island") == []
    place.names.create(text="Staten Island", language="en")
    published.publish(place)
    assert found("Staten Island") == ["iturup", "landing"]


# --- facets -------------------------------------------------------------------------------------------------------


def test_what_is_found_is_counted_by_kind_rating_and_language(place):
    claims(first="Iturup was taken.", second="Iturup is large.")
    result: Results = search("iturup")
    assert result.found.total == Amount(3)
    assert result.found.kinds == {"claim": Amount(2), "place": Amount(1)}
    assert result.found.ratings == {"none": Amount(2)}
    assert result.found.languages == {"en": Amount(2)}
    narrowed = search("iturup", Chosen(kind="place"))
    assert [one.label.key for one in narrowed.results] == ["iturup"]
    assert (narrowed.found.total, narrowed.found.kinds) == (Amount(1), result.found.kinds)
    assert found("iturup", language="en") == ["second", "first"] or found("iturup", language="en") == [
        "first",
        "second",
    ]
    assert found("iturup", language="ja") == []
    assert found("iturup", rating="accurate") == []
    assert len(found("iturup", rating="none")) == 2


def test_of_very_many_some_are_ranked_and_the_rest_is_counted_to_a_limit(monkeypatch):
    monkeypatch.setattr("kb.book.search.embedded.OTHERS", 5)
    monkeypatch.setattr("kb.book.search.embedded.FIRST", 5)
    monkeypatch.setattr("kb.book.search.embedded.COUNTED", 20)
    published.publish(*(records.topic(f"isle-{n}") for n in range(30)), records.topic("isle"))
    result = search("isle")
    assert result.results[0].label.key == "isle"
    assert (result.found.total, result.found.ranked < 31) == (Amount(20, more=True), True)
    narrowed = search("isle 7")
    assert [one.label.key for one in narrowed.results] == ["isle-7"]


@pytest.mark.parametrize("few", [0, 20_000])
def test_of_very_many_those_that_came_out_last_can_be_asked_for(monkeypatch, few):
    monkeypatch.setattr("kb.book.search.dialect._FEW", few)
    topics = [records.topic(f"isle-{n}") for n in range(9)]
    for some in (topics[:5], topics[5:7], topics[7:]):
        published.publish(*some)
    claim = claims(isle="An isle.")["isle"]
    last = newest.found("isle", Chosen(kind="topic"), 3)
    assert set(last) < {topic.uid for topic in topics[5:]}
    assert {topic.uid for topic in topics[7:]} < set(last)
    assert list(newest.found("isl", Chosen(), 1)) == [claim.uid]
    assert newest.found("isle xylophone", Chosen(), 3) == newest.found("…", Chosen(), 3) == {}


def test_results_come_in_pages_without_gaps_or_repetitions():
    published.publish(*(records.topic(f"isle-{n}") for n in range(45)))
    pages = [[one.label.key for one in search("isle", page=page).results] for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert len({key for page in pages for key in page}) == 45


# --- spelling -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Itrup", "iturup"),
        ("Itturup", "iturup"),
        ("Iturop", "iturup"),
        ("Itruup", "iturup"),
        ("Итруп", "итуруп"),
        ("이투르프", "이투루프"),
        ("etoroofu", "etorofu"),
    ],
)
def test_a_slip_finds_the_word_that_was_meant_and_it_is_said(place, typed, meant):
    result = search(typed)
    assert [one.label.key for one in result.results] == ["iturup"]
    assert list(result.found.instead.values()) == [(meant,)]


def test_a_word_far_from_all_others_finds_nothing(place):
    assert found("xylophone") == []
    assert [piece.text for piece in search("xylophone").found.unknown] == ["xylophone"]


def test_a_spelling_that_one_text_has_and_many_have_otherwise_is_offered_put_right():
    published.publish(*(records.topic(f"treaty-{n}") for n in range(20)), records.topic("traety"))
    result = search("Traety")
    assert [one.label.key for one in result.results] == ["traety"]
    assert result.found.better == "treaty"
    assert search("treaty").found.better == ""


# --- what is typed ------------------------------------------------------------------------------------------------


def test_names_that_begin_so_are_suggested_first_then_titles_with_such_words(place):
    event = records.event("landing", title="The landing on Iturup")
    published.publish(event)
    claims(claim="Iturup was taken.")
    assert [label.key for label in suggest("itu")] == ["iturup", "claim", "landing"]
    assert [label.key for label in suggest("the landing on it")] == ["landing"]
    assert [label.key for label in suggest("итур")] == ["iturup"]
    assert [label.key for label in suggest("択")] == ["iturup"]
    assert suggest("…") == []
    assert len(suggest("i", most=1)) == 1


# --- what may not be found ----------------------------------------------------------------------------------------


def test_drafts_and_withdrawn_records_are_neither_found_counted_nor_suggested(place):
    records.topic("isles")
    claim = claims(secret="Kaleidoscope of islands.")["secret"]
    assert found("isles") == []
    published.withdraw(place, claim)
    for text in ("iturup", "kaleidoscope", "kaleidoscop", "kaleidoscpe", "islands", "択捉島"):
        result = search(text)
        assert (result.results, result.found.total, result.found.kinds) == ([], Amount(), {}), text
        assert (result.found.instead, result.found.better, suggest(text)) == ({}, "", []), text
    source = claim.appearances.get().source
    published.withdraw(source)
    assert SearchTerm.objects.filter(records__gt=0).count() == 0
    assert [table.objects.count() for table in (SearchEntry, SearchText, SearchSlip, SearchName)] == [
        0,
        0,
        0,
        0,
    ]


def test_an_edit_is_found_by_its_words_once_published(place):
    place.names.filter(text="Etorofu").update(text="Yetorup")
    assert (found("etorofu"), found("yetorup")) == (["iturup"], [])
    published.publish(place)
    assert (found('"etorofu"'), found("yetorup")) == ([], ["iturup"])


# --- cost ---------------------------------------------------------------------------------------------------------


def test_a_search_takes_as_many_queries_for_many_results_as_for_one(place):
    few = cases.queries(lambda: found("iturup"))
    published.publish(*(records.topic(f"iturup-{n}") for n in range(15)))
    # Where little is found, what is written nearly alike is looked for as well.
    assert cases.queries(lambda: found("iturup")) <= few <= 14


def test_words_longer_than_any_word_are_found_by_their_beginning():
    published.publish(records.topic("a" * 100))
    assert found("A" * 100) == ["a" * 100]


def test_more_words_than_a_reader_means_are_passed_over_and_it_is_said(place):
    published.publish(records.topic("-".join(f"word{n}" for n in range(12))))
    twelve = " ".join(f"word{n}" for n in range(12))
    assert len(found(f"{twelve} and nothing else")) == 1
    assert search(f"{twelve} and nothing else").question.cut is True
    assert search(twelve).question.cut is False


def test_a_word_said_twice_is_one_word(place):
    assert found(" ".join(["iturup"] * 12)) == ["iturup"]
