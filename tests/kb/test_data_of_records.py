"""The JSON beside each record's page: whose hash can be checked, and which any site may read."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.book.models import Version
from kb.editorial.fields import canonical_json
from kb.models import Claim
from kb.views.data import FOLDERS, VERSIONED
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def told(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Vary" not in response
    return response.json()


def addresses(made: dict[str, Any]) -> dict[str, str]:
    made["correction"].refresh_from_db()
    by_key = {kind: f"/{folder}/{made[kind].key}.json" for kind, folder in FOLDERS.items()}
    return {**by_key, "correction": f"/corrections/{made['correction'].number}.json"}


def test_every_record_has_its_document_with_a_hash_that_can_be_checked(client: Client) -> None:
    made = published.full(2)
    for kind, address in addresses(made).items():
        found = told(client, address)
        version = Version.objects.get(uid=made[kind].uid)
        assert (found["kind"], found["uid"], found["key"]) == (kind, made[kind].uid, made[kind].key)
        assert canonical_json(found["document"]) == version.document
        digest = hashlib.sha256(canonical_json(found["document"]).encode()).hexdigest()
        assert found["version"]["sha256"] == digest == version.sha256


def test_a_page_names_its_data_and_the_data_its_page(client: Client) -> None:
    made = published.full(1)
    for address in addresses(made).values():
        page = told(client, address)["url"]
        html = client.get(page).content.decode()
        assert f'<link rel="alternate" href="{address}" type="application/json" title="JSON">' in html
        assert f'<link rel="canonical" href="{page}">' in html
        assert f'<meta property="og:url" content="{page}">' in html


def test_a_claim_says_what_stands_against_it_and_what_all_is_called(client: Client) -> None:
    made = published.full(1)
    found = told(client, "/claims/claim-1.json")
    assert found["state"] == {"stale": False, "challenged": True, "corrected": True}
    assert (found["rebuttals"], found["corrections"]) == ([made["rebuttal"].uid], [made["correction"].uid])
    assert found["labels"][made["place"].uid] == {
        "uid": made["place"].uid,
        "kind": "place",
        "label": "Name 0",
        "url": "http://testserver/places/place-1/",
        "withdrawn": False,
        "names": [{"text": "Name 0", "language": "en"}],
    }
    assert found["labels"][made["rebuttal"].uid]["url"] == "http://testserver/rebuttals/rebuttal-1/"
    assert found["version"]["url"] == "http://testserver/claims/claim-1/v/1/"
    assert found["version"]["compare_url"] == "http://testserver/claims/claim-1/compare/"


def test_an_old_version_stays_as_it_was(client: Client) -> None:
    made = published.full(1)
    before = told(client, "/claims/claim-1/v/1.json")
    Claim.objects.filter(pk=made["claim"].pk).update(statement="Edited statement.")
    published.publish(made["claim"])
    after = told(client, "/claims/claim-1/v/1.json")
    assert (after["document"], after["version"]["sha256"]) == (
        before["document"],
        before["version"]["sha256"],
    )
    numbers = ("number", "newest", "current")
    assert [after["version"][name] for name in numbers] == [1, 2, False]
    assert "state" not in after
    assert [told(client, "/claims/claim-1.json")["version"][name] for name in numbers] == [2, 2, True]
    for kind in VERSIONED:
        told(client, f"/{FOLDERS[kind]}/{made[kind].key}/v/1.json")


def test_the_desk_and_its_naming_policy_have_data_too(client: Client) -> None:
    assert told(client, "/about.json", 404) == {"error": "Nothing is published at this address."}
    assert told(client, "/about/names.json", 404) == {"error": "Nothing is published at this address."}
    desk = records.desk()
    published.publish(desk)
    found = told(client, "/about.json")
    assert (found["url"], found["document"]["name"]) == ("http://testserver/about/", desk.name)
    assert found["licence"] == {"text": desk.licence, "url": desk.licence_url, "desk": desk.name}


def test_what_is_not_there_moved_or_was_withdrawn(client: Client) -> None:
    made = published.full(1)
    for address in ("/claims/nothing.json", "/claims/claim-1/v/7.json", "/corrections/7.json"):
        assert told(client, address, 404) == {"error": "Nothing is published at this address."}
    Claim.objects.filter(pk=made["claim"].pk).update(key="renamed")
    published.publish(made["claim"])
    for old, new in (
        ("/claims/claim-1.json", "/claims/renamed.json"),
        ("/claims/claim-1/v/1.json", "/claims/renamed/v/1.json"),
        ("/claims/claim-1/v/1.bib", "/claims/renamed/v/1.bib"),
    ):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, new)
        assert response["Access-Control-Allow-Origin"] == "*"
    alone = records.event("a-hoax")
    published.publish(alone)
    published.withdraw(alone, why="There is no trace of it.")
    gone = told(client, "/events/a-hoax.json", 410)
    assert (gone["kind"], gone["key"], gone["why"]) == ("event", "a-hoax", "There is no trace of it.")
    assert "The a-hoax" not in str(gone)


def test_data_costs_one_query_while_nothing_changes_and_no_more_for_three_rows_than_for_one(
    client: Client,
) -> None:
    def asked(address: str, **headers: str) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as made:
            status = client.get(address, headers=headers).status_code
        return status, len(made)

    one, three = addresses(published.full(1)), addresses(published.full(3))
    for kind, address in one.items():
        tag = client.get(address)["ETag"]
        assert asked(address, **{"If-None-Match": tag}) == (304, 1)
        assert asked(address) == asked(three[kind])


def test_a_cookie_changes_nothing(client: Client) -> None:
    published.full(1)
    before = client.get("/claims/claim-1.json")
    client.cookies["names-first"] = "abc"
    after = client.get("/claims/claim-1.json")
    assert (after["ETag"], after.content) == (before["ETag"], before.content)


def test_each_version_can_be_cited(client: Client) -> None:
    made = published.full(1)
    expected = {
        "bib": ("application/x-bibtex", "@online{claim-claim-1-v1,"),
        "ris": ("application/x-research-info-systems", "TY  - ELEC\r\nID  - claim-claim-1-v1\r\n"),
        "csl.json": ("application/vnd.citationstyles.csl+json", '[\n {\n  "id": "claim-claim-1-v1",'),
    }
    html = client.get("/claims/claim-1/").content.decode()
    for ending, (media_type, beginning) in expected.items():
        address = reverse("claim_citation", args=["claim-1", 1, ending])
        assert f'href="{address}"' in html
        response = client.get(address)
        assert response["Content-Type"] == f"{media_type}; charset=utf-8"
        assert response["Content-Disposition"] == f'attachment; filename="claim-claim-1-v1.{ending}"'
        assert response.content.decode().startswith(beginning)
        assert "Statement of claim-1." in response.content.decode()
    for kind in VERSIONED:
        assert client.get(reverse(f"{kind}_citation", args=[made[kind].key, 1, "ris"])).status_code == 200
    assert client.get("/claims/nothing/v/1.bib").status_code == 404


def test_an_old_version_leads_to_what_has_changed_since(client: Client) -> None:
    made = published.full(1)
    assert "compare/?from=1" not in client.get("/claims/claim-1/v/1/").content.decode()
    Claim.objects.filter(pk=made["claim"].pk).update(statement="Edited statement.")
    published.publish(made["claim"])
    old = client.get("/claims/claim-1/v/1/").content.decode()
    assert '<a href="/claims/claim-1/compare/?from=1">What has changed since version 1</a>' in old
    assert client.get("/claims/claim-1/compare/?from=1").status_code == 200
    assert "compare/?from=1" not in client.get("/claims/claim-1/").content.decode()
