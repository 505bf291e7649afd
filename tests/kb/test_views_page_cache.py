"""Pages kept in memory: as they were drawn, until the next release, within bounds."""

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext

from kb.models import Claim
from kb.views.page_cache import BESIDE, PageCache, pages
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db

PAGES = ["/", "/claims/", "/claims/claim-1/", "/places/place-1/", "/claims/claim-1/v/1/", "/search/?q=claim"]


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    monkeypatch.setattr(pages, "most_bytes", 8 * 1024 * 1024)
    pages.clear()
    yield
    pages.clear()


@pytest.mark.parametrize("address", PAGES)
def test_what_is_asked_for_again_is_the_same_and_costs_one_query(client, address):
    published.full(1)
    first = client.get(address)
    with CaptureQueriesContext(connection) as captured:
        again = client.get(address)
    assert (again.status_code, len(captured)) == (200, 1)
    assert again.content == first.content
    assert dict(again.headers) == dict(first.headers)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.head(address).headers["ETag"] == first["ETag"]


@pytest.mark.parametrize("address", PAGES)
def test_a_release_of_anything_forgets_it(client, address):
    made = published.full(1)
    client.get(address)
    Claim.objects.filter(pk=made["claim"].pk).update(statement="Said otherwise of the claim.")
    published.publish(made["claim"])
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) > 1


def test_what_is_published_withdrawn_merged_or_corrected_is_seen_at_once(client):
    made = published.full(1)
    claim = made["claim"]
    assert client.get("/claims/claim-1/").status_code == 200
    Claim.objects.filter(pk=claim.pk).update(statement="Now it says this.")
    published.publish(claim)
    assert "Now it says this." in client.get("/claims/claim-1/").content.decode()
    published.publish(records.rebuttal(claim, "another", text="It never was so."))
    assert "It never was so." in client.get("/claims/claim-1/").content.decode()
    published.publish(records.correction(claim, "second", said="It was wrongly said."))
    assert client.get("/claims/claim-1/").content.decode().count('class="correction"') == 2
    lone = cases.out("lone")
    assert client.get("/claims/lone/").status_code == 200
    assert client.get("/claims/lone/").status_code == 200
    published.withdraw(lone)
    assert client.get("/claims/lone/").status_code == 410


def test_each_address_host_scheme_and_order_of_names_has_its_own(client):
    published.full(1)
    bodies = {
        client.get("/claims/claim-1/").content,
        client.get("/claims/claim-1/", headers={"Host": "localhost"}).content,
        client.get("/claims/claim-1/", secure=True).content,
        client.get("/claims/").content,
        client.get("/claims/?rating=accurate").content,
    }
    assert len(bodies) == 5
    client.cookies["names-first"] = "abc"
    with CaptureQueriesContext(connection) as captured:
        client.get("/claims/claim-1/")
    assert len(captured) > 1


def test_what_is_not_there_is_asked_of_the_book_each_time(client):
    published.full(1)
    assert client.get("/claims/later/").status_code == 404
    cases.out("later")
    assert client.get("/claims/later/").status_code == 200


def test_without_a_release_nothing_is_kept(client):
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    assert len(captured) > 1


def test_the_longest_unasked_goes_first_and_nothing_takes_all_the_room():
    cache = PageCache(10 * (BESIDE + 100))
    for number in range(10):
        cache.keep("book", (str(number), ""), HttpResponse(b"x" * 100))
    assert cache.get("book", ("0", "")).content == b"x" * 100
    cache.keep("book", ("10", ""), HttpResponse(b"y" * 100))
    assert cache.get("book", ("1", "")) is None
    assert cache.get("book", ("0", "")) is not None
    cache.keep("book", ("0", ""), HttpResponse(b"z" * 100))
    assert cache.get("book", ("0", "")).content == b"z" * 100
    assert cache.get("book", ("2", "")) is not None
    cache.keep("book", ("large", ""), HttpResponse(b"x" * 5_000))
    assert cache.get("book", ("large", "")) is None


def test_what_is_streamed_failed_or_sets_a_cookie_is_not_kept():
    cache = PageCache(1_000_000)
    cookie = HttpResponse("x")
    cookie.set_cookie("a", "b")
    for response in (StreamingHttpResponse(["x"]), HttpResponse("x", status=404), cookie):
        cache.keep("book", ("x", ""), response)
        assert cache.get("book", ("x", "")) is None


def test_another_state_of_the_book_has_none_of_it():
    cache = PageCache(1_000_000)
    cache.keep("one", ("x", ""), HttpResponse("x"))
    assert cache.get("two", ("x", "")) is None
    cache.keep("two", ("y", ""), HttpResponse("y"))
    assert cache.get("one", ("x", "")) is None
    assert cache.get("two", ("x", "")) is None
