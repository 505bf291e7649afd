"""Feeds of the book, answered as its pages are: 304 after one query where nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kb.book import reading
from kb.interchange.feeds import Entry, atom
from kb.views.caching import public
from kb.views.words import CORRECTION_TYPES

#: Entries of a feed: who asks once a day misses none.
NEWEST = 50
#: What a feed is dated while it has no entry.
BEGUN = datetime(1970, 1, 1, tzinfo=UTC)


@public
def corrections(request: HttpRequest) -> HttpResponse:
    """The newest entries of the ledger."""
    desk = reading.desk()
    name = desk.get("name") or "Rejoinder"
    text = atom(
        _corrections(request),
        title=f"Corrections · {name}",
        subtitle="The ledger: what was said, and what is right. An entry never changes.",
        author=name,
        page=request.build_absolute_uri(reverse("correction_list")),
        address=request.build_absolute_uri(reverse("correction_feed")),
        begun=BEGUN,
    )
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def _corrections(request: HttpRequest) -> Iterator[Entry]:
    listed = [entry.record_id for entry in reading.corrections()[:NEWEST]]
    documents = reading.documents(listed)
    for uid in listed:
        entry = documents[uid]
        kind = CORRECTION_TYPES.get(entry["type"], entry["type"])
        said = [f"What was said: {entry['said']}"]
        if entry["right"]:
            said.append(f"What is right: {entry['right']}")
        yield Entry(
            title=f"{kind} № {entry['number']}: {entry['said']}",
            address=request.build_absolute_uri(reverse("correction", args=[entry["number"]])),
            published=datetime.fromisoformat(entry["published_at"]),
            text="\n\n".join(said),
            language=entry["language"],
        )
