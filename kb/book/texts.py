"""The captured texts that readers may see whole: copies, made by a release, of snapshots whose rights allow it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kb.book.asking import chunks
from kb.book.index import WRITE_CHUNK
from kb.book.kinds import Document
from kb.book.models import SourceText
from sources.models import Rights, Snapshot


def open_texts(sources: Iterable[str]) -> None:
    """Let readers see those texts of these sources (uids) whose rights allow it today, and no others."""
    for some in chunks(sources):
        SourceText.objects.filter(source__in=some).delete()
        public = Snapshot.objects.filter(source__uid__in=some, rights=Rights.PUBLIC).select_related("source")
        copies = [_copy(row) for row in public]
        # A text may have moved here from a source that was taken for another one.
        SourceText.objects.filter(snapshot__in=[copy.snapshot for copy in copies]).delete()
        SourceText.objects.bulk_create(copies, batch_size=WRITE_CHUNK)


def reopen_texts(snapshots: Iterable[tuple[str, Document]]) -> None:
    """Make all copies again: of these snapshots, whatever their rights have become since.

    Each is given with its source (uid) as documents have them: the desk may have moved it meanwhile, or have kept the
    same text by another name, but readers see it where it was published.
    """
    SourceText.objects.all().delete()
    for some in chunks(snapshots):
        texts = _texts([row for _, row in some])
        copies = [
            SourceText(
                snapshot=row["uid"],
                source=source,
                text=texts[row["sha256"]],
                extent=row["extent"],
                sha256=row["sha256"],
                captured_at=datetime.fromisoformat(row["captured_at"]),
            )
            for source, row in some
            if row["sha256"] in texts
        ]
        SourceText.objects.bulk_create(copies, batch_size=WRITE_CHUNK)


def _texts(given: list[Document]) -> dict[str, str]:
    """The texts of snapshots by their SHA-256. They are found by uid, since that has an index."""
    found = dict(Snapshot.objects.filter(uid__in=[row["uid"] for row in given]).values_list("sha256", "text"))
    missing = [row["sha256"] for row in given if row["sha256"] not in found]
    if missing:
        found.update(Snapshot.objects.filter(sha256__in=missing).values_list("sha256", "text"))
    return found


def _copy(row: Snapshot) -> SourceText:
    return SourceText(
        snapshot=row.uid,
        source=row.source.uid,
        text=row.text,
        extent=row.extent,
        sha256=row.sha256,
        captured_at=row.captured_at,
    )
