"""Taking a batch back: what it made is deleted, what it changed is as it was, and nobody's later work is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from kb.analysis import claim_index, conflict_finding
from kb.book.models import Record
from kb.editorial.aggregate import Aggregate
from kb.models import Conflict, Event, ImportBatch, ImportedRow, StatedValue
from kb.models.revision import note_same, revisions
from kb.models.value import lean_again
from kb.signing import audit
from kb.signing.models import Kind
from kb.spreadsheets import storing
from kb.spreadsheets.applying import ATTEMPTS
from kb.spreadsheets.columns import TABLES
from kb.spreadsheets.memory import uncollected
from kb.spreadsheets.references import batches
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.rules import worked_out
from kb.spreadsheets.staging import Staging, has_uid_of
from kb.spreadsheets.staying import Row, judge, rows_of


class NotUndone(Exception):
    """The batch cannot be taken back, and nothing was written; the message is for the editor."""


@dataclass
class Refusal:
    """A row of the batch that stays as it is, and why."""

    sheet: str
    row: int
    name: str
    message: str


@dataclass
class Undone:
    """What came of it: how many records were deleted, put back as they were, and made again; and which were not."""

    batch: ImportBatch
    deleted: int = 0
    restored: int = 0
    remade: int = 0
    refused: list[Refusal] = field(default_factory=list)


def undo(batch: ImportBatch, *, rights: Rights) -> Undone:
    """Put every row of a batch back, in one transaction; rows that were changed since stay, and are named.

    What can be taken back is found out first, without a lock; where somebody changes something of it meanwhile, it is
    found out again. A batch of which something stayed can be undone again, for those rows.

    Raises PermissionDenied, and NotUndone for a batch of which nothing is left to undo.
    """
    if not rights.may("change", ImportBatch):
        raise PermissionDenied("Undoing an import needs a right that you do not have.")
    refused_by_database = ""
    for _ in range(ATTEMPTS):
        batch.refresh_from_db()
        rows = rows_of(batch)
        if batch.undone_at is not None and not rows:
            raise NotUndone(f"This import was undone on {batch.undone_at:%Y-%m-%d} already.")
        try:
            with uncollected(), Staging() as staging:
                judge(rows, rights, staging)
                done = _write(batch, rows, rights, staging)
        except IntegrityError as reason:
            refused_by_database = str(reason)
            continue
        if done is not None:
            conflict_finding.refresh(_values_touched(rows))
            claim_index.catch_up()
            batch.refresh_from_db()
            return done
    if refused_by_database:
        raise NotUndone(
            f"Something refers to what would be taken back; nothing was undone. ({refused_by_database})"
        )
    raise NotUndone("Others are changing the same records just now. Nothing was undone; try it again.")


def _values_touched(rows: list[Row]) -> list[int]:
    """The values that are as they were again, or whose event is."""
    back = [row.now["id"] for row in rows if not row.stays and row.now and not row.is_made]
    of = [row.model for row in rows if not row.stays and row.now and not row.is_made]
    events = [pk for pk, model in zip(back, of, strict=True) if model is Event]
    again = [row.row.uid for row in rows if not row.stays and row.is_gone and row.model is StatedValue]
    found = conflict_finding.leaning_on(events) if events else []
    found += [pk for pk, model in zip(back, of, strict=True) if model is StatedValue]
    for some in batches(again):
        found += StatedValue.objects.filter(uid__in=some).values_list("pk", flat=True)
    return found


def _write(batch: ImportBatch, rows: list[Row], rights: Rights, staging: Staging) -> Undone | None:
    """Take back what does not stay. None where something has changed since it was judged."""
    going = [row for row in rows if not row.stays]
    taking = _Taking(staging, rights.user.pk, f"Undo of the import of {batch.file_name}", timezone.now())
    taking.prepare(going)
    done = Undone(batch, refused=[Refusal(r.row.sheet, r.row.row, r.name, r.stays) for r in rows if r.stays])
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.undone_at != batch.undone_at or not staging.still_so() or taking.published():
            return None
        taking.take(done)
        _note_as_found(rows)
        if going or not done.refused:
            locked.undone_by_id, locked.undone_at = rights.user.pk, taking.when
            locked.save(update_fields=["undone_by", "undone_at"])
            audit.note(Kind.UNDO, f"import {batch.pk}: {batch.file_name}", by=rights.user)
            _remember(rows)
    return done


def _note_as_found(rows: list[Row]) -> None:
    """A record of which all was taken back is what the import found: an earlier one can be taken back after it."""
    staying = {row.root for row in rows if row.stays}
    found: dict[type[Aggregate], dict[int, int]] = defaultdict(dict)
    for row in rows:
        if row.root is not None and row.root not in staying and row.row.found is not None:
            found[row.root[0]][row.root[1]] = row.row.found
    for model, before in found.items():
        now = revisions(model, before)
        note_same(model, {pk: (revision, before[pk]) for pk, revision in now.items()})


def _remember(rows: list[Row]) -> None:
    """Note at each row why it stays, and at which revision, for another time."""
    waiting = [row for row in rows if row.stays and not row.is_changed and row.root is not None]
    now: dict[tuple[type[models.Model], int], int] = {}
    for model in {row.root[0] for row in waiting if row.root}:
        pks = {row.root[1] for row in waiting if row.root and row.root[0] is model}
        now.update({(model, pk): revision for pk, revision in revisions(model, pks).items()})
    storing.update(
        ImportedRow, ((row.row.pk, {"stays": row.stays}) for row in rows if row.stays or row.row.stays)
    )
    storing.update(
        ImportedRow, ((row.row.pk, {"revision": now[row.root]}) for row in waiting if row.root in now)
    )


# --- taking back ----------------------------------------------------------------------------------------------------


@dataclass
class _Taking:
    """Takes rows back: `prepare` before the lock, `take` under it."""

    staging: Staging
    user: int
    reason: str
    when: datetime
    by_model: dict[type[models.Model], list[Row]] = field(default_factory=lambda: defaultdict(list))
    #: What is deleted: its keys, and the table that holds them.
    made: dict[type[models.Model], tuple[list[int], str]] = field(default_factory=dict)

    def prepare(self, going: list[Row]) -> None:
        roots: dict[type[models.Model], dict[int, int | None]] = defaultdict(dict)
        for row in going:
            self.by_model[row.model].append(row)
            if row.root is not None:
                roots[row.root[0]][row.root[1]] = row.revision
        for model, several in self.by_model.items():
            pks = sorted(row.now["id"] for row in several if row.is_made and row.now is not None)
            if pks:
                self.made[model] = pks, self.staging.choose(model, pks, "going")
        for model, expected in roots.items():
            self.staging.expect(model, sorted(expected.items()))

    def published(self) -> bool:
        """Whether the book has anything of what would be deleted."""
        return any(
            has_uid_of(Record._meta.db_table, staged, model)
            for model, (_, staged) in self.made.items()
            if issubclass(model, Aggregate)
        )

    def take(self, done: Undone) -> None:
        for model, several in self.by_model.items():
            changed = [row for row in several if not row.is_made and not row.is_gone]
            _restore(model, changed)
            done.restored += len(changed)
        for model in reversed(TABLES):
            pks, staged = self.made.get(model, ([], ""))
            if staged:
                if model is StatedValue:
                    _forget_conflicts(pks)
                self._note(model, staged, "-")
                storing.delete(model, staged)
                done.deleted += len(pks)
        for model, several in self.by_model.items():
            gone = [fields["fields"] for row in several if row.is_gone and (fields := row.row.before)]
            storing.insert(model, [_typed(model, fields) for fields in gone])
            done.remade += len(gone)
            self._note(
                model, [r.now["id"] for r in several if not r.is_made and not r.is_gone and r.now], "~"
            )
            self._note(model, [fields["id"] for fields in gone], "+")
        settled = [row.now["id"] for row in self.by_model.get(Event, ()) if not row.is_made and row.now]
        for some in batches(settled):
            lean_again(Event.objects.filter(pk__in=some))

    def _note(self, model: type[models.Model], rows: list[int] | str, sign: str) -> None:
        if rows:
            storing.note_history(model, rows, sign, user=self.user, reason=self.reason, when=self.when)


def _forget_conflicts(values: list[int]) -> None:
    for batch in batches(values):
        Conflict.objects.filter(models.Q(one__in=batch) | models.Q(other__in=batch)).delete()


def _restore(model: type[models.Model], rows: list[Row]) -> None:
    updates: list[tuple[int, dict[str, Any]]] = []
    removed: dict[str, list[tuple[int, int]]] = defaultdict(list)
    added: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        pk = row.now["id"]  # type: ignore[index]
        before: Any = row.row.before
        after: Any = row.row.after
        fields = _typed(model, before["fields"])
        updates.append((pk, {**fields, **worked_out(model, {**(row.now or {}), **fields}, fields)}))
        for name, refs in before["links"].items():
            then = set(after["links"].get(name, ()))
            removed[name].extend((pk, ref) for ref in then.difference(refs))
            added[name].extend((pk, ref) for ref in set(refs).difference(then))
    storing.update(model, updates)
    for name, pairs in removed.items():
        storing.unlink(model, name, pairs)
    for name, pairs in added.items():
        storing.link(model, name, pairs)


def _typed(model: type[models.Model], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the record of the batch keeps them (JSON) → as the fields hold them."""
    found = {}
    for name, value in fields.items():
        kept: Any = model._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
        is_link = isinstance(kept, models.ForeignKey)
        found[name] = value if is_link or isinstance(value, (dict, list)) else kept.to_python(value)
    return found
