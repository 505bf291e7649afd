"""What Excel's number formats make of a number: a date, a time, a percentage or the number itself.

The format codes and the serial numbers of days are those of ECMA-376 part 1, 18.8.30 and 18.17.4.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum

from kb.spreadsheets.reading.cells import Mark, Value, number


class Shown(Enum):
    """What kind of thing a format shows."""

    NUMBER = 0
    PERCENT = 1
    YEAR = 2
    MONTH = 3
    DATE = 4
    MOMENT = 5
    TIME = 6
    ELAPSED = 7


BUILT_IN = {
    9: Shown.PERCENT,
    10: Shown.PERCENT,
    14: Shown.DATE,
    15: Shown.DATE,
    16: Shown.DATE,
    17: Shown.MONTH,
    18: Shown.TIME,
    19: Shown.TIME,
    20: Shown.TIME,
    21: Shown.TIME,
    22: Shown.MOMENT,
    45: Shown.TIME,
    46: Shown.ELAPSED,
    47: Shown.TIME,
    # The East Asian ones; which of them show an hour differs by country, so the number decides.
    **dict.fromkeys((*range(27, 32), *range(50, 59), 36), Shown.DATE),
    **dict.fromkeys(range(32, 36), Shown.TIME),
}
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
# Quoted text, escaped characters, padding, and conditions, colours and locales in brackets show nothing of the number.
NOT_OF_THE_NUMBER = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|general|am/pm|a/p', re.IGNORECASE)
DAY = timedelta(days=1)
# A spreadsheet's dates and times are of no zone.
MIDNIGHT = datetime.min  # noqa: DTZ901
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001
LAST_SERIAL = 2_958_465  # 9999-12-31 in the 1900 system
DAYS_1904 = 1_462


def shown_by(code: str) -> Shown:
    """What a format code shows; of several sections the one for positive numbers counts."""
    code = code.split(";")[0]
    if ELAPSED.search(code):
        return Shown.ELAPSED
    plain = NOT_OF_THE_NUMBER.sub("", code).lower()
    if "%" in plain:
        return Shown.PERCENT
    if "0" in plain or "#" in plain.split(".")[0]:
        return Shown.NUMBER
    hours, days = "h" in plain or "s" in plain, "d" in plain
    years = any(letter in plain for letter in "yeg")
    if hours:
        return Shown.MOMENT if years or days else Shown.TIME
    if days:
        return Shown.DATE
    if "m" in plain:
        return Shown.MONTH
    return Shown.YEAR if years and "y" in plain else Shown.NUMBER


def dated(text: str, shown: Shown, *, since_1904: bool) -> tuple[Value, Mark | None]:
    """The value of a number that is shown as a date, a time or a percentage."""
    value, mark = number(text)
    if shown is Shown.NUMBER or not isinstance(value, (int, Decimal)):
        return value, mark
    if shown is Shown.PERCENT:
        return value, Mark.PERCENT
    if shown is Shown.ELAPSED:
        return (_span(value), None) if -LAST_SERIAL < value < LAST_SERIAL else (value, Mark.NOT_A_DATE)
    if shown is Shown.TIME and 0 <= value < 1:
        return (MIDNIGHT + _span(value)).time(), None
    moment = _moment(value, since_1904)
    if moment is None:
        if int(value) == 60 and not since_1904:
            return "1900-02-29", Mark.NOT_A_DATE  # Excel's day that never was
        return value, Mark.NOT_A_DATE
    if shown is Shown.YEAR:
        return f"{moment.year:04}", Mark.PARTIAL_DATE
    if shown is Shown.MONTH:
        return f"{moment.year:04}-{moment.month:02}", Mark.PARTIAL_DATE
    if shown is Shown.DATE and moment.time() == time(0):
        return moment.date(), None
    return moment, None


def _span(value: int | Decimal) -> timedelta:
    # A serial number is exact to about a millisecond, so that 0.541666… is 13:00 and not 12:59:59.999999.
    return timedelta(milliseconds=round(float(value) * 86_400_000))


def _moment(value: int | Decimal, since_1904: bool) -> datetime | None:
    """The moment of a serial number; None where the program shows no date for it (0, negative, day 60)."""
    if since_1904:
        value += DAYS_1904
        if value < DAYS_1904:
            return None
    elif value < 1 or int(value) == 60:
        return None
    if value >= LAST_SERIAL + 1:
        return None
    # Day 60 is the 29 February 1900 that never was: before it the count is one behind.
    return EPOCH + _span(value) + (DAY if value < 60 else timedelta(0))


def iso(text: str) -> Value:
    """A date, moment or time as ISO 8601 writes it; the text itself where it is none that Python can hold."""
    for read in (date.fromisoformat, datetime.fromisoformat, time.fromisoformat):
        try:
            found = read(text)
        except ValueError:
            continue
        return found
    return text
