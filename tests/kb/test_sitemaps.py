"""What search engines are told: every page once, in sitemaps that stay small, and what not to ask for."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.book import walking
from kb.book.models import Record
from kb.models import Claim
from tests.kb import published, records

pytestmark = pytest.mark.django_db
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client: Client, address: str) -> dict[str, str | None]:
    """The addresses that a sitemap or an index names, each with its date."""
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml; charset=utf-8")
    root = ElementTree.fromstring(response.getvalue())
    entries = [(one.findtext(f"{NAMESPACE}loc"), one.findtext(f"{NAMESPACE}lastmod")) for one in root]
    assert len(dict(entries)) == len(entries)
    return {str(address): date for address, date in entries}


def every_page(client: Client) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for sitemap in listed(client, "/sitemap.xml"):
        there = listed(client, sitemap)
        assert not found.keys() & there.keys()
        assert there
        found |= there
    return found


def test_every_page_of_every_record_is_named_once_and_is_there(client: Client) -> None:
    published.full(2)
    found = every_page(client)
    there = Record.objects.exclude(kind__in=["delivery", "desk"]).count()
    assert len(found) == there + len(listed(client, "/sitemaps/pages.xml"))
    assert {address: client.get(address).status_code for address in found} == dict.fromkeys(found, 200)


def test_a_page_is_dated_by_its_release(client: Client) -> None:
    made = published.full(1)
    at = Record.objects.get(uid=made["claim"].uid).version.release.at
    shown = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert every_page(client)["http://testserver/claims/claim-1/"] == shown
    assert datetime.fromisoformat(shown) <= at


def test_what_is_withdrawn_renamed_or_a_draft_is_not_named(client: Client) -> None:
    made = published.full(1)
    alone = records.event("a-hoax")
    published.publish(alone)
    assert "http://testserver/events/a-hoax/" in every_page(client)
    published.withdraw(alone)
    records.event("a-draft")
    Claim.objects.filter(pk=made["claim"].pk).update(key="renamed")
    published.publish(made["claim"])
    found = every_page(client)
    assert "http://testserver/claims/renamed/" in found
    for address in ("events/a-hoax", "events/a-draft", "claims/claim-1"):
        assert f"http://testserver/{address}/" not in found


def test_many_pages_are_spread_over_sitemaps_without_a_gap(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.publish(*(records.topic(f"topic-{number}") for number in range(10)))
    whole = every_page(client)
    monkeypatch.setattr(walking, "BLOCK", 3)
    monkeypatch.setattr(walking, "CHUNK", 2)
    parts = [listed(client, sitemap) for sitemap in listed(client, "/sitemap.xml")]
    assert len(parts) >= 5
    assert max(map(len, parts[1:])) == 3
    assert every_page(client) == whole


def test_there_is_no_sitemap_beyond_the_last(client: Client) -> None:
    published.publish(records.topic("one"))
    last = int(list(listed(client, "/sitemap.xml"))[-1].rpartition("/")[2].removesuffix(".xml"))
    for number in (last + 1, 999_999_999):
        assert client.get(f"/sitemaps/{number}.xml").status_code == 404


def test_a_sitemap_asks_no_more_for_three_records_than_for_one(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            every_page(client)
        return len(made)

    published.full(1)
    one = queries()
    published.full(2)
    published.full(3)
    assert queries() == one


def test_to_ask_for_the_head_of_a_sitemap_goes_through_no_record(client: Client) -> None:
    published.full(1)
    with CaptureQueriesContext(connection) as made:
        response = client.head("/sitemap.xml")
    assert (response.status_code, response.getvalue(), len(made)) == (200, b"", 1)
    assert response["ETag"] == client.get("/sitemap.xml")["ETag"]


def test_robots_are_told_where_the_sitemap_is_and_what_has_no_end(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"
    assert "Disallow: /search" in lines
    assert "Disallow: /*/compare/" in lines
