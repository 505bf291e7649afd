"""Lengths of time counted from a date."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.editorial.dates import DateError, DateSpan
from kb.editorial.durations import read_duration, within_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P3M", (3, 0)),
        ("P10D", (0, 10)),
        ("P1Y2W", (12, 14)),
        ("P1Y2M3W4D", (14, 25)),
        ("P0D", (0, 0)),
        ("P9999Y", (119988, 0)),
    ],
)
def test_a_duration_is_read_as_months_and_days(text, length):
    assert read_duration(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "3M",
        "p3m",
        "PT5H",
        "P3",
        "P-3M",
        "P3.5M",
        "P3M ",
        "P3M\n",
        "P1D2M",
        "P٣M",
        "P12345Y",
        "three months",
    ],
)
def test_other_texts_are_refused_with_an_example(text):
    with pytest.raises(DateError, match="Write it as in “P3M”"):
        read_duration(text)


def within(text: str, duration: str, **kwargs: str) -> DateSpan:
    return within_duration(DateSpan.parse(text, **kwargs), duration)


@pytest.mark.parametrize(
    ("date", "duration", "edtf"),
    [
        ("1945-05-08", "P3M", "[1945-05-08..1945-08-08]"),
        ("2023-05-31", "P1M", "[2023-05-31..2023-06-30]"),
        ("2023-11-30", "P3M", "[2023-11-30..2024-02-29]"),
        ("2022-11-30", "P3M", "[2022-11-30..2023-02-28]"),
        ("2024-02-29", "P1Y", "[2024-02-29..2025-02-28]"),
        ("2023-12-31", "P1M1D", "[2023-12-31..2024-02-01]"),
        ("1945-08-09", "P2W", "[1945-08-09..1945-08-23]"),
        ("1945-08-09", "P0D", "[1945-08-09..1945-08-09]"),
        ("1945-08", "P1M", "[1945-08-01..1945-09-30]"),
        ("1945", "P1D", "[1945-01-01..1946-01-01]"),
        ("1945-08-09/1945-08-20", "P10D", "[1945-08-09..1945-08-30]"),
        ("0000-12-31", "P1D", "[0000-12-31..0001-01-01]"),
        ("-0044-03-15", "P1M", "[-0044-03-15..-0044-04-15]"),
        ("-0001-12-31", "P2M", "[-0001-12-31..0000-02-29]"),
    ],
)
def test_both_ends_are_counted_by_the_calendar(date, duration, edtf):
    assert within(date, duration).edtf == edtf


def test_the_julian_calendar_has_its_own_leap_years():
    span = within("1900-01-29", "P1M", calendar="julian")
    assert (span.edtf, span.calendar) == ("[1900-01-29..1900-02-29]", "julian")
    assert span.latest == DateSpan.parse("1900-03-13").latest


def test_days_are_those_of_the_zone_in_which_the_date_is_written():
    span = within("1945-08-08T22:00", "P3M", time_zone="Europe/Moscow")
    moscow = DateSpan.parse("1945-11-08", time_zone="Europe/Moscow")
    assert span.edtf == "[1945-08-08..1945-11-08]"
    assert (span.time_zone, span.latest) == ("Europe/Moscow", moscow.latest)


def test_what_was_written_is_kept_and_what_it_leans_on():
    settled = DateSpan.parse("1945-05-08")
    span = within_duration(settled, "P3M", "within three months of Germany’s defeat")
    assert (span.raw, span.relation, span.pivot) == (
        "within three months of Germany’s defeat",
        "within",
        "1945-05-08",
    )
    assert within_duration(settled, "P3M").raw == "[1945-05-08..1945-08-08]"


@pytest.mark.parametrize("date", ["1945/..", "../1945", "[1945..]", "/1945"])
def test_what_has_no_end_cannot_be_counted_from(date):
    with pytest.raises(DateError, match="no beginning or no end"):
        within(date, "P3M")


@pytest.mark.parametrize(("date", "duration"), [("9999-12-31", "P1D"), ("9000", "P9999Y"), ("Y17000", "P1M")])
def test_beyond_four_digits_of_a_year_it_is_counted_or_refused_but_never_wrong(date, duration):
    try:
        span = within(date, duration)
    except DateError:
        return
    assert span.latest > DateSpan.parse(date).latest


@given(st.dates(), st.integers(0, 30), st.integers(0, 400))
def test_a_longer_time_ends_no_earlier(day, months, days):
    def end(duration: str) -> int:
        return within(day.isoformat(), duration).latest or 0

    try:
        longer = end(f"P{months + 1}M{days}D"), end(f"P{months}M{days + 1}D")
    except DateError:
        assert day.year >= 9995
        return
    assert end(f"P{months}M{days}D") <= min(longer)
    assert within(day.isoformat(), f"P{months}M{days}D").earliest == DateSpan.parse(day.isoformat()).earliest
