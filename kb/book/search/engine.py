"""The one interface between the book and what finds its records.

`kb.book.index` calls `index` and `remove` within the transaction of a release; the public side asks `find` and
`suggest` through `kb.book.search.results`. Another engine would be a class with these functions, returned by `engine`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kb.book.search.questions import Piece, Question
from kb.book.search.terms import Entry


@dataclass(frozen=True)
class Chosen:
    """What the results are narrowed to; nothing where empty. A language by its first part: zh for zh-Hant."""

    kind: str = ""
    rating: str = ""
    language: str = ""


@dataclass(frozen=True)
class Amount:
    """How many; where `more`, at least so many, and counting on would cost too much."""

    number: int = 0
    more: bool = False


@dataclass(frozen=True)
class Found:
    """Records by uid, the best first, and what can be said of all that fit."""

    uids: Sequence[str] = ()
    #: So many can be looked through, page by page: of very many, the best of those that were ranked.
    ranked: int = 0
    total: Amount = Amount()
    #: How many of each kind there are, whichever is chosen; of those of the chosen kind, how many of each rating
    #: ("none" for what is not assessed) and language.
    kinds: Mapping[str, Amount] = field(default_factory=dict)
    ratings: Mapping[str, Amount] = field(default_factory=dict)
    languages: Mapping[str, Amount] = field(default_factory=dict)
    #: The words that were looked for, as texts have them, for what is marked; and the records that the question names.
    words: frozenset[tuple[str, ...]] = frozenset()
    named: Sequence[str] = ()
    #: Words that no text has, each with those that were looked for instead; and words that are left out for that.
    instead: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unknown: Sequence[Piece] = ()
    #: A spelling of the whole question that would find more, if there is one.
    better: str = ""
    #: No record has all the words; these have some.
    some: bool = False


class Engine(Protocol):
    def index(self, entries: Sequence[Entry]) -> None:
        """Let these records be found by their texts as they are now, and no longer as they were."""

    def remove(self, uids: Iterable[str]) -> None:
        """Let these records not be found any more, nor their words be counted or suggested."""

    def clear(self) -> None:
        """Forget everything, before the index is made again."""

    def find(self, question: Question, chosen: Chosen, start: int = 0, most: int = 20) -> Found:
        """The records that fit a question, from one place in their order on.

        The work is bounded: of very many, some good ones are ranked.
        """

    def newest(self, question: Question, chosen: Chosen, most: int) -> Sequence[str]:
        """Of each kind those that have all the words and were indexed first most recently, so many at most."""

    def suggest(self, question: Question, most: int) -> Sequence[str]:
        """The uids of what somebody may mean who is typing this, the best first."""


def engine() -> Engine:
    from kb.book.search.embedded import Embedded

    return Embedded()
