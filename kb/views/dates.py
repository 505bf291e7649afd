"""The dates that claims state, read from published documents for the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kb.book import reading
from kb.editorial.dates import DateError, DateSpan
from kb.editorial.durations import within_duration
from kb.views.timeline import Stated
from kb.views.words import RATINGS, verdict

Document = dict[str, Any]
Labels = Mapping[str, "reading.Label"]


def value_span(value: Document, labels: Labels) -> DateSpan | None:
    """The time that a stated value of a claim's document means; None if it means none.

    A date that leans on an event is bounded by that event's own settled date, as published (domain rule 7).
    """
    try:
        if value["relation"]:
            return _leaning(value, labels)
        if not value["edtf"]:
            return None
        return DateSpan.parse(
            value["edtf"], calendar=value["calendar"] or "gregorian", time_zone=value["time_zone"] or ""
        )
    except DateError:
        return None


def _leaning(value: Document, labels: Labels) -> DateSpan | None:
    event = labels.get(value["relative_to"] or "")
    when = event.card.get("when", "") if event and not event.withdrawn else ""
    if not when:
        return None
    settled = DateSpan.parse(when)
    if value["relation"] == "within":
        if value["offset"]:
            return within_duration(settled, value["offset"], value["raw"])
        return DateSpan.within(settled, value["raw"])
    make = DateSpan.before if value["relation"] == "before" else DateSpan.after
    return make(settled, value["raw"])


def stated_dates(
    claim: Document, labels: Labels, *, about: Iterable[str] | None = None, own: bool = False
) -> list[Stated]:
    """The dates that a claim states, in the order of its document; of the records `about` alone, if they are given."""
    wanted = None if about is None else set(about)
    found: dict[tuple[object, ...], Stated] = {}
    for value in claim["values"]:
        span = value_span(value, labels) if value["attribute"]["type"] == "date" else None
        if span is None or (wanted is not None and value["about"]["uid"] not in wanted):
            continue
        label = labels.get(claim["uid"])
        pivot = labels.get(value["relative_to"] or "")
        who, language = who_says(claim, value, labels)
        row = Stated(
            who=who,
            language=language,
            what=value["attribute"]["label"],
            span=span,
            subject=(value["about"]["uid"], value["attribute"]["key"], value["qualifier"]),
            tone=verdict(RATINGS, (claim["assessment"] or {}).get("rating", "")).tone,
            url="" if own or not label else label.url,
            own=own,
            pivot=pivot.text if pivot else "",
            claim=claim["uid"],
        )
        found.setdefault((row.who, row.subject, row.words), row)
    return list(found.values())


def who_says(claim: Document, value: Document, labels: Labels) -> tuple[str, str]:
    """Whose words a value is, and in what language they are named.

    The claimants of its appearance, else the source's authors, else the source's title.
    """
    appearances = claim["appearances"]
    mine = [row for row in appearances if row["uid"] == value["appearance"]] or appearances[:1]
    if not mine:
        return "The claim", ""
    source = labels.get(mine[0]["source"])
    uids = mine[0]["claimants"] or (source.card.get("authors", ()) if source else ())
    names = [labels[uid].text for uid in uids if uid in labels]
    if names:
        return " and ".join(names), ""
    return (f"“{source.text}”", source.card.get("language", "")) if source else ("The claim", "")
