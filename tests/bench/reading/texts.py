"""Sentences in several scripts, of the lengths that editors write: common words often, names and rare words seldom."""

from __future__ import annotations

import json
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

#: How many rare words a language has; the commonest of them is twice as frequent as the second, and so on.
RARE = 6_000

_WORDS = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
#: In what languages claims are written, and how often.
LANGUAGES, SHARES = ("en", "ru", "ja", "ko", "el", "de"), (50, 18, 14, 8, 4, 6)
JOINED = {"ja": ""}
STOPS = {"ja": "。"}


@cache
def vocabulary(language: str) -> tuple[list[str], list[float]]:
    """Words with their weights, added up as `Random.choices` wants them."""
    common = _WORDS[language]["common"].split()
    rng, syllables = Random(language), _WORDS[language]["syllables"].split()
    rare: dict[str, None] = {}
    while len(rare) < RARE:
        rare.setdefault("".join(rng.choices(syllables, k=rng.randint(2, 4))))
    weights = [20 / (1 + at / 6) for at in range(len(common))] + [18 / (1 + at / 4) for at in range(RARE)]
    return [*common, *rare], list(accumulate(weights))


def sentence(rng: Random, language: str, least: int = 8, most: int = 18) -> str:
    words, weights = vocabulary(language)
    chosen = rng.choices(words, cum_weights=weights, k=rng.randint(least, most))
    text = JOINED.get(language, " ").join(chosen)
    return text[0].upper() + text[1:] + STOPS.get(language, ".")


def prose(rng: Random, language: str, sentences: int) -> str:
    return JOINED.get(language, " ").join(sentence(rng, language) for _ in range(sentences))


def name(rng: Random, language: str) -> str:
    """A proper name: of a place or a person."""
    words, _ = vocabulary(language)
    word = words[rng.randrange(len(words) - RARE, len(words))]
    return word[0].upper() + word[1:]


def language(rng: Random) -> str:
    return rng.choices(LANGUAGES, SHARES)[0]
