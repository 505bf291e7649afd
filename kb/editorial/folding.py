"""Words as a search compares them: without case, diacritics or width; pairs of characters where there are no spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: Scripts written without spaces between words: kana, bopomofo, Han, and the iteration and length marks.
UNSPACED = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
WORD = re.compile(r"[^\W_]+")
LONGEST = 60


def fold(text: str) -> str:
    """NFKC and casefolded, without combining marks, except those that make another kana (が is not か)."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(c for c in decomposed if c in "\u3099\u309a" or not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept)


def words(text: str) -> Iterator[str]:
    """The folded words of a text, each at most 60 characters; runs of unspaced scripts as pairs of characters.

    A run of one character is that character.
    """
    for found in WORD.finditer(fold(text)):
        at = 0
        for run in UNSPACED.finditer(found[0]):
            yield from _plain(found[0][at : run.start()])
            yield from (_pairs(run[0]))
            at = run.end()
        yield from _plain(found[0][at:])


def _plain(word: str) -> Iterator[str]:
    if word:
        yield word[:LONGEST]


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for first, second in zip(run, run[1:], strict=False):
        yield first + second
