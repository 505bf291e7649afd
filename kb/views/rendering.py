"""Drawing a record's page from the book's plain documents: for readers, and for an editor's preview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from kb.book import reading
from kb.views.about import desk_context, policy_context
from kb.views.claim import claim_context
from kb.views.correction import correction_context, delivery_context
from kb.views.event import event_context
from kb.views.pages import respond
from kb.views.place import place_context
from kb.views.rebuttal import rebuttal_context
from kb.views.topic import topic_context
from sources.views import agent_context, source_context

# Of each kind: its template, what fills it, and whether each version has an address.
_KINDS: dict[str, tuple[str, Callable[..., dict[str, Any]], bool]] = {
    "agent": ("sources/agent.html", agent_context, False),
    "claim": ("kb/claim.html", claim_context, True),
    "correction": ("kb/correction.html", correction_context, False),
    "delivery": ("kb/delivery.html", delivery_context, False),
    "desk": ("kb/about.html", desk_context, False),
    "event": ("kb/event.html", event_context, True),
    "naming-policy": ("kb/names.html", policy_context, True),
    "place": ("kb/place.html", place_context, True),
    "rebuttal": ("kb/rebuttal.html", rebuttal_context, True),
    "source": ("sources/source.html", source_context, True),
    "topic": ("kb/topic.html", topic_context, False),
}


def render_page(request: HttpRequest, page: reading.Page, *, preview: bool = False) -> HttpResponse:
    """The page of a record of any kind.

    An old version is shown by itself, with what has changed since. `preview` shows a page that is not published: a
    banner says so, and nobody may keep it.
    """
    template, fill, versioned = _KINDS[page.kind]
    past = not preview and not page.is_current
    context = fill(page, alone=past)
    context["page"] = page
    context["history"] = []
    context["changes"] = []
    if preview:
        context |= {"banner": "preview", "robots": "noindex"}
    elif versioned:
        context |= _versions(request, page)
    response = respond(request, template, {"versioned": versioned and not preview, **context})
    if preview:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _versions(request: HttpRequest, page: reading.Page) -> dict[str, Any]:
    """The record's history, and on an old version's page what has changed since then."""
    here = version_url(page.kind, page.key, page.number)
    context: dict[str, Any] = {
        "history": [
            (note, version_url(page.kind, page.key, note.number)) for note in reading.history(page.uid)
        ],
        "cite_url": request.build_absolute_uri(here),
        "compare_url": compare_url(page.kind, page.key),
    }
    if page.merged_into is not None:
        context |= {"banner": "merged", "robots": "noindex", "canonical": page.merged_into.url}
    elif not page.is_current:
        current = reading.get(page.kind, page.key)
        context |= {
            "banner": "past",
            "robots": "noindex",
            "canonical": reverse(page.kind, args=_address(page.kind, page.key)),
            "changes": reading.compare(page.document, current.document),
        }
    return context


def compare_url(kind: str, key: str) -> str:
    """The address at which any two versions are compared; empty for kinds whose versions have none."""
    try:
        return reverse(f"{kind}_compare", args=_address(kind, key))
    except NoReverseMatch:
        return ""


def version_url(kind: str, key: str, number: int) -> str:
    """The address of one version; empty for kinds whose versions have none."""
    try:
        return reverse(f"{kind}_version", args=[*_address(kind, key), number])
    except NoReverseMatch:
        return ""


def _address(kind: str, key: str) -> list[str]:
    """What the address of a record is made of; nothing where there is one of its kind."""
    return [key] if reading.PAGES.get(kind, "key") else []
