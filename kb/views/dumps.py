"""The whole book to take away: what `manage.py dump_book` made, and the files themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.book import reading
from kb.interchange import dump
from kb.views.caching import open_data, public
from kb.views.data import as_json, not_found
from kb.views.pages import Alternate, respond


def _stamp() -> str:
    """Which dump there is."""
    return str((dump.manifest(settings.DUMP_DIR) or {}).get("sha256", "none"))[:12]


def _page(request: HttpRequest) -> HttpResponse:
    """What there is, as of which release, and how many releases there have been since."""
    found = dump.manifest(settings.DUMP_DIR)
    context: dict[str, Any] = {
        "section": "data",
        "title": _("Data and feeds"),
        "dump": found,
        "since": reading.release_number() - found["release"] if found else 0,
        "alternates": [Alternate("application/json", reverse("dump_manifest"), "JSON")] if found else [],
    }
    return respond(request, "kb/data.html", context)


def _manifest(request: HttpRequest) -> HttpResponse:
    found = dump.manifest(settings.DUMP_DIR)
    if found is None:
        return not_found("The book has not been dumped yet.")
    address = request.build_absolute_uri(reverse("dump_file", args=[found["file"].removesuffix(".zip")]))
    return as_json({**found, "url": address})


def _file(request: HttpRequest, name: str) -> HttpResponseBase:
    """The dump that the manifest names; what was withdrawn since an older one is not given away with it."""
    found = dump.manifest(settings.DUMP_DIR)
    if found is None or found["file"] != f"{name}.zip":
        raise Http404("There is no such dump.")
    try:
        opened = (settings.DUMP_DIR / found["file"]).open("rb")
    except FileNotFoundError as reason:
        raise Http404("There is no such dump any more.") from reason
    response = FileResponse(
        opened, as_attachment=True, filename=found["file"], content_type="application/zip"
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


page = public(_page, _stamp)
manifest = open_data(_manifest, _stamp)
file = open_data(_file, _stamp)
