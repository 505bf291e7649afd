"""Who challenges without having found the claim is shown the published ones that say the same."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.book.similar import similar_claims
from kb.models import Claim
from tests.kb import records
from tests.kb.published import publish, withdraw

pytestmark = pytest.mark.django_db
LANDING = "Soviet troops landed on Iturup on 28 August 1945."


def said(key: str, statement: str) -> Claim:
    """A claim that can be published."""
    claim = records.claim(key, statement=statement)
    records.appearance(claim, records.source(f"of-{key}"))
    return claim


def publish_with_source(*claims: Claim) -> None:
    publish(*(claim.appearances.get().source for claim in claims), *claims)


def page(client: Client, about: str) -> str:
    answer = client.get(reverse("challenge"), {"about": about})
    assert answer.status_code == 200
    return answer.content.decode()


def keys(text: str) -> list[str]:
    return [found.claim.key for found in similar_claims(text)]


def test_the_published_claims_most_like_it_are_shown(client: Client) -> None:
    claims = [said("landing", LANDING), said("harvest", "The harvest was good.")]
    publish_with_source(*claims)
    found = page(client, "Troops of the Soviets landed on Iturup, 29 August 1945")
    assert f'href="{reverse("challenge")}?claim=landing"' in found
    assert "another figure: 29 here, 28 there" in found
    assert "harvest" not in found
    assert "No published claim is like that." in page(client, "Bread is dear")
    assert "No published claim is like that." not in page(client, "")


def test_neither_drafts_nor_edits_nor_what_was_withdrawn_is_shown(client: Client) -> None:
    claim = said("landing", LANDING)
    records.claim("draft", statement="Soviet troops landed on Urup SECRETLY.")
    gone = said("gone", "Soviet troops landed on Kunashir.")
    publish_with_source(claim, gone)
    withdraw(gone)
    claim.statement = "Soviet troops landed on Iturup HIDDEN."
    claim.save()
    found = page(client, "Soviet troops landed on Iturup Kunashir secretly hidden")
    assert f'href="{reverse("challenge")}?claim=landing"' in found
    assert "28 August 1945" in found
    assert "SECRETLY" not in found
    assert "HIDDEN" not in found
    assert "?claim=gone" not in found


def test_a_place_is_one_in_any_script() -> None:
    place = records.place("iturup", "Iturup", "択捉島", "Итуруп")
    claim = said("landing", LANDING)
    claim.places.add(place)
    publish(place)
    publish_with_source(claim, said("shumshu", "The landing on Shumshu was on 18 August 1945."))
    assert keys("ソ連軍は1945年8月28日に択捉島に上陸した")[:1] == ["landing"]
    assert keys("Советские войска высадились на Итурупе 28 августа 1945")[:1] == ["landing"]


def test_odd_texts_find_nothing_and_break_nothing(client: Client) -> None:
    publish_with_source(said("landing", LANDING))
    for text in ("%", "_ _", "' OR 1=1 --", "<script>", "x" * 5000, "\U0001f621", "ﷺ"):
        page(client, text)
    assert keys("") == keys("http://example.org") == []


def test_queries_do_not_grow_with_the_claims() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert keys(LANDING)
        return len(made)

    publish_with_source(said("a", LANDING))
    one = queries()
    publish_with_source(*(said(key, f"{LANDING} {key}") for key in "bc"))
    assert queries() == one
