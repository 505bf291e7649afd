"""What a header means by its spelling alone: our own name, what others call it, or a slip of the pen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from kb.editorial.folding import fold
from kb.spreadsheets import synonyms
from kb.spreadsheets.columns import all_columns
from kb.spreadsheets.layout import Sheet
from kb.spreadsheets.reading.cells import letters

#: How alike two spellings are to be taken for one, and from which length on: a slip of the pen, not another word.
ALIKE, LONG_ENOUGH, AHEAD = 0.92, 8, 0.03

_BESIDE = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Match:
    """What became of one of their columns.

    `column` is ours, or "". `how` is *exact*, *synonym*, *similar*, *content*, *given* or left *out* (by the
    editor or a profile), or *none*;
    `why` says for a column that stays unmapped what stood in the way.
    """

    index: int
    header: str
    column: str = ""
    how: str = "none"
    why: str = ""

    @property
    def letter(self) -> str:
        return letters(self.index)


def plain(text: str) -> str:
    """A header without case, accents, spaces and punctuation."""
    return _BESIDE.sub("", fold(text))


@cache
def _spellings(name: str) -> tuple[dict[str, str], dict[str, set[str]]]:
    """For a sheet: exact spellings → column, and all other words → the columns that they may mean."""
    ours = all_columns(name)
    exact = {plain(column): column for column in ours}
    others: dict[str, set[str]] = {}
    own = synonyms.ON.get(name, {})
    for table in (own, synonyms.ANYWHERE):
        for column, listed in table.items():
            if column not in ours:
                continue
            for word in map(plain, synonyms.words(listed)):
                # A sheet's own word goes before the same word anywhere.
                if (
                    word
                    and word not in exact
                    and (table is own or word not in others or column in others[word])
                ):
                    others.setdefault(word, set()).add(column)
    return exact, others


def recognised(header: str, sheet: Sheet) -> Match:
    """What a header means on a sheet, by its spelling alone."""
    exact, others = _spellings(sheet.name)
    spelt = plain(header)
    if not spelt:
        return Match(0, header)
    if spelt in exact:
        return Match(0, header, exact[spelt], "exact")
    if spelt in others:
        meant = sorted(others[spelt])
        if len(meant) == 1:
            return Match(0, header, meant[0], "synonym")
        return Match(0, header, why=f"It may mean {' or '.join(meant)}.")
    return _similar(header, spelt, exact, others)


def _similar(header: str, spelt: str, exact: Mapping[str, str], others: Mapping[str, set[str]]) -> Match:
    if len(spelt) < LONG_ENOUGH or any(letter.isdigit() for letter in spelt):
        return Match(0, header)
    best: dict[str, float] = {}
    for word, columns in [*((w, {c}) for w, c in exact.items()), *others.items()]:
        if abs(len(word) - len(spelt)) > 2 or len(word) < LONG_ENOUGH - 1:
            continue
        # A slip is within a word. Another ending is another word: “archived”, “attributed”.
        if (word[0], word[-1]) != (spelt[0], spelt[-1]):
            continue
        alike = SequenceMatcher(None, spelt, word, autojunk=False).ratio()
        for column in columns:
            best[column] = max(best.get(column, 0.0), alike)
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < ALIKE or (len(ranked) > 1 and ranked[1][1] > ranked[0][1] - AHEAD):
        return Match(0, header)
    return Match(0, header, ranked[0][0], "similar")
