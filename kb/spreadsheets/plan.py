"""What an import would do, as plain values: kept between two requests, counted, shown page by page, applied.

A plan of 100,000 rows is one object for each record that it writes, and nothing for a row that it leaves alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

CREATED, CHANGED, UNCHANGED, REFUSED = OUTCOMES = ("created", "changed", "unchanged", "refused")

_QUOTED = re.compile("“[^”]*”")

#: A record that is there (its primary key), or one that the plan makes (its uid).
Ref = int | str


class NotWritten(Exception):
    """The report could not be written; the message says why."""


@dataclass(slots=True)
class Cell:
    """One cell of a row that changes something: our column, where the cell is, what stands there now and then."""

    column: str
    cell: str
    old: str
    new: str


@dataclass(slots=True)
class Entry:
    """One record that is written. `table` is the model's label (`kb.claim`).

    `pk` is None for a record that is made; `root` is the aggregate that it belongs to (itself, for one that is an
    aggregate), `revision` that of the aggregate as it was read. `values` are the columns that are written (all that are
    given, for one that is made), `before` what they were; `links` are whole lists, new and old. References in them
    are `Ref`. `needs` are the uids of the records made by this plan that it refers to. `gone`: it is deleted.
    """

    row: int
    table: str
    pk: int | None
    uid: str
    name: str
    root: Ref
    root_table: str
    revision: int | None
    values: dict[str, Any]
    before: dict[str, Any] | None = None
    links: dict[str, tuple[Ref, ...]] | None = None
    links_before: dict[str, tuple[Ref, ...]] | None = None
    needs: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    gone: bool = False


@dataclass(slots=True, frozen=True)
class Problem:
    """What is wrong with a cell, or with a whole row or sheet (then `cell` is its first cell, or "")."""

    sheet: str
    cell: str
    value: str
    message: str
    row: int = 0

    def as_json(self) -> dict[str, str]:
        return {"sheet": self.sheet, "cell": self.cell, "value": self.value, "message": self.message}


@dataclass(slots=True)
class Reason:
    """Why some rows are refused: the first of the problems that are alike, and how many there are.

    They stand in one column and say the same, or the same of different values (then `varies`).
    """

    first: Problem
    number: int = 0
    varies: bool = False


def reasons(problems: Iterable[Problem]) -> list[Reason]:
    """The problems, those alike taken together, most frequent first."""
    found: dict[tuple[str, str, str], Reason] = {}
    for problem in problems:
        column = problem.cell.rstrip("0123456789")
        said = _QUOTED.sub("“…”", problem.message, count=1) if problem.value else problem.message
        reason = found.setdefault((problem.sheet, column, said), Reason(problem))
        reason.number += 1
        reason.varies = reason.varies or problem.message != reason.first.message
    return sorted(found.values(), key=lambda reason: -reason.number)


@dataclass
class SheetPlan:
    """What becomes of the rows of one sheet. `name` is theirs, `target` ours."""

    name: str
    target: str
    outcomes: dict[int, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Rows that are unchanged: the record that they are.
    found: dict[int, str] = field(default_factory=dict)
    #: Records made for references, beside those of the rows.
    made: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, row: int, cell: str, value: str, message: str) -> None:
        self.problems.append(Problem(self.name, cell, value, message, row))
        self.outcomes[row] = REFUSED

    def counts(self) -> dict[str, int]:
        counts = dict.fromkeys(OUTCOMES, 0)
        for outcome in self.outcomes.values():
            counts[outcome] += 1
        return counts

    def rows(self, *outcomes: str) -> list[int]:
        """The numbers of the rows with one of these outcomes, in order."""
        return sorted(row for row, outcome in self.outcomes.items() if outcome in outcomes)


@dataclass
class Plan:
    """All that an import would do. `owner` is the primary key of whose rights it was made with."""

    file_name: str
    sha256: str
    owner: int
    made_at: datetime
    sheets: list[SheetPlan] = field(default_factory=list)
    profile: str = ""
    #: What concerns the file as a whole: sheets and columns that are left out.
    notes: list[str] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        return [problem for sheet in self.sheets for problem in sheet.problems]

    def entries(self) -> Iterator[Entry]:
        """Every record that would be written, those made for references first."""
        for sheet in self.sheets:
            yield from sheet.made
        for sheet in self.sheets:
            yield from sheet.entries

    @property
    def writes(self) -> bool:
        return any(sheet.made or sheet.entries for sheet in self.sheets)

    def counts(self) -> dict[str, dict[str, int]]:
        """By our sheets: how many rows are created, changed, unchanged, refused. Records made for references count as
        created on the sheet of their kind.
        """
        counts: dict[str, dict[str, int]] = {}
        for sheet in self.sheets:
            into = counts.setdefault(sheet.target, dict.fromkeys(OUTCOMES, 0))
            for outcome, number in sheet.counts().items():
                into[outcome] += number
        for table, number in self._made().items():
            counts.setdefault(table, dict.fromkeys(OUTCOMES, 0))[CREATED] += number
        return counts

    def _made(self) -> Mapping[str, int]:
        from kb.spreadsheets.columns import sheet_of_table

        counts: dict[str, int] = {}
        for sheet in self.sheets:
            for entry in sheet.made:
                target = sheet_of_table(entry.table)
                if target and entry.table == entry.root_table:
                    counts[target] = counts.get(target, 0) + 1
        return counts

    def settle(self, name_of: Callable[[str], str] = lambda uid: "") -> None:
        """Refuse every row that leans on a refused one, and drop what is made for rows that are all refused.

        `name_of` gives the key of a record that the file speaks of, by its uid.
        """
        gone: dict[str, str] = {}
        while True:
            gone.update(self._drop_refused())
            there = {entry.uid for entry in self.entries() if entry.pk is None}
            fallen = 0
            for sheet in self.sheets:
                for entry in sheet.entries:
                    missing = [uid for uid in entry.needs if uid not in there]
                    if missing and sheet.outcomes.get(entry.row) != REFUSED:
                        what = gone.get(missing[0]) or name_of(missing[0]) or "a record"
                        sheet.refuse(
                            entry.row,
                            f"A{entry.row}",
                            what,
                            f"“{what}” is refused, and this row refers to it.",
                        )
                        fallen += 1
            if not fallen:
                break
        self._drop_unused()
        for sheet in self.sheets:
            sheet.problems.sort(key=_place)

    def _drop_refused(self) -> dict[str, str]:
        gone: dict[str, str] = {}
        for sheet in self.sheets:
            kept = []
            for entry in sheet.entries:
                if sheet.outcomes.get(entry.row) == REFUSED:
                    gone[entry.uid] = entry.name
                else:
                    kept.append(entry)
            sheet.entries = kept
        return gone

    def _drop_unused(self) -> None:
        wanted = {uid for sheet in self.sheets for entry in sheet.entries for uid in entry.needs}
        made = [entry for sheet in self.sheets for entry in sheet.made]
        roots = {e.root for e in made if e.uid in wanted}
        roots |= {uid for e in made if e.uid in wanted for uid in e.needs}
        for sheet in self.sheets:
            sheet.made = [e for e in sheet.made if e.root in roots or e.uid in wanted]


def _place(problem: Problem) -> tuple[int, int, str]:
    """The order in which a reader meets them: by row, then by column (B is before AA)."""
    column = problem.cell.rstrip("0123456789")
    return problem.row, len(column), column


def needs_of(values: Iterable[Any], links: Mapping[str, tuple[Ref, ...]] | None = None) -> tuple[str, ...]:
    """The uids among references, each once."""
    found = {value: None for value in values if value.__class__ is str}
    for refs in links.values() if links else ():
        for ref in refs:
            if ref.__class__ is str:
                found[ref] = None
    return tuple(found)
