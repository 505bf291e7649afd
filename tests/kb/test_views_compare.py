"""Any two published versions of a record, compared in words for readers."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.models import Evidence
from tests.kb import published, records

pytestmark = pytest.mark.django_db

KINDS = ("claim", "source", "place", "event", "rebuttal")


def words(html: str) -> str:
    """The words of a page, with what is struck out and what is marked."""
    html = re.sub(r'<span class="hidden">[^<]*</span>', "", html)
    html = re.sub(r"<del>(.*?)</del>", r"[-\1-]", html)
    html = re.sub(r"<ins>(.*?)</ins>", r"[+\1+]", html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def differences(html: str) -> dict[str, str]:
    found = re.search(r'<dl class="changes">(.*?)</dl>', html, re.DOTALL)
    rows = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", found[1], re.DOTALL) if found else []
    return {name: words(text).strip() for name, text in rows}


def three_versions():
    claim, source = records.claim(statement="The islands were taken in August."), records.source()
    records.appearance(claim, source, quote="taken in August")
    published.publish(source, claim, why="First.")
    claim.statement = "The islands were taken in September."
    claim.save()
    published.publish(claim, why="The month was wrong.")
    Evidence.objects.create(claim=claim, source=source, relation="supports", note="A diary.")
    published.publish(claim, why="A source was found.")
    return claim


def compare(client, claim, status=200, **asked):
    response = client.get(reverse("claim_compare", args=[claim.key]), asked)
    assert response.status_code == status
    return response.content.decode()


def test_two_versions_are_compared_word_by_word(client):
    claim = three_versions()
    assert differences(compare(client, claim, **{"from": 1, "to": 2})) == {
        "Statement": "The islands were taken in [-August-][+September+]."
    }
    assert differences(compare(client, claim, **{"from": 2, "to": 1})) == {
        "Statement": "The islands were taken in [-September-][+August+]."
    }
    assert differences(compare(client, claim, **{"from": 1, "to": 3})) == {
        "Statement": "The islands were taken in [-August-][+September+].",
        "Evidence": "[+A diary. · Supports · The editorial+]",
    }


def test_a_missing_number_is_the_current_version_or_the_one_before(client):
    claim = three_versions()
    assert list(differences(compare(client, claim))) == ["Evidence"]
    assert list(differences(compare(client, claim, to=2))) == ["Statement"]
    assert list(differences(compare(client, claim, **{"from": 1}))) == ["Statement", "Evidence"]


def test_each_version_has_the_names_of_its_time(client):
    agent, claim = records.agent("ussr", name="Soviet Union"), records.claim()
    source = records.source()
    records.appearance(claim, source).claimants.add(agent)
    published.publish(agent, source, claim)
    agent.name = "Union of Soviet Socialist Republics"
    agent.save()
    claim.appearances.get().claimants.clear()
    published.publish(agent, claim)
    assert differences(compare(client, claim)) == {"Appearance, claimants": "[-Soviet Union-]"}


def test_the_same_version_twice_is_said_to_be_the_same(client):
    claim = three_versions()
    assert "This is the same version twice." in compare(client, claim, **{"from": 2, "to": 2})


def test_a_record_of_one_version_compares_with_itself(client):
    claim, source = records.claim(), records.source()
    records.appearance(claim, source)
    published.publish(source, claim)
    assert "This is the same version twice." in compare(client, claim)
    assert "<form action" not in compare(client, claim).split("<main")[1]


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "1.5", "²", "1" * 10])
def test_what_is_no_number_of_a_version_is_refused_in_words(client, wrong):
    claim = three_versions()
    for name in ("from", "to"):
        html = words(compare(client, claim, status=400, **{name: wrong}))
        assert (
            "Versions are counted from 1. The newest of “ The islands were taken in September. ” is 3" in html
        )


def test_a_version_that_never_was_is_not_found(client):
    claim = three_versions()
    compare(client, claim, status=404, **{"from": 1, "to": 4})
    assert client.get(reverse("claim_compare", args=["nothing"])).status_code == 404


def test_an_unpublished_record_is_not_found_and_its_edits_are_not_told(client):
    draft = records.claim("draft")
    compare(client, draft, status=404)
    claim = three_versions()
    before = compare(client, claim)
    claim.statement = "A colleague's unfinished thought."
    claim.save()
    assert compare(client, claim) == before


def test_an_old_key_leads_to_the_new_one_with_what_was_asked(client):
    claim = three_versions()
    claim.key = "renamed"
    claim.save()
    published.publish(claim)
    response = client.get(reverse("claim_compare", args=["islands-taken"]) + "?from=1&to=3")
    assert (response.status_code, response["Location"]) == (301, "/claims/renamed/compare/?from=1&to=3")


def test_a_withdrawn_record_shows_its_tombstone(client):
    claim = three_versions()
    published.withdraw(claim)
    assert "withdrew this record on" in compare(client, claim, status=410, **{"from": 1, "to": 2})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_with_versions_can_be_compared_and_offers_it(client, kind):
    made = published.full(2)
    record = made[kind]
    record.key = f"renamed-{kind}"
    record.save()
    published.publish(record, why="Renamed.")
    page = client.get(reverse(kind, args=[record.key])).content.decode()
    address = reverse(f"{kind}_compare", args=[record.key])
    assert f'<form action="{address}" method="get">' in page
    response = client.get(address)
    assert response.status_code == 200
    assert "Address" in differences(response.content.decode())


def test_it_costs_the_same_for_two_versions_and_for_six_and_one_query_when_unchanged(client):
    claim = three_versions()
    address = reverse("claim_compare", args=[claim.key])

    def queries(**headers):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address, headers=headers)
        return len(captured), response

    before, first = queries()
    assert queries(**{"If-None-Match": first["ETag"]})[0] == 1
    for number in range(3):
        claim.statement = f"Statement {number}."
        claim.save()
        published.publish(claim)
    assert queries()[0] == before
