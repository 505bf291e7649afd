"""What public pages tell browsers and caches between."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.models import Claim
from tests.kb import published

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/claims/",
    "/claims/claim-1/",
    "/claims/claim-1/v/1/",
    "/corrections/1/",
    "/about/",
    "/search/?q=claim",
]


@pytest.mark.parametrize("address", PAGES)
def test_an_unchanged_page_costs_one_query(client, address):
    published.full(1)
    tag = client.get(address)["ETag"]
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, headers={"If-None-Match": tag})
    assert (response.status_code, response.content, len(captured)) == (304, b"", 1)
    assert response["ETag"] == tag


@pytest.mark.parametrize("address", PAGES)
def test_any_release_makes_every_page_new(client, address):
    made = published.full(1)
    tag = client.get(address)["ETag"]
    Claim.objects.filter(pk=made["claim"].pk).update(statement="Edited statement.")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    published.publish(made["claim"])
    response = client.get(address, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert response["ETag"] != tag


@pytest.mark.parametrize("address", PAGES)
def test_pages_may_be_kept_but_must_be_asked_about_and_set_no_cookie(client, address):
    published.full(1)
    response = client.get(address)
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=0", "must-revalidate"}
    assert response.cookies == {}
    # One cookie of a reader's orders names; see tests/kb/test_names_first.py.
    assert response["Vary"] == "Cookie"
    assert response["Content-Type"] == "text/html; charset=utf-8"


def test_what_is_not_there_has_no_etag_and_no_304(client):
    published.full(1)
    assert "ETag" not in client.get("/claims/nothing/")
    assert client.get("/claims/nothing/", headers={"If-None-Match": "*"}).status_code == 404


def test_pages_are_read_only(client):
    published.full(1)
    for address in ("/", "/claims/", "/claims/claim-1/", "/search/"):
        assert client.post(address).status_code == 405
    assert client.head("/claims/claim-1/").content == b""


def test_the_page_names_its_version_in_full_for_the_host_asked(client):
    published.full(1)
    own = client.get("/claims/claim-1/")
    other = client.get("/claims/claim-1/", headers={"Host": "localhost"})
    assert f"http://testserver{reverse('claim_version', args=['claim-1', 1])}" in own.content.decode()
    assert f"http://localhost{reverse('claim_version', args=['claim-1', 1])}" in other.content.decode()
    assert own["ETag"] != other["ETag"]
