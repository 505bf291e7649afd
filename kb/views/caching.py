"""How public pages are answered: read only, and with one query where nothing has changed.

They set no cookie and read one, in which readers may keep whose names of places come first (`kb.views.naming`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from kb.book import reading
from kb.views import naming
from kb.views.texts import PAGE_LANGUAGE

View = Callable[..., HttpResponse]


@lru_cache(maxsize=1)
def build() -> str:
    """A short name for what draws the pages: it changes when a template, a style sheet or the code does."""
    digest = hashlib.sha256()
    root = settings.BASE_DIR
    for folder in ("templates", "kb", "sources"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".html", ".css", ".js", ".py", ".svg") and path.is_file():
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def etag(request: HttpRequest) -> str:
    """The same for every page, and right for every neighbour a page shows: nothing changes but by a release.

    The host is in it because a page names its own address in full, and whose names its reader wants first.
    """
    first = naming.wanted(request)
    host = hashlib.sha256(request.get_host().encode()).hexdigest()[:6]
    return f'"{reading.release_number()}-{build()}-{host}-{PAGE_LANGUAGE}{"-" if first else ""}{first}"'


def public(view: View) -> View:
    """A page of the book: GET and HEAD only; 304 after one query if the reader's copy is current."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tag = etag(request)
        # "*" asks about a page that may not exist, which one query cannot tell.
        if "*" not in parse_etags(request.headers.get("If-None-Match", "")):
            unchanged = get_conditional_response(request, etag=tag)
            if unchanged is not None:
                unchanged.headers["ETag"] = tag
                return _keepable(unchanged)
        with reading.names_first(naming.wanted(request)):
            response = view(request, *args, **kwargs)
        if response.status_code == 200:
            response.headers.setdefault("ETag", tag)
        return _keepable(response)

    return answer


def _keepable(response: HttpResponse) -> HttpResponse:
    """May be kept, for whoever sends the same cookies, and must be asked about each time."""
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    patch_vary_headers(response, ["Cookie"])
    return response
