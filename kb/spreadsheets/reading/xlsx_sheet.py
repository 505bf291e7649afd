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

from kb.spreadsheets.reading.cells import LAST_ROW, Mark, Value, column_number, number
from kb.spreadsheets.reading.collecting import MERGES_KEPT, Collector
from kb.spreadsheets.reading.formats import Shown, dated, iso
from kb.spreadsheets.reading.limits import Limits, amount
from kb.spreadsheets.reading.packages import BROKEN, CHUNK, DAMAGED, Attributes, Package, local, parser

REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,10})")
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
# One alternative for each thing that may stand there; the last takes all that is left, once.
PLAIN = re.compile(
    r'(<c)(?: r="([A-Z]{1,3})([0-9]{1,9})")?(?: s="([0-9]{1,6})")?(?: t="([a-zA-Z]{1,9})")?'
    r"(?: ?/>|>(?:(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?<v>([^<]*)</v>"
    r'|<is><t(?: xml:space="preserve")?(?: ?/>|>([^<]*)</t>)</is>)?</c>)'
    r"|(</row>)"
    r'|(<row)(?: r="([0-9]{1,12})")?((?: [^<>]*?)?)(/?)>'
    r"|[ \t\n]+"
    r"|([\s\S]+)"
)
ROW_ATTRIBUTE = re.compile(r' ([A-Za-z0-9:]+)="([^"<&]*)"')
# Where one of these is, the XML parser goes on alone: comments, CDATA, and what XML itself would refuse or change.
NOT_PLAIN = (b"<!", b"<?", b"]]>", b"\xef\xbf\xbe", b"\xef\xbf\xbf")
CONTROL = bytes(range(9)) + bytes(range(11, 32))
REFERENCES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
XML_REFERENCE = re.compile(r"&(amp|lt|gt|quot|apos);|&([\s\S]?)")
ROW_END = "</row>"

PlainRow = tuple[str, bool, list[Value], dict[int, str], list[int]]
"""Number as written, hidden, values, marks, and the columns of formulas."""
RawCell = tuple[int, str, str, str | None, bool]
"""Column, style, type, text (None where there is no value), and whether it has a formula."""


def unescaped(text: str) -> str:
    """Text with the escapes `_x000D_` of ECMA-376 (22.4.2.4) resolved."""
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


COLUMNS: dict[str, int] = {}


def _column(name: str) -> int:
    return COLUMNS.setdefault(name, column_number(name))


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
            except BROKEN as reason:
                raise self.collector.refuse(DAMAGED, f"{self.last_row + 1}") from reason

    def _parse(self, head: bytes, source: IO[bytes], slow: XmlRows) -> None:
        opening, tag, rest = head.partition(b"<sheetData>")
        if (
            not tag
            or b"<!" in opening
            or not re.match(rb"(\xef\xbb\xbf)?(<\?xml[^>]*?utf-8[^>]*\?>)?\s*<worksheet\b", opening, re.I)
        ):
            slow.feed(iter([head]), source)
            return
        for rows in chunks_of_rows(rest, source):
            if isinstance(rows, bytes):
                # What follows the last whole row, up to the end of the part: merged cells and the like, or, where a
                # chunk was not plain, all the rest.
                slow.feed(iter([opening, tag, rows]), source)
                return
            try:
                found = self.plain_rows(rows)
            except Odd:
                slow.feed(iter([opening, tag, rows.encode(), b"</sheetData></worksheet>"]))
                continue
            for written, hidden, values, marks, formulas in found:
                self.take(self.row_number(written), hidden, values, marks, formulas)

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

    def plain_rows(self, chunk: str) -> list[PlainRow]:
        """The rows of the simple form, all of them. Raises Odd where a character is left over."""
        rows: list[PlainRow] = []
        row: PlainRow | None = None
        values: list[Value] = []
        strings, plain_styles, columns, most = self.strings, self.plain_styles, COLUMNS, self.limits.columns
        column, value, mark = -1, cast(Value, None), cast("Mark | None", None)
        for (
            cell, name, number_, style, kind, formula, text, inline, end, opened, row_number, attributes, empty, rest,
        ) in PLAIN.findall(chunk):  # fmt: skip
            if cell:
                if row is None or (name and number_ != row[0]):
                    raise Odd
                column = (columns.get(name) or _column(name)) if name else column + 1
                if kind == "s":
                    value, mark = self._plain_shared(text, strings), None
                elif kind == "inlineStr" or kind == "str":
                    text = text or inline
                    value, mark = (
                        (unescaped(referenced(text)) if "&" in text or "_" in text else text) or None,
                        None,
                    )
                elif (
                    text.isdigit() and len(text) < 16 and (not kind or kind == "n") and style in plain_styles
                ):
                    value, mark = int(text), None
                elif text:
                    value, mark = self._value(style, kind, referenced(text))
                elif formula or inline:
                    raise Odd
                else:
                    continue
                if value is None:
                    continue
                if column != len(values):
                    if column < len(values) or column >= most:
                        raise Odd
                    values.extend([None] * (column - len(values)))
                values.append(value)
                if mark is not None:
                    row[3][column] = mark
                if formula:
                    row[4].append(column)
            elif end:
                if row is None:
                    raise Odd
                rows.append(row)
                row = None
            elif opened:
                if row is not None:
                    raise Odd
                values, column = [], -1
                row = row_number, is_hidden(attributes), values, {}, []
                if empty:
                    rows.append(row)
                    row = None
            elif rest:
                raise Odd
        if row is not None:
            raise Odd
        return rows

    @staticmethod
    def _plain_shared(text: str, strings: list[str]) -> str | None:
        try:
            return strings[int(text)] or None
        except (IndexError, ValueError) as reason:
            raise Odd from reason

    def row(self, attributes: Attributes, cells: list[RawCell]) -> None:
        """Take one row as the XML parser found it. Raises Unreadable where it is impossible."""
        number_ = self.row_number(attributes.get("r", ""))
        values: list[Value] = []
        marks: dict[int, str] = {}
        formulas: list[int] = []
        for column, style, kind, text, formula in cells:
            self.collector.check_column(number_, column)
            if text is None:
                marks[column] = Mark.UNCALCULATED
                continue
            value, mark = (
                (self._shared(text, number_), None) if kind == "s" else self._value(style, kind, text)
            )
            if value is None:
                continue
            if column < len(values):
                raise self.collector.refuse(DAMAGED, f"{number_}")
            values.extend([None] * (column - len(values)))
            values.append(value)
            if mark is not None:
                marks[column] = mark
            if formula:
                formulas.append(column)
        self.take(number_, attributes.get("hidden") in ("1", "true"), values, marks, formulas)

    def take(
        self, number_: int, hidden: bool, values: list[Value], marks: dict[int, str], formulas: list[int]
    ) -> None:
        """Hand a row on. Raises Unreadable."""
        if hidden and (values or marks):
            self.collector.sheet.hidden_rows.append(number_)
        for column in formulas:
            self.collector.sheet.formulas[column] = self.collector.sheet.formulas.get(column, 0) + 1
        self.collector.row(number_, values, marks or None)

    def row_number(self, written: str) -> int:
        """The number of the next row, which the file writes or leaves out. Raises Unreadable."""
        if not written:
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
                f"Row {found} stands in the file twice or out of order. Open it in the spreadsheet program and save "
                "it again.",
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
            rows = rest[:end]
            if 0 <= close < end or any(mark in rows for mark in NOT_PLAIN):
                break
            if len(rows.translate(None, CONTROL)) != len(rows):
                break
            yield rows.decode("utf-8")
            rest = rest[end:]
        if close >= 0 or len(rest) > 64 * CHUNK or not (more := source.read(CHUNK)):
            break
        rest += more
    yield rest


@lru_cache(maxsize=1_000)
def is_hidden(attributes: str) -> bool:
    """Whether a row's attributes, beside its number, hide it. Raises Odd."""
    if ROW_ATTRIBUTE.sub("", attributes):
        raise Odd
    found = dict(ROW_ATTRIBUTE.findall(attributes))
    if "r" in found:
        raise Odd
    return found.get("hidden") in ("1", "true")


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
                (int(corner[2]), self.sheet.columns(corner[1]))
                for corner in cast("list[re.Match[str]]", corners)
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
