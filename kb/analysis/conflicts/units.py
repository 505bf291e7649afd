"""Units as people write them → amounts that can be compared, through pint.

Old units of the region are defined here: the shaku of Japan’s law of 1891 is 10/33 m, a ri 12,960 of them and the side
of a tsubo 6; the verst of 500 sazhen is 1,066.8 m (Russian decree of 1835); the Chinese li of 1929 is 500 m.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

_OURS = (
    "shaku = 10 / 33 * meter",
    "japanese_ri = 12960 * shaku",
    "tsubo = 36 * shaku ** 2",
    "tan_area = 300 * tsubo",
    "cho_area = 3000 * tsubo",
    "verst = 1066.8 * meter",
    "sazhen = 2.1336 * meter",
    "desyatina = 10925.4 * meter ** 2",
    "chinese_li = 500 * meter",
)
#: What people write, folded and without full stops → as pint calls it.
_WRITTEN = {
    "sq km": "km**2", "sq kilometers": "km**2", "sq kilometres": "km**2", "square kilometres": "km**2",
    "square kilometers": "km**2", "square kilometer": "km**2", "square kilometre": "km**2", "qkm": "km**2",
    "平方キロメートル": "km**2", "平方キロ": "km**2", "平方公里": "km**2", "平方千米": "km**2", "кв км": "km**2",
    "평방킬로미터": "km**2", "제곱킬로미터": "km**2", "kilomètres carrés": "km**2", "quadratkilometer": "km**2",
    "sq m": "m**2", "square metres": "m**2", "square meters": "m**2", "square metre": "m**2", "square meter": "m**2",
    "平方メートル": "m**2", "平方米": "m**2", "кв м": "m**2",
    "sq mi": "mile**2", "sq miles": "mile**2", "square miles": "mile**2", "square mile": "mile**2",
    "sq ft": "foot**2", "square feet": "foot**2", "mi": "mile",
    "ヘクタール": "hectare", "公顷": "hectare", "га": "hectare", "гектар": "hectare", "гектаров": "hectare",
    "キロメートル": "km", "キロ": "km", "公里": "km", "千米": "km", "км": "km", "kilometres": "km", "kilometre": "km",
    "メートル": "m", "米": "m", "м": "m", "metres": "m", "metre": "m",
    "海里": "nautical_mile", "浬": "nautical_mile", "nm": "nautical_mile", "nmi": "nautical_mile",
    "nautical miles": "nautical_mile", "морских миль": "nautical_mile", "морская миля": "nautical_mile",
    "ri": "japanese_ri", "坪": "tsubo", "町": "cho_area", "町歩": "cho_area", "反": "tan_area",
    "versts": "verst", "верста": "verst", "вёрст": "verst", "верст": "verst", "десятин": "desyatina",
    "トン": "metric_ton", "吨": "metric_ton", "т": "metric_ton", "t": "metric_ton",
    "tons": "metric_ton", "tonnes": "metric_ton",
    "年": "year", "лет": "year", "years": "year", "日": "day", "days": "day",
}  # fmt: skip
#: Letters with at most one power: nothing that could be a sum to work out.
_PLAIN = re.compile(r"([a-zA-Zµ°_]+(?: [a-zA-Z]+)?)(?:\^|\*\*)?([23]?)")
_POWERS = str.maketrans("²³", "23")


@cache
def _registry() -> Any:
    import pint  # a tenth of a second, and only quantities with units need it

    registry: Any = pint.UnitRegistry(non_int_type=Decimal, cache_folder=None)
    for line in _OURS:
        registry.define(line)
    return registry


@lru_cache(maxsize=2048)
def factor(unit: str) -> tuple[str, Decimal] | None:
    """The dimension of a unit and how many base units (SI) it is; None for what is no known unit, or has an offset.

    `factor("km2")` is `("[length] ** 2", Decimal(1000000))`.
    """
    import pint

    written = " ".join(unit.replace(".", " ").split()).casefold().translate(_POWERS)
    name = _WRITTEN.get(written) or _spelt(unit.strip().translate(_POWERS)) or _spelt(written)
    if not name:
        return None
    try:
        given = _registry().Quantity(Decimal(1), name)
        quantity = given.to_base_units() if given._is_multiplicative else None
    except (pint.errors.PintError, AttributeError, TypeError, ValueError, ArithmeticError):
        return None
    if quantity is None or not quantity.magnitude:
        return None
    return str(quantity.dimensionality), Decimal(quantity.magnitude)


def _spelt(unit: str) -> str:
    found = _PLAIN.fullmatch(unit)
    if found is None:
        return ""
    name = found[1].replace(" ", "_")
    try:
        _registry().get_name(name)
    except Exception:  # pint raises its own and Python's, by the letters
        return ""
    return f"{name}**{found[2]}" if found[2] else name
