"""The page of a claim: its rating and why, where it was said, and what was said against it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kb.book import reading
from kb.views import chain, conflicts
from kb.views.dates import dates_zones, named_with_dates, stated_dates, states_dates
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
    others = (
        [] if alone else [uid for uid in _same_events(claim) if uid not in {*counterclaims, claim["uid"]}]
    )
    # What they say in full is read for their dates alone, which are drawn beside this one's.
    dated = states_dates(claim)
    said_against, rest = (_by_key(uids) if dated and not alone else [] for uids in (counterclaims, others))
    named = {uid for document in (*said_against, *rest) for uid in named_with_dates(document)}
    around_it = labels_around(
        page, *rebuttals, *relied_on, *corrections, further={*counterclaims, *others, *named}
    )
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
        "others": sorted((labels[uid] for uid in others if uid in labels), key=lambda label: label.text),
        "others_count": _number(claim, others) if len(others) > PAGE_SIZE else len(others),
        "contradicted": contradicted,
        "chain": None if alone else chain.of_claim(claim, labels),
        "timeline": _timeline(claim, [said_against, rest], labels, contradicted),
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


def _same_events(claim: Document) -> list[str]:
    """Claims about the same event, this one perhaps among them: no more than a page shows, and one."""
    return reading.referring_to(claim["events"], "event", most=PAGE_SIZE + 2)


def _by_key(uids: Iterable[str]) -> list[Document]:
    return sorted(reading.documents(uids).values(), key=lambda document: document["key"])


def _number(claim: Document, others: list[str]) -> int:
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
