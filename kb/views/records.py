"""One record's page, of any kind: where it is now, where it was, or that it was withdrawn."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.book import reading
from kb.views.caching import public
from kb.views.differences import in_words
from kb.views.pages import respond
from kb.views.rendering import compare_url, render_page, version_url

#: A version's number in an address, as in the path of its page.
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


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


@public
def compare(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What differs between two published versions: `?from=2&to=5`, each with the names of its time.

    Without `to`, up to the current one; without `from`, since the one before it. 400 where these are no numbers of
    versions, 404 where there is no such version.
    """
    try:
        current = reading.get(kind, key)
        asked = request.GET.get("from", ""), request.GET.get("to", "")
        wrong = next((text for text in asked if text and not _NUMBER.fullmatch(text)), None)
        if wrong is not None:
            return _no_number(request, current, wrong)
        newer = int(asked[1] or current.number)
        older = int(asked[0] or max(newer - 1, 1))
        pages = [reading.get_version(kind, key, number) for number in (older, newer)]
    except reading.Moved as moved:
        query = request.GET.urlencode()
        return HttpResponsePermanentRedirect(compare_url(kind, moved.key) + (f"?{query}" if query else ""))
    except reading.Gone as gone:
        return tombstone(request, kind, gone)
    except reading.NotFound as reason:
        raise Http404(str(reason)) from reason
    before, after = pages
    names = {**before.labels, **after.labels}
    context = {
        **_about(current, _("What changed: %(record)s")),
        "before": before,
        "after": after,
        "addresses": [version_url(kind, key, page.number) for page in pages],
        "changes": in_words(
            before.document, after.document, lambda uid: names[uid].text if uid in names else uid
        ),
        "history": [(note, version_url(kind, key, note.number)) for note in reading.history(current.uid)],
        "compare_url": compare_url(kind, key),
    }
    return respond(request, "kb/compare.html", context)


def _no_number(request: HttpRequest, current: reading.Page, wrong: str) -> HttpResponse:
    context = {
        **_about(current, _("These cannot be compared: %(record)s")),
        "wrong": wrong[:40],
        "compare_url": "",
    }
    return respond(request, "kb/compare_what.html", context, status=400)


def _about(current: reading.Page, title: str) -> dict[str, object]:
    record = current.labels[current.uid]
    return {
        "title": title % {"record": record.heading},
        "record": record,
        "page": current,
        "section": f"{current.kind}s",
        "robots": "noindex",
    }


def tombstone(request: HttpRequest, kind: str, gone: reading.Gone) -> HttpResponse:
    """What stays of a withdrawn record: that it was there, when and why it was withdrawn."""
    context = {"tombstone": gone.page, "kind": kind, "title": _("Withdrawn"), "robots": "noindex"}
    return respond(request, "kb/withdrawn.html", context, status=410)
