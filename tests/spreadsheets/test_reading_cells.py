"""Numbers, coordinates and texts of cells."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.spreadsheets.reading import Mark, column_number, coordinate, letters, text_of
from kb.spreadsheets.reading.cells import LAST_COLUMN, number


@given(st.integers(0, LAST_COLUMN - 1))
def test_a_columns_letters_lead_back_to_it(column: int) -> None:
    assert column_number(letters(column)) == column


@pytest.mark.parametrize(
    ("row", "column", "name"), [(1, 0, "A1"), (14, 3, "D14"), (2, 26, "AA2"), (1, 16383, "XFD1")]
)
def test_a_cell_is_called_as_the_spreadsheet_program_calls_it(row: int, column: int, name: str) -> None:
    assert coordinate(row, column) == name


@given(st.integers(-(10**30), 10**30))
def test_whole_numbers_are_never_rounded(whole: int) -> None:
    assert number(str(whole)) == (whole, None)


@given(st.decimals(-1_000_000, 1_000_000, places=6))
def test_decimals_stay_as_written(written: Decimal) -> None:
    value, mark = number(str(written))
    assert (value, mark) == (written, None)


@given(st.floats(-1e9, 1e9).map(lambda number: float(f"{number:.10g}")))
def test_the_seventeen_digits_of_a_file_are_the_fifteen_of_the_program(shown: float) -> None:
    value, _ = number(f"{shown:.17g}")
    assert value == Decimal(f"{shown:.15g}")


@pytest.mark.parametrize("text", ["", "abc", "1,5", "NaN", "1e999999999", "9" * 5_000])
def test_what_is_no_number_stays_text(text: str) -> None:
    assert number(text) == (text, Mark.NOT_A_NUMBER)


@pytest.mark.parametrize(
    ("value", "mark", "text"),
    [
        (None, None, ""),
        ("  as it is ", None, "  as it is "),
        (True, None, "TRUE"),
        (12345678901234567890, None, "12345678901234567890"),
        (Decimal("7.90"), None, "7.9"),
        (Decimal("1E+3"), None, "1000"),
        (Decimal("0.125"), Mark.PERCENT, "12.5%"),
        (1, Mark.PERCENT, "100%"),
        (date(1945, 8, 9), None, "1945-08-09"),
        (datetime(1945, 8, 9, 13, 5), None, "1945-08-09 13:05:00"),
        (time(13, 5), None, "13:05:00"),
        (timedelta(hours=36, minutes=1), None, "36:01:00"),
        (-timedelta(minutes=1), None, "-0:01:00"),
    ],
)
def test_a_cell_reads_as_an_editor_sees_it(value: Any, mark: str | None, text: str) -> None:
    assert text_of(value, mark) == text
