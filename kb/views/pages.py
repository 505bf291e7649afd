"""What every public page is drawn with."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.book import reading
from kb.interchange.feeds import MEDIA_TYPE as FEED
from kb.views.naming import offered

Context = dict[str, Any]

#: Rows of a list page, and of a list within a page (whose rest is behind a link to the list page).
PAGE_SIZE = 50


class Alternate(NamedTuple):
    """The same as a page says in another form, or what follows it: data, a feed."""

    media_type: str
    address: str
    title: str


def beside(address: str, ending: str = "json") -> str:
    """The address of the data beside a page: "/claims/KEY/" has "/claims/KEY.json"."""
    return f"{address.rstrip('/')}.{ending}"


def data_of_list(request: HttpRequest, page: str = "") -> list[Alternate]:
    """The data beside a list's page, and its feed; `page` is the list's, where another one is drawn from the list."""
    forms = (("application/json", "json", "JSON"), ("text/csv", "csv", "CSV"), (FEED, "atom", "Atom"))
    query = request.GET.copy()
    for place in ("after", "before"):
        query.pop(place, None)
    asked = f"?{query.urlencode()}" if query else ""
    return [
        Alternate(media, beside(page or request.path, ending) + asked, title)
        for media, ending, title in forms
    ]


def respond(request: HttpRequest, template: str, context: Context, *, status: int = 200) -> HttpResponse:
    """A page, with what every page needs beside its own context: the desk, and the part of the site it is in."""
    desk = context["desk"] if "desk" in context else reading.desk()
    common: Context = {
        "desk": desk,
        # That of what the desk says where a document does not tell its language.
        "desk_language": desk.get("language", ""),
        "section": "",
        "banner": "",
        "robots": "",
        "canonical": request.build_absolute_uri(request.path) if status == 200 else "",
        "alternates": [],
        "description": "",
        "title_language": "",
        # An editor's preview shows what the policy says, whatever that editor wants as a reader.
        "names_first": None if context.get("banner") == "preview" else offered(request, context),
    }
    return render(request, template, {**common, **context}, using="public", status=status)
