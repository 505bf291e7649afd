"""Periods of the calendar between two minutes: days, months, years, or ten, a hundred, a thousand years and so on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.editorial.calendars import date_of, day_number

DAY = 24 * 60
#: No drawing holds more periods.
MOST = 62
_EPOCH = day_number(1970, 1, 1)


@dataclass(frozen=True)
class Unit:
    """What a period measures. `closest` is the class of length of dates that say in which one they are."""

    name: str
    years: int = 0
    closest: int = 0


@dataclass(frozen=True)
class Period:
    """From its first minute up to the next one's; `edtf` says it as a date."""

    first: int
    following: int
    edtf: str
    unit: Unit


DAYS, MONTHS = Unit("day", closest=0), Unit("month", closest=1)


def unit_for(first: int, last: int) -> Unit:
    """The smallest unit of which no more than a drawing holds lie between two minutes."""
    if (last - first) // DAY < MOST:
        return DAYS
    years = date_of(last // DAY + _EPOCH)[0] - date_of(first // DAY + _EPOCH)[0] + 1
    if years * 12 <= 48:
        return MONTHS
    step, closest = 1, 2
    while years // step >= MOST:
        step, closest = step * 10, min(closest + 1, 4)
    return Unit("year", step, closest)


def periods(first: int, last: int, unit: Unit) -> list[Period]:
    """The periods of a unit that hold the minutes from the first to the last."""
    return list(
        _days(first, last)
        if unit == DAYS
        else _months(first, last)
        if unit == MONTHS
        else _years(first, last, unit)
    )


def _days(first: int, last: int) -> Iterator[Period]:
    for number in range(first // DAY, last // DAY + 1):
        year, month, day = date_of(number + _EPOCH)
        yield Period(number * DAY, (number + 1) * DAY, f"{_year(year)}-{month:02}-{day:02}", DAYS)


def _months(first: int, last: int) -> Iterator[Period]:
    year, month, _ = date_of(first // DAY + _EPOCH)
    begin = _minute(year, month)
    while begin <= last:
        later = (year, month + 1) if month < 12 else (year + 1, 1)
        following = _minute(*later)
        yield Period(begin, following, f"{_year(year)}-{month:02}", MONTHS)
        (year, month), begin = later, following


def _years(first: int, last: int, unit: Unit) -> Iterator[Period]:
    year = date_of(first // DAY + _EPOCH)[0] // unit.years * unit.years
    begin = _minute(year, 1)
    while begin <= last:
        following = _minute(year + unit.years, 1)
        edtf = _year(year) if unit.years == 1 else f"{_year(year)}/{_year(year + unit.years - 1)}"
        yield Period(begin, following, edtf, unit)
        year, begin = year + unit.years, following


def wider(first: int, last: int) -> str | None:
    """The next wider round period around a time, as a date: its month, year, decade, century; None beyond."""
    begin, end = date_of(first // DAY + _EPOCH), date_of(last // DAY + _EPOCH)
    if begin[:2] == end[:2] and first // DAY == last // DAY:
        return f"{_year(begin[0])}-{begin[1]:02}"
    if begin[0] == end[0] and begin[:2] == end[:2]:
        return _year(begin[0])
    for years in (10, 100, 1000):
        low = begin[0] // years * years
        whole = (first, last + 1) == (_minute(low, 1), _minute(low + years, 1))
        if low == end[0] // years * years and not whole:
            return f"{_year(low)}/{_year(low + years - 1)}"
    return None


def _minute(year: int, month: int) -> int:
    return (day_number(year, month, 1) - _EPOCH) * DAY


def _year(year: int) -> str:
    """A year as EDTF has it: 0044 for 44, -0043 for 44 before Christ, Y12345 for one of five digits."""
    if abs(year) > 9999:
        return f"Y{year}"
    return f"{'-' if year < 0 else ''}{abs(year):04}"
