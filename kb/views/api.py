"""The description of the data: for programs as OpenAPI, for people as a page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.book import reading
from kb.interchange import openapi
from kb.interchange.citing import STYLES
from kb.views.caching import open_data, public
from kb.views.data import FOLDERS, VERSIONED, as_json
from kb.views.listed import LISTS
from kb.views.pages import Alternate, respond


def described(request: HttpRequest) -> dict[str, Any]:
    folders = [openapi.Folder(kind, name, kind in VERSIONED) for kind, name in FOLDERS.items()]
    lists = [
        openapi.Listing(
            kind,
            folder,
            tuple((name, str(one.label)) for name, one in form.base_filters.items()),
            tuple(form.orders),
        )
        for kind, (folder, form) in LISTS.items()
    ]
    return openapi.document(folders, lists, site=request.build_absolute_uri("/")[:-1], desk=reading.desk())


@open_data
def document(request: HttpRequest) -> HttpResponse:
    return as_json(described(request))


@public
def page(request: HttpRequest) -> HttpResponse:
    """Every address in a line, and the fields of every answer."""
    found = described(request)
    context = {
        "section": "data",
        "title": _("Data for programs"),
        "api": found,
        "paragraphs": openapi.DESCRIPTION.split("\n\n"),
        "documents": {
            name.removeprefix("document_"): schema
            for name, schema in found["components"]["schemas"].items()
            if name.startswith("document_")
        },
        "styles": STYLES.values(),
        "alternates": [Alternate("application/json", reverse("openapi"), "OpenAPI")],
    }
    return respond(request, "kb/api.html", context)
