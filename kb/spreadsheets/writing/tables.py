"""What goes into a file: sheets with their rows, and the texts that are too long for a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.models import AnonymousUser, User

from kb.editorial.cell_text import FILE, too_long
from kb.spreadsheets.layout import SHEETS, Sheet
from kb.spreadsheets.rows import Row, Rows, all_records, hidden_from, published, rows

#: The folder of long texts, beside the sheets.
TEXTS = "texts"
#: What xlsx has room for, its header included; LibreOffice the same.
MOST_ROWS = 1_048_576

#: Called with the sheet, the rows of it that are done, and how many it has.
Progress = Callable[[Sheet, int, int], None]

_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")


class CannotWrite(Exception):
    """The file cannot be written. The message tells an editor why, and what would do."""


@dataclass(frozen=True)
class Table:
    """A sheet and its rows. `total` is how many rows there are (were, when they were counted)."""

    sheet: Sheet
    rows: Iterable[Row]
    total: int = 0

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.sheet.columns)


@dataclass
class Beside:
    """Takes the texts that no cell holds into files of a folder, and remembers them."""

    folder: Path
    names: list[str] = field(default_factory=list)

    def cells(self, table: Table) -> Iterator[tuple[str, ...]]:
        """The rows of a table, with the name of a file in place of each text that is too long."""
        for row in table.rows:
            if any(map(too_long, row.cells)):
                columns = zip(table.header, row.cells, strict=True)
                yield tuple(self._kept(table, row, *column) for column in columns)
            else:
                yield row.cells

    def _kept(self, table: Table, row: Row, column: str, cell: str) -> str:
        if not too_long(cell):
            return cell
        record = row.name if _SAFE_NAME.fullmatch(row.name) else str(row.pk)
        name = f"{TEXTS}/{table.sheet.name}.{record}.{column}.txt"
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(cell, encoding="utf-8", newline="")
        self.names.append(name)
        return FILE + name


def tables(
    names: Sequence[str] | None = None,
    *,
    user: User | AnonymousUser | None = None,
    published_only: bool = False,
    template: bool = False,
    progress: Progress | None = None,
) -> list[Table]:
    """The sheets to write, in the workbook's order, their rows streamed from the database.

    `names`: these sheets alone. `user`: with their rights, so without the sheets and cells that they may not see; None
    is the command line, which sees all. `published_only`: see `rows.published`. `template`: no rows.
    Raises CannotWrite for a sheet that does not exist or may not be seen.
    """
    hidden = {sheet.name: frozenset[str]() for sheet in SHEETS} if user is None else hidden_from(user)
    for name in names or ():
        if name not in hidden:
            raise CannotWrite(
                f"There is no sheet “{name}”{'' if user is None else ' that you may see'}. "
                f"The sheets are: {', '.join(hidden) or 'none'}."
            )
    found = []
    for sheet in SHEETS:
        if sheet.name not in hidden or (names and sheet.name not in names):
            continue
        if template:
            found.append(Table(sheet, ()))
            continue
        records = published(sheet) if published_only else all_records(sheet)
        total = records.count()
        found.append(Table(sheet, _counted(sheet, records, hidden[sheet.name], total, progress), total))
    return found


def _counted(
    sheet: Sheet, records: Rows, hidden: frozenset[str], total: int, progress: Progress | None
) -> Iterator[Row]:
    done = 0
    for done, row in enumerate(rows(sheet, records, hidden=hidden), 1):
        if progress and done % 100 == 0:
            progress(sheet, done, total)
        yield row
    if progress:
        progress(sheet, done, done)


def check_size(table: Table) -> None:
    """Raise CannotWrite where a spreadsheet program has not enough rows."""
    if table.total >= MOST_ROWS:
        raise CannotWrite(
            f"The sheet “{table.sheet.name}” has {table.total:,} rows, and a spreadsheet holds {MOST_ROWS - 1:,}. "
            "Export to a folder or .zip of csv files, or to .json, which have no limit."
        )
