"""The words of a text as the search index holds them, and of a document what goes into it.

Words are folded (`kb.editorial.folding`). A run of a script without spaces gives each character and each pair of
neighbours, in order (択 択捉 捉 捉島 島), so that one character is found as well as any part of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from kb.book.kinds import KINDS, Document, references
from kb.editorial.folding import LONGEST, UNSPACED, WORD, fold, line
from kb.editorial.stemming import stem

#: The kinds that are found, each with its place in the index: what stands first is fetched first.
ORDER = ("claim", "place", "event", "source", "agent", "topic", "rebuttal", "correction")
#: A record is about these: who names one of them finds it.
ABOUT = frozenset({"place", "event", "topic", "claimant", "author", "participant", "part-of"})
#: Those that have names which people write in the midst of other words.
NAMED = ("place", "agent", "topic", "event", "source")
#: So many words are kept of each part of a document.
MOST_WORDS = 1_500
LONGEST_NAME = 200
#: Codes begin with it. No question reaches one: a question's words are those of published texts.
CODE = "zz"
#: Stands between two texts, so that no phrase reaches from one into the next.
BREAK = f"{CODE}break"


@dataclass(frozen=True)
class Entry:
    """What is kept of one record."""

    uid: str
    kind: str
    title: str
    body: str
    marks: str
    #: Whole names, folded, each with its words' stems.
    names: tuple[tuple[str, str], ...]


def spoken(text: str) -> Iterator[str]:
    """The words of a text in order."""
    for found in WORD.finditer(fold(text)):
        word = found[0]
        if word.isascii():
            yield word[:LONGEST]
            continue
        at = 0
        for run in UNSPACED.finditer(word):
            if run.start() > at:
                yield word[at : run.start()][:LONGEST]
            yield from gathered(run[0])
            at = run.end()
        if at < len(word):
            yield word[at:][:LONGEST]


def gathered(run: str) -> Iterator[str]:
    """The characters of a run and its pairs."""
    for first, second in zip(run, run[1:], strict=False):
        yield first
        yield first + second
    yield run[-1]


def stems_of(name: str) -> str:
    """A folded name by the stems of its words; written without spaces it stays as it is."""
    return " ".join(map(stem, name.split()))


def entry(document: Document) -> Entry:
    kind = KINDS[document["kind"]]
    titles = list(kind.texts(document))
    names: dict[str, None] = {}
    if kind.name in NAMED:
        names = dict.fromkeys(filter(None, (line(text)[:LONGEST_NAME] for text in titles)))
    return Entry(
        document["uid"],
        kind.name,
        joined(titles),
        joined(kind.body(document)),
        " ".join(_marks(document)),
        tuple((name, stems_of(name)[:LONGEST_NAME]) for name in names),
    )


def joined(texts: Iterable[str | None]) -> str:
    found = (word for text in texts if text for word in (*spoken(text), BREAK))
    return " ".join(islice(found, MOST_WORDS))


def _marks(document: Document) -> Iterator[str]:
    yield about(document["uid"])
    for uid in sorted({uid for role, uid in references(document) if role in ABOUT}):
        yield about(uid)
    if document["kind"] == "claim":
        yield rated((document["assessment"] or {}).get("rating", ""))
    if language := document.get("language"):
        yield spoken_in(language)


def about(uid: str) -> str:
    return f"{CODE}u{uid}"


def rated(rating: str) -> str:
    return f"{CODE}r{rating.replace('-', '') or 'none'}"


def spoken_in(language: str) -> str:
    """A language, whatever its script or region."""
    return f"{CODE}l{language.partition('-')[0].lower()}"
