"""Quantities: two conflict only if no figure satisfies both as exactly as each was given.

A figure stands for all that it could have been rounded from: 1,490 for 1,485 to 1,495, 250 for 245 to 255, 97 for 96.5
to 97.5. Zeros at the end of a whole number tell nothing of how exact it is; “about” reaches one unit of its last
figure further. Of a count below a hundred nobody can tell whether its zero is exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kb.analysis.conflicts.stated import Comparison, Stated, Verdict, answer, both_say
from kb.analysis.conflicts.units import factor
from kb.analysis.speech import dated
from kb.analysis.speech import figure as written
from kb.editorial.dates import Answer

NAME = "quantities"
COUNTS = "count"
#: Counts below this are often exact, and often not.
SMALL = 100

_ABOUT = re.compile(
    r"\b(?:about|around|approximately|approx|circa|ca|some|roughly|nearly|almost|over|more than|environ|etwa|rund|"
    r"cerca de|около|примерно|порядка|почти|свыше)\b|[約约~≈≒]|およそ|ほぼ|大约|大約|近く|余り|약",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Range:
    """From and to; None is no limit. `dimension` is "" for counts and for units that nobody knows.

    The ends of what was `rounded` are not in it: 3 and 4 meet nowhere.
    """

    low: Decimal | None
    high: Decimal | None
    dimension: str
    known: bool
    rounded: bool


def quantities(one: Stated, other: Stated) -> Comparison | None:
    """The answer for two quantities; None for other kinds of value."""
    if one.type != "quantity" or other.type != "quantity":
        return None
    both = both_say(one, figure(one), other, figure(other))
    mine, theirs = stretch(one), stretch(other)
    if mine is None or theirs is None:
        return answer(Verdict.UNDETERMINED, NAME, _("%(both)s: one of them gives no figure."), both)
    if not _comparable(one, other, mine, theirs):
        return answer(Verdict.UNDETERMINED, NAME, _("%(both)s: these units cannot be compared."), both)
    if mine.dimension != theirs.dimension:
        return answer(Verdict.UNDETERMINED, NAME, _("%(both)s: these are units of different things."), both)
    if _common(mine, theirs):
        if COUNTS in (one.dimension, other.dimension) and _hangs_on_a_zero(one, other):
            return answer(
                Verdict.UNDETERMINED,
                NAME,
                _("%(both)s: it is not said whether the round figure is exact."),
                both,
            )
        return answer(
            Verdict.COMPATIBLE, NAME, _("%(both)s: as exactly as they are given, both can be right."), both
        )
    return _apart(one, other, both)


def _hangs_on_a_zero(one: Stated, other: Stated) -> bool:
    """Whether two small counts are only then the same if a zero at the end of one is not exact."""
    given = [value.amount for value in (one, other)]
    if any(amount is None or _is_about(value) for amount, value in zip(given, (one, other), strict=True)):
        return False
    first, second = sorted(amount for amount in given if amount is not None)
    return first != second and second < SMALL


def _apart(one: Stated, other: Stated, both: str) -> Comparison:
    """What two figures are that cannot be one: a conflict, unless they are of different times or places."""
    if one.as_of is not None and other.as_of is not None:
        if one.as_of.overlaps(other.as_of) is Answer.NO:
            return answer(Verdict.COMPATIBLE, NAME, _("%(both)s: they are figures of different times."), both)
    elif one.as_of is not None or other.as_of is not None:
        return answer(Verdict.UNDETERMINED, NAME, _("%(both)s: of one it is not said when it was so."), both)
    if one.measured_from != other.measured_from:
        if one.measured_from and other.measured_from:
            return answer(
                Verdict.COMPATIBLE, NAME, _("%(both)s: they are measured from different places."), both
            )
        return answer(
            Verdict.UNDETERMINED, NAME, _("%(both)s: of one it is not said from where it was measured."), both
        )
    return answer(Verdict.CONFLICT, NAME, _("%(both)s: no figure satisfies both."), both)


def figure(value: Stated) -> str:
    """The figure as a reader expects it: “1,490 km2”, “at least 300 men”."""
    told = _amounts(value) or _("no figure")
    if value.unit:
        told = pgettext("quantity", "%(number)s %(unit)s") % {"number": told, "unit": value.unit}
    if value.as_of is None:
        return told
    return _("%(figure)s (as of %(date)s)") % {"figure": told, "date": dated(value.as_of)}


def _amounts(value: Stated) -> str:
    """The amount and the bounds that are given, without the unit."""
    bounds = _bounds(value)
    if value.amount is None:
        return bounds
    amount = written(value.amount)
    if _is_about(value):
        amount = pgettext("quantity", "about %(number)s") % {"number": amount}
    return f"{amount} ({bounds})" if bounds else amount


def _bounds(value: Stated) -> str:
    if value.low is not None and value.high is not None:
        ends = {"low": written(value.low), "high": written(value.high)}
        return pgettext("quantity", "between %(low)s and %(high)s") % ends
    if value.low is not None:
        return _("at least %(number)s") % {"number": written(value.low)}
    return _("up to %(number)s") % {"number": written(value.high)} if value.high is not None else ""


def stretch(value: Stated) -> Range | None:
    """All that a value can mean, in base units; None where it gives no figure."""
    rounded = value.low is None and value.high is None
    if not rounded:
        low, high = value.low, value.high
    elif value.amount is not None:
        reach = half_unit(value.amount) * (3 if _is_about(value) else 1)
        low, high = value.amount - reach, value.amount + reach
    else:
        return None
    if value.dimension == COUNTS or not value.unit:
        return Range(low, high, "", True, rounded)
    known = factor(value.unit)
    if known is None:
        return Range(low, high, "", False, rounded)
    dimension, size = known
    low, high = (None if end is None else end * size for end in (low, high))
    return Range(low, high, dimension, True, rounded)


def half_unit(amount: Decimal) -> Decimal:
    """Half a unit of the last figure that tells how exact an amount is: 5 for 1,490, 0.05 for 248.9."""
    exponent = amount.normalize().as_tuple().exponent if amount else 0
    return Decimal(5).scaleb(int(exponent) - 1)


def _is_about(value: Stated) -> bool:
    return bool(_ABOUT.search(value.raw))


def _comparable(one: Stated, other: Stated, mine: Range, theirs: Range) -> bool:
    if mine.known and theirs.known:
        # Ships are not men, where both say what they count.
        counted = one.dimension == COUNTS and one.unit and other.unit
        return not counted or one.unit.casefold() == other.unit.casefold()
    return one.unit.strip().casefold() == other.unit.strip().casefold()


def _common(one: Range, other: Range) -> bool:
    return not (_below(one, other) or _below(other, one))


def _below(one: Range, other: Range) -> bool:
    if one.high is None or other.low is None:
        return False
    return one.high < other.low or (one.high == other.low and (one.rounded or other.rounded))
