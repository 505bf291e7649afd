"""The pages that are about no single record: home, what the desk is, search, and the ledger's entries by number."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from kb.book import reading, search
from kb.views.about import about_context
from kb.views.caching import public
from kb.views.neighbours import with_authors
from kb.views.pages import respond
from kb.views.records import tombstone
from kb.views.rendering import render_page

#: Longer questions are cut: nobody types them, and a search for them would cost the more.
LONGEST_QUESTION = 200
MOST_RESULTS = 50


@public
def home(request: HttpRequest) -> HttpResponse:
    """What the desk does, what it last corrected, and the newest of each kind."""
    corrections = list(reading.corrections()[:1])
    rebuttals = list(reading.rebuttals()[:3])
    claims = list(
        reading.claims().order_by("-record__version__release", "-corrected", "sort_date", "record")[:6]
    )
    places = list(reading.places()[:12])
    lead = reading.documents([entry.record.uid for entry in corrections])
    story = next(iter(lead.values()), None)
    around = reading.documents({story["claim"], story["rebuttal"] or ""} - {""}) if story else {}
    uids = {entry.record.card[name] for entry in rebuttals for name in ("claim", "raised_by")}
    uids |= {uid for entry in claims for uid in entry.record.card["events"]}
    labels = dict(reading.labels(uids - {"", None}))
    if story:
        labels = {**reading.labels_for(story, *around.values()), **labels}
    return respond(
        request,
        "kb/home.html",
        {
            "section": "home",
            "title": "",
            "story": story,
            "claim": around.get(story["claim"]) if story else None,
            "rebuttal": around.get(story["rebuttal"] or "") if story else None,
            "rebuttals": rebuttals,
            "claims": claims,
            "places": places,
            "counts": {
                "claim": reading.claims().count(),
                "source": reading.sources().count(),
                "place": reading.places().count(),
                "correction": reading.corrections().count(),
            },
            "labels": with_authors(labels),
        },
    )


@public
def about(request: HttpRequest) -> HttpResponse:
    return respond(request, "kb/about.html", about_context(reading.desk(), reading.naming_policy()))


@public
def search_results(request: HttpRequest) -> HttpResponse:
    question = " ".join(request.GET.get("q", "")[:LONGEST_QUESTION].split())
    found = search.search(question, limit=MOST_RESULTS) if question else []
    return respond(
        request,
        "kb/search.html",
        {
            "section": "search",
            "title": f"Search: {question}" if question else "Search",
            "question": question,
            "found": found,
            "most": MOST_RESULTS,
            "robots": "noindex",
        },
    )


@public
def correction(request: HttpRequest, number: int) -> HttpResponse:
    """An entry of the ledger, by the number that publishing gave it."""
    try:
        return render_page(request, reading.get_correction(number))
    except reading.Gone as gone:
        return tombstone(request, "correction", gone)
    except reading.NotFound as reason:
        raise Http404("The ledger has no such entry.") from reason
