"""Which published claims are most like what a reader says: the desk's way of comparing, over the book's words alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest

from kb.analysis.similarity import (
    BEGINNING,
    Names,
    Told,
    candidate,
    cleaned,
    inverse,
    ranked,
    terms,
)
from kb.book.models import ClaimEntry, Record
from kb.book.reading import Label, documents, label
from kb.book.search import dialect, vocabulary
from kb.editorial.folding import UNSPACED, words

#: Of a text so many words are looked for, and records found through one of them and through all; so many claims are
#: compared.
MOST_WORDS, FOR_ONE, FETCHED, COMPARED = 40, 2_000, 6_000, 80
#: Records are more than claims; of so many, those that are claims are compared.
LOOKED_AT = 450
#: Places that share a word with a text, of which is looked whether it names them.
PLACES = 40


@dataclass(frozen=True)
class Found:
    """A published claim that is like what was asked for, and what both have in common."""

    claim: Label
    why: tuple[str, ...]


def similar_claims(text: str, top: int = 5) -> list[Found]:
    """The published claims most like a text, best first; none where nothing is like it.

    A place counts as named whatever it is called. The queries are at most seven, for any text and any book.
    """
    text = cleaned(text)
    asked = _Asked(max(1, ClaimEntry.objects.count()))
    asked.look_for(_beginnings(text))
    names = _named(text, asked.best())
    if names.of:
        asked.look_for({part: term for name in names.of for part, term in _beginnings(name).items()})
    best = asked.best()
    found = {
        record.uid: record
        for record in Record.objects.filter(uid__in=best, kind="claim", withdrawn_in=None).order_by()
    }
    chosen = [uid for uid in best if uid in found][:COMPARED]
    compared = [candidate(Told(uid, found[uid].label), names) for uid in chosen]
    there = Counter(term for one in compared for term in one.counts)
    there.update({term: count - there[term] for term, count in asked.counts.items()})
    close = ranked(text, compared, lambda term: inverse(asked.number, there[term]), names=names, top=top)
    return [Found(label(found[one.key]), one.why) for one in close if one.near]


@dataclass
class _Asked:
    """What was looked for so far: in how many records each term is, and how much each record has of them."""

    number: int
    counts: dict[str, int] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def look_for(self, beginnings: Mapping[str, str]) -> None:
        new = {part: term for part, term in beginnings.items() if term not in self.counts}
        words = dict(zip(new, vocabulary.all_beginning(new), strict=True))
        # One record may have several words that begin alike; then these are too many.
        counts = {part: sum(term.records for term in some) for part, some in words.items()}
        for part, term in new.items():
            self.counts[term] = self.counts.get(term, 0) + counts[part]
        rare, left = [], FETCHED
        for part, count in sorted(counts.items(), key=lambda pair: pair[1]):
            if 0 < count <= min(FOR_ONE, left):
                rare.append(part)
                left -= count
        spelt = [[term.word for term in words[part]] for part in rare]
        for at, uid in dialect.titles_with(spelt, FOR_ONE):
            self.scores[uid] += inverse(self.number, counts[rare[at]])

    def best(self) -> list[str]:
        return nlargest(LOOKED_AT, self.scores, key=lambda uid: (self.scores[uid], uid))


def _named(text: str, uids: Sequence[str]) -> Names:
    """All names of the places that a text names, from the documents of those that share a word with it."""
    places = Record.objects.filter(uid__in=uids, kind="place", withdrawn_in=None).order_by()
    found = documents(list(places.values_list("uid", flat=True)[:PLACES]))
    names = Names((name["text"], uid) for uid, place in found.items() for name in place["names"])
    return names.among(names.named(text))


def _beginnings(text: str) -> dict[str, str]:
    """How the words of a text begin, as the book writes them, each with its term; those of other scripts twice."""
    found: dict[str, str] = {}
    for word in list(dict.fromkeys(words(text)))[:MOST_WORDS]:
        for term in terms(word):
            whole = UNSPACED.match(word) is not None or len(word) <= BEGINNING
            found[word if whole else f"{word[:BEGINNING]}%"] = term
            if not whole and term.isalnum() and not word.startswith(term):
                found[f"{term}%"] = term
    return found
