"""What the forms of a word have in common: "islands" and "island", Итурупе and Итуруп, 이투루프에서 and 이투루프.

By the script alone, since nobody says in which language a question is. Right or wrong, it is the same for texts and for
questions; what is spelt as in the question is shown before what is only like it.
"""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

_KEPT = 200_000
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_GREEK = re.compile(r"[\u0370-\u03ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]{3,}\Z")
_LATIN = re.compile(r"[a-z\u00df-\u024f]+\Z")
#: What Korean appends to nouns; the longest that fits is taken off, if two syllables stay.
_PARTICLES = re.compile(
    r"(?:에서는|에서도|으로는|으로써|으로서|이라고|에게서|까지|부터|에서|에게|한테|으로|라고|이나|처럼|보다|마다"
    r"|은|는|이|가|을|를|의|에|와|과|도|만|로)\Z"
)
#: Shorter words have no ending to lose.
_SHORTEST = 4


@lru_cache(maxsize=_KEPT)
def stem(word: str) -> str:
    """The stem of a folded word; a word of a script without endings is its own."""
    if _HANGUL.match(word):
        short = _PARTICLES.sub("", word)
        return short if len(short) > 1 else word
    if len(word) < _SHORTEST:
        return word
    if _LATIN.match(word):
        return _stemmer("english").stemWord(word) or word
    if _CYRILLIC.match(word):
        return _stemmer("russian").stemWord(word) or word
    if _GREEK.match(word):
        return _stemmer("greek").stemWord(word) or word
    return word


@lru_cache(maxsize=8)
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)
