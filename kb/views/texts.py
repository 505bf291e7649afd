"""What templates do to the plain texts of documents: dates in words, paragraphs, safe addresses, numbers."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language

from kb.analysis.speech import point
from kb.editorial.dates import DateError, DateSpan
from kb.editorial.figures import written

# Languages and scripts that run from right to left (ISO 639, ISO 15924).
_RIGHT_TO_LEFT = {
    "ar", "arc", "arz", "ary", "azb", "bal", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "khw", "lrc", "mzn", "nqo",
    "pnb", "prs", "ps", "sd", "sdh", "syr", "ug", "ur", "yi",
}  # fmt: skip
_RIGHT_TO_LEFT_SCRIPTS = {"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"}


def page_language() -> str:
    """The language of the page's own words; a text in it needs no `lang` of its own."""
    return get_language() or settings.LANGUAGE_CODE


def date_in_words(value: str | date | datetime | None) -> str:
    """An EDTF text, an ISO date or time, or a date in words. What cannot be read is shown as it is; empty is empty."""
    if not value:
        return ""
    if isinstance(value, (date, datetime)):
        value = value.isoformat()[:10]
    if re.match(r"\d{4}-\d{2}-\d{2}T", value):
        value = value[:10]
    try:
        return DateSpan.parse(value).in_words(page_language())
    except DateError:
        return value


def date_order(edtf: str) -> tuple[object, ...]:
    """A key that sorts EDTF dates in order of time, those that are missing last."""
    try:
        return (0, *DateSpan.parse(edtf).sort_key)
    except DateError:
        return (1,)


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs, divided by empty lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def http_url(url: str) -> str:
    """The address if a link may lead there (http or https), else an empty text."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


def host(url: str) -> str:
    """Where an address leads, in a few letters: "www.prlib.ru" is "prlib.ru"."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def number(value: str | int | None) -> str:
    """A decimal as readers expect it: "1600000.000" is "1,600,000" in English, «1 600 000» in Russian."""
    if value in (None, ""):
        return ""
    return _number(str(value), page_language())


@lru_cache(maxsize=4096)
def _number(value: str, language: str) -> str:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    return written(amount, language, parted_from=10_000)


def coordinates(latitude: str | None, longitude: str | None) -> str:
    """ "44.83° N, 147.83° E": to a hundredth of a degree, about a kilometre. Empty where either is missing."""
    if not latitude or not longitude:
        return ""
    north, east = Decimal(str(latitude)), Decimal(str(longitude))
    return point(f"{abs(north):.2f}", f"{abs(east):.2f}", south=north < 0, west=east < 0)


def language_attribute(tag: str | None) -> str:
    """The tag if a text in it needs a `lang` of its own on our pages, else an empty text."""
    return tag if tag and tag != page_language() else ""


def direction(tag: str | None) -> str:
    """In which direction a text in that language runs, where it is not ours: "rtl"; "auto" where nobody knows.

    By the script where the tag names one, else by the language.
    """
    language, *subtags = (tag or "").lower().split("-")
    script = next((part for part in subtags if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else ""
    if language in _RIGHT_TO_LEFT:
        return "rtl"
    return "auto" if language in ("und", "mul") else ""


def joined(first: str, second: str) -> str:
    """Two texts one after the other, as a line of print has them: a space between words, none before a comma."""
    if not first or not second:
        return first + second
    closing, opening = ".,;:!?…)]}’”»、。」』）", "([{‘“«「『（"
    touching = second[0] in closing or first[-1] in opening or first[-1].isspace() or second[0].isspace()
    ideographs = ord(first[-1]) >= 0x2E80 and ord(second[0]) >= 0x2E80
    return first + second if touching or ideographs else f"{first} {second}"
