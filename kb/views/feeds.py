"""Feeds of the book, answered as its data is: 304 after one query where nothing has changed.

What a feed says is in English and the languages of the records, whoever asks for it: it is kept by programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from kb.book import newest, reading
from kb.interchange.feeds import MEDIA_TYPE, Entry, Feed, atom, tag
from kb.views.caching import open_data
from kb.views.texts import paragraphs
from kb.views.words import CORRECTION_TYPES, RATINGS, verdict

#: Entries of a feed: who asks once a day misses none, unless a whole import is published on one.
NEWEST = 50
#: What a feed is dated while it has no entry.
BEGUN = datetime(1970, 1, 1, tzinfo=UTC)


@open_data
def corrections(request: HttpRequest) -> HttpResponse:
    """The newest entries of the ledger."""
    uids = [entry.record_id for entry in reading.corrections()[:NEWEST]]
    documents = reading.documents(uids)
    return _feed(
        request,
        ("corrections",),
        title="Corrections",
        subtitle="The ledger: what was said, and what is right. An entry never changes.",
        page=reverse("correction_list"),
        entries=_corrections(request, [documents[uid] for uid in uids]),
    )


@open_data
def claims(request: HttpRequest) -> HttpResponse:
    """The claims last published, new ones and those said or judged otherwise than before."""
    return _feed(
        request,
        ("claims",),
        title="Claims",
        subtitle="New claims, and those that are said or judged otherwise than before.",
        page=reverse("claim_list"),
        entries=_claims(request, newest.claims(NEWEST)),
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
    uids = newest.claims_about(kind, page.uid, NEWEST)
    said = "about this place and its parts" if kind == "place" else "made in this source"
    return _feed(
        request,
        (kind, page.uid),
        title=f"Claims: {heading}",
        subtitle=f"Claims {said}: new ones, and those that are said or judged otherwise than before.",
        page=reverse(kind, args=[page.key]),
        entries=_claims(request, uids),
    )


def _feed(
    request: HttpRequest,
    name: Sequence[str],
    *,
    title: str,
    subtitle: str,
    page: str,
    entries: Iterable[Entry],
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
    response = HttpResponse(atom(said, entries, begun=BEGUN), content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _authority() -> str:
    """What names begin with: as the settings say, else the site's host and the day of the first release."""
    if settings.FEED_AUTHORITY:
        return settings.FEED_AUTHORITY
    host = re.sub(r"[^a-z0-9.-]", "", (urlsplit(settings.SITE_ADDRESS).hostname or "").lower())
    return f"{host or 'localhost'},{newest.first_release_on() or BEGUN.date()}"


def _claims(request: HttpRequest, uids: Sequence[str]) -> list[Entry]:
    """The entries of claims, in this order."""
    documents, dates = reading.documents(uids), newest.published(uids)
    authority = _authority()
    found = []
    for uid in uids:
        claim, (first, last) = documents[uid], dates[uid]
        judged = claim["assessment"]
        text = [str(verdict(RATINGS, judged["rating"] if judged else "").word)]
        text += paragraphs(judged["rationale"]) if judged else ["The desk has not judged it yet."]
        found.append(
            Entry(
                name=tag(authority, "claim", uid),
                title=claim["statement"],
                address=request.build_absolute_uri(reverse("claim", args=[claim["key"]])),
                published=first,
                updated=last,
                text="\n\n".join(text),
                language=claim["language"],
            )
        )
    return found


def _corrections(request: HttpRequest, documents: Sequence[dict[str, str]]) -> list[Entry]:
    authority = _authority()
    return [_correction(request, authority, document) for document in documents]


def _correction(request: HttpRequest, authority: str, entry: dict[str, str]) -> Entry:
    kind = CORRECTION_TYPES.get(entry["type"], entry["type"])
    said = [f"What was said: {entry['said']}"]
    if entry["right"]:
        said.append(f"What is right: {entry['right']}")
    at = datetime.fromisoformat(entry["published_at"])
    return Entry(
        name=tag(authority, "correction", entry["uid"]),
        title=f"{kind} № {entry['number']}: {entry['said']}",
        address=request.build_absolute_uri(reverse("correction", args=[entry["number"]])),
        published=at,
        updated=at,
        text="\n\n".join(said),
        language=entry["language"],
    )
