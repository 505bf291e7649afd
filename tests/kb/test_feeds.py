"""The ledger as a feed: well formed, dated by its entries, and unchanged until the next release."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.interchange.feeds import Entry, atom
from tests.kb import published

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def feed(client: Client) -> Any:
    answer = client.get(reverse("correction_feed"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)


def texts(of: Any, *names: str) -> list[str]:
    return [of.findtext(f"{ATOM}{name}") for name in names]


def test_an_empty_ledger_is_a_feed_too(client: Client) -> None:
    found = feed(client)
    assert texts(found, "title", "id", "updated") == [
        "Corrections · Rejoinder", "http://testserver/corrections/feed/", "1970-01-01T00:00:00+00:00",
    ]  # fmt: skip
    assert found.findall(f"{ATOM}entry") == []


def test_an_entry_has_its_permanent_address_and_its_words(client: Client) -> None:
    correction = published.full(1)["correction"]
    correction.refresh_from_db()
    found = feed(client)
    (entry,) = found.findall(f"{ATOM}entry")
    address = "http://testserver/corrections/1/"
    assert texts(entry, "id") == [address]
    assert entry.find(f"{ATOM}link").get("href") == address
    assert (correction.said in texts(entry, "title")[0], correction.right in texts(entry, "summary")[0]) == (
        True,
        True,
    )
    assert entry.get(XML_LANG) == correction.language
    assert texts(entry, "updated") == texts(found, "updated")
    assert found.findtext(f"{ATOM}author/{ATOM}name")
    assert [(link.get("rel"), link.get("href")) for link in found.findall(f"{ATOM}link")] == [
        ("alternate", "http://testserver/corrections/"), ("self", "http://testserver/corrections/feed/"),
    ]  # fmt: skip


def test_an_unchanged_feed_costs_one_query(client: Client) -> None:
    published.full(1)
    tag = client.get(reverse("correction_feed"))["ETag"]
    with CaptureQueriesContext(connection) as made:
        again = client.get(reverse("correction_feed"), headers={"If-None-Match": tag})
    assert (again.status_code, len(made)) == (304, 1)


def test_queries_do_not_grow_with_the_entries(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            feed(client)
        return len(made)

    published.full(1)
    one = queries()
    published.full(2)
    published.full(3)
    assert queries() == one
    assert len(feed(client).findall(f"{ATOM}entry")) == 3


def test_what_xml_cannot_hold_does_not_break_the_feed() -> None:
    when = datetime(2026, 11, 28, tzinfo=UTC)
    text = atom(
        [Entry("a \x08 <b> & “c”", "https://example.org/1/", when, "\x00\ufffe", "ja")],
        title="t", subtitle="", author="d", page="https://example.org/", address="https://example.org/feed/",
        begun=when,
    )  # fmt: skip
    (entry,) = ElementTree.fromstring(text).findall(f"{ATOM}entry")
    assert texts(entry, "title", "summary") == ["a \ufffd <b> & “c”", "\ufffd\ufffd"]
