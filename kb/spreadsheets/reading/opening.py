"""What kind of file it is, by what is in it rather than by its name, and the parser for that kind."""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO

from kb.spreadsheets.reading.beside import FOLDER, Texts
from kb.spreadsheets.reading.collecting import Collector
from kb.spreadsheets.reading.delimited import read_delimited
from kb.spreadsheets.reading.limits import Limits, Unreadable, megabytes
from kb.spreadsheets.reading.objects import read_json
from kb.spreadsheets.reading.ods import read_ods
from kb.spreadsheets.reading.packages import PASSWORD, Package
from kb.spreadsheets.reading.xlsx import read_xlsx

KNOWN = "xlsx, xlsm, ods, xls, csv, tsv, txt or json, or a zip of csv files"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# What a file begins with that is no table, and what to tell the editor.
OTHERS = (
    (b"%PDF", "This is a PDF. Tables in it must be copied into a spreadsheet first."),
    (b"\x1f\x8b", "This file is packed with gzip. Unpack it, and bring what is in it."),
    (b"BZh", "This file is packed with bzip2. Unpack it, and bring what is in it."),
    (b"7z\xbc\xaf", "This file is packed with 7-Zip. Unpack it, and bring what is in it."),
    (b"Rar!", "This file is packed with RAR. Unpack it, and bring what is in it."),
    (b"\x89PNG", "This is a picture, not a table."),
    (b"\xff\xd8\xff", "This is a picture, not a table."),
    (b"{\\rtf", "This is a text document, not a table. Save the table in it as a spreadsheet."),
    (b"SQLite format 3\0", "This is a database. Export its table as CSV, and bring that."),
)
WEB_PAGE = "This is a web page (HTML), whatever its name says. Open it in the spreadsheet program and save it as .xlsx."
XML = "This is XML, not a table. Open it in the spreadsheet program and save it as .xlsx."
YAML = f"YAML is not read. Bring {KNOWN}."
DELIMITED = {"csv", "tsv", "tab", "txt"}


def parse_file(source: BinaryIO, collector: Collector, limits: Limits, options: dict[str, Any]) -> None:
    """Read a file of any kind that is known. `collector.details["format"]` says which it was. Raises Unreadable.

    `options`: file_name, sheets (names, or None for all), encoding, delimiter, quoting.
    """
    start = source.read(4096)
    source.seek(0)
    ending = str(options.get("file_name", "")).rpartition(".")[2].lower()
    if not start.strip():
        raise Unreadable("The file is empty.")
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _package(Package(source, limits), collector, limits, options)
    elif start.startswith(OLE) or start.startswith(BIFF) and ending == "xls":
        _old_workbook(source.read(), collector, options)
    else:
        _text(source, start, ending, collector, limits, options)


def _package(
    package: Package, collector: Collector, limits: Limits, options: dict[str, Any], *, nested: bool = False
) -> None:
    wanted = options.get("sheets")
    if package.has("[Content_Types].xml") and any(name.lower().startswith("xl/") for name in package.names()):
        if package.has("xl/workbook.bin"):
            raise Unreadable("This is a binary workbook (.xlsb). Save it as .xlsx.")
        collector.details["format"] = "xlsm" if package.has("xl/vbaProject.bin") else "xlsx"
        read_xlsx(package, collector, limits, wanted)
    elif package.has("content.xml"):
        if package.has("mimetype") and b"spreadsheet" not in package.read("mimetype")[:100]:
            raise Unreadable("This is a document of an office program, but no spreadsheet.")
        collector.details["format"] = "ods"
        read_ods(package, collector, limits, wanted)
    elif nested:
        raise Unreadable(f"There is a zip in this zip file. Bring {KNOWN}.")
    else:
        _zip_of_tables(package, collector, limits, options)


def _zip_of_tables(package: Package, collector: Collector, limits: Limits, options: dict[str, Any]) -> None:
    """A zip of csv files, a sheet each, called as the file is; or of one workbook. Long texts may be beside them."""
    names = [name for name in package.names() if "/" not in name.strip("/") and not name.startswith(".")]
    if any(name.startswith(FOLDER) for name in package.names()):
        collector.texts = Texts(package, limits)
    tables = [name for name in names if name.lower().endswith((".csv", ".tsv"))]
    workbooks = [name for name in names if name.lower().endswith((".xlsx", ".xlsm", ".ods"))]
    if len(workbooks) == 1 and not tables:
        _package(_inner(package, workbooks[0], limits), collector, limits, options, nested=True)
        return
    if not tables:
        raise Unreadable(f"There is no table in this zip file. Bring {KNOWN}.")
    wanted = options.get("sheets")
    for name in tables:
        stem, _, ending = name.rpartition(".")
        if wanted is not None and stem not in wanted:
            collector.start(stem)
            continue
        read_delimited(
            package.read(name),
            collector,
            limits,
            name=stem,
            encoding=options.get("encoding"),
            delimiter=options.get("delimiter"),
            quoting=options.get("quoting"),
            prefers_tabs=ending.lower() == "tsv",
        )
    collector.details["format"] = "zip"


def _inner(package: Package, name: str, limits: Limits) -> Package:
    """The workbook in a zip, held to the limits of one."""
    data = package.read(name)
    if len(data) > limits.file_bytes:
        raise Unreadable(
            f"“{name}” has {megabytes(len(data))}, and no more than {megabytes(limits.file_bytes)} are read. Divide it."
        )
    return Package(BytesIO(data), limits)


def _old_workbook(data: bytes, collector: Collector, options: dict[str, Any]) -> None:
    # calamine is loaded for these alone: each process starts the quicker for it.
    from kb.spreadsheets.reading.xls import read_xls

    if ENCRYPTED in data:
        raise Unreadable(PASSWORD)
    collector.details["format"] = "xls"
    read_xls(data, collector, options.get("sheets"))


def _text(
    source: BinaryIO,
    start: bytes,
    ending: str,
    collector: Collector,
    limits: Limits,
    options: dict[str, Any],
) -> None:
    for beginning, message in OTHERS:
        if start.startswith(beginning):
            raise Unreadable(message)
    if ending in ("xlsx", "xlsm", "ods", "xlsb") and b"\0" in start:
        raise Unreadable(f"The file is called .{ending}, but is none, or is damaged. Save it again.")
    plain = start.lstrip(b"\xef\xbb\xbf").lstrip().lower()
    if plain.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body")):
        raise Unreadable(WEB_PAGE)
    if plain.startswith((b"<?xml", b"<!doctype")):
        raise Unreadable(XML)
    if ending in ("yaml", "yml"):
        raise Unreadable(YAML)
    if ending in ("json", "jsonl", "geojson") or (ending not in DELIMITED and plain.startswith((b"[", b"{"))):
        collector.details["format"] = "json"
        read_json(source.read(), collector, options.get("sheets"))
        return
    collector.details["format"] = "tsv" if ending in ("tsv", "tab") else "csv"
    read_delimited(
        source.read(),
        collector,
        limits,
        encoding=options.get("encoding"),
        delimiter=options.get("delimiter"),
        quoting=options.get("quoting"),
        prefers_tabs=ending in ("tsv", "tab"),
    )
