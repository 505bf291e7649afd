"""The workbook as xlsx: text cells alone, frozen headers, drop-downs, and a sheet that explains each column."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape

from django.db import models
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

from kb.models import Attribute
from kb.spreadsheets.layout import EXPLANATION, LISTS, Column, Sheet, field_at
from kb.spreadsheets.writing import guide
from kb.spreadsheets.writing.archive import TimelessZip
from kb.spreadsheets.writing.tables import MOST_ROWS, Beside, Table, check_size

#: So many rows beyond those written can be filled, and their keys chosen elsewhere.
SPARE_ROWS = 200
#: Keys of a sheet that is not in the file are offered up to this many.
MOST_OFFERED = 5_000
WIDTHS = {"key": 30, "uid": 16, "prose": 60, "line": 36, "other": 18}
NO_TIME = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
#: What a reader of xlsx would take for an escaped character (ECMA-376, 22.4.2.4).
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def write_xlsx(path: Path, tables: Sequence[Table], beside: Beside) -> None:
    """Write the tables, the sheet that explains them and a hidden one with the lists to choose from, streaming.

    Every cell is a text: what begins with “=” is no formula. Raises CannotWrite where there are too many rows.
    """
    for table in tables:
        check_size(table)
    book = Workbook(write_only=True)
    with ExitStack() as files:
        try:
            rows = _fill(book, tables, beside, files)
        except BaseException:
            _discard(book)
            raise
        book.properties.creator = ""
        book.properties.created = book.properties.modified = NO_TIME
        with _Spliced(path, rows) as archive:
            ExcelWriter(book, archive).write_data()


def _fill(book: Any, tables: Sequence[Table], beside: Beside, files: ExitStack) -> list[IO[bytes]]:
    """Make the sheets. Returns the rows of those of the tables, which come first."""
    styles = _Styles(book)
    rows: list[IO[bytes]] = []
    written = {}
    for table in tables:
        rows.append(files.enter_context(TemporaryFile(dir=beside.folder)))  # noqa: SIM115 - closed by the stack
        written[table.sheet.name] = _write_table(book, styles, table, beside.cells(table), rows[-1])
    _explain(book, styles, [table.sheet for table in tables])
    lists = _Lists(written)
    for table in tables:
        worksheet = book[table.sheet.name]
        for index, column in enumerate(table.sheet.columns, 1):
            if validation := lists.validation(table.sheet, column):
                letter = get_column_letter(index)
                validation.add(f"{letter}2:{letter}{MOST_ROWS}")
                worksheet.data_validations.append(validation)
    lists.write(book, styles)
    return rows


class _Spliced(TimelessZip):
    """Puts the rows of the first sheets below the header that openpyxl has written.

    Cell by cell, openpyxl takes ten times as long for them.
    """

    def __init__(self, file: Path, rows: Sequence[IO[bytes]]) -> None:
        super().__init__(file)
        self.rows = {f"xl/worksheets/sheet{number}.xml": part for number, part in enumerate(rows, 1)}

    def write(self, filename: Any, arcname: Any = None, *args: Any, **kwargs: Any) -> None:
        rows = self.rows.get(arcname)
        if rows is None:
            super().write(filename, arcname)
            return
        start, end, rest = Path(filename).read_bytes().rpartition(b"</sheetData>")
        rows.seek(0)
        with self.begin(arcname) as sheet:
            sheet.write(start)
            shutil.copyfileobj(rows, sheet, 1 << 20)
            sheet.write(end + rest)


def _discard(book: Any) -> None:
    """Remove the temporary files that openpyxl writes sheets to, which it would keep until the process ends."""
    for worksheet in book.worksheets:
        worksheet.close()
        worksheet._writer.cleanup()


class _Styles:
    """The two looks of cells, both of text, so that no program makes a number or a date of what is typed."""

    def __init__(self, book: Any) -> None:
        self.looks = (
            NamedStyle("desk text", number_format="@", alignment=Alignment(vertical="top")),
            NamedStyle("desk header", number_format="@", font=Font(bold=True)),
        )
        for look in self.looks:
            book.add_named_style(look)

    def row(self, worksheet: Any, cells: Iterable[str], *, header: bool = False) -> None:
        """Add a row of text cells; blank ones are left out."""
        cell = WriteOnlyCell(worksheet)
        cell.style = self.looks[header].name
        # Each is written before the next is asked for, so that one cell serves them all.
        worksheet.append(_filled(cell, text) if text else None for text in cells)

    def number_of_plain(self, worksheet: Any) -> int:
        """The number by which cells of a sheet refer to the plain look."""
        cell = WriteOnlyCell(worksheet)
        cell.style = self.looks[0].name
        return int(cell.style_id)


def _filled(cell: Any, text: str) -> Any:
    cell.value = _without_escapes(text)
    cell.data_type = "s"  # openpyxl would take “=1+1” for a formula, and “#N/A” for an error
    return cell


def _without_escapes(text: str) -> str:
    return _LIKE_AN_ESCAPE.sub("_x005F_", text) if "_x" in text else text


def _write_table(
    book: Any, styles: _Styles, table: Table, rows: Iterable[tuple[str, ...]], out: IO[bytes]
) -> int:
    """Make the sheet of a table with its header, and write its rows to `out`; returns how many there are."""
    worksheet = book.create_sheet(table.sheet.name)
    letters = [get_column_letter(index) for index in range(1, len(table.header) + 1)]
    for letter, column in zip(letters, table.sheet.columns, strict=True):
        worksheet.column_dimensions[letter].width = WIDTHS[_kind(table.sheet, column)]
        worksheet.column_dimensions[letter].number_format = "@"
    worksheet.freeze_panes = "B2"
    styles.row(worksheet, table.header, header=True)
    look = styles.number_of_plain(worksheet)
    number = 1
    for number, cells in enumerate(rows, 2):  # noqa: B007 - the last one counts
        filled = (
            f'<c r="{letter}{number}" s="{look}" t="inlineStr"><is><t xml:space="preserve">'
            f"{escape(_without_escapes(cell))}</t></is></c>"
            for letter, cell in zip(letters, cells, strict=True)
            if cell
        )
        out.write(f'<row r="{number}">{"".join(filled)}</row>'.encode())
    return number - 1


def _kind(sheet: Sheet, column: Column) -> str:
    if column.name in ("key", "uid"):
        return column.name
    field = field_at(sheet.model, column.fields[0])
    if isinstance(field, models.TextField):
        return "prose"
    return "line" if isinstance(field, models.CharField) and (field.max_length or 0) > 100 else "other"


def _explain(book: Any, styles: _Styles, sheets: Sequence[Sheet]) -> None:
    worksheet = book.create_sheet(EXPLANATION)
    for letter, width in zip("ABCDEF", (18, 20, 10, 10, 100, 60), strict=True):
        worksheet.column_dimensions[letter].width = width
    for line in guide.INTRODUCTION:
        styles.row(worksheet, (line,))
    worksheet.append([])
    styles.row(worksheet, guide.Explained.HEADER, header=True)
    for explained in guide.explain(sheets):
        styles.row(worksheet, explained.cells)


class _Lists:
    """What drop-downs offer. A list in the drop-down itself holds 255 characters, so they stand in a hidden sheet;
    keys are offered from the sheet that has them, so that new ones can be chosen too."""

    def __init__(self, written: dict[str, int]) -> None:
        self.written = written
        self.columns: dict[str, tuple[str, ...]] = {}

    def validation(self, sheet: Sheet, column: Column) -> Any:
        """The drop-down of a column; None where it has none."""
        listed = guide.choices(sheet, column)
        if listed:
            found = DataValidation(
                "list", self._range(f"{sheet.name}.{column.name}", listed), allow_blank=True
            )
            found.errorStyle = "warning"
            found.errorTitle = column.name
            found.error = "This is none of the values in the list. A hyphen (-) empties the field."
            found.showErrorMessage = True
            return found
        model = guide.refers_to(sheet, column)
        source = self._keys(model) if model else ""
        # Names may stand here too, and several of them: what is not in the list is no error.
        return DataValidation("list", source, allow_blank=True) if source else None

    def _keys(self, model: type[models.Model]) -> str:
        other = guide.sheet_of(model)
        if other and other.name in self.written:
            return f"{other.name}!$A$2:$A${min(self.written[other.name] + 1 + SPARE_ROWS, MOST_ROWS)}"
        name = "attributes" if model is Attribute else other.name if other else ""
        if not name:
            return ""
        if name not in self.columns:
            keys = model._default_manager.order_by("key").values_list("key", flat=True)[: MOST_OFFERED + 1]
            self.columns[name] = tuple(keys) if len(keys) <= MOST_OFFERED else ()
        return self._range(name, self.columns[name])

    def _range(self, name: str, values: tuple[str, ...]) -> str:
        """Where in the hidden sheet some values stand; "" where there are none."""
        if not values:
            return ""
        same = next((known for known, others in self.columns.items() if others == values), name)
        self.columns.setdefault(same, values)
        letter = get_column_letter([n for n in self.columns if self.columns[n]].index(same) + 1)
        return f"{LISTS}!${letter}$2:${letter}${len(values) + 1}"

    def write(self, book: Any, styles: _Styles) -> None:
        worksheet = book.create_sheet(LISTS)
        worksheet.sheet_state = "hidden"
        filled = {name: values for name, values in self.columns.items() if values}
        styles.row(worksheet, list(filled), header=True)
        for values in zip_longest(*filled.values(), fillvalue=""):
            styles.row(worksheet, values)
