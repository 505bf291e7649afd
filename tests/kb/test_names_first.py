"""Readers choose whose names of places come first: without an account, without a script, and with no other effect."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.book import reading
from kb.models import PlaceName
from kb.views.naming import COOKIE
from tests.kb import published, records

pytestmark = pytest.mark.django_db

ISLAND = "/places/iturup/"


def named(place, *names):
    """Names as (text, language, agent), each of a published party."""
    for text, language, agent in names:
        PlaceName.objects.create(place=place, text=text, language=language).used_by.add(agent)


@pytest.fixture
def parties():
    japan, russia = records.agent("japan"), records.agent("russia")
    place = records.place("iturup")
    named(place, ("択捉島", "ja", japan), ("Etorofu", "ja-Latn", japan))
    named(place, ("Итуруп", "ru", russia), ("Iturup", "ru-Latn", russia))
    published.publish(japan, russia, place, records.naming_policy((russia, japan)))
    return japan, russia, place


def choose(client, first, back=ISLAND, **headers):
    return client.post(reverse("names_first"), {"first": first, "back": back}, headers=headers)


def heading(client, address=ISLAND) -> str:
    html = client.get(address).content.decode()
    return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", html, re.S)[1])


def title(client, address=ISLAND) -> str:
    return re.search(r"<title>([^·<]*?) ·", client.get(address).content.decode())[1]


def pressed(client, address=ISLAND) -> list[str]:
    html = client.get(address).content.decode()
    return [re.sub(r"<[^>]+>", "", said) for said in re.findall(r'aria-pressed="true">(.*?)</button>', html)]


def test_a_reader_sees_the_party_that_they_chose_first_until_they_choose_otherwise(client, parties):
    japan, russia, _ = parties
    assert (heading(client), title(client), pressed(client)) == (
        "Iturup / Etorofu",
        "Iturup / Etorofu",
        ["as the policy says"],
    )
    answer = choose(client, japan.uid)
    assert (answer.status_code, answer["Location"]) == (303, f"{ISLAND}#names-first")
    assert (heading(client), title(client), pressed(client)) == (
        "Etorofu / Iturup",
        "Etorofu / Iturup",
        ["Japan"],
    )
    assert "Etorofu</span> / <span" in client.get("/places/").content.decode()
    assert "Etorofu</span> / <span" in client.get("/search/?q=iturup").content.decode()
    choose(client, russia.uid)
    assert (heading(client), pressed(client)) == ("Iturup / Etorofu", ["Russia"])
    choose(client, "")
    assert (heading(client), pressed(client)) == ("Iturup / Etorofu", ["as the policy says"])


def test_the_table_of_names_follows_the_choice(client, parties):
    names = re.compile(r'scope="row" class="name"[^>]*>([^<]+)<')
    assert names.findall(client.get(ISLAND).content.decode())[:2] == ["Итуруп", "Iturup"]
    choose(client, parties[0].uid)
    assert names.findall(client.get(ISLAND).content.decode())[:2] == ["択捉島", "Etorofu"]


def test_the_page_says_that_the_order_implies_nothing(client, parties):
    html = client.get(ISLAND).content.decode()
    assert "The order of names implies nothing" in html
    assert '<form class="names-first" id="names-first" method="post" action="/names-first/"' in html


def test_who_can_be_chosen_is_whose_names_stand_side_by_side_on_the_page(client, parties):
    ainu, korea = records.agent("ainu"), records.agent("korea")
    place = records.place("jeju")
    named(parties[2], ("エトゥ・オロ・プ", "ain-Kana", ainu))
    named(place, ("Jeju", "ko-Latn", korea))
    published.publish(ainu, korea, place, parties[2])
    offered = re.compile(r'<button type="submit" name="first" value="([^"]*)"')
    everyone = ["", *sorted((one.uid for one in parties[:2]), key=lambda uid: uid != parties[0].uid)]
    assert offered.findall(client.get(ISLAND).content.decode()) == everyone
    assert offered.findall(client.get("/places/").content.decode()) == everyone
    # A page on which nothing has two names offers nothing.
    assert "names-first" not in client.get("/places/jeju/").content.decode()
    assert "names-first" not in client.get("/corrections/").content.decode()


def test_caches_keep_the_choices_apart(client, parties):
    japan, russia, _ = parties
    plain = client.get(ISLAND)
    assert plain["Vary"] == "Accept-Language, Cookie"
    choose(client, japan.uid)
    chosen = client.get(ISLAND)
    assert chosen["ETag"] != plain["ETag"]
    assert client.get(ISLAND, headers={"If-None-Match": plain["ETag"]}).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        unchanged = client.get(ISLAND, headers={"If-None-Match": chosen["ETag"]})
    assert (unchanged.status_code, unchanged["Vary"], len(captured)) == (304, "Accept-Language, Cookie", 1)
    choose(client, russia.uid)
    assert client.get(ISLAND, headers={"If-None-Match": chosen["ETag"]}).status_code == 200


def test_one_reader_s_choice_is_nobody_else_s(client, parties):
    choose(client, parties[0].uid)
    assert heading(client) == "Etorofu / Iturup"
    assert heading(Client()) == "Iturup / Etorofu"
    assert reading.labels([parties[2].uid])[parties[2].uid].text == "Iturup / Etorofu"


def test_an_old_version_keeps_the_names_as_they_stood(client, parties):
    PlaceName.objects.create(place=parties[2], text="Yetorofu", language="en", kind="historical")
    published.publish(parties[2])
    choose(client, parties[0].uid)
    assert heading(client) == "Etorofu / Iturup"
    assert heading(client, f"{ISLAND}v/1/") == "Iturup / Etorofu"


@pytest.mark.parametrize("value", ["nobody", "x" * 500, "<b>", 'a"b', "a b", "../admin", "ÿ", "Japan"])
def test_what_is_no_party_is_not_kept_and_does_no_harm(client, parties, value):
    answer = choose(client, value)
    assert (answer.status_code, COOKIE in answer.cookies) == (303, False)
    client.cookies[COOKIE] = value.replace("ÿ", "y")
    shown = client.get(ISLAND)
    assert (shown.status_code, heading(client), pressed(client)) == (
        200,
        "Iturup / Etorofu",
        ["as the policy says"],
    )
    assert re.fullmatch(r'"[a-z0-9-]+"', shown["ETag"])


def test_an_agent_that_uses_no_published_name_is_not_kept(client, parties):
    other, draft = records.agent("other"), records.agent("draft")
    published.publish(other)
    for agent in (other, draft):
        assert COOKIE not in choose(client, agent.uid).cookies


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "",
        "places/",
        "///x",
    ],
)
def test_it_leads_back_to_this_site_only(client, parties, back):
    assert choose(client, "", back)["Location"] == "/#names-first"


def test_it_leads_back_to_the_page_with_its_question(client, parties):
    assert choose(client, "", "/search/?q=iturup&x=1")["Location"] == "/search/?q=iturup&x=1#names-first"
    form = client.get("/search/?q=iturup&x=%22").content.decode()
    assert 'name="back" value="/search/?q=iturup&amp;x=%22"' in form


def test_another_site_cannot_choose(client, parties):
    japan = parties[0].uid
    assert choose(client, japan, Origin="https://evil.example").status_code == 403
    assert choose(client, japan, Origin="http://testserver").status_code == 303
    assert client.get(reverse("names_first")).status_code == 405


def test_the_cookie_holds_the_choice_alone(client, parties):
    kept = choose(client, parties[0].uid).cookies[COOKIE]
    assert (kept.value, kept["httponly"], kept["samesite"], kept["path"]) == (
        parties[0].uid,
        True,
        "Lax",
        "/",
    )


def test_no_page_asks_more_for_three_places_of_several_parties_than_for_one(client, parties):
    def queries() -> list[int]:
        found = []
        for address in ("/places/", "/search/?q=island", ISLAND, "/about/names/"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found.append(len(captured))
        return found

    one = queries()
    for key in ("kunashir", "shikotan"):
        place, other = records.place(key), records.agent(f"party-{key}")
        named(place, (key, "ru-Latn", parties[1]), (f"{key}-to", "ja-Latn", other))
        published.publish(other, place)
    assert queries() == one
