"""Circular sourcing: how many sources of a claim are independent of each other. Pure functions over plain values.

A source that was taken from others tells no more than they do. Two sources are independent where nothing that the one
goes back to is what the other goes back to; sources that are taken from each other in a circle are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

Derived = Mapping[int, Iterable[int]]


@dataclass(frozen=True)
class Independence:
    """The sources of a claim in groups that are independent of each other, each with what its members go back to."""

    groups: tuple[tuple[frozenset[int], frozenset[int]], ...]

    @property
    def number(self) -> int:
        """How many independent sources there are."""
        return len(self.groups)

    @property
    def all_go_back_to_one(self) -> bool:
        """Whether there are several sources, and no two that are independent."""
        return self.number == 1 and len(self.groups[0][0]) > 1


def origins(source: int, derived: Derived) -> frozenset[int]:
    """What a source goes back to, in the end: what was taken from nothing, and circles that were taken from nothing
    else, with all their members.
    """
    above = {one: set(_upwards(one, derived)) for one in _upwards(source, derived)}
    return frozenset(one for one, over in above.items() if all(one in above[other] for other in over))


def _upwards(source: int, derived: Derived) -> Iterator[int]:
    waiting, seen = [source], {source}
    while waiting:
        one = waiting.pop()
        yield one
        for above in derived.get(one, ()):
            if above not in seen:
                seen.add(above)
                waiting.append(above)


def independence(sources: Iterable[int], derived: Derived) -> Independence:
    """The sources in groups that have no origin in common."""
    of = {source: origins(source, derived) for source in sources}
    sharing: dict[int, set[int]] = defaultdict(set)
    for source, found in of.items():
        for origin in found:
            sharing[origin].add(source)
    groups: list[tuple[frozenset[int], frozenset[int]]] = []
    left = dict.fromkeys(of)
    while left:
        group: set[int] = set()
        waiting = [next(iter(left))]
        while waiting:
            source = waiting.pop()
            if source in left:
                del left[source]
                group.add(source)
                waiting += [other for origin in of[source] for other in sharing[origin]]
        groups.append((frozenset(group), frozenset().union(*(of[source] for source in group))))
    return Independence(tuple(groups))


def chains(source: int, derived: Derived) -> list[tuple[int, ...]]:
    """Every way from a source back to what it goes back to; a circle ends where it comes round."""
    found: list[tuple[int, ...]] = []

    def follow(way: tuple[int, ...]) -> None:
        above = [one for one in derived.get(way[-1], ()) if one not in way]
        if not above:
            found.append(way)
        for one in above:
            follow((*way, one))

    follow((source,))
    return found
