"""Prose of the desk that calls a disputed place by one party's name alone (docs/naming.md).

A name is found as whole words, however it is typed, in any script; in scripts without spaces as a run of characters;
in Russian with the endings of nouns, in Korean with what is written after it. What stands in quotation marks is
somebody else's and is passed over. Whoever wrote the text decides: nothing is changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import models

from kb.analysis import desk_names, naming
from kb.editorial.folding import UNSPACED, WORD, fold
from kb.models import Claim, Correction, Event, Place, PlaceName, Rebuttal
from sources.models import Agent

#: What the desk itself says, by kind of record. Quotes, titles of sources and what challengers wrote are not looked at.
PROSE: Mapping[type, tuple[str, ...]] = {
    Claim: ("statement", "note"),
    Event: ("title", "note"),
    Correction: ("right",),
    Rebuttal: ("proposed", "reason"),
}

#: Longer texts are looked at so far, and names up to so many words, or characters of a script without spaces.
MOST, WORDS, CHARACTERS = 10_000, 6, 12
#: More candidates than this are not asked for one by one: the names of all disputed places are read.
ASKED = 5_000
MOST_RECORDS = 1_000
QUOTED = re.compile(
    '“[^”]*”|„[^“”]*[“”]|«[^»]*»|‹[^›]*›|「[^」]*」|『[^』]*』|《[^》]*》|〈[^〉]*〉|"[^"]*"|‘[^’]*’(?!\\w)'
)
_HANGUL = re.compile("[\uac00-\ud7a3]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]+")
#: What a Russian noun ends in where a name ends in a consonant, or in а.
_ENDINGS = ("а", "у", "ом", "е", "ы", "и", "ов", "ам", "ами", "ах", "ой", "ою")
_SHORTEST_STEM = 4

Span = tuple[int, int]
Rows = Iterable[tuple[int, str]]


@dataclass(frozen=True)
class OneSided:
    """A place that a text calls by one party's names alone: `used` as the desk spells them, `party` by its name.

    `others` are the other parties with the names that they use, `label` what the naming policy would write.
    """

    place: int
    used: tuple[str, ...]
    party: str
    others: tuple[tuple[str, tuple[str, ...]], ...]
    label: str

    def __str__(self) -> str:
        others = "; ".join(f"{party}: {', '.join(names)}" for party, names in self.others)
        return (
            f"{_quoted(self.used)} is what {self.party} calls the place, and the names of others are not there "
            f"({others}). The naming policy would write “{self.label}”."
        )


def of_text(text: str) -> list[OneSided]:
    """The disputed places that one text calls by one party's names alone, in the order in which it names them."""
    return of_texts({None: text})[None]


def of_record(record: Any) -> Iterator[tuple[str, OneSided]]:
    """The same for a record's own prose, each with the name of its field."""
    fields = PROSE.get(type(record), ())
    found = of_texts({name: getattr(record, name) for name in fields})
    for name in fields:
        label = str(type(record)._meta.get_field(name).verbose_name)
        yield from ((label, one) for one in found[name])


def in_review(model: type[models.Model]) -> list[int]:
    """The records of a kind, handed in for review, whose prose is so; of very many, the newest."""
    fields = PROSE[model]
    waiting = model._default_manager.filter(editing_state="in-review").order_by("-pk")
    rows = list(waiting.values_list("pk", *fields)[:MOST_RECORDS])
    found = of_texts({(pk, number): text for pk, *texts in rows for number, text in enumerate(texts)})
    return sorted({pk for (pk, _), places in found.items() if places})


def of_texts(texts: Mapping[Any, str]) -> dict[Any, list[OneSided]]:
    """The same for many texts, in a number of queries that does not grow with them."""
    if not PlaceName.used_by.through.objects.exists():
        return {key: [] for key in texts}  # no name is anybody's
    read = {key: candidates(text) for key, text in texts.items()}
    asked = {word for found in read.values() for word in found}
    rows = _rows(asked) if asked else []
    by_word: dict[str, list[int]] = defaultdict(list)
    for place, folded in rows:
        by_word[folded].append(place)
    named = {key: _named(found, by_word) for key, found in read.items()}
    wanted = {place for found in named.values() for place in found}
    disputed = _disputed(wanted) if wanted else {}
    return {
        key: [one for place, words in found.items() if (one := _judge(place, words, disputed))]
        for key, found in named.items()
    }


# --- what a text might name -----------------------------------------------------------------------------------------


def candidates(text: str) -> dict[str, list[Span]]:
    """Every folded run of words or characters that could be a name, and where it stands in the folded text."""
    found: dict[str, list[Span]] = defaultdict(list)
    at = 0
    for part in QUOTED.split(text[:MOST]):
        folded = fold(part)
        for word, (start, end) in _runs(folded):
            found[word].append((at + start, at + end))
        at += len(folded) + 1
    return dict(found)


def _runs(text: str) -> Iterator[tuple[str, Span]]:
    spaced: list[tuple[str, Span]] = []
    unspaced: list[tuple[str, Span]] = []
    for word in WORD.finditer(text):
        at = word.start()
        for run in UNSPACED.finditer(word[0]):
            if run.start() + word.start() > at:
                spaced.append((text[at : word.start() + run.start()], (at, word.start() + run.start())))
            unspaced.append((run[0], (word.start() + run.start(), word.start() + run.end())))
            at = word.start() + run.end()
        if at < word.end():
            spaced.append((text[at : word.end()], (at, word.end())))
    yield from _of_words(spaced)
    yield from _of_characters(unspaced)


def _of_words(words: Sequence[tuple[str, Span]]) -> Iterator[tuple[str, Span]]:
    for first in range(len(words)):
        before = ""
        for word, (_, end) in islice(words, first, first + WORDS):
            span = (words[first][1][0], end)
            for form in _forms(word):
                yield before + form, span
            before = f"{before}{word} "


def _forms(word: str) -> Iterator[str]:
    """A word as it stands, and without what its language writes behind a name."""
    yield word
    if _HANGUL.fullmatch(word):
        yield from (word[:length] for length in range(2, len(word)))
    elif _CYRILLIC.fullmatch(word):
        for ending in _ENDINGS:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) >= _SHORTEST_STEM:
                yield stem
                yield f"{stem}а"


def _of_characters(runs: Sequence[tuple[str, Span]]) -> Iterator[tuple[str, Span]]:
    """Parts of runs without spaces. Runs divided by a dot alone are one, as in エトゥ・オロ・プ."""
    joined: list[tuple[str, list[int]]] = []
    for run, (start, end) in runs:
        places = list(range(start, end))
        if joined and start - joined[-1][1][-1] == 2:
            joined[-1] = (joined[-1][0] + run, [*joined[-1][1], *places])
        else:
            joined.append((run, places))
    for run, places in joined:
        for first in range(len(run)):
            for last in range(first + 2, min(first + CHARACTERS, len(run)) + 1):
                yield run[first:last], (places[first], places[last - 1] + 1)


# --- what it names --------------------------------------------------------------------------------------------------


def _rows(asked: set[str]) -> list[tuple[int, str]]:
    """The places that have a name among these words."""
    current = PlaceName.objects.exclude(kind="historical").exclude(folded="").order_by()
    columns = ("place", "folded")
    if len(asked) > ASKED:
        return [row for row in current.values_list(*columns) if row[1] in asked]
    words = sorted(asked)
    return [
        row
        for start in range(0, len(words), desk_names.SOME)
        for row in current.filter(folded__in=words[start : start + desk_names.SOME]).values_list(*columns)
    ]


def _named(found: Mapping[str, list[Span]], by_word: Mapping[str, list[int]]) -> dict[int, list[str]]:
    """The places that a text names, by the names as folded. A name within a longer one is not named."""
    spans = [(span, word) for word in found if word in by_word for span in found[word]]
    named: dict[int, list[str]] = {}
    for span, word in sorted(spans):
        within = any(other != span and other[0] <= span[0] and span[1] <= other[1] for other, _ in spans)
        if not within:
            for place in by_word[word]:
                named.setdefault(place, []).append(word)
    return named


@dataclass(frozen=True)
class _Disputed:
    names: list[dict[str, Any]]
    label: list[naming.Named]
    line: str
    agents: Mapping[str, str]


def _disputed(places: set[int]) -> dict[int, _Disputed]:
    """Those of the places that different parties call by different names, as the desk's policy has them."""
    names, policy = desk_names.names_of(places), desk_names.policy()
    written = naming.letters(policy)[naming.TEXT]
    uids = dict(Place.objects.filter(pk__in=places).values_list("pk", "uid"))
    labels = {pk: naming.named(uid, names.get(pk, ()), policy) for pk, uid in uids.items()}
    rivals = {pk: label for pk, label in labels.items() if len(label) > 1}
    parties = {party for label in rivals.values() for name in label for party in name.parties}
    agents = dict(Agent.objects.filter(uid__in=parties).values_list("uid", "name"))
    return {
        pk: _Disputed(names[pk], label, naming.joined(label, written), agents) for pk, label in rivals.items()
    }


def _judge(place: int, words: Sequence[str], disputed: Mapping[int, _Disputed]) -> OneSided | None:
    """What is one-sided about naming this place by these words, if anything."""
    known = disputed.get(place)
    if known is None:
        return None
    found = [name for name in known.names if name["folded"] in words and name["kind"] != "historical"]
    users = {party for name in found for party in name["used_by"]}
    own = [name for name in known.label if users.intersection(name.parties)]
    if len(own) != 1:
        return None
    return OneSided(
        place,
        tuple(dict.fromkeys(name["text"] for name in found if name["used_by"])),
        _listed(known.agents[party] for party in own[0].parties if party in users),
        tuple(_party(name, known) for name in known.label if name is not own[0]),
        known.line,
    )


def _party(name: naming.Named, known: _Disputed) -> tuple[str, tuple[str, ...]]:
    return (
        _listed(known.agents[party] for party in name.parties),
        tuple(dict.fromkeys([name.text, *(text for text, _ in name.own)])),
    )


def _listed(names: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(names))


def _quoted(names: Sequence[str]) -> str:
    return " and ".join(f"“{name}”" for name in names)
