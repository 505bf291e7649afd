"""The public side's door to the search: a page of results with what is shown of each, and what completes a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.book.kinds import KINDS
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
    #: The language of the text.
    language: str = ""
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
    given = documents(found.uids)
    marker = Marker.of(found.words)
    results = [_result(known[uid], given[uid], marker) for uid in found.uids if uid in given]
    cited = {uid for one in results for uid in _cited(one.label)}
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


def _result(label: Label, document: dict, marker: Marker) -> Result:
    kind = KINDS[document["kind"]]
    language = document.get("language", "")
    title = marked(label.text, marker)
    if label.kind == "place":
        names = [(marked(name, marker), tag) for name, tag in label.others()]
        # Those that were asked for first.
        names.sort(key=lambda pair: not any(there for _, there in pair[0]))
        return Result(
            label,
            title,
            snippet(kind.body(document), marker),
            forms=[
                [(marked(form, marker), tag) for form, tag in several] for several in label.written("list")
            ],
            names=names[:_NAMES],
        )
    if label.kind == "correction":
        return Result(label, title, snippet((*kind.texts(document), *kind.body(document)), marker), language)
    if label.kind == "rebuttal":
        said = snippet(kind.texts(document), marker)
        text = [] if said else snippet(filter(None, kind.body(document)), marker)
        return Result(label, said or title, text, language)
    native = document.get("native_name") if label.kind == "agent" else ""
    names = [(marked(native, marker), "")] if native else []
    text = [] if _all_there(title, marker) else snippet(filter(None, kind.body(document)), marker)
    return Result(label, title, text, language, names=names)


def _all_there(title: Sequence[Part], marker: Marker) -> bool:
    """Whether the title has all that was asked for, so that no more has to be shown."""
    wanted = len(marker.words) + len(marker.phrases) + len(marker.runs)
    return sum(there for _, there in title) >= min(wanted, 1)


def _cited(label: Label) -> list[str]:
    """Other records that a result's line names."""
    card = label.card
    single = [card.get(name) for name in ("claim", "raised_by")]
    return [uid for uid in [*single, *card.get("authors", ()), *card.get("events", ())] if uid]
