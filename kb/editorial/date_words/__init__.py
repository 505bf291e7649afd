"""Dates in words for readers.

A language is an object with the methods of `Words`; to add one, write its class and put it in `LANGUAGES`.
The forms that words cannot say well (digits unknown in the middle of a date) are shown as EDTF.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kb.editorial.calendars import JULIAN
from kb.editorial.date_words.common import Words
from kb.editorial.date_words.english import English
from kb.editorial.date_words.japanese import Japanese
from kb.editorial.date_words.russian import Russian
from kb.editorial.edtf import ALL_OF, INTERVAL, POINT

if TYPE_CHECKING:
    from kb.editorial.dates import DateSpan

LANGUAGES: dict[str, Words] = {"en": English(), "ja": Japanese(), "ru": Russian()}


def in_words(span: DateSpan, language: str = "en") -> str:
    """The date in words of that language (BCP 47, its primary part counts), else in English."""
    words = _words(language)
    if span.relation:
        pivot = _parsed_like(span.pivot, span) if span.pivot else None
        return words.relation(span.relation, pivot, in_words(pivot, language) if pivot else "")
    text = _shape_in_words(span, words)
    return words.in_julian(text) if span.calendar == JULIAN else text


def day_in_short(day: date, language: str = "en", *, year: bool = True) -> str:
    """A day as an axis has room for it: "18 Aug 1945"."""
    return _words(language).short_day(day, year)


def month_in_short(day: date, language: str = "en") -> str:
    """The month of a day as an axis has room for it: "Aug 1945"."""
    return _words(language).short_month(day)


def _words(language: str) -> Words:
    return LANGUAGES.get(str(language).partition("-")[0].lower(), LANGUAGES["en"])


def _parsed_like(edtf: str, span: DateSpan) -> DateSpan:
    return type(span).parse(edtf, calendar=span.calendar, time_zone=span.time_zone)


def _shape_in_words(span: DateSpan, words: Words) -> str:
    if span.shape == POINT:
        return words.point(span)
    if span.shape == INTERVAL:
        return words.interval(*span.ranges[0], span)
    return words.all_of(span.ranges) if span.shape == ALL_OF else words.choice(span.ranges)
