"""Day numbers and zones."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.editorial.calendars import (
    CALENDARS,
    GREGORIAN,
    JULIAN,
    date_of,
    day_number,
    days_in_month,
    months_later,
    utc_bounds,
    zone_named,
)
from kb.editorial.date_errors import DateError


@given(st.integers(-(10**15), 10**15), st.sampled_from(CALENDARS))
def test_a_day_number_comes_back_from_its_date(number: int, calendar: str) -> None:
    year, month, day = date_of(number, calendar)
    assert day_number(year, month, day, calendar) == number
    assert 1 <= day <= days_in_month(year, month, calendar)


@given(st.dates())
def test_gregorian_day_numbers_are_those_of_the_standard_library(day: date) -> None:
    assert day_number(day.year, day.month, day.day) == day.toordinal() - date(1970, 1, 1).toordinal()


@pytest.mark.parametrize(
    ("julian", "gregorian"),
    [
        ((1582, 10, 5), (1582, 10, 15)),
        ((1855, 1, 26), (1855, 2, 7)),
        ((1900, 2, 29), (1900, 3, 13)),
        ((1917, 10, 25), (1917, 11, 7)),
        ((-4712, 1, 1), (-4713, 11, 24)),
    ],
)
def test_julian_dates_are_those_of_the_history_books(
    julian: tuple[int, int, int], gregorian: tuple[int, int, int]
) -> None:
    assert date_of(day_number(*julian, JULIAN), GREGORIAN) == gregorian


def test_a_month_later_than_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    assert date_of(months_later(day_number(1945, 1, 31), 1)) == (1945, 2, 28)
    assert date_of(months_later(day_number(1945, 1, 31), -2)) == (1944, 11, 30)
    assert date_of(months_later(day_number(0, 1, 1), -12)) == (-1, 1, 1)


def minutes(year: int, month: int, day: int, hour: int, minute: int) -> int:
    return (day_number(year, month, day) * 24 + hour) * 60 + minute


def at(zone: str, wall: int) -> tuple[int, int]:
    earliest, latest = utc_bounds(wall, wall, zone_named(zone))
    return wall - earliest, wall - latest


def test_moscow_was_three_hours_before_greenwich_in_august_1945() -> None:
    assert at("Europe/Moscow", minutes(1945, 8, 8, 22, 0)) == (180, 180)


def test_an_hour_that_stood_twice_on_the_clock_has_both_readings() -> None:
    assert at("America/New_York", minutes(2024, 11, 3, 1, 30)) == (-240, -300)


def test_an_hour_that_the_clock_left_out_has_both_readings() -> None:
    assert at("America/New_York", minutes(2024, 3, 10, 2, 30)) == (-240, -300)


def test_local_mean_time_with_odd_seconds_is_held_whole() -> None:
    # Tokyo was 9:18:59 before Greenwich until 1887: noon there began in one minute and ended in the next.
    assert at("Asia/Tokyo", minutes(1880, 1, 1, 12, 0)) == (559, 558)


def test_zones_hold_beyond_the_years_that_their_database_knows() -> None:
    assert at("Asia/Tokyo", minutes(-500, 1, 1, 12, 0)) == (559, 558)
    assert at("Europe/Paris", minutes(12000, 1, 1, 12, 0)) == (120, 60)


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "../etc/passwd", "/etc/passwd", "America", "Eu\x00rope", "x" * 5000]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(DateError, match="is no time zone"):
        zone_named(name)
