"""The way in: a process of its own, held to its limits, and nothing but plain values from it."""

import hashlib
import io
import json
import pickle
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from kb.spreadsheets.reading import Limits, ReadOptions, Unreadable, process, read
from kb.spreadsheets.reading.results import unpacked
from kb.spreadsheets.reading.worker import confine
from tests.spreadsheets.outcomes import TABLE
from tests.spreadsheets.parsing import parsed, text_cell, values, xlsx

MESSY = TABLE.parent / "messy"
TEN_THOUSAND = b"key,name\n" + b"".join(b"k%d,name %d\n" % (n, n) for n in range(10_000))


class OnlyReads(io.RawIOBase):
    """A stream that cannot seek, and has no file behind it."""

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self.data.read(size)


@pytest.mark.parametrize("given", [MESSY / "bars.txt", str(MESSY / "bars.txt")])
def test_a_path_is_read(given: Any) -> None:
    book = read(given)
    assert values(book) == [("key", "name"), ("a", "Kunashir"), ("b", "Iturup")]
    data = (MESSY / "bars.txt").read_bytes()
    assert (book.file_name, book.size, book.sha256) == (
        "bars.txt",
        len(data),
        hashlib.sha256(data).hexdigest(),
    )


@pytest.mark.parametrize("stream", [io.BytesIO, OnlyReads])
def test_an_upload_is_read_under_the_name_that_the_editor_gave_it(stream: Any) -> None:
    book = read(stream(b"key,name\na,b\n"), file_name="mine.csv", limits=Limits())
    assert (book.file_name, values(book)) == ("mine.csv", [("key", "name"), ("a", "b")])


@pytest.mark.parametrize(
    ("given", "limits", "message"),
    [
        (MESSY / "no such file.csv", Limits(), "cannot be opened"),
        (MESSY, Limits(), "cannot be opened"),
        (io.BytesIO(b"x" * 100), Limits(file_bytes=99), "larger than 99 bytes"),
        (io.BytesIO(b""), Limits(), "empty"),
        (io.BytesIO(bytes(range(256)) * 9), Limits(), "no text in any encoding"),
        (io.BytesIO(TEN_THOUSAND), Limits(rows=9_999), "more than 9,999 rows"),
        (io.BytesIO(TEN_THOUSAND * 100), Limits(cpu_seconds=1, seconds=100, rows=10**9), "seconds of work"),
        (io.BytesIO(TEN_THOUSAND * 10), Limits(seconds=0), "longer than 0 seconds"),
        (io.BytesIO(TEN_THOUSAND * 200), Limits(memory_bytes=80 * 1024 * 1024, rows=10**9), "memory"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_nothing_else_is_raised(
    given: Any, limits: Limits, message: str
) -> None:
    with pytest.raises(Unreadable, match=message):
        read(given, file_name="a.csv", limits=limits)


def test_a_parser_that_dies_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "kb" / "spreadsheets" / "reading"
    package.mkdir(parents=True)
    for folder in (package, package.parent, package.parent.parent):
        (folder / "__init__.py").write_text("")
    (package / "worker.py").write_text("import os; os.abort()")
    monkeypatch.setattr(process, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(Unreadable, match="was stopped"):
        read(io.BytesIO(b"key\na\n"), file_name="a.csv", limits=Limits())


def test_the_parser_gets_no_secret_and_needs_neither_django_nor_the_settings() -> None:
    asked = (
        "import sys, kb.spreadsheets.reading.worker, kb.spreadsheets.reading; print('django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=process.ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
    assert confine.__doc__


def test_only_plain_values_are_unpacked() -> None:
    assert unpacked(pickle.dumps([Decimal("1.5"), "a", None])) == [Decimal("1.5"), "a", None]
    with pytest.raises(pickle.UnpicklingError, match="no plain value"):
        unpacked(pickle.dumps(Path("/")))


def test_the_limits_are_those_of_the_settings(settings: LazySettings) -> None:
    assert Limits.from_settings() == Limits()
    settings.IMPORT_LIMITS = {"rows": 1, "seconds": 10}
    assert (Limits.from_settings().rows, Limits.from_settings().cpu_seconds) == (1, 5)
    with pytest.raises(Unreadable, match="more than 1 rows"):
        read(io.BytesIO(b"key\na\n"), file_name="a.csv")


# --- rows ----------------------------------------------------------------------------------------------------------


def test_rows_come_in_batches_in_pages_and_one_by_one() -> None:
    rows = read(io.BytesIO(TEN_THOUSAND), file_name="a.csv", limits=Limits()).sheets[0].rows
    assert len(rows) == 10_000
    assert [len(batch) for batch in rows.batches()] == [999, *[1_000] * 9, 1]
    assert [row.number for row in rows] == list(range(2, 10_002))
    assert rows[0].values == ("k0", "name 0")
    assert rows[-1].values == ("k9999", "name 9999")
    assert [row.number for row in rows[998:1001]] == [1_000, 1_001, 1_002]
    assert [row.number for row in rows[5::4_000]] == [7, 4_007, 8_007]
    assert rows[20_000:] == []
    with pytest.raises(IndexError):
        rows[10_000]


def test_several_threads_read_the_same_rows() -> None:
    rows = read(io.BytesIO(TEN_THOUSAND), file_name="a.csv", limits=Limits()).sheets[0].rows
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: sum(row.number for row in rows), range(16)))
    assert set(found) == {sum(range(2, 10_002))}


def test_a_row_says_where_its_cells_are_and_what_is_not_there_is_blank() -> None:
    row = parsed(b"key,name,note\na\n", "a.csv").sheets[0].rows[0]
    assert (row.coordinate(2), row.value(2), row.text(2), row.text(0)) == ("C2", None, "", "a")


# --- what an editor says -------------------------------------------------------------------------------------------


def test_the_header_is_where_the_editor_says() -> None:
    data = b"Title,of it\nkey,name\na,1\nb,2\n"
    book = read(
        io.BytesIO(data), file_name="a.csv", limits=Limits(), options=ReadOptions(header_rows={"": (2,)})
    )
    sheet = book.sheets[0]
    assert (sheet.header.names, [row.number for row in sheet.rows]) == (("key", "name"), [3, 4])
    without = sheet.with_header(())
    assert ([column.header for column in without.columns], len(without.rows)) == (["", ""], 4)
    assert [column.letter for column in without.columns] == ["A", "B"]
    assert "no header" in [note.kind for note in without.notes]
    assert [row.number for row in sheet.with_header((3,)).rows] == [4]


def test_only_the_sheets_asked_for_are_read_and_a_missing_one_is_named() -> None:
    with open(MESSY / "sheets.json", "rb") as file:
        book = read(file, limits=Limits(), file_name="a.json", options=ReadOptions(sheets=("topics",)))
        assert [(sheet.name, sheet.read, len(sheet.rows)) for sheet in book.sheets] == [
            ("agents", False, 0),
            ("topics", True, 1),
        ]
        with pytest.raises(Unreadable, match="no sheet “claims”"):
            read(file, limits=Limits(), file_name="a.json", options=ReadOptions(sheets=("claims",)))


def test_an_encoding_delimiter_and_quoting_are_taken_from_the_editor() -> None:
    options = ReadOptions(encoding="cp1251", delimiter=";", quoting=False)
    book = read(
        io.BytesIO('ключ;"имя\n'.encode("cp1251")), file_name="a.csv", limits=Limits(), options=options
    )
    assert values(book) == [("ключ", '"имя')]


# --- what kind of file it is ---------------------------------------------------------------------------------------


def packed(**members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, text in members.items():
            package.writestr(name.replace("__", "."), text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.xlsx", b"%PDF-1.7", "This is a PDF"),
        ("a.csv", b"\x1f\x8b\x08", "packed with gzip"),
        ("a.xls", b"<!DOCTYPE html><table>", "web page"),
        ("a.csv", b'<?xml version="1.0"?><x/>', "This is XML"),
        ("a.yaml", b"a: 1", "YAML is not read"),
        ("a.zip", packed(readme__txt="x"), "no table in this zip"),
        (
            "a.ods",
            packed(content__xml="<x/>", mimetype="application/vnd.oasis.opendocument.text"),
            "no spreadsheet",
        ),
        ("a.xlsx", b"key\0name", "called .xlsx, but is none"),
        ("a.json", b"[1, 2]", "Entry 1 of the list is no object"),
        ("a.json", b'{"a": {}}', "must hold a list"),
        ("a.json", b'[{"a": 1}', "line 1, character"),
        ("a.json", '[{"é": 1}]'.encode("latin-1"), "UTF-8"),
    ],
)
def test_what_is_no_table_is_refused_with_what_would_be_right(name: str, data: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        parsed(data, name)


def test_a_file_is_what_is_in_it_and_not_what_it_is_called() -> None:
    made = xlsx(f'<row r="1">{text_cell("A1", "key")}</row>')
    assert parsed(made, "wrong.csv").format == "xlsx"
    assert parsed(b"key,name\na,b\n", "wrong.xlsx").format == "csv"


def test_json_keeps_numbers_exactly_and_lists_as_lists_of_a_cell() -> None:
    data = [
        {"n": 12345678901234567890, "d": 0.1, "e": 1e3, "l": ["a", "b;c"], "t": True, "none": None, "s": ""}
    ]
    sheet = parsed(json.dumps(data).encode(), "a.json").sheets[0]
    assert sheet.rows[0].values == (12345678901234567890, Decimal("0.1"), 1000, "a; b\\;c", True)


def test_a_zip_of_tables_is_a_workbook() -> None:
    book = parsed(packed(agents__csv="key\na\n", topics__csv="key;n\nt;1\n"), "a.zip")
    assert [(sheet.name, len(sheet.rows)) for sheet in book.sheets] == [("agents", 1), ("topics", 1)]
