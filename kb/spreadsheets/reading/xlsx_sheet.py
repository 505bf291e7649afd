"""The rows of one xlsx sheet.

Most rows of most files are of one simple form, and one regular expression reads them, several times faster than an
XML parser calling back into Python. It must account for every character of what it reads; whatever it cannot is
given to the XML parser. So both read the same, and a test holds them to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, cast
from xml.parsers import expat

from kb.spreadsheets.reading.cells import LAST_ROW, Mark, Value, column_number, number
from kb.spreadsheets.reading.collecting import MERGES_KEPT, Collector
from kb.spreadsheets.reading.formats import Shown, dated, iso
from kb.spreadsheets.reading.limits import Limits, amount
from kb.spreadsheets.reading.packages import CHUNK, DAMAGED, Attributes, Package, local, parser

REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,10})")
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
# One alternative for each thing that may stand there; the last takes all that is left, once.
PLAIN = re.compile(
    r'(<c)(?: r="([A-Z]{1,3})([0-9]{1,7})")?(?: s="([0-9]{1,6})")?(?: t="([a-zA-Z]{1,9})")?'
    r'(?:/>|>(?:(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
    r"|(</row>)"
    r"|(<row)(?: ([^<>]*?))?(/?)>"
    r"|[ \t\n]+"
    r"|([\s\S]+)"
)
ROW_ATTRIBUTE = re.compile(r'([A-Za-z0-9:]+)="([^"<&]*)"')
# Where one of these is, the XML parser goes on alone: comments, CDATA, and what XML itself would refuse or change.
NOT_PLAIN = re.compile("<[!?]|[\x00-\x08\x0b-\x1f\ufffe\uffff]|]]>")
REFERENCES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
XML_REFERENCE = re.compile(r"&(amp|lt|gt|quot|apos);|&([\s\S]?)")
ROW_END = "</row>"

RawCell = tuple[int, str, str, str | None, bool]
"""Column, style, type, text (None where there is no value), and whether it has a formula."""


def unescaped(text: str) -> str:
    """Text with the escapes `_x000D_` of ECMA-376 (22.4.2.4) resolved."""
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Odd(Exception):
    """Not of the simple form; the XML parser reads it."""


class SheetParser:
    """Reads one sheet into the collector."""

    def __init__(
        self, strings: list[str], styles: list[Shown], since_1904: bool, collector: Collector, limits: Limits
    ) -> None:
        self.strings = strings
        self.styles = styles
        self.collector = collector
        self.limits = limits
        self.plain_styles = frozenset(
            {"", *(str(i) for i, shown in enumerate(styles) if shown is Shown.NUMBER)}
        )
        self.dated = lru_cache(maxsize=10_000)(
            lambda text, style: dated(text, self._shown(style), since_1904=since_1904)
        )
        self.columns = lru_cache(maxsize=1_000)(column_number)
        self.last_row = 0

    def parse(self, package: Package, part: str) -> None:
        """Raises Unreadable."""
        slow = XmlRows(self)
        with package.open(part) as source:
            head = self._head(source)
            try:
                self._parse(head, source, slow)
            except (expat.ExpatError, UnicodeDecodeError) as reason:
                raise self.collector.refuse(DAMAGED, f"{self.last_row + 1}") from reason

    def _parse(self, head: bytes, source: IO[bytes], slow: XmlRows) -> None:
        opening, tag, rest = head.partition(b"<sheetData>")
        if not tag or b"<!" in opening or not re.match(rb'(\xef\xbb\xbf)?(<\?xml[^>]*?utf-8[^>]*\?>)?\s*<worksheet\b', opening, re.I):
            slow.feed(iter([head]), source)
            return
        for rows in chunks_of_rows(rest, source):
            if isinstance(rows, bytes):
                # What follows the last whole row, up to the end of the part: merged cells and the like, or, where a
                # chunk was not plain, all the rest.
                slow.feed(iter([opening, tag, rows]), source)
                return
            try:
                found = plain_rows(rows)
            except Odd:
                slow.feed(iter([opening, tag, rows.encode(), b"</sheetData></worksheet>"]))
                continue
            for attributes, cells in found:
                self.row(attributes, cells)

    @staticmethod
    def _head(source: IO[bytes]) -> bytes:
        head = source.read(CHUNK)
        while b"<sheetData>" not in head and len(head) < 4 * CHUNK and (more := source.read(CHUNK)):
            head += more
        return head

    def _shown(self, style: str) -> Shown:
        try:
            return self.styles[int(style)] if style else Shown.NUMBER
        except (IndexError, ValueError):
            return Shown.NUMBER

    # --- rows ------------------------------------------------------------------------------------------------------

    def row(self, attributes: Attributes, cells: list[RawCell]) -> None:
        """Take one row. Raises Unreadable where its number is impossible."""
        number_ = self.row_number(attributes)
        if not cells:
            return
        values: list[Value] = []
        marks: dict[int, str] = {}
        for column, style, kind, text, formula in cells:
            if text is None:
                if formula:
                    marks[column] = Mark.UNCALCULATED
                    self.collector.check_column(number_, column)
                continue
            if column < len(values):
                raise self.collector.refuse(DAMAGED, f"{number_}")
            if column > len(values):
                self.collector.check_column(number_, column)
                values.extend([None] * (column - len(values)))
            if kind == "s":
                value = self._shared(text, number_)
            elif (not kind or kind == "n") and style in self.plain_styles and text.isdigit() and len(text) < 16:
                value = int(text)
            else:
                value, mark = self._value(style, kind, text)
                if mark is not None:
                    marks[column] = mark
            if formula:
                self.collector.sheet.formulas[column] = self.collector.sheet.formulas.get(column, 0) + 1
            values.append(value)
        if attributes.get("hidden") in ("1", "true") and (values or marks):
            self.collector.sheet.hidden_rows.append(number_)
        self.collector.row(number_, values, marks or None)

    def row_number(self, attributes: Attributes) -> int:
        written = attributes.get("r")
        if written is None:
            self.last_row += 1
            return self.last_row
        if not written.isdigit() or len(written) > 12:
            raise self.collector.refuse(DAMAGED)
        found = int(written)
        if found > LAST_ROW:
            raise self.collector.refuse(
                f"The file counts rows up to {amount(found)}, and no sheet has more than {amount(LAST_ROW)}. "
                "Open it in the spreadsheet program and save it again.",
                f"{found}",
            )
        if found <= self.last_row:
            raise self.collector.refuse(
                f"Row {found} stands in the file twice or out of order. Open it in the spreadsheet program and save it again.",
                f"{found}",
            )
        self.last_row = found
        return found

    def _shared(self, text: str, row: int) -> str | None:
        try:
            return self.strings[int(text)] or None
        except (IndexError, ValueError) as reason:
            raise self.collector.refuse(DAMAGED, f"{row}") from reason

    def _value(self, style: str, kind: str, text: str) -> tuple[Value, Mark | None]:
        if kind in ("inlineStr", "str"):
            return unescaped(text) or None, None
        if not text.strip():
            return None, None
        if kind in ("", "n"):
            return number(text) if style in self.plain_styles else self.dated(text, style)
        if kind == "b":
            return text.strip() in ("1", "true"), None
        if kind == "e":
            return text, Mark.ERROR
        return (iso(text), None) if kind == "d" else (text, None)


def chunks_of_rows(rest: bytes, source: IO[bytes]) -> Iterator[str | bytes]:
    """The rows after `<sheetData>`: text of whole rows, as long as it is plain, and at last the bytes that are left."""
    while True:
        end = rest.rfind(b"</row>")
        close = rest.find(b"</sheetData>")
        if end >= 0:
            end += len(ROW_END)
            rows = rest[:end].decode("utf-8")
            if NOT_PLAIN.search(rows) or 0 <= close < end:
                break
            yield rows
            rest = rest[end:]
        if close >= 0 or len(rest) > 64 * CHUNK or not (more := source.read(CHUNK)):
            break
        rest += more
    yield rest


def plain_rows(text: str) -> list[tuple[Attributes, list[RawCell]]]:
    """The rows of the simple form. Raises Odd where a character is left that it does not account for."""
    rows: list[tuple[Attributes, list[RawCell]]] = []
    cells: list[RawCell] = []
    attributes: Attributes | None = None
    columns = COLUMNS
    column, row_number = -1, ""
    for cell, name, row, style, kind, formula, value, inline, end, opened, written, empty, rest in PLAIN.findall(text):
        if cell:
            if attributes is None:
                raise Odd
            if not name:
                column += 1
            elif row != row_number:
                raise Odd
            else:
                column = columns.get(name, -1)
                if column < 0:
                    column = columns[name] = column_number(name)
            if kind == "inlineStr":
                cells.append((column, style, kind, referenced(inline), False))
            elif value:
                cells.append((column, style, kind, referenced(value), bool(formula)))
            elif formula or inline:
                raise Odd
        elif end:
            if attributes is None:
                raise Odd
            rows.append((attributes, cells))
            cells, attributes = [], None
        elif opened:
            if attributes is not None:
                raise Odd
            attributes, column = row_attributes(written), -1
            row_number = attributes.get("r", "")
            if empty:
                rows.append((attributes, []))
                attributes = None
        elif rest:
            raise Odd
    if attributes is not None:
        raise Odd
    return rows


COLUMNS: dict[str, int] = {}


def row_attributes(text: str) -> Attributes:
    attributes = dict(ROW_ATTRIBUTE.findall(text))
    if ROW_ATTRIBUTE.sub("", text).strip():
        raise Odd
    return attributes


def referenced(text: str) -> str:
    """Text with XML's own references resolved. Raises Odd at any other."""
    if "&" not in text:
        return text
    return XML_REFERENCE.sub(_reference, text)


def _reference(found: re.Match[str]) -> str:
    if not found[1]:
        raise Odd
    return REFERENCES[found[1]]


class XmlRows:
    """The same by an XML parser: any sheet that is well-formed."""

    def __init__(self, sheet: SheetParser) -> None:
        self.sheet = sheet
        self.facts = sheet.collector.sheet
        self.cells: list[RawCell] = []
        self.row: Attributes = {}
        self.pieces: list[str] = []
        self.cell: Attributes | None = None
        self.text: str | None = None
        self.formula = False
        self.guides = 0
        self.column = -1

    def feed(self, pieces: Iterator[bytes], source: IO[bytes] | None = None) -> None:
        """Parse a whole document, given as pieces and the rest of its source. Raises ExpatError."""
        self.parser = parser(self.start, self.end)
        for piece in pieces:
            self.parser.Parse(piece, False)
        while source is not None and (piece := source.read(CHUNK)):
            self.parser.Parse(piece, False)
        self.parser.Parse(b"", True)

    def start(self, tag: str, attributes: Attributes) -> None:
        name = local(tag) if ":" in tag else tag
        if name == "c":
            self.cell, self.text, self.formula = attributes, None, False
        elif name in ("v", "t"):
            if self.cell is not None and not self.guides:
                self.pieces.clear()
                self.parser.CharacterDataHandler = self.pieces.append
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.row, self.cells, self.column = attributes, [], -1
        elif name == "rPh":
            self.guides += 1
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            self._hidden_columns(attributes)

    def end(self, tag: str) -> None:
        name = local(tag) if ":" in tag else tag
        if name in ("v", "t"):
            self.parser.CharacterDataHandler = None
            if self.cell is not None and not self.guides:
                self.text = (self.text or "") + "".join(self.pieces)
                self.pieces.clear()
        elif name == "rPh":
            self.guides -= 1
        elif name == "c" and self.cell is not None:
            self._cell(self.cell)
            self.cell = None
        elif name == "row":
            self.sheet.row(self.row, self.cells)

    def _cell(self, cell: Attributes) -> None:
        reference = cell.get("r")
        if reference is None:
            self.column += 1
        else:
            found = REFERENCE.fullmatch(reference)
            if not found or found[2] != self.row.get("r", found[2]):
                raise self.sheet.collector.refuse(DAMAGED, reference[:20])
            self.column = self.sheet.columns(found[1])
        kind = cell.get("t", "")
        if self.text == "" and kind not in ("inlineStr", "str", "s"):
            self.text = None
        if self.text is not None or self.formula:
            self.cells.append((self.column, cell.get("s", ""), kind, self.text, self.formula))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        corners = [REFERENCE.fullmatch(corner) for corner in (first, last or first)]
        if all(corners) and len(self.facts.merges) < MERGES_KEPT:
            (top, left), (bottom, right) = (
                (int(corner[2]), self.sheet.columns(corner[1])) for corner in cast("list[re.Match[str]]", corners)
            )
            self.facts.merges.append((top, left, bottom, right))

    def _hidden_columns(self, attributes: Attributes) -> None:
        try:
            first, last = int(attributes["min"]), int(attributes["max"])
        except (KeyError, ValueError):
            return
        known = set(self.facts.hidden_columns)
        for column in range(first - 1, min(last, self.sheet.limits.columns)):
            if column not in known:
                self.facts.hidden_columns.append(column)
