"""What can be taken back of a batch, and what has to stay, each with its reason: found out without a lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from kb.book.models import Record
from kb.editorial.aggregate import Aggregate
from kb.models import Conflict, ImportBatch, ImportedRow
from kb.models.revision import earliest_alike, revisions
from kb.spreadsheets import storing
from kb.spreadsheets.columns import root_link
from kb.spreadsheets.plan import CHANGED, CREATED
from kb.spreadsheets.recording import BY_KIND
from kb.spreadsheets.references import batches
from kb.spreadsheets.rights import Rights, lacking
from kb.spreadsheets.staging import Staging, referring

CHANGED_SINCE = "“{}” was changed since it was imported, and stays as it is."
PUBLISHED_SINCE = "“{}” is in the book since it was imported: withdraw it instead of deleting it. It stays."
REFERRED_TO = "“{}” stays: {} refers to it."
BELONGS_TO = "“{}” stays: it belongs to “{}”, which stays."
GONE_SINCE = "“{}” was deleted since it was imported."


@dataclass
class Row:
    """A row of the batch with the record as it is now. `root` is its aggregate's table and primary key."""

    row: ImportedRow
    model: type[models.Model]
    now: dict[str, Any] | None
    root: tuple[type[Aggregate], int] | None
    #: The aggregate's revision as it is now.
    revision: int | None = None
    stays: str = ""
    is_changed: bool = False

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


def judge(rows: list[Row], rights: Rights, staging: Staging) -> None:
    """Find out what stays, and why."""
    _keep_changed(rows)
    _keep_published(rows)
    _keep_unrightful(rows, rights)
    _keep_referred(rows, staging)


# --- what there is --------------------------------------------------------------------------------------------------


def rows_of(batch: ImportBatch) -> list[Row]:
    """The rows that are to be taken back."""
    found: list[Row] = []
    by_kind: dict[str, list[ImportedRow]] = defaultdict(list)
    rows = batch.rows.filter(outcome__in=[CREATED, CHANGED]).order_by("id")
    if batch.undone_at is not None:
        rows = rows.exclude(stays="")
    for row in rows.iterator(chunk_size=2000):
        row.batch = batch
        by_kind[row.kind].append(row)
    for kind, several in by_kind.items():
        model = BY_KIND[kind]
        now = _as_they_are(model, [row.uid for row in several])
        for row in several:
            fields = now.get(row.uid)
            found.append(Row(row, model, fields, _root(model, fields or (row.before or {}).get("fields"))))
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


def _root(model: type[models.Model], fields: Mapping[str, Any] | None) -> tuple[type[Aggregate], int] | None:
    if not fields:
        return None
    if issubclass(model, Aggregate):
        return (model, fields["id"]) if "id" in fields else None
    for link in root_link(model):
        if fields.get(link) is not None:
            return model._meta.get_field(link.removesuffix("_id")).related_model, fields[link]  # type: ignore[return-value]
    return None


# --- what stays -----------------------------------------------------------------------------------------------------


def _keep_changed(rows: list[Row]) -> None:
    by_root: dict[type[Aggregate], dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.root is not None:
            by_root[row.root[0]][row.root[1]].append(row)
    for model, several in by_root.items():
        for pk, revision in revisions(model, several).items():
            for row in several[pk]:
                row.revision = revision
        moved = {pk: of for pk, of in several.items() if any(r.revision != r.row.revision for r in of)}
        alike = earliest_alike(model, {pk: _both(of) for pk, of in moved.items()})
        for pk, of in moved.items():
            for row in of:
                was, is_now = row.row.revision or 0, row.revision or 0
                if alike.get((pk, was), was) != alike.get((pk, is_now), is_now):
                    row.stays, row.is_changed = CHANGED_SINCE.format(row.name), True
    for row in rows:
        if row.now is None and not row.is_gone:
            row.stays, row.is_changed = GONE_SINCE.format(row.name), True
        elif row.root is None:
            row.stays, row.is_changed = CHANGED_SINCE.format(row.name), True


def _both(rows: Iterable[Row]) -> set[int]:
    """The revisions that the import left its rows at, and those that they are at now."""
    return {revision for row in rows for revision in (row.row.revision, row.revision) if revision is not None}


def _keep_published(rows: list[Row]) -> None:
    made = {row.row.uid: row for row in rows if row.is_made and issubclass(row.model, Aggregate)}
    for batch in batches(sorted(made)):
        for uid in Record.objects.filter(uid__in=batch).values_list("uid", flat=True):
            made[uid].stays = made[uid].stays or PUBLISHED_SINCE.format(made[uid].name)


def _keep_unrightful(rows: list[Row], rights: Rights) -> None:
    for row in rows:
        # What the same person has just made they may take back, as long as nobody has touched it.
        own = row.is_made and row.row.batch.applied_by_id == rights.user.pk
        action = "delete" if row.is_made else "add" if row.is_gone else "change"
        if not row.stays and not own and not rights.may(action, row.model):
            row.stays = f"“{row.name}” stays: {lacking(action, row.model)}"


def _keep_referred(rows: list[Row], staging: Staging) -> None:
    """What is referred to by anything that stays has to stay; and then, perhaps, what that refers to."""
    made: dict[type[models.Model], set[int]] = defaultdict(set)
    for row in rows:
        if row.is_made and row.now is not None:
            made[row.model].add(row.now["id"])
    staged = {model: staging.choose(model, sorted(pks), "made") for model, pks in made.items()}
    while True:
        going: dict[type[models.Model], dict[int, Row]] = defaultdict(dict)
        restored: dict[type[models.Model], set[int]] = defaultdict(set)
        for row in rows:
            if not row.stays and row.now is not None:
                if row.is_made:
                    going[row.model][row.now["id"]] = row
                else:
                    restored[row.model].add(row.now["id"])
        kept = _keep_with_roots(rows)
        for model, several in going.items():
            for pk, by in _referrers(model, staged[model], going, restored):
                if pk in several and not several[pk].stays:
                    several[pk].stays = REFERRED_TO.format(several[pk].name, by)
                    kept += 1
        if not kept:
            return


def _keep_with_roots(rows: list[Row]) -> int:
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
    staged: str,
    going: Mapping[type[models.Model], Mapping[int, Row]],
    restored: Mapping[type[models.Model], set[int]],
) -> Iterator[tuple[int, str]]:
    """Of the records whose keys are staged, those that something refers to which is neither deleted nor put back as
    it was before them.
    """
    for relation in model._meta.related_objects:
        link: Any = relation.field
        owner = link.model
        if hasattr(owner, "history_id") or owner is Conflict:
            continue  # history remembers what is gone, and conflicts are computed
        table, column, own = owner._meta.db_table, link.column, owner._meta.pk.column
        if link.many_to_many:
            through = link.remote_field.through
            table, own, column = storing.through_table(owner, link.name)
            if not through._meta.auto_created:
                owner, own = through, through._meta.pk.column
        found = referring(staged, table, column, own)
        gone, back = going.get(owner, {}), restored.get(owner, ())
        by = f"{_article(owner)} {owner._meta.verbose_name}"
        yield from ((target, by) for target, pk in found if pk not in gone and pk not in back)


def _article(model: Any) -> str:
    return "an" if str(model._meta.verbose_name)[0] in "aeiou" else "a"
