"""Reading in the tests' own process, where that is quicker or must be looked into; and small xlsx files as text."""

import io
import tempfile
import zipfile
from typing import Any, BinaryIO, cast

from kb.spreadsheets.reading import Limits, ReadOptions, Workbook
from kb.spreadsheets.reading.process import contents_of, workbook_of
from kb.spreadsheets.reading.worker import work

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def parsed(data: bytes, name: str, limits: Limits | None = None, **options: Any) -> Workbook:
    """What `read` gives for these bytes, without a process of its own."""
    rows = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - lives as long as the workbook
    told = {
        "file_name": name,
        "sheets": None,
        "encoding": None,
        "delimiter": None,
        "quoting": None,
        **options,
    }
    work(io.BytesIO(data), rows, limits or Limits(), told)
    return workbook_of(contents_of(rows), rows, name, len(data), "", ReadOptions())


def values(book: Workbook, sheet: int = 0) -> list[tuple[Any, ...]]:
    """All rows of a sheet, the header's included."""
    return [row.values for row in book.sheets[sheet].everything]


def xlsx(
    rows: str,
    *,
    before: str = "",
    after: str = "",
    strings: str = "",
    styles: str = "",
    doctype: str = "",
    book: str = "",
) -> bytes:
    """An xlsx file of one sheet, `S`, with these rows as XML."""
    made = io.BytesIO()
    relation = f'<Relationship Id="{{0}}" Type="{RELATED}/{{0}}" Target="{{1}}"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relations(relation.format("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": relations(
            relation.format("worksheet", "worksheets/sheet1.xml")
            + relation.format("sharedStrings", "sharedStrings.xml")
            + relation.format("styles", "styles.xml")
        ),
        "xl/workbook.xml": f'<workbook xmlns:r="{RELATED}">{book}<sheets><sheet name="S" r:id="worksheet"/></sheets>'
        "</workbook>",
        "xl/sharedStrings.xml": f"<sst>{strings}</sst>",
        "xl/styles.xml": f"<styleSheet>{styles}</styleSheet>",
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<worksheet>{before}<sheetData>'
        f"{rows}</sheetData>{after}</worksheet>",
    }
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return made.getvalue()


def relations(inside: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
