"""The page of an event: what is claimed about it, and when it is said to have been."""

from __future__ import annotations

from typing import Any

from kb.book import reading
from kb.views.dates import stated_dates
from kb.views.neighbours import labels_around, of_kind
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
    labels = labels_around(page, *claims, *others)
    dates = [row for claim in claims for row in stated_dates(claim, labels, about=[event["uid"]])]
    return {
        "section": "events",
        "event": event,
        "labels": labels,
        "claims": claims,
        "parts": sorted((other for other in others if other["part_of"] == event["uid"]), key=_when),
        "later": [other for other in others if event["uid"] in other["after"]],
        "timeline": timeline(sorted(dates, key=lambda row: row.span.sort_key)),
        "title": event["title"],
        "title_language": event["language"],
    }
