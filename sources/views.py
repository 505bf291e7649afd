"""The public pages of the bibliography: sources with their claims marked, and the agents behind them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kb.book import reading
from kb.filters import SourceFilter
from kb.views.annotated import annotate, tally
from kb.views.caching import public
from kb.views.lists import show
from kb.views.neighbours import labels_around, of_kind
from kb.views.pages import PAGE_SIZE
from kb.views.passages import excerpts, whole_text
from kb.views.texts import date_order

Document = dict[str, Any]


@public
def source_list(request: HttpRequest) -> HttpResponse:
    return show(request, SourceFilter, "sources/source_list.html", section="sources", title=_("Sources"))


def source_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    """`alone`: the record by itself, as an old version is shown, without the claims found in the source today."""
    source = page.document
    around = (
        []
        if alone
        else reading.referring([source["uid"]], "appearance", "evidence", "in-reply-to", "made-in")
    )
    claims = of_kind(around, "claim")
    whole = None if alone else next(iter(reading.source_texts(source["uid"])), None)
    shown = (
        whole_text(whole.text, whole.snapshot, source["uid"], claims)
        if whole
        else excerpts(source["uid"], claims)
    )
    made_here = {claim["uid"]: claim for claim in claims if _appears(claim, source["uid"])}
    against = reading.referring(made_here, "rebuts", kinds=["rebuttal"]) if made_here else []
    passages = annotate(shown, source, made_here, against)
    notes = [note for passage in passages for note in passage.notes]
    noted = {note.claim["uid"] for note in notes}
    return {
        "section": "sources",
        "source": source,
        "whole": whole,
        "passages": passages,
        "tally": tally(notes),
        "claims": made_here,
        "unquoted": [claim for uid, claim in made_here.items() if uid not in noted],
        "evidence_for": [claim for claim in claims if _is_evidence(claim, source["uid"])],
        "replies": [other for other in of_kind(around, "source") if other["in_reply_to"] == source["uid"]],
        "rebuttals": [other for other in of_kind(around, "rebuttal") if other["source"] == source["uid"]],
        "labels": labels_around(page, *around, *against),
        "title": source["title"],
        "title_language": source["language"],
    }


def _appears(claim: Document, source_uid: str) -> bool:
    return any(appearance["source"] == source_uid for appearance in claim["appearances"])


def _is_evidence(claim: Document, source_uid: str) -> bool:
    return any(evidence["source"] == source_uid for evidence in claim["evidence"])


def agent_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    """What an agent wrote, claims and disputes, and what is claimed about what it took part in."""
    agent = page.document
    around = reading.referring(
        [agent["uid"]], "author", "claimant", "raised-by", "participant", "status-agent"
    )
    written = of_kind(around, "source")
    said = of_kind(around, "claim")
    in_own_name = reading.referring([source["uid"] for source in written], "appearance", kinds=["claim"])
    claims = {
        claim["uid"]: claim for claim in [*said, *(c for c in in_own_name if _unattributed(c, written))]
    }
    events = of_kind(around, "event")
    about = reading.referring([event["uid"] for event in events], "event", kinds=["claim"])
    others = {claim["uid"]: claim for claim in about if claim["uid"] not in claims}
    return {
        "section": "",
        "agent": agent,
        "labels": labels_around(page, *around, *claims.values(), *others.values()),
        "written": sorted(written, key=lambda source: source["title"]),
        "claims": sorted(claims.values(), key=_statement)[:PAGE_SIZE],
        "rebuttals": of_kind(around, "rebuttal"),
        "events": sorted(events, key=_when),
        "claims_about": sorted(others.values(), key=_statement)[:PAGE_SIZE],
        "statuses": _statuses(agent["uid"], of_kind(around, "place")),
        "title": agent["name"],
    }


def _statuses(agent_uid: str, places: list[Document]) -> list[tuple[str, Document]]:
    """What the agent claims, administers, recognises or renounces: the place's uid with the status, by relation."""
    found = [
        (place["uid"], row) for place in places for row in place["statuses"] if row["agent"] == agent_uid
    ]
    return sorted(found, key=lambda pair: (pair[1]["relation"], pair[1]["when"], pair[0]))


def _unattributed(claim: Document, written: list[Document]) -> bool:
    """Whether one of these sources makes the claim in its own name, not in somebody else's."""
    own = {source["uid"] for source in written}
    return any(row["source"] in own and not row["claimants"] for row in claim["appearances"])


def _when(event: Document) -> tuple[tuple[object, ...], str]:
    """Events in order of time, those without a date last."""
    return date_order(event["when"]), str(event["title"])


def _statement(claim: Document) -> str:
    return str(claim["statement"])
