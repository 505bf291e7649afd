"""A source's text ready to be drawn: marks in lanes where they overlap, notes beside it, and links to each passage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from kb.views.passages import Passage
from kb.views.texts import http_url
from kb.views.words import RATINGS, UNRATED, Verdict, verdict

Document = dict[str, Any]

#: Words at either end of a passage that are enough for a browser to find it by.
ENDS = 5


@dataclass(frozen=True)
class Mark:
    """One claim's mark over some words. `lane` counts from the words down; `begins` says that it starts here."""

    number: int
    claim: Document
    said: Verdict
    lane: int
    begins: bool


@dataclass(frozen=True)
class Stretch:
    """Words under the same marks, the outermost first. `ends` are those whose number follows these words."""

    text: str
    marks: tuple[Mark, ...] = ()
    ends: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Note:
    """What stands beside a passage about one of the claims made in it, with what was said against it.

    `here` is the address of its words on this page, `there` at the publisher's: browsers scroll to them and mark them.
    """

    number: int
    claim: Document
    said: Verdict
    here: str
    there: str
    rebuttals: tuple[Document, ...]


@dataclass(frozen=True)
class Annotated:
    """A passage with the notes of the claims that are marked in it and in none before. `key` is its address here."""

    passage: Passage
    stretches: tuple[Stretch, ...]
    notes: tuple[Note, ...]
    key: str


def annotate(
    passages: Sequence[Passage],
    source: Document,
    claims: Mapping[str, Document],
    rebuttals: Iterable[Document] = (),
) -> list[Annotated]:
    """The passages in their order; claims are numbered as their marks are met in reading.

    `claims` are those made in the source, by uid. Of the `rebuttals`, a note shows those that are of its claim and of
    what is said here: a rebuttal may be about other appearances alone.
    """
    against = _against(source, claims, rebuttals)
    numbers: dict[str, int] = {}
    found = []
    for place, passage in enumerate(passages, start=1):
        runs = _runs(passage)
        new = [uid for uid in dict.fromkeys(run for run, _ in runs) if uid not in numbers]
        numbers.update(zip(new, range(len(numbers) + 1, len(numbers) + len(new) + 1), strict=True))
        stretches = tuple(_stretches(passage, claims, numbers, set(new)))
        notes = tuple(
            Note(
                numbers[uid],
                claims[uid],
                _said(claims[uid]),
                f"#{quote_id(claims[uid])}{fragment(*_ends_of(uid, passage))}",
                _at_publisher(source, claims[uid]),
                tuple(against.get(uid, ())),
            )
            for uid in new
        )
        found.append(Annotated(passage, stretches, notes, f"p{place}"))
    return found


def tally(notes: Iterable[Note]) -> list[tuple[Verdict, int]]:
    """How many claims have which rating, in the order of the ratings."""
    counted = Counter(note.said for note in notes)
    known = [said for said in (*RATINGS.values(), UNRATED) if said in counted]
    return [(said, counted[said]) for said in (*known, *(other for other in counted if other not in known))]


def quote_id(claim: Document) -> str:
    """The id of the words that make a claim, on its source's page."""
    return f"quote-{claim['key']}"


def fragment(first: str, last: str = "", before: str = "") -> str:
    """The directive that makes a browser look for words: `first` up to `last`, right after `before`.

    Empty where there is nothing to look for.
    """
    if not first:
        return ""
    parts = [f"{_encoded(before)}-," if before else "", _encoded(first), f",{_encoded(last)}" if last else ""]
    return f":~:text={''.join(parts)}"


def _said(claim: Document) -> Verdict:
    return verdict(RATINGS, claim["assessment"]["rating"] if claim["assessment"] else "")


def _against(
    source: Document, claims: Mapping[str, Document], rebuttals: Iterable[Document]
) -> dict[str, list[Document]]:
    here = {
        row["uid"]
        for claim in claims.values()
        for row in claim["appearances"]
        if row["source"] == source["uid"]
    }
    found: dict[str, list[Document]] = {}
    for rebuttal in rebuttals:
        if not rebuttal["appearances"] or here.intersection(rebuttal["appearances"]):
            found.setdefault(rebuttal["claim"], []).append(rebuttal)
    return found


def _runs(passage: Passage) -> list[tuple[str, int]]:
    """The marks of a passage as (claim, first piece), in the order in which they begin."""
    runs = []
    before: tuple[str, ...] = ()
    for at, piece in enumerate(passage.pieces):
        runs += [(uid, at) for uid in piece.marks if uid not in before]
        before = piece.marks
    return runs


def _stretches(
    passage: Passage, claims: Mapping[str, Document], numbers: Mapping[str, int], new: set[str]
) -> Iterable[Stretch]:
    """The pieces with their marks in lanes: a mark keeps its lane as long as it goes on."""
    lanes: dict[str, int] = {}
    begun: set[str] = set()
    for at, piece in enumerate(passage.pieces):
        lanes = {uid: lane for uid, lane in lanes.items() if uid in piece.marks}
        for uid in piece.marks:
            if uid not in lanes:
                lanes[uid] = next(lane for lane in range(len(piece.marks)) if lane not in lanes.values())
        marks = {
            uid: Mark(numbers[uid], claims[uid], _said(claims[uid]), lane, uid in new and uid not in begun)
            for uid, lane in lanes.items()
        }
        begun.update(piece.marks)
        following = passage.pieces[at + 1].marks if at + 1 < len(passage.pieces) else ()
        drawn = sorted(marks.values(), key=lambda mark: -mark.lane)
        ends = sorted(
            (mark for uid, mark in marks.items() if uid not in following), key=lambda mark: mark.number
        )
        yield Stretch(piece.text, tuple(drawn), tuple(ends))


def _ends_of(uid: str, passage: Passage) -> tuple[str, str]:
    """The first and the last words of a mark, none with another mark's number between them."""
    run: list[str] = []
    for piece in passage.pieces:
        if uid in piece.marks:
            run.append(piece.text)
        elif run:
            break
    return _both_ends(run[0], run[-1]) if run else ("", "")


def _both_ends(first: str, last: str) -> tuple[str, str]:
    """What a browser is given to find words that begin and end so. Words without spaces are given whole."""
    opening, closing = first.split(), last.split()
    if first == last and len(opening) <= 2 * ENDS:
        return " ".join(opening), ""
    return " ".join(opening[:ENDS]), " ".join(closing[-ENDS:])


def _at_publisher(source: Document, claim: Document) -> str:
    """The address of the words at the publisher's, where the source has one and the claim is quoted from it."""
    address = http_url(source["url"]) or http_url(source["archived_url"])
    row = next((row for row in claim["appearances"] if row["source"] == source["uid"] and row["quote"]), None)
    if not address or row is None:
        return ""
    first, last = _both_ends(row["quote"], row["quote"])
    # Few words may stand there more than once.
    before = "" if last or len(first.split()) >= ENDS else " ".join(row["prefix"].split()[-3:])
    return f"{address}{'' if '#' in address else '#'}{fragment(first, last, before)}"


def _encoded(words: str) -> str:
    """Words for a fragment, in which a comma, an ampersand and a hyphen mean something."""
    return quote(re.sub(r"\s+", " ", words).strip(), safe="").replace("-", "%2D")
