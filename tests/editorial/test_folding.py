"""What a search takes for the same word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.editorial.folding import LONGEST, fold, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Shumshu", "shumshu"),
        ("Straße", "strasse"),
        ("Éditions Gallimard", "editions gallimard"),
        ("Kyūshū", "kyushu"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("ﬁnal", "final"),
        ("Ｋｕｒｉｌ １９４５", "kuril 1945"),
        ("ｴﾄﾛﾌ", "エトロフ"),
        ("ｶﾞ", "ガ"),
        ("co\u00adoperate", "cooperate"),
        ("Cafe\u0301", "cafe"),
        ("Σίσυφος", "σισυφοσ"),
        ("\u1112\u1161\u11ab국", "한국"),
        ("¹²³", "123"),
        ("", ""),
    ],
)
def test_case_marks_width_and_ligatures_do_not_matter(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("pair", ["か が", "は ぱ", "и й", "у ў", "і ї", "г ѓ", "к ќ", "o 0", "l 1"])
def test_other_letters_stay_other_letters(pair):
    first, second = pair.split()
    assert fold(first) != fold(second)
    assert fold(second) == second


@pytest.mark.parametrize("pair", ["ё е", "Ё е", "а́ а", "ѐ е", "É e", "i İ", "I ı", "Ø o"])
def test_marks_that_readers_leave_out_are_left_out(pair):
    first, second = pair.split()
    assert fold(first) == fold(second)


def test_a_letter_is_the_same_composed_and_taken_apart():
    assert fold("и\u0306") == fold("й") == "й"
    assert fold("か\u3099") == fold("が") == "が"


def test_a_turkish_name_is_found_in_capitals_and_without_its_marks():
    assert fold("Iğdır") == fold("IĞDIR") == fold("igdir") == "igdir"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Kuril Islands, 1945", ["the", "kuril", "islands", "1945"]),
        ("Курильские острова", ["курильские", "острова"]),
        ("Первый Курильский пролив", ["первый", "курильский", "пролив"]),
        ("千島列島", ["千島", "島列", "列島"]),
        ("島", ["島"]),
        ("北方領土の日2月7日", ["北方", "方領", "領土", "土の", "の日", "2", "月", "7", "日"]),
        ("エトゥ・オロ・プ", ["エト", "トゥ", "オロ", "プ"]),
        ("ト゚イ", ["ト\u309a", "\u309aイ"]),
        ("쿠릴 열도", ["쿠릴", "열도"]),
        ("snake_case don't", ["snake", "case", "don", "t"]),
        ("Japanの島々", ["japan", "の島", "島々"]),
        ("a\u200bb", ["a", "b"]),
        (" … ", []),
    ],
)
def test_texts_come_apart_into_words_or_pairs(text, found):
    assert list(words(text)) == found


def test_a_word_is_cut_at_its_sixtieth_character():
    assert list(words("a" * 61 + " b")) == ["a" * LONGEST, "b"]


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_folded_text_has_the_same_words(text):
    assert list(words(fold(text))) == list(words(text))


@given(st.text())
def test_case_does_not_matter(text):
    assert fold(text.lower()) == fold(text) or fold(text.upper()) == fold(text)


@given(st.text())
def test_words_fit_their_column_and_are_never_empty(text):
    assert all(0 < len(word) <= LONGEST for word in words(text))


@given(st.text(alphabet="アイウ島列千の", min_size=2, max_size=20), st.data())
def test_a_piece_of_an_unspaced_text_is_found_in_it(text, data):
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    assert set(words(text[start:end])) <= set(words(text))
