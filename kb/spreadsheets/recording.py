"""The record of a batch: what became of every row, with what it takes to put it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from kb.models import ImportBatch, ImportedRow
from kb.spreadsheets import storing
from kb.spreadsheets.columns import BY_LABEL
from kb.spreadsheets.layout import BY_NAME
from kb.spreadsheets.plan import CHANGED, CREATED, REFUSED, UNCHANGED, Entry, Plan, Ref
from kb.spreadsheets.references import batches

#: Kind of a row in the record → model: `claim`, `appearance`.
BY_KIND: Mapping[str, type[models.Model]] = {
    label.rpartition(".")[2]: model for label, model in BY_LABEL.items()
}
MESSAGE = 2_000

Revisions = Mapping[str, Mapping[int, int]]


def revisions_of(entries: Iterable[Entry], made: Mapping[str, int]) -> Revisions:
    """The revisions, as they are now, of the aggregates that entries belong to."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        wanted[entry.root_table].add(_pk(entry.root, made))
    return {
        table: {
            pk: revision
            for batch in batches(sorted(pks))
            for pk, revision in BY_LABEL[table]
            ._base_manager.filter(pk__in=batch)
            .values_list("pk", "revision")
        }
        for table, pks in wanted.items()
    }


def record_rows(batch: ImportBatch, plan: Plan, made: Mapping[str, int], revisions: Revisions) -> None:
    """Write the rows of a batch: every record made or changed, every row left alone or refused.

    A record that was made is told by its uid alone: what it was made as stands in its history.
    """
    rows = list(_rows(plan, made, revisions))
    for row, pk in zip(rows, storing.allocate(ImportedRow, len(rows)), strict=True):
        row["id"], row["batch_id"] = pk, batch.pk
    storing.insert(ImportedRow, rows)


def _rows(plan: Plan, made: Mapping[str, int], revisions: Revisions) -> Iterator[dict[str, Any]]:
    for sheet in plan.sheets:
        kind = str(BY_NAME[sheet.target].model._meta.model_name)
        for entry in (*sheet.made, *sheet.entries):
            table = entry.table.rpartition(".")[2]
            yield {
                "sheet": sheet.name,
                "row": entry.row,
                "kind": table,
                "uid": entry.uid,
                "outcome": CREATED if entry.pk is None else CHANGED,
                "before": None if entry.pk is None else _said(entry.before, entry.links_before, made),
                "after": None if entry.pk is None or entry.gone else _said(entry.values, entry.links, made),
                "revision": revisions[entry.root_table].get(_pk(entry.root, made)),
            }
        messages: dict[int, list[str]] = defaultdict(list)
        for problem in sheet.problems:
            messages[problem.row].append(
                f"{problem.cell}: {problem.message}" if problem.cell else problem.message
            )
        for row, outcome in sheet.outcomes.items():
            if outcome == UNCHANGED:
                yield {
                    "sheet": sheet.name,
                    "row": row,
                    "kind": kind,
                    "uid": sheet.found.get(row, ""),
                    "outcome": outcome,
                }
            elif outcome == REFUSED:
                message = "\n".join(messages[row])[:MESSAGE]
                yield {
                    "sheet": sheet.name,
                    "row": row,
                    "kind": kind,
                    "uid": "",
                    "outcome": outcome,
                    "message": message,
                }


def _said(
    values: Mapping[str, Any] | None, links: Mapping[str, tuple[Ref, ...]] | None, made: Mapping[str, int]
) -> Any:
    return {
        "fields": {name: _plain(value, name, made) for name, value in (values or {}).items()},
        "links": {name: [_pk(ref, made) for ref in refs] for name, refs in (links or {}).items()},
    }


def _plain(value: Any, name: str, made: Mapping[str, int]) -> Any:
    if isinstance(value, (Decimal, date, datetime)):
        return str(value) if isinstance(value, Decimal) else value.isoformat()
    return made.get(value, value) if name.endswith("_id") and isinstance(value, str) else value


def _pk(ref: Ref, made: Mapping[str, int]) -> int:
    return made[ref] if isinstance(ref, str) else ref
