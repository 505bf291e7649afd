"""The page of a place: every name and who uses it, who claims and who administers it, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kb.analysis.naming import is_latin
from kb.book import reading
from kb.views import conflicts
from kb.views.map import finished, map_url
from kb.views.neighbours import labels_around, of_kind
from kb.views.pages import PAGE_SIZE
from kb.views.surroundings import surroundings
from kb.views.texts import date_order

Document = dict[str, Any]

_KINDS = {"endonym": 0, "exonym": 0, "reading": 1, "variant": 1, "historical": 2}


def names_in_order(names: list[Document], label: Sequence[tuple[str, str]]) -> list[Document]:
    """The names party by party, in the order in which the label names them; of each party's, its own script first.

    Names that nobody in the label uses follow by language.
    """
    parties: dict[str, int] = {}
    for text, _ in label:
        for party in sorted({uid for name in names if name["text"] == text for uid in name["used_by"]}):
            parties.setdefault(party, len(parties))

    def place_of(name: Document) -> tuple[int, str, int, bool, str]:
        order = min((parties.get(party, len(parties)) for party in name["used_by"]), default=len(parties))
        tongue = name["language"].split("-")[0] if order == len(parties) else ""
        return order, tongue, _KINDS.get(name["kind"], len(_KINDS)), is_latin(name["language"]), name["text"]

    return sorted(names, key=place_of)


def place_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    """`alone`: the document by itself, as an old version is shown."""
    place = page.document
    around = [] if alone else reading.referring([place["uid"]], "part-of", "place", kinds=["place", "event"])
    claims = [] if alone else list(reading.claims().about(place["uid"])[: PAGE_SIZE + 1])
    around_it = labels_around(page, *around)
    parts = of_kind(around, "place")
    near = surroundings(place, parts, alone=alone)
    if near:
        missing = {uid for dot in near[1] for uid in dot.uids} - around_it.keys()
        around_it = {**around_it, **(reading.labels(missing) if missing else {})}
    contradicted = None if alone else conflicts.of_subject(place["uid"], around_it)
    here = page.labels.get(place["uid"])
    labels = contradicted.labels if contradicted else around_it
    return {
        "section": "places",
        "place": place,
        "labels": labels,
        "map": finished(*near, labels) if near else None,
        "map_url": map_url,
        "contradicted": contradicted,
        "parts": parts,
        "events": sorted(of_kind(around, "event"), key=lambda event: date_order(event["when"])),
        "claims": claims[:PAGE_SIZE],
        "more_claims": len(claims) > PAGE_SIZE,
        "names": names_in_order(place["names"], here.parts if here else ()),
        "statuses": sorted(
            place["statuses"], key=lambda status: (status["relation"] != "administers", status["relation"])
        ),
        "title": here.heading if here else place["key"],
    }
