"""What every language has to say of dates, and what is said alike in all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kb.editorial.edtf import Moment

if TYPE_CHECKING:
    from datetime import date

    from kb.editorial.dates import DateSpan

Ends = tuple["DateSpan | None", "DateSpan | None"]

_KNOWN_MONTHS = ("", "XX", *(f"{number:02}" for number in range(1, 13)))


class Words(Protocol):
    """What a language has to say."""

    def point(self, span: DateSpan) -> str: ...
    def interval(self, began: DateSpan | None, ended: DateSpan | None, span: DateSpan) -> str: ...
    def choice(self, ranges: tuple[Ends, ...]) -> str: ...
    def all_of(self, ranges: tuple[Ends, ...]) -> str: ...
    def relation(self, relation: str, pivot: DateSpan | None, said: str) -> str: ...
    def in_julian(self, words: str) -> str: ...
    def short_day(self, day: date, year: bool) -> str: ...
    def short_month(self, day: date) -> str: ...


def hours_from_utc(moment: Moment, span: DateSpan) -> str:
    """The clock that a time is told by: "UTC+3", "Europe/Moscow"; empty where it is not known."""
    if moment.offset is None:
        return span.time_zone
    if moment.offset == 0:
        return "UTC"
    hours, minutes = divmod(abs(moment.offset), 60)
    sign = "+" if moment.offset > 0 else "\N{MINUS SIGN}"
    return f"UTC{sign}{hours}{f':{minutes:02}' if minutes else ''}"


def unspeakable(moment: Moment) -> bool:
    """Whether digits are unknown in the middle of a date, so that no words say it well."""
    if "X" in moment.year and moment.month:
        return True
    if moment.month not in _KNOWN_MONTHS or ("X" in moment.day and moment.day != "XX"):
        return True
    return moment.month == "XX" and moment.day not in ("", "XX")


def bare(moment: Moment) -> str:
    """The date as it is written, without its doubts."""
    return moment.text.strip("?~%")


def in_common(first: DateSpan, last: DateSpan) -> str:
    """What two exact days have in common: "month", "year", or nothing."""
    one, other = first.moment, last.moment
    exact = first.precision == last.precision == "day" and not (first.approximate or first.uncertain)
    if not (one and other and exact) or one.year != other.year:
        return ""
    return "month" if one.month == other.month else "year"
