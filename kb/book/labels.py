"""What published records are called where others refer to them: today, in the order of names that a reader wants."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.urls import reverse

from kb.analysis import naming
from kb.book import asking
from kb.book.models import Record

#: The kinds that have a page of their own, and what its address is made of; nothing, where there is one record only.
PAGES = dict.fromkeys(("claim", "source", "place", "event", "agent", "topic", "rebuttal"), "key")
PAGES["correction"] = "number"
PAGES["naming-policy"] = ""

#: Whose names a reader wants first: the uid of an agent, or nothing for the policy's order.
_FIRST: ContextVar[str] = ContextVar("names_first", default="")


@dataclass(frozen=True)
class Label:
    """What a record is called where another refers to it. `names` are those of a place, in order."""

    uid: str
    kind: str
    key: str
    text: str
    names: tuple[naming.Named, ...] = ()
    withdrawn: bool = False
    card: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """The names as (text, language)."""
        return tuple(name.part for name in self.names)

    def written(self, where: str = naming.TEXT) -> list[tuple[tuple[str, str], ...]]:
        """The names as they stand in this kind of text, each in one form or two; empty but for places."""
        letters = self.card.get("letters", {}).get(where, naming.READERS)
        return [name.written(letters) for name in self.names]

    def others(self, where: str = naming.LIST) -> list[tuple[str, str]]:
        """Names on the card, as (text, language), that do not stand in its label there."""
        shown = {form for forms in self.written(where) for form in forms}
        names = [(text, tag) for text, tag in self.card.get("names", ())]
        return [name for name in names if name not in shown]

    @property
    def heading(self) -> str:
        """What it is called as a page's title."""
        return (
            " / ".join(" ".join(text for text, _ in forms) for forms in self.written("heading")) or self.text
        )

    @cached_property
    def url(self) -> str:
        """Its page, or nothing if that kind has none."""
        if self.kind not in PAGES:
            return ""
        if not PAGES[self.kind]:
            return reverse(self.kind)
        if PAGES[self.kind] == "number":
            # A label kept with an old version has no card; its text holds the number.
            number = self.card.get("number") or self.text.rpartition(" ")[2]
            return address(self.kind, str(number)) if str(number).isdigit() else ""
        return address(self.kind, self.key)


@lru_cache(maxsize=64)
def _around_the_key(route: str) -> tuple[str, str]:
    # A key as well as a number of the ledger, which begins with 1.
    before, _, after = reverse(route, args=["1"]).rpartition("1")
    return before, after


def address(kind: str, key: str) -> str:
    """The page of a record. A page has dozens of these, and keys need no escaping."""
    before, after = _around_the_key(kind)
    return f"{before}{key}{after}"


class Labels(dict[str, Label]):
    """Labels by uid. What is missing was never published and is not named."""

    def name_of(self, uid: str) -> str:
        return self[uid].text if uid in self else uid


_CALLED = (
    "SELECT uid, kind, key, label, card, withdrawn_in_id, merged_into FROM book_record WHERE uid IN {some}"
)


def labels(uids: Iterable[str]) -> Labels:
    """What records are called today, those withdrawn named as such; one query for up to 500.

    What was merged into another is called as that one is.
    """
    found, led = Labels(), dict[str, str]()
    for uid, kind, key, text, card, withdrawn, merged_into in asking.rows_of(_CALLED, set(uids)):
        found[uid] = label_from(uid, kind, key, text, json.loads(card), withdrawn is not None)
        if merged_into:
            led[uid] = merged_into
    if led:
        further = labels(led.values())
        found.update((uid, further[kept]) for uid, kept in led.items())
    return found


@contextmanager
def names_first(party: str) -> Iterator[None]:
    """Within it, labels of places begin with this agent's name, where it has one. Old versions keep theirs."""
    token = _FIRST.set(party)
    try:
        yield
    finally:
        _FIRST.reset(token)


def label(record: Record) -> Label:
    """What a record is called today."""
    withdrawn = record.withdrawn_in_id is not None
    return label_from(record.uid, record.kind, record.key, record.label, record.card, withdrawn)


def label_from(
    uid: str, kind: str, key: str, text: str, card: Mapping[str, Any], withdrawn: bool = False
) -> Label:
    """A label from a record's card, with the names in the order that the reader wants."""
    if not card.get("parts"):
        return Label(uid, kind, key, text, (), withdrawn, card)
    names = names_on(card)
    wanted = tuple(naming.first(names, _FIRST.get()))
    if wanted != names:
        text = naming.joined(wanted)
    return Label(uid, kind, key, text, wanted, withdrawn, card)


def names_on(card: Mapping[str, Any]) -> tuple[naming.Named, ...]:
    """The names on a card; those that an old version kept have neither parties nor forms of their own."""
    parts = card.get("parts", [])
    parties, own = card.get("parties") or [[]] * len(parts), card.get("own") or [[]] * len(parts)
    return tuple(
        naming.Named(text, language, tuple(users), tuple((word, tag) for word, tag in written))
        for (text, language), users, written in zip(parts, parties, own, strict=True)
    )
