"""The book's feeds: valid, named for good, dated by their entries, and unchanged until the next release."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.book.models import Release
from kb.interchange.feeds import Entry, Feed, atom, tag
from kb.models import Claim
from tests.kb import published, records
from tests.support.atom import ATOM, XML, problems

pytestmark = pytest.mark.django_db
FEEDS = [
    "/corrections.atom", "/claims.atom", "/sources.atom?type=article-magazine", "/places.atom", "/events.atom",
    "/rebuttals.atom", "/claims.atom?place=place-1&rating=none", "/claims.atom?date=1945",
    "/corrections.atom?type=correction", "/places/place-1.atom", "/sources/work-1-0.atom",
    "/search.atom?q=statement&kind=claim",
]  # fmt: skip


def feed(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    assert problems(answer.content) == []
    return ElementTree.fromstring(answer.content)


def entries(of: Any) -> list[Any]:
    return of.findall(f"{ATOM}entry")


def texts(of: Any, *names: str) -> list[str]:
    return [of.findtext(f"{ATOM}{name}") for name in names]


def titles(client: Client, address: str) -> list[str]:
    return [texts(entry, "title")[0] for entry in entries(feed(client, address))]


def test_a_feed_of_nothing_is_a_feed_too(client: Client) -> None:
    for address in (
        "/corrections.atom",
        "/claims.atom?rating=none",
        "/search.atom",
        "/search.atom?q=nothing",
    ):
        found = feed(client, address)
        assert texts(found, "updated") == ["1970-01-01T00:00:00+00:00"]
        assert entries(found) == []


def test_a_feed_says_what_it_is_where_and_whose(client: Client) -> None:
    desk = records.desk()
    published.publish(desk)
    published.full(1)
    names = set()
    for address in FEEDS:
        found = feed(client, address)
        links = {link.get("rel"): link.get("href") for link in found.findall(f"{ATOM}link")}
        page = address.replace(".atom", "/")
        assert links == {"alternate": f"http://testserver{page}", "self": f"http://testserver{address}"}
        assert found.findtext(f"{ATOM}author/{ATOM}name") == desk.name
        assert texts(found, "rights") == [f"{desk.licence} {desk.licence_url}".strip() or None]
        assert max(texts(entry, "updated") for entry in entries(found)) == texts(found, "updated")
        names.add(*texts(found, "id"))
        head, _, body = client.get(page).content.decode().partition("<body>")
        link = f'href="{escape(address)}" type="application/atom+xml"'
        assert (address, head.count(link), link in body) == (address, 1, True)
    assert len(names) == len(FEEDS)


def test_an_entry_of_the_ledger_has_its_page_its_words_and_its_language(client: Client) -> None:
    correction = published.full(1)["correction"]
    correction.refresh_from_db()
    (entry,) = entries(feed(client, "/corrections.atom"))
    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/corrections/1/"
    assert correction.said in texts(entry, "title")[0]
    assert correction.right in texts(entry, "summary")[0]
    assert entry.get(f"{XML}lang") == (correction.language if correction.language != "und" else None)


def test_names_stay_when_addresses_change(client: Client) -> None:
    made = published.full(1)
    first = Release.objects.order_by("number")[0].at.date()
    (entry,) = entries(feed(client, "/claims.atom"))
    assert texts(entry, "id") == [f"tag:127.0.0.1,{first}:claim/{made['claim'].uid}"]
    Claim.objects.filter(pk=made["claim"].pk).update(key="renamed", statement="Edited statement.")
    published.publish(made["claim"])
    (later,) = entries(feed(client, "/claims.atom"))
    assert texts(later, "id", "published") == texts(entry, "id", "published")
    assert texts(later, "title") == ["Edited statement."]
    assert texts(later, "updated") > texts(entry, "updated")
    assert later.find(f"{ATOM}link").get("href") == "http://testserver/claims/renamed/"


def test_the_settings_say_what_names_begin_with(client: Client, settings: Any) -> None:
    settings.FEED_AUTHORITY = "facts.example.org,2026"
    assert texts(feed(client, "/claims.atom"), "id") == ["tag:facts.example.org,2026:feed/claims"]


def test_what_was_published_last_comes_first_and_what_was_withdrawn_not_at_all(client: Client) -> None:
    made = published.full(1)
    published.full(2)
    assert titles(client, "/claims.atom") == ["Statement of claim-2.", "Statement of claim-1."]
    Claim.objects.filter(pk=made["claim"].pk).update(statement="Edited statement.")
    published.publish(made["claim"])
    assert titles(client, "/claims.atom") == ["Edited statement.", "Statement of claim-2."]
    alone = records.claim("alone")
    records.appearance(alone, made["source"])
    published.publish(alone)
    assert titles(client, "/claims.atom")[0] == "Statement of alone."
    published.withdraw(alone)
    assert titles(client, "/claims.atom") == ["Edited statement.", "Statement of claim-2."]
    records.claim("a-draft")
    assert titles(client, "/claims.atom") == ["Edited statement.", "Statement of claim-2."]


def test_a_place_is_followed_with_its_parts_and_a_source_by_itself(client: Client) -> None:
    made = published.full(1)
    published.full(2)
    whole = records.place("kurils", "Kurils")
    part = records.place("south", "South", part_of=whole)
    made["place"].part_of = part
    made["place"].save()
    published.publish(whole, part, made["place"])
    for key in ("kurils", "south", "place-1"):
        assert titles(client, f"/places/{key}.atom") == ["Statement of claim-1."]
    assert titles(client, "/places/place-2.atom") == ["Statement of claim-2."]
    assert titles(client, "/sources/work-2-1.atom") == ["Statement of claim-2."]


def test_a_list_is_followed_as_it_is_narrowed_and_a_search_by_what_came_out_last(client: Client) -> None:
    made = published.full(1)
    published.full(2)
    ways = (
        f"place={made['place'].key}",
        f"about=place/{made['place'].key}&sort=-date&after=1~abc",
        "date=1945",
    )
    assert [titles(client, f"/claims.atom?{way}") for way in ways] == [
        ["Statement of claim-1."],
        ["Statement of claim-1."],
        ["Statement of claim-2.", "Statement of claim-1."],
    ]
    rated = feed(client, f"/claims.atom?{ways[0]}&rating=none")
    assert texts(rated, "title") == ["Claims: Rating: Not assessed; Place: Name 0 · Rejoinder"]
    one, same = (feed(client, f"/claims.atom?{way}") for way in ways[:2])
    assert texts(one, "id") == texts(same, "id") != texts(rated, "id")
    # Found by its statement and by the place it is about, and still where it was when it is said otherwise.
    Claim.objects.filter(pk=made["claim"].pk).update(statement="Statement, edited.")
    published.publish(made["claim"])
    assert titles(client, "/search.atom?q=statement&kind=claim") == [
        "Statement of claim-2.",
        "Statement, edited.",
    ]
    assert titles(client, "/search.atom?q=stat&kind=claim") == ["Statement of claim-2.", "Statement, edited."]
    assert titles(client, "/search.atom?q=statement+xylophone") == []
    wrong = client.get("/claims.atom?place=nowhere")
    assert (wrong.status_code, list(wrong.json())) == (400, ["error"])


def test_a_feed_of_what_is_not_there(client: Client) -> None:
    made = published.full(1)
    for address in ("/places/nowhere.atom", "/sources/nothing.atom"):
        assert client.get(address).status_code == 404
    type(made["place"]).objects.filter(pk=made["place"].pk).update(key="renamed")
    published.publish(made["place"])
    answer = client.get("/places/place-1.atom")
    assert (answer.status_code, answer["Location"]) == (301, "/places/renamed.atom")


def test_the_old_address_leads_to_the_feed(client: Client) -> None:
    answer = client.get("/corrections/feed/")
    assert (answer.status_code, answer["Location"]) == (301, reverse("correction_list_feed"))


def test_an_unchanged_feed_costs_one_query_and_any_site_may_read_it(client: Client) -> None:
    published.full(1)
    for address in FEEDS:
        first = client.get(address)
        assert (first["Access-Control-Allow-Origin"], "Vary" in first) == ("*", False)
        with CaptureQueriesContext(connection) as made:
            again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again["Access-Control-Allow-Origin"], len(made)) == (304, "*", 1)


def test_queries_do_not_grow_with_the_entries(client: Client) -> None:
    def queries() -> dict[str, int]:
        asked = {}
        for address in FEEDS:
            with CaptureQueriesContext(connection) as made:
                feed(client, address)
            asked[address] = len(made)
        return asked

    made = published.full(1)
    one = queries()
    assert max(one.values()) < 20
    for number in (2, 3):
        further = published.full(number)
        further["claim"].places.add(made["place"])
        records.appearance(further["claim"], made["source"])
        published.publish(further["claim"])
    assert queries() == one
    assert {len(entries(feed(client, address))) for address in FEEDS} == {3, 6}


def test_what_xml_cannot_hold_does_not_break_a_feed(client: Client) -> None:
    when = datetime(2026, 11, 28, tzinfo=UTC)
    said = Feed(
        tag("example.org,2026", "feed", "a b/\x08"), "t\x00", "\ufffe", "https://example.org/",
        "https://example.org/claims.atom", "d\x1b", "r\x07",
    )  # fmt: skip
    entry = Entry(
        tag("example.org,2026", "claim", "x"), "a \x08 <b> & “c”", "https://example.org/1/", when, when,
        "\x00\ufffe\ud800", "ja",
    )  # fmt: skip
    text = atom(said, [entry], begun=when).encode()
    assert problems(text) == []
    (found,) = ElementTree.fromstring(text).findall(f"{ATOM}entry")
    assert texts(found, "title", "summary") == ["a \ufffd <b> & “c”", "\ufffd\ufffd\ufffd"]
    assert texts(ElementTree.fromstring(text), "id") == ["tag:example.org,2026:feed/a%20b%2F%08"]
