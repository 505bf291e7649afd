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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from heapq import nlargest
from math import log, sqrt

from anyascii import anyascii
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kb.editorial.folding import LONGEST, UNSPACED, WORD, fold

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
#: So many words and figures are named as the reason.
SHOWN = 3
#: Shorter words say little.
TELLING = 4
#: From here on two statements are so alike that somebody should look; measured on the labelled set.
NEAR, CLOSE = 0.35, 0.6
#: What marks a term that is a place.
PLACE = "\0"
#: Texts of which is kept what was worked out.
KEPT = 8_192
#: A run of letters that no candidate has is as rare as one in so many texts.
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
_DIGIT = re.compile(r"\d|[²³¹⁰-₉①-⓿]")
#: The 2 of km2 is no figure.
_FIGURE = re.compile(r"(?<![a-z])\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Similar:
    """A claim that is like what was asked for.

    `alike` is from 0 (nothing in common) to 1 (the same letters), `covered` the share of the claim that is repeated.
    """

    key: str
    score: float
    alike: float
    covered: float = 0.0
    #: In words, what both have in common and what not.
    why: tuple[str, ...] = ()
    #: Both name the same place, or across scripts another name, with the same figure: nothing else may be alike there.
    marked: bool = False

    @property
    def near(self) -> bool:
        """Worth a look. A statement about something else is hardly ever so."""
        return self.alike + self.covered >= NEAR or self.marked

    @property
    def close(self) -> bool:
        """Much the same is said, perhaps with another figure."""
        return self.alike + self.covered >= CLOSE


@dataclass(frozen=True)
class Told:
    """A claim to be found: its statement, titles that are about it and no other, and how it is quoted."""

    key: str
    statement: str
    titles: str = ""
    quotes: str = ""

    @property
    def text(self) -> str:
        return f"{self.statement} {self.titles}" if self.titles else self.statement


def cleaned(text: str) -> str:
    """A post as a sentence: without addresses and signatures, its tags and handles taken apart into words."""
    plain = _ADDRESS.sub(" ", html.unescape(text))
    plain = _SIGNED.sub(r" \1", plain)
    return _TAG.sub(lambda found: " " + _HUMP.sub(" ", found[1]), plain)


def terms(text: str) -> list[str]:
    """What a text is found by: beginnings of its words, pairs of characters where there are no spaces."""
    return [term for word in _plain_words(text) for term in _terms_of(word)]


def _plain_words(text: str) -> Iterator[str]:
    for piece in text.split():
        yield from (_folded(piece) if len(piece) <= LONGEST else WORD.findall(fold(piece)))


@lru_cache(maxsize=65_536)
def _folded(piece: str) -> tuple[str, ...]:
    """The words of what stands between two spaces; most are seen again and again."""
    return tuple(WORD.findall(fold(piece)))


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
    if _DIGIT.search(text) is None:
        return frozenset()
    return frozenset(found[0].replace(",", "").replace(".", "") for found in _FIGURE.finditer(fold(text)))


class Names:
    """Places by all their names: what a text names is compared as the place, whatever it is called there."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names` are pairs of a name and the record that it names."""
        self.of: dict[str, set[str]] = defaultdict(set)
        self.called: dict[str, list[str]] = defaultdict(list)
        for name, record in names:
            if spelt := " ".join(_plain_words(name)):
                self.of[spelt].add(record)
                self.called[record].append(spelt)

    def among(self, records: Iterable[str]) -> Names:
        """The names of these records alone."""
        return Names((name, record) for record in records for name in self.called.get(record, ()))

    def terms_of(self, text: str) -> list[str]:
        """The places that a text names, as terms."""
        return [f"{PLACE}{record}" for record in sorted(self.named(text))]

    def named(self, text: str) -> set[str]:
        """The records that a text names."""
        if not self.of:
            return set()
        words = read(text).words
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


@dataclass(frozen=True)
class Read:
    """What is compared of a text: its words, what it is found by, and its runs of letters."""

    words: tuple[str, ...]
    terms: tuple[str, ...]
    letters: Mapping[str, int]
    figures: frozenset[str]


@lru_cache(maxsize=KEPT)
def read(text: str) -> Read:
    """A text as it is compared. That of the last ones is kept: while somebody types, the same come again."""
    words = tuple(_plain_words(text))
    return Read(
        words,
        tuple(term for word in words for term in _terms_of(word)),
        Counter(_grams_of(words)),
        figures(text),
    )


@dataclass(frozen=True)
class Candidate:
    """A claim that is to be compared, with what is counted of it."""

    told: Told
    counts: Mapping[str, float]
    length: float


def candidate(told: Told, names: Names) -> Candidate:
    counts: dict[str, float] = defaultdict(float)
    for term in (*read(told.statement).terms, *names.terms_of(told.statement), *terms(told.titles)):
        counts[term] += 1
    for term in terms(told.quotes):
        counts[term] += QUOTED
    return Candidate(told, counts, sum(counts.values()))


def ranked(
    text: str,
    candidates: Sequence[Candidate],
    rarity: Callable[[str], float],
    *,
    names: Names,
    average: float = 0.0,
    top: int = 5,
) -> list[Similar]:
    """Candidates by how like they are to a text, best first.

    `rarity` is the inverse document frequency of a term among all claims, `average` their mean length. How rare a run
    of letters is, is taken from the candidates: it has to tell these from one another.
    """
    asked = Counter(asked_by(text, names))
    average = average or sum(one.length for one in candidates) / max(1, len(candidates)) or 1.0
    rarity = cache(rarity)
    weights = {term: rarity(term) for term in asked}
    scored = [(_by_words(one, weights, average), one) for one in candidates]
    scored = nlargest(CANDIDATES, (pair for pair in scored if pair[0] > 0), key=lambda pair: pair[0])
    if not scored:
        return []
    words = [score for score, _ in scored]
    letters = _by_letters(text, [one.told for _, one in scored])
    covered = [_covered(one, asked, rarity, names) for _, one in scored]
    most = [max(scores) or 1.0 for scores in (words, letters, covered)]
    found = []
    for (_weight, one), word, letter, cover in zip(scored, words, letters, covered, strict=True):
        score = WORDS * word / most[0] + LETTERS * letter / most[1] + COVERED * cover / most[2]
        own, stated = figures(text), read(one.told.statement).figures
        if own and stated:
            score *= SAME_FIGURES if own & stated else OTHER_FIGURES
        found.append((Similar(one.told.key, score, letter, cover), one.told))
    best = nlargest(top, found, key=lambda pair: (pair[0].score, pair[0].key))
    return [_explained(one, text, told, rarity, names) for one, told in best]


def _explained(one: Similar, text: str, told: Told, rarity: Callable[[str], float], names: Names) -> Similar:
    asked, theirs = read(text), read(told.statement)
    common = names.named(text) & names.named(told.statement) or {
        term
        for term in set(asked.terms).intersection(theirs.terms)
        if len(term) >= TELLING
        and not term.isdecimal()
        and fold(text).isascii() != fold(told.statement).isascii()
    }
    marked = bool(common and asked.figures & theirs.figures)
    return replace(one, why=tuple(_why(text, told, rarity, names)), marked=marked)


def _why(text: str, told: Told, rarity: Callable[[str], float], names: Names) -> Iterator[str]:
    """What a text and a claim have in common, and in which figures they are different."""
    asked, theirs = read(text), read(told.statement)
    if asked.words == theirs.words:
        yield _("the same words")
        return
    there, weights = set(asked.terms), {}
    for word in theirs.words:
        shared = [term for term in _terms_of(word) if term in there]
        if shared and not word.isdecimal() and (len(word) >= TELLING or not word.isascii()):
            said = word if len(shared) == len(_terms_of(word)) else shared[0]
            weights[said] = max(map(rarity, shared))
    if some := nlargest(SHOWN, weights, key=weights.__getitem__):
        said_by_both = pgettext("list", ", ").join(
            pgettext("title", "“%(title)s”") % {"title": word[:LONGEST]} for word in some
        )
        yield _("both say %(words)s") % {"words": said_by_both}
    if names.named(text) & names.named(told.statement):
        yield _("the same place")
    mine, other = _beside(text, theirs.figures), _beside(told.statement, asked.figures)
    if asked.figures & theirs.figures and not (mine and other):
        yield _("the same figures")
    elif mine and other:
        between = pgettext("list", ", ")
        sides = {"here": between.join(mine[:SHOWN]), "there": between.join(other[:SHOWN])}
        yield _("another figure: %(here)s here, %(there)s there") % sides


def _beside(text: str, others: frozenset[str]) -> list[str]:
    """The figures of a text that are not among others, as they are written."""
    written = (found[0] for found in _FIGURE.finditer(fold(text)))
    return [figure for figure in dict.fromkeys(written) if not figures(figure) <= others]


def asked_by(text: str, names: Names) -> list[str]:
    """What a text asks for: its terms, and the places that it names."""
    return [*read(text).terms, *names.terms_of(text)]


def inverse(number: int, there: float) -> float:
    """The inverse document frequency of BM25, of what is in `there` of `number` texts."""
    return log(1 + (max(number, there) - there + 0.5) / (there + 0.5))


def _by_words(one: Candidate, weights: Mapping[str, float], average: float) -> float:
    held = K1 * (1 - B + B * one.length / average)
    found = ((weight, one.counts[term]) for term, weight in weights.items() if term in one.counts)
    return sum(weight * count * (K1 + 1) / (count + held) for weight, count in found)


def _covered(one: Candidate, asked: Mapping[str, int], rarity: Callable[[str], float], names: Names) -> float:
    """How much of a statement is in what was asked for, its rare words counting more."""
    own = {term: rarity(term) for term in asked_by(one.told.statement, names)}
    whole = sum(own.values())
    return sum(weight for term, weight in own.items() if term in asked) / whole if whole else 0.0


def _by_letters(text: str, several: Sequence[Told]) -> list[float]:
    """For each claim how alike the letters are: of its statement, or of it with its titles, whichever is more so."""
    counted = [[read(part).letters for part in dict.fromkeys((one.statement, one.text))] for one in several]
    seen = Counter(gram for texts in counted for gram in texts[-1])
    number = len(several)
    rare = {gram: log(1 + number / there) for gram, there in seen.items()}
    unseen = log(1 + SAMPLED)
    asked = {gram: (1 + log(count)) * rare.get(gram, unseen) for gram, count in read(text).letters.items()}
    length = sqrt(sum(weight * weight for weight in asked.values())) or 1.0
    return [max(_cosine(asked, length, letters, rare) for letters in texts) for texts in counted]


def _cosine(
    asked: Mapping[str, float], length: float, letters: Mapping[str, int], rare: Mapping[str, float]
) -> float:
    both = whole = 0.0
    for gram, count in letters.items():
        weight = rare[gram] if count == 1 else (1 + log(count)) * rare[gram]
        whole += weight * weight
        if gram in asked:
            both += weight * asked[gram]
    return both / (length * sqrt(whole)) if whole else 0.0


class Similarity:
    """Ranks a fixed set of claims, held in memory, by how like they are to a text."""

    def __init__(self, claims: Iterable[Told], names: Names | None = None) -> None:
        self.names = names or Names(())
        self.told: list[Candidate] = []
        self.postings: dict[str, array] = defaultdict(lambda: array("L"))
        for claim in claims:
            one = candidate(claim, self.names)
            for term in one.counts:
                self.postings[term].append(len(self.told))
            self.told.append(one)
        self.average = sum(one.length for one in self.told) / len(self.told) if self.told else 1.0

    def rarity(self, term: str) -> float:
        """The inverse document frequency of BM25."""
        return inverse(len(self.told), len(self.postings[term]) if term in self.postings else 0)

    def rank(self, text: str, top: int = 5) -> list[Similar]:
        """The texts most like this one, best first."""
        text = cleaned(text)
        words = self._by_words(asked_by(text, self.names))
        best = nlargest(CANDIDATES, words, key=lambda number: (words[number], -number))
        some = [self.told[number] for number in best]
        return ranked(text, some, self.rarity, names=self.names, average=self.average, top=top)

    def _by_words(self, asked: Iterable[str]) -> dict[int, float]:
        scores: dict[int, float] = defaultdict(float)
        there = [term for term in dict.fromkeys(asked) if term in self.postings]
        limit = max(50, FREQUENT * len(self.told))
        rare = [term for term in there if len(self.postings[term]) <= limit]
        for term in rare or there:
            for number in self.postings[term]:
                scores[number] = 0.0
        weights = {term: self.rarity(term) for term in there}
        for number in scores:
            scores[number] = _by_words(self.told[number], weights, self.average)
        return scores


def grams(text: str) -> list[str]:
    """Every run of four letters, words divided by one space; of two, where there are no spaces."""
    return _grams_of(tuple(_plain_words(text)))


def _grams_of(words: Sequence[str]) -> list[str]:
    plain = f" {' '.join(words)} "
    found = [plain[at : at + GRAM] for at in range(len(plain) - GRAM + 1)]
    if not plain.isascii():
        for run in UNSPACED.finditer(plain):
            letters = run[0]
            found += [a + b for a, b in zip(letters, letters[1:], strict=False)]
    return found


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
