"""Reading the book: plain documents, by address. The public side's only door; it knows nothing of the desk.

A current page shows what other records are called today; an old version shows what they were called then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection
from django.db.models import Max
from django.urls import reverse

from kb.analysis import naming
from kb.book.comparing import Change, NameOf, Say
from kb.book.comparing import compare as compare_documents
from kb.book.index import chunks, documents
from kb.book.kinds import KINDS, Document, references
from kb.book.models import (
    Address,
    ClaimEntry,
    ClaimEntryQuerySet,
    CorrectionEntry,
    EntryQuerySet,
    EventEntry,
    PlaceEntry,
    RebuttalEntry,
    Record,
    Reference,
    Release,
    SourceEntry,
    SourceText,
    Version,
)

#: The kinds that have a page of their own, and what its address is made of; nothing, where there is one record only.
PAGES = dict.fromkeys(("claim", "source", "place", "event", "agent", "topic", "rebuttal"), "key")
PAGES["correction"] = "number"
PAGES["naming-policy"] = ""

_OF_A_LABEL = "uid, kind, key, label, card, withdrawn_in_id, merged_into"

#: Whose names a reader wants first: the uid of an agent, or nothing for the policy's order.
_FIRST: ContextVar[str] = ContextVar("names_first", default="")

__all__ = [
    "Change",
    "Gone",
    "Label",
    "Labels",
    "Moved",
    "NotFound",
    "Page",
    "VersionNote",
    "claims",
    "compare",
    "corrections",
    "desk",
    "documents",
    "events",
    "get",
    "get_version",
    "history",
    "label",
    "label_from",
    "labels",
    "labels_for",
    "last_release",
    "names_first",
    "naming_policy",
    "number_referring",
    "places",
    "rebuttals",
    "referred",
    "referrers",
    "referring",
    "release_number",
    "source_texts",
    "sources",
    "uses_names",
]


class NotFound(Exception):
    """There never was a published record at this address."""


class Moved(Exception):
    """The record has another address now: `key`."""

    def __init__(self, kind: str, key: str) -> None:
        self.kind, self.key = kind, key
        super().__init__(key)


@dataclass(frozen=True)
class Tombstone:
    """What is left of a withdrawn record."""

    kind: str
    key: str
    label: str
    withdrawn_at: datetime
    why: str


class Gone(Exception):
    """The record was withdrawn; `page` is its tombstone."""

    def __init__(self, page: Tombstone) -> None:
        self.page = page
        super().__init__(page.label)


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


@dataclass(frozen=True)
class Page:
    """One version of a record, with what it needs to be shown. `current` is the number of the newest version."""

    document: Document
    number: int
    released_at: datetime
    why: str
    release: int
    current: int
    labels: Labels
    #: For a version of a record that was merged into another: that one.
    merged_into: Label | None = None
    #: Of the document's canonical JSON, as it was published; empty for what is not.
    sha256: str = ""
    #: Whether text was taken away from it since, for law or safety: then it no longer has that hash.
    redacted: bool = False

    @property
    def uid(self) -> str:
        return self.document["uid"]

    @property
    def kind(self) -> str:
        return self.document["kind"]

    @property
    def key(self) -> str:
        return self.document["key"]

    @property
    def is_current(self) -> bool:
        return self.number == self.current and self.merged_into is None


@dataclass(frozen=True)
class VersionNote:
    """One line of a record's public history."""

    number: int
    released_at: datetime
    why: str
    release: int


# --- one record -----------------------------------------------------------------------------------------------


def get(kind: str, key: str) -> Page:
    """The current version at an address. Raises NotFound, Moved or Gone."""
    record = _record(kind, key)
    if record.merged_into:
        raise Moved(kind, _led_to(record).key)
    document = record.version.data()
    return _page(record.version, document, record.version.number, labels_for(document))


def get_correction(number: int) -> Page:
    """An entry of the ledger by its number. Raises NotFound."""
    entry = CorrectionEntry.objects.filter(number=number).select_related("record").first()
    if entry is None:
        raise NotFound
    return get("correction", entry.record.key)


def get_version(kind: str, key: str, number: int) -> Page:
    """A version as it was, with the labels of then. Raises NotFound, Moved or Gone."""
    record = _record(kind, key)
    version = Version.objects.select_related("release").filter(uid=record.uid, number=number).first()
    if version is None:
        raise NotFound
    then = Labels(
        (uid, Label(uid, label["kind"], label["key"], label["text"], _names(label)))
        for uid, label in json.loads(version.labels).items()
    )
    document = version.data()
    if kind == "place" and version.uid not in then:
        # Published before places kept what they were called themselves.
        names = naming.named(version.uid, document["names"], None)
        then[version.uid] = Label(
            version.uid, kind, document["key"], KINDS[kind].label(document), tuple(names)
        )
    page = _page(version, document, record.version.number, then)
    return replace(page, merged_into=label(_led_to(record))) if record.merged_into else page


def _record(kind: str, key: str) -> Record:
    # One at most, so it need not be sorted for the first.
    rows = Record.objects.select_related("version__release", "withdrawn_in").filter(kind=kind, key=key)
    found = next(iter(rows), None)
    if found is None:
        uid = Address.objects.filter(kind=kind, key=key).values_list("uid", flat=True).first()
        if uid is None:
            raise NotFound
        raise Moved(kind, Record.objects.values_list("key", flat=True).get(uid=uid))
    if found.withdrawn_in and not found.merged_into:
        raise Gone(Tombstone(kind, key, found.label, found.withdrawn_in.at, found.withdrawn_in.why))
    return found


def _led_to(record: Record) -> Record:
    """The record that a merged one leads to, over as many merges as it took."""
    while record.merged_into:
        record = Record.objects.get(uid=record.merged_into)
    return record


def _page(version: Version, document: Document, current: int, labels: Labels) -> Page:
    made = version.release
    return Page(
        document,
        version.number,
        made.at,
        made.why,
        made.number,
        current,
        labels,
        sha256=version.sha256,
        redacted=version.redacted_in_id is not None,
    )


def history(uid: str) -> list[VersionNote]:
    """The published versions of a record, the newest first."""
    rows = (
        Version.objects.filter(uid=uid)
        .select_related("release")
        .defer("document", "labels")
        .order_by("-number")
    )
    return [VersionNote(row.number, row.release.at, row.release.why, row.release.number) for row in rows]


def compare(
    older: Document, newer: Document, name_of: NameOf | None = None, say: Say | None = None
) -> list[Change]:
    """What differs between two documents; records are named as today unless `name_of` says otherwise.

    `say` has the words for codes, which otherwise stand as they are.
    """
    return compare_documents(older, newer, name_of or labels_for(older, newer).name_of, say)


# --- many records ---------------------------------------------------------------------------------------------


def labels(uids: Iterable[str]) -> Labels:
    """What records are called today, those withdrawn named as such; one query for up to 500.

    What was merged into another is called as that one is.
    """
    found, led = Labels(), dict[str, str]()
    for some in chunks(set(uids)):
        for uid, kind, key, text, card, withdrawn, merged_into in _rows(
            f"SELECT {_OF_A_LABEL} FROM book_record WHERE uid IN ({', '.join(['%s'] * len(some))})",  # noqa: S608
            some,
        ):
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
    names = _names(card)
    wanted = tuple(naming.first(names, _FIRST.get()))
    if wanted != names:
        text = naming.joined(wanted)
    return Label(uid, kind, key, text, wanted, withdrawn, card)


def _names(card: Mapping[str, Any]) -> tuple[naming.Named, ...]:
    """The names on a card; those that an old version kept have neither parties nor forms of their own."""
    parts = card.get("parts", [])
    parties, own = card.get("parties") or [[]] * len(parts), card.get("own") or [[]] * len(parts)
    return tuple(
        naming.Named(text, language, tuple(users), tuple((word, tag) for word, tag in written))
        for (text, language), users, written in zip(parts, parties, own, strict=True)
    )


def labels_for(*given: Document) -> Labels:
    """The labels of all that documents refer to, and of their own records."""
    wanted = {document["uid"] for document in given}
    for document in given:
        wanted.update(uid for _, uid in references(document))
    return labels(wanted)


def referring(
    uids: Iterable[str], *roles: str, kinds: Iterable[str] | None = None, most: int | None = None
) -> list[Document]:
    """The current documents that refer to one of these records in one of these roles, in the order of their keys.

    Where there may be thousands, `most` says how many are read.
    """
    sources: set[str] = set()
    for some in chunks(set(uids)):
        rows = Reference.objects.filter(target__in=some, role__in=roles).values_list("source", flat=True)
        # In the order of the index, so that no more are looked at.
        sources.update(rows if most is None else rows.order_by("target", "role", "source")[:most])
    wanted = set(kinds) if kinds is not None else None
    found = [d for d in documents(sources).values() if wanted is None or d["kind"] in wanted]
    return sorted(found, key=lambda document: document["key"])


def number_referring(uids: Iterable[str], role: str, at_most: int) -> int:
    """How many records refer to one of these in a role; they are counted no further than `at_most`."""
    rows = Reference.objects.filter(target__in=set(uids), role=role).values("source")
    return rows.distinct()[:at_most].count()


def referred(uids: Iterable[str], role: str) -> list[tuple[str, str]]:
    """What these records refer to in a role: pairs of uids, from and to."""
    found: list[tuple[str, str]] = []
    for some in chunks(set(uids)):
        rows = Reference.objects.filter(source__in=some, role=role).order_by("source", "target")
        found += rows.values_list("source", "target")
    return found


def referrers(uid: str, *roles: str) -> list[tuple[str, str]]:
    """What published records refer to this one in these roles: pairs of role and uid."""
    rows = Reference.objects.filter(target=uid, role__in=roles).order_by("role", "source")
    return list(rows.values_list("role", "source"))


def desk() -> Document:
    """The desk's current texts; empty where none are published yet."""
    return _only("desk") or {}


def naming_policy() -> Document | None:
    return _only("naming-policy")


def _only(kind: str) -> Document | None:
    found = _rows(
        "SELECT v.document FROM book_record r JOIN book_version v ON v.id = r.version_id "
        "WHERE r.kind = %s AND r.withdrawn_in_id IS NULL LIMIT 1",
        [kind],
    )
    return json.loads(found[0][0]) if found else None


def _rows(sql: str, given: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Plain values: a page asks for dozens, and Django takes longer to spell a question than the database to answer."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def uses_names(agent: str) -> bool:
    """Whether this is a published agent that a published place names as a user of one of its names."""
    there = Record.objects.filter(uid=agent, kind="agent", withdrawn_in=None)
    return there.exists() and Reference.objects.filter(target=agent, role="name-used-by").exists()


@dataclass(frozen=True)
class LastRelease:
    """The number of the last release, and the second it was made in; None where that second says too little.

    It does where there is no release, or where the one before it was made in the same second: who saw the book in
    that second may have seen either.
    """

    number: int = 0
    at: datetime | None = None
    #: When it was made, exactly.
    moment: datetime | None = None


def last_release() -> LastRelease:
    """In one query: as long as its number stays, every public page stays."""
    newest = [
        (number, _moment(at))
        for number, at in _rows("SELECT number, at FROM book_release ORDER BY number DESC LIMIT 2")
    ]
    if not newest:
        return LastRelease()
    number, moment = newest[0]
    at = moment.replace(microsecond=0)
    told = len(newest) == 1 or newest[1][1] < at
    return LastRelease(number, at if told else None, moment)


def _moment(value: datetime) -> datetime:
    """A time as the database's own driver gives it: SQLite's are in UTC and do not say so."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def release_number() -> int:
    """The number of the last release: as long as it stays, every public page stays."""
    return Release.objects.aggregate(last=Max("number"))["last"] or 0


def source_texts(uid: str) -> list[SourceText]:
    """The captured texts of a source that readers may see whole, the newest first."""
    return list(SourceText.objects.filter(source=uid).order_by("-captured_at"))


# --- lists ----------------------------------------------------------------------------------------------------


def claims() -> ClaimEntryQuerySet:
    """Published claims in the order of the dates they are about."""
    return ClaimEntry.objects.select_related("record").order_by("sort_date", "record")


def sources() -> EntryQuerySet:
    """Published sources, the newest first; those without a date last."""
    return SourceEntry.objects.select_related("record").order_by("-issued", "record")


def places() -> EntryQuerySet:
    return PlaceEntry.objects.select_related("record").order_by("sort_label", "record")


def events() -> EntryQuerySet:
    return EventEntry.objects.select_related("record").order_by("when", "record")


def rebuttals() -> EntryQuerySet:
    """Published rebuttals, the newest first."""
    return RebuttalEntry.objects.select_related("record").order_by("-received", "record")


def corrections() -> EntryQuerySet:
    """The ledger, the newest entry first."""
    return CorrectionEntry.objects.select_related("record").order_by("-number")
