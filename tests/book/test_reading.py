"""Reading what is published: versions with the names of then, pages with the names of today."""

from datetime import timedelta

import pytest

from kb.book import reading
from kb.models import Evidence
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim():
    """A published claim about a place, said by an agent."""
    claim, place, agent = cases.said(), records.place("iturup", "Iturup"), records.agent()
    claim.places.add(place)
    claim.appearances.get().claimants.add(agent)
    published.publish(place, agent, claim.appearances.get().source, claim)
    return claim


def test_a_page_has_the_document_and_when_why_and_where_it_came_from(claim):
    page = reading.get("claim", "islands-taken")
    assert (page.kind, page.key, page.uid) == ("claim", "islands-taken", claim.uid)
    assert (page.number, page.current, page.is_current, page.release) == (1, 1, True, 1)
    assert page.why == "First published."
    assert set(page.labels) == {uid for _, uid in reading.references(page.document)} | {claim.uid}


def test_a_page_of_today_has_the_names_of_today_and_an_old_version_those_of_then(claim):
    place, agent = claim.places.get(), claim.appearances.get().claimants.get()
    cases.edit(claim, statement="Said otherwise.")
    published.publish(claim)
    place.names.update(text="Etorofu")
    cases.edit(agent, name="State of Japan", key="state-of-japan")
    published.publish(place, agent)
    now, then = reading.get("claim", claim.key), reading.get_version("claim", claim.key, 1)
    assert (now.labels[place.uid].text, now.labels[agent.uid].text) == ("Etorofu", "State of Japan")
    assert now.labels[agent.uid].url == "/agents/state-of-japan/"
    assert (then.labels[place.uid].text, then.labels[agent.uid].text) == ("Iturup", "Japan")
    assert then.labels[place.uid].parts == (("Iturup", "en"),)
    assert (then.number, then.current, then.is_current) == (1, 2, False)
    assert then.document["statement"] == "Statement of islands-taken."
    assert reading.get_version("claim", claim.key, 2).labels[place.uid].text == "Iturup"


def test_a_version_has_the_names_by_the_policy_of_its_own_release():
    japan, russia, place = records.agent(), records.agent("russia"), records.place()
    for text, party in (("Etorofu", japan), ("Iturup", russia)):
        place.names.create(text=text, language="en").used_by.add(party)
    claim = cases.said()
    claim.places.add(place)
    published.publish(japan, russia, place)
    published.publish(claim.appearances.get().source, claim, records.naming_policy((russia, japan)))
    labels = reading.get_version("claim", claim.key, 1).labels
    assert labels[place.uid].text == "Iturup / Etorofu"
    assert labels[place.uid].text == reading.get("claim", claim.key).labels[place.uid].text


def test_records_of_one_release_are_named_as_that_release_names_them(claim):
    place = claim.places.get()
    place.names.update(text="Etorofu")
    cases.edit(claim, statement="Said otherwise.")
    published.publish(claim, place)
    assert reading.get_version("claim", claim.key, 2).labels[place.uid].text == "Etorofu"


@pytest.mark.parametrize("kind", ["claim", "topic"])
def test_an_address_that_never_was_is_not_found(claim, kind):
    with pytest.raises(reading.NotFound):
        reading.get(kind, "nowhere")
    with pytest.raises(reading.NotFound):
        reading.get_version(kind, "nowhere", 1)


def test_a_version_that_never_was_is_not_found(claim):
    for number in (0, 2, 2**31):
        with pytest.raises(reading.NotFound):
            reading.get_version("claim", "islands-taken", number)


def test_a_record_is_found_under_its_own_kind_alone(claim):
    with pytest.raises(reading.NotFound):
        reading.get("topic", "islands-taken")


def test_a_draft_is_not_found_and_never_named():
    topic = records.topic()
    with pytest.raises(reading.NotFound):
        reading.get("topic", topic.key)
    assert reading.labels([topic.uid]) == {}
    assert reading.labels([topic.uid]).name_of(topic.uid) == topic.uid


def test_what_a_document_refers_to_is_named_only_if_published(claim):
    hidden = records.source("pamphlet")
    Evidence.objects.create(claim=claim, source=hidden, relation="supports")
    claim.topics.add(records.topic())
    published.publish(claim)
    labels = reading.get("claim", claim.key).labels
    assert hidden.uid not in labels
    assert {label.kind for label in labels.values()} == {"claim", "place", "agent", "source"}


def test_old_addresses_of_a_withdrawn_record_lead_to_its_tombstone():
    topic = records.topic()
    published.publish(topic)
    cases.edit(topic, key="isles")
    published.publish(topic)
    published.withdraw(topic)
    with pytest.raises(reading.Moved) as moved:
        reading.get("topic", "islands")
    with pytest.raises(reading.Gone):
        reading.get("topic", moved.value.key)


def test_labels_of_many_records_take_one_query(django_assert_num_queries):
    topics = [records.topic(f"topic-{n}") for n in range(40)]
    published.publish(*topics)
    with django_assert_num_queries(1):
        assert len(reading.labels(topic.uid for topic in topics)) == 40


def test_a_page_takes_as_many_queries_with_many_rows_as_with_one():
    counts = []
    for number in (1, 6):
        made = published.full(number)
        counts.append(cases.queries(lambda made=made: reading.get("claim", made["claim"].key)))
    assert counts[0] == counts[1] == 2


def test_history_takes_one_query_and_leaves_the_documents_where_they_are(django_assert_num_queries):
    topic = records.topic()
    for name in ("Islands", "Isles", "Islets"):
        cases.edit(topic, name=name)
        published.publish(topic, why=f"Called {name}.")
    with django_assert_num_queries(1):
        notes = reading.history(topic.uid)
    assert [(note.number, note.why) for note in notes] == [
        (3, "Called Islets."),
        (2, "Called Isles."),
        (1, "Called Islands."),
    ]
    assert all(
        later.released_at - earlier.released_at >= timedelta(0)
        for later, earlier in zip(notes, notes[1:], strict=False)
    )


def test_compare_names_records_as_today(claim):
    topic = records.topic()
    published.publish(topic)
    claim.topics.add(topic)
    published.publish(claim)
    older, newer = (reading.get_version("claim", claim.key, n).document for n in (1, 2))
    assert [(c.path, c.before, c.after) for c in reading.compare(older, newer)] == [("Topics", "", "Islands")]


def test_what_refers_to_a_record_is_found_by_role_and_kind(claim):
    source, place = claim.appearances.get().source, claim.places.get()
    other = cases.out("another", source)
    assert [d["key"] for d in reading.referring([source.uid], "appearance")] == ["another", "islands-taken"]
    assert [d["key"] for d in reading.referring([source.uid, place.uid], "place", "appearance")] == [
        *("another", "islands-taken")
    ]
    assert reading.referring([source.uid], "evidence") == []
    assert reading.referring([source.uid], "appearance", kinds=["event"]) == []
    assert [d["uid"] for d in reading.referring([source.uid], "appearance", kinds=["claim"])][0] == other.uid


def test_an_edit_at_the_desk_changes_what_refers_to_what_only_when_published(claim):
    topic = records.topic()
    published.publish(topic)
    claim.topics.add(topic)
    assert reading.referring([topic.uid], "topic") == []
    published.publish(claim)
    assert [d["uid"] for d in reading.referring([topic.uid], "topic")] == [claim.uid]
    claim.topics.clear()
    published.publish(claim)
    assert reading.referring([topic.uid], "topic") == []


def test_the_desk_and_the_policy_are_read_as_published():
    assert (reading.desk(), reading.naming_policy()) == ({}, None)
    desk, policy = records.desk(), records.naming_policy()
    published.publish(desk, policy)
    cases.edit(desk, name="Another desk")
    assert reading.desk()["name"] == "The claims desk"
    assert reading.naming_policy()["text"] == "Order implies nothing."
    published.withdraw(policy)
    assert reading.naming_policy() is None


def test_an_entry_of_the_ledger_is_found_by_its_number():
    published.publish(records.correction(cases.out()))
    page = reading.get_correction(1)
    assert (page.key, page.document["number"]) == ("first", 1)
    assert page.labels[page.uid].url == "/corrections/1/"
    with pytest.raises(reading.NotFound):
        reading.get_correction(2)


def test_lists_are_ordered_and_ask_once(django_assert_num_queries):
    for key, issued in (("a", ""), ("b", "2016"), ("c", "2017")):
        published.publish(records.source(key, issued=issued))
    with django_assert_num_queries(1):
        assert [entry.record.key for entry in reading.sources()] == ["c", "b", "a"]


def test_claims_are_asked_for_in_the_words_of_the_desk(claim):
    source, place, agent = claim.appearances.get().source, claim.places.get(), records.agent("russia")
    other = cases.out("another")
    published.publish(records.rebuttal(other))

    def found(queryset):
        return {entry.record.key for entry in queryset}

    assert found(reading.claims()) == {"another", "islands-taken"}
    assert found(reading.claims().about(place.uid)) == {"islands-taken"}
    assert found(reading.claims().made_in(source.uid)) == {"islands-taken"}
    assert found(reading.claims().said_by(claim.appearances.get().claimants.get().uid)) == {"islands-taken"}
    assert found(reading.claims().said_by(agent.uid)) == set()
    assert found(reading.claims().challenged()) == {"another"}
    assert found(reading.claims().rated("accurate")) == set()
    assert found(reading.claims().disputed()) == set()


def test_every_kind_that_has_a_page_is_led_to_by_its_label():
    made = published.full(1)
    found = reading.labels(reading.Record.objects.values_list("uid", flat=True))
    urls = {label.kind: label.url for label in found.values()}
    assert urls["claim"] == f"/claims/{made['claim'].key}/"
    assert urls["correction"] == "/corrections/1/"
    assert urls["delivery"] == ""
    assert all(urls[kind] for kind in urls if kind in reading.PAGES)
