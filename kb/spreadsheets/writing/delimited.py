"""The workbook as csv: a file for each sheet, in a folder or a zip, or one sheet as one file.

UTF-8 with a byte order mark, without which Excel takes it for the encoding of its country; commas, and lines that end
as RFC 4180 says. A cell that a spreadsheet program would take for a formula has a backslash before it, which reading
drops (`cell_text.protect`); plain negative numbers are left alone.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from kb.editorial.cell_text import protect
from kb.spreadsheets.layout import EXPLANATION
from kb.spreadsheets.writing import guide
from kb.spreadsheets.writing.tables import Beside, Table

README = f"{EXPLANATION}.txt"


def write_csv(path: Path, tables: Sequence[Table], beside: Beside) -> None:
    """One sheet as one file; `tables` holds it alone."""
    (table,) = tables
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.header)
        for cells in beside.cells(table):
            writer.writerow(map(protect, cells))


def write_folder(folder: Path, tables: Sequence[Table], beside: Beside) -> list[str]:
    """A file for each sheet, and one that explains them. Returns the names of the files."""
    names = []
    for table in tables:
        names.append(f"{table.sheet.name}.csv")
        write_csv(folder / names[-1], [table], beside)
    lines = [*guide.INTRODUCTION, ""]
    for sheet in (table.sheet for table in tables):
        lines += [f"{sheet.name}.csv"]
        for explained in guide.explain([sheet]):
            marks = "".join([", needed" * explained.required, ", several" * explained.several])
            listed = f" One of: {', '.join(explained.choices)}." if explained.choices else ""
            lines.append(f"  {explained.column}{marks}: {explained.words}{listed}")
        lines.append("")
    (folder / README).write_text("\n".join(lines), encoding="utf-8", newline="")
    return [*names, README, *beside.names]
