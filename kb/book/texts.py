"""The captured texts that readers may see whole: copies, made by a release, of snapshots whose rights allow it."""

from __future__ import annotations

from collections.abc import Iterable

from kb.book.index import WRITE_CHUNK, chunks
from kb.book.models import SourceText
from sources.models import Rights, Snapshot


def open_texts(sources: Iterable[str]) -> None:
    """Let readers see those texts of these sources (uids) whose rights allow it today, and no others."""
    for some in chunks(sources):
        SourceText.objects.filter(source__in=some).delete()
        public = Snapshot.objects.filter(source__uid__in=some, rights=Rights.PUBLIC).select_related("source")
        SourceText.objects.bulk_create([_copy(row) for row in public], batch_size=WRITE_CHUNK)


def reopen_texts(snapshots: Iterable[str]) -> None:
    """Make all copies again: of these snapshots (uids), whatever their rights have become since."""
    SourceText.objects.all().delete()
    for some in chunks(snapshots):
        rows = Snapshot.objects.filter(uid__in=some).select_related("source")
        SourceText.objects.bulk_create([_copy(row) for row in rows], batch_size=WRITE_CHUNK)


def _copy(row: Snapshot) -> SourceText:
    return SourceText(
        snapshot=row.uid,
        source=row.source.uid,
        text=row.text,
        extent=row.extent,
        sha256=row.sha256,
        captured_at=row.captured_at,
    )
