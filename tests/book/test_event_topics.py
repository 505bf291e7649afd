"""Events come under the topics of the claims about them, as long as one published claim says so."""

import pytest

from kb.book import rebuilding
from kb.book.listing import Selection, page, value
from kb.models import Claim, Event, Topic
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def events_under(topic: Topic) -> list[str]:
    return sorted(
        entry.key for entry in page(Selection("event", (value("event", "topic", topic.uid),))).entries
    )


def about(key: str, event: Event, *topics: Topic) -> Claim:
    claim = cases.said(key)
    claim.events.add(event)
    claim.topics.set(topics)
    published.publish(claim.appearances.get().source, claim)
    return claim


def test_an_event_is_under_a_topic_while_one_published_claim_about_it_is():
    war, landing = records.event("war"), records.event("landing")
    islands, law = records.topic("islands"), records.topic("law")
    published.publish(war, landing, islands, law)
    first, second = about("first", war, islands), about("second", war, islands, law)
    assert (events_under(islands), events_under(law)) == (["war"], ["war"])
    first.topics.clear()
    second.topics.set([law])
    first.events.set([landing])
    published.publish(first)
    assert events_under(islands) == ["war"]
    published.publish(second)
    assert (events_under(islands), events_under(law)) == ([], ["war"])
    assert rebuilding.rebuild_book() == []
    published.withdraw(second)
    assert events_under(law) == []


def test_one_more_claim_under_the_same_topic_does_not_have_its_event_read_again():
    war, islands = records.event("war"), records.topic("islands")
    published.publish(war, islands)
    for number in range(2):
        about(f"claim-{number}", war, islands)
    spent = []
    for number in range(2, 4):
        claim = cases.said(f"claim-{number}")
        claim.events.add(war)
        claim.topics.add(islands)
        spent.append(
            cases.queries(lambda claim=claim: published.publish(claim.appearances.get().source, claim))
        )
    assert spent[0] == spent[1]
    assert events_under(islands) == ["war"]
