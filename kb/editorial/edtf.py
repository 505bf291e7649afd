"""EDTF text (ISO 8601-2:2019, the Library of Congress's profile, levels 0 to 2) taken apart into its dates.

This module knows the notation only: what digits, marks and brackets there are. Which minutes they mean is
`bounds`' business, and whether an end comes before its beginning is `dates`'.
"""

import re
from dataclasses import dataclass, replace
from enum import Enum

from kb.editorial.date_errors import DateError, shown

MAX_LENGTH = 200

POINT, INTERVAL, ONE_OF, ALL_OF = "point", "interval", "one-of", "all-of"


class Edge(Enum):
    """A side of an interval or of a set's range that names no date."""

    OPEN = ".."
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One date of an expression, in the digits it was written in.

    `year` has a sign where it is before year 0; unspecified digits are X. `season` is 21 to 41, or 0.
    `time` is hour and minute; `offset` is minutes east of UTC, None where the text has none. `significant`
    is the number of digits of the year that are meant, 0 for all. `whole` are the marks (? ~ %) on the whole
    date, `marks` those on its year, month and day alone.
    """

    text: str
    year: str
    month: str = ""
    day: str = ""
    season: int = 0
    time: tuple[int, int] | None = None
    offset: int | None = None
    significant: int = 0
    whole: str = ""
    marks: tuple[str, str, str] = ("", "", "")


Side = Moment | Edge


@dataclass(frozen=True, slots=True)
class Expression:
    """A whole EDTF text: its shape and its ranges; a single date of a set is a range from it to itself."""

    text: str
    shape: str
    ranges: tuple[tuple[Side, Side], ...]


_DATE = re.compile(
    r"(?P<before_year>[?~%]?)(?P<year>-?[0-9X]{4})(?P<after_year>[?~%]?)"
    r"(?:-(?P<before_month>[?~%]?)(?P<month>[0-9X]{2})(?P<after_month>[?~%]?)"
    r"(?:-(?P<before_day>[?~%]?)(?P<day>[0-9X]{2})(?P<after_day>[?~%]?))?)?"
)
_TIMED = re.compile(
    r"(?P<date>-?[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r"(?P<zone>Z|[+-][0-9]{2}(?::[0-9]{2})?)?"
)
_LONG_YEAR = re.compile(
    r"(?:Y(?P<year>-?[1-9][0-9]*)(?:E(?P<exponent>[1-9][0-9]?))?|(?P<short>-?[0-9]{4}(?=S)))"
    r"(?:S(?P<significant>[1-9][0-9]?))?(?P<whole>[?~%]?)"
)
_WIDEST_OFFSET = 16 * 60  # Manila was 15:56 behind Greenwich, Alaska 15:02 before it


def parse(text: str) -> Expression:
    """The parts of an EDTF text; DateError where it is none.

    White space is refused, but for a blank after a set's comma.
    """
    if not isinstance(text, str):
        raise DateError("A date is a text, such as 1945-08-09.")
    if not text:
        raise DateError("The date is empty. Right would be, for example, 1945, 1945-08 or 1945-08-09.")
    if len(text) > MAX_LENGTH:
        raise DateError(f"{shown(text)} is too long for a date: {len(text)} signs, {MAX_LENGTH} are allowed.")
    if text[0] in "[{":
        return _set(text)
    if "/" in text:
        return _interval(text)
    moment = _moment(text)
    return Expression(text, POINT, ((moment, moment),))


def _interval(text: str) -> Expression:
    sides = text.split("/")
    if len(sides) != 2:
        raise DateError(
            f"{shown(text)} has more than one slash; an interval is written 1945-08-09/1945-09-02."
        )
    if sides == ["", ""]:
        raise DateError("An interval with neither a beginning nor an end says nothing; name one of them.")
    first, last = (_side(side, Edge.UNKNOWN) for side in sides)
    return Expression(text, INTERVAL, ((first, last),))


def _side(text: str, empty: Edge) -> Side:
    if text == Edge.OPEN.value:
        return Edge.OPEN
    return _moment(text) if text else empty


def _set(text: str) -> Expression:
    opening, closing = text[0], text[-1]
    if closing != {"[": "]", "{": "}"}[opening]:
        raise DateError(
            f"{shown(text)} does not close its bracket. Right would be [1945-08-08,1945-08-09] for one of "
            "them, "
            "{1945,1946} for all of them."
        )
    ranges = []
    members = [member.removeprefix(" ") for member in text[1:-1].split(",")]
    for member in members:
        first, dots, last = member.partition("..")
        if not first and not last:
            raise DateError(
                f"{shown(text)} has an empty place between its brackets; write dates with commas between."
            )
        beginning = _side(first, Edge.OPEN)
        ranges.append((beginning, _side(last, Edge.OPEN)) if dots else (beginning, beginning))
    return Expression(
        f"{opening}{','.join(members)}{closing}", ONE_OF if opening == "[" else ALL_OF, tuple(ranges)
    )


def _moment(text: str) -> Moment:
    if match := _DATE.fullmatch(text):
        return _calendar_date(text, match)
    if match := _TIMED.fullmatch(text):
        return _timed(text, match)
    if match := _LONG_YEAR.fullmatch(text):
        return _long_year(text, match)
    raise DateError(
        f"{shown(text)} is not a date in EDTF. Right would be 1945, 1945-08, 1945-08-09, "
        "1945-08-08T22:00+03:00, "
        "1945~ (about), 1945? (uncertain), 194X (the 1940s) or 1945-08-09/1945-09-02 (from, to)."
    )


def _calendar_date(text: str, match: re.Match[str]) -> Moment:
    year, month, day = match["year"], match["month"] or "", match["day"] or ""
    if year == "-0000":
        raise DateError("There is no year -0000: 1 BC is 0000, 2 BC is -0001.")
    before = [match[name] or "" for name in ("before_year", "before_month", "before_day")]
    after = [match[name] or "" for name in ("after_year", "after_month", "after_day")]
    last = 2 if day else 1 if month else 0
    whole, after[last] = after[last], ""
    # A mark behind a part counts for that part and for all before it; a mark before a part for it alone.
    marks = tuple(before[place] + "".join(after[place:]) for place in range(3))
    season = int(month) if month.isdigit() and int(month) > 12 else 0
    if season and not (21 <= season <= 41 and not day and "X" not in year):
        raise DateError(
            f"{shown(text)} has no month {month}: months are 01 to 12; 21 to 24 instead of a month mean "
            "spring, "
            "summer, autumn and winter."
        )
    return Moment(
        text=text,
        year=year,
        month="" if season else month,
        day=day,
        season=season,
        whole=whole,
        marks=(marks[0], marks[1], marks[2]),
    )


def _timed(text: str, match: re.Match[str]) -> Moment:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    # A leap second is the 60th of a minute 59; seconds are read and dropped.
    if hour > 23 or minute > 59 or second > (60 if minute == 59 else 59):
        raise DateError(f"{shown(text)} has an impossible time of day; hours are 00 to 23, minutes 00 to 59.")
    date = _moment(match["date"])
    return replace(date, text=text, time=(hour, minute), offset=_offset(text, match["zone"]))


def _offset(text: str, zone: str | None) -> int | None:
    if not zone:
        return None
    if zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:6] or 0)
    offset = hours * 60 + minutes
    if minutes > 59 or offset > _WIDEST_OFFSET:
        raise DateError(
            f"{shown(text)} is {zone} from Greenwich, where no clock is; right would be +03:00 or Z."
        )
    return -offset if zone[0] == "-" else offset


def _long_year(text: str, match: re.Match[str]) -> Moment:
    digits = match["short"] or match["year"] + "0" * int(match["exponent"] or 0)
    if not match["short"] and len(digits.lstrip("-")) < 5:
        raise DateError(
            f"{shown(text)}: Y is for years of more than four digits; others are written plainly, 1945."
        )
    if match["short"] == "-0000":
        raise DateError("There is no year -0000: 1 BC is 0000, 2 BC is -0001.")
    return Moment(text=text, year=digits, significant=int(match["significant"] or 0), whole=match["whole"])
