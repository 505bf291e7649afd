"""The book as Atom (RFC 4287): what readers follow without coming to look.

Feeds and entries are named by tag: URIs (RFC 4151), which stay when a record's address changes, or the site's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.utils.feedgenerator import Atom1Feed

#: Characters that XML 1.0 cannot hold; one of them makes a feed unreadable as a whole.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MEDIA_TYPE = "application/atom+xml"
GENERATOR = "Rejoinder"


@dataclass(frozen=True)
class Entry:
    """What a feed says of a record. `name` is its tag: URI; `published` is when readers first saw it."""

    name: str
    title: str
    address: str
    published: datetime
    updated: datetime
    text: str
    language: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed without its entries: `page` is what it follows, `address` its own."""

    name: str
    title: str
    subtitle: str
    page: str
    address: str
    author: str
    rights: str = ""


def tag(authority: str, *parts: str) -> str:
    """A tag: URI: `authority` is a name and a day on which it was the desk's ("facts.example.org,2026-11-28")."""
    return f"tag:{authority}:{'/'.join(quote(part, safe='') for part in parts)}"


class _Atom(Atom1Feed):
    """Atom whose entries say in which language they are, that names its media type, and that is dated without any."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items if item["updateddate"]]
        return max(dates, default=self.feed["begun"])

    def item_attributes(self, item: Mapping[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["spoken"]} if item["spoken"] else {}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("generator", GENERATOR)


def atom(feed: Feed, entries: Iterable[Entry], *, begun: datetime) -> str:
    """The feed with these entries, in their order, as text. `begun` dates a feed that has none yet."""
    made = _Atom(
        title=_plain(feed.title),
        link=feed.page,
        description="",
        subtitle=_plain(feed.subtitle) or None,
        author_name=_plain(feed.author),
        feed_url=feed.address,
        feed_guid=feed.name,
        feed_copyright=_plain(feed.rights) or None,
        language="en",
        begun=begun.astimezone(UTC),
    )
    for entry in entries:
        made.add_item(
            title=_plain(entry.title),
            link=entry.address,
            description=_plain(entry.text),
            unique_id=entry.name,
            pubdate=entry.published.astimezone(UTC),
            updateddate=entry.updated.astimezone(UTC),
            spoken=entry.language if entry.language != "und" else "",
        )
    return made.writeString("utf-8")


def _plain(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
