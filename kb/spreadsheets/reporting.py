"""The editor's own workbook back, with what was refused marked and explained; or the refused rows alone.

It is made of what was read, not of the file's bytes: its macros, formulas and links do not come back.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from kb.spreadsheets.flow import called
from kb.spreadsheets.plan import REFUSED, NotWritten, Plan, Problem, SheetPlan
from kb.spreadsheets.reading import Row, Sheet, Workbook, column_number, letters

REFUSED_FILL = PatternFill("solid", fgColor="FFD9D2")
WARNED_FILL = PatternFill("solid", fgColor="FFF2CC")
BOLD = Font(bold=True)
#: What a cell holds, and a comment that somebody still reads.
LONGEST, LONGEST_COMMENT = 32_767, 1_500
REASONS = "Why it was refused"
AUTHOR = "Rejoinder"


def write_report(
    path: str | os.PathLike[str], workbook: Workbook, plan: Plan, *, refused_only: bool = False
) -> None:
    """Write the report as xlsx: refused cells coloured and commented, each row's reasons in a last column.

    With `refused_only` headers and refused rows alone, to be corrected and imported. Raises NotWritten; a file is there
    whole or not at all.
    """
    target = Path(path)
    book = Book(write_only=True)
    by_sheet = {sheet.name: sheet for sheet in plan.sheets}
    for sheet in workbook.sheets:
        name = called(workbook, sheet)
        if name in by_sheet:
            warnings = [warning for warning in plan.warnings if warning.sheet == name]
            _write_sheet(book, sheet, by_sheet[name], warnings, refused_only)
    if not book.worksheets:
        book.create_sheet("report")
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".xlsx", delete=False) as draft:
            book.save(draft)
        os.replace(draft.name, target)
    except OSError as reason:
        raise NotWritten(f"The report cannot be written to {target} ({reason.strerror}).") from reason


def _write_sheet(
    book: Any, sheet: Sheet, planned: SheetPlan, warnings: Iterable[Problem], refused_only: bool
) -> None:
    page = book.create_sheet(_title(book, planned.name))
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in planned.problems:
        by_row[problem.row].append(problem)
    warned: dict[int, list[Problem]] = defaultdict(list)
    for warning in warnings:
        warned[warning.row].append(warning)
    header = set(sheet.header.rows)
    last = 0
    for row in sheet.everything:
        if not refused_only:
            for _ in range(row.number - last - 1):
                page.append([])  # blank rows keep their numbers
            last = row.number
        if row.number in header:
            page.append([*_cells(page, sheet, row, BOLD), _text(page, REASONS, BOLD)])
        elif planned.outcomes.get(row.number) == REFUSED:
            page.append(_marked(page, sheet, row, by_row[row.number], REFUSED_FILL))
        elif not refused_only:
            found = warned.get(row.number)
            page.append(_marked(page, sheet, row, found, WARNED_FILL) if found else _cells(page, sheet, row))


def _title(book: Any, name: str) -> str:
    """A name that a sheet may have: 31 characters, none of `[]:*?/\\`, and not another's."""
    plain = "".join("_" if c in "[]:*?/\\" else c for c in name)[:31] or "sheet"
    taken = {title.casefold() for title in book.sheetnames}
    return next(
        t
        for n in range(len(taken) + 1)
        if (t := plain if not n else f"{plain[:27]} {n + 1}").casefold() not in taken
    )


def _cells(page: Any, sheet: Sheet, row: Row, font: Font | None = None) -> list[Any]:
    return [_text(page, row.text(index), font) for index in range(sheet.width)]


def _text(page: Any, text: str, font: Font | None = None) -> Any:
    """A cell of text: what begins with “=” stays a text."""
    cell = WriteOnlyCell(page, value=None)
    if text:
        cell.value = "".join(c for c in text if c >= " " or c in "\n\t")[:LONGEST]
        cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell


def _marked(page: Any, sheet: Sheet, row: Row, problems: Iterable[Problem], fill: PatternFill) -> list[Any]:
    cells = _cells(page, sheet, row)
    said: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        column = problem.cell.rstrip("0123456789")
        said[column_number(column) if column else 0].append(problem.message)
    for index, messages in said.items():
        if index < len(cells):
            cells[index].fill = fill
            cells[index].comment = Comment(
                "\n".join(messages)[:LONGEST_COMMENT], AUTHOR, height=120, width=360
            )
    reasons = [
        f"{letters(index)}: {message}" for index, several in sorted(said.items()) for message in several
    ]
    return [*cells, _text(page, "\n".join(reasons))]
