"""The private folder of an import: what was brought, the plan, what is shown of it. No editor’s file name is a path."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from kb.models import ImportJob
from kb.models.importing import JobState

#: How long an import waits for its editor, from their last step.
KEPT = timedelta(hours=48)
#: How many imports an editor can have under way: more fill the disk.
AT_ONCE = 20
BLOCK = 1024 * 1024


class Gone(Exception):
    """What an import needs is not there, or is not what it was; the message is for the editor."""


def folder(job: ImportJob) -> Path:
    """The import's own folder, which nobody but the site can read."""
    root = settings.DATA_DIR / "imports"
    root.mkdir(mode=0o700, exist_ok=True)
    own = root / job.token
    own.mkdir(mode=0o700, exist_ok=True)
    return own


def shown_name(name: str) -> str:
    """What a file is called on pages: its name as it was brought, without folders and what cannot be shown."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return (
        "".join(letter for letter in bare if letter.isprintable())[-120:].strip() or "a file without a name"
    )


def keep(job: ImportJob, uploads: Iterable[UploadedFile]) -> None:
    """Write uploads into the import's folder, under numbers."""
    own = folder(job)
    files = []
    for number, upload in enumerate(uploads):
        digest = hashlib.sha256()
        with open(os.open(own / f"file-{number}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
            for chunk in upload.chunks():
                digest.update(chunk)
                kept.write(chunk)
        files.append(
            {"name": shown_name(upload.name or ""), "sha256": digest.hexdigest(), "size": upload.size}
        )
    job.files = files


def path(job: ImportJob, number: int) -> Path:
    """Where a file of the import lies. Raises Gone."""
    found = folder(job) / f"file-{number}"
    if not found.is_file():
        raise Gone("The file is no longer kept here. Bring it again.")
    return found


def check(job: ImportJob) -> None:
    """Raise Gone where a file is not the one that was brought."""
    for number, file in enumerate(job.files):
        with path(job, number).open("rb") as kept:
            if hashlib.file_digest(kept, "sha256").hexdigest() != file["sha256"]:
                raise Gone(f"“{file['name']}” is not the file that you brought any more. Bring it again.")


def write(target: Path, data: bytes) -> None:
    """Put a private file in its place, whole or not at all."""
    draft = target.with_name(f"{target.name}.draft")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(data)
    os.replace(draft, target)


def expired(job: ImportJob) -> bool:
    return job.expires_at <= timezone.now()


def throw_away(job: ImportJob) -> None:
    """Delete the import's folder."""
    shutil.rmtree(settings.DATA_DIR / "imports" / job.token, ignore_errors=True)


def forget(job: ImportJob) -> None:
    """Delete the import's folder; and the import, unless it has become a batch."""
    throw_away(job)
    if job.batch_id is None:
        job.delete()


def sweep() -> None:
    """Forget what has waited too long."""
    for job in ImportJob.objects.filter(expires_at__lte=timezone.now()):
        if job.state not in (JobState.PLANNING, JobState.APPLYING, JobState.UNDOING):
            forget(job)
