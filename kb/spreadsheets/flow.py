"""The flow from a file to a plan, for the admin, the command line and the tests alike: read → map → plan.

What follows is `applying.apply`, `undoing.undo` and `reporting.write_report`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePath
from typing import IO

from kb.spreadsheets import synonyms
from kb.spreadsheets.choices import Choices, MappingError, sheet_named
from kb.spreadsheets.columns import all_columns
from kb.spreadsheets.drafts import first_texts
from kb.spreadsheets.foreseeing import foreseen
from kb.spreadsheets.foreseeing_names import one_sided_names
from kb.spreadsheets.layout import BY_NAME, EXPLANATION, LISTS, SHEETS, Sheet
from kb.spreadsheets.mapping import SAMPLE, map_columns
from kb.spreadsheets.plan import Plan
from kb.spreadsheets.planning import Progress, Table, plan
from kb.spreadsheets.planning_rows import needed_and_empty
from kb.spreadsheets.reading import Limits, ReadOptions, Workbook, read
from kb.spreadsheets.reading import Sheet as TheirSheet
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.said_before import said_before
from kb.spreadsheets.which_sheet import sheet_by_columns, sheet_by_name


def known_headers() -> frozenset[str]:
    """Words that are certainly headers, case-folded: our columns and what others call them."""
    words = {name for sheet in SHEETS for name in all_columns(sheet.name)}
    for table in (synonyms.ANYWHERE, *synonyms.ON.values()):
        for listed in table.values():
            words.update(synonyms.words(listed))
    return frozenset(word.casefold() for word in words)


def read_workbook(
    file: str | os.PathLike[str] | IO[bytes],
    *,
    file_name: str = "",
    options: ReadOptions | None = None,
    limits: Limits | None = None,
) -> Workbook:
    """Read a file, knowing our headers. Raises Unreadable."""
    options = replace(options or ReadOptions(), known_headers=known_headers())
    return read(file, file_name=file_name, limits=limits, options=options)


def called(workbook: Workbook, sheet: TheirSheet) -> str:
    """A sheet's name, or where the format knows none the file's."""
    return sheet.name or PurePath(workbook.file_name).stem


def tables(
    workbook: Workbook, choices: Choices | None = None, by_sheet: Mapping[str, Choices] | None = None
) -> tuple[list[Table], list[str]]:
    """The sheets of a file as sheets of ours, and notes on what is left out.

    `choices` hold for every sheet, `by_sheet` for those named as the file names them. Raises MappingError where nothing
    is left to import, and for choices that cannot be.
    """
    choices = choices or Choices()
    found: list[Table] = []
    notes: list[str] = []
    candidates = [
        sheet
        for sheet in workbook.sheets
        if sheet.read and len(sheet.rows) and not _is_beside_ours(workbook, sheet)
    ]
    for sheet in candidates:
        name = called(workbook, sheet)
        own = (by_sheet or {}).get(name, Choices()).over(choices)
        target = _target(sheet, name, own, alone=len(candidates) == 1, named=name in (by_sheet or {}))
        if isinstance(target, str):
            notes.append(target)
            continue
        table = as_table(sheet, target, own, name=name, strict=len(candidates) == 1)
        found.append(table)
        left = [
            f"{m.letter} “{m.header}”" + (f" ({m.why})" if m.why else "")
            for m in table.mapped.unmapped
            if m.header
        ]
        if left:
            notes.append(f"Columns of “{name}” that are left out: {'; '.join(left)}")
    if not found:
        raise MappingError(" ".join(notes) or "The file has no sheet with rows.")
    return found, notes


def _is_beside_ours(workbook: Workbook, sheet: TheirSheet) -> bool:
    """Whether it is one of the sheets that an export of ours adds to explain the others and to choose from."""
    return sheet.name in (EXPLANATION, LISTS) and all(
        one.name in BY_NAME for one in workbook.sheets if one.name not in (EXPLANATION, LISTS)
    )


def as_table(sheet: TheirSheet, target: Sheet, choices: Choices, *, name: str, strict: bool = True) -> Table:
    """One of their sheets as one of ours."""
    headers = [column.header for column in sheet.columns]
    mapped = map_columns(target, headers, choices, samples=samples(sheet), strict=strict)
    return Table(name, sheet.rows, mapped)


def samples(sheet: TheirSheet) -> dict[int, list[str]]:
    """Some texts of each column."""
    return first_texts(list(islice(sheet.rows, SAMPLE)), sheet.width)


def _target(sheet: TheirSheet, name: str, choices: Choices, *, alone: bool, named: bool) -> Sheet | str:
    """The sheet that one of theirs is, or why it is left out."""
    by_name = sheet_by_name(name)
    if choices.into and (alone or named or by_name is None or by_name.name == choices.into):
        if sheet.hidden and not alone and not named:
            return f"The sheet “{name}” is hidden and is left out."
        return sheet_named(choices.into)
    if by_name is not None and (not alone or _fits(sheet, by_name)):
        return by_name
    if sheet.hidden and not alone:
        return f"The sheet “{name}” is hidden and is left out."
    guessed = sheet_by_columns([column.header for column in sheet.columns], samples(sheet))
    if guessed is not None:
        return guessed
    ours = ", ".join(s.name for s in SHEETS)
    return f"It is not clear what the rows of “{name}” are. Say which sheet they go into: {ours}."


def _fits(sheet: TheirSheet, target: Sheet) -> bool:
    """Whether a sheet that is named like one of ours, which a file's name may be by chance, has a column of it."""
    mapped = map_columns(
        target, [c.header for c in sheet.columns], Choices(), samples=samples(sheet), strict=False
    )
    needed = {c.name for c in target.columns if c.required} - {"kind", "type"}
    return bool(needed.intersection(mapped.positions))


def plan_file(
    workbook: Workbook,
    *,
    rights: Rights,
    choices: Choices | None = None,
    by_sheet: Mapping[str, Choices] | None = None,
    profile: str = "",
    progress: Progress | None = None,
) -> Plan:
    """What importing a file would do. Raises MappingError and PermissionDenied."""
    mapped, notes = tables(workbook, choices, by_sheet)
    made = plan_tables(workbook, mapped, rights=rights, profile=profile, progress=progress)
    made.notes = [*notes, *made.notes]
    return made


def plan_tables(
    workbook: Workbook,
    mapped: Sequence[Table],
    *,
    rights: Rights,
    profile: str = "",
    progress: Progress | None = None,
) -> Plan:
    """What importing these sheets of a file would do. Raises PermissionDenied."""
    made = plan(
        mapped,
        rights=rights,
        file_name=workbook.file_name,
        sha256=workbook.sha256,
        profile=profile,
        progress=progress,
    )
    made.warnings += foreseen(made, mapped)
    before, partly = said_before(made, mapped)
    made.warnings += before
    made.warnings += one_sided_names(made, mapped)
    lacking = (note for table in mapped for note in _lacking(table, made))
    made.notes = [*lacking, *partly, *(note.message for note in workbook.all_notes)]
    return made


def _lacking(table: Table, made: Plan) -> Iterator[str]:
    """What is said once of a whole sheet: the columns that it has not, and for which rows are refused."""
    refused = {
        problem.message for sheet in made.sheets for problem in sheet.problems if sheet.name == table.name
    }
    mapped = table.mapped
    for column in mapped.sheet.columns:
        there = column.name in mapped.positions or column.name in mapped.constants
        if not there and needed_and_empty(column.name) in refused:
            yield (
                f"“{table.name}” has no column for “{column.name}”, and no new record can be without it. Say which of "
                f"its columns that is, or what every row has there."
            )
