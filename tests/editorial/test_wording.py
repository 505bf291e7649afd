"""Two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.editorial.wording import AROUND, MOST, Piece, shortened, word_diff

texts = st.text("ab 。島の,.\n", max_size=40)


def told(before: str, after: str) -> str:
    signs = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]", "skipped": "…"}
    return "".join(signs[piece.kind].format(piece.text) for piece in shortened(word_diff(before, after)))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("August 1945", "August 1945", "August 1945"),
        ("", "new", "[+new+]"),
        ("old", "", "[-old-]"),
        ("taken in August 1945", "taken in September 1945", "taken in [-August-][+September+] 1945"),
        # Two changed words with a space between them are one change.
        ("it was on 9 August, not later", "it was on 18 September, not later",
         "it was on [-9 August-][+18 September+], not later"),
        ("the islands were taken", "the islands were not taken", "the islands were [+not +]taken"),
        # A script without spaces is told by its characters.
        ("四島は八月に占領", "四島は九月に占領", "四島は[-八-][+九+]月に占領"),
        # What has nothing in common is told whole.
        ("one two three", "quite another sentence", "[-one two three-][+quite another sentence+]"),
        ("a  b", "a b", "a[-  -][+ +]b"),
    ],
)  # fmt: skip
def test_two_texts_in_one(before: str, after: str, expected: str) -> None:
    assert told(before, after) == expected


@given(before=texts, after=texts)
def test_both_texts_can_be_read_out_of_the_pieces(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
    assert all(piece.text for piece in pieces)


@given(before=texts, after=texts)
def test_shortening_leaves_out_nothing_that_differs(before: str, after: str) -> None:
    pieces = word_diff(before * 20 + after, before * 20)
    short = shortened(pieces)
    assert "".join(piece.text for piece in short) == "".join(piece.text for piece in pieces)
    assert [p for p in short if p.kind in ("gone", "new")] == [p for p in pieces if p.kind in ("gone", "new")]


def test_of_a_long_passage_only_the_words_around_a_change_are_shown() -> None:
    long = "and so on " * 100
    found = shortened(word_diff(f"{long}August{long}", f"{long}September{long}"))
    assert [piece.kind for piece in found] == ["skipped", "same", "gone", "new", "same", "skipped"]
    assert max(len(found[1].text), len(found[4].text)) <= AROUND


def test_very_long_texts_are_told_whole_where_they_differ() -> None:
    before, after = "a " * MOST, "b " * MOST
    assert word_diff(f"same words {before}end", f"same words {after}end") == [
        Piece("gone", f"same words {before}end"),
        Piece("new", f"same words {after}end"),
    ]
