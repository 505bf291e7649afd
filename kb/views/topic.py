"""The page of a topic: what is claimed under it."""

from __future__ import annotations

from typing import Any

from kb.book import reading
from kb.views.pages import PAGE_SIZE


def topic_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    claims = [] if alone else list(reading.claims().about(page.uid)[: PAGE_SIZE + 1])
    return {
        "section": "claims",
        "topic": page.document,
        "labels": page.labels,
        "claims": claims[:PAGE_SIZE],
        "more_claims": len(claims) > PAGE_SIZE,
        "title": page.document["name"],
    }
