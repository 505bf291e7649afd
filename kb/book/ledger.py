"""The correction ledger: numbered without gaps, each entry's hash covering its own text and the hash before it.

The rule, for whoever wants to check it: SHA-256 of the UTF-8 text of the canonical JSON (sorted names, no spaces)
of the fields HASHED of an entry's document, where `previous_hash` is that of the entry before, or empty for the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from kb.book.documents import build, load
from kb.book.models import Version
from kb.editorial.fields import canonical_json
from kb.models import Correction

HASHED = (
    *("number", "type", "of", "said", "right", "language", "claim", "rebuttal", "corrects"),
    *("discovered", "published_at", "previous_hash"),
)


def digest(document: dict[str, Any]) -> str:
    """The hash that an entry ought to have."""
    return _sha256(canonical_json({name: document.get(name) for name in HASHED}))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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


def verify() -> list[str]:
    """What is wrong with the ledger in the book, or differs from it at the desk, in words; nothing if all holds."""
    found = []
    book: list[dict[str, Any]] = []
    for version in Version.objects.filter(kind="correction").order_by("number"):
        document = version.data()
        if _sha256(version.document) != version.sha256:
            found.append(f"Entry № {document['number']} is not the text that its version was sealed with.")
        book = [entry for entry in book if entry["uid"] != document["uid"]] + [document]
    found += faults(sorted(book, key=lambda entry: entry["number"]))
    return found + _differences({entry["number"]: entry for entry in book}, _at_the_desk())


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
