"""Reading the book: plain documents, by address. The public side's only door; it knows nothing of the desk.

A current page shows what other records are called today; an old version shows what they were called then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Max

from kb.analysis import naming
from kb.book import asking, standing
from kb.book.comparing import Change, NameOf, Say
from kb.book.comparing import compare as compare_documents
from kb.book.index import documents
from kb.book.kinds import KINDS, Document, references
from kb.book.labels import (
    PAGES,
    Label,
    Labels,
    address,
    label,
    label_from,
    labels,
    names_first,
    names_on,
)
from kb.book.models import (
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
)
from kb.book.standing import Gone, Moved, NotFound, Tombstone

__all__ = [
    "PAGES",
    "Change",
    "Gone",
    "Label",
    "Labels",
    "Moved",
    "NotFound",
    "Page",
    "Tombstone",
    "VersionNote",
    "address",
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
    "named_in",
    "last_release",
    "names_first",
    "naming_policy",
    "number_referring",
    "places",
    "rebuttals",
    "referred",
    "referrers",
    "referring",
    "referring_to",
    "release_number",
    "source_texts",
    "sources",
    "uses_names",
]


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
    found = standing.at(kind, key)
    if found.merged_into:
        raise Moved(kind, standing.led_to(found.merged_into).key)
    document = json.loads(found.version.document)
    return _page(found.version, document, found.version.number, labels_for(document))


def get_correction(number: int) -> Page:
    """An entry of the ledger by its number. Raises NotFound."""
    entry = CorrectionEntry.objects.filter(number=number).select_related("record").first()
    if entry is None:
        raise NotFound
    return get("correction", entry.record.key)


def get_version(kind: str, key: str, number: int) -> Page:
    """A version as it was, with the labels of then. Raises NotFound, Moved or Gone."""
    found = standing.at(kind, key)
    version = standing.version(found.uid, number)
    if version is None:
        raise NotFound
    then = Labels(
        (uid, Label(uid, label["kind"], label["key"], label["text"], names_on(label)))
        for uid, label in json.loads(version.labels).items()
    )
    document = json.loads(version.document)
    if kind == "place" and found.uid not in then:
        # Published before places kept what they were called themselves.
        names = naming.named(found.uid, document["names"], None)
        then[found.uid] = Label(found.uid, kind, document["key"], KINDS[kind].label(document), tuple(names))
    page = _page(version, document, found.version.number, then)
    if not found.merged_into:
        return page
    return replace(page, merged_into=label(standing.led_to(found.merged_into)))


def _page(version: standing.Kept, document: Document, current: int, labels: Labels) -> Page:
    return Page(
        document,
        version.number,
        version.released_at,
        version.why,
        version.release,
        current,
        labels,
        sha256=version.sha256,
        redacted=version.redacted,
    )


_HISTORY = """
SELECT v.number, made.at, made.why, made.number
FROM book_version v JOIN book_release made ON made.number = v.release_id
WHERE v.uid = %s ORDER BY v.number DESC
"""


def history(uid: str) -> list[VersionNote]:
    """The published versions of a record, the newest first."""
    return [
        VersionNote(number, asking.moment(at), why, release)
        for number, at, why, release in asking.rows(_HISTORY, [uid])
    ]


def compare(
    older: Document, newer: Document, name_of: NameOf | None = None, say: Say | None = None
) -> list[Change]:
    """What differs between two documents; records are named as today unless `name_of` says otherwise.

    `say` has the words for codes, which otherwise stand as they are.
    """
    return compare_documents(older, newer, name_of or labels_for(older, newer).name_of, say)


# --- many records ---------------------------------------------------------------------------------------------


def named_in(*given: Document) -> set[str]:
    """The uids of all that documents refer to, and of their own records."""
    wanted = {document["uid"] for document in given}
    for document in given:
        wanted.update(uid for _, uid in references(document))
    return wanted


def labels_for(*given: Document) -> Labels:
    """The labels of all that documents refer to, and of their own records."""
    return labels(named_in(*given))


_REFERRING = "SELECT source FROM book_reference WHERE target IN {{some}} AND role IN ({roles})"
#: In the order of the index, so that no more are looked at.
_FIRST_REFERRING = f"{_REFERRING} ORDER BY target, role, source LIMIT %s"


def referring_to(uids: Iterable[str], *roles: str, most: int | None = None) -> list[str]:
    """The uids of the published records that refer to one of these in one of these roles.

    Where there may be thousands, `most` says how many are read.
    """
    question, bound = (_REFERRING, ()) if most is None else (_FIRST_REFERRING, (most,))
    question = question.format(roles=", ".join(["%s"] * len(roles)))
    found = asking.rows_of(question, set(uids), *roles, *bound)
    return list(dict.fromkeys(source for (source,) in found))


def referring(
    uids: Iterable[str], *roles: str, kinds: Iterable[str] | None = None, most: int | None = None
) -> list[Document]:
    """The same as their current documents, those of these kinds, in the order of their keys."""
    wanted = set(kinds) if kinds is not None else None
    sources = referring_to(uids, *roles, most=most)
    found = [d for d in documents(sources).values() if wanted is None or d["kind"] in wanted]
    return sorted(found, key=lambda document: document["key"])


def number_referring(uids: Iterable[str], role: str, at_most: int) -> int:
    """How many records refer to one of these in a role; they are counted no further than `at_most`."""
    rows = Reference.objects.filter(target__in=set(uids), role=role).values("source")
    return rows.distinct()[:at_most].count()


_REFERRED = "SELECT source, target FROM book_reference WHERE source IN {some} AND role = %s"


def referred(uids: Iterable[str], role: str) -> list[tuple[str, str]]:
    """What these records refer to in a role: pairs of uids, from and to."""
    return sorted((source, target) for source, target in asking.rows_of(_REFERRED, set(uids), role))


def referrers(uid: str, *roles: str) -> list[tuple[str, str]]:
    """What published records refer to this one in these roles: pairs of role and uid."""
    rows = Reference.objects.filter(target=uid, role__in=roles).order_by("role", "source")
    return list(rows.values_list("role", "source"))


def desk() -> Document:
    """The desk's current texts; empty where none are published yet."""
    return _only("desk") or {}


def naming_policy() -> Document | None:
    return _only("naming-policy")


_ONLY = """
SELECT book_version.document FROM book_record
JOIN book_version ON book_version.id = book_record.version_id
WHERE book_record.kind = %s AND book_record.withdrawn_in_id IS NULL
"""


def _only(kind: str) -> Document | None:
    """Of a kind of which there is one."""
    rows = asking.rows(_ONLY, [kind])
    return json.loads(rows[0][0]) if rows else None


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


_NEWEST_RELEASES = "SELECT number, at FROM book_release ORDER BY number DESC LIMIT 2"


def last_release() -> LastRelease:
    """In one query: as long as its number stays, every public page stays."""
    newest = [(number, asking.moment(at)) for number, at in asking.rows(_NEWEST_RELEASES)]
    if not newest:
        return LastRelease()
    number, moment = newest[0]
    at = moment.replace(microsecond=0)
    told = len(newest) == 1 or newest[1][1] < at
    return LastRelease(number, at if told else None, moment)


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
