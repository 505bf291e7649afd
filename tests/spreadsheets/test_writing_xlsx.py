"""The xlsx workbook as a spreadsheet program opens it: no formulas, frozen headers, drop-downs, explanations."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kb.models import Attribute
from kb.spreadsheets.layout import BY_NAME, SHEETS
from kb.spreadsheets.rows import Row
from kb.spreadsheets.writing import CannotWrite, Table, tables, write
from tests.kb import records
from tests.spreadsheets.written import write_agents

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(tmp_path: Path) -> Any:
    write(tmp_path / "template.xlsx", tables(template=True))
    return openpyxl.load_workbook(tmp_path / "template.xlsx")


def offered(book: Any, sheet: str, column: str) -> list[str]:
    """What the drop-down of a column offers."""
    letter = next(cell.column_letter for cell in book[sheet][1] if cell.value == column)
    for validation in book[sheet].data_validations.dataValidation:
        if str(validation.sqref) == f"{letter}2:{letter}1048576":
            name, cells = validation.formula1.replace("$", "").split("!")
            return [row[0].value for row in book[name][cells] if row[0].value]
    return []


def test_the_sheets_stand_in_order_before_the_explanation_and_the_hidden_lists(template: Any) -> None:
    assert template.sheetnames == [*BY_NAME, "read me", "lists"]
    assert [sheet.title for sheet in template if sheet.sheet_state != "visible"] == ["lists"]
    assert template.active.title == "agents"


def test_the_header_and_the_key_stay_in_sight(template: Any) -> None:
    assert {template[name].freeze_panes for name in BY_NAME} == {"B2"}


def test_every_cell_is_a_text_whatever_it_looks_like(tmp_path: Path) -> None:
    texts = ("=1+1", "==1+1", "+1", "-1", "@A1", "＝1", "\\\t=1", "#N/A", "1945-08-09", "TRUE", "12", "=")
    write_agents(tmp_path / "book.xlsx", *((f"a-{n}", text) for n, text in enumerate(texts)))
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["agents"]
    assert [sheet.cell(row, 2).value for row in range(2, 2 + len(texts))] == list(texts)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert not any(re.search(rb"<f[ >]", archive.read(name)) for name in names)


def test_what_is_typed_into_an_empty_cell_stays_a_text(template: Any) -> None:
    sheet = template["events"]
    assert {sheet.column_dimensions[letter].number_format for letter in "ABCDEFGH"} == {"@"}


def test_enumerations_and_attributes_are_chosen_from_a_list(template: Any) -> None:
    assert offered(template, "agents", "kind") == ["person", "organisation", "state", "group", "anonymous"]
    assert len(offered(template, "sources", "type")) == 45
    assert offered(template, "claims", "stance") == offered(template, "appearances", "stance")
    attributes = list(Attribute.objects.order_by("key").values_list("key", flat=True))
    assert "population" in attributes
    assert offered(template, "values", "attribute") == offered(template, "claims", "attribute") == attributes


def test_every_enumeration_has_a_list(template: Any) -> None:
    listed = {
        (sheet.name, column.name)
        for sheet in SHEETS
        for column in sheet.columns
        if "." not in column.fields[0]
        and len(column.fields) == 1
        and getattr(sheet.model._meta.get_field(column.fields[0]), "choices", None)
    }
    assert len(listed) == 15
    assert all(offered(template, *where) for where in listed)


def test_keys_are_chosen_from_the_sheet_that_has_them(tmp_path: Path) -> None:
    records.place("iturup")
    records.topic("treaties")
    write(tmp_path / "book.xlsx", tables())
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert offered(book, "claims", "places") == ["iturup"]
    book["places"]["A3"] = "a-new-one"
    assert offered(book, "claims", "places") == ["iturup", "a-new-one"]
    assert offered(book, "claims", "topics") == ["treaties"]


def test_keys_of_sheets_that_are_not_in_the_file_are_offered_all_the_same(tmp_path: Path) -> None:
    records.place("kunashir")
    records.place("iturup")
    write(tmp_path / "book.xlsx", tables(["claims"]))
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames == ["claims", "read me", "lists"]
    assert offered(book, "claims", "places") == ["iturup", "kunashir"]
    assert offered(book, "claims", "topics") == []


def test_a_value_outside_an_enumeration_is_warned_of_and_a_name_for_a_key_is_not(template: Any) -> None:
    rules = {str(rule.sqref)[0]: rule for rule in template["sources"].data_validations.dataValidation}
    assert (rules["B"].errorStyle, rules["B"].showErrorMessage, rules["B"].allowBlank) == (
        "warning",
        True,
        True,
    )
    assert not rules["D"].showErrorMessage


def test_a_sheet_explains_every_column(template: Any) -> None:
    lines = [tuple(cell or "" for cell in row) for row in template["read me"].iter_rows(values_only=True)]
    header = lines.index(("sheet", "column", "needed", "several", "what it holds", "one of"))
    explained = lines[header + 1 :]
    assert [line[:2] for line in explained] == [(s.name, c.name) for s in SHEETS for c in s.columns]
    assert [line for line in explained if not line[4].endswith((".", ".”"))] == []
    by_column = {line[:2]: line[2:] for line in explained}
    assert by_column["claims", "kind"][0] == "yes"
    assert by_column["claims", "places"] == ("", "yes", "The keys of places.", "")
    assert by_column["values", "certainty"][3] == "certain; less-certain; uncertain"
    assert by_column["rebuttals", "replies_to"][2] == "The key of a rebuttal. The rebuttal that it answers."
    assert by_column["evidence", "source"][2] == "The key of a source."


def test_what_looks_like_an_escape_of_the_format_is_escaped(tmp_path: Path) -> None:
    write_agents(tmp_path / "book.xlsx", ("a", "_x0041_", "_x000D_"))
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert ">_x005F_x0041_</t>" in sheet
    assert ">_x005F_x000D_</t>" in sheet


def test_nothing_in_the_file_says_when_or_by_whom_it_was_made(tmp_path: Path) -> None:
    write_agents(tmp_path / "book.xlsx", ("a", "A"))
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"openpyxl" not in archive.read("docProps/core.xml")


def test_a_workbook_that_cannot_be_finished_leaves_no_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("temporary", "out"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))

    def failing() -> Iterator[Row]:
        assert list((tmp_path / "temporary").iterdir())
        raise OSError(28, "No space left on device")
        yield

    found = [*tables(["agents"]), Table(BY_NAME["claims"], failing(), 1)]
    with pytest.raises(CannotWrite, match="book.xlsx” cannot be written: No space left on device."):
        write(tmp_path / "out" / "book.xlsx", found)
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["out", "temporary"]
