"""What has been said before is shown while an editor types, and told when it was saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kb.analysis import claim_index
from kb.models import Assessment, Claim
from tests.kb import records
from tests.kb.admin_forms import posted

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/kb/claim/similar/"


def signed_in(*groups: str) -> Client:
    client = Client()
    client.force_login(records.account("anna", *groups))
    return client


def shown(client: Client, text: str, **more: Any) -> str:
    answer = client.get(ADDRESS, {"q": text, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_names_the_claims_with_their_rating_and_what_is_different() -> None:
    claim = records.claim("a", statement="Soviet troops landed on Iturup on 28 August 1945.")
    records.claim("b", statement="The harvest was good.")
    Assessment.objects.create(
        claim=claim, rating="inaccurate", rationale="Too early.", confirmed_by=records.account("boris"),
        confirmed_at=timezone.now(),
    )  # fmt: skip
    found = shown(signed_in("Editor"), "Soviet troops landed on Iturup on 29 August 1945")
    assert reverse("admin:kb_claim_change", args=[claim.pk]) in found
    assert "inaccurate, not published" in found
    assert "another figure: 29 here, 28 there" in found
    assert "1 claim already at the desk is like this." in found
    assert "harvest" not in found


def test_says_nothing_of_the_claim_itself_nor_where_nothing_is_like_it() -> None:
    claim = records.claim("a", statement="Soviet troops landed on Iturup.")
    client = signed_in("Editor")
    assert shown(client, "Soviet troops landed on Iturup", **{"not": claim.pk}).strip() == ""
    assert shown(client, "Bread is dear").strip() == ""
    assert shown(client, "%").strip() == shown(client, "").strip() == ""
    assert shown(client, "Soviet troops landed on Iturup " * 100, **{"not": "no number"}).count("<li>") == 1


def test_markup_in_a_statement_is_text() -> None:
    records.claim("a", statement="Troops <script>landed</script> on Iturup.")
    assert "<script>" not in shown(signed_in("Editor"), "Troops landed on Iturup script")


def test_is_for_those_who_may_see_claims_and_changes_nothing() -> None:
    assert signed_in().get(ADDRESS, {"q": "a"}).status_code == 403
    assert Client().get(ADDRESS, {"q": "a"}).status_code == 302
    client = Client()
    client.force_login(records.account("carl", "Reader of everything"))
    assert client.get(ADDRESS, {"q": "a"}).status_code == 200
    assert client.post(ADDRESS, {"q": "a"}).status_code == 405


def test_takes_as_many_queries_for_one_claim_as_for_three() -> None:
    client = signed_in("Editor")

    def queries() -> int:
        claim_index.catch_up()
        with CaptureQueriesContext(connection) as made:
            shown(client, "Soviet troops landed on Iturup")
        return len(made)

    records.claim("a", statement="Soviet troops landed on Iturup.")
    queries()
    one = queries()
    for key in ("b", "c"):
        records.claim(key, statement=f"Soviet troops landed on Iturup {key}.")
    assert queries() == one


def test_without_scripts_a_notice_tells_it_on_saving() -> None:
    old = records.claim("a", statement="Soviet troops landed on Iturup on 28 August 1945.")
    client = signed_in("Editor")
    add = reverse("admin:kb_claim_add")
    typed = {
        **posted(client, add),
        "statement": "Soviet troops landed on Iturup on 29 August 1945.",
        "key": "b",
        "kind": "event-date",
    }
    answer = client.post(add, typed)
    assert answer.status_code == 302
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    (notice,) = [text for text in told if "Much like this" in text]
    assert reverse("admin:kb_claim_change", args=[old.pk]) in notice
    assert "another figure: 29 here, 28 there" in notice
    # Saved again without another statement, it is not told again.
    new = reverse("admin:kb_claim_change", args=[Claim.objects.get(key="b").pk])
    again = client.post(new, {**posted(client, new), "note": "looked at"})
    assert "Much like this" not in " ".join(str(m) for m in get_messages(again.wsgi_request))


def test_the_form_says_where_to_ask() -> None:
    claim = records.claim("a")
    page = signed_in("Editor").get(reverse("admin:kb_claim_change", args=[claim.pk])).content.decode()
    assert f'data-similar="{ADDRESS}" data-similar-not="{claim.pk}"' in page
    assert "kb/admin/similar.js" in page
