"""Conflicts on the pages of claims, events and places: in words, grouped, and never of what is not published."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kb import workflow
from kb.book import writing
from kb.models import Claim, Conflict, Place
from tests.book.test_conflicts import out, states
from tests.kb import published, records
from tests.kb.test_admin_steps import as_member, messages, take
from tests.kb.test_views import queries, text

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return text(answer.content.decode().partition("<main")[2])


@pytest.fixture
def place() -> Place:
    made = records.place("iturup", "Iturup")
    published.publish(made)
    return made


@pytest.fixture
def areas(place: Place) -> tuple[Claim, Claim]:
    one = states("one", place, "area", amount=3139, unit="km2")
    other = states("other", place, "area", amount=1350, unit="square miles")
    return one, other


def test_a_claim_says_what_contradicts_it_in_words_and_in_one_unit(client, areas):
    out(*areas)
    shown = page(client, "/claims/one/")
    assert "Where other claims say otherwise" in shown
    assert (
        "“The source-of-one” says 3,139 km2; “The source-of-other” says 1,350 square miles: no figure satisfies both."
        in shown
    )
    assert "1,350 square miles 3,496 km2 Statement of other." in shown
    assert 'href="/claims/other/"' in client.get("/claims/one/").content.decode()
    assert "Where the claims contradict each other" in page(client, "/places/iturup/")


def test_an_event_says_which_of_its_dates_exclude_each_other_once(client):
    event = records.event("landing")
    published.publish(event)
    claims = [states(key, event, edtf=edtf) for key, edtf in (("one", "1945-08-08"), ("other", "1945-08-09"))]
    for claim in claims:
        claim.events.add(event)
    out(*(Claim.objects.get(pk=claim.pk) for claim in claims))
    for address in ("/events/landing/", "/claims/one/"):
        shown = page(client, address)
        assert shown.count("no day satisfies both") == 1
        # In words once, in the section of conflicts; the drawing says only what its crosses mean.
        assert "excludes" not in shown.replace("Crossed: another of these dates excludes it.", "")
        assert "The dates side by side" in shown


def test_what_is_undetermined_is_no_conflict(client, place):
    out(states("one", place, "named", text="Etorofu"), states("other", place, "named", text="Iturup"))
    assert "otherwise" not in page(client, "/claims/one/")
    assert "contradict" not in page(client, "/places/iturup/")


def test_nothing_of_an_unpublished_claim_or_ruling_is_shown(client, place, areas):
    one, other = areas
    out(one)
    hidden = states("canary", place, "area", amount=987654, unit="km2", raw="CANARY 987,654")
    workflow.rule_conflict(
        Conflict.objects.filter(other=hidden.values.get()).first(),
        verdict="different-scope",
        reason="CANARY ruling",
        by=published.publisher(),
    )
    out(one, other)
    for address in ("/claims/one/", "/claims/other/", "/places/iturup/"):
        html = client.get(address).content.decode()
        assert ("CANARY" in html, "987,654" in html, "canary" in html) == (False, False, False)
    assert client.get("/claims/canary/").status_code == 404


def test_a_ruling_is_shown_once_it_was_told(client, areas):
    out(*areas)
    conflict = Conflict.objects.get()
    workflow.rule_conflict(
        conflict, verdict="different-scope", reason="One counts the <waters>.", by=published.publisher()
    )
    before = client.get("/claims/one/")
    assert "waters" not in before.content.decode()
    writing.release_rulings([conflict], by=published.publisher(), why="Ruled.")
    for address in ("/claims/one/", "/places/iturup/"):
        html = client.get(address).content.decode()
        assert "About different things" in html
        assert "One counts the &lt;waters&gt;." in html
    # A reader's copy is not taken for current.
    assert client.get("/claims/one/", headers={"if-none-match": before["ETag"]}).status_code == 200


def test_an_old_version_is_shown_by_itself(client, areas):
    out(*areas)
    areas[0].statement = "Otherwise."
    areas[0].save()
    out(Claim.objects.get(pk=areas[0].pk))
    assert "no figure satisfies both" in page(client, "/claims/one/")
    assert "no figure satisfies both" not in page(client, "/claims/one/v/1/")


def test_a_draft_is_shown_with_what_would_contradict_it(areas):
    one, other = areas
    out(other)
    preview = as_member("publisher").get(f"/admin/kb/claim/{one.pk}/preview/").content.decode()
    assert "no figure satisfies both" in text(preview)


@pytest.mark.once
def test_a_hundred_answers_and_more_stay_readable(client):
    event = records.event("landing")
    published.publish(event)
    many = []
    for number in range(104):
        claim = states(f"claim-{number}", event, edtf=f"19{number // 2:02}-0{number % 2 + 1}")
        claim.events.add(event)
        many.append(Claim.objects.get(pk=claim.pk))
    out(*many)
    shown = page(client, "/events/landing/")
    assert shown.count("satisfies both") == 1
    assert "No two of these can both hold. For instance:" in shown
    assert "12 more answers are not shown here." in shown
    assert "80 more values were not compared. All claims about it" in shown
    assert "All claims about this event" in shown
    claim = page(client, "/claims/claim-7/")
    assert claim.count("satisfies both") == 6
    assert "94 more of these are not shown here. 3 more values were not compared." in claim


def test_a_page_asks_as_much_for_three_conflicts_as_for_one(client, place):
    out(*(states(f"claim-{n}", place, "area", amount=3001 + n * 100, unit="km2") for n in range(2)))
    one = {address: queries(client, address) for address in ("/claims/claim-0/", "/places/iturup/")}
    out(*(states(f"more-{n}", place, "area", amount=5001 + n * 100, unit="km2") for n in range(5)))
    assert {address: queries(client, address) for address in one} == one


def test_a_publisher_tells_readers_on_the_page_of_the_conflict(areas: Any) -> None:
    out(areas[0])
    conflict = Conflict.objects.get()
    workflow.rule_conflict(conflict, verdict="real", reason="Both are clear.", by=published.publisher())
    refused = take(as_member("publisher"), "tell", conflict, why="Told.")
    assert "Publish it, and the ruling goes out with it." in refused.content.decode()
    out(areas[1])
    conflict.refresh_from_db()
    workflow.rule_conflict(conflict, verdict="compatible", reason="No.", by=published.publisher())
    done = take(as_member("publisher"), "tell", conflict, why="Told.")
    assert messages(done) == ["Readers now see 1 ruling more."]
    assert (
        "step/tell"
        not in as_member("editor").get(f"/admin/kb/conflict/{conflict.pk}/change/").content.decode()
    )
