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
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def in_short(found: Independence[T], derived: Mapping[T, Iterable[T]], types: Iterable[str]) -> str:
    """How many sources there are and how many of them are independent, as a headline: “Seven articles, one origin”.

    `types` are those of the sources, by the names of CSL.
    """
    plural = "articles" if all(kind.startswith("article") for kind in types) else "sources"
    number = found.sources
    said = f"{_number(number)} {plural.removesuffix('s') if number == 1 else plural}"
    if number == 1:
        return f"{said}, taken from elsewhere"
    if found.number == number:
        return f"{said}, all independent of each other"
    if found.number > 1:
        return f"{said}, {_number(found.number).lower()} of them independent of each other"
    back = found.groups[0][1]
    if len(back) == 1:
        return f"{said}, one origin"
    circle = all(set(upwards(one, derived)) == set(back) for one in back)
    return f"{said} in a circle, no origin" if circle else f"{said}, no two of them independent"
