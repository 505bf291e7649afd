"""What goes into the search index, how a question is taken apart, and what is marked in a text."""

from __future__ import annotations

import pytest

from kb.book.search.questions import LONGEST, Piece, read
from kb.book.search.snippets import LENGTH, Marker, marked, snippet
from kb.book.search.terms import entry, spoken
from kb.book.search.vocabulary import distance_between
from kb.editorial.stemming import stem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Islands, 1945!", ["the", "islands", "1945"]),
        ("Königsberg Łódź Ёлка", ["konigsberg", "lodz", "елка"]),
        ("択捉島", ["択", "択捉", "捉", "捉島", "島"]),
        ("8月に", ["8", "月", "月に", "に"]),
        ("", []),
        ("a" * 100, ["a" * 60]),
    ],
)
def test_words_come_in_order_and_runs_without_spaces_in_characters_and_pairs(text, words):
    assert list(spoken(text)) == words


def test_of_a_document_its_titles_texts_and_what_it_is_about_are_kept():
    document = {
        "kind": "event",
        "uid": "abcdefghjkmn",
        "title": "The Landing",
        "note": "At dawn.",
        "language": "zh-Hant",
        "places": ["bcdefghjkmnp"],
        "participants": [],
        "part_of": None,
        "after": ["cdefghjkmnpq"],
    }
    kept = entry(document)
    assert (kept.title, kept.body) == ("the landing zzbreak", "at dawn zzbreak")
    assert kept.marks == "zzuabcdefghjkmn zzubcdefghjkmnp zzlzh"
    assert kept.names == (("the landing", "the land"),)


@pytest.mark.parametrize(
    ("forms", "root"),
    [
        ("islands island", "island"),
        ("invaded invading invades", "invad"),
        ("итуруп итурупа итурупе итурупом", "итуруп"),
        ("이투루프 이투루프에서 이투루프는 이투루프의", "이투루프"),
        ("1945", "1945"),
        ("択捉", "択捉"),
        ("war", "war"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms, root):
    assert {stem(form) for form in forms.split()} == {root}


def wanted(text: str) -> list[str]:
    return [piece.text for piece in read(text).pieces]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Etorofu-tō isles", ["etorofu", "to", "isles"]),
        ('the "Final Days" of', ["the", "final days", "of"]),
        ("ソ連は択捉島を占領", ["ソ", "連", "択捉島", "占領"]),
        ("苏联占领择捉岛", ["苏联", "联占", "占领", "领择", "择捉", "捉岛"]),
        ("を", ["を"]),
        ("は を", ["は", "を"]),
        ('"', []),
        ('""', []),
        ("AND OR NOT NEAR(a, b) title:x^2 *", ["and", "or", "not", "near", "a", "b", "title", "x", "2"]),
        ("\x00\ud800 \u202eabc\u202c", ["abc"]),
        ("😀 🇯🇵", []),
        ("-", []),
        ("a-b", ["a", "b"]),
    ],
)
def test_a_question_is_taken_apart(text, pieces):
    assert wanted(text) == pieces


def test_what_is_left_out_and_what_is_quoted_is_told_apart():
    question = read('landing -soviet -"by night" "at dawn"')
    assert question.pieces == (Piece(("landing",)), Piece(("at", "dawn"), exact=True, quoted=True))
    assert question.without == (Piece(("soviet",)), Piece(("by", "night"), exact=True, quoted=True))
    assert question.line == "landing at dawn"


def test_a_question_is_cut_where_nobody_asks_any_more():
    assert (len(read("x" * 10_000).text), read("x" * 10_000).cut) == (LONGEST, True)
    assert (read("x y").text, read("x y").cut) == ("x y", False)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("a", "a", 0),
        ("ab", "ba", 1),
        ("abc", "ac", 1),
        ("ac", "abc", 1),
        ("abc", "adc", 1),
        ("abcd", "badc", 2),
    ],
)
def test_letters_added_left_out_changed_and_turned_are_counted(one, other, distance):
    assert distance_between(one, other) == distance


# --- marks --------------------------------------------------------------------------------------------------------


def shown(parts) -> str:
    return "".join(f"[{text}]" if there else text for text, there in parts)


@pytest.mark.parametrize(
    ("text", "words", "result"),
    [
        ("The Königsberg treaty", {("konigsberg",)}, "The [Königsberg] treaty"),
        ("Ko\u0308nigsberg", {("konigsberg",)}, "[Ko\u0308nigsberg]"),
        ("Its final days; final.", {("final", "days")}, "Its [final days]; final."),
        ("択捉島と国後島", {("択", "択捉", "捉", "捉島", "島")}, "[択捉島]と国後島"),
        ("択捉島と国後島", {("島",)}, "択捉[島]と国後[島]"),
        ("<b>Iturup</b>", {("iturup",)}, "<b>[Iturup]</b>"),
        ("nothing", {("iturup",)}, "nothing"),
        ("", {("iturup",)}, ""),
    ],
)
def test_words_are_marked_in_the_text_as_it_was_written(text, words, result):
    assert shown(marked(text, Marker.of(words))) == result


def test_a_snippet_is_the_stretch_around_the_first_word_between_words():
    text = "Before. " * 40 + "Then the landing came. " + "After. " * 60
    cut = shown(snippet(["", "nothing here", text], Marker.of({("landing",)})))
    assert cut.startswith("… Before. ")
    assert "Then the [landing] came. After." in cut
    assert cut.endswith("After. …")
    assert len(cut) < LENGTH + 10
    assert snippet(["nothing"], Marker.of({("landing",)})) == []
