"""Day numbers of the Gregorian and the Julian calendar, and the clocks of the world.

A *day number* counts days from 1970-01-01 of the proleptic Gregorian calendar, which is day 0. A *minute*
counts minutes from the beginning of that day, in UTC where the zone is known, else by the clock of the text
(*wall* minutes). Years are astronomical: 0 is 1 BC, -1 is 2 BC. Python's integers have no limit; the years
are limited so that every minute fits a signed 64-bit column.

Zones are the IANA database's, with its historical rules (`zoneinfo`; the `tzdata` package where the system
has none).
"""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from kb.editorial.date_errors import DateError, shown

GREGORIAN = "gregorian"
JULIAN = "julian"
CALENDARS = (GREGORIAN, JULIAN)

MINUTES_A_DAY = 1440
# 2**63 minutes are about 1.75e13 years.
FURTHEST_YEAR = 17_000_000_000_000

# Moments of a wall clock: without a zone until one is laid on them.
_UNIX_EPOCH = datetime.fromordinal(719_163)
_YEAR_1 = datetime.fromordinal(2)
_WINTER_9999, _SUMMER_9999 = datetime.fromordinal(3_651_696), datetime.fromordinal(3_651_877)
_FIRST_ZONED_MINUTE = -1_035_591_840  # 0001-01-02T00:00: a day inside what datetime can hold
_LAST_ZONED_MINUTE = 4_223_370_239  # 9999-12-30T23:59
_GREGORIAN_EPOCH = 719_468  # days from 0000-03-01 to 1970-01-01, Gregorian
_JULIAN_EPOCH = 719_470  # the same instant counted from the Julian 0000-03-01


def is_leap(year: int, calendar: str = GREGORIAN) -> bool:
    """Whether the year has a 29 February in that calendar (1900: Julian yes, Gregorian no)."""
    if calendar == JULIAN:
        return year % 4 == 0
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int, calendar: str = GREGORIAN) -> int:
    """How many days the month has; `month` from 1 to 12."""
    if month == 2:
        return 29 if is_leap(year, calendar) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def day_number(year: int, month: int, day: int, calendar: str = GREGORIAN) -> int:
    """The day number of an existing date; the caller has checked that it exists."""
    # Counting the year from March puts the leap day last, so that month lengths repeat regularly.
    shifted_year = year - (month <= 2)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = 365 * shifted_year + shifted_year // 4 + day_of_year
    if calendar == JULIAN:
        return days - _JULIAN_EPOCH
    return days - shifted_year // 100 + shifted_year // 400 - _GREGORIAN_EPOCH


def date_of(number: int, calendar: str = GREGORIAN) -> tuple[int, int, int]:
    """Year, month and day of a day number: the inverse of `day_number`."""
    if calendar == JULIAN:
        cycle, rest = divmod(number + _JULIAN_EPOCH, 1461)
        year_of_cycle = (rest - rest // 1460) // 365
        day_of_year = rest - 365 * year_of_cycle
        shifted_year = 4 * cycle + year_of_cycle
    else:
        cycle, rest = divmod(number + _GREGORIAN_EPOCH, 146_097)
        year_of_cycle = (rest - rest // 1460 + rest // 36_524 - rest // 146_096) // 365
        day_of_year = rest - (365 * year_of_cycle + year_of_cycle // 4 - year_of_cycle // 100)
        shifted_year = 400 * cycle + year_of_cycle
    march_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * march_month + 2) // 5 + 1
    month = (march_month + 2) % 12 + 1
    return shifted_year + (month <= 2), month, day


def months_later(number: int, months: int, calendar: str = GREGORIAN) -> int:
    """The day number so many months on (or back); the last day of a month that is too short for the day."""
    year, month, day = date_of(number, calendar)
    years, month_index = divmod(year * 12 + month - 1 + months, 12)
    return day_number(
        years, month_index + 1, min(day, days_in_month(years, month_index + 1, calendar)), calendar
    )


def check_calendar(calendar: str) -> str:
    """The calendar's name, or DateError."""
    if calendar not in CALENDARS:
        raise DateError(f"The calendar is “gregorian” or “julian”, not {shown(str(calendar))}.")
    return calendar


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name ("Europe/Moscow"), or DateError."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise DateError(
            f"{shown(name)} is no time zone. Right would be an IANA name, as Asia/Tokyo or Europe/Moscow, "
            "or nothing where the zone is unknown."
        ) from None


def utc_bounds(first: int, last: int, zone: ZoneInfo) -> tuple[int, int]:
    """First and last minute in UTC of a stretch of wall minutes (both inclusive) in a zone.

    Where the clocks went back an hour stands twice, and where they went forward it never stood: the
    bounds then hold every reading. Local mean times have odd seconds; minutes are cut down, so that the
    bounds hold the whole of the first and of the last minute.
    """
    earliest = min((first * 60 - offset) // 60 for offset in _offsets(first, zone))
    latest = max((last * 60 + 59 - offset) // 60 for offset in _offsets(last, zone))
    return earliest, latest


def _offsets(wall: int, zone: ZoneInfo) -> set[int]:
    """The offsets in seconds that the zone's clock may have had at that wall minute.

    The zone database knows the years 1 to 9999. Before them the zone's first entry counts (its local mean
    time); after them its winter and its summer time, whichever is wider.
    """
    if wall < _FIRST_ZONED_MINUTE:
        moments = [_YEAR_1]
    elif wall > _LAST_ZONED_MINUTE:
        moments = [_WINTER_9999, _SUMMER_9999]
    else:
        moments = [_UNIX_EPOCH + timedelta(minutes=wall)]
    offsets = (moment.replace(tzinfo=zone, fold=fold).utcoffset() for moment in moments for fold in (0, 1))
    return {round(offset.total_seconds()) for offset in offsets if offset is not None}
