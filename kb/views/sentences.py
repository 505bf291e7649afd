"""Sentences that name things in other languages: in parts, each with the language it is in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import pgettext

#: A sentence in parts: words and the language they are in, empty for the page's own.
Sentence = tuple[tuple[str, str], ...]

# Stand for what is put in while the sentence is made; they are of no script, and what is put in is never read again.
_OPENS, _CLOSES = "\ue000", "\ue001"
_PUT_IN = re.compile(f"{_OPENS}([0-9]+){_CLOSES}")


def sentence(pattern: str, **told: str | tuple[str, str] | Sentence) -> Sentence:
    """A pattern ("%(who)s says …") with what is put in: words, words with their language, or other sentences."""
    parts: list[Sentence] = []
    marks = {}
    for name, value in told.items():
        marks[name] = f"{_OPENS}{len(parts)}{_CLOSES}"
        parts.append(_as_sentence(value))
    found: list[tuple[str, str]] = []
    for at, piece in enumerate(_PUT_IN.split(pattern % marks)):
        found += parts[int(piece)] if at % 2 else [(piece, "")]
    return tuple(part for part in found if part[0])


def listed(sentences: Iterable[Sentence]) -> Sentence:
    """ "A, B and C"."""
    several = list(sentences)
    parts: list[tuple[str, str]] = []
    for number, one in enumerate(several):
        if number:
            last = number == len(several) - 1
            parts.append((pgettext("list", " and ") if last else pgettext("list", ", "), ""))
        parts += one
    return tuple(parts)


def _as_sentence(value: str | tuple[str, str] | Sentence) -> Sentence:
    if isinstance(value, str):
        return ((value, ""),)
    if len(value) == 2 and isinstance(value[0], str):
        return ((str(value[0]), str(value[1])),)
    return tuple((str(words), str(tag)) for words, tag in value)
