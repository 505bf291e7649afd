"""Which days and minutes one date of an EDTF text can mean, by the clock of the text."""

from collections.abc import Iterator
from itertools import islice

from kb.editorial.calendars import FURTHEST_YEAR, GREGORIAN, MINUTES_A_DAY, day_number, days_in_month
from kb.editorial.date_errors import DateError, shown
from kb.editorial.edtf import Moment

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# Season: first and last month, counted from January of the named year as 1 (so 0 is the December before and
# 15 the March after). 21 to 24 say no hemisphere, so spring and autumn may be anywhere in the year, and
# summer and winter may run over either New Year. 25 to 32 name the hemisphere; a winter "of 2010" may have
# begun in 2009 or in 2010.
_SEASON_MONTHS = {
    21: (1, 12), 22: (0, 15), 23: (1, 12), 24: (0, 15),
    25: (3, 6), 26: (6, 9), 27: (9, 12), 28: (0, 15),
    29: (9, 12), 30: (0, 15), 31: (3, 6), 32: (6, 9),
    33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12),
    37: (1, 4), 38: (5, 8), 39: (9, 12), 40: (1, 6), 41: (7, 12),
}  # fmt: skip
# Where lists put a season: spring, summer, autumn, winter, as they follow each other in the name's own
# hemisphere.
_SEASON_ORDER = {21: 3, 22: 6, 23: 9, 24: 12, 25: 3, 26: 6, 27: 9, 28: 12, 29: 9, 30: 12, 31: 3, 32: 6}

MOST_RUNS = 400


def is_rough_season(moment: Moment | None) -> bool:
    """Whether the bounds are wider than the season itself, because nobody said which months are meant."""
    return moment is not None and 21 <= moment.season <= 32


def wall_minutes(moment: Moment, calendar: str) -> tuple[int, int]:
    """First and last minute (inclusive, by the text's clock) of the date; DateError if it never was."""
    first, last = _days(moment, calendar)
    if moment.time is not None:
        minute = first * MINUTES_A_DAY + moment.time[0] * 60 + moment.time[1]
        return minute, minute
    return first * MINUTES_A_DAY, last * MINUTES_A_DAY + MINUTES_A_DAY - 1


def order_minute(moment: Moment, calendar: str) -> int:
    """Where the date stands in a list: its first minute, but a season stands where the season begins."""
    if month := _SEASON_ORDER.get(moment.season):
        return day_number(int(moment.year), month, 1, calendar) * MINUTES_A_DAY
    return wall_minutes(moment, calendar)[0]


def wall_runs(moment: Moment, calendar: str) -> tuple[tuple[int, int], ...] | None:
    """The separate stretches that a date with unspecified digits can mean: 156X-12-25 is ten days.

    None where they are more than `MOST_RUNS` to look at; the bounds are then all there is to say.
    """
    # Where all digits from one on are unspecified, what they can mean has no gaps.
    if "X" not in (moment.year + moment.month + moment.day).rstrip("X"):
        return (wall_minutes(moment, calendar),)
    days = list(islice(_candidates(moment, calendar), MOST_RUNS + 1))
    if len(days) > MOST_RUNS:
        return None
    runs: list[tuple[int, int]] = []
    for first, last in days:
        if runs and runs[-1][1] + 1 == first:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return tuple((first * MINUTES_A_DAY, last * MINUTES_A_DAY + MINUTES_A_DAY - 1) for first, last in runs)


def _days(moment: Moment, calendar: str) -> tuple[int, int]:
    if "X" in moment.year + moment.month + moment.day:
        return _masked_days(moment, calendar)
    first_year, last_year = _year_range(moment)
    if abs(first_year) > FURTHEST_YEAR or abs(last_year) > FURTHEST_YEAR:
        raise DateError(
            f"{shown(moment.text)} is too far away: the furthest year that can be kept is {FURTHEST_YEAR:,}."
        )
    if moment.season:
        return _season_days(first_year, moment.season, calendar)
    if not moment.month:
        return day_number(first_year, 1, 1, calendar), day_number(last_year, 12, 31, calendar)
    month = int(moment.month)
    if not 1 <= month <= 12:
        raise DateError(f"{shown(moment.text)} has no month {moment.month}: months are 01 to 12.")
    length = days_in_month(first_year, month, calendar)
    if not moment.day:
        return day_number(first_year, month, 1, calendar), day_number(first_year, month, length, calendar)
    if not 1 <= int(moment.day) <= length:
        raise DateError(_no_such_day(moment, month, length, calendar))
    number = day_number(first_year, month, int(moment.day), calendar)
    return number, number


def _no_such_day(moment: Moment, month: int, length: int, calendar: str) -> str:
    message = f"{shown(moment.text)} never was: {MONTHS[month - 1]} {moment.year} has {length} days"
    if calendar == GREGORIAN:
        julian_length = days_in_month(int(moment.year), month, "julian")
        if int(moment.day) == julian_length > length:
            return (
                message
                + f" in the Gregorian calendar; the Julian calendar has a {moment.day} February that year."
            )
    return message + "."


def _year_range(moment: Moment) -> tuple[int, int]:
    """The years meant, where only so many digits are significant: 1950S2 is some year from 1900 to 1999."""
    year = int(moment.year)
    unsure = len(moment.year.lstrip("-")) - moment.significant
    if not moment.significant or unsure <= 0:
        return year, year
    step = 10**unsure
    low = abs(year) // step * step
    return (low, low + step - 1) if year >= 0 else (-(low + step - 1), -low)


def _season_days(year: int, season: int, calendar: str) -> tuple[int, int]:
    first, last = _SEASON_MONTHS[season]
    first_year, first_month = year + (first - 1) // 12, (first - 1) % 12 + 1
    last_year, last_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    length = days_in_month(last_year, last_month, calendar)
    return day_number(first_year, first_month, 1, calendar), day_number(
        last_year, last_month, length, calendar
    )


def _masked_days(moment: Moment, calendar: str) -> tuple[int, int]:
    earliest = next(_candidates(moment, calendar), None)
    latest = next(_candidates(moment, calendar, backwards=True), None)
    if earliest is None or latest is None:
        raise DateError(f"{shown(moment.text)} never was: no date fits these digits.")
    return earliest[0], latest[1]


def _candidates(moment: Moment, calendar: str, backwards: bool = False) -> Iterator[tuple[int, int]]:
    """Every stretch of days (first, last) that fits the digits, in order of time or against it."""
    way = -1 if backwards else 1
    months = _matching(moment.month, 1, 12)[::way]
    days = _matching(moment.day, 1, 31)[::way]
    for year in _years(moment.year)[::way]:
        if not moment.month:
            yield day_number(year, 1, 1, calendar), day_number(year, 12, 31, calendar)
            continue
        for month in months:
            length = days_in_month(year, month, calendar)
            if not moment.day:
                yield day_number(year, month, 1, calendar), day_number(year, month, length, calendar)
                continue
            for day in days:
                if day <= length:
                    number = day_number(year, month, day, calendar)
                    yield number, number


def _years(mask: str) -> list[int]:
    """The years that fit a mask, in order of time; a minus sign excludes the year 0."""
    if mask.startswith("-"):
        return [-year for year in reversed(_matching(mask[1:], 1, 9999))]
    return _matching(mask, 0, 9999)


def _matching(mask: str, low: int, high: int) -> list[int]:
    values = [0]
    for digit in mask:
        values = [value * 10 + n for value in values for n in (range(10) if digit == "X" else (int(digit),))]
    return [value for value in values if low <= value <= high]
