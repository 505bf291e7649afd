"""The public lists as the book reads them: what overlaps a time, places with their parts, pages by key, numbers."""

from dataclasses import replace

import pytest

from kb.book import listing
from kb.book.facets import span_of
from kb.book.listing import Cursor, Order, Selection, value
from kb.models import Event
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db

LATEST = Order("begin", descending=True)


def keys(selection: Selection) -> list[str]:
    return [entry.key for entry in listing.every(selection, size=2)]


def about(key: str, *events: Event) -> None:
    """A published claim about events, which are published with it."""
    claim = cases.said(key)
    claim.events.add(*events)
    published.publish(*events, claim.appearances.get().source, claim)


def asked(edtf: str, which: str = "date") -> Selection:
    return Selection("claim", **{which: span_of(edtf)})


# --- times ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "time", "found"),
    [
        ("1945", "1945-08", True),
        ("1945-08", "1945", True),
        ("1945-08-18", "1945-08", True),
        ("1945-08-18", "1945-08-17", False),
        ("1945-08-18/1945-09-05", "1945-09", True),
        ("1945-08-18/1945-09-05", "1945-09-06", False),
        ("194X", "1945-08-09", True),
        ("19XX", "1945-08-09", True),
        ("1855/1945", "1945-12", True),
        ("1855/1945", "1946", False),
        ("../1945", "1700", True),
        ("../1945", "1946", False),
        ("1945/..", "2020", True),
        ("1945/..", "1944", False),
        ("1945-08", "1940/1950", True),
        ("1945-08", "1946/..", False),
        ("", "1945", False),
    ],
)
def test_a_claim_is_found_under_every_time_that_its_event_can_have_been_at(when, time, found):
    about("claim", records.event(when=when))
    assert (keys(asked(time)) == ["claim"]) is found


def test_what_a_claim_states_is_a_time_that_it_is_about():
    claim = records.full(1)["claim"]
    claim.events.clear()
    stated = claim.values.exclude(edtf="").first()
    assert stated is not None
    made = [row.source for row in claim.appearances.select_related("source")]
    published.publish(*made, stated.event, *claim.places.all(), *claim.topics.all(), claim)
    assert keys(asked(stated.edtf)) == [claim.key]
    assert keys(asked("1700")) == []


def test_between_two_events_there_is_nothing_that_a_claim_is_about():
    about("both", records.event("war", when="1904-02"), records.event("landing", when="1945-08-18"))
    assert [keys(asked(time)) for time in ("1904", "1920", "1945", "1900/1950")] == [
        *(["both"], [], ["both"], ["both"])
    ]


def test_the_time_of_the_statement_is_that_of_the_sources_it_was_made_in():
    source = records.source("old", issued="1946-05")
    claim = cases.said("twice", source)
    records.appearance(claim, newer := records.source("new", issued="2016"))
    published.publish(source, newer, claim)
    found = [keys(asked(time, "said")) for time in ("1946", "1980", "2016-12")]
    assert found == [["twice"], [], ["twice"]]
    both = Selection("claim", date=span_of("1946"), said=span_of("1946"))
    assert keys(both) == []


def test_a_time_is_followed_when_the_event_is_published_again():
    event = records.event(when="1945")
    about("claim", event)
    cases.edit(event, when="1946")
    assert keys(asked("1945")) == ["claim"]
    published.publish(event)
    assert (keys(asked("1945")), keys(asked("1946"))) == ([], ["claim"])


# --- places ---------------------------------------------------------------------------------------------------


@pytest.fixture
def islands():
    """Iturup in the Kurils in the Far East; a claim about Iturup."""
    east = records.place("far-east", "Far East")
    kurils = records.place("kurils", "Kurils", part_of=east)
    iturup = records.place("iturup", "Iturup", part_of=kurils)
    claim = cases.said("about-iturup")
    claim.places.add(iturup)
    published.publish(east, kurils, iturup, claim.appearances.get().source, claim)
    return {"far-east": east, "kurils": kurils, "iturup": iturup, "claim": claim}


def at(place) -> list[str]:
    return keys(Selection("claim", (value("claim", "place", place.uid),)))


def test_a_place_is_asked_for_with_its_parts(islands):
    assert [at(islands[key]) for key in ("far-east", "kurils", "iturup")] == [["about-iturup"]] * 3


def test_what_is_about_a_part_goes_with_it_when_it_moves(islands):
    cases.edit(islands["kurils"], part_of=None)
    published.publish(islands["kurils"])
    assert [at(islands[key]) for key in ("far-east", "kurils", "iturup")] == [
        *([], ["about-iturup"], ["about-iturup"])
    ]


def test_above_a_withdrawn_place_nothing_of_its_parts_is_found(islands):
    published.withdraw(islands["kurils"])
    assert [at(islands[key]) for key in ("far-east", "iturup")] == [[], ["about-iturup"]]
    published.publish(islands["kurils"])
    assert at(islands["far-east"]) == ["about-iturup"]


def test_places_in_a_ring_are_all_found_in_each_other(islands):
    type(islands["iturup"]).objects.filter(key="far-east").update(part_of=islands["iturup"])
    published.publish(islands["far-east"])
    assert [at(islands[key]) for key in ("far-east", "kurils", "iturup")] == [["about-iturup"]] * 3


# --- pages ----------------------------------------------------------------------------------------------------


@pytest.fixture
def events():
    """Seven events, four on one day, two without a date."""
    days = {"a": "1945-08-09", "e": "1946"} | dict.fromkeys("bcd", "1945-08-18") | dict.fromkeys("fg", "")
    published.publish(*(records.event(key, when=when) for key, when in days.items()))


def pages(selection: Selection, size: int = 3) -> list[list[str]]:
    found, cursor = [], None
    while True:
        page = listing.page(selection, cursor, size)
        assert page.has_previous is (cursor is not None)
        found.append([entry.key for entry in page.entries])
        if not page.has_next:
            return found
        cursor = page.entries[-1].place


@pytest.mark.parametrize("order", [Order("begin"), LATEST, Order("came", descending=True), Order("label")])
def test_pages_hold_every_record_once_whichever_way_they_are_turned(events, order):
    selection = Selection("event", order=order)
    forward = pages(selection)
    assert [len(keys) for keys in forward] == [3, 3, 1]
    assert sorted(sum(forward, [])) == list("abcdefg")
    last = listing.page(selection, Cursor(back=True), 3)
    assert (last.has_next, last.has_previous) == (False, True)
    back, page = [[entry.key for entry in last.entries]], last
    while page.has_previous:
        place = page.entries[0].place
        page = listing.page(selection, Cursor(place.key, place.record, back=True), 3)
        back.insert(0, [entry.key for entry in page.entries])
    assert sum(back, []) == sum(forward, [])


def test_what_has_no_date_is_last_in_either_direction(events):
    for order in (Order("begin"), LATEST):
        found = sum(pages(Selection("event", order=order)), [])
        assert sorted(found[5:]) == ["f", "g"]
    assert found[0] == "e"


def test_a_place_in_a_list_holds_while_records_come_and_go(events):
    selection = Selection("event")
    first = listing.page(selection, None, 2)
    after = [entry.key for entry in listing.page(selection, first.entries[-1].place, 2).entries]
    published.publish(records.event("earlier", when="1900"))
    published.withdraw(Event.objects.get(key=first.entries[-1].key))
    assert [entry.key for entry in listing.page(selection, first.entries[-1].place, 2).entries] == after


def test_what_was_published_last_of_a_time_is_the_same_whether_much_or_little_is_of_it(monkeypatch):
    for key, when, issued in (
        ("a", "1945", "2016"),
        ("b", "1999", "2016"),
        ("c", "1945-08", "2017"),
        ("d", "", "2016"),
    ):
        event, claim = (
            records.event(f"event-{key}", when=when),
            cases.said(key, records.source(key, issued=issued)),
        )
        claim.events.add(event)
        published.publish(event, claim.appearances.get().source, claim)
    both = Selection("claim", (), span_of("1945"), span_of("2016"), Order("came", descending=True))
    several = [replace(both, said=None), replace(both, date=None), both]
    for most in (5_000, 0):
        monkeypatch.setattr(listing, "MOST", most)
        assert [keys(selection) for selection in several] == [["c", "a"], ["d", "b", "a"], ["a"]]


# --- numbers --------------------------------------------------------------------------------------------------


@pytest.fixture
def three():
    """Three claims, of two kinds, two of them on one topic."""
    topic = records.topic()
    claims = [cases.said(key, kind=kind) for key, kind in (("x", "other"), ("y", "other"), ("z", "quantity"))]
    for claim in claims[:2]:
        claim.topics.add(topic)
    published.publish(topic, *(claim.appearances.get().source for claim in claims), *claims)
    return topic


def test_a_total_is_exact_as_far_as_that_is_worth(three, monkeypatch):
    on, other = value("claim", "topic", three.uid), value("claim", "kind", "other")
    said = span_of("2000/2030")
    assert listing.total(Selection("claim")) == (3, True)
    assert listing.total(Selection("claim", (on, other))) == (2, True)
    assert listing.total(Selection("claim", (on, value("claim", "kind", "quantity")))) == (0, True)
    assert listing.total(Selection("claim", ("claim nothing",))) == (0, True)
    counted = Selection("claim", (on, other, value("claim", "rating", "none")), said=None)
    assert listing.total(counted) == (2, True)
    monkeypatch.setattr(listing, "MOST", 1)
    assert listing.total(counted) == (1, False)
    assert listing.total(Selection("claim", said=said))[1] in (True, False)


def test_choices_say_how_many_each_would_leave(three, monkeypatch):
    on, other, quantity = value("claim", "topic", three.uid), "claim kind other", "claim kind quantity"
    facets = ["kind", "topic", "rating"]
    none = listing.choices(Selection("claim"), facets)
    assert none.numbers == {other: 2, quantity: 1, on: 2, "claim rating none": 3}
    assert none.least == frozenset()
    # Both claims of the topic are of one kind: that tells nothing apart.
    assert listing.choices(Selection("claim", (on,)), facets).numbers == {}
    # Beside a word numbers are kept, too.
    assert listing.choices(Selection("claim", ("claim rating none",)), facets).numbers == {
        other: 2,
        quantity: 1,
        on: 2,
    }
    assert listing.choices(Selection("claim", (other,)), facets).numbers == {}
    monkeypatch.setattr(listing, "LOOKED_AT", 1)
    more = listing.choices(Selection("claim", (on,)), [*facets, "source"])
    assert more.numbers[other] == 2
    assert more.is_exact(other)
    assert [more.is_exact(name) for name in more.numbers if " source " in name] == [False, False]
