"""The pages that are about no single record: home, what the desk is, and the ledger's entries by number."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from kb.book import reading
from kb.views.about import about_context, policy_context
from kb.views.caching import public
from kb.views.neighbours import with_authors
from kb.views.pages import respond
from kb.views.records import tombstone
from kb.views.rendering import render_page

MOST_PLACES = 10


@public
def home(request: HttpRequest) -> HttpResponse:
    """What the desk does, what it last corrected, and the newest of each kind."""
    newest = reading.claims().order_by(
        "-record__version__release_id", "-corrected", "-disputed", "sort_date", "record"
    )
    claims = list(newest[:6])
    rebuttals = list(reading.rebuttals()[:3])
    corrections = list(reading.corrections()[:1])
    stories = reading.documents([entry.record_id for entry in corrections])
    story = next(iter(stories.values()), None)
    told = {uid for uid in (story["claim"], story["rebuttal"]) if uid} if story else set()
    around = reading.documents(told | {entry.record_id for entry in claims})
    claim = around.get(story["claim"]) if story else None
    places = _places([claim] if claim else [], [around[entry.record_id] for entry in claims])
    labels = reading.labels_for(*stories.values(), *around.values())
    cited = {entry.record.card[name] for entry in rebuttals for name in ("claim", "raised_by")} - {None}
    return respond(
        request,
        "kb/home.html",
        {
            "section": "home",
            "title": "",
            "story": story,
            "claim": claim,
            "rebuttal": around.get(story["rebuttal"] or "") if story else None,
            "rebuttals": rebuttals,
            "claims": claims,
            "places": [labels[uid] for uid in places if uid in labels],
            "counts": {
                "claim": reading.claims().count(),
                "source": reading.sources().count(),
                "place": reading.places().count(),
            },
            "labels": with_authors({**labels, **reading.labels(cited - labels.keys())}),
        },
    )


def _places(*groups: list[dict[str, Any]]) -> list[str]:
    """The places that the claims on the page are about, those of the first group first."""
    uids = dict.fromkeys(uid for claims in groups for claim in claims for uid in claim["places"])
    return list(uids)[:MOST_PLACES]


@public
def about(request: HttpRequest) -> HttpResponse:
    return respond(request, "kb/about.html", about_context(reading.desk(), reading.naming_policy()))


@public
def naming_policy(request: HttpRequest) -> HttpResponse:
    """The naming policy in force, or that there is none yet."""
    try:
        return render_page(request, reading.get("naming-policy", "naming-policy"))
    except reading.Gone as gone:
        return tombstone(request, "naming-policy", gone)
    except reading.NotFound:
        return respond(request, "kb/names.html", policy_context(None))


@public
def correction(request: HttpRequest, number: int) -> HttpResponse:
    """An entry of the ledger, by the number that publishing gave it."""
    try:
        return render_page(request, reading.get_correction(number))
    except reading.Gone as gone:
        return tombstone(request, "correction", gone)
    except reading.NotFound as reason:
        raise Http404("The ledger has no such entry.") from reason
