"""The desk's list of claims at any size: its count stops, and its search asks the index."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.admin import finding
from kb.analysis import claim_index
from kb.models import Claim
from tests.kb import records

pytestmark = pytest.mark.django_db

LIST = "admin:kb_claim_changelist"


@pytest.fixture
def claims() -> None:
    report = records.source("report", title="Rapport sur l’été")
    fall = records.claim("iturup-fell", statement="Iturup fell on 28 August 1945.")
    records.appearance(fall, report, quote="Итуруп был занят")
    records.claim("iturup-rose", statement="Iturup rose again.")
    records.claim("etorofu", statement="択捉島は占領された。")
    claim_index.catch_up()
    # Written since, and not yet indexed.
    records.claim("late", statement="Iturup fell late, in September.")


def found(client, term: str) -> list[str]:
    response = client.get(reverse(LIST), {"q": term})
    assert response.status_code == 200
    return sorted(claim.key for claim in response.context["cl"].result_list)


@pytest.mark.parametrize(
    ("term", "keys"),
    [
        ("iturup", ["iturup-fell", "iturup-rose", "late"]),
        ("FELL Iturup", ["iturup-fell", "late"]),
        ("itu", ["iturup-fell", "iturup-rose", "late"]),
        ("iturup 194", ["iturup-fell"]),
        ("iturup sank", []),
        ("итуруп занят", ["iturup-fell"]),
        ("ete rapport", ["iturup-fell"]),
        ("占領", ["etorofu"]),
        ("iturup-ro", ["iturup-rose"]),
        ("?!", []),
        ("", ["etorofu", "iturup-fell", "iturup-rose", "late"]),
        ("a'b \" OR * NEAR(", []),
        ("x" * 5_000, []),
    ],
)
def test_claims_are_found_by_their_words_and_keys(admin_client, claims, term, keys):
    assert found(admin_client, term) == keys


def test_a_claim_is_found_by_its_uid(admin_client, claims):
    claim = Claim.objects.get(key="etorofu")
    assert found(admin_client, claim.uid) == ["etorofu"]


def test_choices_in_forms_are_found_the_same_way(admin_client, claims):
    asked = {"app_label": "kb", "model_name": "rebuttal", "field_name": "claim", "term": "iturup ros"}
    answer = admin_client.get(reverse("admin:autocomplete"), asked)
    assert [row["id"] for row in answer.json()["results"]] == [str(Claim.objects.get(key="iturup-rose").pk)]


def test_the_count_stops_and_says_so(admin_client, claims, monkeypatch):
    page = admin_client.get(reverse(LIST)).content.decode()
    assert "4 claims" in page
    assert "more than" not in page
    monkeypatch.setattr(finding, "MOST", 2)
    assert "more than 2 claims" in admin_client.get(reverse(LIST)).content.decode()


def test_neither_the_list_nor_a_search_reads_the_whole_table(admin_client, claims):
    for asked in ({}, {"q": "iturup"}):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            admin_client.get(reverse(LIST), asked)
        assert not [q["sql"] for q in queries if "LIKE" in q["sql"].upper()]
        for sql in (q["sql"] for q in queries if 'FROM "kb_claim"' in q["sql"]):
            assert "LIMIT" in sql or " IN (" in sql, sql


def test_the_number_of_queries_does_not_grow(admin_client):
    records.claim("a", statement="Iturup fell.")
    claim_index.catch_up()
    counts = []
    for more in ("b", "c"):
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(reverse(LIST), {"q": "iturup"})
        counts.append(len(queries))
        records.claim(more, statement="Iturup rose.")
        claim_index.catch_up()
    assert counts[0] == counts[1]
