"""Making the book's index again from releases and versions, and saying what was different before."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models, transaction

from kb.book import asking, index, rulings, texts
from kb.book.facet_models import Facet, Tally
from kb.book.kinds import KINDS, Document
from kb.book.locking import lock
from kb.book.models import (
    Address,
    ClaimEntry,
    CorrectionEntry,
    EventEntry,
    PlaceEntry,
    PlaceSpot,
    PlaceSquare,
    PublicRuling,
    PublicValue,
    RebuttalEntry,
    Record,
    Reference,
    Release,
    SourceEntry,
    SourceText,
    Version,
)
from kb.book.search.engine import engine
from kb.book.search.tables import SearchEntry, SearchName, SearchSlip, SearchTerm, SearchText
from kb.book.search.terms import ORDER, entry

#: The tables that are made from others, and what their rows are called; rows are deleted in the opposite order.
MADE: dict[type[models.Model], str] = {
    Record: "records",
    Address: "addresses",
    Reference: "references",
    SearchEntry: "search entries",
    SearchText: "search texts",
    SearchTerm: "search words",
    SearchSlip: "search spellings",
    SearchName: "search names",
    ClaimEntry: "list of claims",
    SourceEntry: "list of sources",
    PlaceEntry: "list of places",
    EventEntry: "list of events",
    PlaceSpot: "places on the map",
    PlaceSquare: "squares of the map",
    RebuttalEntry: "list of rebuttals",
    CorrectionEntry: "list of corrections",
    Facet: "what lists find records by",
    Tally: "counts of the lists",
    SourceText: "texts of sources",
    PublicValue: "stated values",
    PublicRuling: "rulings on conflicts",
}
#: Neither what is numbered as it comes, nor the desk's revisions: what was published without bringing anything new has
#: raised its record's revision and left no version.
LEFT_ASIDE = ("id", "position", "revision")
LONG = 1000

Rows = set[tuple[Any, ...]]


def rebuild_book() -> list[str]:
    """Make the index again, in one transaction under the book's lock. Returns what was different before, in words."""
    with transaction.atomic():
        lock()
        before = contents()
        _rebuild()
        after = contents()
    found = []
    for table, rows in after.items():
        too_many, missing = len(before[table] - rows), len(rows - before[table])
        if too_many or missing:
            found.append(f"{table}: {too_many} wrong or too many, {missing} wrong or missing")
    return found


def rebuild_search(progress: Callable[[int, int], None] | None = None) -> int:
    """Make the search index again from what is published, some records at a time, so that the desk can go on.

    `progress` is told how many are done, of how many. Returns how many there are.
    """
    with transaction.atomic():
        lock()
        engine().clear()
    rows = Record.objects.filter(withdrawn_in=None, kind__in=ORDER).order_by("version")
    uids = list(rows.values_list("uid", flat=True))
    for at in range(0, len(uids), asking.CHUNK):
        with transaction.atomic():
            lock()
            given = index.documents(uids[at : at + asking.CHUNK])
            engine().index([entry(document) for document in given.values()])
        if progress is not None:
            progress(min(at + asking.CHUNK, len(uids)), len(uids))
    return len(uids)


def search_is_behind() -> bool:
    """Whether published records are missing in the search index: it is new, or was not restored with the rest."""
    return SearchEntry.objects.count() != Record.objects.filter(withdrawn_in=None, kind__in=ORDER).count()


def contents() -> dict[str, Rows]:
    """All the rows of the index, table by table."""
    found = {}
    for model, name in MADE.items():
        columns = [f.attname for f in model._meta.local_concrete_fields if f.attname not in LEFT_ASIDE]
        found[name] = {
            tuple(_comparable(value) for value in row)
            for row in model._base_manager.values_list(*columns).iterator()
        }
    return found


def _comparable(value: Any) -> Any:
    """A value to compare by; of the long texts of sources only the digest, so that they need not fit in memory."""
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    if isinstance(value, str) and len(value) > LONG:
        return hashlib.sha256(value.encode()).hexdigest()
    return value


def _rebuild() -> None:
    revisions = dict(Record.objects.values_list("uid", "revision"))
    engine().clear()
    for model in reversed(MADE):
        model._base_manager.all().delete()
    # Addresses come from all versions, everything else from the current ones.
    for some in _batches(Version.objects.order_by("pk")):
        index.add_addresses([version.data() for version in some])
    current = _current()
    for kind in KINDS:
        for pks in asking.chunks(current[kind]):
            index.add([(version, version.data()) for version in Version.objects.filter(pk__in=pks)])
    for release, (withdrawn, merged) in _gone().items():
        index.remove(withdrawn, release)
        index.lead_on(merged, release)
    for release in Release.objects.exclude(acts="{}").order_by("number"):
        rulings.note(json.loads(release.acts).get("rulings", []))
    _keep_revisions(revisions)
    texts.reopen_texts(_public_snapshots())


def _batches(versions: models.QuerySet[Version]) -> Iterator[list[Version]]:
    batch: list[Version] = []
    for version in versions.only("document").iterator(asking.CHUNK):
        batch.append(version)
        if len(batch) == asking.CHUNK:
            yield batch
            batch = []
    yield batch


def _current() -> dict[str, list[int]]:
    """The current versions by kind."""
    newest = {
        uid: (kind, pk)
        for uid, kind, pk in Version.objects.order_by("number").values_list("uid", "kind", "pk").iterator()
    }
    found: dict[str, list[int]] = defaultdict(list)
    for kind, pk in newest.values():
        found[kind].append(pk)
    return found


def _gone() -> dict[Release, tuple[list[str], dict[str, str]]]:
    """The records that are withdrawn today, and those that lead to others, by the release that did it."""
    last = dict(Version.objects.order_by("number").values_list("uid", "release"))
    found: dict[str, tuple[Release, str]] = {}
    for release in Release.objects.exclude(acts="{}").order_by("number"):
        acts = json.loads(release.acts)
        for uid, kept in [*((uid, "") for uid in acts.get("withdrawn", [])), *acts.get("merged", {}).items()]:
            if last[uid] < release.number:
                found[uid] = (release, kept)
    grouped: dict[Release, tuple[list[str], dict[str, str]]] = defaultdict(lambda: ([], {}))
    for uid, (release, kept) in found.items():
        if kept:
            grouped[release][1][uid] = kept
        else:
            grouped[release][0].append(uid)
    return grouped


def _keep_revisions(known: dict[str, int]) -> None:
    """Which edits brought nothing new for readers is written nowhere else."""
    behind = [row for row in Record.objects.only("uid", "revision") if known.get(row.uid, 0) > row.revision]
    for row in behind:
        row.revision = known[row.uid]
    Record.objects.bulk_update(behind, ["revision"], batch_size=index.WRITE_CHUNK)


def _public_snapshots() -> list[tuple[str, Document]]:
    """Those that the current versions of published sources call public, each with its source."""
    uids = Record.objects.filter(kind="source", withdrawn_in=None).values_list("uid", flat=True)
    return [
        (document["uid"], row)
        for some in asking.chunks(uids)
        for document in index.documents(some).values()
        for row in document["snapshots"]
        if row["rights"] == "public"
    ]
