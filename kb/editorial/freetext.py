"""Dates as editors write them → EDTF. What cannot be told for certain is refused, never guessed.

The text is taken apart from the outside in: time of day, phrase ("between … and …", "before …"), range,
single date. Each step gives every EDTF reading that the text allows; one reading is the answer, several are
an AmbiguousDate.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from kb.editorial import date_vocabulary as words
from kb.editorial.calendars import GREGORIAN, MINUTES_A_DAY, date_of
from kb.editorial.date_errors import AmbiguousDate, DateError, shown
from kb.editorial.dates import DateSpan
from kb.editorial.edtf import MAX_LENGTH
from kb.editorial.single_dates import Partial, single_dates

_LOOKS_LIKE_EDTF = re.compile(r"[-0-9X?~%/.\[\]{},TZ:+YES]*")
_OLD_EDTF = re.compile(r"(y)?[-0-9u]+|(.+)/(open|unknown)|(unknown)/(.+)")
_TWO_DIGIT_YEAR = re.compile(r"(.*[^0-9])?[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ]'?[0-9]{2}|.*['’][0-9]{2}")
_OLD_STYLE = re.compile(
    r"[ ,]*\(?(o\.? ?s\.?|old style|julian( calendar)?|ст\. ?ст\.|по старому стилю)\)?", re.IGNORECASE
)
_DASH = re.compile(r" ?[-\N{EN DASH}\N{EM DASH}~\N{WAVE DASH}] ?")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text: EDTF, and, of "before X" and "after X", which of them, and X in EDTF."""

    edtf: str
    relation: str = ""
    pivot: str = ""


def read(text: str, *, day_first: bool | None, calendar: str, time_zone: str) -> DateSpan:
    """What `DateSpan.read` promises."""
    if not isinstance(text, str):
        raise DateError("A date is a text, such as 9 August 1945.")
    if len(text) > MAX_LENGTH:
        raise DateError(f"{shown(text)} is too long for a date: {len(text)} signs, {MAX_LENGTH} are allowed.")
    try:
        return replace(DateSpan.parse(text.strip(), calendar=calendar, time_zone=time_zone), raw=text)
    except DateError as error:
        not_edtf = error
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    if any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co") for c in plain):
        raise DateError(f"{shown(text)} holds signs that no date has; type it again.")
    plain = _without_calendar(plain, calendar)
    readings = list(
        dict.fromkeys([*_old_edtf(plain), *_timed(plain, day_first), *_phrase(plain, day_first, calendar)])
    )
    return _the_one(text, readings, not_edtf, calendar, time_zone)


def _the_one(
    text: str, readings: list[Reading], not_edtf: DateError, calendar: str, time_zone: str
) -> DateSpan:
    spans: dict[str, DateSpan] = {}
    refusal: DateError | None = None
    for reading in readings:
        try:
            span = DateSpan.parse(reading.edtf, calendar=calendar, time_zone=time_zone)
        except DateError as error:
            refusal = refusal or error
            continue
        spans.setdefault(span.edtf, replace(span, raw=text, relation=reading.relation, pivot=reading.pivot))
    if len(spans) == 1:
        return next(iter(spans.values()))
    if spans:
        meanings = " or ".join(f"{span.in_words()} ({edtf})" for edtf, span in spans.items())
        raise AmbiguousDate(
            f"{shown(text)} can be read as {meanings}. Write the one that is meant.", tuple(spans)
        )
    raise refusal or _refusal(text, not_edtf)


def _refusal(text: str, not_edtf: DateError) -> DateError:
    if _TWO_DIGIT_YEAR.fullmatch(text.strip()):
        return DateError(f"{shown(text)} has a year of two digits. Write all four, as in 9 August 1945.")
    if _LOOKS_LIKE_EDTF.fullmatch(text.strip()) and re.search(r"[0-9]{4}", text):
        return not_edtf
    return DateError(
        f"{shown(text)} could not be read as a date for certain. Write it as 9 August 1945, August 1945, "
        "1945, "
        "about 1945, before 1945, 9–20 August 1945, or in EDTF as 1945-08-09."
    )


def _without_calendar(text: str, calendar: str) -> str:
    """The text without "Old Style"; refused where the calendar beside it says otherwise."""
    match = next((m for m in _OLD_STYLE.finditer(text) if m.end() == len(text) and m.start() > 0), None)
    if match is None:
        return text
    if calendar == GREGORIAN:
        raise DateError(
            f"{shown(text)} says that it is a date of the Julian calendar: choose that calendar beside the "
            "date, "
            "or write the date of the Gregorian calendar."
        )
    return text[: match.start()]


def _old_edtf(text: str) -> Iterator[Reading]:
    """The drafts before 2019 wrote u for X, y for Y, and "open" and "unknown" in words."""
    if _OLD_EDTF.fullmatch(text):
        newer = text.replace("unknown", "").replace("open", "..")
        yield Reading(newer.replace("u", "X").replace("y", "Y"))


_CLOCK = re.compile(
    r"(?P<date>.*?[^:0-9])(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::[0-9]{2}(?:[.,][0-9]+)?)?)?"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?(?: ?\(?(?P<zone>[A-Z][A-Za-z_]+/[A-Za-z_/+-]+|Z|(?:UTC|GMT)?"
    r"(?P<offset>[-+\N{MINUS SIGN}]"
    r"[0-9]{1,2}(?::?[0-9]{2})?)?|UTC|GMT)\)?)?"
)


def _timed(text: str, day_first: bool | None) -> Iterator[Reading]:
    """A single day with a time: "8 August 1945, 22:00 (UTC+3)", "1945-08-08 10 p.m. Europe/Moscow"."""
    match = _CLOCK.fullmatch(text)
    if not match or not (match["minute"] or match["half"]):
        return
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    date = re.sub(r"(, ?(at )?| at |T| )$", "", match["date"])
    for day in single_dates(words.fold(date), day_first):
        if day.day:
            local = f"{day.edtf}T{hour:02}:{match['minute'] or '00'}"
            yield Reading(local + _zone_in_edtf(local, match["zone"] or "", match["offset"] or ""))


def _zone_in_edtf(local: str, zone: str, offset: str) -> str:
    if offset:
        sign = "+" if offset[0] == "+" else "-"
        digits = offset[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
        return f"{sign}{int(hours):02}:{minutes}"
    if "/" in zone:
        return _offset_at(local, zone)
    return "Z" if zone else ""


def _offset_at(local: str, zone: str) -> str:
    """The zone's offset at that time, so that the EDTF stands by itself.

    DateError where the clock showed this time twice or never, or kept a local mean time of odd seconds.
    """
    there = DateSpan.parse(local, time_zone=zone)
    if there.earliest is None or there.earliest != there.latest or there.wall[0] is None:
        raise DateError(
            f"The clocks of {zone} do not tell {local} for certain. Write the offset, as in {local}+03:00."
        )
    minutes = there.wall[0] - there.earliest
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _phrase(text: str, day_first: bool | None, calendar: str) -> Iterator[Reading]:
    """A text of words: a relation, a range, a choice or a single date."""
    folded = words.fold(text)
    if folded[:1] == "[" and folded[-1:] == "]":  # a cataloguer's brackets: the date was supplied
        folded = folded[1:-1].strip()
    found = [Reading(edtf) for edtf in _marked(folded, day_first)]
    if found:
        yield from found
        return
    yield from _relation(folded, day_first, calendar)
    yield from _between(folded, day_first)
    yield from _range(folded, day_first)
    yield from _list(folded, day_first)


def _marked(text: str, day_first: bool | None) -> list[str]:
    """Single dates with "about" or "perhaps" before or behind them."""
    mark = ""
    for sign, before, behind in (("~", words.ABOUT, "頃|ごろ|前後"), ("?", words.PERHAPS, r"\(?\?\)?")):
        if match := re.fullmatch(rf"(?:{before}) ?(.+)|(.+?) ?(?:{behind})", text):
            # A word needs a blank behind it: "um" is not the beginning of a month.
            text, mark = (match[1] or match[2]).strip(), mark + sign
    mark = "%" if mark == "~?" else mark
    return [partial.edtf + mark for partial in single_dates(text, day_first) if partial.year]


def _relation(text: str, day_first: bool | None, calendar: str) -> Iterator[Reading]:
    forms = (
        (words.NO_LATER, "[..{}]"),
        (words.NO_EARLIER, "[{}..]"),
        (words.SINCE, "{}/.."),
        (words.UNTIL, "../{}"),
    )
    for phrase, form in forms:
        if match := re.fullmatch(rf"(?:{phrase}) (.+)", text):
            for edtf in _marked(match[1], day_first):
                yield Reading(form.format(edtf))
    for relation, phrase, behind in (("before", words.BEFORE, "以前|前"), ("after", words.AFTER, "以後|後")):
        if match := re.fullmatch(rf"(?:{phrase}) (.+)|(.+)(?:より{behind[-1]})", text):
            for edtf in _marked(match[1] or match[2], day_first):
                yield _beside(relation, edtf, calendar)


def _beside(relation: str, edtf: str, calendar: str) -> Reading:
    """Before a day ends the day before it; before a month, the month before; likewise behind them."""
    try:
        pivot = DateSpan.parse(edtf, calendar=calendar)
    except DateError:
        return Reading(edtf)  # the refusal is found again where the reading is parsed
    form = "[..{}]" if relation == "before" else "[{}..]"
    moment, wall = pivot.moment, pivot.wall
    if moment is None or moment.season or pivot.approximate or pivot.uncertain or None in wall:
        return Reading(form.format(edtf), relation, edtf)
    first, last = (minute // MINUTES_A_DAY for minute in wall if minute is not None)
    year, month, day = date_of(first - 1 if relation == "before" else last + 1, calendar)
    neighbour = Partial(_year(year), f"{month:02}" if moment.month else "", f"{day:02}" if moment.day else "")
    return Reading(form.format(neighbour.edtf), relation, edtf)


def _year(year: int) -> str:
    if abs(year) > 9999:
        return f"Y{year}"
    return f"-{-year:04}" if year < 0 else f"{year:04}"


def _between(text: str, day_first: bool | None) -> Iterator[Reading]:
    for between, conjunction in words.BETWEEN:
        for match in _splits(rf"(?:{between}) (.+?)", rf" (?:{conjunction}) ", text):
            for first, last in _pairs(*match, day_first):
                yield Reading(f"[{first}..{last}]")


def _range(text: str, day_first: bool | None) -> Iterator[Reading]:
    """From one date to another: how long something lasted."""
    match = re.fullmatch(rf"(?:{words.FROM}) (.+)", text)
    bare = match[1] if match else text
    if match := re.fullmatch(r"([0-9]{4})([-/\N{EN DASH}])([0-9]{2})", bare):
        yield from _short_years(*match.groups())
        return
    for separator in (rf" (?:{words.TO}) ", _DASH.pattern, "から"):
        for first, last in _splits(
            r"(.+?)", separator, bare.removesuffix("まで") if separator == "から" else bare
        ):
            for beginning, end in _pairs(first, last, day_first):
                yield Reading(f"{beginning}/{end}")
    if match := re.fullmatch(r"((?:[^0-9]+ )?)([0-9]{1,2}) ?[-\N{EN DASH}] ?([0-9]{1,2}),? ([0-9]{4})", bare):
        month, first, last, year = match.groups()  # "December 3-5, 1986"
        for beginning, end in _pairs(f"{month}{first}", f"{month}{last}, {year}", day_first):
            yield Reading(f"{beginning}/{end}")


def _short_years(year: str, sign: str, ending: str) -> Iterator[Reading]:
    """1944–45 lasted from one year to the next; 1944/45 may also be one of them; 2003/04 and 2003–04 may
    be a month.
    """
    last = year[:2] + ending
    if last > year:
        yield Reading(f"{year}/{last}")
        if sign == "/":
            yield Reading(f"[{year},{last}]")
    if "01" <= ending <= "12":
        yield Reading(f"{year}-{ending}")


def _list(text: str, day_first: bool | None) -> Iterator[Reading]:
    for conjunction, form in ((words.OR, "[{},{}]"), (words.AND, "{{{},{}}}")):
        for first, last in _splits(r"(?:either )?(.+?)", rf" (?:{conjunction}) ", text):
            for one, other in _pairs(first, last, day_first):
                yield Reading(form.format(one, other))


def _splits(first: str, separator: str, text: str) -> Iterator[tuple[str, str]]:
    """Every way to cut the text in two at the separator."""
    for match in re.finditer(separator, text):
        if head := re.fullmatch(first, text[: match.start()]):
            yield head[1], text[match.end() :]


def _pairs(first: str, last: str, day_first: bool | None) -> Iterator[tuple[str, str]]:
    """Two dates; the first may leave out what the second says: "9 and 20 August 1945", "29 June - 1 July
    2011".
    """
    ends = _marked(last, day_first)
    whole = _marked(first, day_first)
    if whole:
        yield from product(whole, ends)
        return
    for beginning, end in product(single_dates(first, day_first), single_dates(last, day_first)):
        if end.year and (beginning.month or end.month) and bool(beginning.day) == bool(end.day):
            yield replace(beginning, year=end.year, month=beginning.month or end.month).edtf, end.edtf
