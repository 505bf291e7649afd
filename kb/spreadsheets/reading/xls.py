"""The old binary workbooks (.xls), by calamine.

Excel 97 to 2003 wrote them, and nothing needs to any more. calamine reads the values and dates right; it says nothing
of hidden rows, of formulas, and of errors, which it gives as blanks: the editor is told so.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from kb.spreadsheets.reading.cells import Mark, Value, number
from kb.spreadsheets.reading.collecting import MERGES_KEPT, Collector
from kb.spreadsheets.reading.limits import Unreadable
from kb.spreadsheets.reading.packages import DAMAGED, PASSWORD

OLD = (
    "This is a workbook of the old kind (.xls). Hidden rows cannot be told in it, and a cell with an error reads as "
    "blank. Saved as .xlsx it is read in full."
)


def read_xls(data: bytes, collector: Collector, wanted: list[str] | None) -> None:
    """Read the sheets of an xls file, or those that are `wanted` by name. Raises Unreadable."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError as reason:
        raise Unreadable(PASSWORD) from reason
    except (CalamineError, ValueError, OSError) as reason:
        raise Unreadable(DAMAGED) from reason
    collector.notes.append(("old workbook", OLD, ""))
    for described in book.sheets_metadata:
        if described.typ not in (SheetTypeEnum.WorkSheet,):
            collector.notes.append(("not a table", f"“{described.name}” is not a table; it is left out.", ""))
            continue
        facts = collector.start(described.name, hidden=described.visible != SheetVisibleEnum.Visible)
        if wanted is not None and described.name not in wanted:
            continue
        try:
            sheet = book.get_sheet_by_name(described.name)
        except (CalamineError, ValueError) as reason:
            raise Unreadable(DAMAGED, sheet=described.name) from reason
        top, left = sheet.start or (0, 0)
        for (first, one), (last, other) in (sheet.merged_cell_ranges or [])[:MERGES_KEPT]:
            facts.merges.append((first + 1, one, last + 1, other))
        for index, cells in enumerate(sheet.to_python(skip_empty_area=True)):
            collector.check_column(top + index + 1, left + len(cells) - 1)
            values: list[Value] = [None] * left
            marks: dict[int, str] = {}
            for cell in cells:
                value, mark = _value(cell)
                if mark is not None:
                    marks[len(values)] = mark
                values.append(value)
            collector.row(top + index + 1, values, marks or None)
        collector.finish()


def _value(cell: object) -> tuple[Value, Mark | None]:
    if isinstance(cell, float):
        return number(repr(cell))
    if isinstance(cell, datetime) and cell.time() == time(0):
        return cell.date(), None
    if isinstance(cell, (str, bool, int, Decimal, date)) or cell is None:
        return cell or (None if isinstance(cell, str) else cell), None
    return cell, None  # type: ignore[return-value]
