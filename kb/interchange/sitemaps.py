"""Sitemaps (sitemaps.org, 0.9): every page of the book for search engines, written bit by bit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

#: An address in full, and when what is there last changed, if that is known.
Dated = tuple[str, datetime | None]


def urls(pages: Iterable[Dated]) -> Iterator[str]:
    """A sitemap of these pages."""
    yield from _listed("urlset", "url", pages)


def index(sitemaps: Iterable[Dated]) -> Iterator[str]:
    """An index of sitemaps."""
    yield from _listed("sitemapindex", "sitemap", sitemaps)


def _listed(whole: str, part: str, entries: Iterable[Dated]) -> Iterator[str]:
    yield f'{_HEAD}<{whole} xmlns="{_NAMESPACE}">\n'
    for address, changed in entries:
        dated = f"<lastmod>{_date(changed)}</lastmod>" if changed else ""
        yield f"<{part}><loc>{escape(address)}</loc>{dated}</{part}>\n"
    yield f"</{whole}>\n"


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
