"""Every page that a reader can reach from the home page."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from django.test import Client

_LINK = re.compile(r'<a [^>]*?href="([^"]*)"')
_VERSION = re.compile(r"/([a-z]+)/(?:[a-z0-9-]+/(?:v|compare)/|\?(?:claim|source)=)")
_ID = re.compile(r' id="([^"]*)"')


#: Of the pages of single versions, which look like those of their records, of the forms to challenge a record, of data
#: and feeds that are narrowed, and of the views of one list, map or timeline, this many of each kind are read: they
#: lead to one another without end.
MOST_VERSIONS, MOST_VIEWS = 4, 12


def _family(address: str) -> tuple[str, int]:
    """What other addresses are pages of the same kind, and how many of them are enough."""
    path, asked, query = address.partition("?")
    if not path.endswith("/"):
        form = f"{path.split('/')[1]} as {path.rpartition('.')[2]}"
        return (f"{form}?", MOST_VERSIONS) if asked else (form, MOST_VIEWS)
    if found := _VERSION.match(address):
        return found[1], MOST_VERSIONS
    return (f"{path}?{query.count('&')}", MOST_VIEWS) if asked else (address, 1)


def crawl(client: Client) -> tuple[dict[str, str], list[str]]:
    """The pages by address, and what is wrong with their links: no page there, or no such part of it."""
    pages: dict[str, str] = {}
    read: Counter[str] = Counter()
    links: dict[tuple[str, str], str] = {}
    problems: list[str] = []
    feeds: set[str] = set()
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        family, enough = _family(address)
        if address in pages or address in feeds or read[family] >= enough:
            continue
        read[family] += 1
        response = client.get(address)
        if response.status_code != 200:
            problems.append(f"{address}: {response.status_code}")
        if not response["Content-Type"].startswith("text/html"):
            feeds.add(address)
            continue
        pages[address] = response.content.decode()
        for link in _LINK.findall(pages[address]):
            target, fragment = urldefrag(urljoin(f"http://testserver{address}", unescape(link)))
            parts = urlsplit(target)
            if parts.scheme in ("http", "https") and parts.netloc == "testserver":
                there = parts.path + (f"?{parts.query}" if parts.query else "")
                links.setdefault((there, unquote(fragment)), address)
                waiting.append(there)
    for (address, anchor), where in links.items():
        # What follows is for the browser: words to look for on the page.
        fragment = anchor.partition(":~:")[0]
        if fragment and address in pages and fragment not in _ID.findall(pages[address]):
            problems.append(f"{where} links to {address}#{fragment}, which is not there")
    return pages, problems
