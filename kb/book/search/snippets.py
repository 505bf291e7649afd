"""Where the words of a question stand in a text as it was written: pieces of it, marked and not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.editorial.folding import UNSPACED, fold

Part = tuple[str, bool]  # text, whether it is marked

#: Letters and digits with the marks that belong to them.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0483-\u0487\u3099\u309a])*")
#: A snippet's length, and how much of it stands before the first word that is marked.
LENGTH, BEFORE = 220, 60
#: Longer texts are looked through so far.
_LOOKED_THROUGH = 6_000


@dataclass(frozen=True)
class Marker:
    """What is marked: words that stand alone, words that follow each other, and runs of scripts without spaces."""

    words: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    runs: tuple[str, ...]

    @classmethod
    def of(cls, found: Collection[tuple[str, ...]]) -> Marker:
        words, phrases, runs = set(), [], set()
        for some in found:
            letters = [word for word in some if UNSPACED.fullmatch(word)]
            if letters:
                runs.add("".join(word for word in letters if len(word) == 1))
            elif len(some) == 1:
                words.add(some[0])
            else:
                phrases.append(some)
        return cls(frozenset(words), tuple(phrases), tuple(sorted(runs, key=lambda run: (-len(run), run))))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """What of a text is marked, from where to where."""
        found = [(match.start(), match.end(), _folded(match[0])) for match in _WORD.finditer(text)]
        spans = [(start, end) for start, end, word in found if word in self.words]
        for phrase in self.phrases:
            for at in range(len(found) - len(phrase) + 1):
                if all(found[at + n][2] == word for n, word in enumerate(phrase)):
                    spans.append((found[at][0], found[at + len(phrase) - 1][1]))
        if self.runs:
            for start, _, word in found:
                spans += ((start + at, start + at + len(run)) for run in self.runs for at in _all(word, run))
        return _joined(spans)


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)


def _all(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def parts(text: str, spans: Sequence[tuple[int, int]], first: int = 0, last: int | None = None) -> list[Part]:
    """A text, or a stretch of it, in pieces."""
    last = len(text) if last is None else last
    found: list[Part] = []
    at = first
    for start, end in spans:
        start, end = max(start, first), min(end, last)
        if start >= end:
            continue
        if start > at:
            found.append((text[at:start], False))
        found.append((text[start:end], True))
        at = end
    if at < last:
        found.append((text[at:last], False))
    return found


def marked(text: str, marker: Marker) -> list[Part]:
    """The whole text with its words marked."""
    return parts(text, marker.spans(text))


def snippet(texts: Iterable[str], marker: Marker) -> list[Part]:
    """The stretch around the first words of the first text that has one; nothing where none has."""
    for text in texts:
        whole = " ".join(text[:_LOOKED_THROUGH].split())
        spans = marker.spans(whole)
        if spans:
            return _around(whole, spans)
    return []


def _around(text: str, spans: Sequence[tuple[int, int]]) -> list[Part]:
    first = max(0, spans[0][0] - BEFORE)
    if first:
        space = text.find(" ", first, spans[0][0])
        first = space + 1 if space >= 0 else first
    last = min(len(text), first + LENGTH)
    if last < len(text):
        space = text.rfind(" ", spans[0][1], last)
        last = space if space >= 0 else last
    found = parts(text, spans, first, last)
    if first:
        found.insert(0, ("… ", False))
    if last < len(text):
        found.append((" …", False))
    return found
