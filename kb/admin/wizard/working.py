"""Planning and applying an import: at once where it is small, else in `manage.py worker`.

An import is taken up by a change of its state that only one can make, and what it writes stands together with the
change that ends it: however often it is asked for, and wherever it is killed, it is applied once.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kb.admin.wizard import files, reading
from kb.admin.wizard.choosing import choices_of
from kb.admin.wizard.previewing import summary_of, write_pages
from kb.models import ImportBatch, ImportJob
from kb.models.importing import JobState
from kb.spreadsheets import flow
from kb.spreadsheets.applying import Applied, NotApplied, apply
from kb.spreadsheets.choices import MappingError, sheet_named
from kb.spreadsheets.plan import Plan
from kb.spreadsheets.planning import Progress, Table
from kb.spreadsheets.reading import Unreadable, Workbook
from kb.spreadsheets.reporting import NotWritten, write_report
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.undoing import NotUndone, undo

logger = logging.getLogger(__name__)

#: Imports of more rows are worked off beside the server.
INLINE_ROWS = 2_000
#: States in which an import is the worker's.
WORKED_ON = (JobState.PLANNING, JobState.APPLYING, JobState.UNDOING)
#: An import whose worker has shown no sign of life for so long is taken up by another.
LOST = timedelta(minutes=15)
#: What the preview shows, in the import's folder.
PAGES = "preview.sqlite3"
#: Seconds between two notes of progress.
NOTED = 1.0

#: What can go wrong with a file or with the decisions about it, each with a message for the editor.
TROUBLE = (Unreadable, MappingError, files.Gone, NotApplied, NotWritten, PermissionDenied)


class Refused(Exception):
    """The import cannot be applied; the message says why, and what to do."""


def rows_of(job: ImportJob, look: dict[str, Any]) -> int:
    """How many rows would be planned."""
    decisions = job.choices["sheets"]
    return sum(sheet["rows"] for sheet in look["sheets"] if decisions[sheet["name"]]["into"])


def touch(job: ImportJob) -> None:
    job.expires_at = timezone.now() + files.KEPT


# --- planning -------------------------------------------------------------------------------------------------------


def tables_of(job: ImportJob, workbook: Workbook) -> list[Table]:
    """The sheets that are imported, mapped as was decided. Raises MappingError and Gone."""
    look = reading.looked(job)
    by_name = workbook.by_name
    found = []
    for sheet in look["sheets"]:
        decision = job.choices["sheets"][sheet["name"]]
        if decision["into"] and sheet["name"] in by_name:
            choices = choices_of(sheet, decision)
            target = sheet_named(decision["into"])
            found.append(flow.as_table(by_name[sheet["name"]], target, choices, name=sheet["name"]))
    if not found:
        raise MappingError("Every sheet is left out. Say of one at least what its rows are.")
    return found


def make_plan(job: ImportJob, *, progress: Progress | None = None) -> Plan:
    """Plan the import and keep the plan. Raises what `TROUBLE` names."""
    workbook = reading.joined(reading.read_all(job))
    tables = tables_of(job, workbook)
    plan = flow.plan_tables(
        workbook,
        tables,
        rights=Rights(job.owner),
        profile=job.choices.get("profile", ""),
        progress=progress,
    )
    keep_plan(job, plan)
    write_pages(plan, files.folder(job) / PAGES, tables)
    return plan


def keep_plan(job: ImportJob, plan: Plan) -> None:
    """Write a plan into the import's folder, and what is said of it into the import, which is not saved."""
    own = files.folder(job)
    data = pickle.dumps(plan, protocol=5)
    files.write(own / "plan", data)
    for report in own.glob("report-*.xlsx"):
        report.unlink()
    job.plan_sha256 = hashlib.sha256(data).hexdigest()
    job.summary = summary_of(plan)


def kept_plan(job: ImportJob) -> Plan:
    """The plan of an import. Raises Gone where it is not the one that was kept."""
    try:
        data = (files.folder(job) / "plan").read_bytes()
    except FileNotFoundError as reason:
        raise files.Gone(
            "The plan is no longer kept here. Go back to the columns, and preview again."
        ) from reason
    if hashlib.sha256(data).hexdigest() != job.plan_sha256:
        raise files.Gone("The plan is not as it was kept. Go back to the columns, and preview again.")
    plan: Plan = pickle.loads(data)  # noqa: S301 - our own: its hash is in the database
    return plan


# --- applying -------------------------------------------------------------------------------------------------------


def apply_plan(job: ImportJob, *, expected: str, progress: Progress | None = None) -> Applied:
    """Apply the plan as `job.keep_good` says; the import must be in the state `expected`, and leaves it.

    Raises Refused where it was applied meanwhile or planned anew, and what `TROUBLE` names; then nothing was written.
    """
    files.check(job)
    plan = kept_plan(job)

    def confirm(batch: ImportBatch) -> None:
        """That the import is applied is written together with what it writes: so it is applied once."""
        now = _unchanged(job, expected)
        job.state, job.batch, job.message = JobState.DONE, batch, ""
        touch(job)
        now.state, now.batch, now.message, now.expires_at = job.state, batch, "", job.expires_at
        now.save(update_fields=["state", "batch", "message", "expires_at"])

    try:
        applied = apply(
            plan, rights=Rights(job.owner), keep_good=job.keep_good, confirm=confirm, progress=progress
        )
    except Exception:
        job.state, job.batch = expected, None
        raise
    if applied.batch is None:
        with transaction.atomic():
            _unchanged(job, expected)
            job.state, job.message = JobState.PLANNED, _why_not(applied)
            touch(job)
            job.save()
    # With what was found to have changed meanwhile.
    keep_plan(job, plan)
    job.save()
    if applied.batch is None:
        tables = tables_of(job, reading.joined(reading.read_all(job)))
        write_pages(plan, files.folder(job) / PAGES, tables)
    return applied


def _unchanged(job: ImportJob, expected: str) -> ImportJob:
    """The import as it is in the database, locked. Raises Refused where others were faster."""
    now = ImportJob.objects.select_for_update().get(pk=job.pk)
    if now.state == JobState.DONE:
        raise Refused("This was applied already. It is not applied twice.")
    if now.state != expected or now.plan_sha256 != job.plan_sha256:
        raise Refused("This was planned anew meanwhile. Look at the new preview first.")
    return now


def _why_not(applied: Applied) -> str:
    if not applied.problems:
        return "There was nothing to write: every row is in the database as it is in the file."
    named = "; ".join(f"{p.sheet}!{p.cell}: {p.message}" for p in applied.problems[-3:])
    return f"Nothing was applied, since rows are refused. The last of them: {named}"


# --- taking back ----------------------------------------------------------------------------------------------------


def queue_undo(batch: ImportBatch, by: User) -> ImportJob:
    """Leave taking a batch back to the worker, in this person's name; where it waits already, that."""
    waiting = ImportJob.objects.filter(batch=batch, state=JobState.UNDOING).first()
    if waiting is not None:
        return waiting
    file = {"name": batch.file_name, "sha256": batch.file_sha256, "size": 0}
    job = ImportJob(owner=by, batch=batch, files=[file])
    queue(job, JobState.UNDOING)
    return job


def take_back(job: ImportJob) -> None:
    """Take the batch of a job back, and keep in its summary what came of it."""
    if job.batch is None:
        raise Refused("The import is not there any more.")
    done = undo(job.batch, rights=Rights(job.owner))
    job.summary = {
        "deleted": done.deleted,
        "restored": done.restored,
        "remade": done.remade,
        "refused": len(done.refused),
    }
    job.state, job.message = JobState.DONE, ""
    touch(job)
    job.save()


# --- reports --------------------------------------------------------------------------------------------------------


def report(job: ImportJob, *, refused_only: bool) -> Path:
    """The editor's file back with what is refused marked. Raises what `TROUBLE` names."""
    target = files.folder(job) / f"report-{'refused' if refused_only else 'all'}.xlsx"
    if not target.is_file():
        write_report(target, reading.joined(reading.read_all(job)), kept_plan(job), refused_only=refused_only)
    return target


# --- the queue ------------------------------------------------------------------------------------------------------


def queue(job: ImportJob, state: str) -> None:
    """Leave an import to the worker."""
    job.state, job.message, job.queued_at, job.taken_at = state, "", timezone.now(), None
    job.rows_done = job.rows_all = 0
    touch(job)
    job.save()


def take() -> ImportJob | None:
    """The import that has waited longest, now this worker's own; None where none waits."""
    lost = timezone.now() - LOST
    free = Q(taken_at__isnull=True) | Q(taken_at__lt=lost)
    waiting = ImportJob.objects.filter(free, state__in=WORKED_ON)
    for job in waiting.select_related("owner").order_by("queued_at")[:10]:
        now = timezone.now()
        if ImportJob.objects.filter(free, pk=job.pk, state=job.state).update(taken_at=now):
            job.taken_at = now
            return job
    return None


def work(job: ImportJob) -> None:
    """Plan, apply or take back an import that was taken. What goes wrong is kept for the editor to read."""
    before = {JobState.PLANNING: JobState.MAPPING, JobState.APPLYING: JobState.PLANNED}.get(
        JobState(job.state), JobState.DONE
    )
    try:
        if job.state == JobState.PLANNING:
            make_plan(job, progress=_Notes(job))
            job.state, job.message = JobState.PLANNED, ""
            touch(job)
            job.save()
            for refused_only in (True, False) if job.summary["counts"]["refused"] else ():
                report(job, refused_only=refused_only)
        elif job.state == JobState.UNDOING:
            take_back(job)
        else:
            apply_plan(job, expected=JobState.APPLYING, progress=_Notes(job))
    except (*TROUBLE, Refused, NotUndone) as reason:
        _give_back(job, before, str(reason))
    except Exception:
        logger.exception("The import %s of %s was given up", job.token, job.names)
        _give_back(job, before, "Something broke here while this was worked on. It is our fault, not the file’s. "
                   "Nothing was applied; whoever runs the site finds the cause in the logs.")  # fmt: skip


def _give_back(job: ImportJob, state: str, message: str) -> None:
    ImportJob.objects.filter(pk=job.pk, state__in=WORKED_ON).update(state=state, message=message)


class _Notes:
    """Notes progress, which is a sign of life too, once a second at most."""

    def __init__(self, job: ImportJob) -> None:
        self.job, self.last = job, 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self.last >= NOTED:
            self.last = time.monotonic()
            ImportJob.objects.filter(pk=self.job.pk).update(
                rows_done=done, rows_all=total, taken_at=timezone.now()
            )
