"""Whatever is written comes back from every format, and nobody finds half a file."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.editorial.cell_text import protect, read_list, read_text, write_list, write_text
from kb.spreadsheets import writing
from kb.spreadsheets.layout import BY_NAME, SHEETS
from kb.spreadsheets.reading import ReadOptions, read
from kb.spreadsheets.rows import Row
from kb.spreadsheets.writing import CannotWrite, Table, tables, write
from tests.editorial.test_cell_text import ITEMS, TEXTS
from tests.kb import records
from tests.spreadsheets.written import FORMATS, agents, read_back, write_agents

# The attributes that the drop-downs offer are read from the database.
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=20, max_size=60), names=st.lists(ITEMS, max_size=5))
def test_any_text_comes_back_from_every_format(
    tmp_path: Path, name: str, texts: list[str], names: list[str]
) -> None:
    cells = [(f"agent-{n}", write_text(text), write_list(names)) for n, text in enumerate(texts)]
    write_agents(tmp_path / name, *cells)
    found = read_back(tmp_path / name)
    assert [read_text(row[1]) for row in found] == texts
    assert [read_list(row[2]) for row in found] == [names] * len(texts)


@pytest.mark.parametrize("name", FORMATS)
def test_cells_look_in_the_file_as_they_were_written(tmp_path: Path, name: str) -> None:
    cells = [
        ("a", "=1+1", "==1+1", "+81", "@home", "-1+1", "＝1"),
        ("b", "1945-08", "007", "-43.5", "1e5", "TRUE", "#N/A"),
        ("c", "two  spaces", "a\ttab", "two\nlines\n\nand more", "<b>&amp;", "_x0041_", "a;b"),
        ("d", "\\ a", "b \\", "", "'quoted'", '"quoted"', "\u200f"),
    ]
    write_agents(tmp_path / name, *cells)
    expected = [tuple(protect(c) if name.endswith("zip") else c for c in row) for row in cells]
    assert read_back(tmp_path / name) == expected


def test_a_json_file_has_every_sheet_even_if_it_is_empty(tmp_path: Path) -> None:
    write(tmp_path / "book.json", tables(template=True))
    assert json.loads((tmp_path / "book.json").read_bytes()) == {name: [] for name in BY_NAME}


@pytest.mark.parametrize("name", ["book.xlsx", "book.ods", "book.zip"])
def test_every_sheet_is_there_with_its_columns_even_if_it_is_empty(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, tables(template=True))
    book = headers(tmp_path / name)
    assert [found for found in book if found in BY_NAME] == list(BY_NAME)
    assert {found: columns for found, columns in book.items() if found in BY_NAME} == {
        sheet.name: list(sheet.by_name) for sheet in SHEETS
    }


def headers(path: Path) -> dict[str, list[str]]:
    """Sheet → its headers."""
    options = ReadOptions(header_rows={"": (1,)})
    return {
        sheet.name: [column.header for column in sheet.columns]
        for sheet in read(path, options=options).sheets
    }


@pytest.mark.parametrize("name", [*FORMATS, "book.csv"])
def test_equal_records_give_equal_bytes(tmp_path: Path, name: str) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        write_agents(tmp_path / folder / name, ("a", "A"), ("b", "B"))
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


@pytest.mark.parametrize("name", ["book.xlsx", "book.ods", "book.csv"])
def test_a_text_longer_than_a_cell_goes_to_a_file_beside_the_sheet_in_a_zip(
    tmp_path: Path, name: str
) -> None:
    long, fits = "𠮷" * 16_384, "a" * 32_767
    written = write_agents(tmp_path / name, ("a", "A", long), ("b", "B", fits))
    assert written.path == tmp_path / f"{name}.zip"
    assert written.long_texts == ("texts/agents.agent-1.native_name.txt",)
    assert [file.name for file in tmp_path.iterdir()] == [f"{name}.zip"]
    with zipfile.ZipFile(written.path) as archive:
        assert archive.namelist() == [name, *written.long_texts]
        assert archive.read(written.long_texts[0]).decode() == long
    assert [row[2] for row in read_back(written.path)] == [long, fits]


def test_long_texts_lie_in_the_folder_and_the_zip_of_csv_files(tmp_path: Path) -> None:
    long = "a" * 32_768
    for name in ("folder", "book.zip"):
        assert write_agents(tmp_path / name, ("a", long)).path == tmp_path / name
    expected = ["agents.csv", "read me.txt", "texts/agents.agent-1.name.txt"]
    with zipfile.ZipFile(tmp_path / "book.zip") as archive:
        assert archive.namelist() == expected
    files = [file for file in (tmp_path / "folder").rglob("*") if file.is_file()]
    assert sorted(str(file.relative_to(tmp_path / "folder")) for file in files) == expected
    assert (tmp_path / "folder" / expected[2]).read_text() == long


def test_json_holds_a_text_of_any_length(tmp_path: Path) -> None:
    long = "a" * 100_000
    assert write_agents(tmp_path / "book.json", ("a", long)).long_texts == ()
    assert long in (tmp_path / "book.json").read_text(encoding="utf-8")


class Broken(Exception):
    """The database goes away in the middle."""


def breaking() -> Iterator[Row]:
    yield Row(1, "a", ("a", "A", *[""] * 5))
    raise Broken


@pytest.mark.parametrize("name", [*FORMATS, "book.csv", "folder"])
def test_what_breaks_in_the_middle_leaves_what_was_there(tmp_path: Path, name: str) -> None:
    write_agents(tmp_path / name, ("earlier", "Earlier"))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(Broken):
        write(tmp_path / name, [Table(BY_NAME["agents"], breaking(), 2)])
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", [*FORMATS, "book.csv", "folder"])
def test_an_earlier_export_is_replaced_whole(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, [agents([("a", "a" * 40_000)])] if name == "folder" else [agents([("a", "A")])])
    write_agents(tmp_path / name, ("b", "B"))
    if name == "folder":
        assert sorted(file.name for file in (tmp_path / name).iterdir()) == ["agents.csv", "read me.txt"]
    elif name != "book.csv":
        assert [row[0] for row in read_back(tmp_path / name)] == ["b"]
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_file_has_the_rights_that_files_here_have(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        write_agents(tmp_path / "book.xlsx", ("a", "A"))
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "book.xlsx").stat().st_mode) == 0o640


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CannotWrite, match=r"holds other things \(thesis.txt\). Name a new folder"):
        write_agents(tmp_path, ("a", "A"))
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("book.xls", "“book.xls” does not say which format to write. End it in .xlsx, .ods or .json"),
        ("missing/book.xlsx", "book.xlsx” cannot be written: No such file or directory."),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_reason(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(CannotWrite) as refusal:
        write_agents(tmp_path / name, ("a", "A"))
    assert message in str(refusal.value)


def test_a_csv_file_holds_one_sheet(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="A csv file holds one sheet, and there are 14."):
        write(tmp_path / "book.csv", tables(template=True))
    write(tmp_path / "topics.csv", tables(["topics"], template=True))
    assert (tmp_path / "topics.csv").read_bytes() == b"\xef\xbb\xbfkey,name\r\n"


@pytest.mark.parametrize("name", ["book.xlsx", "book.ods"])
def test_more_rows_than_a_spreadsheet_has_are_refused_before_anything_is_written(
    tmp_path: Path, name: str
) -> None:
    table = Table(BY_NAME["agents"], breaking(), 1_048_576)
    with pytest.raises(CannotWrite, match="“agents” has 1,048,576 rows, and a spreadsheet holds 1,048,575."):
        write(tmp_path / name, [table])


def test_tables_are_those_that_were_asked_for_in_the_order_of_the_workbook() -> None:
    assert [table.sheet.name for table in tables(["claims", "agents"])] == ["agents", "claims"]
    with pytest.raises(
        CannotWrite, match="There is no sheet “claim”. The sheets are: agents, topics, sources"
    ):
        tables(["claims", "claim"])


def test_tables_are_written_with_the_rights_of_who_asks() -> None:
    somebody = records.account("somebody")
    assert tables(user=somebody) == []
    with pytest.raises(
        CannotWrite, match="There is no sheet “claims” that you may see. The sheets are: none."
    ):
        tables(["claims"], user=somebody)
    assert len(tables(user=User.objects.create_superuser("root"))) == len(SHEETS)


def test_progress_is_told_for_each_sheet() -> None:
    for number in range(150):
        records.topic(f"topic-{number}")
    told: list[tuple[str, int, int]] = []
    (table,) = tables(["topics"], progress=lambda sheet, done, total: told.append((sheet.name, done, total)))
    assert (len(list(table.rows)), table.total) == (150, 150)
    assert told == [("topics", 100, 150), ("topics", 150, 150)]


def test_the_formats_are_those_that_were_promised() -> None:
    assert set(writing.FORMATS) == {".xlsx", ".ods", ".json", ".csv"}
