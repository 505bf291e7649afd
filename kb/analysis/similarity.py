"""Has this been said before? The claims most like a statement, ranked by words, letters, names and figures together.

Pure functions over plain texts. BM25 (Robertson and Zaragoza, 2009) over beginnings of words finds the candidates; how
much of a candidate the statement repeats, and how alike both are letter by letter, orders them. Beginnings of words
stand in for stemming in any language; scripts without spaces are compared by pairs of characters, other scripts by
their transliteration, so that a name is found in Cyrillic, too. `docs/similar-claims.md` has what was measured.
"""

from __future__ import annotations

import html
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from math import log, sqrt

from anyascii import anyascii

from kb.editorial.folding import UNSPACED, WORD, fold

#: So much of a word's beginning tells it from others, and leaves its ending out.
BEGINNING = 5
#: BM25: how soon repeating a word stops to count, and how much long texts are held back.
K1, B = 1.2, 0.5
#: How the three scores are weighed, each as a share of its best.
WORDS, LETTERS, COVERED = 1.0, 1.0, 0.3
#: What the words of a quote count beside those of the statement.
QUOTED = 0.15
#: What figures do to a score: shared by both, or different in each.
SAME_FIGURES, OTHER_FIGURES = 1.05, 0.9
CANDIDATES, GRAM = 120, 4
#: Texts of which is kept what was worked out.
KEPT = 4_096
#: Texts whose letters tell how rare a run of letters is.
SAMPLED = 5_000
#: Words more frequent than this share of the texts find no candidates of their own.
FREQUENT = 0.2
#: Names of places are at most so many words, or characters without spaces.
NAME_WORDS, NAME_LETTERS = 4, 8

_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b(?:pic\.twitter\.com|t\.co|youtu\.be)/\S+", re.IGNORECASE)
_SIGNED = re.compile(r"[—–-]\s*([^—–()]{1,60}?)\s*\(@\w+\)\s*\w+ \d{1,2}, \d{4}\s*$")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)")
_TAG = re.compile(r"[#@](\w+)")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
#: The 2 of km2 is no figure.
_FIGURE = re.compile(r"(?<![a-z])\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Similar:
    """A claim that is like what was asked for. `alike` is from 0 (nothing in common) to 1 (the same letters)."""

    key: str
    score: float
    alike: float


@dataclass(frozen=True)
class Told:
    """A claim to be found: its statement, titles that are about it and no other, and how it is quoted."""

    key: str
    statement: str
    titles: str = ""
    quotes: str = ""


def cleaned(text: str) -> str:
    """A post as a sentence: without addresses and signatures, its tags and handles taken apart into words."""
    plain = _ADDRESS.sub(" ", html.unescape(text))
    plain = _SIGNED.sub(r" \1", plain)
    return _TAG.sub(lambda found: " " + _HUMP.sub(" ", found[1]), plain)


def terms(text: str) -> list[str]:
    """What a text is found by: beginnings of its words, pairs of characters where there are no spaces."""
    return [term for word in _plain_words(text) for term in _terms_of(word)]


def _plain_words(text: str) -> Iterator[str]:
    for found in WORD.finditer(fold(text)):
        yield found[0]


@lru_cache(maxsize=65_536)
def _terms_of(word: str) -> tuple[str, ...]:
    found: list[str] = []
    at = 0
    for run in re.finditer(f"{UNSPACED.pattern}|{_HANGUL.pattern}", word):
        found += _beginning(word[at : run.start()])
        letters = run[0]
        pairs = [a + b for a, b in zip(letters, letters[1:], strict=False)]
        found += pairs or [letters]
        at = run.end()
    return (*found, *_beginning(word[at:]))


def _beginning(word: str) -> tuple[str, ...]:
    if not word:
        return ()
    plain = word if word.isascii() else anyascii(word).lower()
    if (day := _ORDINAL.fullmatch(plain)) is not None:
        return (day[1],)
    return (plain if plain.isdecimal() else plain[:BEGINNING],)


def figures(text: str) -> frozenset[str]:
    """The figures of a text, without the signs that divide them."""
    return frozenset(found[0].replace(",", "").replace(".", "") for found in _FIGURE.finditer(fold(text)))


class Names:
    """Places by all their names: what a text names is compared as the place, whatever it is called there."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names` are pairs of a name and the record that it names."""
        self.of: dict[str, set[str]] = defaultdict(set)
        for name, record in names:
            if spelt := " ".join(_plain_words(name)):
                self.of[spelt].add(record)

    def named(self, text: str) -> set[str]:
        """The records that a text names."""
        if not self.of:
            return set()
        words = list(_plain_words(text))
        found: set[str] = set()
        for start in range(len(words)):
            for end in range(start + 1, min(start + NAME_WORDS, len(words)) + 1):
                found |= self.of.get(" ".join(words[start:end]), set())
            for run in UNSPACED.finditer(words[start]):
                letters = run[0]
                for first in range(len(letters)):
                    for last in range(first + 2, min(first + NAME_LETTERS, len(letters)) + 1):
                        found |= self.of.get(letters[first:last], set())
        return found


class Similarity:
    """Ranks a fixed set of claims by how like they are to a text."""

    def __init__(self, claims: Iterable[Told], names: Names | None = None) -> None:
        self.names = names or Names(())
        self.keys: list[str] = []
        self.statements: list[str] = []
        self.texts: list[str] = []
        self.lengths = array("f")
        self.postings: dict[str, array] = defaultdict(lambda: array("L"))
        self.counts: dict[str, array] = defaultdict(lambda: array("f"))
        for claim in claims:
            self._take(claim)
        self.average = sum(self.lengths) / len(self.lengths) if self.lengths else 1.0
        self._rarity = self._sample()
        # A text is looked at again and again; what is worked out of the last ones is kept.
        self._letters_of = lru_cache(maxsize=KEPT)(self._vectors)
        self._terms_of = lru_cache(maxsize=KEPT)(self._weighed_terms)

    def _take(self, claim: Told) -> None:
        number = len(self.keys)
        self.keys.append(claim.key)
        self.statements.append(claim.statement)
        self.texts.append(f"{claim.statement} {claim.titles}" if claim.titles else claim.statement)
        found: dict[str, float] = defaultdict(float)
        for term in (*self._found_by(claim.statement), *terms(claim.titles)):
            found[term] += 1
        for term in terms(claim.quotes):
            found[term] += QUOTED
        for term, count in found.items():
            self.postings[term].append(number)
            self.counts[term].append(count)
        self.lengths.append(sum(found.values()))

    def _found_by(self, text: str) -> list[str]:
        return [*terms(text), *(f"\0{record}" for record in self.names.named(text))]

    def _sample(self) -> Mapping[str, float]:
        """How rare each run of letters is among some of the texts."""
        step = max(1, len(self.texts) // SAMPLED)
        some = self.texts[::step]
        seen = Counter(gram for text in some for gram in set(grams(text)))
        return {gram: log(1 + len(some) / count) for gram, count in seen.items()}

    def rarity(self, term: str) -> float:
        """The inverse document frequency of BM25."""
        there = len(self.postings[term]) if term in self.postings else 0
        return log(1 + (len(self.keys) - there + 0.5) / (there + 0.5))

    def rank(self, text: str, top: int = 5) -> list[Similar]:
        """The texts most like this one, best first."""
        text = cleaned(text)
        asked = Counter(self._found_by(text))
        words = self._by_words(asked)
        best = nlargest(CANDIDATES, words, key=lambda number: (words[number], -number))
        if not best:
            return []
        vector, own = self._vector(text), figures(text)
        letters = {
            number: max(_cosine(vector, theirs) for theirs in self._letters_of(number)) for number in best
        }
        covered = {number: self._covered(number, asked) for number in best}
        most = [max(score[number] for number in best) or 1.0 for score in (words, letters, covered)]
        found = []
        for number in best:
            score = (
                WORDS * words[number] / most[0]
                + LETTERS * letters[number] / most[1]
                + COVERED * covered[number] / most[2]
            )
            stated = figures(self.statements[number])
            if own and stated:
                score *= SAME_FIGURES if own & stated else OTHER_FIGURES
            found.append(Similar(self.keys[number], score, letters[number]))
        return nlargest(top, found, key=lambda one: (one.score, one.key))

    def _by_words(self, asked: Mapping[str, int]) -> dict[int, float]:
        scores: dict[int, float] = defaultdict(float)
        there = [term for term in asked if term in self.postings]
        limit = max(50, FREQUENT * len(self.keys))
        rare = [term for term in there if len(self.postings[term]) <= limit]
        for term in rare or there:
            self._add(term, scores, None)
        for term in there if rare else ():
            if len(self.postings[term]) > limit:
                self._add(term, scores, scores.keys())
        return scores

    def _add(self, term: str, scores: dict[int, float], among: Iterable[int] | None) -> None:
        weight = self.rarity(term)
        known = set(among) if among is not None else None
        for number, count in zip(self.postings[term], self.counts[term], strict=True):
            if known is None or number in known:
                length = 1 - B + B * self.lengths[number] / self.average
                scores[number] += weight * count * (K1 + 1) / (count + K1 * length)

    def _weighed_terms(self, number: int) -> dict[str, float]:
        return {term: self.rarity(term) for term in set(self._found_by(self.statements[number]))}

    def _covered(self, number: int, asked: Mapping[str, int]) -> float:
        """How much of a text is in what was asked for, its rare words counting more."""
        own = self._terms_of(number)
        whole = sum(own.values())
        return sum(weight for term, weight in own.items() if term in asked) / whole if whole else 0.0

    def _vectors(self, number: int) -> list[dict[str, float]]:
        """The letters of a claim's statement, and of it with its titles."""
        both = dict.fromkeys((self.statements[number], self.texts[number]))
        return [self._vector(text) for text in both]

    def _vector(self, text: str) -> dict[str, float]:
        unseen = log(1 + SAMPLED)
        weighed = {
            gram: (1 + log(count)) * self._rarity.get(gram, unseen)
            for gram, count in Counter(grams(text)).items()
        }
        length = sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
        return {gram: weight / length for gram, weight in weighed.items()}


def grams(text: str) -> list[str]:
    """Every run of four letters, words divided by one space; of two, where there are no spaces."""
    plain = f" {' '.join(_plain_words(text))} "
    found = [plain[at : at + GRAM] for at in range(len(plain) - GRAM + 1)]
    for run in UNSPACED.finditer(plain):
        letters = run[0]
        found += [a + b for a, b in zip(letters, letters[1:], strict=False)]
    return found


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other.get(gram, 0.0) for gram, weight in one.items())


def mean_average_precision(ranked: Sequence[Sequence[str]], right: Sequence[set[str]], at: int = 5) -> float:
    """MAP@k: how high the right keys stand among the first `at`, 1 where always first."""
    total = 0.0
    for found, wanted in zip(ranked, right, strict=True):
        hits, precision = 0, 0.0
        for place, key in enumerate(found[:at], start=1):
            if key in wanted:
                hits += 1
                precision += hits / place
        total += precision / min(len(wanted), at) if wanted else 0.0
    return total / len(ranked) if ranked else 0.0
