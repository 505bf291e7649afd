"""Publishing many records at once, after an import: planned, then carried out in releases of a bounded size.

A job is not atomic as a whole. Each of its releases is, together with the note of what became of its records, so that
a job that was killed at any moment goes on where it stood and publishes nothing twice.

Nobody waits long for it: records are read and their documents made before the lock on writing is taken, and the next
release is made as large as the last one's time allows, whatever the machine and however many there are in all.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from kb.book import second_person, writing
from kb.book.asking import chunks
from kb.book.blocking import Outlook, blockers_of
from kb.book.documents import load, model_of
from kb.book.index import upsert
from kb.book.locking import lock
from kb.book.models import JobState, PublishingJob, PublishingJobRecord
from kb.book.requirements import ORDER, in_order, obstacles
from kb.editorial.aggregate import Aggregate, Part
from kb.models import ImportBatch, ImportedRow
from kb.models.importing import RowOutcome

Progress = Callable[[int, int], None]

#: Of the time that a release may hold the lock, the part that is aimed at: the next one may cost twice as much.
AIM = 0.4
FIRST = 50
GROWTH = 4
#: So often a release is tried with its documents made outside the lock, while others publish; then inside it.
TRIES = 3
#: Rows of a plan that are written in one transaction.
PLANNED_AT_ONCE = 2_000
CHANGED = (
    "Changed since the job was planned. Look at it again and publish it by itself, or plan the rest anew."
)
DELETED = "Deleted since the job was planned."


class NotPlanned(ValidationError):
    """There is nothing that could be published so; the message says why, in words for editors."""


@dataclass
class Counts:
    """How many of a job's records are in which state."""

    waiting: int = 0
    done: int = 0
    blocked: int = 0
    changed: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.done + self.blocked + self.changed


@dataclass
class Report:
    """What one run of a job did. `longest` is the longest time in seconds for which it kept others from writing."""

    published: int = 0
    unchanged: int = 0
    releases: list[int] = field(default_factory=list)
    longest: float = 0.0


# --- planning -------------------------------------------------------------------------------------------------


def plan_publishing(records: Iterable[Aggregate] | ImportBatch, *, by: User, why: str) -> PublishingJob:
    """Note what is to be published, in which order, and what stands in the way; nothing is published yet.

    Of a batch: what it created or changed and what still is there, at its revision of now. Of records: the revisions of
    the objects given. What nobody else has handed in stands in the way, as for `kb.publishing.publish`.
    Raises PermissionDenied, or NotPlanned where there is nothing to publish or no reason is given.
    """
    writing.must_publish(by)
    if not why.strip():
        raise NotPlanned("Say why it is published. Readers see it in each record’s history.")
    batch = records if isinstance(records, ImportBatch) else None
    revisions = _of_batch(batch) if batch else _of_records(records)  # type: ignore[arg-type]
    if not any(revisions.values()):
        raise NotPlanned(
            "There is nothing to publish: none of the records that this batch created or changed is there any more."
            if batch
            else "There is nothing to publish: choose some records."
        )
    ordered = list(in_order({kind: list(found) for kind, found in revisions.items()}))
    blocked = _in_the_way(ordered, by)
    job = PublishingJob.objects.create(batch=batch, by=by, why=why.strip(), created_at=timezone.now())
    rows = [
        PublishingJobRecord(
            job=job,
            position=position,
            kind=kind,
            uid=uid,
            revision=revisions[kind][uid],
            state=JobState.BLOCKED if uid in blocked else JobState.WAITING,
            message=blocked.get(uid, ""),
        )
        for position, (kind, uid) in enumerate(ordered)
    ]
    for some in chunks(rows, PLANNED_AT_ONCE):
        PublishingJobRecord.objects.bulk_create(some)
    job.planned_at = timezone.now()
    job.save(update_fields=["planned_at"])
    return job


def _in_the_way(ordered: Sequence[tuple[str, str]], by: User) -> dict[str, str]:
    """What keeps records back, in words, by uid: a second person is missing, or something that they need."""
    alone = second_person.lacking_of(ordered, by=by)
    return alone | obstacles([found for found in ordered if found[1] not in alone])


Revisions = dict[str, dict[str, int]]


def _of_records(records: Iterable[Aggregate]) -> Revisions:
    revisions: Revisions = defaultdict(dict)
    for record in sorted(records, key=lambda record: record.key):
        revisions[record.kind_name][record.uid] = record.revision
    return revisions


def records_of(batch: ImportBatch) -> dict[str, set[str]]:
    """The uids, by kind, of the records that a batch created or changed, themselves or in their rows."""
    found: dict[str, set[str]] = defaultdict(set)
    outcomes = [RowOutcome.CREATED, RowOutcome.CHANGED]
    rows = ImportedRow.objects.filter(batch=batch, outcome__in=outcomes).exclude(uid="")
    parts: dict[str, set[str]] = defaultdict(set)
    kinds = {model_of(kind)._meta.model_name: kind for kind in ORDER}
    for name, uid in rows.order_by().values_list("kind", "uid").iterator():
        if name in ORDER or name in kinds:
            found[kinds.get(name, name)].add(uid)
        else:
            parts[name].add(uid)
    for model in apps.get_models():
        if issubclass(model, Part) and model._meta.model_name in parts:
            for kind, uid in _roots(model, parts[model._meta.model_name]):
                found[kind].add(uid)
    return found


def preview(batch: ImportBatch, most: int, *, by: User) -> tuple[dict[str, int], list[str]]:
    """How many records of each kind a batch brought, and what stands in this person's way of publishing them, in words.

    What stands in the way is looked for among `most` records at most; of more, the plan tells. Raises NotPlanned where
    the import was undone.
    """
    found = {kind: list(revisions) for kind, revisions in _of_batch(batch).items() if revisions}
    numbers = {kind: len(found[kind]) for kind in ORDER if kind in found}
    if sum(numbers.values()) > most:
        return numbers, []
    ordered = list(in_order(found))
    blocked = _in_the_way(ordered, by)
    return numbers, [blocked[uid] for _, uid in ordered if uid in blocked]


def _roots(model: type[Part], uids: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in model.part_of:
        root: Any = model._meta.get_field(name).related_model
        for some in chunks(uids):
            rows = model._base_manager.filter(uid__in=some, **{f"{name}__isnull": False})
            yield from ((root.kind_name, uid) for uid in rows.values_list(f"{name}__uid", flat=True))


def _of_batch(batch: ImportBatch) -> Revisions:
    if batch.undone_at is not None:
        raise NotPlanned("This import was undone. There is nothing to publish.")
    revisions: Revisions = {}
    for kind, uids in records_of(batch).items():
        found = [
            row
            for some in chunks(uids)
            for row in model_of(kind)._base_manager.filter(uid__in=some).values_list("key", "uid", "revision")
        ]
        revisions[kind] = {uid: revision for _, uid, revision in sorted(found)}
    return revisions


# --- carrying out ---------------------------------------------------------------------------------------------


def counts(job: PublishingJob) -> Counts:
    """In one query."""
    rows = job.records.order_by().values_list("state").annotate(models.Count("pk"))
    return Counts(**dict(rows))


def publish_many(
    job: PublishingJob,
    *,
    progress: Progress | None = None,
    chunk: int = 1000,
    seconds: float = 1.0,
    most: int | None = None,
    again: bool = True,
) -> Report:
    """Publish what waits, in the job's order; a run that was broken off is gone on with by calling this again.

    No release takes more than `chunk` records, and none keeps others from writing for `seconds`, which decides how
    many it takes. `progress` is told how many records are through and how many there are. `most` ends the run after
    so many records; `again` tries those, too, that were blocked.
    Raises PermissionDenied where whoever planned it may not publish any more, NotPlanned where planning was broken off.
    """
    if job.planned_at is None:
        raise NotPlanned("Planning of this job was broken off. Plan it again.")
    by = User.objects.get(pk=job.by_id)  # with the rights of now
    if not by.is_active:
        raise PermissionDenied("The account that planned this job is no longer active.")
    writing.must_publish(by)
    report, run = Report(), _Run(job, again)
    total, size = run.total, min(FIRST, chunk)
    through = total - run.left()
    while most is None or most > 0:
        taken, held = run.step(min(size, most or size), report)
        if not taken:
            break
        report.longest = max(report.longest, held)
        # From the time taken follows how many fit; not many more at once, since records differ.
        size = max(1, min(chunk, size * GROWTH, int(taken * AIM * seconds / max(held, 1e-6))))
        through += taken
        most = None if most is None else most - taken
        if progress:
            progress(through, total)
    _note_finish(job)
    return report


def _note_finish(job: PublishingJob) -> None:
    if not job.records.filter(state=JobState.WAITING).exists():
        job.finished_at = timezone.now()
        job.save(update_fields=["finished_at"])


class _Run:
    """One pass over a job's records, each tried once, in their order."""

    def __init__(self, job: PublishingJob, again: bool) -> None:
        self.job = job
        self.states = [JobState.WAITING, JobState.BLOCKED] if again else [JobState.WAITING]
        self.total = job.records.count()
        self.after = -1

    def left(self) -> int:
        return self.job.records.filter(state__in=self.states).count()

    def step(self, size: int, report: Report) -> tuple[int, float]:
        """Publish the next so many. Returns how many were tried, and for how long the lock was held."""
        for attempt in range(TRIES):
            rows = self._next(size)
            if not rows:
                break
            try:
                held = _publish_chunk(self.job, rows, report, inside=attempt == TRIES - 1)
            except (writing.OutOfDate, writing.RevisionConflict):
                if attempt == TRIES - 1:
                    raise
            else:
                self.after = rows[-1].position
                return len(rows), held
        return 0, 0.0

    def _next(self, size: int) -> list[PublishingJobRecord]:
        # A query for each state: of both together, the database would sort all that are left each time.
        found = [
            row
            for state in self.states
            for row in self.job.records.filter(state=state, position__gt=self.after).order_by("position")[
                :size
            ]
        ]
        return sorted(found, key=lambda row: row.position)[:size]


def _publish_chunk(
    job: PublishingJob, rows: Sequence[PublishingJobRecord], report: Report, *, inside: bool
) -> float:
    """Publish what nothing blocks of these rows, note what became of each; returns how long the lock was held.

    Records are read before the lock is taken or, `inside`, after; only the first can raise OutOfDate or
    RevisionConflict, where somebody published or edited meanwhile.
    """
    draft = None if inside else _Draft(rows, job.by)
    with transaction.atomic():
        lock()
        start = time.perf_counter()
        if draft is None:
            draft = _Draft(rows, job.by, hold=True)
        elif second_person.lacking_of(((r.kind_name, r.uid) for r in draft.outlook.records), by=job.by):
            raise writing.OutOfDate
        outcome = writing.release_prepared(draft.outlook, by=job.by, why=job.why, after=draft.after)
        _note(rows)
    report.published += len(outcome.published)
    report.unchanged += len(outcome.unchanged)
    if outcome.release:
        report.releases.append(outcome.release.number)
    return time.perf_counter() - start


def _note(rows: Sequence[PublishingJobRecord]) -> None:
    plain = [row.pk for row in rows if row.state == JobState.DONE and not row.message]
    for some in chunks(plain):
        PublishingJobRecord.objects.filter(pk__in=some).update(state=JobState.DONE, message="")
    told = [row for row in rows if row.state != JobState.DONE or row.message]
    upsert(PublishingJobRecord, told, "id", ("state", "message"))


class _Draft:
    """Some rows of a job, their records, and the outlook on those of them that nothing blocks."""

    def __init__(self, rows: Sequence[PublishingJobRecord], by: User, hold: bool = False) -> None:
        self.after = writing.last_release()
        self.rows = {row.uid: row for row in rows}
        loaded = list(self._load(hold))
        alone = second_person.lacking(loaded, by=by)
        for uid, message in alone.items():
            self.rows[uid].state, self.rows[uid].message = JobState.BLOCKED, message
        self.outlook = Outlook([record for record in loaded if record.uid not in alone])
        while blocked := blockers_of(self.outlook):
            for blocker in blocked:
                row = self.rows[blocker.record.uid]
                row.state, row.message = JobState.BLOCKED, blocker.message
            # Without these, others that need them may be blocked, too.
            barred = {blocker.record.uid for blocker in blocked}
            self.outlook = Outlook([r for r in self.outlook.records if r.uid not in barred])
        for record in self.outlook.records:
            row = self.rows[record.uid]
            row.state, row.message = JobState.DONE, ""
        self._note_left_out()

    def _load(self, hold: bool) -> Iterator[Aggregate]:
        by_kind: dict[str, list[str]] = defaultdict(list)
        for row in self.rows.values():
            by_kind[row.kind].append(row.uid)
        for kind, uids in by_kind.items():
            for some in chunks(uids):
                known = model_of(kind)._base_manager.filter(uid__in=some)
                if hold:
                    known = known.select_for_update()
                yield from self._as_planned(kind, some, list(known.values_list("pk", flat=True)))

    def _as_planned(self, kind: str, uids: Iterable[str], pks: Iterable[int]) -> Iterator[Aggregate]:
        found = {record.uid: record for record in load(kind, pks)}
        for uid in uids:
            row, record = self.rows[uid], found.get(uid)
            if record is None:
                row.state, row.message = JobState.CHANGED, DELETED
            elif record.revision != row.revision:
                row.state, row.message = JobState.CHANGED, CHANGED
            else:
                yield record

    def _note_left_out(self) -> None:
        """Tell of each record what its document does not mention, since readers could not look it up."""
        hidden = defaultdict(set)
        for record, _, uid in self.outlook.hidden():
            hidden[record.uid].add(uid)
        names = writing.names_of(uid for uids in hidden.values() for uid in uids)
        for uid, others in hidden.items():
            named = ", ".join(sorted(f"“{names.get(other, other)}”" for other in others))
            self.rows[uid].message = f"Left out, since it is not published: {named}."
