"""How public pages are answered: read only, and with one query where nothing has changed.

They set no cookie and read one, in which readers may keep whose names of places come first (`kb.views.naming`). Data
and feeds read none, and scripts of other sites may read them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date, parse_etags
from django.views.decorators.http import require_safe

from kb.book import reading
from kb.views import naming
from kb.views.page_cache import pages
from kb.views.speaking import VARY
from kb.views.texts import page_language

View = Callable[..., HttpResponseBase]
#: What else than the book an answer follows from, in letters, digits and hyphens.
Stamp = Callable[[], str]

#: How the files end that pages are drawn from, those of the map (.json.gz) among them.
DRAWN_FROM = (".html", ".css", ".js", ".py", ".svg", ".mo", ".gz")
#: When this process began: what it draws may differ from what was drawn before, with no release between.
STARTED = datetime.now(UTC)


@lru_cache(maxsize=1)
def build() -> str:
    """A short name for what draws the pages: it changes when a template, a style sheet, the code or the map does."""
    digest = hashlib.sha256()
    root = settings.BASE_DIR
    for folder in ("templates", "kb", "sources", "locale"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in DRAWN_FROM and path.is_file():
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def etag(request: HttpRequest, release: int, first: str = "", stamp: str = "") -> str:
    """Right for every neighbour a page shows, since nothing changes but by a release.

    The address is in it, so that nobody holds the tag of a page that was never there; the host, because a page names
    its own address in full; and whose names its reader wants first.
    """
    address = f"{request.get_host()}{request.get_full_path()}".encode(errors="surrogatepass")
    here = hashlib.sha256(address).hexdigest()[:8]
    further = "".join(f"-{part}" for part in (first, stamp) if part)
    return f'"{release}-{build()}-{here}-{page_language()}{further}"'


def public(view: View, stamp: Stamp | None = None) -> View:
    """A page of the book: GET and HEAD only; 304 after one query if the reader's copy is current."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        first = naming.wanted(request)
        with reading.names_first(first):
            response = _answered(view, request, args, kwargs, first=first, stamp=stamp)
        # May be kept for whoever sends the same cookies and reads the same languages.
        patch_vary_headers(response, VARY)
        return response

    return answer


def open_data(view: View, stamp: Stamp | None = None) -> View:
    """Data of the book: as `public`, but the same for every reader, and readable by scripts of any site."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(settings.LANGUAGE_CODE):
            response = _answered(view, request, args, kwargs, stamp=stamp)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return answer


def _answered(
    view: View,
    request: HttpRequest,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    first: str = "",
    stamp: Stamp | None = None,
) -> HttpResponseBase:
    last = reading.last_release()
    marks = {"ETag": etag(request, last.number, first, stamp() if stamp else "")}
    # A release's date says nothing of what else an answer follows from.
    modified = int(max(last.at, STARTED).timestamp()) if last.at and not stamp else None
    if modified is not None:
        marks["Last-Modified"] = http_date(modified)
    response: HttpResponseBase | None = None
    # The whole address, which the tag holds in short.
    here = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
    book, page = (last.number, last.moment), (marks["ETag"], here)
    # "*" asks about a page that may not exist, which one query cannot tell.
    if "*" not in parse_etags(request.headers.get("If-None-Match", "")):
        response = get_conditional_response(request, etag=marks["ETag"], last_modified=modified)
    if response is None and (kept := pages.get(book, page)) is not None:
        return kept
    if response is None:
        response = view(request, *args, **kwargs)
    if request.method == "HEAD" and isinstance(response, StreamingHttpResponse):
        # Nobody gets it, and it may be a million rows.
        response.streaming_content = ()
    if response.status_code in (200, 304):
        for name, value in marks.items():
            response.headers.setdefault(name, value)
    # May be kept, and must be asked about each time.
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    if last.number and request.method == "GET":
        pages.keep(book, page, response)
    return response
