"""Writing tables to files of every format and opening them again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kb.spreadsheets.layout import BY_NAME
from kb.spreadsheets.reading import read
from kb.spreadsheets.rows import Row
from kb.spreadsheets.writing import Table, Written, write

FORMATS = ("book.xlsx", "book.ods", "book.json", "book.zip")


def agents(cells: Sequence[tuple[str, ...]]) -> Table:
    """The sheet of agents with these cells; what is missing on the right is blank."""
    width = len(BY_NAME["agents"].columns)
    rows = [Row(n, f"agent-{n}", (*row, *[""] * (width - len(row)))) for n, row in enumerate(cells, 1)]
    return Table(BY_NAME["agents"], rows, len(rows))


def write_agents(out: Path, *cells: tuple[str, ...]) -> Written:
    return write(out, [agents(cells)])


def read_back(path: Path, sheet: str = "agents") -> list[tuple[str, ...]]:
    """The cells of a sheet below its header as our own reader sees them, in the columns of the layout."""
    book = read(path)
    found = book.by_name.get(sheet) or book.sheets[0]  # a csv file does not name its sheet
    at = {column.header: column.index for column in found.columns}
    return [
        tuple(row.text(at[name]) if name in at else "" for name in BY_NAME[sheet].by_name)
        for row in found.rows
    ]
