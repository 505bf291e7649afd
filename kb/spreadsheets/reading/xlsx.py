"""Workbooks of the xlsx family (ECMA-376, transitional and strict): what is in the package beside the sheets' rows.

Macros, pictures, charts, comments and pivot caches are never opened.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.spreadsheets.reading.collecting import Collector
from kb.spreadsheets.reading.formats import BUILT_IN, Shown, shown_by
from kb.spreadsheets.reading.limits import Limits, Unreadable
from kb.spreadsheets.reading.packages import (
    DAMAGED,
    Attributes,
    Package,
    elements,
    local,
    parse,
    parser,
    resolve,
)
from kb.spreadsheets.reading.xlsx_sheet import SheetParser, unescaped

KINDS = {"chartsheet": "a chart", "dialogsheet": "a dialogue", "macrosheet": "a sheet of macros"}


@dataclass
class Book:
    """What the sheets of a workbook share."""

    strings: list[str] = field(default_factory=list)
    styles: list[Shown] = field(default_factory=list)
    since_1904: bool = False
    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    """Name, relationship, hidden."""


def read_xlsx(package: Package, collector: Collector, limits: Limits, wanted: list[str] | None) -> None:
    """Read the sheets of an xlsx or xlsm file, or those that are `wanted` by name. Raises Unreadable."""
    workbook = _target(package, "_rels/.rels", "", "officeDocument") or "xl/workbook.xml"
    book = _book(package, workbook)
    related = _relationships(package, _relationships_of(workbook), workbook)
    for kind, name in related.values():
        if kind == "styles" and package.has(name):
            book.styles = _styles(package, name)
        elif kind == "sharedStrings" and package.has(name):
            book.strings = _strings(package, name, limits)
    for name, relation, hidden in book.sheets:
        kind, part = related.get(relation, ("", ""))
        if kind in KINDS:
            collector.notes.append(
                ("not a table", f"“{name}” is {KINDS[kind]}, not a table; it is left out.", "")
            )
            continue
        if not package.has(part):
            raise Unreadable(DAMAGED, sheet=name)
        collector.start(name, hidden=hidden)
        if wanted is None or name in wanted:
            SheetParser(book.strings, book.styles, book.since_1904, collector, limits).parse(package, part)
        collector.finish()


def _relationships_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _relationships(package: Package, part: str, base: str) -> dict[str, tuple[str, str]]:
    """By their ids: the kind of each relationship and the part that it leads to."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = kind, resolve(base, attributes.get("Target", ""))

    if package.has(part):
        elements(package, part, start)
    return found


def _target(package: Package, part: str, base: str, kind: str) -> str | None:
    return next((name for found, name in _relationships(package, part, base).values() if found == kind), None)


def _book(package: Package, workbook: str) -> Book:
    book = Book()

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            book.since_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet":
            relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            book.sheets.append((attributes.get("name", ""), relation, hidden))

    elements(package, workbook, start)
    return book


def _styles(package: Package, part: str) -> list[Shown]:
    """For each cell style, what its number format shows."""
    codes: dict[int, str] = {}
    styles: list[Shown] = []
    inside = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal inside
        if tag == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            number = int(attributes.get("numFmtId", 0))
            code = codes.get(number)
            styles.append(BUILT_IN.get(number, Shown.NUMBER) if code is None else shown_by(code))

    try:
        elements(package, part, start)
    except (KeyError, ValueError) as reason:
        raise Unreadable(DAMAGED) from reason
    return styles


def _strings(package: Package, part: str, limits: Limits) -> list[str]:
    """The shared strings; of rich text the letters alone, without the phonetic guides beside them."""
    strings: list[str] = []
    pieces: list[str] = []
    total = guides = 0

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal guides
        name = local(tag)
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            guides += 1
        elif name == "t" and not guides:
            made.CharacterDataHandler = pieces.append

    def end(tag: str) -> None:
        nonlocal guides, total
        name = local(tag)
        if name == "t":
            made.CharacterDataHandler = None
        elif name == "rPh":
            guides -= 1
        elif name == "si":
            text = "".join(pieces)
            total += len(text)
            if total > limits.characters:
                raise Unreadable("The file holds more text than is read. Divide it.")
            strings.append(unescaped(text))

    made = parser(start, end)
    with package.open(part) as source:
        parse(source, made)
    return strings
