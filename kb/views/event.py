"""The page of an event: what is claimed about it, and when it is said to have been."""

from __future__ import annotations

from typing import Any

from kb.book import reading
from kb.views import conflicts
from kb.views.dates import dates_zones, stated_dates
from kb.views.neighbours import labels_around, of_kind
from kb.views.pages import PAGE_SIZE
from kb.views.texts import date_order
from kb.views.timeline import timeline

Document = dict[str, Any]


def _when(event: Document) -> tuple[tuple[object, ...], str]:
    return date_order(event["when"]), str(event["title"])


def event_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    """`alone`: the document by itself, as an old version is shown."""
    event = page.document
    around = [] if alone else reading.referring([event["uid"]], "event", "part-of", "after")
    claims = sorted(of_kind(around, "claim"), key=lambda claim: claim["statement"])
    others = of_kind(around, "event")
    around_it = labels_around(page, *claims, *others)
    contradicted = None if alone else conflicts.of_subject(event["uid"], around_it)
    labels = contradicted.labels if contradicted else around_it
    zones = dates_zones(*claims)
    dates = [
        row for claim in claims for row in stated_dates(claim, labels, about=[event["uid"]], zones=zones)
    ]
    dates.sort(key=lambda row: row.span.sort_key)
    return {
        "section": "events",
        "event": event,
        "labels": labels,
        "claims": claims[:PAGE_SIZE],
        "more_claims": len(claims) > PAGE_SIZE,
        "contradicted": contradicted,
        "parts": sorted((other for other in others if other["part_of"] == event["uid"]), key=_when),
        "later": [other for other in others if event["uid"] in other["after"]],
        "timeline": timeline(dates, contradictions=not (contradicted and contradicted.of_dates)),
        "title": event["title"],
        "title_language": event["language"],
    }
