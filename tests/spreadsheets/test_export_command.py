"""`manage.py export_workbook` writes the founding case whole, says what it did, and leaves nothing half done."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from kb.management.commands.export_workbook import ProgressBar
from kb.settings import BASE_DIR
from kb.spreadsheets.layout import BY_NAME, SHEETS
from kb.spreadsheets.rows import rows
from kb.spreadsheets.writing import tables
from sources.models import Agent
from tests.fixtures.case import load_undecided
from tests.kb import records
from tests.spreadsheets.written import read_back

FIXTURE = BASE_DIR / "fixtures" / "hot_spring_diplomacy.xlsx"
COUNTS = {
    "agents": 46,
    "topics": 8,
    "sources": 60,
    "contributions": 2,
    "places": 46,
    "place_names": 96,
    "place_statuses": 24,
    "events": 36,
    "claims": 120,
    "appearances": 142,
    "values": 115,
    "evidence": 69,
    "reviews": 0,
    "rebuttals": 1,
}


@pytest.fixture(scope="class")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A desk with the founding case as it is before anything is decided; the tests of the class leave it so."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_undecided()
        yield
        transaction.set_rollback(True)


def export(*arguments: str | Path, **options: Any) -> str:
    """What the command says."""
    out = io.StringIO()
    call_command("export_workbook", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def cells(path: Path) -> dict[str, list[list[str]]]:
    """Every cell of a workbook, as another program reads it."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
class TestTheFoundingCase:
    def test_is_exported_whole(self, tmp_path: Path) -> None:
        said = export(tmp_path / "desk.xlsx")
        counts = ", ".join(f"{name} {count}" for name, count in COUNTS.items())
        assert said == f"Wrote {tmp_path / 'desk.xlsx'}: {counts}.\n"
        found = cells(tmp_path / "desk.xlsx")
        assert {name: len(found[name]) - 1 for name in BY_NAME} == COUNTS

    def test_is_the_workbook_among_the_fixtures(self, tmp_path: Path) -> None:
        """To write it again: load the fixture into an empty database and export to it."""
        export(tmp_path / "desk.xlsx")
        assert cells(FIXTURE) == cells(tmp_path / "desk.xlsx")

    @pytest.mark.parametrize("name", ["desk.xlsx", "desk.ods", "desk.json", "desk.zip"])
    def test_reads_back_cell_for_cell(self, tmp_path: Path, name: str) -> None:
        export(tmp_path / name)
        for sheet in SHEETS:
            if COUNTS[sheet.name]:
                assert read_back(tmp_path / name, sheet.name) == [row.cells for row in rows(sheet)]

    def test_has_every_record_of_the_fixture(self, tmp_path: Path) -> None:
        export(tmp_path / "desk.json")
        found = json.loads((tmp_path / "desk.json").read_bytes())
        fixture = json.loads((BASE_DIR / "fixtures" / "hot_spring_diplomacy.json").read_bytes())
        for sheet in SHEETS:
            (name,) = sheet.identity
            wanted = {
                row["fields"][name]
                for row in fixture
                if row["model"] == sheet.model._meta.label_lower
                and (sheet.name != "contributions" or row["fields"]["role"] != "author")
            }
            assert {row[name] for row in found[sheet.name]} == wanted

    def test_goes_into_a_folder_of_csv_files_that_hold_no_formula(self, tmp_path: Path) -> None:
        export(tmp_path / "desk")
        files = {file.name: file for file in (tmp_path / "desk").iterdir()}
        assert set(files) == {"read me.txt", *(f"{name}.csv" for name in BY_NAME)}
        with files["claims.csv"].open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
        assert lines[0] == list(BY_NAME["claims"].by_name)
        assert len(lines) - 1 == COUNTS["claims"]
        assert "claims.csv\n  key, needed: The record’s name" in files["read me.txt"].read_text(
            encoding="utf-8"
        )

    def test_goes_into_an_ods_file_of_texts_alone(self, tmp_path: Path) -> None:
        with transaction.atomic():
            Agent.objects.filter(key="japan").update(note="=1+1")
            export(tmp_path / "desk.ods")
            transaction.set_rollback(True)
        with zipfile.ZipFile(tmp_path / "desk.ods") as archive:
            content = archive.read("content.xml").decode()
        assert "table:formula" not in content
        assert set(re.findall(r'office:value-type="(\w+)"', content)) == {"string"}
        assert ">=1+1<" in content

    def test_comes_back_without_a_word_of_the_sheets_that_explain_it(self, tmp_path: Path) -> None:
        export(tmp_path / "desk.xlsx")
        said = io.StringIO()
        call_command("import_workbook", str(tmp_path / "desk.xlsx"), "--dry-run", stdout=said)
        assert "read me" not in said.getvalue()
        assert f"claims: 0 created, 0 changed, {COUNTS['claims']} unchanged, 0 refused" in said.getvalue()

    def test_can_be_exported_sheet_by_sheet(self, tmp_path: Path) -> None:
        said = export(tmp_path / "some.zip", "--sheets", "claims, agents")
        assert said == f"Wrote {tmp_path / 'some.zip'}: agents 46, claims 120.\n"
        with zipfile.ZipFile(tmp_path / "some.zip") as archive:
            assert archive.namelist() == ["agents.csv", "claims.csv", "read me.txt"]

    def test_has_nothing_published_before_it_is(self, tmp_path: Path) -> None:
        export(tmp_path / "public.json", "--published")
        assert json.loads((tmp_path / "public.json").read_bytes()) == {name: [] for name in BY_NAME}

    def test_gives_an_empty_workbook_to_fill(self, tmp_path: Path) -> None:
        export(tmp_path / "empty.xlsx", "--template")
        found = cells(tmp_path / "empty.xlsx")
        assert {name: found[name] for name in BY_NAME} == {
            sheet.name: [list(sheet.by_name)] for sheet in SHEETS
        }


def test_the_workbook_among_the_fixtures_is_small() -> None:
    assert FIXTURE.stat().st_size < 300_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["desk.xlsx", "--sheets", "claim"], "There is no sheet “claim”. The sheets are: agents, topics,"),
        (["desk.doc"], "“desk.doc” does not say which format to write."),
        (["nowhere/desk.xlsx"], "cannot be written: No such file or directory."),
    ],
)
def test_a_refusal_says_why_and_is_exit_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError) as refusal:
        export(*arguments)
    assert message in str(refusal.value)
    assert refusal.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_long_texts_are_told_of(tmp_path: Path) -> None:
    records.snapshot(records.source("book"), "a" * 40_000)
    said = export(tmp_path / "desk.xlsx", "--sheets", "sources")
    assert said == (
        f"Wrote {tmp_path / 'desk.xlsx.zip'}: sources 1.\n"
        "1 text is longer than a cell holds (32,767 characters) and in a file beside the sheet, which the cell names: "
        "texts/sources.book.text.txt.\n"
    )


@pytest.mark.django_db
def test_a_terminal_shows_how_far_it_is() -> None:
    for number in range(100):
        records.topic(f"topic-{number}")
    terminal = io.StringIO()
    bar = ProgressBar(terminal)
    for table in tables(["topics"], progress=bar):
        assert len(list(table.rows)) == 100
    bar.end()
    shown = [line.rstrip() for line in terminal.getvalue().split("\r") if line.strip()]
    assert shown == [f"topics         [{'#' * 30}] 100 of 100"] * 2
    bar(BY_NAME["topics"], 100, 400)
    assert f"[{'#' * 7}{' ' * 23}] 100 of 400" in terminal.getvalue()


@pytest.mark.django_db
def test_quiet_is_quiet(tmp_path: Path) -> None:
    assert export(tmp_path / "desk.json", verbosity=0) == ""
