"""The workbook as ods (OpenDocument 1.3, part 3): text cells alone, frozen headers, and a sheet that explains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from kb.spreadsheets.layout import EXPLANATION
from kb.spreadsheets.writing import guide
from kb.spreadsheets.writing.archive import TimelessZip, member
from kb.spreadsheets.writing.tables import Beside, Table, check_size

MIME = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{address}"'
    for name, address in {
        "office": "office:1.0",
        "table": "table:1.0",
        "text": "text:1.0",
        "style": "style:1.0",
        "number": "datastyle:1.0",
        "fo": "xsl-fo-compatible:1.0",
        "config": "config:1.0",
    }.items()
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: Typed into such a cell, 1945-08 stays what was typed.
STYLES = (
    '<office:automatic-styles><number:text-style style:name="N1"><number:text-content/></number:text-style>'
    '<style:style style:name="text" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="header" style:family="table-cell" style:data-style-name="N1">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="wide" style:family="table-column">'
    '<style:table-column-properties style:column-width="5cm"/></style:style></office:automatic-styles>'
)
MANIFEST = (
    f'{DECLARATION}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
#: What would be taken for one space, or for none at the ends of a line.
_WHITE = re.compile(r"\t|^ +| +$| {2,}")


def write_ods(path: Path, tables: Sequence[Table], beside: Beside) -> None:
    """Write the tables and the sheet that explains them, streaming. Raises CannotWrite for too many rows."""
    for table in tables:
        check_size(table)
    with TimelessZip(path) as archive:
        # First and unpacked, so that the kind of file can be told from its first bytes.
        archive.writestr(member("mimetype", packed=False), MIME)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("settings.xml", _settings([table.sheet.name for table in tables]))
        with archive.begin("content.xml") as out:
            _write(out, f'{DECLARATION}<office:document-content {NAMESPACES} office:version="1.3">{STYLES}')
            _write(out, "<office:body><office:spreadsheet>")
            for table in tables:
                _open_table(out, table.sheet.name, len(table.header))
                header = _row(table.header, look="header")
                _write(out, f"<table:table-header-rows>{header}</table:table-header-rows>")
                for cells in beside.cells(table):
                    _write(out, _row(cells))
                _write(out, "</table:table>")
            _explain(out, tables)
            _write(out, "</office:spreadsheet></office:body></office:document-content>")


def _write(out: IO[bytes], text: str) -> None:
    out.write(text.encode())


def _open_table(out: IO[bytes], name: str, width: int) -> None:
    columns = f'<table:table-column table:style-name="wide" table:number-columns-repeated="{width}" '
    _write(out, f"<table:table table:name={quoteattr(name)}>{columns}")
    _write(out, 'table:default-cell-style-name="text"/>')


def _row(cells: Iterable[str], look: str = "text") -> str:
    parts = ["<table:table-row>"]
    for blank, group in groupby(cells, lambda cell: not cell):
        if blank:
            parts.append(f'<table:table-cell table:number-columns-repeated="{len(list(group))}"/>')
        else:
            parts += (_cell(cell, look) for cell in group)
    return "".join([*parts, "</table:table-row>"])


def _cell(text: str, look: str) -> str:
    paragraphs = "".join(f"<text:p>{_paragraph(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell table:style-name="{look}" office:value-type="string">{paragraphs}</table:table-cell>'


def _paragraph(line: str) -> str:
    return _WHITE.sub(_white, escape(line))


def _white(found: re.Match[str]) -> str:
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'


def _explain(out: IO[bytes], tables: Sequence[Table]) -> None:
    _open_table(out, EXPLANATION, len(guide.Explained.HEADER))
    for line in guide.INTRODUCTION:
        _write(out, _row([line]))
    _write(out, _row([""]))
    _write(out, _row(guide.Explained.HEADER, look="header"))
    for explained in guide.explain([table.sheet for table in tables]):
        _write(out, _row(explained.cells))
    _write(out, "</table:table>")


def _settings(names: Iterable[str]) -> str:
    """The first row and column of each sheet stay in sight."""
    frozen = {
        "HorizontalSplitMode": ("short", 2),
        "VerticalSplitMode": ("short", 2),
        "HorizontalSplitPosition": ("int", 1),
        "VerticalSplitPosition": ("int", 1),
        "PositionRight": ("int", 1),
        "PositionBottom": ("int", 1),
    }
    items = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
        for name, (kind, value) in frozen.items()
    )
    entries = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(name)}>{items}</config:config-item-map-entry>"
        for name in names
    )
    return (
        f'{DECLARATION}<office:document-settings {NAMESPACES} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1'
        '</config:config-item><config:config-item-map-named config:name="Tables">'
        f"{entries}</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )
