"""Taking a batch back: what it made is deleted, what it changed is as it was, and nobody's later work is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from kb.book.models import Record
from kb.editorial.aggregate import Aggregate
from kb.models import Conflict, Event, ImportBatch, ImportedRow, StatedValue
from kb.models.value import lean_again
from kb.spreadsheets import storing
from kb.spreadsheets.columns import TABLES, root_link
from kb.spreadsheets.plan import CHANGED, CREATED
from kb.spreadsheets.recording import BY_KIND
from kb.spreadsheets.references import batches
from kb.spreadsheets.rights import Rights, lacking
from kb.spreadsheets.rules import worked_out

CHANGED_SINCE = "“{}” was changed since it was imported, and stays as it is."
PUBLISHED_SINCE = "“{}” is in the book since it was imported: withdraw it instead of deleting it. It stays."
REFERRED_TO = "“{}” stays: {} refers to it."
BELONGS_TO = "“{}” stays: it belongs to “{}”, which stays."
GONE_SINCE = "“{}” was deleted since it was imported."


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


@dataclass
class _Row:
    """A row of the batch with the record as it is now. `root` is its aggregate's table and primary key."""

    row: ImportedRow
    model: type[models.Model]
    now: dict[str, Any] | None
    root: tuple[type[models.Model], int] | None
    stays: str = ""

    @property
    def name(self) -> str:
        return str((self.now or {}).get("key") or self.row.uid)

    @property
    def is_made(self) -> bool:
        return self.row.outcome == CREATED

    @property
    def is_gone(self) -> bool:
        """Whether the import removed it."""
        return self.row.outcome == CHANGED and self.row.after is None


def undo(batch: ImportBatch, *, rights: Rights) -> Undone:
    """Put every row of a batch back, in one transaction; rows that were changed since stay, and are named.

    Raises PermissionDenied, and NotUndone for a batch that was undone before.
    """
    if not rights.may("change", ImportBatch):
        raise PermissionDenied("Undoing an import needs a right that you do not have.")
    try:
        with transaction.atomic():
            locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            if locked.undone_at is not None:
                raise NotUndone(f"This import was undone on {locked.undone_at:%Y-%m-%d} already.")
            done = _undo(locked, rights)
    except IntegrityError as reason:
        raise NotUndone(
            f"Something refers to what would be taken back; nothing was undone. ({reason})"
        ) from reason
    batch.refresh_from_db()
    return done


def _undo(batch: ImportBatch, rights: Rights) -> Undone:
    rows = _rows(batch)
    _keep_changed(rows)
    _keep_published(rows)
    _keep_unrightful(rows, rights)
    _keep_referred(rows)
    going = [row for row in rows if not row.stays]
    done = Undone(batch)
    now = timezone.now()
    _take_back(going, done, rights, f"Undo of the import of {batch.file_name}", now)
    done.refused = [Refusal(r.row.sheet, r.row.row, r.name, r.stays) for r in rows if r.stays]
    if going or not done.refused:
        batch.undone_by_id, batch.undone_at = rights.user.pk, now
        batch.save(update_fields=["undone_by", "undone_at"])
    return done


# --- what there is --------------------------------------------------------------------------------------------------


def _rows(batch: ImportBatch) -> list[_Row]:
    found: list[_Row] = []
    by_kind: dict[str, list[ImportedRow]] = defaultdict(list)
    for row in batch.rows.filter(outcome__in=[CREATED, CHANGED]).order_by("id").iterator(chunk_size=2000):
        by_kind[row.kind].append(row)
    for kind, several in by_kind.items():
        model = BY_KIND[kind]
        now = _as_they_are(model, [row.uid for row in several])
        for row in several:
            fields = now.get(row.uid)
            found.append(_Row(row, model, fields, _root(model, fields or (row.before or {}).get("fields"))))
    return found


def _as_they_are(model: type[models.Model], uids: Iterable[str]) -> dict[str, dict[str, Any]]:
    # A captured text is long, and never changes.
    names = [
        f.attname
        for f in model._meta.local_concrete_fields
        if not (f.name == "text" and model.__name__ == "Snapshot")
    ]
    return {
        fields["uid"]: fields
        for batch in batches(sorted(set(uids)))
        for fields in model._base_manager.filter(uid__in=batch).values(*names)
    }


def _root(
    model: type[models.Model], fields: Mapping[str, Any] | None
) -> tuple[type[models.Model], int] | None:
    if not fields:
        return None
    if issubclass(model, Aggregate):
        return (model, fields["id"]) if "id" in fields else None
    for link in root_link(model):
        if fields.get(link) is not None:
            return model._meta.get_field(link.removesuffix("_id")).related_model, fields[link]  # type: ignore[return-value]
    return None


# --- what stays -----------------------------------------------------------------------------------------------------


def _keep_changed(rows: list[_Row]) -> None:
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for row in rows:
        if row.root is not None:
            wanted[row.root[0]].add(row.root[1])
    now: dict[tuple[type[models.Model], int], int] = {}
    for model, pks in wanted.items():
        for batch in batches(sorted(pks)):
            roots = model._base_manager.filter(pk__in=batch)
            if connection.features.has_select_for_update:
                roots = roots.select_for_update().order_by("pk")
            now.update({(model, pk): revision for pk, revision in roots.values_list("pk", "revision")})
    for row in rows:
        if row.now is None and not row.is_gone:
            row.stays = GONE_SINCE.format(row.name)
        elif row.root is None or now.get(row.root) != row.row.revision:
            row.stays = CHANGED_SINCE.format(row.name)


def _keep_published(rows: list[_Row]) -> None:
    made = {row.row.uid: row for row in rows if row.is_made and issubclass(row.model, Aggregate)}
    for batch in batches(sorted(made)):
        for uid in Record.objects.filter(uid__in=batch).values_list("uid", flat=True):
            made[uid].stays = made[uid].stays or PUBLISHED_SINCE.format(made[uid].name)


def _keep_unrightful(rows: list[_Row], rights: Rights) -> None:
    for row in rows:
        # What the same person has just made they may take back, as long as nobody has touched it.
        own = row.is_made and row.row.batch.applied_by_id == rights.user.pk
        action = "delete" if row.is_made else "add" if row.is_gone else "change"
        if not row.stays and not own and not rights.may(action, row.model):
            row.stays = f"“{row.name}” stays: {lacking(action, row.model)}"


def _keep_referred(rows: list[_Row]) -> None:
    """What is referred to by anything that stays has to stay; and then, perhaps, what that refers to."""
    while True:
        going: dict[type[models.Model], dict[int, _Row]] = defaultdict(dict)
        restored: dict[type[models.Model], set[int]] = defaultdict(set)
        for row in rows:
            if not row.stays and row.now is not None:
                if row.is_made:
                    going[row.model][row.now["id"]] = row
                else:
                    restored[row.model].add(row.now["id"])
        kept = _keep_with_roots(rows)
        for model, several in going.items():
            for pk, by in _referrers(model, several, going, restored):
                if not several[pk].stays:
                    several[pk].stays = REFERRED_TO.format(several[pk].name, by)
                    kept += 1
        if not kept:
            return


def _keep_with_roots(rows: list[_Row]) -> int:
    """The parts of a record that was made and stays, stay with it. Returns how many."""
    staying = {
        row.root: row.name for row in rows if row.stays and row.is_made and issubclass(row.model, Aggregate)
    }
    kept = 0
    for row in rows:
        if not row.stays and row.root in staying:
            row.stays = BELONGS_TO.format(row.name, staying[row.root])
            kept += 1
    return kept


def _referrers(
    model: type[models.Model],
    several: Mapping[int, _Row],
    going: Mapping[type[models.Model], Mapping[int, _Row]],
    restored: Mapping[type[models.Model], set[int]],
) -> Iterable[tuple[int, str]]:
    """The records among these that something refers to which is neither deleted nor put back as it was before them."""
    for relation in model._meta.related_objects:
        link: Any = relation.field
        other = link.model
        if hasattr(other, "history_id") or other is Conflict:
            continue  # history remembers what is gone, and conflicts are computed
        if link.many_to_many:
            if link.remote_field.through._meta.auto_created:
                other, column, own = (
                    link.remote_field.through,
                    link.m2m_reverse_field_name(),
                    f"{link.m2m_field_name()}_id",
                )
            yield from _rows_beside(link.model, other, column, own, several, going, restored)
        else:
            yield from _rows_beside(other, other, link.name, "pk", several, going, restored)


def _rows_beside(
    owner: Any,
    table: Any,
    column: str,
    own: str,
    several: Mapping[int, _Row],
    going: Mapping[type[models.Model], Mapping[int, _Row]],
    restored: Mapping[type[models.Model], set[int]],
) -> Iterable[tuple[int, str]]:
    for batch in batches(sorted(several)):
        for target, pk in table._base_manager.filter(**{f"{column}__in": batch}).values_list(
            f"{column}_id", own
        ):
            if pk not in going.get(owner, {}) and pk not in restored.get(owner, ()):
                yield target, f"{_article(owner)} {owner._meta.verbose_name}"


def _article(model: Any) -> str:
    return "an" if str(model._meta.verbose_name)[0] in "aeiou" else "a"


# --- taking back ----------------------------------------------------------------------------------------------------


def _take_back(going: list[_Row], done: Undone, rights: Rights, reason: str, when: datetime) -> None:
    user = rights.user.pk
    by_model: dict[type[models.Model], list[_Row]] = defaultdict(list)
    for row in going:
        by_model[row.model].append(row)
    for model, several in by_model.items():
        changed = [row for row in several if not row.is_made and not row.is_gone]
        _restore(model, changed)
        done.restored += len(changed)
    for model in reversed(TABLES):
        made = [row.now["id"] for row in by_model.get(model, ()) if row.is_made and row.now is not None]
        if model is StatedValue:
            _forget_conflicts(made)
        storing.note_history(model, made, "-", user=user, reason=reason, when=when)
        storing.delete(model, made)
        done.deleted += len(made)
    for model, several in by_model.items():
        gone = [fields["fields"] for row in several if row.is_gone and (fields := row.row.before)]
        storing.insert(model, [_typed(model, fields) for fields in gone])
        done.remade += len(gone)
        for sign, pks in (
            ("~", [row.now["id"] for row in several if not row.is_made and not row.is_gone and row.now]),
            ("+", [fields["id"] for fields in gone]),
        ):
            storing.note_history(model, pks, sign, user=user, reason=reason, when=when)
    settled = [row.now["id"] for row in by_model.get(Event, ()) if not row.is_made and row.now]
    for batch in batches(settled):
        lean_again(Event.objects.filter(pk__in=batch))


def _forget_conflicts(values: list[int]) -> None:
    for batch in batches(values):
        Conflict.objects.filter(models.Q(one__in=batch) | models.Q(other__in=batch)).delete()


def _restore(model: type[models.Model], rows: list[_Row]) -> None:
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
