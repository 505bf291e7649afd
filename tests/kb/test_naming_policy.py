"""The naming policy: its page, its versions, the letters of each kind of text, and its preview at the desk."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.book import reading, writing
from kb.models import NamingPolicy, PlaceName
from tests.kb import published, records
from tests.kb.test_names_first import heading, named, title

pytestmark = pytest.mark.django_db

POLICY = "/about/names/"


@pytest.fixture
def parties():
    japan, russia = records.agent("japan"), records.agent("russia")
    place = records.place("iturup")
    kanji = PlaceName.objects.create(place=place, text="択捉島", language="ja")
    romanised = PlaceName.objects.create(
        place=place, text="Etorofu", language="ja-Latn", romanisation_of=kanji
    )
    for name in (kanji, romanised):
        name.used_by.add(japan)
    named(place, ("Итуруп", "ru", russia), ("Iturup", "ru-Latn", russia))
    published.publish(japan, russia, place)
    return japan, russia, place


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_without_a_policy_the_page_says_what_holds(client):
    assert "not published a naming policy yet" in client.get(POLICY).content.decode()


def test_the_page_says_in_words_what_holds_since_when_and_why(client, parties):
    japan, russia, place = parties
    policy = records.naming_policy((russia, japan))
    policy.rules.create(place=place, first=japan, second=russia)
    published.publish(policy, why="The first policy.")
    released = reading.get("naming-policy", "naming-policy").released_at
    shown = words(client.get(POLICY).content.decode())
    since = f"{released.day} {released:%B %Y}"
    for said in (
        f"In force since {since}. Why: The first policy.",
        "Order implies nothing.",
        "Wherever both have a name for a place: the name that Russia uses first, then the one that Japan uses.",
        "Etorofu / Iturup : the name that Japan uses first, then the one that Russia uses.",
        "In headings Each name in letters that readers of this policy read",
        "neither whose a place is nor whose it should be",
        "Cite this version",
    ):
        assert said in shown


def test_every_version_keeps_its_address_and_says_what_changed_since(client, parties):
    japan, russia, _ = parties
    policy = records.naming_policy((russia, japan))
    published.publish(policy, why="The first policy.")
    NamingPolicy.objects.update(text="Said better.", in_headings="both")
    published.publish(NamingPolicy.objects.get(), why="Said better.")
    now, then = client.get(POLICY).content.decode(), words(client.get(f"{POLICY}v/1/").content.decode())
    assert f'<a href="{POLICY}v/1/">Version 1</a>' in now
    assert "Said better." in now
    assert "Version 1, as it was published on" in then
    assert "Order implies nothing." in then
    assert (
        "Letters, heading Each name in letters that readers of this policy read, Before: where Now: and as the party "
        "that uses it Before: has such a form Now: writes it ."
    ) in then
    assert client.get(f"{POLICY}v/3/").status_code == 404
    compared = client.get(f"{POLICY}compare/?from=1&to=2").content.decode()
    assert f'<a href="{POLICY}v/1/">Version 1</a>' in compared
    assert "Letters, heading" in compared


def test_a_policy_that_was_withdrawn_says_so(client, parties):
    policy = records.naming_policy((parties[1], parties[0]))
    published.publish(policy)
    published.withdraw(policy, why="To be thought over.")
    assert client.get(POLICY).status_code == 410
    assert "To be thought over." in client.get(POLICY).content.decode()


def test_each_kind_of_text_has_its_letters(client, parties):
    japan, russia, _ = parties
    policy = records.naming_policy((russia, japan))
    NamingPolicy.objects.update(in_headings="both", in_lists="own")
    published.publish(NamingPolicy.objects.get(pk=policy.pk))
    assert heading(client, "/places/iturup/") == "Iturup Итуруп / Etorofu 択捉島"
    assert title(client, "/places/iturup/") == "Iturup Итуруп / Etorofu 択捉島"
    listed = client.get("/places/").content.decode()
    assert '<span lang="ru">Итуруп</span> / <span lang="ja">択捉島</span></a>' in listed
    # The others stand under it.
    assert words(re.search(r'<p class="why">(.*?)</p>', listed)[1]) == "Etorofu · Iturup"
    assert (
        '<span lang="ru">Итуруп</span> / <span lang="ja">択捉島</span></a>'
        in client.get("/search/?q=etorofu").content.decode()
    )
    assert reading.labels([parties[2].uid])[parties[2].uid].text == "Iturup / Etorofu"
    assert writing.rebuild_book() == []


def effect(client, policy) -> str:
    return client.get(reverse("admin:kb_namingpolicy_effect", args=[policy.pk])).content.decode()


def test_the_desk_sees_what_a_saved_policy_would_do_before_it_is_published(admin_client, client, parties):
    japan, russia, place = parties
    records.place("urup", "Urup")
    policy = records.naming_policy((russia, japan))
    shown = words(effect(admin_client, policy))
    assert "1 place that parties call by different names" in shown
    assert "would label 1 of them otherwise" in shown
    assert "iturup Etorofu / Iturup Iturup / Etorofu" in shown
    assert heading(client, "/places/iturup/") == "Etorofu / Iturup"
    published.publish(policy)
    assert "would label none of them otherwise" in words(effect(admin_client, policy))
    NamingPolicy.objects.update(in_headings="both")
    assert (
        "Iturup / Etorofu in text: Iturup / Etorofu in lists: Iturup / Etorofu "
        "in headings: Iturup Итуруп / Etorofu 択捉島"
    ) in words(effect(admin_client, policy))


def test_its_form_leads_there(admin_client, parties):
    policy = records.naming_policy((parties[1], parties[0]))
    form = admin_client.get(reverse("admin:kb_namingpolicy_change", args=[policy.pk])).content.decode()
    assert f'href="{reverse("admin:kb_namingpolicy_effect", args=[policy.pk])}"' in form


def test_who_may_not_look_at_the_policy_does_not_see_what_it_does(client, parties):
    policy = records.naming_policy((parties[1], parties[0]))
    client.force_login(records.account("nobody"))
    assert client.get(reverse("admin:kb_namingpolicy_effect", args=[policy.pk])).status_code == 403


def test_its_preview_asks_no_more_for_three_places_than_for_one(admin_client, parties):
    policy = records.naming_policy((parties[1], parties[0]))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            effect(admin_client, policy)
        return len(captured)

    one = queries()
    for key in ("kunashir", "shikotan"):
        named(records.place(key), (key, "ru-Latn", parties[1]), (f"{key}-to", "ja-Latn", parties[0]))
    assert queries() == one
