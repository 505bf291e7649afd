"""A plan, page by page: what is shown of each row is written once, into a small database beside the plan.

A page of 50 rows out of 100,000 then costs 50 rows.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.spreadsheets.columns import sheet_of_table
from kb.spreadsheets.drafts import FileRow
from kb.spreadsheets.plan import (
    CREATED,
    OUTCOMES,
    REFUSED,
    UNCHANGED,
    Entry,
    Plan,
    Reason,
    SheetPlan,
    reasons,
)
from kb.spreadsheets.planning import Table
from kb.spreadsheets.reading import coordinate, text_of

PAGE = 50
#: Of one cell, and of one row, so much is shown.
SHOWN, CELLS = 600, 60
WARNINGS, NOTES, REASONS = 50, 50, 12

_TABLE = """
CREATE TABLE shown (id INTEGER PRIMARY KEY, sheet TEXT NOT NULL, outcome TEXT NOT NULL, said TEXT NOT NULL);
CREATE INDEX shown_by_outcome ON shown (outcome, id);
CREATE INDEX shown_by_sheet ON shown (sheet, outcome, id);
"""


@dataclass
class Page:
    """Some rows of a plan, and how many there are with this filter."""

    rows: list[dict[str, Any]]
    total: int


def summary_of(plan: Plan) -> dict[str, Any]:
    """What the pages say of a plan as a whole."""
    sheets: list[dict[str, Any]] = [
        {
            "name": sheet.name,
            "target": sheet.target,
            "counts": sheet.counts(),
            "made": sum(e.table == e.root_table for e in sheet.made),
        }
        for sheet in plan.sheets
    ]
    why = reasons(plan.problems)
    return {
        "sheets": sheets,
        "counts": {outcome: sum(sheet["counts"][outcome] for sheet in sheets) for outcome in OUTCOMES},
        "made": sum(sheet["made"] for sheet in sheets),
        "writes": plan.writes,
        "reasons": [_reason(reason) for reason in why[:REASONS]],
        "more_reasons": max(0, len(why) - REASONS),
        "notes": [_cut(note) for note in plan.notes[:NOTES]],
        "warnings": [
            {**w.as_json(), "value": _cut(w.value), "message": _cut(w.message)}
            for w in plan.warnings[:WARNINGS]
        ],
        "more_warnings": max(0, len(plan.warnings) - WARNINGS),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    first = reason.first
    where = f"{first.sheet}!{first.cell}" if first.cell else first.sheet
    return {
        "where": where,
        "message": _cut(first.message),
        "others": reason.number - 1,
        "varies": reason.varies,
    }


def write_pages(plan: Plan, target: Path, tables: Iterable[Table]) -> None:
    """Write what the preview shows of a plan, which was made of these tables."""
    draft = target.with_name(f"{target.name}.draft")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(draft)) as database:
        database.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_TABLE}")
        with database:
            database.executemany(
                "INSERT INTO shown (sheet, outcome, said) VALUES (?, ?, ?)",
                (
                    (said["sheet"], said["outcome"], json.dumps(said))
                    for said in _rows(plan, {table.name: table for table in tables})
                ),
            )
    os.replace(draft, target)


def read_page(source: Path, *, sheet: str, outcome: str, number: int) -> Page:
    """A page of rows, the first is 1. Raises FileNotFoundError."""
    if not source.is_file():
        raise FileNotFoundError(source)
    conditions = {"sheet": sheet, "outcome": outcome}
    asked = {name: value for name, value in conditions.items() if value}
    where = " WHERE " + " AND ".join(f"{name} = :{name}" for name in asked) if asked else ""
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as database:
        # The names are the two above, never the asker's.
        total = database.execute(f"SELECT count(*) FROM shown{where}", asked).fetchone()[0]  # noqa: S608
        found = database.execute(
            f"SELECT said FROM shown{where} ORDER BY id LIMIT {PAGE} OFFSET :start",  # noqa: S608
            {**asked, "start": (number - 1) * PAGE},
        ).fetchall()
    return Page([json.loads(said) for (said,) in found], total)


def _rows(plan: Plan, tables: Mapping[str, Table]) -> Iterator[dict[str, Any]]:
    for sheet in plan.sheets:
        yield from _made(sheet)
        entries: dict[int, list[Entry]] = defaultdict(list)
        for entry in sheet.entries:
            entries[entry.row].append(entry)
        problems: dict[int, list[list[str]]] = defaultdict(list)
        for problem in sheet.problems:
            # Most messages name the value themselves.
            value = "" if problem.value and f"“{problem.value}”" in problem.message else problem.value
            problems[problem.row].append([problem.cell, _cut(value), _cut(problem.message)])
        in_file = _InFile(tables.get(sheet.name))
        for row in sorted({*sheet.outcomes, *problems}):
            outcome = sheet.outcomes.get(row, REFUSED)
            said = _of_entries(entries.get(row, []))
            if outcome in (CREATED, REFUSED) and not said["cells"]:
                said["cells"] = in_file.cells(row)[:CELLS]
            yield {
                **said,
                "sheet": sheet.name,
                "target": sheet.target,
                "row": row,
                "outcome": outcome,
                "problems": problems.get(row, [])[:CELLS],
                "uid": sheet.found.get(row, "") if outcome == UNCHANGED else "",
            }


class _InFile:
    """What the cells of a row say, by our columns; rows are asked for in their order, so none is kept."""

    def __init__(self, table: Table | None) -> None:
        self.rows = iter(table.rows) if table else iter(())
        places = table.mapped.positions if table else {}
        described = table.mapped.describing if table else {}
        beside = {f"{ref}.{name}": at for ref, names in described.items() for name, at in names.items()}
        self.places = sorted({**places, **beside}.items(), key=lambda pair: pair[1])
        constants = table.mapped.constants if table else {}
        self.constants = [
            [name, "", "", _cut(text)] for name, text in constants.items() if name not in places
        ]
        self.row: FileRow | None = None

    def cells(self, number: int) -> list[list[str]]:
        while self.row is None or self.row.number < number:
            self.row = next(self.rows, None)
            if self.row is None:
                return []
        if self.row.number != number:
            return []
        values = self.row.values
        found = [
            [name, coordinate(number, at), "", _cut(text_of(values[at], self.row.marks.get(at)))]
            for name, at in self.places
            if at < len(values) and values[at] is not None
        ]
        return found + self.constants


def _made(sheet: SheetPlan) -> Iterator[dict[str, Any]]:
    """Records that are made because a row names them."""
    for entry in sheet.made:
        if entry.table == entry.root_table:
            yield {
                **_of_entries([entry]),
                "sheet": sheet.name,
                "target": sheet_of_table(entry.table),
                "row": entry.row,
                "outcome": CREATED,
                "problems": [],
                "uid": "",
                "made": True,
            }


def _of_entries(entries: list[Entry]) -> dict[str, Any]:
    cells = [cell for entry in entries for cell in entry.cells]
    first = entries[0] if entries else None
    return {
        "name": _cut(first.name) if first else "",
        "root": first.root if first and isinstance(first.root, int) else None,
        "root_table": first.root_table if first else "",
        "cells": [[c.column, c.cell, _cut(c.old), _cut(c.new)] for c in cells[:CELLS]],
        "more": max(0, len(cells) - CELLS),
    }


def _cut(text: Any) -> str:
    text = str(text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text):,} characters)"
