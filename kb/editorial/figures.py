"""Numbers as readers of a language write them."""

from __future__ import annotations

from decimal import Decimal

#: What stands between thousands, what before decimals, and from where on thousands are parted.
_SIGNS = {"en": (",", ".", 1_000), "ja": (",", ".", 1_000), "ru": ("\N{NO-BREAK SPACE}", ",", 10_000)}


def written(amount: Decimal, language: str = "en", *, parted_from: int = 0) -> str:
    """ "1,490.5"; in Russian «1490,5», and «17 000» from five figures on. Zeros behind the point are left out.

    Below `parted_from`, thousands are not parted. Languages that are not known here get English signs.
    """
    whole = amount == amount.to_integral_value()
    plain = amount.quantize(Decimal(1)) if whole else amount.normalize()
    parted = abs(plain) >= max(_signs(language)[2], parted_from)
    return in_signs(f"{plain:,f}" if parted else f"{plain:f}", language)


def in_signs(text: str, language: str = "en") -> str:
    """A number as Python writes it ("1,490.50"), with the signs of a language."""
    thousands, point, _least = _signs(language)
    return text.replace(",", "\0").replace(".", point).replace("\0", thousands)


def _signs(language: str) -> tuple[str, str, int]:
    return _SIGNS.get(language.partition("-")[0].lower(), _SIGNS["en"])
