"""The record of a batch: what became of every row, with what it takes to put it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from kb.models import ImportedRow, StatedValue
from kb.models.revision import revisions
from kb.spreadsheets import storing
from kb.spreadsheets.columns import BY_LABEL
from kb.spreadsheets.layout import BY_NAME
from kb.spreadsheets.plan import CHANGED, CREATED, REFUSED, UNCHANGED, Entry, Plan, Ref, SheetPlan
from kb.spreadsheets.staging import Staging

#: Kind of a row in the record → model: `claim`, `appearance`.
BY_KIND: Mapping[str, type[models.Model]] = {
    label.rpartition(".")[2]: model for label, model in BY_LABEL.items()
}
_KIND = {label: label.rpartition(".")[2] for label in BY_LABEL}
MESSAGE = 2_000
FIRST_REVISION = 1
_STATED = StatedValue._meta.label_lower

#: A record of the database that is changed, or gets a part: the row of the batch waits for its revision.
Known = tuple[Entry, dict[str, Any]]


def stage_rows(batch: int, plan: Plan, made: Mapping[str, int], staging: Staging) -> list[Known]:
    """Stage the rows of a batch: every record made or changed, every row left alone or refused.

    A record that was made is told by its uid alone: what it was made as stands in its history. Those that belong to a
    record which is there are returned for `record_known`, since only the writing tells their revision; so are those of
    a record with dates that lean on an event: computing them counts as a change.
    """
    rows: list[dict[str, Any]] = []
    known: list[Known] = []
    leaning = _leaning(plan)
    for sheet in plan.sheets:
        for entry in (*sheet.made, *sheet.entries):
            row = _of_entry(sheet.name, entry, made)
            rows.append(row)
            if isinstance(entry.root, int) or entry.root in leaning:
                known.append((entry, row))
        rows.extend(_of_others(sheet))
    for row, pk in zip(rows, storing.allocate(ImportedRow, len(rows)), strict=True):
        row["id"], row["batch_id"] = pk, batch
    later = {id(row) for _, row in known}
    staging.put(ImportedRow, [row for row in rows if id(row) not in later])
    return known


def note_found(known: list[Known]) -> None:
    """Note at the rows of records that are there the revisions that they are found at. Called before any is written."""
    found = _revisions_of((entry for entry, _ in known if isinstance(entry.root, int)), {})
    for entry, row in known:
        if isinstance(entry.root, int):
            row["found"] = found[entry.root_table].get(entry.root)


def record_known(known: list[Known], made: Mapping[str, int]) -> None:
    """Write the rows of records that were there, with their revisions as they are now."""
    now = _revisions_of((entry for entry, _ in known), made)
    for entry, row in known:
        row["revision"] = now[entry.root_table].get(_pk(entry.root, made))
    storing.insert(ImportedRow, [row for _, row in known])


def _leaning(plan: Plan) -> set[Ref]:
    """The records that are made with a date that leans on an event."""
    return {
        entry.root
        for entry in plan.entries()
        if entry.table == _STATED and entry.values.get("relative_to_id") is not None
    }


def _revisions_of(entries: Iterable[Entry], made: Mapping[str, int]) -> Mapping[str, Mapping[int, int]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        wanted[entry.root_table].add(_pk(entry.root, made))
    return {table: revisions(BY_LABEL[table], pks) for table, pks in wanted.items()}  # type: ignore[arg-type]


def _of_entry(sheet: str, entry: Entry, made: Mapping[str, int]) -> dict[str, Any]:
    row = {
        "sheet": sheet,
        "row": entry.row,
        "kind": _KIND[entry.table],
        "uid": entry.uid,
        "outcome": CREATED if entry.pk is None else CHANGED,
    }
    if entry.pk is not None:
        row["before"] = _said(entry.before, entry.links_before, made)
        row["after"] = None if entry.gone else _said(entry.values, entry.links, made)
    if isinstance(entry.root, str):
        # Its parts are written before it, and do not raise it.
        row["revision"] = FIRST_REVISION
    return row


def _of_others(sheet: SheetPlan) -> Iterator[dict[str, Any]]:
    """Rows that were left alone or refused."""
    kind = str(BY_NAME[sheet.target].model._meta.model_name)
    messages: dict[int, list[str]] = defaultdict(list)
    for problem in sheet.problems:
        messages[problem.row].append(
            f"{problem.cell}: {problem.message}" if problem.cell else problem.message
        )
    for row, outcome in sheet.outcomes.items():
        told = {"sheet": sheet.name, "row": row, "kind": kind, "outcome": outcome}
        if outcome == UNCHANGED:
            yield {**told, "uid": sheet.found.get(row, "")}
        elif outcome == REFUSED:
            yield {**told, "uid": "", "message": "\n".join(messages[row])[:MESSAGE]}


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
