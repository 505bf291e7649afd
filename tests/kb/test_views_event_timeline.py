"""The timeline of all published events: counted by periods, opened into shorter ones, narrowed to a place."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.book import periods
from kb.book.facets import value
from kb.editorial.dates import DateSpan
from kb.views import calendar, event_timeline
from tests.book import cases
from tests.kb import published, records
from tests.kb.test_views import page, queries, text
from tests.support.plans import scanned

pytestmark = pytest.mark.django_db

TIMELINE = "/timeline/"


def event(key: str, when: str, *places, **fields):
    record = records.event(key, title=f"The {key}", when=when, **fields)
    record.places.set(places)
    published.publish(record)
    return record


def counted(html: str) -> dict[str, str]:
    """The periods in the list under the drawing, and how many events each has."""
    rows = re.findall(r'<li><a href="[^"]*">([^<]*)</a> <span class="count">([^<]*)</span>', html)
    return dict(rows)


def events_on(html: str) -> list[str]:
    part = html[html.index('id="events"') :]
    return re.findall(r'<a href="/events/([a-z0-9-]+)/"', part)


def test_it_answers_before_anything_is_published(client):
    assert "No event with a date has been published yet." in text(page(client, TIMELINE))


def test_events_are_counted_by_the_periods_that_fit_and_each_opens_into_shorter_ones(client):
    event("treaty", "1855-02-07")
    event("landing", "1945-08-28")
    event("war", "1945-08-09")
    html = page(client, TIMELINE)
    assert counted(html) == {"1850 to 1859": "1", "1940 to 1949": "2"}
    html = page(client, f"{TIMELINE}?date=1940/1949")
    assert counted(html) == {}  # in one year all of them, which needs no drawing
    assert events_on(html) == ["war", "landing"]
    html = page(client, f"{TIMELINE}?date=1945-08")
    assert counted(html) == {"9 August 1945": "1", "28 August 1945": "1"}
    assert f'href="{TIMELINE}?date=1945-08-28"' in html
    assert f'href="{TIMELINE}?date=1945"' in html


def test_what_is_dated_less_closely_is_named_beside_the_periods_and_not_put_into_one(client, monkeypatch):
    event("landing", "1945-08-28")
    event("war", "1945-08-09")
    event("hunger", "1945")
    monkeypatch.setattr(event_timeline, "MOST_ROWS", 2)
    html = page(client, f"{TIMELINE}?date=1945-08")
    assert counted(html) == {"9 August 1945": "1", "28 August 1945": "1"}
    beside = html[html.index('id="longer"') : html.index('id="events"')]
    assert "The hunger" in beside
    assert sorted(events_on(html)) == ["hunger", "landing", "war"]


def test_it_is_narrowed_as_the_list_of_events_is(client):
    kurils = records.place("kurils", "Kurils", "千島列島")
    iturup = records.place("iturup", "Iturup", part_of=kurils)
    topic = records.topic("law")
    landing, treaty = event("landing", "1945-08-28"), event("treaty", "1855")
    claim = cases.said()
    claim.topics.add(topic)
    claim.events.add(landing)
    for record in (landing, treaty):
        record.places.add(iturup)
    published.publish(kurils, iturup, topic, landing, treaty, claim.appearances.get().source, claim)
    # A place by any name, with its parts.
    for place in ("kurils", "千島列島"):
        assert events_on(page(client, f"{TIMELINE}?place={place}")) == ["treaty", "landing"]
    html = page(client, f"{TIMELINE}?place=kurils&topic=law")
    assert events_on(html) == ["landing"]
    assert 'href="/events/?place=kurils&amp;topic=law"' in html
    listed = page(client, "/events/?place=kurils&topic=law")
    assert re.findall(r'<a href="/events/([a-z]+)/"', listed) == ["landing"]
    assert 'href="/timeline/?place=kurils&amp;topic=law"' in listed
    assert events_on(page(client, f"{TIMELINE}?place=kurils&date=1855&sort=-date")) == ["treaty"]
    assert "No published event is known to have been then." in text(
        page(client, f"{TIMELINE}?topic=law&date=1855")
    )
    assert 'href="/events.json?date=1945" type="application/json"' in page(client, "/timeline/?date=1945")


def test_few_events_are_drawn_one_by_one_within_the_time_asked_for(client):
    event("landing", "1945-08-28")
    event("occupation", "1945-08-30/1952")
    html = page(client, f"{TIMELINE}?date=1945-08")
    assert html.count('<rect class="bar') == 2
    assert "vague" not in html  # what is not certain of the second one is in 1952
    assert "1950" not in html[html.index("<svg") : html.index("</svg>")]


def test_events_without_a_date_are_said_to_be_there(client):
    event("landing", "1945-08-28")
    event("rumour", "")
    assert "1 event has no settled date." in text(page(client, TIMELINE))


@pytest.mark.parametrize(
    "query",
    ["date=1945/..", "date=../1945", "date=-0044", "date=-9999/9999", "date=0000", "date=Y-12345", "date="],
)
def test_open_and_far_times_are_answered(client, query):
    event("landing", "1945-08-28")
    event("ides", "-0043-03-15")
    page(client, f"{TIMELINE}?{query}")


@pytest.mark.parametrize(
    "query",
    [
        "date=nan",
        "date=1945/1940",
        "date=Y99999999999999999999",
        "date=" + "9" * 300,
        "date=..",
        "place=nowhere",
        "place=%ED%A0%80",
        "place=" + "a" * 500,
        "date=1&date=x",
    ],
)
def test_what_cannot_be_shown_is_said(client, query):
    event("landing", "1945-08-28")
    assert 'class="error"' in page(client, f"{TIMELINE}?{query}", 400)


def test_it_asks_no_more_for_three_events_than_for_one(client):
    place = records.place("iturup", "Iturup")
    published.publish(place)
    event("landing-0", "1945-08-01", place)
    one = queries(client, f"{TIMELINE}?date=1945")
    for number in (1, 2):
        event(f"landing-{number}", f"1945-08-0{number + 1}", place)
    assert queries(client, f"{TIMELINE}?date=1945") == one


@pytest.mark.parametrize("narrowed", [0, 2])
def test_no_table_is_read_whole(narrowed):
    place, topic = records.place("iturup", "Iturup"), records.topic("law")
    landing = event("landing", "1945-08-28", place)
    event("war", "1941", place)
    claim = cases.said()
    claim.topics.add(topic)
    claim.events.add(landing)
    published.publish(place, topic, landing, claim.appearances.get().source, claim)
    given = [value("event", "place", place.uid), value("event", "topic", topic.uid)]
    with CaptureQueriesContext(connection) as captured:
        events = periods.chosen(given[:narrowed])
        first, last = periods.extent(events)
        drawn = calendar.periods(first, last, calendar.unit_for(first, last))
        edges = [period.first for period in drawn] + [drawn[-1].following]
        assert sum(periods.counts(events, edges, 2)) == (1 if narrowed else 2)
        periods.longer(events, (first, last), 2)
        periods.undated(events)
    read = scanned(query["sql"] for query in captured)
    assert [name for name in read if name.startswith("book_") or name in ("f", "o")] == []


# --- the calendar ---------------------------------------------------------------------------------------------


def minutes(edtf: str) -> tuple[int, int]:

    span = DateSpan.parse(edtf)
    return span.earliest, span.latest


@pytest.mark.parametrize(
    ("edtf", "unit", "number", "first", "last"),
    [
        ("1945-08", "day", 31, "1945-08-01", "1945-08-31"),
        ("1945", "month", 12, "1945-01", "1945-12"),
        ("1940/1949", "year", 10, "1940", "1949"),
        ("1850/1949", "year", 10, "1850/1859", "1940/1949"),
        ("-0050/0049", "year", 10, "-0050/-0041", "0040/0049"),
        ("0001/1949", "year", 20, "0000/0099", "1900/1999"),
    ],
)
def test_periods_are_the_smallest_of_which_a_drawing_holds_all(edtf, unit, number, first, last):
    span = minutes(edtf)
    drawn = calendar.periods(*span, calendar.unit_for(*span))
    assert (drawn[0].unit.name, len(drawn), drawn[0].edtf, drawn[-1].edtf) == (unit, number, first, last)
    assert [period.following for period in drawn[:-1]] == [period.first for period in drawn[1:]]
    for period in drawn:
        assert minutes(period.edtf) == (period.first, period.following - 1)


@pytest.mark.parametrize(
    ("edtf", "wider"),
    [
        ("1945-08-28", "1945-08"),
        ("1945-08", "1945"),
        ("1945", "1940/1949"),
        ("1940/1949", "1900/1999"),
        ("1900/1999", "1000/1999"),
        ("1000/1999", None),
    ],
)
def test_each_period_is_within_a_wider_one(edtf, wider):
    assert calendar.wider(*minutes(edtf)) == wider
