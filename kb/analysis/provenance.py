"""Circular sourcing: how many sources of a claim are independent of each other. Pure functions over plain values.

A source that was taken from others tells no more than they do. Two sources are independent where nothing that the one
goes back to is what the other goes back to; sources that are taken from each other in a circle are one. Sources are
whatever can be told apart: the desk's primary keys, the book's uids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kb.analysis.speech import language

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Independence(Generic[T]):
    """The sources of a claim in groups that are independent of each other, each with what its members go back to."""

    groups: tuple[tuple[frozenset[T], frozenset[T]], ...]

    @property
    def number(self) -> int:
        """How many independent sources there are."""
        return len(self.groups)

    @property
    def sources(self) -> int:
        return sum(len(members) for members, _ in self.groups)

    @property
    def all_go_back_to_one(self) -> bool:
        """Whether there are several sources, and no two that are independent."""
        return self.number == 1 and len(self.groups[0][0]) > 1


def origins(source: T, derived: Mapping[T, Iterable[T]]) -> frozenset[T]:
    """What a source goes back to, in the end: what was taken from nothing, and circles that were taken from nothing
    else, with all their members.
    """
    above = {one: set(upwards(one, derived)) for one in upwards(source, derived)}
    return frozenset(one for one, over in above.items() if all(one in above[other] for other in over))


def upwards(source: T, derived: Mapping[T, Iterable[T]]) -> Iterator[T]:
    """The source, and all that it was taken from at one remove or several, each once."""
    waiting, seen = [source], {source}
    while waiting:
        one = waiting.pop()
        yield one
        for above in derived.get(one, ()):
            if above not in seen:
                seen.add(above)
                waiting.append(above)


def independence(sources: Iterable[T], derived: Mapping[T, Iterable[T]]) -> Independence[T]:
    """The sources in groups that have no origin in common."""
    of = {source: origins(source, derived) for source in sources}
    sharing: dict[T, set[T]] = defaultdict(set)
    for source, found in of.items():
        for origin in found:
            sharing[origin].add(source)
    groups: list[tuple[frozenset[T], frozenset[T]]] = []
    left = dict.fromkeys(of)
    while left:
        group: set[T] = set()
        waiting = [next(iter(left))]
        while waiting:
            source = waiting.pop()
            if source in left:
                del left[source]
                group.add(source)
                waiting += [other for origin in of[source] for other in sharing[origin]]
        groups.append((frozenset(group), frozenset().union(*(of[source] for source in group))))
    return Independence(tuple(groups))


_NUMBERS = (
    *("No", "One", "Two", "Three", "Four", "Five", "Six"),
    *("Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"),
)


def _number(number: int) -> str:
    """In English a word, as a sentence wants it; elsewhere a figure."""
    return _NUMBERS[number] if language() == "en" and number < len(_NUMBERS) else str(number)


def in_short(found: Independence[T], derived: Mapping[T, Iterable[T]], types: Iterable[str]) -> str:
    """How many sources there are and how many of them are independent, as a headline: “Seven articles, one origin”.

    `types` are those of the sources, by the names of CSL.
    """
    number = found.sources
    articles = all(kind.startswith("article") for kind in types)
    pattern = (
        ngettext("%(number)s article", "%(number)s articles", number)
        if articles
        else ngettext("%(number)s source", "%(number)s sources", number)
    )
    said = {"sources": pattern % {"number": _number(number)}}
    if number == 1:
        return _("%(sources)s, taken from elsewhere") % said
    if found.number == number:
        return _("%(sources)s, all independent of each other") % said
    if found.number > 1:
        independent = _number(found.number).lower()
        return _("%(sources)s, %(number)s of them independent of each other") % {
            **said,
            "number": independent,
        }
    back = found.groups[0][1]
    if len(back) == 1:
        return _("%(sources)s, one origin") % said
    circle = all(set(upwards(one, derived)) == set(back) for one in back)
    if circle:
        return _("%(sources)s in a circle, no origin") % said
    return _("%(sources)s, no two of them independent") % said
