"""The values of cells: their types, their coordinates, and the text an editor sees.

A value is plain: text, a whole number, a Decimal, a truth value, a date, a time, or None for a blank cell. What is odd
about a cell stands beside it as a mark, since odd cells are few.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

Value = str | int | Decimal | bool | date | datetime | time | timedelta | None

# Excel and LibreOffice keep a number in 53 bits and show no more than this.
SIGNIFICANT_DIGITS = 15
LONGEST_NUMBER = 60
LARGEST_EXPONENT = 324
LAST_COLUMN = 16_384
LAST_ROW = 1_048_576


class Mark(StrEnum):
    """What is odd about a cell."""

    ERROR = "error"
    """An error of the spreadsheet program; the value is its text, such as `#N/A`."""
    UNCALCULATED = "uncalculated"
    """A formula that the file holds no result of; the value is None, and is not blank but unknown."""
    PERCENT = "percent"
    """Shown as a percentage: the value 0.5 is seen as 50%."""
    ROUNDED = "rounded"
    """A whole number of more digits than the spreadsheet program keeps: its last digits were lost there."""
    NOT_A_DATE = "not a date"
    """Formatted as a date, but of no day that exists; the value is what is in the cell."""
    PARTIAL_DATE = "partial date"
    """A date shown without its day, or without its month; the value is the text of what is shown (`1945-08`)."""
    CONTROL = "control character"
    """The text holds an invisible control character, which a database refuses."""
    HALVED = "half a character"
    """The text held half of a character (a lone surrogate), which nothing can show or keep; U+FFFD stands there."""
    QUOTE = "quotation mark"
    """The row has a quotation mark that is opened and not closed; its cells were divided as if it were a letter."""
    NESTED = "nested"
    """A JSON object or list inside a cell; the value is its JSON text."""
    NOT_A_NUMBER = "not a number"
    """A number that no database keeps (`NaN`, or of thousands of digits); the value is its text."""


CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
HALVES = re.compile("[\ud800-\udfff]")


def letters(column: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_number(name: str) -> int:
    """The number of a column by its letters: A is 0. Raises ValueError."""
    number = 0
    for letter in name.upper():
        if not "A" <= letter <= "Z" or number > LAST_COLUMN:
            raise ValueError(f"{name!r} is not a column")
        number = number * 26 + ord(letter) - 64
    return number - 1


def coordinate(row: int, column: int) -> str:
    """The name of a cell: row 14 (the first is 1) and column 3 (the first is 0) is D14."""
    return f"{letters(column)}{row}"


def number(text: str) -> tuple[Value, Mark | None]:
    """The number that a spreadsheet file writes as `text`.

    Whole numbers are ints, however long; others are Decimals of the 15 digits that the spreadsheet program shows, so
    that 7.9 (written 7.9000000000000004) stays 7.9. What is no number comes back as its text, marked.
    """
    if text.isdigit() and text.isascii() and len(text) <= LONGEST_NUMBER:
        return int(text), None
    try:
        exact = Decimal(text.strip())
    except InvalidOperation:
        return text, Mark.NOT_A_NUMBER
    if not exact.is_finite() or len(text) > LONGEST_NUMBER or abs(exact.adjusted()) > LARGEST_EXPONENT:
        return text, Mark.NOT_A_NUMBER
    _, digits, exponent = exact.as_tuple()
    if isinstance(exponent, int) and exponent < 0 and len(digits) > SIGNIFICANT_DIGITS:
        exact = Decimal(format(exact, f".{SIGNIFICANT_DIGITS}g"))
    if exact == exact.to_integral_value():
        whole = int(exact)
        lost = ("E" in text or "e" in text) and abs(whole) >= 10**SIGNIFICANT_DIGITS
        return whole, Mark.ROUNDED if lost else None
    return exact.normalize(), None


def text_of(value: Value, mark: str | None = None) -> str:
    """The cell as an editor sees it; dates as `1945-08-09`, so that no reader's country decides the order."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if mark == Mark.PERCENT and isinstance(value, (int, Decimal)):
        return f"{_plain(Decimal(value) * 100)}%"
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="auto")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _elapsed(value)
    return str(value)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _elapsed(value: timedelta) -> str:
    sign = "-" if value < timedelta(0) else ""
    seconds = abs(value) // timedelta(seconds=1)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
