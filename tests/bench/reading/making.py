"""Writing a world as releases do: versions in bulk, and the index by the code that keeps it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction

from kb.book import chain, index, writing
from kb.book.models import Release, SourceText
from kb.editorial import triggers
from kb.editorial.fields import canonical_json
from kb.seeding import seed
from tests.bench.reading import documents
from tests.bench.reading.world import ORDER, World, uid

#: Records of one release.
CHUNK = 2_000
FIRST = datetime(2026, 3, 1, 8, tzinfo=UTC)
COMPLETE = "The last of a book that was made to be measured."

Document = dict[str, Any]


def state() -> str:
    """What a database holds: `empty`, `complete` or `other`."""
    if not Release.objects.exists():
        return "empty"
    last = Release.objects.order_by("-number").first()
    return "complete" if last and last.why == COMPLETE else "other"


def empty() -> None:
    """Take away whatever the database holds, published records included."""
    triggers.lift(connection)
    call_command("flush", interactive=False, verbosity=0)  # puts the rules back, as `migrate` does
    seed()


def make(world: World, tell: Callable[[str], None] = lambda line: None) -> None:
    """Write all of a world into an empty book."""
    by = User.objects.get_or_create(username="measurer")[0]
    number, before = 0, ""
    for kind in ORDER:
        count = world.counts[kind]
        for at in range(0, count, CHUNK):
            given = [documents.document(world, kind, n) for n in range(at, min(at + CHUNK, count))]
            if kind == "correction":
                before = _seal(given, before)
            number += 1
            with transaction.atomic():
                _publish(given, number, by)
                if kind == "source":
                    _open_texts(world, range(at, min(at + CHUNK, count)))
            if number % 20 == 0 or at + CHUNK >= count:
                tell(f"{min(at + CHUNK, count):,} of {count:,} {kind} documents")
    Release.objects.create(number=number + 1, at=FIRST + timedelta(minutes=number), by=by, why=COMPLETE)


def settle() -> None:
    """Let the database count what it holds, as it does by itself in time."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def hurry() -> None:
    """Let the database write without care: a book that the machine's stopping left incomplete is made again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for setting in ("synchronous=OFF", "cache_size=-1500000", "temp_store=MEMORY"):
                cursor.execute(f"PRAGMA {setting}")
        else:
            cursor.execute("SET synchronous_commit TO off")


def _publish(given: list[Document], number: int, by: User) -> None:
    made = Release.objects.create(
        number=number, at=FIRST + timedelta(minutes=number), by=by, why="First published."
    )
    changed = [(_record(document), document, _digest(document)) for document in given]
    # As a release does it, after what it asks the desk for.
    versions = writing._new_versions(made, changed)  # type: ignore[arg-type]
    index.add(list(zip(versions, given, strict=True)))


def _record(document: Document) -> SimpleNamespace:
    return SimpleNamespace(uid=document["uid"], kind_name=document["kind"], revision=1)


def _digest(document: Document) -> str:
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def _seal(given: list[Document], before: str) -> str:
    """Chain corrections to those before them; returns the hash of the last."""
    for document in given:
        document["previous_hash"] = before
        before = document["hash"] = chain.digest(document)
    return before


def _open_texts(world: World, sources: range) -> None:
    SourceText.objects.bulk_create(list(_texts(world, sources)), batch_size=index.WRITE_CHUNK)


def _texts(world: World, sources: range) -> Iterator[SourceText]:
    for source in sources:
        text = documents.captured_text(world, source)
        if text:
            yield SourceText(
                snapshot=uid("snapshot", source),
                source=uid("source", source),
                text=text,
                extent="whole",
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                captured_at=FIRST,
            )
