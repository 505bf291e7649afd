"""Drawing a record's page from the book's plain documents: for readers, and for an editor's preview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from kb.book import reading
from kb.interchange.citing import STYLES, Cited
from kb.interchange.claim_review import claim_review, embedded
from kb.interchange.feeds import MEDIA_TYPE as FEED
from kb.views.about import desk_context, policy_context
from kb.views.claim import claim_context
from kb.views.correction import correction_context, delivery_context
from kb.views.differences import in_words
from kb.views.event import event_context
from kb.views.pages import Alternate, beside, respond
from kb.views.place import place_context
from kb.views.rebuttal import rebuttal_context
from kb.views.topic import topic_context
from kb.views.words import RATINGS, verdict
from sources.views import agent_context, source_context

#: The kinds of which new claims can be followed by feed.
FOLLOWED = ("place", "source")

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
    context.setdefault("desk", reading.desk())
    context["history"] = []
    context["changes"] = []
    if preview:
        context |= {"banner": "preview", "robots": "noindex"}
    else:
        context |= {"canonical": request.build_absolute_uri(page_url(page))}
        context |= {"alternates": _alternates(request, page, context["title"])}
        if versioned:
            context |= _versions(request, page, context)
        if page.kind == "claim" and not past:
            context["structured"] = _review(request, page, context)
    response = respond(request, template, {"versioned": versioned and not preview, **context})
    if preview:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _alternates(request: HttpRequest, page: reading.Page, title: str) -> list[Alternate]:
    """The record's data; of a place and a source also the feed of its claims."""
    found = [Alternate("application/json", beside(request.path), "JSON")]
    if page.kind in FOLLOWED:
        address = reverse(f"{page.kind}_feed", args=[page.key])
        found.append(Alternate(FEED, address, _("Claims: %(title)s") % {"title": title}))
    return found


def _review(request: HttpRequest, page: reading.Page, drawn: dict[str, Any]) -> Markup | None:
    """What search engines are told of a rated claim, from what its page shows."""
    judged = page.document["assessment"]
    if not judged:
        return None
    review = claim_review(
        page.document,
        drawn["labels"],
        rating=str(verdict(RATINGS, judged["rating"]).word),
        url=drawn["canonical"],
        changed_at=page.released_at,
        desk=drawn["desk"],
        absolute=request.build_absolute_uri("/")[:-1].__add__,
    )
    return Markup(embedded(review))  # noqa: S704 - no mark that HTML knows is left in it


def _versions(request: HttpRequest, page: reading.Page, drawn: dict[str, Any]) -> dict[str, Any]:
    """The record's history, how this version is cited, and on an old one's page what has changed since then."""
    here = version_url(page.kind, page.key, page.number)
    entry = _cited(request, page, drawn)
    context: dict[str, Any] = {
        "history": [
            (note, version_url(page.kind, page.key, note.number)) for note in reading.history(page.uid)
        ],
        "cited": entry,
        "citations": [
            (style.name, style.write(entry), beside(here, style.ending)) for style in STYLES.values()
        ],
        "data_url": beside(here),
        "compare_url": compare_url(page.kind, page.key),
    }
    if page.merged_into is not None:
        kept = request.build_absolute_uri(page.merged_into.url)
        context |= {"banner": "merged", "robots": "noindex", "canonical": kept}
    elif not page.is_current:
        current = reading.get(page.kind, page.key)
        context |= {
            "banner": "past",
            "robots": "noindex",
            "changes": in_words(page.document, current.document),
        }
    return context


def cited(request: HttpRequest, page: reading.Page) -> Cited:
    """How a version is cited; of a kind whose versions have addresses."""
    return _cited(request, page, {"desk": reading.desk(), **_KINDS[page.kind][1](page, alone=True)})


def _cited(request: HttpRequest, page: reading.Page, drawn: dict[str, Any]) -> Cited:
    return Cited(
        name=f"{page.kind}-{page.key}-v{page.number}",
        title=drawn["title"],
        language=drawn.get("title_language", ""),
        desk=drawn["desk"].get("name") or "Rejoinder",
        number=page.number,
        released_on=page.released_at.date(),
        url=request.build_absolute_uri(version_url(page.kind, page.key, page.number)),
    )


def page_url(page: reading.Page) -> str:
    """Where a record's current version is shown; empty for what has no page."""
    if page.kind == "desk":
        return reverse("about")
    if page.kind == "correction":
        number = page.document["number"]
        return reverse("correction", args=[number]) if number else ""
    return reverse(page.kind, args=_address(page.kind, page.key)) if page.kind in reading.PAGES else ""


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
