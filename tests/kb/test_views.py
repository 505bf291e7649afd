"""The public pages as a reader asks for them."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.book import reading
from kb.models import Claim
from tests.kb import published, records

pytestmark = pytest.mark.django_db

LISTS = ["claim_list", "source_list", "place_list", "event_list", "rebuttal_list", "correction_list"]
OTHERS = ["home", "about", "search"]


def addresses(made: dict) -> dict[str, str]:
    """The page of each kind of record."""
    kinds = ("claim", "source", "place", "event", "agent", "topic", "rebuttal")
    found = {kind: reverse(kind, args=[made[kind].key]) for kind in kinds}
    made["correction"].refresh_from_db()
    return {**found, "correction": reverse("correction", args=[made["correction"].number])}


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def text(html: str) -> str:
    """The words of a page, as a reader sees them."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("name", [*LISTS, *OTHERS])
def test_every_list_answers_before_anything_is_published(client, name):
    page(client, reverse(name))


@pytest.mark.parametrize("name", [*LISTS, *OTHERS])
def test_every_list_shows_what_is_published(client, name):
    published.full(2)
    html = page(client, reverse(name))
    shown = {"rebuttal_list": "It was later.", "correction_list": "August", "place_list": "Name 0"}
    expected = {
        "claim_list": "Statement of claim-2.",
        "event_list": "The event-2",
        "source_list": "The work-2-0",
    }
    assert {**shown, **expected, "home": "Statement of claim-2."}.get(name, "") in html


def test_every_record_has_a_page(client):
    for address in addresses(published.full(2)).values():
        page(client, address)


def test_no_page_asks_more_for_three_rows_than_for_one(client):
    one, three = addresses(published.full(1)), addresses(published.full(3))
    assert {kind: queries(client, one[kind]) for kind in one} == {
        kind: queries(client, three[kind]) for kind in three
    }


def test_no_list_asks_more_for_three_rows_than_for_one(client):
    addresses_of_lists = [reverse(name) for name in (*LISTS, *OTHERS)]
    published.full(1)
    one = {address: queries(client, address) for address in addresses_of_lists}
    published.full(2)
    published.full(3)
    assert {address: queries(client, address) for address in addresses_of_lists} == one


def test_a_search_asks_no_more_for_three_results_than_for_one(client):
    address = reverse("search") + "?q=statement"
    published.full(1)
    # Where little is found, what is written nearly alike is looked for as well.
    one = queries(client, address)
    published.full(2)
    published.full(3)
    assert queries(client, address) <= one


def test_a_claim_page_says_where_it_was_said_and_what_was_said_against_it(client):
    made = published.full(1)
    shown = text(page(client, addresses(made)["claim"]))
    assert "Statement of claim-1." in shown
    assert "Not assessed" in shown
    assert "taken in August" in shown
    assert "It was later." in shown
    assert "Correction № 1" in shown


def test_what_follows_a_claim_is_linked_both_ways(client):
    made = published.full(1)
    there = addresses(made)
    assert f'href="{there["rebuttal"]}"' in page(client, there["claim"])
    assert f'href="{there["claim"]}"' in page(client, there["rebuttal"])
    assert f'href="{there["correction"]}"' in page(client, there["claim"])
    assert f'href="{there["claim"]}"' in page(client, there["correction"])
    assert f'href="{there["claim"]}"' in page(client, there["source"])


def test_an_edit_changes_no_byte_until_it_is_released(client):
    made = published.full(1)
    address = addresses(made)["claim"]
    before = page(client, address)
    Claim.objects.filter(pk=made["claim"].pk).update(statement="Edited statement.")
    assert page(client, address) == before
    published.publish(made["claim"], why="Said better.")
    after = page(client, address)
    assert "Edited statement." in after
    assert "Said better." in after


def test_an_old_version_stays_and_says_what_has_changed(client):
    made = published.full(1)
    key = made["claim"].key
    Claim.objects.filter(pk=made["claim"].pk).update(statement="Edited statement.")
    published.publish(made["claim"])
    old = page(client, reverse("claim_version", args=[key, 1]))
    assert re.search(r"<h1[^>]*>Statement of claim-1\.</h1>", old)
    assert "Version 1, as it was published on" in old
    changes = text(old[old.index('id="changes"') :])
    assert "Before: Statement of claim-1. Now: Edited statement." in changes
    assert f'<link rel="canonical" href="http://testserver{reverse("claim", args=[key])}">' in old
    assert page(client, reverse("claim_version", args=[key, 2])).count("Edited statement.") > 0


def test_a_first_assessment_is_told_part_by_part():
    newer = {"assessment": {"rating": "inaccurate", "rationale": "It was later."}}
    changes = reading.compare({"assessment": None}, newer, name_of=str)
    assert [(change.path, change.before, change.after) for change in changes] == [
        ("Assessment, rating", "", "inaccurate"),
        ("Assessment, rationale", "", "It was later."),
    ]


@pytest.mark.parametrize("kind", ["claim", "source", "place", "event", "rebuttal"])
def test_a_version_that_never_was_is_not_found(client, kind):
    key = published.full(1)[kind].key
    page(client, reverse(f"{kind}_version", args=[key, 1]))
    page(client, reverse(f"{kind}_version", args=[key, 2]), status=404)


@pytest.mark.parametrize(
    "address",
    [
        "/claims/nothing/",
        "/claims/nothing/v/1/",
        "/claims/islands/v/0/",
        "/claims/islands/v/99999999999999999999/",
        "/corrections/7/",
        "/corrections/99999999999999999999/",
        "/nowhere/",
    ],
)
def test_what_is_not_there_is_not_found(client, address):
    assert "Nothing is published at this address" in page(client, address, status=404)


def test_an_old_key_leads_to_the_new_one(client):
    made = published.full(1)
    Claim.objects.filter(pk=made["claim"].pk).update(key="renamed-claim")
    assert client.get("/claims/renamed-claim/").status_code == 404
    published.publish(made["claim"])
    response = client.get("/claims/claim-1/")
    assert (response.status_code, response["Location"]) == (301, "/claims/renamed-claim/")
    response = client.get("/claims/claim-1/v/1/")
    assert (response.status_code, response["Location"]) == (301, "/claims/renamed-claim/v/1/")


def test_a_withdrawn_record_leaves_a_tombstone(client):
    alone = records.event("a-hoax", title="Something that never happened")
    published.publish(alone)
    page(client, "/events/a-hoax/")
    published.withdraw(alone, why="There is no trace of it.")
    for address in ("/events/a-hoax/", "/events/a-hoax/v/1/"):
        html = page(client, address, status=410)
        assert "There is no trace of it." in html
        assert "Something that never happened" not in html
    assert "a-hoax" not in page(client, "/events/")


def test_evidence_whose_source_was_withdrawn_is_still_shown(client):
    made = published.full(1)
    weak = records.source("weak")
    made["claim"].evidence.create(source=weak, relation="contradicts", note="A weak source.")
    published.publish(weak, made["claim"])
    published.withdraw(weak)
    html = page(client, addresses(made)["claim"])
    assert "A weak source." in html
    assert "The weak" not in html


def test_drafts_are_nowhere(client):
    """A canary in every text of unpublished records, and of unpublished edits to published ones."""
    made = published.full(1)
    published.publish(records.desk())
    canary = "kanarienvogel"
    draft = records.claim(canary, statement=f"{canary} statement.")
    records.appearance(draft, made["source"], quote=canary)
    draft.events.add(made["event"])
    draft.places.add(made["place"])
    draft.topics.add(made["topic"])
    records.rebuttal(made["claim"], f"{canary}-rebuttal", text=canary)
    records.correction(made["claim"], f"{canary}-correction", said=canary)
    records.source(canary, title=canary, in_reply_to=made["source"])
    records.place(canary, canary, part_of=made["place"])
    records.event(canary, title=canary)
    records.agent(canary)
    for kind, column in (
        ("claim", "statement"),
        ("source", "title"),
        ("event", "title"),
        ("rebuttal", "text"),
    ):
        type(made[kind]).objects.filter(pk=made[kind].pk).update(**{column: canary})
    made["place"].names.update(text=canary)
    everywhere = [*addresses(made).values(), *(reverse(name) for name in (*LISTS, *OTHERS))]
    everywhere.append(reverse("event_version", args=[made["event"].key, 1]))
    assert [
        address for address in everywhere if canary in page(client, address).lower().replace(f"/{canary}", "")
    ] == []
    assert f"called “{canary}”" in page(client, f"/claims/?about=agent/{canary}", status=400).lower()
    found = page(client, f"/search/?q={canary}")
    assert "Nothing for" in found
    for kind in ("claim", "source", "place", "event", "agent"):
        page(client, reverse(kind, args=[canary]), status=404)


def test_a_claim_list_is_filtered_by_what_the_claims_are_about(client):
    made = published.full(1)
    published.full(2)
    for kind in ("place", "event", "topic", "source", "agent"):
        html = page(client, f"/claims/?about={kind}/{made[kind].key}")
        assert ("Statement of claim-1." in html, "Statement of claim-2." in html) == (True, False)
    assert "called “nowhere”" in page(client, "/claims/?about=place/nowhere", status=400)
    assert "called “user/admin”" in page(client, "/claims/?about=user/admin", status=400)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("rating=none", True),
        ("rating=accurate", False),
        ("claim_kind=event-date", True),
        ("claim_kind=quantity", False),
        ("date=1945", True),
        ("date=1946/..", False),
        ("date=../1944", False),
        ("corrected=on", True),
        ("challenged=on", True),
        ("stale=on", False),
        ("disputed=on", False),
        ("rating=&claim_kind=&date=", True),
        ("unknown=1", True),
    ],
)
def test_the_claims_filter(client, query, shown):
    published.full(1)
    assert ("Statement of claim-1." in page(client, f"/claims/?{query}")) is shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/sources/?type=article-magazine", "The work-1-0"),
        ("/sources/?language=und", "The work-1-0"),
        ("/places/?place_kind=island", "Name 0"),
        ("/events/?date=1945", "The event-1"),
        ("/rebuttals/?decision=received&scope=date", "It was later."),
        ("/corrections/?type=correction", "№ 1"),
    ],
)
def test_the_other_lists_filter(client, address, shown):
    published.full(1)
    assert shown in page(client, address)


@pytest.mark.parametrize("words", ["statement", "Statement claim", "name 0", "STATEM"])
def test_search_finds_statements_and_names(client, words):
    published.full(1)
    assert "or more" not in page(client, f"/search/?q={quote(words)}")
    assert "Nothing for" not in page(client, f"/search/?q={quote(words)}")


@pytest.mark.parametrize(
    "words", ["x" * 100_000, "%", "_", "'\"><script>", "\\", "択捉", "\U0001f600", "\ud7ff", " "]
)
def test_no_question_breaks_the_search(client, words):
    published.full(1)
    html = page(client, f"/search/?q={quote(words)}")
    assert "<script>" not in html


def test_an_address_with_a_null_character_is_refused(client):
    for address in ("/search/?q=%00", "/claims/?about=%00", "/claims/%00/"):
        html = page(client, address, status=400)
        assert "This address cannot be read" in html


def test_a_page_that_breaks_says_so_without_the_database(client, monkeypatch):
    monkeypatch.setattr("kb.book.reading.desk", lambda: 1 / 0)
    client.raise_request_exception = False
    assert "Something broke here" in page(client, "/", status=500)


def test_texts_are_escaped_and_addresses_are_of_the_web(client):
    evil = "<script>alert(1)</script>"
    agent = records.agent("evil", name=evil, url="javascript:alert(1)", note=evil)
    work = records.source("evil", title=evil, url="javascript:alert(1)", note=evil, language="en")
    published.publish(agent, work)
    for address in ("/agents/evil/", "/sources/evil/", "/sources/"):
        html = page(client, address)
        assert evil not in html
        assert "javascript:" not in html


def test_texts_in_another_language_say_so(client):
    made = published.full(1)
    work = records.source("ja", title="北方領土", language="ja")
    said = records.claim("ja", statement="Un énoncé.", language="fr")
    records.appearance(said, work, quote="択捉島")
    published.publish(work, said)
    html = page(client, "/claims/ja/")
    assert '<h1 lang="fr">Un énoncé.</h1>' in html
    assert '<blockquote lang="ja">' in html
    assert '<span lang="ja">北方領土</span>' in html
    # The switch of languages in the footer names each in its own words.
    shown = page(client, addresses(made)["claim"]).split("<body>")[1].split("<footer")[0]
    assert "lang=" not in shown.replace('lang="und"', "")
