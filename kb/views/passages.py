"""The words of a source as readers may see them, with its claims marked.

Where the rights allow, the whole captured text; otherwise the quoted passages alone, each with the words around it that
its claim quotes too, in the order of the text. Passages that overlap are joined; between others there is a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.editorial.quotes import Position, anchor, candidates, fold_space
from kb.views.texts import joined

Document = dict[str, Any]
Mark = tuple[int, int, str]

#: Fewer letters in common do not show that two passages continue each other.
LEAST_OVERLAP = 12
#: What stands between two passages without anything left out: a full stop, spaces, a paragraph's end.
NO_GAP = 4


@dataclass(frozen=True)
class Piece:
    """Words and the claims (uids) that they make."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A paragraph or an excerpt.

    `gap_before` says that words before it are left out; `placed`, that it is known where in the text it stands.
    """

    pieces: tuple[Piece, ...]
    gap_before: bool = False
    placed: bool = True


@dataclass
class _Excerpt:
    text: str
    marks: list[Mark]
    snapshot: str | None
    first: int | None
    last: int | None
    gap_before: bool = field(default=True)


def whole_text(text: str, snapshot: str, source: str, claims: Iterable[Document]) -> list[Passage]:
    """A captured text's paragraphs. Quotes that were found in another capture are looked for in this one."""
    marks = []
    for claim, row in _quoted(source, claims):
        if row["snapshot"] == snapshot and row["start"] is not None:
            found: Position | None = Position(row["start"], row["end"])
        else:
            found = anchor(text, row["quote"], row["prefix"], row["suffix"])
        if found:
            marks.append((found.start, found.end, claim))
    paragraphs = re.finditer(r"\S(?:.*?)(?=\s*\n\s*\n|\s*\Z)", text, re.DOTALL)
    return [Passage(tuple(pieces(text, marks, found.start(), found.end()))) for found in paragraphs]


def excerpts(source: str, claims: Iterable[Document]) -> list[Passage]:
    """The quoted passages of a source: those found in its text in their order, then the others, the longest first."""
    shown: list[_Excerpt] = []
    for claim, row in sorted(_quoted(source, claims), key=_place):
        if row["start"] is None:
            joined_up = any(_lies_within(one, row, claim) for one in shown if one.first is None)
        else:
            joined_up = bool(shown) and _continues(shown[-1], row, claim)
        if not joined_up:
            shown.append(_excerpt(row, claim, shown[-1] if shown else None))
    return [
        Passage(tuple(pieces(one.text, one.marks, 0, len(one.text))), one.gap_before, one.first is not None)
        for one in shown
    ]


def pieces(text: str, marks: Sequence[Mark], start: int, end: int) -> list[Piece]:
    """A stretch of a text cut wherever a mark begins or ends."""
    inside = [
        (max(first, start), min(last, end), uid) for first, last, uid in marks if first < end and last > start
    ]
    cuts = sorted({start, end, *(first for first, _, _ in inside), *(last for _, last, _ in inside)})
    found = []
    for first, last in zip(cuts, cuts[1:], strict=False):
        over = dict.fromkeys(uid for begin, stop, uid in inside if begin <= first and last <= stop)
        found.append(Piece(text[first:last], tuple(over)))
    return found


def _quoted(source: str, claims: Iterable[Document]) -> list[tuple[str, Document]]:
    rows = ((claim["uid"], row) for claim in claims for row in claim["appearances"])
    return [(uid, row) for uid, row in rows if row["source"] == source and row["quote"]]


def _place(pair: tuple[str, Document]) -> tuple[bool, str, int, int, str]:
    claim, row = pair
    if row["start"] is None:
        return True, "", -len(row["quote"]), 0, claim
    return False, row["snapshot"] or "", row["start"], -row["end"], claim


def _words(row: Document) -> tuple[str, Mark]:
    """A quote with the words around it, and where in them it stands."""
    before = joined(_line(row["prefix"]), _line(row["quote"]))
    start = len(before) - len(_line(row["quote"]))
    return joined(before, _line(row["suffix"])), (start, len(before), "")


def _line(text: str) -> str:
    return fold_space(text)[0].strip()


def _excerpt(row: Document, claim: str, before: _Excerpt | None) -> _Excerpt:
    text, (start, end, _) = _words(row)
    first = None if row["start"] is None else row["start"] - start
    last = None if row["end"] is None else row["end"] + len(text) - end
    near = (
        before is not None
        and before.snapshot == row["snapshot"]
        and None not in (first, before.last)
        and first - before.last <= NO_GAP  # type: ignore[operator]
    )
    begins = before is None and first is not None and first <= NO_GAP
    gap = first is not None and not (near or begins)
    return _Excerpt(text, [(start, end, claim)], row["snapshot"], first, last, gap)


def _lies_within(excerpt: _Excerpt, row: Document, claim: str) -> bool:
    """Whether a quote whose place is not known is part of one that is shown already; if so it is marked there."""
    found = candidates(excerpt.text, row["quote"], row["prefix"], row["suffix"])
    if len(found) != 1:
        return False
    excerpt.marks.append((found[0].start, found[0].end, claim))
    return True


def _continues(excerpt: _Excerpt, row: Document, claim: str) -> bool:
    """Whether the passage goes on, or lies within, the one before; if so it is joined to it."""
    if excerpt.snapshot != row["snapshot"] or row["start"] is None or excerpt.last is None:
        return False
    text, (start, end, _) = _words(row)
    if row["start"] - start > excerpt.last:
        return False
    found = candidates(excerpt.text, text)
    if found:
        offset = found[0].start
    elif overlap := _overlap(excerpt.text, text):
        offset = len(excerpt.text) - overlap
        excerpt.text += text[overlap:]
        excerpt.last = max(excerpt.last, row["end"] + len(text) - end)
    elif len(places := candidates(excerpt.text, row["quote"])) == 1:
        offset = places[0].start - start
    else:
        return False
    excerpt.marks.append((offset + start, offset + end, claim))
    return True


def _overlap(text: str, other: str) -> int:
    """How many letters at the end of one text are the beginning of the other; 0 if too few to tell."""
    for length in range(min(len(text), len(other)), LEAST_OVERLAP - 1, -1):
        if text.endswith(other[:length]):
            return length
    return 0
