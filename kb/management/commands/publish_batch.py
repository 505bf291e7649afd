"""Publish, or hand in for review, all that an import brought."""

from __future__ import annotations

import sys
from typing import Any, TextIO

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb import workflow
from kb.book import jobs
from kb.book.models import JobState, PublishingJob
from kb.models import ImportBatch

SOME_LEFT = 1
REFUSED = 2
BAR = 30


class Command(BaseCommand):
    help = (
        "Publish the records that an import created or changed, in releases that each keep others from writing for "
        "less than a second. It can be broken off and gone on with. The exit status is 0 where all was published, "
        "1 where some records are blocked or have changed meanwhile (they are named), 2 where nothing was done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "batch",
            metavar="BATCH",
            type=int,
            nargs="?",
            help="the number of the import; see “Import batches”",
        )
        parser.add_argument("--as", metavar="USER", dest="user", default="", help="in whose name")
        parser.add_argument(
            "--why", default="", help="the reason, which readers see in each record's history"
        )
        parser.add_argument(
            "--submit", action="store_true", help="only hand the records in for review; nothing is published"
        )
        parser.add_argument("--resume", metavar="JOB", type=int, help="go on with this publishing job")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["batch"] is None) == (options["resume"] is None):
            raise CommandError("Name an import or, with --resume, a publishing job.", returncode=REFUSED)
        try:
            if options["submit"]:
                self._submit(options)
            else:
                self._publish(options)
        except (PermissionDenied, ValidationError) as reason:
            words = reason.messages if isinstance(reason, ValidationError) else [str(reason)]
            raise CommandError(" ".join(words), returncode=REFUSED) from reason

    def _submit(self, options: dict[str, Any]) -> None:
        if options["resume"] is not None:
            raise CommandError("--submit is for an import, not for a publishing job.", returncode=REFUSED)
        bar = self._bar(options)
        moved = workflow.submit_batch(_batch(options), by=_user(options), progress=bar)
        if bar:
            bar.end()
        self.stdout.write(f"Handed in for review: {moved:,}.")

    def _publish(self, options: dict[str, Any]) -> None:
        if options["resume"] is None:
            job = jobs.plan_publishing(_batch(options), by=_user(options), why=options["why"])
        else:
            job = _found(PublishingJob, options["resume"], "publishing job")
        if options["verbosity"]:
            self.stdout.write(
                f"Publishing job {job.pk}. If it is broken off: publish_batch --resume {job.pk}"
            )
        bar = self._bar(options)
        try:
            jobs.publish_many(job, progress=bar)
        finally:
            if bar:
                bar.end()
        self._tell(job)

    def _tell(self, job: PublishingJob) -> None:
        counted = jobs.counts(job)
        self.stdout.write(
            f"Published {counted.done:,} of {counted.total:,}; blocked {counted.blocked:,}, "
            f"changed meanwhile {counted.changed:,}."
        )
        left = job.records.exclude(state=JobState.DONE).order_by("position")
        for row in left.iterator():
            self.stdout.write(f"  {row.kind} {row.uid}: {row.message}")
        if counted.done < counted.total:
            sys.exit(SOME_LEFT)

    def _bar(self, options: dict[str, Any]) -> ProgressBar | None:
        return ProgressBar(sys.stderr) if sys.stderr.isatty() and options["verbosity"] else None


def _batch(options: dict[str, Any]) -> ImportBatch:
    return _found(ImportBatch, options["batch"], "import")


def _found(model: Any, pk: int, noun: str) -> Any:
    row = model.objects.filter(pk=pk).first() if 0 < pk < 2**63 else None
    if row is None:
        raise CommandError(f"There is no {noun} {pk}.", returncode=REFUSED)
    return row


def _user(options: dict[str, Any]) -> User:
    name = options["user"]
    if not name:
        raise CommandError("Say in whose name: --as USER.", returncode=REFUSED)
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active account “{name}”.", returncode=REFUSED)
    return user


class ProgressBar:
    """One line on a terminal that is written over and over."""

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal

    def __call__(self, done: int, total: int) -> None:
        filled = BAR * done // total if total else BAR
        line = f"\r[{'#' * filled:<{BAR}}] {done:,} of {total:,}"
        self.terminal.write(f"{line:<78}")
        self.terminal.flush()

    def end(self) -> None:
        """Leave the line as it was found."""
        self.terminal.write(f"\r{'':<78}\r")
        self.terminal.flush()
