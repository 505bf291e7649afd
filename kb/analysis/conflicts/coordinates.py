"""Coordinates: points of one place conflict where they are further apart than rounding and the place’s size explain."""

from __future__ import annotations

from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

from django.utils.translation import gettext as _

from kb.analysis.conflicts.stated import Comparison, Stated, Verdict, answer, both_say
from kb.analysis.speech import language, point
from kb.editorial.figures import in_signs

NAME = "coordinates"
#: Mean radius of the earth (IUGG), and how many kilometres a degree of latitude has.
EARTH_KM, DEGREE_KM = 6371.0088, 111.195
#: Points this near may be two points of one island.
ONE_PLACE_KM = 10.0


def coordinates(one: Stated, other: Stated) -> Comparison | None:
    """The answer for two points; None for other kinds of value."""
    if one.type != "coordinates" or other.type != "coordinates":
        return None
    both = both_say(one, point_in_words(one), other, point_in_words(other))
    apart = distance_km(one, other)
    if apart is None:
        return answer(Verdict.UNDETERMINED, NAME, _("%(both)s: one of them gives no point."), both)
    if apart <= _rounding_km(one) + _rounding_km(other):
        return answer(
            Verdict.COMPATIBLE, NAME, _("%(both)s: as exactly as they are given, they are one point."), both
        )
    distance = in_signs(f"{apart:,.1f}", language())
    if apart <= ONE_PLACE_KM:
        return answer(
            Verdict.UNDETERMINED,
            NAME,
            _("%(both)s: %(distance)s km lie between them, and both may be points of the place."),
            both,
            distance=distance,
        )
    return answer(
        Verdict.CONFLICT, NAME, _("%(both)s: %(distance)s km lie between them."), both, distance=distance
    )


def distance_km(one: Stated, other: Stated) -> float | None:
    """How far two points are apart along a great circle (haversine); None where one is not given."""
    given = (one.latitude, one.longitude, other.latitude, other.longitude)
    if any(degrees is None for degrees in given):
        return None
    a, b, c, d = (radians(float(degrees)) for degrees in given if degrees is not None)
    half = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def _rounding_km(value: Stated) -> float:
    """How far rounding can move a point: half a unit of its last decimal, of a second of arc at least."""
    shown = [_decimals(degrees) for degrees in (value.latitude, value.longitude) if degrees is not None]
    half = 0.5 * 10.0 ** -max(shown, default=0)
    return sqrt(2) * DEGREE_KM * max(half, 0.5 / 3600)


def _decimals(degrees: Decimal) -> int:
    return max(0, -int(degrees.normalize().as_tuple().exponent))


def point_in_words(value: Stated) -> str:
    """A point as a reader expects it: “45.0° N, 147.62° E”."""
    if value.latitude is None or value.longitude is None:
        return _("no point")
    south, west = value.latitude < 0, value.longitude < 0
    latitude, longitude = abs(value.latitude).normalize(), abs(value.longitude).normalize()
    return point(f"{latitude:f}", f"{longitude:f}", south=south, west=west)
