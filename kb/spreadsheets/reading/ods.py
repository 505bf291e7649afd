"""OpenDocument spreadsheets (OASIS OpenDocument 1.3, part 3: 9 and 19), as a stream.

A value is what its `office:value` says, text is the paragraphs of the cell; comments and drawings in it are not text.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from xml.parsers import expat

from kb.spreadsheets.reading.cells import LAST_ROW, Mark, Value, number
from kb.spreadsheets.reading.collecting import MERGES_KEPT, Collector, too_many_rows
from kb.spreadsheets.reading.formats import MIDNIGHT, iso
from kb.spreadsheets.reading.limits import Limits, Unreadable
from kb.spreadsheets.reading.packages import (
    CHUNK,
    DAMAGED,
    PASSWORD,
    Attributes,
    Package,
    elements,
    local,
    parse,
    parser,
)

DURATION = re.compile(r"(-)?P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d+))?S)?")
# Their text is not the cell's: comments, shapes, and the reading aids over East Asian characters.
BESIDE_THE_TEXT = {
    "annotation",
    "frame",
    "custom-shape",
    "g",
    "line",
    "rect",
    "ellipse",
    "control",
    "ruby-text",
    "shapes",
}
UNSEEN = {"collapse", "filter"}
NAMES: dict[str, str] = {}
"""Elements' names without their prefixes, found once."""


def read_ods(package: Package, collector: Collector, limits: Limits, wanted: list[str] | None) -> None:
    """Read the sheets of an ods file, or those that are `wanted` by name. Raises Unreadable."""
    if package.has("META-INF/manifest.xml"):
        elements(package, "META-INF/manifest.xml", _refuse_encrypted)
    if not package.has("content.xml"):
        raise Unreadable(DAMAGED)
    _refuse_many_rows(package, limits)
    reader = ContentParser(collector, limits, wanted)
    with package.open("content.xml") as source:
        parse(source, reader.parser)


def _refuse_many_rows(package: Package, limits: Limits) -> None:
    """Say so before parsing all that is allowed. Blank rows are written once, so that each row counts."""
    found, end = 0, b""
    with package.open("content.xml") as source:
        while chunk := source.read(CHUNK):
            found += (end + chunk).count(b"<table:table-row")
            end = chunk[-len("<table:table-row") + 1 :]
    if found > limits.rows + limits.rows // 4:
        raise Unreadable(too_many_rows(limits))


def _refuse_encrypted(tag: str, _: Attributes) -> None:
    if tag == "encryption-data":
        raise Unreadable(PASSWORD)


class ContentParser:
    """Reads the tables of `content.xml` into the collector."""

    def __init__(self, collector: Collector, limits: Limits, wanted: list[str] | None) -> None:
        self.collector = collector
        self.limits = limits
        self.wanted = wanted
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.depth = 0
        self.beside = 0
        self.skipped = False
        self.row_number = self.column = 0
        self.row_attributes: Attributes = {}
        self.values: list[Value] = []
        self.marks: dict[int, str] = {}
        self.cell: Attributes | None = None
        self.pieces: list[str] = []
        self.paragraphs = 0
        self.in_paragraph = False
        self.columns_seen = 0
        self.parser: expat.XMLParserType = parser(self.start, self.end)

    # --- elements --------------------------------------------------------------------------------------------------

    def start(self, tag: str, attributes: Attributes) -> None:
        name = NAMES.get(tag) or NAMES.setdefault(tag, local(tag))
        if self.beside or name in BESIDE_THE_TEXT:
            self.beside += 1
            self.parser.CharacterDataHandler = None
        elif name == "table":
            self._table(attributes)
        elif self.depth > 1 or self.skipped:
            return
        elif self.cell is not None:
            self._inside_cell(name, attributes)
        elif name == "table-cell" or name == "covered-table-cell":
            self.cell, self.paragraphs = attributes, 0
            self.pieces.clear()
        elif name == "table-row":
            self.row_attributes, self.values, self.marks, self.column = attributes, [], {}, 0
        elif name == "table-column":
            self._column(attributes)
        elif name == "style":
            self.style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self.hidden_styles.add(self.style)

    def _inside_cell(self, name: str, attributes: Attributes) -> None:
        if name == "p" or name == "h":
            if self.paragraphs:
                self.pieces.append("\n")
            self.paragraphs += 1
            self.in_paragraph = True
            self.parser.CharacterDataHandler = self.pieces.append
        elif name == "s":
            spaces = self._count(attributes, "text:c")
            if spaces > self.limits.cell_characters:
                raise self.collector.refuse(DAMAGED, f"{self.row_number + 1}")
            self.pieces.append(" " * spaces)
        elif name == "tab":
            self.pieces.append("\t")
        elif name == "line-break":
            self.pieces.append("\n")

    def end(self, tag: str) -> None:
        if self.beside:
            self.beside -= 1
            if not self.beside and self.in_paragraph:
                self.parser.CharacterDataHandler = self.pieces.append
            return
        name = NAMES[tag]
        if name == "table":
            self._end_table()
        elif self.depth != 1 or self.skipped:
            return
        elif name == "p" or name == "h":
            self.in_paragraph = False
            self.parser.CharacterDataHandler = None
        elif name == "table-cell" or name == "covered-table-cell":
            if self.cell is not None:
                self._cell(self.cell)
                self.cell = None
        elif name == "table-row":
            self._row()

    def _end_table(self) -> None:
        self.depth -= 1
        if not self.depth:
            self.collector.finish()
            self.skipped = False

    def _table(self, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > 1:  # a table inside a cell, which no program shows
            return
        name = attributes.get("table:name", "")
        self.collector.start(name, hidden=attributes.get("table:style-name", "") in self.hidden_styles)
        self.skipped = self.wanted is not None and name not in self.wanted
        self.row_number = self.columns_seen = 0

    def _column(self, attributes: Attributes) -> None:
        count = self._count(attributes, "table:number-columns-repeated")
        if attributes.get("table:visibility") in UNSEEN:
            last = min(self.columns_seen + count, self.limits.columns)
            self.collector.sheet.hidden_columns.extend(range(self.columns_seen, last))
        self.columns_seen += count

    def _count(self, attributes: Attributes, name: str) -> int:
        written = attributes.get(name)
        if written is None:
            return 1
        if not written.isdigit() or len(written) > 12:
            raise self.collector.refuse(DAMAGED, f"{self.row_number + 1}")
        return int(written)

    # --- cells and rows --------------------------------------------------------------------------------------------

    def _cell(self, cell: Attributes) -> None:
        count = self._count(cell, "table:number-columns-repeated")
        value, mark = self._value(cell)
        row = self.row_number + 1
        if value is not None or mark is not None:
            self.collector.check_column(row, self.column + count - 1)
            self.values.extend([None] * (self.column - len(self.values)))
            self.values.extend([value] * count)
            if mark is not None:
                self.marks.update(dict.fromkeys(range(self.column, self.column + count), mark))
            if "table:formula" in cell and value is not None:
                formulas = self.collector.sheet.formulas
                formulas[self.column] = formulas.get(self.column, 0) + 1
        if "table:number-columns-spanned" in cell or "table:number-rows-spanned" in cell:
            self._merge(cell, row)
        self.column += count

    def _merge(self, cell: Attributes, row: int) -> None:
        wide = self._count(cell, "table:number-columns-spanned")
        high = self._count(cell, "table:number-rows-spanned")
        if (wide > 1 or high > 1) and len(self.collector.sheet.merges) < MERGES_KEPT:
            self.collector.sheet.merges.append((row, self.column, row + high - 1, self.column + wide - 1))

    def _value(self, cell: Attributes) -> tuple[Value, Mark | None]:
        kind = cell.get("office:value-type", "")
        if kind == "string" and self.paragraphs == 1 and "table:formula" not in cell:
            return "".join(self.pieces) or None, None
        if cell.get("calcext:value-type") == "error":
            return "".join(self.pieces) or "#ERROR", Mark.ERROR
        if kind in ("float", "currency"):
            return number(cell.get("office:value", ""))
        if kind == "percentage":
            value, mark = number(cell.get("office:value", ""))
            return value, mark or Mark.PERCENT
        if kind == "date":
            return _date(cell.get("office:date-value", "")), None
        if kind == "time":
            return _time(cell.get("office:time-value", "")), None
        if kind == "boolean":
            return cell.get("office:boolean-value") == "true", None
        text = "".join(self.pieces) if self.paragraphs else cell.get("office:string-value", "")
        if not text and not kind and "table:formula" in cell:
            return None, Mark.UNCALCULATED
        return text or None, None

    def _row(self) -> None:
        count = self._count(self.row_attributes, "table:number-rows-repeated")
        if self.values or self.marks:
            first = self.row_number + 1
            self.collector.check_rows(first, count)
            if first + count - 1 > LAST_ROW:
                raise self.collector.refuse(DAMAGED, f"{first}")
            if self.row_attributes.get("table:visibility") in UNSEEN:
                self.collector.sheet.hidden_rows.extend(range(first, first + count))
            if count == 1:
                self.collector.row(first, self.values, self.marks or None)
            for row in range(first, first + count if count > 1 else first):
                self.collector.row(row, list(self.values), dict(self.marks) or None)
        self.row_number += count


def _date(text: str) -> Value:
    value = iso(text)
    if isinstance(value, datetime) and value.microsecond:
        # LibreOffice writes what is left of a fraction of a day.
        value = (value + timedelta(microseconds=500)).replace(microsecond=value.microsecond // 1000 * 1000)
    return value or None


def _time(text: str) -> Value:
    """A time of day, or a stretch of time where it is no time of a day; the text where it is neither."""
    found = DURATION.fullmatch(text)
    if not found:
        return text or None
    sign, days, hours, minutes, seconds, fraction = found.groups()
    try:
        span = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            milliseconds=round(int((fraction or "0")[:6].ljust(6, "0")) / 1000),
        )
    except OverflowError:
        return text
    if sign:
        return -span
    return (MIDNIGHT + span).time() if span < timedelta(days=1) else span
