"""The chain of corrections as readers can check it: each entry's hash covers its own text and the hash before it.

The rule, for whoever wants to check it: SHA-256 of the UTF-8 text of the canonical JSON (sorted names, no spaces)
of the fields HASHED of an entry's document, where `previous_hash` is that of the entry before, or empty for the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from kb.book.models import Version
from kb.editorial.fields import canonical_json

HASHED = (
    *("number", "type", "of", "said", "right", "language", "claim", "rebuttal", "corrects"),
    *("discovered", "published_at", "previous_hash"),
)


def digest(document: dict[str, Any]) -> str:
    """The hash that an entry ought to have."""
    return _sha256(canonical_json({name: document.get(name) for name in HASHED}))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def faults(entries: Iterable[dict[str, Any]]) -> list[str]:
    """What is wrong with the chain, entry by entry, in words; nothing if it holds. Takes the documents by number."""
    found, before, expected = [], "", 1
    for document in entries:
        number = document["number"]
        if number != expected:
            found.append(
                _("After entry № %(before)s comes № %(number)s.") % {"before": expected - 1, "number": number}
            )
        if document["previous_hash"] != before:
            found.append(_("Entry № %(number)s does not follow the entry before it.") % {"number": number})
        if document["hash"] != digest(document):
            found.append(
                _("Entry № %(number)s is not what was published: its hash does not fit its text.")
                % {"number": number}
            )
        before, expected = document["hash"], number + 1
    return found


def entries() -> tuple[list[dict[str, Any]], list[str]]:
    """The documents of all entries by number, and what is wrong with their seals, in words."""
    found: list[str] = []
    book: dict[str, dict[str, Any]] = {}
    for version in Version.objects.filter(kind="correction").order_by("number"):
        document = version.data()
        if _sha256(version.document) != version.sha256:
            found.append(
                _("Entry № %(number)s is not the text that its version was sealed with.")
                % {"number": document["number"]}
            )
        book[document["uid"]] = document
    return sorted(book.values(), key=lambda entry: entry["number"]), found


def check() -> tuple[int, list[str]]:
    """How many entries the ledger has, and what is wrong with it, in words; nothing if it holds."""
    book, broken = entries()
    return len(book), broken + faults(book)
