"""Feeds of the book, answered as its data is: 304 after one query where nothing has changed.

What a feed says is in English and the languages of the records, whoever asks for it: it is kept by programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from kb.book import newest, reading
from kb.book.kinds import KINDS, excerpt
from kb.book.listing import Selection, value
from kb.book.search.questions import LONGEST as LONGEST_QUESTION
from kb.interchange.feeds import MEDIA_TYPE, Entry, Feed, atom, tag
from kb.views import search, words
from kb.views.caching import open_data
from kb.views.data import as_json
from kb.views.listed import LISTS, WRONG
from kb.views.lists import query_of
from kb.views.texts import paragraphs
from kb.views.words import CORRECTION_TYPES, DECISIONS, RATINGS, verdict, word

#: Entries of a feed: who asks once a day misses none, unless a whole import is published on one.
NEWEST = 50
#: Of what a record's note or publisher says, so much is told.
LONGEST = 500
#: What a feed is dated while it has no entry.
BEGUN = datetime(1970, 1, 1, tzinfo=UTC)
#: Of the feed of each list, the title and what it follows.
LISTED = {
    "claim": ("Claims", "New claims, and those that are said or judged otherwise than before."),
    "source": ("Sources", "New sources, and those of which something is told otherwise than before."),
    "place": ("Places", "New places, and those of which something is told otherwise than before."),
    "event": ("Events", "New events, and those of which something is told otherwise than before."),
    "rebuttal": ("Rebuttals", "New rebuttals, and those on which something was decided."),
    "correction": ("Corrections", "The ledger: what was said, and what is right. An entry never changes."),
}

Document = dict[str, Any]


@open_data
def of_list(request: HttpRequest, kind: str) -> HttpResponse:
    """What was last published of a list, narrowed as its page is; 400 where it cannot be."""
    folder, form = LISTS[kind]
    asked = form(request.GET)
    selection = asked.selection()
    if selection is None:
        return as_json({"error": WRONG}, status=400)
    title, subtitle = LISTED[kind]
    narrowed = "; ".join(
        f"{what}: {words}" if what != words else f"{what}" for _, _, what, words in asked.chosen()
    )
    query = query_of(request).urlencode()
    return _feed(
        request,
        (folder, *_named(selection)),
        title=f"{title}: {narrowed}" if narrowed else title,
        subtitle=subtitle,
        page=reverse(f"{kind}_list") + (f"?{query}" if query else ""),
        dates=newest.of(selection, NEWEST),
    )


def _named(selection: Selection) -> list[str]:
    """What narrows a list, as a part of its feed's name: not as it is spelt, so that it outlasts keys and names."""
    parts = sorted(name.removeprefix(f"{selection.kind} ") for name in selection.values)
    times = (("date", selection.date), ("said", selection.said))
    parts += [f"{name} {span[0]} {span[1]}" for name, span in times if span]
    return [part.replace(" ", ".") for part in parts]


@open_data
def of_search(request: HttpRequest) -> HttpResponse:
    """What came out last of all that has the words of a question, narrowed as the page of results is."""
    given = search.asked(request)
    given["q"] = question = given["q"][:LONGEST_QUESTION]
    chosen = {name: text for name, text in given.items() if text}
    title = f"Search: {question}" if question else "Search"
    narrowed = ", ".join(text for name, text in chosen.items() if name != "q")
    return _feed(
        request,
        ("search", *(f"{name}.{text}" for name, text in chosen.items())),
        title=f"{title} ({narrowed})" if narrowed else title,
        subtitle="What has all of these words, the last published first.",
        page=search.address(**given),
        dates=newest.found(question, search.chosen(given), NEWEST),
    )


@open_data
def about(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The claims last published about a place with its parts, or made in a source."""
    try:
        page = reading.get(kind, key)
    except reading.Moved as moved:
        return HttpResponsePermanentRedirect(reverse(f"{kind}_feed", args=[moved.key]))
    except (reading.Gone, reading.NotFound) as reason:
        raise Http404("There is no such feed.") from reason
    heading = page.labels[page.uid].heading
    claims = Selection("claim", (value("claim", kind, page.uid),))
    said = "about this place and its parts" if kind == "place" else "made in this source"
    return _feed(
        request,
        (kind, page.uid),
        title=f"Claims: {heading}",
        subtitle=f"Claims {said}: new ones, and those that are said or judged otherwise than before.",
        page=reverse(kind, args=[page.key]),
        dates=newest.of(claims, NEWEST),
    )


def _feed(
    request: HttpRequest,
    name: Sequence[str],
    *,
    title: str,
    subtitle: str,
    page: str,
    dates: newest.Dates,
) -> HttpResponse:
    desk = reading.desk()
    said = Feed(
        name=tag(_authority(), "feed", *name),
        title=f"{title} · {desk.get('name') or 'Rejoinder'}",
        subtitle=subtitle,
        page=request.build_absolute_uri(page),
        address=request.build_absolute_uri(),
        author=desk.get("name") or "Rejoinder",
        rights=" ".join(part for part in (desk.get("licence"), desk.get("licence_url")) if part),
    )
    text = atom(said, _entries(request, dates), begun=BEGUN)
    response = HttpResponse(text, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _authority() -> str:
    """What names begin with: as the settings say, else the site's host and the day of the first release."""
    if settings.FEED_AUTHORITY:
        return settings.FEED_AUTHORITY
    host = re.sub(r"[^a-z0-9.-]", "", (urlsplit(settings.SITE_ADDRESS).hostname or "").lower())
    return f"{host or 'localhost'},{newest.first_release_on() or BEGUN.date()}"


def _entries(request: HttpRequest, dates: newest.Dates) -> Iterator[Entry]:
    """The entries of published records, in this order."""
    documents, labels, authority = reading.documents(dates), reading.labels(dates), _authority()
    for uid, (first, last) in dates.items():
        document, label = documents[uid], labels[uid]
        title, text = _SAID.get(document["kind"], _other)(document, label)
        yield Entry(
            name=tag(authority, document["kind"], uid),
            title=title,
            address=request.build_absolute_uri(label.url),
            published=first,
            updated=last,
            text="\n\n".join(text),
            language=document.get("language", ""),
        )


Said = tuple[str, list[str]]  # title, paragraphs


def _claim(document: Document, label: reading.Label) -> Said:
    judged = document["assessment"]
    text = [str(verdict(RATINGS, judged["rating"] if judged else "").word)]
    text += paragraphs(judged["rationale"]) if judged else ["The desk has not judged it yet."]
    return document["statement"], text


def _correction(document: Document, label: reading.Label) -> Said:
    kind = CORRECTION_TYPES.get(document["type"], document["type"])
    text = [f"What was said: {document['said']}"]
    if document["right"]:
        text.append(f"What is right: {document['right']}")
    return f"{kind} № {document['number']}: {document['said']}", text


def _rebuttal(document: Document, label: reading.Label) -> Said:
    text = [str(verdict(DECISIONS, document["decision"]).word), *paragraphs(document["reason"])]
    return label.heading, text


def _other(document: Document, label: reading.Label) -> Said:
    told = [excerpt(text, LONGEST) for text in KINDS[document["kind"]].body(document) if text]
    return label.heading, [str(word(words.KINDS, document["kind"])), *told]


_SAID = {"claim": _claim, "correction": _correction, "rebuttal": _rebuttal}
