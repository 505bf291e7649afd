"""What is wrong with an Atom feed: by RFC 4287, and by the rules that the public feed validator adds to it.

Written from the rules: which elements there must be, and how often; what names, dates, languages and addresses look
like; and what a feed should do so that every reader can follow it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"

#: Sections 4.1.1 and 4.1.2: what may stand there, and how often at least and at most.
MANY = 10**6
FEED = {
    "author": (1, MANY), "category": (0, MANY), "contributor": (0, MANY), "generator": (0, 1), "icon": (0, 1),
    "id": (1, 1), "link": (1, MANY), "logo": (0, 1), "rights": (0, 1), "subtitle": (0, 1), "title": (1, 1),
    "updated": (1, 1), "entry": (0, MANY),
}  # fmt: skip
ENTRY = {
    "author": (0, MANY), "category": (0, MANY), "content": (0, 1), "contributor": (0, MANY), "id": (1, 1),
    "link": (1, MANY), "published": (0, 1), "rights": (0, 1), "source": (0, 1), "summary": (0, 1), "title": (1, 1),
    "updated": (1, 1),
}  # fmt: skip
TEXTS = ("title", "subtitle", "rights", "summary")
#: RFC 3339, with the capital T and Z that RFC 4287 asks for.
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
#: RFC 4151: whose the name is, on which day, and what is named.
_NAME = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_TAG = re.compile(
    rf"tag:(?:[a-z0-9._-]+@)?{_NAME}(?:\.{_NAME})*,\d{{4}}(?:-\d\d(?:-\d\d)?)?:"
    r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-F]{2})*"
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(;.*)?")


def problems(text: bytes) -> list[str]:
    """What a validator would say, with where; nothing if all is well."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as reason:
        return [f"not well-formed: {reason}"]
    if root.tag != f"{ATOM}feed":
        return [f"the root is {root.tag}"]
    return list(_problems(root))


def _problems(root: Element) -> Iterator[str]:
    yield from _elements(root, FEED, "feed")
    entries = root.findall(f"{ATOM}entry")
    for number, entry in enumerate(entries, start=1):
        yield from _elements(entry, ENTRY, f"entry {number}")
    yield from _links_of_feed(root)
    names = Counter((entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries)
    yield from (f"two entries are {name}, updated {at}" for (name, at), count in names.items() if count > 1)
    if root.findtext(f"{ATOM}id") in {name for name, _ in names}:
        yield "an entry has the feed's id"
    dates = [one.findtext(f"{ATOM}updated") or "" for one in (root, *entries)]
    if all(map(_is_date, dates)) and max(map(datetime.fromisoformat, dates)) > datetime.fromisoformat(
        dates[0]
    ):
        yield "feed: older than its newest entry"


def _elements(parent: Element, allowed: dict[str, tuple[int, int]], where: str) -> Iterator[str]:
    found = Counter(child.tag.removeprefix(ATOM) for child in parent)
    yield from (f"{where}: has {name}" for name in found if name not in allowed)
    for name, (least, most) in allowed.items():
        if not least <= found[name] <= most:
            yield f"{where}: {found[name]} of {name}"
    for child in parent:
        yield from _element(child, child.tag.removeprefix(ATOM), where)
    links = Counter(
        (link.get("rel", "alternate"), link.get("type"), link.get("hreflang"))
        for link in parent.findall(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    )
    yield from (f"{where}: two alternates of one type and language" for count in links.values() if count > 1)
    if "entry" not in allowed and not found["content"] and not (links and found["summary"]):
        yield f"{where}: neither content nor a summary with the page it is of"


def _element(child: Element, name: str, where: str) -> Iterator[str]:
    text = child.text or ""
    if name in ("id", "updated", "published", "icon", "logo") and text != text.strip():
        yield f"{where}: {name} has space around it"
    if name == "id" and not (_TAG.fullmatch(text) or _is_address(text)):
        yield f"{where}: id {text!r} is neither a tag: URI nor an address"
    if name in ("updated", "published") and not _is_date(text):
        yield f"{where}: {name} {text!r} is no date of RFC 3339"
    if name in TEXTS:
        yield from _text(child, name, where)
    if name in ("author", "contributor") and not (child.findtext(f"{ATOM}name") or "").strip():
        yield f"{where}: {name} without a name"
    if name in ("author", "contributor") and not {c.tag for c in child} <= {
        f"{ATOM}{n}" for n in ("name", "uri", "email")
    }:
        yield f"{where}: {name} has more than name, uri and email"
    if name == "link":
        yield from _link(child, where)
    language = child.get(f"{XML}lang")
    if language and not _LANGUAGE.fullmatch(language):
        yield f"{where}: {language!r} is no language"


def _text(child: Element, name: str, where: str) -> Iterator[str]:
    kind = child.get("type", "text")
    if kind not in ("text", "html", "xhtml"):
        yield f"{where}: {name} is of type {kind}"
    if kind == "text" and len(child):
        yield f"{where}: {name} is text with elements in it"
    if name == "title" and not "".join(child.itertext()).strip():
        yield f"{where}: an empty title"
    if kind != "text" and "<script" in "".join(child.itertext()).lower():
        yield f"{where}: {name} holds a script"


def _link(link: Element, where: str) -> Iterator[str]:
    if not _is_address(link.get("href", "")):
        yield f"{where}: link to {link.get('href')!r}"
    if not re.fullmatch(r"[a-z-]+", link.get("rel", "alternate")):
        yield f"{where}: rel {link.get('rel')!r}"
    if link.get("type") and not _MEDIA_TYPE.fullmatch(link.get("type", "")):
        yield f"{where}: type {link.get('type')!r}"


def _links_of_feed(root: Element) -> Iterator[str]:
    links = {link.get("rel", "alternate"): link.get("href") for link in root.findall(f"{ATOM}link")}
    if "self" not in links:
        yield "feed: does not say where it is"
    if links.get("self") == links.get("alternate"):
        yield "feed: its page and its own address are the same"
    language = root.get(f"{XML}lang")
    if not language:
        yield "feed: does not say in which language it is"
    elif not _LANGUAGE.fullmatch(language):
        yield f"feed: {language!r} is no language"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme in ("http", "https") and parts.netloc and not re.search(r'[\s<>"{}|\\^`]', text))


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
