"""The correction ledger at the desk: its next place, and whether desk and book have the same entries.

The chain itself, and the rule of its hashes, is in `kb.book.chain`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.book.chain import HASHED, digest, entries, faults
from kb.book.documents import build, load
from kb.models import Correction

__all__ = ["HASHED", "digest", "faults", "next_place", "verify"]


def next_place() -> tuple[int, str]:
    """The number that the next entry gets, and the hash before it. The caller holds the book's lock."""
    last = Correction.objects.filter(number__isnull=False).order_by("-number").first()
    return (last.number + 1, last.hash) if last and last.number else (1, "")


def verify() -> list[str]:
    """What is wrong with the ledger in the book, or differs from it at the desk, in words; nothing if all holds."""
    book, broken = entries()
    return broken + faults(book) + _differences({entry["number"]: entry for entry in book}, _at_the_desk())


def _at_the_desk() -> dict[int, dict[str, Any]]:
    published = Correction.objects.published().values_list("pk", flat=True)
    entries = [build(record, lambda uid: True) for record in load("correction", published)]
    return {entry["number"]: entry for entry in entries}


def _differences(book: Mapping[int, Mapping[str, Any]], desk: Mapping[int, Mapping[str, Any]]) -> list[str]:
    found = []
    for number in sorted({*book, *desk}):
        if number not in book:
            found.append(f"Entry № {number} is missing from the book.")
        elif number not in desk:
            found.append(f"Entry № {number} is missing at the desk.")
        elif any(book[number].get(name) != desk[number][name] for name in ("uid", *HASHED, "hash")):
            found.append(f"Entry № {number} reads differently at the desk.")
    return found
