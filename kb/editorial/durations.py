"""Lengths of time counted from a date: “within three months of Germany's defeat”."""

from __future__ import annotations

import re
from dataclasses import replace

from kb.editorial.calendars import MINUTES_A_DAY, date_of, day_number, days_in_month
from kb.editorial.dates import DateError, DateSpan

# ISO 8601-1, 5.5.2: years, months, weeks, days.
DURATION = re.compile(r"P(?=[0-9])(?:([0-9]{1,4})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})W)?(?:([0-9]{1,6})D)?")


def read_duration(text: str) -> tuple[int, int]:
    """Months and days of a duration: "P1Y2W" is 12 months and 14 days. Raises DateError."""
    found = DURATION.fullmatch(text)
    if not found:
        raise DateError(
            f"“{text}” is not a length of time. Write it as in “P3M” (three months) or “P10D” (ten days)."
        )
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return years * 12 + months, weeks * 7 + days


def within_duration(settled: DateSpan, duration: str, raw: str = "") -> DateSpan:
    """Once, between a date and so much later, both ends included. Raises DateError.

    Counted in days by the calendar that the date is written in; a day that the month has not is its last
    (31 May and one month is 30 June).
    """
    months, days = read_duration(duration)
    first, last = settled.wall if settled.wall != (None, None) else (settled.earliest, settled.latest)
    if first is None or last is None:
        raise DateError(f"“{settled.raw}” has no beginning or no end from which to count.")
    start = _written(first // MINUTES_A_DAY, settled.calendar)
    year, month, day = date_of(last // MINUTES_A_DAY, settled.calendar)
    year, month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    day = min(day, days_in_month(year, month, settled.calendar))
    end = _written(day_number(year, month, day, settled.calendar) + days, settled.calendar)
    span = DateSpan.parse(f"[{start}..{end}]", calendar=settled.calendar, time_zone=settled.time_zone)
    return replace(span, raw=raw or span.edtf, relation="within", pivot=settled.edtf)


def _written(number: int, calendar: str) -> str:
    year, month, day = date_of(number, calendar)
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04}-{month:02}-{day:02}"
