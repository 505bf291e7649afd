"""Data beside pages: the address of a record's page or version with an ending of its own, for programs.

The same for every reader and readable from any site. What is not there is said in JSON, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from kb.book import reading
from kb.interchange import records
from kb.interchange.citing import STYLES
from kb.views.caching import open_data
from kb.views.pages import beside
from kb.views.rendering import cited, compare_url, page_url, version_url

#: Lines that are sent together.
AT_A_TIME = 500
#: The kinds whose pages are by key, and the folder each is in.
FOLDERS = {
    "claim": "claims",
    "source": "sources",
    "place": "places",
    "event": "events",
    "agent": "agents",
    "topic": "topics",
    "rebuttal": "rebuttals",
}
#: Those of which each version has an address.
VERSIONED = ("claim", "source", "place", "event", "rebuttal")


def as_json(content: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """An answer in JSON, which search engines need not list beside the page."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    response = HttpResponse(text + "\n", content_type="application/json; charset=utf-8", status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def some_at_a_time(parts: Iterable[str]) -> Iterator[str]:
    """The same text in fewer parts: each costs the server a write."""
    left = iter(parts)
    while some := "".join(islice(left, AT_A_TIME)):
        yield some


def not_found(said: str = "Nothing is published at this address.") -> HttpResponse:
    return as_json({"error": said}, status=404)


@open_data
def record(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The current version; 301 from an old key, 410 with what is left where it was withdrawn, else 404."""
    try:
        return _told(request, reading.get(kind, key))
    except reading.Moved as moved:
        return HttpResponsePermanentRedirect(beside(reverse(kind, args=[moved.key])))
    except reading.Gone as gone:
        return _gone(request, gone)
    except reading.NotFound:
        return not_found()


@open_data
def version(request: HttpRequest, kind: str, key: str, number: int) -> HttpResponse:
    """One version as it was published, with the labels of then."""
    try:
        return _told(request, reading.get_version(kind, key, number))
    except reading.Moved as moved:
        return HttpResponsePermanentRedirect(beside(version_url(kind, moved.key, number)))
    except reading.Gone as gone:
        return _gone(request, gone)
    except reading.NotFound:
        return not_found()


@open_data
def correction(request: HttpRequest, number: int) -> HttpResponse:
    """An entry of the ledger, by its number."""
    try:
        return _told(request, reading.get_correction(number))
    except reading.Gone as gone:
        return _gone(request, gone)
    except reading.NotFound:
        return not_found()


@open_data
def about(request: HttpRequest) -> HttpResponse:
    """What the desk says of itself."""
    desk = reading.desk()
    return _told(request, reading.get("desk", desk["key"])) if desk else not_found()


@open_data
def citation(request: HttpRequest, kind: str, key: str, number: int, style: str) -> HttpResponse:
    """A version's entry for a program that keeps references."""
    try:
        page = reading.get_version(kind, key, number)
    except reading.Moved as moved:
        return HttpResponsePermanentRedirect(beside(version_url(kind, moved.key, number), style))
    except reading.Gone as gone:
        return _gone(request, gone)
    except reading.NotFound:
        return not_found()
    form, entry = STYLES[style], cited(request, page)
    response = HttpResponse(form.write(entry), content_type=f"{form.media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{entry.name}.{style}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _told(request: HttpRequest, page: reading.Page) -> HttpResponse:
    against: dict[str, list[str]] = {}
    if page.kind == "claim" and page.is_current:
        for role, uid in reading.referrers(page.uid, *records.AGAINST):
            against.setdefault(records.AGAINST[role], []).append(uid)
        page.labels.update(reading.labels(uid for uids in against.values() for uid in uids))
    told = records.record(
        page,
        absolute=request.build_absolute_uri,
        desk=reading.desk(),
        addresses={
            "page": page_url(page),
            "version": version_url(page.kind, page.key, page.number),
            "compare": compare_url(page.kind, page.key),
        },
        against=against,
    )
    return as_json(told)


def _gone(request: HttpRequest, gone: reading.Gone) -> HttpResponse:
    return as_json(records.tombstone(gone.page, request.build_absolute_uri()), status=410)
