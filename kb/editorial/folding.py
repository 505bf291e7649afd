"""Words as a search compares them: without case, diacritics or width; pairs of characters where there are no spaces.

Marks are dropped where readers leave them out (é is e, ё is е, ū is u) and kept where they make another letter: が
is not か, and й is not и. Letters that carry a stroke, which Unicode does not take apart, are replaced (ł is l).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: Scripts written without spaces between words: kana, bopomofo, Han, and the iteration and length marks.
UNSPACED = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
#: Letters and digits, with the sound marks of kana that no single character holds (Ainu ト゚).
WORD = re.compile(r"(?:[^\W_]|[\u3099\u309a])+")
LONGEST = 60

_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"})
#: Characters that show nothing: soft hyphen, joiners, variation selectors.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x34F, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
)
_SOUND_MARKS = "\u3099\u309a"
_BREVE, _DIAERESIS, _ACUTE = "\u0306", "\u0308", "\u0301"
#: Cyrillic letters that are letters of their own: й, ў, ї, ѓ, ќ.
_LETTERS = frozenset(["и" + _BREVE, "у" + _BREVE, "і" + _DIAERESIS, "г" + _ACUTE, "к" + _ACUTE])


def fold(text: str) -> str:
    """The text as it is compared. Folding it again changes nothing."""
    if text.isascii():
        return text.lower()
    while (folded := _fold_once(text)) != text:
        text = folded
    return folded


def _fold_once(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_INVISIBLE)
    kept: list[str] = []
    for mark in unicodedata.normalize("NFKD", plain):
        letter = kept[-1] + mark if kept else mark
        if not unicodedata.combining(mark) or mark in _SOUND_MARKS or letter in _LETTERS:
            kept.append(mark)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_STROKES)


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


def line(text: str) -> str:
    """The folded words of a text in a line: what two spellings of a name have in common.

    One space stands between words, and none within a script that has none: エトゥ・オロ・プ is エトゥオロプ.
    """
    found = ""
    for word in WORD.findall(fold(text)):
        joined = found and UNSPACED.fullmatch(found[-1]) and UNSPACED.match(word)
        found += word if joined or not found else f" {word}"
    return found


def _plain(word: str) -> Iterator[str]:
    if word:
        yield word[:LONGEST]


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for first, second in zip(run, run[1:], strict=False):
        yield first + second
