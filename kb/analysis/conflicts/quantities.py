"""Quantities: two conflict only if no figure satisfies both as exactly as each was given.

A figure stands for all that it could have been rounded from: 1,490 for 1,485 to 1,495, 250 for 245 to 255, 97 for 96.5
to 97.5. Zeros at the end of a whole number tell nothing of how exact it is; “about” reaches one unit of its last
figure further. Of a count below a hundred nobody can tell whether its zero is exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kb.analysis.conflicts.stated import Comparison, Stated, Verdict
from kb.analysis.conflicts.units import factor
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
    both = f"{one.says} says {figure(one)}; {other.says} says {figure(other)}"
    mine, theirs = stretch(one), stretch(other)
    if mine is None or theirs is None:
        return Comparison(Verdict.UNDETERMINED, NAME, f"{both}: one of them gives no figure.")
    if not _comparable(one, other, mine, theirs):
        return Comparison(Verdict.UNDETERMINED, NAME, f"{both}: these units cannot be compared.")
    if mine.dimension != theirs.dimension:
        return Comparison(Verdict.UNDETERMINED, NAME, f"{both}: these are units of different things.")
    if _common(mine, theirs):
        if COUNTS in (one.dimension, other.dimension) and _hangs_on_a_zero(one, other):
            return Comparison(
                Verdict.UNDETERMINED, NAME, f"{both}: it is not said whether the round figure is exact."
            )
        return Comparison(
            Verdict.COMPATIBLE, NAME, f"{both}: as exactly as they are given, both can be right."
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
            return Comparison(Verdict.COMPATIBLE, NAME, f"{both}: they are figures of different times.")
    elif one.as_of is not None or other.as_of is not None:
        return Comparison(Verdict.UNDETERMINED, NAME, f"{both}: of one it is not said when it was so.")
    if one.measured_from != other.measured_from:
        if one.measured_from and other.measured_from:
            return Comparison(Verdict.COMPATIBLE, NAME, f"{both}: they are measured from different places.")
        return Comparison(
            Verdict.UNDETERMINED, NAME, f"{both}: of one it is not said from where it was measured."
        )
    return Comparison(Verdict.CONFLICT, NAME, f"{both}: no figure satisfies both.")


def figure(value: Stated) -> str:
    """The figure as a reader expects it: “1,490 km2”, “at least 300 men”."""
    parts = []
    if value.amount is not None:
        parts.append(_written(value.amount))
    if value.low is not None and value.high is not None:
        between = f"between {_written(value.low)} and {_written(value.high)}"
        parts.append(between if not parts else f"({between})")
    elif value.low is not None:
        parts.append(f"at least {_written(value.low)}" if not parts else f"(at least {_written(value.low)})")
    elif value.high is not None:
        parts.append(f"up to {_written(value.high)}" if not parts else f"(up to {_written(value.high)})")
    about = "about " if value.amount is not None and _is_about(value) else ""
    unit = f" {value.unit}" if value.unit else ""
    as_of = f" (as of {value.as_of.in_words()})" if value.as_of is not None else ""
    return f"{about}{' '.join(parts) or 'no figure'}{unit}{as_of}"


def _written(amount: Decimal) -> str:
    return f"{_plain(amount):,f}"


def _plain(amount: Decimal) -> Decimal:
    """The amount without zeros behind its point."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()


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
