"""What differs between two texts, word by word. Pure functions; no Django."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW, SKIPPED = "same", "gone", "new", "skipped"

#: A word, a character of a script without spaces between words, a run of white space, or a sign.
_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+|\s+|.", re.DOTALL
)
#: Beyond so many tokens on either side, once what both begin and end with is set aside, the texts are told whole.
MOST = 2_000
#: Texts that share less than this part of the longer one are told whole: laid over each other they say nothing.
ALIKE = 0.25
#: How much of a long passage that is the same is shown at either end of it.
AROUND = 90


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: in both (`same`), in the older alone (`gone`), or in the newer alone (`new`).

    `skipped` stands for a stretch that both have and that is too long to be shown.
    """

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The pieces of two texts. Those that are not new make up the older, those that are not gone the newer."""
    if before == after:
        return [Piece(SAME, before)] if before else []
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    first, last = "".join(old[:head]), "".join(old[len(old) - tail :])
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    whole = [(GONE, "".join(old)), (NEW, "".join(new))]
    found = whole if max(len(old), len(new)) > MOST else list(_between(old, new))
    pieces = list(_joined([(SAME, first), *found, (SAME, last)]))
    alike = sum(len(piece.text) for piece in pieces if piece.kind == SAME)
    if alike < ALIKE * max(len(before), len(after)):
        pieces = [Piece(kind, text) for kind, text in ((GONE, before), (NEW, after)) if text]
    return pieces


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The pieces for a page: of a long passage that is the same, the words next to what differs."""
    return [short for i, piece in enumerate(pieces) for short in _short(piece, i > 0, i < len(pieces) - 1)]


def _shared(old: list[str], new: list[str]) -> int:
    """How many tokens both begin with."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _between(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield SAME, "".join(old[i1:i2])
        else:
            yield GONE, "".join(old[i1:i2])
            yield NEW, "".join(new[j1:j2])


def _joined(found: list[tuple[str, str]]) -> Iterator[Piece]:
    """One piece where several of a kind follow each other; white space alone does not part two changes."""
    gone = new = ""
    inside = len(found) - 1
    for i, (kind, text) in enumerate(found):
        if kind == SAME and (text.strip() or not (gone or new) or i == inside) and text:
            yield from (Piece(k, t) for k, t in ((GONE, gone), (NEW, new)) if t)
            gone = new = ""
            yield Piece(SAME, text)
        elif kind != NEW:
            gone, new = gone + text, new + (text if kind == SAME else "")
        else:
            new += text
    yield from (Piece(k, t) for k, t in ((GONE, gone), (NEW, new)) if t)


def _short(piece: Piece, after_one: bool, before_one: bool) -> Iterator[Piece]:
    room = AROUND * (after_one + before_one)
    if piece.kind != SAME or len(piece.text) <= room + AROUND or not room:
        yield piece
        return
    start = _cut(piece.text[:AROUND], from_end=False) if after_one else ""
    end = _cut(piece.text[-AROUND:], from_end=True) if before_one else ""
    if start:
        yield Piece(SAME, start)
    yield Piece(SKIPPED, piece.text[len(start) : len(piece.text) - len(end)])
    if end:
        yield Piece(SAME, end)


def _cut(text: str, *, from_end: bool) -> str:
    """Without the word that was cut in two."""
    at = text.find(" ") if from_end else text.rfind(" ")
    if at < 0:
        return text
    return text[at:] if from_end else text[: at + 1]
