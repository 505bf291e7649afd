"""The correction ledger: numbered without gaps, each entry's hash covering its own text and the hash before it.

The rule, for whoever wants to check it: SHA-256 of the UTF-8 text of the canonical JSON (sorted names, no spaces)
of the fields HASHED of an entry's document, where `previous_hash` is that of the entry before, or empty for the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from kb.editorial.fields import canonical_json
from kb.models import Correction

HASHED = (
    *("number", "type", "of", "said", "right", "language", "claim", "rebuttal", "corrects"),
    *("discovered", "published_at", "previous_hash"),
)


def digest(document: dict[str, Any]) -> str:
    """The hash that an entry ought to have."""
    return hashlib.sha256(canonical_json({name: document[name] for name in HASHED}).encode()).hexdigest()


def next_place() -> tuple[int, str]:
    """The number that the next entry gets, and the hash before it. The caller holds the book's lock."""
    last = Correction.objects.filter(number__isnull=False).order_by("-number").first()
    return (last.number + 1, last.hash) if last and last.number else (1, "")


def faults(entries: Iterable[dict[str, Any]]) -> list[str]:
    """What is wrong with the chain, entry by entry, in words; nothing if it holds. Takes the documents by number."""
    found, before, expected = [], "", 1
    for document in entries:
        number = document["number"]
        if number != expected:
            found.append(f"After entry № {expected - 1} comes № {number}.")
        if document["previous_hash"] != before:
            found.append(f"Entry № {number} does not follow the entry before it.")
        if document["hash"] != digest(document):
            found.append(f"Entry № {number} is not what was published: its hash does not fit its text.")
        before, expected = document["hash"], number + 1
    return found
