"""Dates and figures in the language of whoever reads them: at the desk English, in public the page's."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language, gettext

from kb.editorial.dates import DateSpan
from kb.editorial.figures import in_signs, written


def language() -> str:
    return get_language() or "en"


def dated(span: DateSpan) -> str:
    """A date in words."""
    return span.in_words(language())


def figure(amount: Decimal) -> str:
    """A number with all its figures."""
    return written(amount, language())


def point(latitude: str, longitude: str, *, south: bool, west: bool) -> str:
    """Degrees as a reader expects them: “45.0° N, 147.62° E”."""
    both = {"latitude": in_signs(latitude, language()), "longitude": in_signs(longitude, language())}
    if south:
        pattern = (
            gettext("%(latitude)s° S, %(longitude)s° W")
            if west
            else gettext("%(latitude)s° S, %(longitude)s° E")
        )
    else:
        pattern = (
            gettext("%(latitude)s° N, %(longitude)s° W")
            if west
            else gettext("%(latitude)s° N, %(longitude)s° E")
        )
    return pattern % both
