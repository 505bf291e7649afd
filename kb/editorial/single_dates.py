"""One date as editors write it, without anything around it: every way in which its digits and words can
be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.editorial import date_vocabulary as words
from kb.editorial.date_errors import DateError, shown


@dataclass(frozen=True, slots=True)
class Partial:
    """Year, month (or season) and day in EDTF's digits; what is not said is empty."""

    year: str = ""
    month: str = ""
    day: str = ""

    @property
    def edtf(self) -> str:
        """The EDTF text of what is said."""
        return "-".join(part for part in (self.year, self.month, self.day) if part)


_YEAR = (
    r"(?P<year>(?:ad|a\.d\.) ?[0-9]{1,4}|[0-9]{1,4} ?(?:bce?|ce|ad|b\.c\.(?:e\.)?|a\.d\.|до н\. ?э\.)"
    r"|[0-9]{4})"
)
_MONTH = rf"(?P<month>{words.MONTH})\.?"
_DAY = rf"(?P<day>[0-9]{{1,2}})(?:{words.ORDINAL})?"
_LINK = rf",? ?(?:(?:{words.OF}) )?"

_FORMS = tuple(
    re.compile(form + rf"(?: ?(?:{words.YEAR_WORD}))?")
    for form in (
        _YEAR,
        rf"{_DAY}{_LINK}{_MONTH}{_LINK}{_YEAR}",
        rf"{_MONTH} ?{_DAY},? {_YEAR}",
        rf"{_MONTH}{_LINK}{_YEAR}",
        rf"{_YEAR},? {_MONTH}(?:,? {_DAY})?",
        rf"(?P<season>{words.SEASON})(?: (?:{words.OF}|года))?,? {_YEAR}",
        rf"{_YEAR},? (?P<season>{words.SEASON})",
        rf"{_DAY}{_LINK}{_MONTH}",
        rf"{_MONTH} ?{_DAY}",
        _MONTH,
        _DAY,
    )
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?")
_THREE_NUMBERS = re.compile(r"([0-9]{1,2})(?:([-/.]) ?([0-9]{1,2})(?:\2| )|\. ([0-9]{1,2})\. ?) ?([0-9]{4})")
_MONTH_AND_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})|([0-9]{2}) ([0-9]{4})")
_EAST_ASIAN = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和)?(?P<year>元|[0-9]{1,4}) ?[年년](?: ?(?P<month>[0-9]{1,2}) ?[月월]"
    r"(?: ?(?P<day>[0-9]{1,2}) ?[日일])?)?"
)
_DECADE = re.compile(
    r"(?:the |années |anos |años |anni )?([0-9]{3})0(?:['’]?s|er(?: jahre)?|年代|-х|-е(?: годы)?| ?년대)?"
)
_CENTURY = re.compile(
    r"(?:the )?([0-9]{1,2})(?:st|nd|rd|th) (?:century|c\.)( bce?| b\.c\.)?|([0-9]{1,2})世紀"
    r"|(?:siglo |seculo )([ivx]+)"
    r"|([ivx]+)e? (?:siecle|secolo|век|века|в\.|w\.|wiek)"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


def single_dates(text: str, day_first: bool | None) -> list[Partial]:
    """Every reading of a folded text as one date, or as part of one (a day, a month without a year)."""
    text = re.sub(rf"^(?:{words.ARTICLES}) (?=\S)", "", text.strip())
    found = [
        *_numbers(text, day_first),
        *_east_asian(text),
        *_decades_and_centuries(text),
        *(_from_form(match) for form in _FORMS if (match := form.fullmatch(text))),
    ]
    return list(dict.fromkeys(found))


def _from_form(match: re.Match[str]) -> Partial:
    parts = match.groupdict()
    month = words.MONTH_WORDS[parts["month"]] if parts.get("month") else ""
    if parts.get("season"):
        month = words.SEASON_WORDS[parts["season"]]
    day = f"{int(parts['day']):02}" if parts.get("day") else ""
    return Partial(_year(parts["year"]) if parts.get("year") else "", month, day)


def _year(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    if "b" in text or "до" in text:
        year = 1 - int(digits)
        return f"-{-year:04}" if year < 0 else "0000"
    return f"{int(digits):04}"


def _numbers(text: str, day_first: bool | None) -> Iterator[Partial]:
    if match := _YEAR_FIRST.fullmatch(text):
        year, sign, month, day = match.groups()
        # 1944-45 has no month 45: it is a range of years.
        if 1 <= int(month) <= 12 and (day or sign != "/" or len(month) == 1):
            yield Partial(year, f"{int(month):02}", f"{int(day):02}" if day else "")
    if match := _THREE_NUMBERS.fullmatch(text):
        first, _, second, dotted, year = match.groups()
        yield from _day_and_month(int(first), int(second or dotted), year, day_first)
    if match := _MONTH_AND_YEAR.fullmatch(text):
        month, year = match[1] or match[3], match[2] or match[4]
        yield Partial(year, f"{int(month):02}")


def _day_and_month(first: int, second: int, year: str, day_first: bool | None) -> Iterator[Partial]:
    """02/03/2024: both readings, unless one is no date or the caller knows the order."""
    if second <= 12 and day_first is not False:
        yield Partial(year, f"{second:02}", f"{first:02}")
    if first <= 12 and day_first is not True:
        yield Partial(year, f"{first:02}", f"{second:02}")


def _east_asian(text: str) -> Iterator[Partial]:
    match = _EAST_ASIAN.fullmatch(text)
    if not match:
        return
    era, year, month, day = match.group("era", "year", "month", "day")
    month, day = (f"{int(part):02}" if part else "" for part in (month, day))
    if era:
        yield _of_era(text, era, 1 if year == "元" else int(year), month, day)
    elif len(year) == 4:
        yield Partial(year, month, day)


def _of_era(text: str, era: str, year_of_era: int, month: str, day: str) -> Partial:
    first_year, first, last = words.ERAS[era]
    date = Partial(str(first_year + year_of_era - 1), month, day)
    if not first[: len(date.edtf)] <= date.edtf <= last[: len(date.edtf)] or not year_of_era:
        raise DateError(f"{shown(text)} never was: the era {era} lasted from {first} to {last}.")
    if month and int(date.year) < words.FIRST_SOLAR_YEAR_OF_JAPAN:
        raise DateError(
            f"{shown(text)} is a date of the lunar calendar, which Japan kept until 1872. "
            "Write the Gregorian date, or the year alone."
        )
    return date


def _decades_and_centuries(text: str) -> Iterator[Partial]:
    if (match := _DECADE.fullmatch(text)) and not text.isdigit():
        yield Partial(f"{match[1]}X")
        if match[1].endswith("0"):
            yield Partial(f"{match[1][:2]}XX")
    if match := _CENTURY.fullmatch(text):
        number, before_christ, japanese, *roman = match.groups()
        century = int(number or japanese or 0) or sum(_roman(numeral) for numeral in roman if numeral)
        if 1 <= century <= 99:
            yield Partial(f"{'-' if before_christ else ''}{century - 1:02}XX")


def _roman(numeral: str) -> int:
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-v if any(v < later for later in values[n + 1 :]) else v for n, v in enumerate(values))
