"""A zip brings the texts that are too long for a cell, and each comes into the cell that names it."""

import io
import zipfile
from pathlib import Path

import pytest

from kb.spreadsheets.reading import Limits, Unreadable
from tests.spreadsheets.parsing import parsed, values
from tests.spreadsheets.written import read_back, write_agents

LONG = "長" * 40_000


def packed(**files: str | bytes) -> bytes:
    """A zip; `__` in a name is a dot, `_in_` a slash."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in files.items():
            package.writestr(name.replace("__", ".").replace("_in_", "/"), data)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["book.xlsx", "book.ods", "book.csv", "book.zip"])
def test_long_texts_come_back_into_their_cells(tmp_path: Path, name: str) -> None:
    rows = [("a", "A", LONG), ("b", "file is here", "b" * 32_767), ("c", f"-{LONG}")]
    written = write_agents(tmp_path / name, *rows)
    assert len(written.long_texts) == 2
    assert [row[:3] for row in read_back(written.path)] == [*rows[:2], ("c", f"-{LONG}", "")]


def test_a_cell_may_name_a_file_in_any_sheet_of_the_zip() -> None:
    book = parsed(
        packed(agents__csv="key,note\na,file:texts/a.txt\nb,b\n", texts_in_a__txt="One.\n\nTwo\\;"), "a.zip"
    )
    assert values(book) == [("key", "note"), ("a", "One.\n\nTwo\\;"), ("b", "b")]


@pytest.mark.parametrize(
    "named", ["texts/b.txt", "agents.csv", "../secret", "/etc/passwd", "texts/../agents.csv"]
)
def test_a_file_that_is_not_there_is_refused_with_its_cell(named: str) -> None:
    data = packed(agents__csv=f"key,note\na,file:{named}\n", texts_in_a__txt="A")
    with pytest.raises(Unreadable) as refusal:
        parsed(data, "a.zip")
    assert (refusal.value.sheet, refusal.value.cell) == ("agents", "B2")
    assert f"in the file “{named}”, which the zip does not have." in refusal.value.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Ü".encode("latin-1"), "The file “texts/a.txt” is not in UTF-8. Save it so."),
        ("a" * 1001, "The file “texts/a.txt” has 1,001 characters, and no more than 1,000 are read."),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_its_cell(text: str | bytes, message: str) -> None:
    data = packed(agents__csv="key,note\na,file:texts/a.txt\n", texts_in_a__txt=text)
    with pytest.raises(Unreadable) as refusal:
        parsed(data, "a.zip", Limits(text_characters=1000))
    assert (refusal.value.message, refusal.value.cell) == (message, "B2")


def test_without_files_beside_it_a_cell_is_what_it_says() -> None:
    assert values(parsed(b"key,note\na,file:texts/a.txt\n", "a.csv")) == [
        ("key", "note"),
        ("a", "file:texts/a.txt"),
    ]


def test_a_zip_in_a_zip_is_not_opened_further() -> None:
    with pytest.raises(Unreadable, match="There is a zip in this zip file."):
        parsed(packed(a__xlsx=packed(b__csv="key\na\n")), "a.zip")


def test_a_workbook_in_a_zip_is_held_to_the_size_of_a_file() -> None:
    with pytest.raises(Unreadable, match="“a.xlsx” has 5,000 bytes, and no more than 4,000 bytes are read."):
        parsed(packed(a__xlsx=b"x" * 5000), "a.zip", Limits(file_bytes=4000))
