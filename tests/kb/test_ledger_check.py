"""Readers see whether the ledger holds, and can work it out for themselves."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from kb.book.models import Version
from kb.editorial import triggers
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def enter(number: int) -> None:
    claim = cases.out()
    for n in range(1, number + 1):
        published.publish(records.correction(claim, f"entry-{n}", said=f"It was {n}."))


def told(client: Client) -> tuple[str, str]:
    """The heading of the page, and all its words."""
    answer = client.get(reverse("ledger_check"))
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    page = answer.content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", page)
    assert heading is not None
    return heading[1], re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page))


def test_an_empty_ledger_says_so(client: Client) -> None:
    assert told(client)[0] == "The ledger is empty"


def test_a_ledger_that_holds_says_how_many_entries_it_has(client: Client) -> None:
    enter(2)
    heading, words = told(client)
    assert (heading, "All 2 entries are there, in place, and as published." in words) == (
        "The ledger holds",
        True,
    )


def test_an_altered_entry_is_named(client: Client) -> None:
    enter(2)
    triggers.lift(connection)
    version = Version.objects.filter(kind="correction").order_by("number")[0]
    altered = version.document.replace("It was 1.", "It was never.")
    Version.objects.filter(pk=version.pk).update(document=altered)
    heading, words = told(client)
    assert heading == "The ledger does not hold"
    assert "Entry № 1 is not what was published: its hash does not fit its text." in words


def test_one_look_serves_all_who_ask_within_a_minute(client: Client) -> None:
    assert told(client)[0] == "The ledger is empty"
    enter(1)
    assert told(client)[0] == "The ledger is empty"
    cache.clear()
    assert told(client)[0] == "The ledger holds"


def test_the_entries_can_be_checked_by_the_rule_on_the_page(client: Client) -> None:
    enter(3)
    answer = client.get(reverse("ledger_entries"))
    assert answer["Access-Control-Allow-Origin"] == "*"
    entries = json.loads(answer.content)["entries"]
    fields = re.findall(r"<code>(\w+)</code>", client.get(reverse("ledger_check")).content.decode())
    before = ""
    for number, entry in enumerate(entries, 1):
        # The last field that the page names is said twice: what follows refers to it.
        said = {name: entry[name] for name in dict.fromkeys(fields)}
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert (entry["number"], entry["previous_hash"]) == (number, before)
        assert entry["hash"] == hashlib.sha256(text.encode()).hexdigest()
        before = entry["hash"]
    assert len(entries) == 3
