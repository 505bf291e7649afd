"""What a page costs does not grow with how much is said about the same: a claim about a much discussed event."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.book import reading
from kb.views import claim as view
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


@pytest.fixture
def about(monkeypatch):
    monkeypatch.setattr(view, "PAGE_SIZE", 2)
    event, where = records.event(), records.source("somewhere")

    def make(number: int) -> None:
        made = [cases.said(f"claim-{number}-{n}", where) for n in range(number)]
        for one in made:
            one.events.add(event)
        published.publish(where, event, *made)

    return make


def context():
    page = reading.get("claim", "claim-2-0")
    return view.claim_context(page, alone=False)


def test_few_are_all_read(about):
    about(2)
    found = context()
    assert [other.key for other in found["others"]] == ["claim-2-1"]
    assert found["others_count"] == 1


def test_of_many_as_many_as_are_shown_are_read_and_all_are_counted(about):
    about(2)
    about(7)
    found = context()
    assert 2 < len(found["others"]) <= 4
    assert found["others_count"] == 8


def test_many_are_counted_up_to_a_bound(about, monkeypatch):
    monkeypatch.setattr(view, "MOST", 4)
    about(2)
    about(7)
    assert context()["others_count"] == 4


def test_the_queries_are_the_same_but_for_the_count(about, client):
    about(2)
    about(3)
    counts = []
    for more in (0, 6):
        if more:
            about(more)
        client.get("/claims/claim-2-0/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/claims/claim-2-0/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
