"""Keys made from what a row says. The same text gives the same key on every desk and every run."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterator

from anyascii import anyascii

from kb.editorial.aggregate import UID_ALPHABET, UID_LENGTH

LONGEST = 60
#: Hexadecimal digits of a hash: among a million texts, the odds that two share them are 1 in 2,000.
DIGITS = 12

_PLAIN = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_BETWEEN = re.compile(r"[^a-z0-9]+")


def _uids() -> Iterator[str]:
    """Permanent names as `new_uid` makes them, many for one question to the system."""
    letters = UID_ALPHABET.encode()
    whole = 256 // len(letters) * len(letters)
    table = bytes(letters[byte % len(letters)] for byte in range(256))
    while True:
        drawn = secrets.token_bytes(6_000).translate(table, bytes(range(whole, 256))).decode("ascii")
        for at in range(0, len(drawn) - UID_LENGTH + 1, UID_LENGTH):
            yield drawn[at : at + UID_LENGTH]


_drawn = _uids()


def new_uid() -> str:
    """A permanent, random name for a record or a row."""
    return next(_drawn)


def squeezed(text: str) -> str:
    """The text as a key sees it: composed characters, single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def slug(text: str, longest: int = LONGEST) -> str:
    """Small letters a–z, digits and single hyphens, cut between words; "" where nothing can be so written."""
    plain = text if text.isascii() else anyascii(text)
    words = _BETWEEN.sub("-", plain.lower().replace("'", "")).strip("-")
    if len(words) <= longest:
        return words
    cut = words[: longest + 1].rpartition("-")[0]
    return cut or words[:longest]


def made_key(text: str, *more: str) -> str:
    """The key of a record that is named by a text, and told from others of the same text by `more` (an address).

    A short text of plain words is its own key. Any other loses something on its way to a–z, so that another text could
    come to the same; a piece of its hash keeps them apart, whichever of them is met first.
    """
    name = squeezed(text)
    rest = [part for part in map(squeezed, more) if part]
    words = slug(name)
    if not rest and len(name) <= LONGEST and _PLAIN.fullmatch(name):
        return words
    whole = "\x1f".join([name, *rest])
    mark = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
    return f"{words}-{mark}" if words else f"x-{mark}"
