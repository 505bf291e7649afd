"""What search engines are told of a rated claim: schema.org's ClaimReview."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.kb import published, records

EVIL = "It was </script><script>alert(1)</script> & <!-- later."


def reviews(html: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [json.loads(text) for text in found]


def rated(claim: Any, rating: str = "inaccurate") -> None:
    by = records.account("editor")
    claim.assessments.create(
        rating=rating,
        rationale=EVIL,
        language="en",
        proposed_by=by,
        confirmed_by=by,
        confirmed_at=timezone.now(),
    )


@pytest.mark.django_db
def test_a_rated_claim_is_told_as_a_review_from_what_its_page_has(client: Client) -> None:
    desk = records.desk()
    published.publish(desk)
    agents = [records.agent("gazette", kind="organisation", name="The Gazette"), records.agent("denier")]
    sources = [
        records.source("editorial", issued="2016-12", language="en"),
        records.source("denial", issued="20XX"),
    ]
    claim = records.claim("taken", statement="Taken <b>& kept", language="en")
    for source, agent, stance in zip(sources, agents, ("asserts", "denies"), strict=True):
        records.appearance(claim, source, stance=stance).claimants.add(agent)
    published.publish(*agents, *sources, claim)
    assert reviews(client.get("/claims/taken/").content.decode()) == []
    rated(claim)
    published.publish(claim)
    html = client.get("/claims/taken/").content.decode()
    assert "<script>alert" not in html
    (review,) = reviews(html)
    assert (review.pop("datePublished"), bool(review.pop("dateModified"))) == (
        str(timezone.localdate()),
        True,
    )
    site = "http://testserver"
    assert review == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{site}/claims/taken/",
        "claimReviewed": "Taken <b>& kept",
        "inLanguage": "en",
        **({"license": desk.licence_url} if desk.licence_url else {}),
        "author": {"@type": "Organization", "name": desk.name, "url": f"{site}/"},
        "reviewRating": {"@type": "Rating", "alternateName": "Inaccurate", "ratingExplanation": EVIL},
        "itemReviewed": {
            "@type": "Claim",
            "text": "Taken <b>& kept",
            "inLanguage": "en",
            "author": [{"@type": "Organization", "name": "The Gazette"}],
            "appearance": [
                {
                    "@type": "CreativeWork",
                    "name": "The editorial",
                    "inLanguage": "en",
                    "datePublished": "2016-12",
                    "mainEntityOfPage": f"{site}/sources/editorial/",
                }
            ],
        },
    }
    # An old version is not what the desk says, and a search engine is not to show it.
    assert reviews(client.get("/claims/taken/v/1/").content.decode()) == []
