"""Every public address before and after whatever changes the book: it is seen, and no copy passes for new."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kb.merging.carrying_out import merge
from kb.models import Claim
from kb.views.data import FOLDERS, VERSIONED
from tests.kb import published, records
from tests.merging.worlds import somebody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _house(db: None) -> None:
    published.publish(records.desk(), records.naming_policy())


LISTS = ("claims", "sources", "places", "events", "rebuttals", "corrections")
OTHERS = (
    "/", "/about/", "/about.json", "/about/names/", "/search/?q=statement", "/robots.txt", "/sitemap.xml",
    "/sitemaps/pages.xml", "/data/", "/api/", "/api/openapi.json", "/claims/claim-1/compare/",
)  # fmt: skip
STATIC = ("/robots.txt", "/sitemaps/pages.xml")


def addresses(made: dict[str, Any]) -> list[str]:
    """Every public address of the records made, in every form."""
    found = list(OTHERS)
    for name in LISTS:
        found += [f"/{name}/", f"/{name}.json", f"/{name}.csv", f"/{name}.atom"]
    for kind, folder in FOLDERS.items():
        here = f"/{folder}/{made[kind].key}"
        found += [f"{here}/", f"{here}.json"]
        if kind in VERSIONED:
            found += [f"{here}/v/1/", f"{here}/v/1.json", f"{here}/v/1.bib"]
    found += ["/corrections/1/", "/corrections/1.json", "/search.atom?q=statement"]
    found += ["/search.json?q=statement"]
    found += [f"/places/{made['place'].key}.atom", f"/sources/{made['source'].key}.atom", "/sitemaps/1.xml"]
    return found


def walked(client: Client, where: list[str]) -> dict[str, tuple[int, str, str]]:
    """Of each address what a reader gets: status, tag, text; and that its tag and HEAD say the same."""
    found = {}
    for address in where:
        answer = client.get(address)
        tag = answer.headers.get("ETag", "")
        text = answer.getvalue().decode()
        found[address] = (answer.status_code, tag, text)
        if answer.status_code == 200:
            again = client.get(address, headers={"If-None-Match": tag})
            assert (address, again.status_code, again.headers.get("ETag")) == (address, 304, tag)
            head = client.head(address)
            assert (address, head.status_code, head.headers.get("ETag")) == (address, 200, tag)
            assert head.getvalue() == b""
    return found


def changed(client: Client, where: list[str], act: Callable[[], object]) -> dict[str, tuple[str, str]]:
    """What stood at each address before, and what stands there after; no copy of before passes for the answer now."""
    before = walked(client, where)
    assert {address: status for address, (status, _, _) in before.items() if status != 200} == {}
    act()
    after = walked(client, where)
    for address in where:
        old, new = before[address], after[address]
        asked = client.get(address, headers={"If-None-Match": old[1]})
        assert (address, asked.status_code) == (address, new[0])
        assert (address, old[1] != new[1]) == (address, True)
    return {address: (before[address][2], after[address][2]) for address in where}


def telling(found: dict[str, tuple[str, str]], words: str) -> set[str]:
    """The addresses at which these words are now."""
    return {address for address, (_, now) in found.items() if words in now}


def told(found: dict[str, tuple[str, str]], words: str) -> set[str]:
    return {address for address, (then, _) in found.items() if words in then}


def test_a_claim_said_otherwise(client: Client) -> None:
    made = published.full(1)

    def act() -> None:
        Claim.objects.filter(pk=made["claim"].pk).update(statement="Said otherwise.")
        published.publish(made["claim"])

    where = addresses(made)
    found = changed(client, where, act)
    before, after = told(found, "Statement of claim-1."), telling(found, "Said otherwise.")
    # What showed the statement shows the new one, but for versions of then, and the search for a word that is gone.
    assert before - after <= {f"/search{ending}?q=statement" for ending in ("/", ".json", ".atom")} | {
        address for address in where if "/v/" in address
    }
    assert {"/claims/claim-1/v/1.json", "/claims/claim-1/v/1.bib"} <= before - after
    assert {
        "/claims/claim-1/",
        "/claims/claim-1.json",
        "/claims/",
        "/claims.json",
        "/claims.csv",
        "/claims.atom",
    } <= after
    assert {
        "/places/place-1/",
        "/places/place-1.atom",
        "/sources/work-1-0.atom",
        "/rebuttals/rebuttal-1/",
    } <= after
    assert {address for address, (then, now) in found.items() if then == now} >= set(STATIC)


def test_a_record_withdrawn(client: Client) -> None:
    made = published.full(1)
    alone = records.claim("alone", statement="Something unsound.")
    records.appearance(alone, made["source"])
    alone.places.add(made["place"])
    published.publish(alone)
    own = [
        "/claims/alone/",
        "/claims/alone.json",
        "/claims/alone/v/1/",
        "/claims/alone/v/1.json",
        "/claims/alone/v/1.ris",
    ]
    where = [*addresses(made), *own]
    found = changed(client, where, lambda: published.withdraw(alone))
    assert set(own) < told(found, "Something unsound.")
    assert {"/claims.csv", "/claims.json", "/claims.atom", "/places/place-1.atom"} < told(
        found, "Something unsound."
    )
    assert telling(found, "Something unsound.") == set()
    assert {client.get(address).status_code for address in own} == {410}


def test_a_correction_published(client: Client) -> None:
    made = published.full(1)
    second = records.correction(made["claim"], "second", said="Another error.", right="Another truth.")
    where = addresses(made)
    found = changed(client, where, lambda: published.publish(second))
    assert telling(found, "Another error.") >= {
        "/corrections/",
        "/corrections.json",
        "/corrections.csv",
        "/corrections.atom",
    }
    assert {"/claims/claim-1/", "/claims/claim-1.json"} <= telling(found, second.uid) | telling(
        found, "Another truth."
    )
    assert "/sitemaps/1.xml" in telling(found, "/corrections/2/")


def test_two_records_merged(client: Client) -> None:
    made = published.full(1)
    other = records.place("etorofu", "Etorofu")
    published.publish(other)
    own = ["/places/etorofu/", "/places/etorofu.json", "/places/etorofu.atom"]
    where = [*addresses(made), *own]

    def act() -> None:
        merge(made["place"], other, by=somebody("editor", "Editor"), why="One island")
        published.publish(made["place"])

    found = changed(client, where, act)
    for address in own:
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, address.replace("etorofu", "place-1"))
    assert "/places/place-1.json" in telling(found, "Etorofu")
    assert '"key": "etorofu"' not in found["/places.json"][1]
