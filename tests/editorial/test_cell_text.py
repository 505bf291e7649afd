"""Any text goes into a cell and comes back the same; what editors were promised of a cell holds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.editorial import cell_text
from kb.editorial.cell_text import protect, read_list, read_text, too_long, write_list, write_text

# What breaks laws: marks, escapes, white space, what a spreadsheet takes for a formula, control characters,
# full-width and astral letters, letters from right to left, and what looks like an escape.
ODD = st.sampled_from(
    [
        *"\\;-=+@＝＋－＠ \t\n\r\x0b\x00\x1f\"',",
        "\\\\",
        "file:",
        "_x000B_",
        "_x005F",
        "_x005F_",
        "_x000b_",
        "_x0041_",
        "_",
        "\u3000",
        "\xa0",
        "\ufeff",
        "\ufffe",
        "\uffff",
        "\x85",
        "\u2028",
        "東郷",
        "𠮷",
        "العربية",
        "\u202e",
        "a",
        "1",
    ]
)
TEXTS = st.one_of(
    st.lists(ODD, max_size=8).map("".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
)
ITEMS = TEXTS.filter(bool)
XML = re.compile("[\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


@given(TEXTS)
def test_a_text_comes_back_from_its_cell(text: str) -> None:
    assert read_text(write_text(text)) == text


@given(TEXTS)
def test_a_cell_survives_programs_that_trim_it(text: str) -> None:
    cell = write_text(text)
    assert cell == cell.strip()
    assert read_text(f"\n  {cell}\u3000 ") == text


@given(TEXTS.filter(bool))
def test_the_cell_of_a_text_neither_clears_nor_is_blank_nor_names_a_file(text: str) -> None:
    cell = write_text(text)
    assert (cell_text.is_clear(cell), cell_text.is_blank(cell), cell_text.file_named(cell)) == (
        False,
        False,
        "",
    )


@given(TEXTS)
def test_a_cell_holds_what_xml_can_hold_and_no_carriage_return(text: str) -> None:
    assert XML.fullmatch(write_text(text))


@given(TEXTS)
def test_a_cell_protected_for_csv_is_no_formula_and_reads_the_same(text: str) -> None:
    cell = protect(write_text(text))
    assert read_text(cell) == text
    assert not cell.startswith(tuple("=+@＝＋－＠\t\r")) or not cell
    assert not cell.startswith("-") or re.fullmatch(r"-(0|[1-9]\d*)(\.\d+)?", cell, re.ASCII)


@given(st.lists(ITEMS, max_size=5))
def test_a_list_comes_back_from_its_cell(items: list[str]) -> None:
    cell = write_list(items)
    assert read_list(cell) == items
    assert read_list(protect(cell)) == items
    assert not cell_text.is_clear(cell)
    assert cell_text.file_named(cell) == ""
    assert XML.fullmatch(cell)


@given(TEXTS)
def test_what_is_read_once_is_written_the_same_way_again(cell: str) -> None:
    text = read_text(cell)
    assert read_text(write_text(text)) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("", ""),
        ("A sentence; and another – with a dash - and a \\ backslash.",) * 2,
        ("-", "\\-"),
        ("-5 °C", "-5 °C"),
        ("=1+1", "=1+1"),
        ("file: of the court", "\\file: of the court"),
        (" indented", "\\ indented"),
        ("a line\n", "a line\n\\"),
        (" ", "\\ \\"),
        ("one\\;two", "one\\\\;two"),
        ("C:\\files\\new", "C:\\files\\new"),
        ("\\=x", "\\\\=x"),
        ("line\r\nend", "line_x000D_\nend"),
        ("bell\x07", "bell_x0007_"),
        ("the code _x0007_", "the code _x005F_x0007_"),
        ("_x0041_", "_x0041_"),
    ],
)
def test_a_text_is_written_with_no_more_than_it_needs(text: str, cell: str) -> None:
    assert write_text(text) == cell
    assert read_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Falso ", "Falso"),
        ("\\-", "-"),
        ("a\\;b", "a;b"),
        ("a;b", "a;b"),
        ("\\=1+1", "=1+1"),
        ("\\-5 °C", "-5 °C"),
        ("   ", ""),
    ],
)
def test_a_cell_that_an_editor_wrote_is_read(cell: str, text: str) -> None:
    assert read_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("", []),
        ("iturup", ["iturup"]),
        ("iturup;kunashir ; shikotan;", ["iturup", "kunashir", "shikotan"]),
        ("Doe\\; Sons; Roe", ["Doe; Sons", "Roe"]),
        ("\\-", ["-"]),
        ("a\\ ; b", ["a\\", "b"]),
    ],
)
def test_a_list_is_divided_by_semicolons(cell: str, items: list[str]) -> None:
    assert read_list(cell) == items


def test_a_list_takes_no_empty_item() -> None:
    with pytest.raises(ValueError, match="A list holds no empty items"):
        write_list(["a", ""])


@pytest.mark.parametrize(
    ("cell", "blank", "clear"),
    [
        ("", True, False),
        (" \n", True, False),
        ("-", False, True),
        (" - ", False, True),
        ("\\-", False, False),
        ("--", False, False),
    ],
)
def test_blank_leaves_and_a_hyphen_clears(cell: str, blank: bool, clear: bool) -> None:
    assert (cell_text.is_blank(cell), cell_text.is_clear(cell)) == (blank, clear)


@pytest.mark.parametrize(
    ("cell", "protected"),
    [
        ("=1+1", "\\=1+1"),
        ("==1+1", "\\==1+1"),
        ("+81 3", "\\+81 3"),
        ("@SUM(A1)", "\\@SUM(A1)"),
        ("＝1", "\\＝1"),
        ("-0044-03-15", "\\-0044-03-15"),
        ("-1+cmd|' /C calc'!A0", "\\-1+cmd|' /C calc'!A0"),
        ("-43.5", "-43.5"),
        ("-", "-"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_csv_protects_what_would_be_a_formula(cell: str, protected: str) -> None:
    assert protect(cell) == protected


def test_a_cell_holds_32767_units_of_utf_16() -> None:
    assert [too_long("a" * 32_767), too_long("a" * 32_768)] == [False, True]
    assert [too_long("𠮷" * 16_383), too_long("𠮷" * 16_384)] == [False, True]


def test_a_long_text_is_in_a_file_beside_the_sheet() -> None:
    assert (
        cell_text.file_named(" file:texts/sources.editorial.text.txt ") == "texts/sources.editorial.text.txt"
    )
    assert cell_text.file_named("\\file:x") == ""
    assert cell_text.file_named("see file:x") == ""
