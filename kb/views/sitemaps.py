"""What search engines are told: robots.txt, and sitemaps that together name every page of the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse

from kb.book import walking
from kb.interchange import sitemaps
from kb.interchange.sitemaps import Dated
from kb.views.caching import open_data
from kb.views.data import some_at_a_time

#: Pages that are of no single record.
PAGES = (
    "home",
    "about",
    "claim_list",
    "source_list",
    "place_list",
    "event_list",
    "rebuttal_list",
    "correction_list",
)
#: Without end, or for one reader: the search, comparisons of any two versions, the desk, forms. Single versions stay
#: open to be read: they say which page is the one to list.
CLOSED = ("/admin/", "/challenge/", "/names-first/", "/search", "/*/compare/")


@open_data
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@open_data
def index(request: HttpRequest) -> HttpResponseBase:
    """The index of all sitemaps."""

    def listed() -> Iterator[Dated]:
        yield request.build_absolute_uri(reverse("sitemap_pages")), None
        for number, newest in walking.blocks():
            yield request.build_absolute_uri(reverse("sitemap_block", args=[number + 1])), newest

    return _xml(sitemaps.index(listed()))


@open_data
def pages(request: HttpRequest) -> HttpResponseBase:
    """The pages that are of no single record."""
    return _xml(sitemaps.urls((request.build_absolute_uri(reverse(name)), None) for name in PAGES))


@open_data
def block(request: HttpRequest, number: int) -> HttpResponseBase:
    """The records of one block, at most as many as a sitemap may have. Counted from 1."""
    found = walking.block(number - 1)
    first = next(found, None)
    if first is None:
        raise Http404("There is no such sitemap.")
    site = request.build_absolute_uri("/")[:-1]

    def listed() -> Iterator[Dated]:
        yield site + first.address, first.released_at
        yield from ((site + one.address, one.released_at) for one in found)

    return _xml(sitemaps.urls(listed()))


def _xml(parts: Iterable[str]) -> StreamingHttpResponse:
    return StreamingHttpResponse(some_at_a_time(parts), content_type="application/xml; charset=utf-8")
