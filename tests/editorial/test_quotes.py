"""A quotation is found where it stands, exactly, or not at all (domain rule 4)."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kb.editorial.quotes import SPACE, Position, anchor, candidates, fold_space

TEXT = "The islands were taken. Later, the islands were returned."


@pytest.mark.parametrize(
    "gap",
    [
        " ",
        "  ",
        "\u00a0",
        "\u2009",
        "\u202f",
        "\n",
        "\r\n",
        "\n\n",
        "\t",
        "\u200b",
        "\ufeff",
        "\u2060",
        "\u3000",
        " \u200b ",
    ],
)
def test_all_white_space_is_one_space(gap):
    text = f"The war{gap}ended."
    found = anchor(text, "war ended")
    assert found == Position(4, 4 + len(f"war{gap}ended"))
    assert text[found.start : found.end] == f"war{gap}ended"
    assert anchor("The war ended.", f"war{gap}ended") == Position(4, 13)


def test_white_space_around_the_quote_is_not_part_of_it():
    assert anchor("One  two  three", "  two ") == Position(5, 8)


def test_characters_beyond_the_first_plane_count_as_one():
    assert anchor("𠮷野家 🙂 said so", "said") == Position(6, 10)


def test_composed_and_decomposed_letters_are_not_the_same():
    assert anchor("café", "cafe\u0301") is None


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("The Islands", "case"),
        ("the islands was", "grammar"),
        ("the islands were taken!", "punctuation"),
        ("theislands", "a missing space"),
        ("it’s", "an apostrophe"),
        ("", "nothing to find"),
        (" \n", "nothing to find"),
    ],
)
def test_similar_text_is_never_taken_for_it(quote, reason):
    assert anchor(TEXT + " it's", quote) is None, reason


def test_a_quote_that_occurs_twice_needs_its_neighbours():
    assert anchor(TEXT, "islands were") is None
    assert candidates(TEXT, "islands were") == [Position(4, 16), Position(35, 47)]
    assert anchor(TEXT, "islands were", prefix="Later, the") == Position(35, 47)
    assert anchor(TEXT, "islands were", suffix="taken.") == Position(4, 16)
    assert anchor(TEXT, "islands were", "the", "returned.") == Position(35, 47)


@pytest.mark.parametrize(
    ("prefix", "suffix"),
    [
        ("Later", ""),
        ("the ", "taken"),
        ("", "were"),
        ("X", ""),
        ("", "taken. Later, the islands were taken."),
    ],
)
def test_neighbours_that_do_not_match_make_an_orphan(prefix, suffix):
    assert anchor(TEXT, "islands were", prefix, suffix) is None


def test_neighbours_must_match_even_where_the_quote_occurs_once():
    assert anchor(TEXT, "returned", prefix="islands were") == Position(48, 56)
    assert anchor(TEXT, "returned", prefix="islands are") is None
    assert anchor(TEXT, "returned", suffix="!") is None


def test_neighbours_are_compared_with_white_space_as_one_space():
    text = "He said:\n\n“No\u00a0more.”  Then he\u2009left."
    assert anchor(text, "Then", prefix="No more.”", suffix="he left.") == Position(22, 26)


def test_neighbours_at_the_very_ends_of_the_text():
    assert anchor("a b", "a", prefix="x") is None
    assert anchor("a b", "b", suffix="x") is None
    assert anchor("  a b", "a", suffix="b") == Position(2, 3)
    assert anchor("ab ab", "ab", prefix="ab") == Position(3, 5)


def test_occurrences_that_overlap_are_two():
    assert candidates("aaa", "aa") == [Position(0, 2), Position(1, 3)]
    assert anchor("aaa", "aa") is None
    assert anchor("aaa", "aa", prefix="a") == Position(1, 3)


def test_a_quote_longer_than_the_text_is_not_there():
    assert anchor("short", "short and more") is None
    assert anchor("", "a") is None


def test_many_occurrences_in_a_long_text_are_told_apart():
    text = "word " * 50_000 + "last word."
    assert len(candidates(text, "word")) == 50_001
    assert anchor(text, "word", prefix="last") == Position(250_005, 250_009)


def test_folding_keeps_the_place_of_each_character():
    assert fold_space("a \n b") == ("a b", [0, 1, 4, 5])


ALPHABET = st.sampled_from("ab. \n\u00a0\u200bé島🙂’")


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=60), st.data())
def test_any_passage_that_occurs_once_is_found_where_it_is(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    assume(not SPACE.match(quote[0]) and not SPACE.match(quote[-1]))
    plain = SPACE.sub(" ", text)
    times = sum(plain.startswith(SPACE.sub(" ", quote), at) for at in range(len(plain)))
    assert anchor(text, quote) == (Position(start, end) if times == 1 else None)
    assert Position(start, end) in candidates(text, quote, text[:start], text[end:])
    assert anchor(text, quote, text[:start], text[end:]) == Position(start, end)


@given(st.text(alphabet=ALPHABET, max_size=60), st.text(alphabet=ALPHABET, max_size=5))
def test_what_is_found_is_the_quote_but_for_white_space(text, quote):
    for place in candidates(text, quote):
        assert 0 <= place.start < place.end <= len(text)
        assert SPACE.sub(" ", text[place.start : place.end]) == SPACE.sub(" ", quote).strip()


@given(st.text(), st.text(), st.text(), st.text())
def test_any_texts_are_taken(text, quote, prefix, suffix):
    found = candidates(text, quote, prefix, suffix)
    assert set(found) <= set(candidates(text, quote))
    assert found == sorted(found, key=lambda place: place.start)
