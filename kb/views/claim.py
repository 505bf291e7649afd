"""The page of a claim: its rating and why, where it was said, and what was said against it."""

from __future__ import annotations

from typing import Any

from kb.book import reading
from kb.views import chain, conflicts
from kb.views.dates import dates_zones, stated_dates
from kb.views.neighbours import Labels, labels_around, of_kind
from kb.views.pages import PAGE_SIZE
from kb.views.texts import paragraphs
from kb.views.threads import threads
from kb.views.timeline import Timeline, timeline
from kb.views.words import RATINGS, verdict

Document = dict[str, Any]

#: Other claims are counted exactly up to so many.
MOST = 5_000


def claim_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    """`alone`: the document by itself, as an old version is shown, without what is said around it today."""
    claim = page.document
    around = [] if alone else reading.referring([claim["uid"]], "rebuts", "corrects", "counterclaim")
    rebuttals = sorted(
        (document for document in of_kind(around, "rebuttal") if document["claim"] == claim["uid"]),
        key=_when_received,
    )
    relied_on = [document for document in of_kind(around, "rebuttal") if document["claim"] != claim["uid"]]
    corrections = sorted(of_kind(around, "correction"), key=lambda entry: -entry["number"])
    counterclaims = {uid for rebuttal in rebuttals for uid in rebuttal["counterclaims"]}
    about = [] if alone else _same_events(claim)
    said_against = list(reading.documents(counterclaims).values()) if counterclaims else []
    apart = counterclaims | {claim["uid"]}
    others = [document for document in about if document["uid"] not in apart]
    around_it = labels_around(page, *rebuttals, *relied_on, *corrections, *said_against, *others)
    contradicted = None if alone else conflicts.of_claim(claim, around_it)
    labels = contradicted.labels if contradicted else around_it
    return {
        "section": "claims",
        "claim": claim,
        "labels": labels,
        "rebuttals": rebuttals,
        "threads": threads(rebuttals),
        "relied_on": relied_on,
        "corrections": corrections,
        "challenged": any(rebuttal["decision"] in ("received", "under-review") for rebuttal in rebuttals),
        "others": sorted(others, key=lambda document: document["statement"]),
        "others_count": _number(claim, others) if len(others) > PAGE_SIZE else len(others),
        "contradicted": contradicted,
        "chain": None if alone else chain.of_claim(claim, labels),
        "timeline": _timeline(claim, [said_against, others], labels, contradicted),
        "title": claim["statement"],
        "description": _description(claim),
        "title_language": claim["language"],
    }


def _description(claim: Document) -> str:
    """The verdict in a line, for search engines and previews of links."""
    judged = claim["assessment"]
    return (
        f"{verdict(RATINGS, judged['rating']).word}. {paragraphs(judged['rationale'])[0]}" if judged else ""
    )


def _same_events(claim: Document) -> list[Document]:
    """Claims about the same event, this one perhaps among them: no more than a page shows, and one."""
    if not claim["events"]:
        return []
    return reading.referring(claim["events"], "event", kinds=["claim"], most=PAGE_SIZE + 2)


def _number(claim: Document, others: list[Document]) -> int:
    """How many other claims about the same event there are, where there are more than were read; up to MOST."""
    return max(len(others), reading.number_referring(claim["events"], "event", MOST + 1) - 1)


def _timeline(
    claim: Document, others: list[list[Document]], labels: Labels, contradicted: conflicts.Shown | None
) -> Timeline | None:
    """This claim's dates, then what is said against it of the same, then what other claims say, in order of time."""
    zones = dates_zones(claim, *others[0], *others[1])
    own = stated_dates(claim, labels, own=True, zones=zones)
    if not own:
        return None
    subjects = {row.subject[0] for row in own}
    counter, rest = (
        [row for document in some for row in stated_dates(document, labels, about=subjects, zones=zones)]
        for some in others
    )
    rows = [*own, *counter, *sorted(rest, key=lambda row: row.span.sort_key)]
    return timeline(rows, contradictions=not (contradicted and contradicted.of_dates))


def _when_received(rebuttal: Document) -> tuple[str, str]:
    return rebuttal["received_on"] or "", rebuttal["uid"]
