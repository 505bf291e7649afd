"""Dates in English, in British order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.editorial.bounds import MONTHS
from kb.editorial.date_words.common import Ends, hours_from_utc
from kb.editorial.edtf import Moment

if TYPE_CHECKING:
    from datetime import date

    from kb.editorial.dates import DateSpan


class English:
    """British order: 18 August 1945."""

    SEASONS = {
        21: "spring", 22: "summer", 23: "autumn", 24: "winter",
        25: "northern spring", 26: "northern summer", 27: "northern autumn", 28: "northern winter",
        29: "southern spring", 30: "southern summer", 31: "southern autumn", 32: "southern winter",
        33: "first quarter of", 34: "second quarter of", 35: "third quarter of", 36: "fourth quarter of",
        37: "first four months of", 38: "middle four months of", 39: "last four months of",
        40: "first half of", 41: "second half of",
    }  # fmt: skip
    PARTS = ("year", "month", "day")

    def point(self, span: DateSpan) -> str:
        """One date with its doubts: "about 1945", "perhaps August 1945", "11 June 2004 (year uncertain)"."""
        moment = span.moment
        if moment is None:
            return span.edtf
        doubts = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}
        return doubts.get(moment.whole, "") + self._date(moment, span) + self._part_doubts(moment)

    def interval(self, began: DateSpan | None, ended: DateSpan | None, span: DateSpan) -> str:
        """How long something lasted: "9 August 1945 to 2 September 1945", "since September 1945"."""
        if began and ended:
            return f"{self.point(began)} to {self.point(ended)}"
        if began:
            return (
                f"since {self.point(began)}" if span.open_end else f"{self.point(began)} to an unknown date"
            )
        if ended:
            return (
                f"until {self.point(ended)}" if span.open_start else f"an unknown date to {self.point(ended)}"
            )
        if span.open_start and span.open_end:
            return "at all times"
        return "until an unknown date" if span.open_start else "since an unknown date"

    def choice(self, ranges: tuple[Ends, ...]) -> str:
        """Once, at one of these: "between 9 and 20 August 1945", "8 August 1945 or 9 August 1945"."""
        first, last = ranges[0]
        if len(ranges) == 1 and first and last and first is not last:
            return self._between(first, last)
        return self._listed([self._member(*pair) for pair in ranges], "or")

    def all_of(self, ranges: tuple[Ends, ...]) -> str:
        """At each of these: "1960 and December 1961"."""
        return self._listed([self._member(*pair) for pair in ranges], "and")

    def relation(self, relation: str, pivot: DateSpan | None, said: str) -> str:
        """Before, after or within something: "after 9 August 1945"."""
        return f"{relation} {said or 'an unknown date'}"

    def in_julian(self, words: str) -> str:
        """The same, said to be of the Julian calendar."""
        return f"{words} (Julian calendar)"

    def short_day(self, day: date, year: bool) -> str:
        """ "18 Aug 1945"."""
        return f"{day.day} {MONTHS[day.month - 1][:3]}{f' {day.year}' if year else ''}"

    def short_month(self, day: date) -> str:
        """ "Aug 1945"."""
        return f"{MONTHS[day.month - 1][:3]} {day.year}"

    def _between(self, first: DateSpan, last: DateSpan) -> str:
        beginning, end = self.point(first), self.point(last)
        one, other = first.moment, last.moment
        if (
            one
            and other
            and first.precision == last.precision == "day"
            and not (first.approximate or first.uncertain)
        ):
            if (one.year, one.month) == (other.year, other.month):
                beginning = str(int(one.day))
            elif one.year == other.year:
                beginning = f"{int(one.day)} {MONTHS[int(one.month) - 1]}"
        return f"between {beginning} and {end}"

    def _member(self, first: DateSpan | None, last: DateSpan | None) -> str:
        if first and last:
            return self.point(first) if first is last else f"{self.point(first)} to {self.point(last)}"
        if first:
            return self._or_beyond(first, "after", "later")
        return self._or_beyond(last, "before", "earlier") if last else "an unknown date"

    def _or_beyond(self, end: DateSpan, side: str, beyond: str) -> str:
        preposition = "on" if end.precision == "day" else "at" if end.precision == "minute" else "in"
        if end.approximate or end.uncertain:
            return f"{self.point(end)} or {beyond}"
        return f"{preposition} or {side} {self.point(end)}"

    def _listed(self, members: list[str], conjunction: str) -> str:
        if len(members) == 1:
            return members[0]
        return f"{', '.join(members[:-1])} {conjunction} {members[-1]}"

    def _part_doubts(self, moment: Moment) -> str:
        doubts = []
        for part, marks in zip(self.PARTS, moment.marks, strict=True):
            if "?" in marks or "%" in marks:
                doubts.append(f"{part} uncertain")
            if "~" in marks or "%" in marks:
                doubts.append(f"{part} approximate")
        return f" ({', '.join(doubts)})" if doubts else ""

    def _date(self, moment: Moment, span: DateSpan) -> str:
        year = self._year(moment)
        if "X" in moment.month + moment.day or ("X" in moment.year and moment.month):
            return self._unspecified(moment, year)
        if moment.season:
            return f"{self.SEASONS[moment.season]} {year}"
        if not moment.month:
            return year
        month_and_year = f"{MONTHS[int(moment.month) - 1]} {year}"
        if not moment.day:
            return month_and_year
        day = f"{int(moment.day)} {month_and_year}"
        if moment.time is None:
            return day
        clock = hours_from_utc(moment, span)
        zone = f" ({clock})" if clock else ""
        return f"{day}, {moment.time[0]:02}:{moment.time[1]:02}{zone}"

    def _unspecified(self, moment: Moment, year: str) -> str:
        if "X" in moment.year or moment.month not in ("XX", *(f"{n:02}" for n in range(1, 13))):
            return moment.text.strip("?~%")
        if moment.month == "XX" and moment.day in ("", "XX"):
            return f"{year} ({'month and day' if moment.day else 'month'} unknown)"
        if moment.month != "XX" and moment.day == "XX":
            return f"{MONTHS[int(moment.month) - 1]} {year} (day unknown)"
        return moment.text.strip("?~%")

    def _year(self, moment: Moment) -> str:
        digits = moment.year
        if "X" in digits:
            return self._masked_year(digits)
        year = int(digits)
        if moment.significant:
            return f"{self._year_number(year)} (to {self._count(moment.significant, 'significant digit')})"
        return self._year_number(year)

    def _count(self, number: int, noun: str) -> str:
        return f"{number} {noun}{'' if number == 1 else 's'}"

    def _year_number(self, year: int) -> str:
        if year <= 0:
            return f"{1 - year:,} BC" if year < -9999 else f"{1 - year} BC"
        if year < 1000:
            return f"AD {year}"
        return f"{year:,}" if year > 9999 else str(year)

    def _masked_year(self, digits: str) -> str:
        """194X the 1940s, 18XX the 19th century; before year 0, the years from and to; else the digits."""
        known = digits.rstrip("X")
        unknown = len(digits) - len(known)
        if known in ("", "-"):
            return "an unknown year" if not known else "an unknown year BC"
        if "X" in known or unknown > 2:
            return digits
        before_christ = known.startswith("-")
        number = int(known.lstrip("-"))
        if unknown == 2:
            return f"{self._ordinal(number + 1)} century{' BC' if before_christ else ''}"
        if before_christ:
            return f"{number * 10 + 10}\N{EN DASH}{max(number * 10 + 1, 2)} BC"
        return f"{number * 10}s" if number >= 100 else f"AD {number * 10}\N{EN DASH}{number * 10 + 9}"

    def _ordinal(self, number: int) -> str:
        if number % 100 in (11, 12, 13):
            return f"{number}th"
        return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
