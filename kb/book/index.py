"""The book's index: records, addresses, references, words, list entries and values, made from documents alone.

`add` and `remove` keep it as releases go by; `kb.book.rebuilding` makes it again from releases and versions. What one
record's entry takes from another (a claim's date from its event, its marks from its rebuttals, a place's label from the
naming policy) is set again for all that refer to what changed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection, models

from kb.analysis import naming
from kb.book import asking, event_topics, facets, spots, stated
from kb.book.asking import chunks
from kb.book.kinds import KINDS, Document, references
from kb.book.models import (
    NO_DATE,
    Address,
    ClaimEntry,
    CorrectionEntry,
    Entry,
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
from kb.book.search.engine import engine
from kb.book.search.terms import entry as search_entry
from kb.editorial.dates import DateError, DateSpan
from kb.editorial.folding import fold

OPEN = ("received", "under-review")
UPHELD = ("accepted", "partly-accepted")
#: Sources are listed from the newest, so what has no date sorts before all dates.
UNDATED_SOURCE = -NO_DATE
WRITE_CHUNK = 200
#: What a claim's entry takes from other records.
MARKS = ("stale", "challenged", "corrected", "sort_date")
#: What fits into `Record.label`.
LABEL = 1000

T = TypeVar("T")


def add(released: Sequence[tuple[Version, Document]]) -> None:
    """Index the versions as the current ones of their records."""
    if not released:
        return
    given = [document for _, document in released]
    # A rebuttal may have been of another claim before, which then is no longer challenged.
    touched = _claims_touched_by(given) | _claims_rebutted_by(given)
    moved = _moved_places(given)
    regrouped = event_topics.regrouped(given)
    _add_records(released, current_policy())
    add_addresses(given)
    _add_references(given)
    engine().index([search_entry(document) for document in given])
    _add_entries(given)
    stated.follow(given)
    spots.follow(given)
    if any(document["kind"] == "naming-policy" for document in given):
        relabel_places()
    mark_claims(touched, {document["uid"]: document for document in given})
    listed = {document["uid"] for document in given if document["kind"] in ENTRIES}
    facets.follow(listed | touched | regrouped | facets.about_parts_of(moved))


def remove(uids: Sequence[str], release: Release) -> None:
    """Note the records as withdrawn; only their addresses and the bare fact remain."""
    leaving = documents(uids).values()
    touched = _claims_touched_by(leaving) - set(uids)
    policy_leaves = any(document["kind"] == "naming-policy" for document in leaving)
    within = facets.about_parts_of(document["uid"] for document in leaving if document["kind"] == "place")
    regrouped = event_topics.left_by(uids)
    for some in chunks(uids):
        for kind in Record.objects.filter(uid__in=some).values_list("kind", flat=True).distinct():
            Record.objects.filter(uid__in=some, kind=kind).update(
                withdrawn_in=release, merged_into="", label=f"Withdrawn {kind}", card={}
            )
        Reference.objects.filter(source__in=some).delete()
        engine().remove(some)
        stated.forget(some)
        spots.forget(some)
        for entries in ENTRIES.values():
            entries.objects.filter(record__in=some).delete()
    if policy_leaves:
        relabel_places()
    mark_claims(touched)
    facets.follow({*uids, *touched, *within, *regrouped})


def lead_on(merged: Mapping[str, str], release: Release) -> None:
    """Note records (uids) as merged into others: their addresses lead there."""
    if not merged:
        return
    SourceText.objects.filter(source__in=list(merged)).delete()
    remove(list(merged), release)
    for uid, kept in merged.items():
        Record.objects.filter(uid=uid).update(merged_into=kept)


_PUBLISHED = """
SELECT here.uid, book_version.document FROM book_record here
JOIN book_version ON book_version.id = here.version_id
WHERE here.uid IN {some} AND here.withdrawn_in_id IS NULL
"""


def documents(uids: Iterable[str]) -> dict[str, Document]:
    """The current documents of published records; what is withdrawn or unknown is absent."""
    return {uid: json.loads(text) for uid, text in asking.rows_of(_PUBLISHED, uids)}


def current_policy() -> Document | None:
    text = (
        Record.objects.filter(kind="naming-policy", withdrawn_in=None)
        .values_list("version__document", flat=True)
        .first()
    )
    return json.loads(text) if text else None


def label_of(document: Document, policy: Document | None) -> tuple[str, list[naming.Named]]:
    """What a record is called, whole and in its names (only places have some)."""
    if document["kind"] == "place":
        names = naming.named(document["uid"], document["names"], policy)
        return naming.joined(names) or document["key"], names
    return KINDS[document["kind"]].label(document), []


def card_of(document: Document, policy: Document | None) -> dict[str, Any]:
    """What lists and other records' pages show of a record."""
    card = KINDS[document["kind"]].card(document)
    return {**card, **naming_card(document, policy)} if document["kind"] == "place" else card


def naming_card(document: Document, policy: Document | None) -> dict[str, Any]:
    """Of a place: its names in the label, what their parties write, whose they are, and in which letters they stand."""
    _, names = label_of(document, policy)
    return {
        "parts": [list(name.part) for name in names],
        "own": [[list(part) for part in name.own] for name in names],
        "parties": [list(name.parties) for name in names],
        "letters": naming.letters(policy),
    }


# --- records and what is made from one document alone --------------------------------------------------------


def _add_records(released: Sequence[tuple[Version, Document]], policy: Document | None) -> None:
    rows = []
    for version, document in released:
        label, _ = label_of(document, policy)
        rows.append(
            Record(
                uid=document["uid"],
                kind=document["kind"],
                key=document["key"],
                label=label[:LABEL],
                card=card_of(document, policy),
                version=version,
                withdrawn_in=None,
                merged_into="",
                revision=version.revision,
            )
        )
    upsert(
        Record, rows, "uid", ("key", "label", "card", "version", "withdrawn_in", "merged_into", "revision")
    )


def add_addresses(given: Iterable[Document]) -> None:
    rows = [Address(kind=document["kind"], key=document["key"], uid=document["uid"]) for document in given]
    Address.objects.bulk_create(rows, ignore_conflicts=True, batch_size=WRITE_CHUNK)


def _add_references(given: Sequence[Document]) -> None:
    for some in chunks(given):
        Reference.objects.filter(source__in=[document["uid"] for document in some]).delete()
        rows = [
            (document["uid"], target, role)
            for document in some
            for role, target in sorted(references(document))
        ]
        _insert(Reference, ("source", "target", "role"), rows)


def _insert(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """Insert rows of plain text. There are a dozen for each record, and to make objects of them takes longest."""
    if not rows:
        return
    by_name = {field.name: field.column for field in model._meta.local_concrete_fields}
    columns = ", ".join(f'"{by_name[name]}"' for name in names)
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})', rows)  # noqa: S608


# --- the lists' entries ---------------------------------------------------------------------------------------

ENTRIES: dict[str, type[Entry]] = {
    "claim": ClaimEntry,
    "source": SourceEntry,
    "place": PlaceEntry,
    "event": EventEntry,
    "rebuttal": RebuttalEntry,
    "correction": CorrectionEntry,
}


def _entry_values(document: Document) -> dict[str, Any]:
    """The columns of a document's entry that come from it alone."""
    kind = document["kind"]
    if kind == "claim":
        assessment = document["assessment"] or {"rating": "", "disputed": False}
        return {
            "rating": assessment["rating"],
            "disputed": assessment["disputed"],
            "claim_kind": document["claim_kind"],
            "language": document["language"],
            "stale": False,
            "challenged": False,
            "corrected": False,
            "sort_date": NO_DATE,
        }
    if kind == "source":
        standing = document["standing"]["status"]
        taken = {name: document[name] for name in ("type", "language")}
        return {**taken, "standing": standing, "issued": minute(document["issued"], none=UNDATED_SOURCE)}
    if kind == "place":
        return {"place_kind": document["place_kind"]}
    if kind == "event":
        return {"when": minute(document["when"])}
    if kind == "rebuttal":
        taken = {name: document[name] for name in ("decision", "scope", "mode")}
        return {**taken, "received": document["received_on"] or document["decided_on"] or ""}
    return {name: document[name] for name in ("number", "type")}


def minute(edtf: str, none: int = NO_DATE) -> int:
    """Where a date sorts: its first minute, else its last, else `none`."""
    try:
        span = DateSpan.parse(edtf) if edtf else None
    except DateError:  # a bulk write passes a field's checks by; one such date must not hold up a release
        span = None
    if span is None:
        return none
    first = span.earliest if span.earliest is not None else span.latest
    return none if first is None else first


def _add_entries(given: Iterable[Document]) -> None:
    by_kind: dict[str, list[Document]] = defaultdict(list)
    for document in given:
        if document["kind"] in ENTRIES:
            by_kind[document["kind"]].append(document)
    for kind, some in by_kind.items():
        values = {document["uid"]: _entry_values(document) for document in some}
        if kind == "place":
            for uid, label in _labels(values).items():
                values[uid]["sort_label"] = sort_label(label)
        _write_entries(ENTRIES[kind], values)


def _write_entries(model: type[Entry], values: Mapping[str, Mapping[str, Any]]) -> None:
    columns = [f.name for f in model._meta.local_concrete_fields if not f.primary_key]
    upsert(model, [model(record_id=uid, **given) for uid, given in values.items()], "record", columns)


def sort_label(label: str) -> str:
    """A label as a list sorts it: folded, and short enough for an index."""
    return fold(label)[:200]


def _labels(uids: Iterable[str]) -> dict[str, str]:
    return {
        uid: label
        for some in chunks(uids)
        for uid, label in Record.objects.filter(uid__in=some).values_list("uid", "label")
    }


# --- what comes from other records ----------------------------------------------------------------------------


def relabel_places() -> None:
    """Give every published place its label by the current policy."""
    policy = current_policy()
    uids = Record.objects.filter(kind="place", withdrawn_in=None).values_list("uid", flat=True)
    for some in chunks(uids):
        found = documents(some)
        records = list(Record.objects.filter(uid__in=found))
        for record in records:
            record.label = label_of(found[record.uid], policy)[0][:LABEL]
            record.card |= naming_card(found[record.uid], policy)
        Record.objects.bulk_update(records, ["label", "card"], batch_size=WRITE_CHUNK)
        entries = list(PlaceEntry.objects.filter(record__in=found).select_related("record"))
        for entry in entries:
            entry.sort_label = sort_label(entry.record.label)
        PlaceEntry.objects.bulk_update(entries, ["sort_label"], batch_size=WRITE_CHUNK)
        facets.follow(some)


def _moved_places(given: Iterable[Document]) -> list[str]:
    """The places among these that will be part of another than before. To be asked before they are written."""
    now = {document["uid"]: document["part_of"] for document in given if document["kind"] == "place"}
    before: dict[str, str] = {}
    for some in chunks(now):
        rows = Reference.objects.filter(source__in=some, role="part-of")
        before.update(rows.values_list("source", "target"))
    return [uid for uid, above in now.items() if before.get(uid) != above]


def _claims_touched_by(given: Iterable[Document]) -> set[str]:
    """The claims whose entries take something from these documents."""
    touched, dated = set(), []
    for document in given:
        if document["kind"] == "claim":
            touched.add(document["uid"])
        elif document["kind"] in ("rebuttal", "correction"):
            touched.add(document["claim"])
        elif document["kind"] in ("event", "source"):
            dated.append(document["uid"])
    for some in chunks(dated):
        rows = Reference.objects.filter(target__in=some, role__in=["event", "appearance"])
        touched.update(rows.values_list("source", flat=True))
    return touched


def _claims_rebutted_by(given: Iterable[Document]) -> set[str]:
    """The claims that the current versions of these rebuttals are of."""
    found: set[str] = set()
    for some in chunks(document["uid"] for document in given if document["kind"] == "rebuttal"):
        rows = Reference.objects.filter(source__in=some, role="rebuts")
        found.update(rows.values_list("target", flat=True))
    return found


def mark_claims(uids: Iterable[str], known: Mapping[str, Document] | None = None) -> None:
    """Set what a claim's entry takes from others: its date, and whether it is challenged, corrected or stale.

    `known` are current documents that need not be read again.
    """
    known = known or {}
    for some in chunks(sorted(uids)):
        entries = list(ClaimEntry.objects.filter(record__in=some).select_related("record"))
        if not entries:
            continue
        there = [entry.record_id for entry in entries]
        given = {uid: known[uid] for uid in there if uid in known}
        given |= documents(uid for uid in there if uid not in known)
        around = _around(there)
        dates = _dates(given.values())
        moved, told = [], []
        for entry in entries:
            before, card = _marks(entry), entry.record.card
            _mark(entry, given[entry.record_id], around[entry.record_id], dates)
            if _marks(entry) != before:
                moved.append(entry)
            if entry.record.card != card:
                told.append(entry.record)
        # Upserts of rows that are there: Django spells an update of many rows a value at a time, ten times slower.
        upsert(ClaimEntry, moved, "record", MARKS)
        upsert(Record, told, "uid", ("card",))


def _marks(entry: ClaimEntry) -> tuple[Any, ...]:
    return tuple(getattr(entry, name) for name in MARKS)


def upsert(model: type[models.Model], rows: Sequence[Any], unique: str, columns: Sequence[str]) -> None:
    """Insert rows, or where one with that value of `unique` is there, write the columns named."""
    if not rows:
        return
    # As `bulk_create` does it, which spells each statement anew; that takes longer than to carry it out.
    fields = [f for f in model._meta.local_concrete_fields if not (f.primary_key and rows[0].pk is None)]
    column = {field.name: f'"{field.column}"' for field in fields}
    names, marks = ", ".join(column.values()), ", ".join(["%s"] * len(fields))
    written = ", ".join(f"{column[name]} = EXCLUDED.{column[name]}" for name in columns)
    statement = (
        f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks}) '  # noqa: S608 - names of our own
        f"ON CONFLICT ({column[unique]}) DO UPDATE SET {written}"
    )
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _mark(entry: ClaimEntry, document: Document, around: list[Record], dates: Mapping[str, int]) -> None:
    rebuttals = [
        record.card for record in around if record.kind == "rebuttal" and not record.card.get("replies_to")
    ]
    assessed_at = (document["assessment"] or {}).get("assessed_at")
    entry.challenged = any(card["decision"] in OPEN for card in rebuttals)
    entry.corrected = any(record.kind == "correction" for record in around)
    upheld_since = any(
        card["decision"] in UPHELD and card["decided_at"] > assessed_at for card in rebuttals if assessed_at
    )
    entry.stale = document["stale"] is not None or upheld_since
    about = [dates[uid] for uid in document["events"] if dates.get(uid, NO_DATE) != NO_DATE]
    said_in = [
        date
        for row in document["appearances"]
        if (date := dates.get(row["source"], UNDATED_SOURCE)) > UNDATED_SOURCE
    ]
    entry.sort_date = min(about or said_in, default=NO_DATE)
    marks = {"stale": entry.stale, "challenged": entry.challenged, "corrected": entry.corrected}
    entry.record.card = {**entry.record.card, **marks}


def _around(uids: Sequence[str]) -> dict[str, list[Record]]:
    """The published rebuttals and corrections of claims."""
    pairs = list(
        Reference.objects.filter(target__in=uids, role__in=["rebuts", "corrects"]).values_list(
            "target", "source"
        )
    )
    records = Record.objects.filter(withdrawn_in=None).in_bulk([source for _, source in pairs])
    found: dict[str, list[Record]] = defaultdict(list)
    for target, source in sorted(pairs):
        if source in records:
            found[target].append(records[source])
    return found


def _dates(given: Iterable[Document]) -> dict[str, int]:
    """Where the events and sources that claims refer to sort."""
    events: set[str] = set()
    sources: set[str] = set()
    for document in given:
        events.update(document["events"])
        sources.update(row["source"] for row in document["appearances"])
    dates: dict[str, int] = {}
    for model, column, uids in ((EventEntry, "when", events), (SourceEntry, "issued", sources)):
        for some in chunks(uids):
            dates.update(model.objects.filter(record__in=some).values_list("record_id", column))
    return dates
