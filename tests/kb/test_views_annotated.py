"""A source's text with its claims marked: overlapping marks, notes, and links to each passage."""

from __future__ import annotations

from typing import Any

from kb.views.annotated import Annotated, annotate, fragment, tally
from kb.views.passages import Passage, Piece

SOURCE = {"uid": "s", "url": "https://example.org/report", "archived_url": ""}


def claim(uid: str, rating: str = "", quote: str = "it was so", prefix: str = "") -> dict[str, Any]:
    row = {"uid": f"row-{uid}", "source": "s", "quote": quote, "prefix": prefix, "suffix": ""}
    judged = {"rating": rating} if rating else None
    return {"uid": uid, "key": uid, "assessment": judged, "appearances": [row]}


def passage(*pieces: tuple[str, str]) -> Passage:
    """Pieces as (words, uids of one letter each)."""
    return Passage(tuple(Piece(text, tuple(marks)) for text, marks in pieces))


def annotated(*passages: Passage, **more: Any) -> list[Annotated]:
    uids = {uid for one in passages for piece in one.pieces for uid in piece.marks}
    return annotate(list(passages), SOURCE, {uid: claim(uid) for uid in uids}, **more)


def drawn(part: Annotated) -> list[str]:
    """Each stretch as its words, its claims with their lanes, and the numbers that follow it."""
    found = []
    for stretch in part.stretches:
        marks = " ".join(f"{mark.claim['uid']}{mark.lane}" for mark in stretch.marks)
        found.append(f"{stretch.text}|{marks}|{' '.join(str(mark.number) for mark in stretch.ends)}")
    return found


def test_claims_are_numbered_as_they_are_met_and_noted_once():
    parts = annotated(passage(("one", "b"), (" ", ""), ("two", "a")), passage(("three", "ca"), (".", "c")))
    assert [[(note.number, note.claim["uid"]) for note in part.notes] for part in parts] == [
        [(1, "b"), (2, "a")],
        [(3, "c")],
    ]
    assert [drawn(part) for part in parts] == [
        ["one|b0|1", " ||", "two|a0|2"],
        ["three|a1 c0|2", ".|c0|3"],
    ]


def test_a_mark_keeps_its_lane_while_others_begin_and_end_over_it():
    (part,) = annotated(passage(("a", "a"), ("b", "ab"), ("c", "bc"), ("d", "c")))
    assert drawn(part) == ["a|a0|", "b|b1 a0|1", "c|b1 c0|2", "d|c0|3"]


def test_only_where_a_claim_is_first_marked_has_its_address():
    parts = annotated(passage(("a", "a"), (" ", ""), ("a", "a")), passage(("a", "a")))
    begins = [[mark.begins for stretch in part.stretches for mark in stretch.marks] for part in parts]
    assert begins == [[True, False], [False]]


def test_a_passage_is_found_on_this_page_by_words_with_no_number_between_them():
    words = "Having signed a treaty, the Soviet Union belatedly entered "
    (part,) = annotated(passage((words, "a"), ("into hostilities", "ab"), (" against Japan in 1945", "a")))
    assert [note.here for note in part.notes] == [
        "#quote-a:~:text=Having%20signed%20a%20treaty%2C%20the,against%20Japan%20in%201945",
        "#quote-b:~:text=into%20hostilities",
    ]


def test_a_passage_is_found_at_the_publishers_by_what_stands_there():
    long = "taking control over these islands only in its final days before Japan’s surrender"
    claims = {
        "a": claim("a", quote=long),
        "b": claim("b", quote="post-war", prefix="they say, in the"),
        "c": claim("c", quote=""),
    }
    parts = annotate([passage(("x", "a"), ("y", "b"), ("z", "c"))], SOURCE, claims)
    assert [note.there for note in parts[0].notes] == [
        "https://example.org/report#:~:text=taking%20control%20over%20these%20islands,final%20days%20before%20Japan%E2%80%99s%20surrender",
        "https://example.org/report#:~:text=say%2C%20in%20the-,post%2Dwar",
        "",
    ]


def test_a_source_without_an_address_has_no_links_to_its_words_there():
    nowhere = {**SOURCE, "url": "javascript:alert(1)", "archived_url": ""}
    (part,) = annotate([passage(("x", "a"))], nowhere, {"a": claim("a")})
    assert part.notes[0].there == ""


def test_words_without_spaces_are_looked_for_whole():
    assert fragment("", "") == ""
    (part,) = annotated(passage(("ソ連軍は8月28日に択捉島に上陸し", "a")))
    assert part.notes[0].here.count("%") == len("ソ連軍は月日に択捉島に上陸し".encode())


def test_a_note_shows_the_rebuttals_of_what_is_said_here():
    def rebuttal(key: str, *appearances: str) -> dict[str, Any]:
        return {"key": key, "claim": "a", "appearances": list(appearances)}

    against = [rebuttal("all"), rebuttal("here", "row-a"), rebuttal("elsewhere", "row-x")]
    (part,) = annotated(passage(("a", "a")), rebuttals=against)
    assert [one["key"] for one in part.notes[0].rebuttals] == ["all", "here"]


def test_the_tally_counts_ratings_in_their_order():
    claims = {
        uid: claim(uid, rating)
        for uid, rating in zip("abcd", ("", "inaccurate", "accurate", "inaccurate"), strict=True)
    }
    (part,) = annotate([passage(("x", "abcd"))], SOURCE, claims)
    assert [(said.word, count) for said, count in tally(part.notes)] == [
        ("Accurate", 1),
        ("Inaccurate", 2),
        ("Not assessed", 1),
    ]
