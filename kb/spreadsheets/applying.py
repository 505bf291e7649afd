"""A plan → the database: one short transaction, history and the record of the batch inside it.

Killed at any moment, it leaves nothing or everything. What has changed since the plan was made is refused by name, and
so is whatever leans on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from kb.models import Assessment, Claim, Event, ImportBatch, ImportProfile, StatedValue
from kb.models.value import lean_again
from kb.spreadsheets import storing
from kb.spreadsheets.columns import BY_LABEL, TABLES
from kb.spreadsheets.freshness import stale_rows
from kb.spreadsheets.plan import Entry, Plan, Problem, Ref
from kb.spreadsheets.recording import record_rows, revisions_of
from kb.spreadsheets.references import batches
from kb.spreadsheets.rights import Rights


class NotApplied(Exception):
    """The plan could not be applied, and nothing was written; the message is for the editor."""


@dataclass
class Applied:
    """What came of it. `batch` is None where nothing was written: there was nothing to write, or a row was refused."""

    batch: ImportBatch | None
    counts: dict[str, dict[str, int]]
    problems: list[Problem] = field(default_factory=list)


def apply(plan: Plan, *, rights: Rights, keep_good: bool = False) -> Applied:
    """Write what the plan says; with `keep_good` the good rows alone, else all or nothing.

    The plan takes in what is found stale (its outcomes and problems change). Raises PermissionDenied for another than
    the one whose plan it is, and NotApplied where the database does not take it.
    """
    rights.must_import()
    if rights.user.pk != plan.owner:
        raise PermissionDenied("This plan was made by somebody else, with their rights. Make your own.")
    if (plan.problems and not keep_good) or not plan.writes:
        return Applied(None, plan.counts(), plan.problems)
    try:
        with transaction.atomic():
            if stale_rows(plan):
                plan.settle()
            if (plan.problems and not keep_good) or not plan.writes:
                return Applied(None, plan.counts(), plan.problems)
            batch = _write(plan, rights)
    except IntegrityError as reason:
        raise NotApplied(
            "The database has refused this: something has changed while it was written. Nothing was applied; plan it "
            f"again. ({reason})"
        ) from reason
    return Applied(batch, plan.counts(), plan.problems)


def _write(plan: Plan, rights: Rights) -> ImportBatch:
    now = timezone.now()
    reason = f"Import of {plan.file_name}"
    writer = Writer(user=rights.user.pk, reason=reason, when=now)
    writer.write(plan.entries())
    profile = ImportProfile.objects.filter(name=plan.profile).first() if plan.profile else None
    batch = ImportBatch.objects.create(
        file_name=plan.file_name[-255:],
        file_sha256=plan.sha256,
        profile=profile,
        applied_by_id=rights.user.pk,
        applied_at=now,
        counts=plan.counts(),
    )
    record_rows(batch, plan, writer.made, revisions_of(plan.entries(), writer.made))
    return batch


@dataclass
class Writer:
    """Writes entries, table by table. `made` are the primary keys of what was made, by uid."""

    user: int | None
    reason: str
    when: datetime
    made: dict[str, int] = field(default_factory=dict)

    def write(self, entries: Iterable[Entry]) -> None:
        by_table: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_table[entry.table].append(entry)
        self._allocate(by_table)
        for table, several in by_table.items():
            self._remove(BY_LABEL[table], [entry for entry in several if entry.gone])
        # The last first: a part that is there before its root does not count as a change of it. The database looks at
        # references when the transaction ends.
        for model in reversed(TABLES):
            self._write_table(model, by_table.get(model._meta.label_lower, []))
        self._lean(by_table)
        for model in TABLES:
            self._note(model, by_table.get(model._meta.label_lower, []))

    def _allocate(self, by_table: Mapping[str, list[Entry]]) -> None:
        for table, several in by_table.items():
            new = [entry.uid for entry in several if entry.pk is None]
            self.made.update(zip(new, storing.allocate(BY_LABEL[table], len(new)), strict=True))

    def pk(self, ref: Ref | None) -> int | None:
        """The primary key of a record that is there, or that was just made."""
        return self.made[ref] if isinstance(ref, str) else ref

    def _remove(self, model: type[models.Model], entries: list[Entry]) -> None:
        pks = [entry.pk for entry in entries if entry.pk is not None]
        if pks:
            storing.note_history(model, pks, "-", user=self.user, reason=self.reason, when=self.when)
            storing.delete(model, pks)

    def _write_table(self, model: type[models.Model], entries: list[Entry]) -> None:
        links = [f.attname for f in model._meta.local_concrete_fields if isinstance(f, models.ForeignKey)]
        new, changed = [], []
        for entry in entries:
            values = entry.values
            for name in links:
                if isinstance(values.get(name), str):
                    values = {**values, name: self.made[values[name]]}
            if entry.pk is None:
                new.append({**values, "id": self.made[entry.uid], "uid": entry.uid})
            elif not entry.gone:
                changed.append((entry.pk, values))
        if model is Assessment:
            self._judge(new)
        self._write_links(model, entries)
        storing.insert(model, new)
        storing.update(model, changed)

    @staticmethod
    def _judge(proposals: list[dict[str, Any]]) -> None:
        """A proposal judges the claim as it was read; one that is made with it has its first revision."""
        for batch in batches(proposals):
            claims = [proposal["claim_id"] for proposal in batch]
            revisions = dict(Claim.objects.filter(pk__in=claims).values_list("pk", "revision"))
            for proposal in batch:
                proposal["judged_revision"] = revisions.get(proposal["claim_id"], 1)

    def _write_links(self, model: type[models.Model], entries: list[Entry]) -> None:
        added: dict[str, list[tuple[int, int]]] = defaultdict(list)
        removed: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for entry in entries:
            owner = self.made[entry.uid] if entry.pk is None else entry.pk
            for name, refs in (entry.links or {}).items():
                before = set((entry.links_before or {}).get(name, ()))
                added[name].extend((owner, self.pk(ref)) for ref in refs if ref not in before)  # type: ignore[misc]
                removed[name].extend((owner, ref) for ref in before.difference(refs))  # type: ignore[misc]
        for name, pairs in removed.items():
            storing.unlink(model, name, pairs)
        for name, pairs in added.items():
            storing.link(model, name, pairs)

    def _lean(self, by_table: Mapping[str, list[Entry]]) -> None:
        """Dates that lean on events which were settled here, and new dates that lean on any."""
        events: set[int | None] = set()
        for entry in by_table.get(Event._meta.label_lower, ()):
            if entry.pk is not None and "when" in entry.values:
                events.add(entry.pk)
        for entry in by_table.get(StatedValue._meta.label_lower, ()):
            if entry.values.get("relative_to_id") is not None or (entry.pk and "relation" in entry.values):
                events.add(self.pk(entry.values.get("relative_to_id")))
        for batch in batches(sorted(pk for pk in events if pk is not None)):
            lean_again(Event.objects.filter(pk__in=batch))

    def _note(self, model: type[models.Model], entries: list[Entry]) -> None:
        created = [self.made[e.uid] for e in entries if e.pk is None]
        changed = [e.pk for e in entries if e.pk is not None and not e.gone]
        for sign, pks in (("+", created), ("~", changed)):
            if pks:
                storing.note_history(model, pks, sign, user=self.user, reason=self.reason, when=self.when)
