"""The words of a source with its claims marked in them."""

from __future__ import annotations

from typing import Any

import pytest

from kb.editorial.quotes import anchor
from kb.views.passages import Passage, Piece, excerpts, whole_text
from kb.views.texts import joined

TEXT = (
    "The visit was postponed.\n\nHaving signed a treaty in 1941, the Soviet Union\u00a0entered the war, taking control "
    "only in August 1945. The inhabitants were later expelled.\n\nThe treaty of 1951 ended it."
)


def claim(uid: str, quote: str, prefix: str = "", suffix: str = "", text: str = TEXT) -> dict[str, Any]:
    """A claim's document with one appearance, anchored in the text."""
    place = anchor(text, quote, prefix, suffix)
    row = {
        "source": "s",
        "snapshot": "text" if place else None,
        "quote": quote,
        "prefix": prefix,
        "suffix": suffix,
    }
    return {"uid": uid, "appearances": [{**row, "start": place and place.start, "end": place and place.end}]}


def shown(passage: Passage) -> str:
    """A passage on one line: marks in brackets with their claims, a gap before as dots."""
    marked = (
        f"[{piece.text}]({','.join(piece.marks)})" if piece.marks else piece.text for piece in passage.pieces
    )
    return ("… " if passage.gap_before else "") + "".join(marked)


def test_passages_stand_in_the_order_of_the_text_with_gaps():
    found = excerpts("s", [claim("late", "The treaty of 1951 ended it."), claim("early", "was postponed")])
    assert [shown(passage) for passage in found] == [
        "… [was postponed](early)",
        "… [The treaty of 1951 ended it.](late)",
    ]


def test_a_passage_at_the_beginning_and_neighbouring_sentences_have_no_gap():
    found = excerpts(
        "s",
        [
            claim("first", "The visit was postponed."),
            claim("second", "Having signed a treaty in 1941"),
            claim("third", "The inhabitants were later expelled"),
        ],
    )
    assert [passage.gap_before for passage in found] == [False, False, True]


def test_claims_of_one_sentence_are_marked_in_it_once():
    found = excerpts(
        "s",
        [
            claim(
                "taking", "taking control only in August 1945", prefix="Union entered the war,", suffix="."
            ),
            claim(
                "treaty",
                "signed a treaty in 1941",
                prefix="Having",
                suffix=", the Soviet Union entered the war, taking",
            ),
        ],
    )
    assert [shown(passage) for passage in found] == [
        "… Having [signed a treaty in 1941](treaty), the Soviet Union entered the war, "
        "[taking control only in August 1945](taking)."
    ]


def test_overlapping_quotes_share_their_words():
    found = excerpts("s", [claim("long", "was postponed.", prefix="The visit"), claim("short", "postponed")])
    assert [shown(passage) for passage in found] == ["The visit [was ](long)[postponed](long,short)[.](long)"]


def test_quotes_without_a_place_come_last_each_by_itself():
    found = excerpts("s", [claim("lost", "nowhere in the text"), claim("there", "The visit")])
    assert [shown(passage) for passage in found] == ["[The visit](there)", "[nowhere in the text](lost)"]
    assert [passage.placed for passage in found] == [True, False]


def test_a_quote_within_another_is_marked_there_even_if_the_text_is_not_at_hand():
    found = excerpts("s", [claim("part", "was signed"), claim("whole", "The note was signed at Moscow.")])
    assert [shown(passage) for passage in found] == [
        "[The note ](whole)[was signed](whole,part)[ at Moscow.](whole)",
    ]


def test_only_the_sources_own_passages_are_shown():
    assert excerpts("another", [claim("early", "was postponed")]) == []


def test_a_public_text_is_shown_whole_with_its_claims_marked():
    found = whole_text(TEXT, "text", "s", [claim("war", "the Soviet Union entered the war")])
    assert [shown(passage) for passage in found] == [
        "The visit was postponed.",
        "Having signed a treaty in 1941, [the Soviet Union\u00a0entered the war](war), taking control only in "
        "August 1945. The inhabitants were later expelled.",
        "The treaty of 1951 ended it.",
    ]


def test_a_quote_found_in_another_capture_is_looked_for_in_this_one():
    other = claim("war", "entered the war")
    other["appearances"][0].update(snapshot="older", start=0, end=15)
    assert shown(whole_text(TEXT, "text", "s", [other])[1]).count("[entered the war](war)") == 1
    gone = claim("gone", "never said")
    assert all(
        piece.marks == () for passage in whole_text(TEXT, "text", "s", [gone]) for piece in passage.pieces
    )


def test_a_mark_across_paragraphs_is_cut_at_their_ends():
    found = whole_text(TEXT, "text", "s", [claim("both", "was postponed. Having signed a treaty")])
    assert [shown(passage) for passage in found][:2] == [
        "The visit [was postponed.](both)",
        "[Having signed a treaty](both) in 1941, the Soviet Union\u00a0entered the war, taking control only in "
        "August 1945. The inhabitants were later expelled.",
    ]


def test_no_text_has_no_passages():
    assert whole_text("", "text", "s", []) == []
    assert whole_text(" \n\n ", "text", "s", []) == []
    assert excerpts("s", []) == []
    assert Piece("x").marks == ()


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("in 1941", ", the Soviet Union", "in 1941, the Soviet Union"),
        ("War,", "taking control", "War, taking control"),
        ("of “", "draw", "of “draw"),
        ("択捉", "島", "択捉島"),
        ("", "word", "word"),
        ("word", "", "word"),
        ("word ", "word", "word word"),
    ],
)
def test_texts_are_joined_as_print_joins_them(first, second, line):
    assert joined(first, second) == line
