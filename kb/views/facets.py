"""What a list can be narrowed to further, with how much that would leave; and what narrows it, to be taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from kb.book import listing
from kb.book.listing import Choices, Selection, value
from kb.book.reading import Label
from kb.filters import ListFilter, Mark, Records, Words
from kb.views.texts import number
from kb.views.words import Word

#: So many choices of a facet are shown; of so many records the labels are read, since one may have been withdrawn.
SHOWN, READ = 6, 8
#: What says where a page begins or ends, and is left out of addresses that lead to another selection.
PLACES = ("after", "before")


@dataclass(frozen=True)
class Choice:
    """One way to narrow the list. `label` is that of a record, where it leads to one."""

    text: Word
    url: str
    count: str
    label: Label | None = None


@dataclass(frozen=True)
class Group:
    label: Word
    choices: list[Choice] = field(default_factory=list)


@dataclass(frozen=True)
class Chip:
    """What narrows the list, and the address without it."""

    what: Word
    text: Word
    url: str


def query_of(request: HttpRequest) -> QueryDict:
    """What narrows and sorts the list, without where in it the page is and without what was left empty."""
    query = QueryDict(mutable=True)
    for name, texts in request.GET.lists():
        if name not in PLACES and any(texts):
            query.setlist(name, [text for text in texts if text])
    return query


def written(query: QueryDict) -> str:
    """The query as an address has it, with its question mark; nothing where there is none."""
    return f"?{query.urlencode(safe='/')}" if query else ""


def offered(asked: ListFilter, chosen: Selection) -> Choices:
    """What the selection can be narrowed to further."""
    return listing.choices(
        chosen, [one.facet for name, one in asked.filters.items() if not asked.is_time(name)]
    )


def linked(asked: ListFilter, choices: Choices | None) -> set[str]:
    """The records among the choices of facets that lead to records."""
    if choices is None:
        return set()
    facets = [value(asked.kind, one.facet) for one in asked.filters.values() if isinstance(one, Records)]
    return {uid for facet in facets for uid, _count in _most(choices.numbers, facet)[:READ]}


def narrowing(
    asked: ListFilter, choices: Choices | None, labels: Mapping[str, Label], base: QueryDict
) -> dict[str, Any]:
    """What the head and the side of a list are drawn from; `asked_for` leads to another view of the same records."""
    unsorted = base.copy()
    unsorted.pop("sort", None)
    return {
        "asked": asked,
        "chips": removable(asked, base),
        "groups": groups(asked, choices, labels, base),
        "hidden": _hidden(asked, base),
        "asked_for": written(unsorted),
        "filtered": bool(set(base) - {"sort"}) if asked.form.is_valid() else "wrong",
    }


def _hidden(asked: ListFilter, base: QueryDict) -> list[tuple[str, str]]:
    """What the form sends along without a box for it: what was chosen of words, and the records that were found."""
    if asked.form.is_valid():
        return [(name, text) for name, text, _l, _w in asked.chosen() if not asked.is_time(name)]
    return [
        (name, text) for name, texts in base.lists() for text in texts if name not in (*asked.boxes, "sort")
    ]


def removable(asked: ListFilter, base: QueryDict) -> list[Chip]:
    chips = []
    for name, text, what, words in asked.chosen():
        query = base.copy()
        _take(query, asked, name, text)
        chips.append(Chip("" if words == what else what, words, f"?{query.urlencode()}"))
    return chips


def _take(query: QueryDict, asked: ListFilter, name: str, text: str) -> None:
    """Without one of the texts of a parameter, or what other pages write for it."""
    if name not in query and "about" in query:
        kept = [one for one in query.getlist("about") if one.rpartition("/")[2] != text]
        query.setlist("about", kept) if kept else query.pop("about")
        return
    kept = [one for one in query.getlist(name) if one.strip() != text]
    if kept and isinstance(asked.filters[name], Records):
        query.setlist(name, kept)
    else:
        query.pop(name, None)


def groups(
    asked: ListFilter, choices: Choices | None, labels: Mapping[str, Label], base: QueryDict
) -> list[Group]:
    """The facets that still tell records of this selection apart, each with its most frequent choices."""
    if choices is None:
        return []
    chosen = {name for name, *_rest in asked.chosen()}
    found, marks = list[Group](), Group(_("Marked"))
    start = _beside(base)
    for name, one in asked.filters.items():
        further = isinstance(one, Records) or name not in base
        begun = start if further else _beside(base, name)
        made = list(_choices(asked, name, choices, labels, begun))[:SHOWN]
        if isinstance(one, Mark) and name not in chosen:
            marks.choices.extend(made)
        elif made and (isinstance(one, Records) or (isinstance(one, Words) and name not in chosen)):
            found.append(Group(one.label, made))
    if marks.choices:
        found.insert(min(2, len(found)), marks)
    return found


def _choices(
    asked: ListFilter, name: str, choices: Choices, labels: Mapping[str, Label], start: str
) -> Iterator[Choice]:
    one, numbers = asked.filters[name], choices.numbers
    if not isinstance(one, (Mark, Records, Words)):
        return

    def made(code: str, text: Word, count: int, label: Label | None = None) -> Choice:
        said = number(count) if choices.is_exact(value(asked.kind, one.facet, code)) else f"{number(count)}+"
        return Choice(text, f"{start}{name}={quote_plus(code)}", said, label)

    if isinstance(one, Mark):
        if count := numbers.get(value(asked.kind, one.facet)):
            yield made("on", one.label, count)
    elif isinstance(one, Records):
        taken = {label.uid for _text, label in asked.form.cleaned_data.get(name) or ()}
        for uid, count in _most(numbers, value(asked.kind, one.facet)):
            label = labels.get(uid)
            if label and not label.withdrawn and uid not in taken:
                yield made(label.key, label.text, count, label)
    elif one.codes is None:
        for code, count in _most(numbers, value(asked.kind, one.facet)):
            yield made(code, one.say(code), count)
    else:
        for code in one.codes:
            if count := numbers.get(value(asked.kind, one.facet, code)):
                yield made(code, one.say(code), count)


def _beside(base: QueryDict, name: str = "") -> str:
    """The beginning of an address that chooses one thing more, or another of this name."""
    query = base.copy()
    query.pop(name, None)
    return f"?{query.urlencode()}&" if query else "?"


def _most(numbers: Mapping[str, int], facet: str) -> list[tuple[str, int]]:
    """The codes of a facet, the most frequent first."""
    start = f"{facet} "
    found = [(name.removeprefix(start), count) for name, count in numbers.items() if name.startswith(start)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
