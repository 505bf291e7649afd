"""A record of the book as JSON: its document as it was published, which version that is, and what it refers to.

The document is the text that its SHA-256 was taken of, so that anybody can check it: the canonical JSON (sorted names,
no spaces, UTF-8) of `document`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kb.book.reading import Label, Page, Tombstone

#: An address of the site ("/claims/KEY/") in full.
Absolute = Callable[[str], str]

#: In which role a claim's rebuttals and corrections refer to it.
AGAINST = {"rebuts": "rebuttals", "corrects": "corrections"}
STATE = ("stale", "challenged", "corrected")


def record(
    page: Page,
    *,
    absolute: Absolute,
    desk: Mapping[str, Any],
    addresses: Mapping[str, str],
    against: Mapping[str, list[str]] | None = None,
) -> dict[str, Any]:
    """One version of a record. `addresses` are its own on this site: `page`, `version` and `compare`, empty if none.

    `against` are the uids of a claim's rebuttals and corrections; their labels are among the page's.
    """
    own = page.labels.get(page.uid)
    told: dict[str, Any] = {
        "kind": page.kind,
        "uid": page.uid,
        "key": page.key,
        "label": own.heading if own else page.key,
        "url": _full(absolute, addresses["page"]),
        "version": {
            "number": page.number,
            "current": page.is_current,
            "newest": page.current,
            "url": _full(absolute, addresses["version"]),
            "compare_url": _full(absolute, addresses["compare"]),
            "released_at": page.released_at.isoformat(),
            "release": page.release,
            "why": page.why,
            "sha256": page.sha256,
            "redacted": page.redacted,
        },
        "merged_into": label(page.merged_into, absolute) if page.merged_into else None,
        "licence": licence(desk),
        "document": page.document,
        "labels": {uid: label(one, absolute) for uid, one in sorted(page.labels.items())},
    }
    if page.kind == "claim" and page.is_current and own:
        told["state"] = {name: bool(own.card.get(name)) for name in STATE}
        told |= {name: sorted((against or {}).get(name, ())) for name in AGAINST.values()}
    return told


def label(one: Label, absolute: Absolute) -> dict[str, Any]:
    """What a record is called, where it is, and the names of a place each in its language."""
    said: dict[str, Any] = {
        "uid": one.uid,
        "kind": one.kind,
        "label": one.text,
        "url": _full(absolute, one.url),
        "withdrawn": one.withdrawn,
    }
    if one.names:
        said["names"] = [{"text": text, "language": language} for text, language in one.parts]
    return said


def licence(desk: Mapping[str, Any]) -> dict[str, Any]:
    """Of the data, as the desk states it; empty texts where it has not yet."""
    return {"text": desk.get("licence", ""), "url": desk.get("licence_url", ""), "desk": desk.get("name", "")}


def tombstone(page: Tombstone, url: str) -> dict[str, Any]:
    """What is left of a withdrawn record."""
    return {
        "kind": page.kind,
        "key": page.key,
        "url": url,
        "withdrawn_at": page.withdrawn_at.isoformat(),
        "why": page.why,
    }


def _full(absolute: Absolute, address: str) -> str | None:
    return absolute(address) if address else None
