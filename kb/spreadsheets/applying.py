"""A plan → the database: staged beside the tables, then one short transaction with history and the batch's record.

Killed at any moment, it leaves nothing or everything. What has changed since the plan was made is refused by name, and
so is whatever leans on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from kb.analysis import claim_index, conflict_finding
from kb.editorial.aggregate import Aggregate
from kb.models import (
    Appearance,
    Assessment,
    Claim,
    Event,
    ImportBatch,
    ImportedRow,
    ImportProfile,
    StatedValue,
)
from kb.models.value import lean_again
from kb.signing import audit
from kb.signing.models import Kind
from kb.spreadsheets import storing
from kb.spreadsheets.columns import BY_LABEL, TABLES, foreign_keys
from kb.spreadsheets.freshness import expected, stale_rows
from kb.spreadsheets.memory import uncollected
from kb.spreadsheets.plan import Entry, Plan, Problem, Ref
from kb.spreadsheets.recording import note_found, record_known, stage_rows
from kb.spreadsheets.references import batches
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.staging import Staging

Fields = dict[str, Any]
#: How often it is tried again without the rows that others have changed meanwhile.
ATTEMPTS = 5
#: So many rows of a table are staged together; then progress is told.
AT_ONCE = 10_000
REFUSED_BY_DATABASE = (
    "The database has refused this: something has changed while it was written. Nothing was applied; plan it "
    "again. ({})"
)


class NotApplied(Exception):
    """The plan could not be applied, and nothing was written; the message is for the editor."""


@dataclass
class Applied:
    """What came of it. `batch` is None where nothing was written: there was nothing to write, or a row was refused."""

    batch: ImportBatch | None
    counts: dict[str, dict[str, int]]
    problems: list[Problem] = field(default_factory=list)


def apply(
    plan: Plan,
    *,
    rights: Rights,
    keep_good: bool = False,
    confirm: Callable[[ImportBatch], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Applied:
    """Write what the plan says; with `keep_good` the good rows alone, else all or nothing.

    `confirm` is called under the lock, before the first row is written, with the batch as it will be; what it writes
    stands or falls with the import, and what it raises stops it. `progress` is called as long as rows are prepared,
    with those prepared and all.

    The plan takes in what is found stale (its outcomes and problems change). Raises PermissionDenied for another than
    the one whose plan it is, and NotApplied where the database does not take it.
    """
    rights.must_import()
    if rights.user.pk != plan.owner:
        raise PermissionDenied("This plan was made by somebody else, with their rights. Make your own.")
    for _ in range(ATTEMPTS):
        if (plan.problems and not keep_good) or not plan.writes:
            return Applied(None, plan.counts(), plan.problems)
        try:
            with uncollected(), Staging() as staging:
                batch, foreseen = _write(plan, rights, staging, confirm, progress)
        except IntegrityError as reason:
            if not stale_rows(plan):
                raise NotApplied(REFUSED_BY_DATABASE.format(reason)) from reason
            batch = None
        if batch is not None:
            conflict_finding.refresh(_values_touched(plan))
            claim_index.catch_up(foreseen=foreseen)
            return Applied(batch, plan.counts(), plan.problems)
        # Somebody was faster: their work stays, and is named.
        stale_rows(plan)
        plan.settle()
    raise NotApplied("Others are changing the same records just now. Nothing was applied; plan it again.")


def _write(
    plan: Plan,
    rights: Rights,
    staging: Staging,
    confirm: Callable[[ImportBatch], None] | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[ImportBatch | None, claim_index.Foreseen]:
    """Prepare everything, then write it under the lock. No batch where something has changed since it was planned.

    Beside it, what the index of claims will need.
    """
    batch = ImportBatch(
        pk=storing.allocate(ImportBatch, 1)[0],
        file_name=plan.file_name[-255:],
        file_sha256=plan.sha256,
        profile=ImportProfile.objects.filter(name=plan.profile).first() if plan.profile else None,
        applied_by_id=rights.user.pk,
        applied_at=timezone.now(),
        counts=plan.counts(),
    )
    writer = Writer(staging, user=rights.user.pk, reason=f"Import of {plan.file_name}", when=batch.applied_at)
    writer.prepare(plan.entries(), progress)
    of_known = stage_rows(batch.pk, plan, writer.made, staging)
    for model, rows in expected(plan).items():
        staging.expect(model, rows)
    with claim_index.foreseeing(_texts_of_claims(plan)) as foreseen, transaction.atomic():
        if not (staging.still_so() and writer.keys_are_free()):
            return None, foreseen
        batch.save(force_insert=True)
        audit.note(Kind.IMPORT, f"import {batch.pk}: {batch.file_name}", by=rights.user)
        if confirm is not None:
            confirm(batch)
        note_found(of_known)
        writer.write()
        staging.pour(ImportedRow._meta.db_table)
        record_known(of_known, writer.made)
    return batch, foreseen


def _texts_of_claims(plan: Plan) -> list[str]:
    """What new claims will be found by, in their order."""
    names = {
        Claim._meta.label_lower: ("statement", None),
        Appearance._meta.label_lower: ("quote", claim_index.LONGEST),
    }
    new = [(e.values, *names[e.table]) for e in plan.entries() if e.pk is None and e.table in names]
    return [text[:most] for values, name, most in new if (text := values.get(name))]


def _values_touched(plan: Plan) -> list[int]:
    """The values that the batch has brought or changed, or whose event it has dated anew."""
    touched = [entry for entry in plan.entries() if not entry.gone]
    values = [entry.uid for entry in touched if entry.table == StatedValue._meta.label_lower]
    events = [
        entry.pk for entry in touched if entry.pk is not None and entry.table == Event._meta.label_lower
    ]
    found = conflict_finding.leaning_on(events) if events else []
    for some in batches(values):
        found += StatedValue.objects.filter(uid__in=some).values_list("pk", flat=True)
    return found


@dataclass
class Writer:
    """Writes entries, table by table: `prepare` before the lock, `write` under it.

    `made` are the primary keys of what is made, by uid.
    """

    staging: Staging
    user: int | None
    reason: str
    when: datetime
    made: dict[str, int] = field(default_factory=dict)
    by_table: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    #: Links that go, by model and field.
    removed: list[tuple[type[models.Model], str, list[tuple[int, int]]]] = field(default_factory=list)

    def prepare(self, entries: Iterable[Entry], progress: Callable[[int, int], None] | None = None) -> None:
        for entry in entries:
            self.by_table[entry.table].append(entry)
        for table, several in self.by_table.items():
            new = [entry.uid for entry in several if entry.pk is None]
            self.made.update(zip(new, storing.allocate(BY_LABEL[table], len(new)), strict=True))
        done, total = 0, sum(map(len, self.by_table.values()))
        for table, several in self.by_table.items():
            for some in batches(several, AT_ONCE):
                self._stage_rows(BY_LABEL[table], some)
                done += len(some)
                if progress is not None:
                    progress(done, total)
            self._stage_links(BY_LABEL[table], several)

    def keys_are_free(self) -> bool:
        """Whether nobody has made a record of the keys (or uids) that are about to be written."""
        models_made = [BY_LABEL[table] for table in self.by_table]
        return all(
            self.staging.free(model, name)
            for model in models_made
            for name in (("key", "uid") if issubclass(model, Aggregate) else ("uid",))
        )

    def write(self) -> None:
        for table, several in self.by_table.items():
            self._remove(BY_LABEL[table], [entry for entry in several if entry.gone])
        # The last first: a part that is there before its root does not count as a change of it. The database looks at
        # references when the transaction ends.
        for model in reversed(TABLES):
            self._write_table(model, self.by_table.get(model._meta.label_lower, []))
        self._lean()
        for model in TABLES:
            self._note(model, self.by_table.get(model._meta.label_lower, []))

    def pk(self, ref: Ref | None) -> int | None:
        """The primary key of a record that is there, or that was just made."""
        return self.made[ref] if isinstance(ref, str) else ref

    def _remove(self, model: type[models.Model], entries: list[Entry]) -> None:
        pks = [entry.pk for entry in entries if entry.pk is not None]
        if pks:
            storing.note_history(model, pks, "-", user=self.user, reason=self.reason, when=self.when)
            storing.delete(model, pks)

    def _stage_rows(self, model: type[models.Model], entries: list[Entry]) -> None:
        new = [
            {**self._filled(model, entry.values), "id": self.made[entry.uid], "uid": entry.uid}
            for entry in entries
            if entry.pk is None
        ]
        if model is Assessment:
            self._judge(new)
        self.staging.put(model, new)

    def _filled(self, model: type[models.Model], values: Fields) -> Fields:
        """Values with the primary keys of the records that are made beside them."""
        made = {n: self.made[v] for n in foreign_keys(model) if isinstance(v := values.get(n), str)}
        return {**values, **made} if made else values

    def _stage_links(self, model: type[models.Model], entries: list[Entry]) -> None:
        added: dict[str, list[tuple[int, int]]] = defaultdict(list)
        removed: dict[str, list[tuple[int, int]]] = defaultdict(list)
        made = self.made
        for entry in entries:
            if not entry.links:
                continue
            owner = made[entry.uid] if entry.pk is None else entry.pk
            for name, refs in entry.links.items():
                before = set((entry.links_before or {}).get(name, ()))
                added[name].extend(
                    (owner, made[ref] if isinstance(ref, str) else ref) for ref in refs if ref not in before
                )
                removed[name].extend((owner, ref) for ref in before.difference(refs))  # type: ignore[misc]
        for name, pairs in added.items():
            self.staging.put_links(model, name, pairs)
        self.removed += [(model, name, pairs) for name, pairs in removed.items() if pairs]

    def _write_table(self, model: type[models.Model], entries: list[Entry]) -> None:
        for owner, name, pairs in self.removed:
            if owner is model:
                storing.unlink(model, name, pairs)
        for field_ in model._meta.local_many_to_many:
            self.staging.pour(storing.through_table(model, field_.name)[0])
        self.staging.pour(model._meta.db_table)
        changed = [(e.pk, self._filled(model, e.values)) for e in entries if e.pk is not None and not e.gone]
        storing.update(model, changed)

    @staticmethod
    def _judge(proposals: list[dict[str, Any]]) -> None:
        """A proposal judges the claim as it was read; one that is made with it has its first revision."""
        for batch in batches(proposals):
            claims = [proposal["claim_id"] for proposal in batch]
            revisions = dict(Claim.objects.filter(pk__in=claims).values_list("pk", "revision"))
            for proposal in batch:
                proposal["judged_revision"] = revisions.get(proposal["claim_id"], 1)

    def _lean(self) -> None:
        """Dates that lean on events which were settled here, and new dates that lean on any."""
        events: set[int | None] = set()
        for entry in self.by_table.get(Event._meta.label_lower, ()):
            if entry.pk is not None and "when" in entry.values:
                events.add(entry.pk)
        for entry in self.by_table.get(StatedValue._meta.label_lower, ()):
            if entry.values.get("relative_to_id") is not None or (entry.pk and "relation" in entry.values):
                events.add(self.pk(entry.values.get("relative_to_id")))
        for batch in batches(sorted(pk for pk in events if pk is not None)):
            lean_again(Event.objects.filter(pk__in=batch))

    def _note(self, model: type[models.Model], entries: list[Entry]) -> None:
        changed = [e.pk for e in entries if e.pk is not None and not e.gone]
        staged = self.staging.table(model)
        for sign, which in (("+", staged), ("~", changed)):
            if which:
                storing.note_history(model, which, sign, user=self.user, reason=self.reason, when=self.when)
