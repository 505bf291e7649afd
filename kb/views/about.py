"""What the desk says of itself: how it rates, corrects and names."""

from __future__ import annotations

from typing import Any

from kb.book import reading
from kb.views.words import RATINGS


def about_context(desk: dict[str, Any], policy: dict[str, Any] | None) -> dict[str, Any]:
    labels = reading.labels_for(policy) if policy else {}
    return {
        "section": "about",
        "desk": desk,
        "policy": policy,
        "labels": labels,
        "ratings": RATINGS.values(),
        "title": f"About {desk.get('name', 'this desk')}",
    }


def desk_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    return about_context(page.document, reading.naming_policy())


def policy_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    return {**about_context(reading.desk(), page.document), "labels": page.labels}
