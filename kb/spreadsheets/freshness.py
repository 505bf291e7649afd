"""What has changed since a plan was made: those rows are refused by name, and nobody's edit is written over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.db import models

from kb.editorial.aggregate import Aggregate
from kb.spreadsheets.columns import BY_LABEL
from kb.spreadsheets.plan import Entry, Plan, Ref, SheetPlan
from kb.spreadsheets.references import batches

CHANGED_SINCE = "“{}” was changed since this was planned. Look at it as it is now, and plan the row again."
GONE_SINCE = "“{}” was deleted since this was planned. Plan the row again."
MADE_SINCE = "“{}” was made by somebody else since this was planned. Plan the row again."
LEANS_ON_GONE = "It refers to {} that was deleted since this was planned. Plan the row again."

Rows = list[tuple[SheetPlan, Entry]]


def stale_rows(plan: Plan) -> bool:
    """Refuse the rows that have gone stale, by name. Says whether any has."""
    rows: Rows = [(sheet, entry) for sheet in plan.sheets for entry in (*sheet.made, *sheet.entries)]
    stale = False
    for check in (_roots, _keys, _references):
        for sheet, entry, message in check(rows):
            sheet.refuse(entry.row, f"A{entry.row}", entry.name, message)
            stale = True
    return stale


def _roots(rows: Rows) -> Iterator[tuple[SheetPlan, Entry, str]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for _, entry in rows:
        if isinstance(entry.root, int):
            wanted[entry.root_table].add(entry.root)
    now = {table: _revisions(BY_LABEL[table], pks) for table, pks in wanted.items()}
    there = {table: _present(BY_LABEL[table], {e.pk for _, e in rows if e.table == table and e.pk}) for table in
             {e.table for _, e in rows if e.pk is not None and e.table != e.root_table}}  # fmt: skip
    for sheet, entry in rows:
        if not isinstance(entry.root, int):
            continue
        revision = now[entry.root_table].get(entry.root)
        gone = entry.table in there and entry.pk is not None and entry.pk not in there[entry.table]
        if revision is None or gone:
            yield sheet, entry, GONE_SINCE.format(entry.name)
        elif entry.revision is not None and revision != entry.revision:
            yield sheet, entry, CHANGED_SINCE.format(entry.name)


def _revisions(model: type[models.Model], pks: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for batch in batches(sorted(pks)):
        found.update(model._base_manager.filter(pk__in=batch).values_list("pk", "revision"))
    return found


def _present(model: type[models.Model], pks: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for batch in batches(sorted(pks)):
        found.update(model._base_manager.filter(pk__in=batch).values_list("pk", flat=True))
    return found


def _keys(rows: Rows) -> Iterator[tuple[SheetPlan, Entry, str]]:
    """Keys and uids that were free, and are somebody's now."""
    new: dict[tuple[str, str], dict[str, tuple[SheetPlan, Entry]]] = defaultdict(dict)
    for sheet, entry in rows:
        if entry.pk is None:
            if issubclass(BY_LABEL[entry.table], Aggregate):
                new[entry.table, "key"][entry.values["key"]] = (sheet, entry)
            else:
                new[entry.table, "uid"][entry.uid] = (sheet, entry)
    for (table, name), several in new.items():
        model = BY_LABEL[table]
        for batch in batches(several):
            for taken in model._base_manager.filter(**{f"{name}__in": batch}).values_list(name, flat=True):
                yield (*several[taken], MADE_SINCE.format(taken))


def _references(rows: Rows) -> Iterator[tuple[SheetPlan, Entry, str]]:
    """Records that rows refer to and that are not written themselves."""
    wanted: dict[type[models.Model], dict[int, list[tuple[SheetPlan, Entry]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for sheet, entry in rows:
        for model, ref in _referred(entry):
            wanted[model][ref].append((sheet, entry))
    for model, refs in wanted.items():
        for ref in set(refs) - _present(model, refs):
            for sheet, entry in refs[ref]:
                yield sheet, entry, LEANS_ON_GONE.format(f"a {model._meta.verbose_name}")


def expected(plan: Plan) -> dict[type[models.Model], list[tuple[int, int | None]]]:
    """What has to be there when the plan is written, with its revision or None for any: roots, parts and references."""
    wanted: dict[type[models.Model], set[tuple[int, int | None]]] = defaultdict(set)
    by_table: dict[str, list[Entry]] = defaultdict(list)
    for entry in plan.entries():
        by_table[entry.table].append(entry)
    for table, entries in by_table.items():
        model: Any = BY_LABEL[table]
        for entry in entries:
            if isinstance(entry.root, int):
                wanted[BY_LABEL[entry.root_table]].add((entry.root, entry.revision))
        wanted[model].update((e.pk, None) for e in entries if e.pk is not None and e.table != e.root_table)
        for name, target in _links(table):
            refs = {ref for e in entries if isinstance(ref := e.values.get(name), int)}
            wanted[target].update((ref, None) for ref in refs)
        listed: dict[str, set[Ref]] = defaultdict(set)
        for entry in entries:
            for name, refs_of in (entry.links or {}).items():
                listed[name].update(refs_of)
        for name, several in listed.items():
            target = model._meta.get_field(name).related_model
            wanted[target].update((ref, None) for ref in several if isinstance(ref, int))
    return {model: list(rows) for model, rows in wanted.items() if rows}


@cache
def _links(table: str) -> tuple[tuple[str, type[models.Model]], ...]:
    """The foreign keys of a table to records of the desk."""
    return tuple(
        (f.attname, f.related_model)
        for f in BY_LABEL[table]._meta.local_concrete_fields
        if isinstance(f, models.ForeignKey) and f.related_model._meta.label_lower in BY_LABEL
    )


def _referred(entry: Entry) -> Iterator[tuple[type[models.Model], int]]:
    model: Any = BY_LABEL[entry.table]
    values = entry.values
    for name, target in _links(entry.table):
        if isinstance(values.get(name), int):
            yield target, values[name]
    for name, refs in (entry.links or {}).items():
        target = model._meta.get_field(name).related_model
        for ref in refs:
            if isinstance(ref, int):
                yield target, ref
