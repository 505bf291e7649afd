"""Dates, numbers, addresses and languages in words for readers."""

from datetime import UTC, date, datetime

import pytest

from kb.views import words
from kb.views.languages import language_name
from kb.views.texts import (
    coordinates,
    date_in_words,
    host,
    http_url,
    language_attribute,
    number,
    paragraphs,
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1945-08-18", "18 August 1945"),
        ("1945~", "about 1945"),
        ("2016-12", "December 2016"),
        (date(2016, 12, 20), "20 December 2016"),
        (datetime(2016, 12, 20, 23, 59, tzinfo=UTC), "20 December 2016"),
        ("2016-12-20T23:59:00.000000+00:00", "20 December 2016"),
        ("", ""),
        (None, ""),
        ("sometime in autumn", "sometime in autumn"),
    ],
)
def test_dates_are_said_in_words_and_the_unreadable_is_left_as_it_is(value, said):
    assert date_in_words(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("17000", "17,000"),
        ("1600000.000", "1,600,000"),
        ("6600", "6600"),
        ("5003.1", "5003.1"),
        ("0.50", "0.5"),
        ("-12000", "-12,000"),
        ("", ""),
        (None, ""),
        ("many", "many"),
    ],
)
def test_numbers_have_separators_from_ten_thousand_on(value, said):
    assert number(value) == said


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://www.prlib.ru/en/history/619225", True),
        ("HTTP://example.org/", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org/x", False),
        ("https:no-host", False),
        ("https://[broken", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url, kept):
    assert http_url(url) == (url if kept else "")


def test_a_host_is_named_without_its_www():
    assert host("https://www.prlib.ru/en/history/619225") == "prlib.ru"
    assert host("https://[broken") == ""


def test_coordinates_say_their_hemispheres():
    assert coordinates("44.8333", "147.8333") == "44.83° N, 147.83° E"
    assert coordinates("-33.9", "-18.4") == "33.90° S, 18.40° W"
    assert coordinates(None, "18.4") == ""


def test_paragraphs_are_divided_by_empty_lines():
    assert paragraphs("One\nstill one.\r\n\r\nTwo.\n \n\nThree.\n") == ["One\nstill one.", "Two.", "Three."]


def test_a_text_in_the_language_of_the_page_needs_no_lang():
    assert language_attribute("en") == ""
    assert language_attribute("") == ""
    assert language_attribute("ja-Latn") == "ja-Latn"


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("ru", "Russian"),
        ("ru-Latn", "Russian, romanised"),
        ("ja", "Japanese"),
        ("ja-Hira", "Japanese, in hiragana"),
        ("ain-Kana", "Ainu, in katakana"),
        ("zh-Hant", "Chinese, traditional"),
        ("zh-Latn-pinyin", "Chinese, romanised"),
        ("en-GB", "English"),
        ("und", "Unknown language"),
        ("und-Latn", "Unknown language, in Latin script"),
        ("xx", "xx"),
        ("", ""),
    ],
)
def test_languages_are_named_with_their_script(tag, name):
    assert language_name(tag) == name


def test_an_unknown_code_is_shown_readably():
    assert words.word(words.SCOPES, "some-new_scope") == "some new scope"
    assert words.verdict(words.RATINGS, "half-true") == words.Verdict("Half true", "past", "ring", "")
    assert words.verdict(words.RATINGS, "") is words.UNRATED


def test_the_words_cover_the_desks_vocabularies():
    """The public side cannot import the desk's enumerations; this is what keeps the two in step."""
    from kb.models import claim, correction, place, rebuttal
    from sources import models as bibliography

    pairs = [
        (words.RATINGS, claim.Rating),
        (words.CLAIM_KINDS, claim.ClaimKind),
        (words.STALE_REASONS, claim.StaleReason),
        (words.STANCES, claim.Stance),
        (words.FIDELITIES, claim.Fidelity),
        (words.RELATIONS, claim.EvidenceRelation),
        (words.DECISIONS, rebuttal.Decision),
        (words.SCOPES, rebuttal.Scope),
        (words.MODES, rebuttal.Mode),
        (words.OUTCOMES, correction.DeliveryOutcome),
        (words.CORRECTION_TYPES, correction.CorrectionType),
        (words.CORRECTION_OF, correction.CorrectionOf),
        (words.PLACE_KINDS, place.PlaceKind),
        (words.NAME_KINDS, place.NameKind),
        (words.STATUS_RELATIONS, place.Relation),
        (words.AGENT_KINDS, bibliography.AgentKind),
        (words.STANDINGS, bibliography.Standing),
    ]
    assert [set(table) for table, _ in pairs] == [set(choices.values) for _, choices in pairs]
    assert set(words.SOURCE_TYPES) <= set(bibliography.SourceType.values)
