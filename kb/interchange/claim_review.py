"""A rated claim as search engines and other desks read it: schema.org's ClaimReview, in JSON-LD.

The desk's ratings are words without an order ("outdated" is neither better nor worse than "unproven"), so a review has
the word and no number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kb.book.reading import Label

Document = Mapping[str, Any]

#: Dates of EDTF that are dates of ISO 8601 as well.
_ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
#: Who asserts a claim has made it, and where it is reported it can be read; who denies or questions it has not.
_MADE, _READ = ("asserts",), ("asserts", "reports")
#: What would end the element or begin another in HTML, and line ends that older scripts stumble over.
_LIVE = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def claim_review(
    claim: Document,
    labels: Mapping[str, Label],
    *,
    rating: str,
    url: str,
    changed_at: datetime,
    desk: Document,
    absolute: Callable[[str], str],
) -> dict[str, Any]:
    """The review of a claim that has an assessment; `rating` is that rating in words, `absolute` a full address."""
    judged = claim["assessment"]
    review = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": claim["statement"],
        "inLanguage": _language(judged["language"]),
        "datePublished": judged["assessed_on"],
        "dateModified": changed_at.isoformat(),
        "license": desk.get("licence_url"),
        "author": {"@type": "Organization", "name": desk.get("name") or "Rejoinder", "url": absolute("/")},
        "reviewRating": {
            "@type": "Rating",
            "alternateName": rating,
            "ratingExplanation": judged["rationale"],
        },
        "itemReviewed": {
            "@type": "Claim",
            "text": claim["statement"],
            "inLanguage": _language(claim["language"]),
            "author": _authors(claim, labels),
            "appearance": _appearances(claim, labels, absolute),
        },
    }
    return _without_gaps(review)


def embedded(said: Mapping[str, Any]) -> str:
    """JSON that can stand in a script element of HTML."""
    return json.dumps(said, ensure_ascii=False).translate(_LIVE)


def _authors(claim: Document, labels: Mapping[str, Label]) -> list[dict[str, Any]]:
    made = [row for row in claim["appearances"] if row["stance"] in _MADE]
    uids = dict.fromkeys(uid for row in made for uid in row["claimants"] if uid in labels)
    people = ("person", "anonymous")
    return [
        {
            "@type": "Person" if labels[uid].card.get("agent_kind") in people else "Organization",
            "name": labels[uid].text,
        }
        for uid in uids
    ]


def _appearances(
    claim: Document, labels: Mapping[str, Label], absolute: Callable[[str], str]
) -> list[dict[str, Any]]:
    read = [row["source"] for row in claim["appearances"] if row["stance"] in _READ]
    sources = [labels[uid] for uid in dict.fromkeys(read) if uid in labels]
    return [
        {
            "@type": "CreativeWork",
            "name": source.text,
            "inLanguage": _language(source.card.get("language", "")),
            "datePublished": source.card.get("issued")
            if _ISO.fullmatch(source.card.get("issued", ""))
            else "",
            "mainEntityOfPage": absolute(source.url),
        }
        for source in sources
        if source.url
    ]


def _language(tag: str) -> str:
    return "" if tag == "und" else tag


def _without_gaps(said: Any) -> Any:
    """The same without what is not known."""
    if isinstance(said, dict):
        return {name: _without_gaps(value) for name, value in said.items() if value}
    return [_without_gaps(value) for value in said] if isinstance(said, list) else said
