"""The public side's door to the search: a page of results with what is shown of each, and what completes a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.book.kinds import KINDS, Document
from kb.book.reading import Label, Labels, documents, labels
from kb.book.search.engine import Chosen, Found, engine
from kb.book.search.questions import Question, read
from kb.book.search.snippets import Marker, Part, marked, snippet

#: Results on a page, and what is offered while somebody types.
PAGE, OFFERED = 20, 8
#: Names of a place that are shown beside its label.
_NAMES = 8


@dataclass(frozen=True)
class Result:
    """One record: its label, what of it is shown as its title and below, in parts of which some are marked."""

    label: Label
    title: Sequence[Part]
    text: Sequence[Part] = ()
    #: Of a place, in place of the title, its names as a list has them, each in one form or two; and other names. Each
    #: in parts, with its language.
    forms: Sequence[Sequence[tuple[Sequence[Part], str]]] = ()
    names: Sequence[tuple[Sequence[Part], str]] = ()


@dataclass(frozen=True)
class Results:
    question: Question
    found: Found
    results: Sequence[Result] = ()
    #: What the question names: places, agents, topics, events, sources.
    named: Sequence[Label] = ()
    labels: Mapping[str, Label] | None = None


def search(text: str, chosen: Chosen | None = None, page: int = 1) -> Results:
    """Published records that fit, the best first. Nothing where nothing is asked for."""
    question = read(text)
    if not question.says_something:
        return Results(question, Found())
    found = engine().find(question, chosen or Chosen(), PAGE * (page - 1), PAGE)
    known = labels([*found.uids, *found.named])
    marker = Marker.of(found.words)
    titles = {
        label.uid: marked(label.text, marker)
        for label in map(known.get, found.uids)
        if label and not label.withdrawn
    }
    # Documents are long: those whose titles say enough are not read.
    given = documents(uid for uid, title in titles.items() if _says_more(known[uid], title))
    results = [_result(known[uid], title, given.get(uid), marker) for uid, title in titles.items()]
    cited = {one.label.card["claim"] for one in results if one.label.card.get("claim")}
    around = Labels({**known, **(labels(cited - known.keys()) if cited - known.keys() else {})})
    named = {known[uid].text: known[uid] for uid in reversed(found.named) if uid in known and known[uid].url}
    return Results(question, found, results, list(named.values())[::-1], around)


def suggest(text: str, most: int = OFFERED) -> list[Label]:
    """What somebody who is typing this may mean, the best first."""
    question = read(text, typing=True)
    if not question.says_something:
        return []
    uids = engine().suggest(question, most)
    known = labels(uids)
    return [known[uid] for uid in uids if uid in known and known[uid].url]


#: A line of these is made from more than their titles, whatever those say.
_TOLD = ("place", "rebuttal", "correction")


def _says_more(label: Label, title: Sequence[Part]) -> bool:
    return label.kind in _TOLD or not any(there for _, there in title)


def _result(label: Label, title: Sequence[Part], document: Document | None, marker: Marker) -> Result:
    kind = KINDS[label.kind]
    said = list(kind.texts(document)) if document else []
    told = list(filter(None, kind.body(document))) if document else []
    if label.kind == "place":
        names = [(marked(name, marker), tag) for name, tag in label.others()]
        # Those that were asked for first.
        names.sort(key=lambda pair: not any(there for _, there in pair[0]))
        forms = [[(marked(form, marker), tag) for form, tag in several] for several in label.written("list")]
        return Result(label, title, snippet(told, marker), forms=forms, names=names[:_NAMES])
    if label.kind == "correction":
        return Result(label, title, snippet((*said, *told), marker))
    if label.kind == "rebuttal":
        first = snippet(said, marker)
        return Result(label, first or title, [] if first else snippet(told, marker))
    native = label.card.get("native_name") if label.kind == "agent" else ""
    return Result(label, title, snippet(told, marker), names=[(marked(native, marker), "")] if native else [])
