"""The book as Atom (RFC 4287): what readers follow without coming to look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed

#: Characters that XML 1.0 cannot hold; one of them makes a feed unreadable as a whole.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """What a feed says of a record: its permanent address is its name, too."""

    title: str
    address: str
    published: datetime
    text: str
    language: str = ""


class _Feed(Atom1Feed):
    """Atom whose entries say in which language they are, and that is dated without any."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items if item["updateddate"]]
        return max(dates, default=self.feed["begun"])

    def item_attributes(self, item: Mapping[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["spoken"]} if item["spoken"] else {}


def atom(
    entries: Iterable[Entry],
    *,
    title: str,
    subtitle: str,
    author: str,
    page: str,
    address: str,
    begun: datetime,
) -> str:
    """A feed of these entries, newest first, as text. `begun` dates a feed that has none yet."""
    feed = _Feed(
        title=_plain(title),
        link=page,
        description="",
        subtitle=_plain(subtitle),
        author_name=_plain(author),
        feed_url=address,
        feed_guid=address,
        language="en",
        begun=begun,
    )
    for entry in entries:
        feed.add_item(
            title=_plain(entry.title),
            link=entry.address,
            description=_plain(entry.text),
            unique_id=entry.address,
            pubdate=entry.published,
            updateddate=entry.published,
            spoken=entry.language,
        )
    return feed.writeString("utf-8")


def _plain(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
