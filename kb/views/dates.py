"""The dates that claims state, read from published documents for the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kb.analysis.conflicts.times import Pivot, time_stated
from kb.book import conflicts, reading
from kb.editorial.dates import DateSpan
from kb.views.timeline import Stated
from kb.views.words import RATINGS, attribute, verdict

Document = dict[str, Any]
Labels = Mapping[str, "reading.Label"]


def value_span(value: Document, labels: Labels, zones: Mapping[str, str]) -> DateSpan | None:
    """The time that a stated value of a claim's document means; None if it means none.

    A date that leans on an event is bounded by that event's own settled date, as published (domain rule 7).
    """
    event = labels.get(value["relative_to"] or "")
    when = event.card.get("when", "") if event and not event.withdrawn else ""
    span, _ = time_stated(
        **{name: value[name] for name in ("edtf", "relation", "offset", "raw")},
        calendar=value["calendar"] or "gregorian",
        time_zone=value["time_zone"] or zones.get(value["about"]["uid"], ""),
        pivot=Pivot(when=when, zone=zones.get(value["relative_to"] or "", "")),
    )
    return span


def stated_dates(
    claim: Document,
    labels: Labels,
    *,
    about: Iterable[str] | None = None,
    own: bool = False,
    zones: Mapping[str, str] | None = None,
) -> list[Stated]:
    """The dates that a claim states, in the order of its document; of the records `about` alone, if they are given.

    `zones` are the time zones of events and places, where they are known.
    """
    wanted = None if about is None else set(about)
    found: dict[tuple[object, ...], Stated] = {}
    for value in claim["values"]:
        span = value_span(value, labels, zones or {}) if value["attribute"]["type"] == "date" else None
        if span is None or (wanted is not None and value["about"]["uid"] not in wanted):
            continue
        label = labels.get(claim["uid"])
        pivot = labels.get(value["relative_to"] or "")
        who, language = who_says(claim, value, labels)
        row = Stated(
            who=who,
            language=language,
            what=attribute(value["attribute"]),
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


def states_dates(claim: Document) -> bool:
    return any(value["attribute"]["type"] == "date" for value in claim["values"])


def named_with_dates(claim: Document) -> set[str]:
    """The uids that a claim's dates are told with: of who says them, and of the events that they lean on."""
    if not states_dates(claim):
        return set()
    leant_on = {value["relative_to"] for value in claim["values"] if value["relative_to"]}
    return leant_on.union(*({row["source"], *row["claimants"]} for row in claim["appearances"]))


def dates_zones(*claims: Document) -> Mapping[str, str]:
    """The time zones of what these claims state dates of."""
    dates = [value for claim in claims for value in claim["values"] if value["attribute"]["type"] == "date"]
    return conflicts.zones(dates) if dates else {}


def who_says(claim: Document, value: Document, labels: Labels) -> tuple[str, str]:
    """Whose words a value is, and in what language they are named.

    The claimants of its appearance, else the source's authors, else the source's title.
    """
    appearances = claim["appearances"]
    mine = [row for row in appearances if row["uid"] == value["appearance"]] or appearances[:1]
    return whose(mine[0]["source"], mine[0]["claimants"], labels) if mine else (_("The claim"), "")


def whose(source: str, claimants: Iterable[str], labels: Labels) -> tuple[str, str]:
    """The same by the uids of a source and of who claims something in it."""
    label = labels.get(source)
    uids = list(claimants) or (label.card.get("authors", ()) if label else ())
    names = [labels[uid].text for uid in uids if uid in labels]
    if names:
        return pgettext("list", " and ").join(names), ""
    if label is None:
        return _("The claim"), ""
    return pgettext("title", "“%(title)s”") % {"title": label.text}, label.card.get("language", "")
