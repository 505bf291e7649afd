"""What public pages tell browsers and caches between."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kb.book.models import Release
from kb.models import Claim
from kb.views.caching import STARTED, build
from tests.kb import published, records

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
    assert response["Vary"] == "Accept-Language, Cookie"
    assert response["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("address", PAGES)
def test_a_date_instead_of_a_tag_is_answered_with_one_query_too(client, address):
    made = published.full(1)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        published.publish(records.topic("later"))
        first = client.get(address)
    assert parsedate_to_datetime(first["Last-Modified"]) == Release.objects.first().at.replace(microsecond=0)
    with CaptureQueriesContext(connection) as captured:
        again = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    assert (again.status_code, len(captured)) == (304, 1)
    assert (again["ETag"], again["Last-Modified"]) == (first["ETag"], first["Last-Modified"])
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        Claim.objects.filter(pk=made["claim"].pk).update(statement="Edited statement.")
        published.publish(made["claim"])
    later = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    assert (later.status_code, later["Last-Modified"] != first["Last-Modified"]) == (200, True)


def test_two_releases_of_one_second_are_not_told_apart_by_a_date(client):
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        published.publish(records.topic("one"))
        date = client.get("/topics/one/")["Last-Modified"]
        published.publish(records.topic("two"))
    response = client.get("/topics/one/", headers={"If-Modified-Since": date})
    assert (response.status_code, "Last-Modified" in response) == (200, False)


def test_a_date_from_before_the_process_began_is_not_current(client):
    with time_machine.travel(STARTED - timedelta(days=2), tick=False):
        published.publish(records.topic("one"))
    date = client.get("/topics/one/")["Last-Modified"]
    assert parsedate_to_datetime(date) == STARTED.replace(microsecond=0)


def test_no_two_addresses_share_a_tag(client):
    published.full(1)
    assert len({client.get(address)["ETag"] for address in PAGES}) == len(PAGES)


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


def test_a_new_map_makes_new_pages(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "kb").mkdir()
    map_data = tmp_path / "kb/near.json.gz"
    map_data.write_bytes(b"one")
    before = build.__wrapped__()
    map_data.write_bytes(b"two")
    assert build.__wrapped__() != before
