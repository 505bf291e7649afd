"""One record's page, of any kind: where it is now, where it was, or that it was withdrawn."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from kb.book import reading
from kb.views.caching import public
from kb.views.pages import respond
from kb.views.rendering import render_page, version_url


@public
def record(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The current version; 301 from an old key, 410 with a tombstone where it was withdrawn, else 404."""
    try:
        return render_page(request, reading.get(kind, key))
    except reading.Moved as moved:
        return HttpResponsePermanentRedirect(reverse(kind, args=[moved.key]))
    except reading.Gone as gone:
        return tombstone(request, kind, gone)
    except reading.NotFound as reason:
        raise Http404(str(reason)) from reason


@public
def version(request: HttpRequest, kind: str, key: str, number: int) -> HttpResponse:
    """One version as it was published."""
    try:
        return render_page(request, reading.get_version(kind, key, number))
    except reading.Moved as moved:
        return HttpResponsePermanentRedirect(version_url(kind, moved.key, number))
    except reading.Gone as gone:
        return tombstone(request, kind, gone)
    except reading.NotFound as reason:
        raise Http404(str(reason)) from reason


def tombstone(request: HttpRequest, kind: str, gone: reading.Gone) -> HttpResponse:
    """What stays of a withdrawn record: that it was there, when and why it was withdrawn."""
    context = {"tombstone": gone.page, "kind": kind, "title": "Withdrawn", "robots": "noindex"}
    return respond(request, "kb/withdrawn.html", context, status=410)
