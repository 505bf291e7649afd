"""What stands in the way of publishing, and the ways out."""

import pytest

from kb.book import reading, writing
from kb.book.blocking import Blocker
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def needs(blockers: list[Blocker]) -> list[tuple[str, str, str | None]]:
    return [
        (blocker.record.key, blocker.message, blocker.needs.key if blocker.needs else None)
        for blocker in blockers
    ]


def test_a_claim_needs_an_appearance():
    claim = records.claim()
    assert needs(writing.blockers([claim])) == [
        (
            claim.key,
            "“Statement of islands-taken.” has no appearance. Record where it was said.",
            None,
        )
    ]


def test_a_claim_needs_the_source_of_each_appearance():
    claim = records.claim()
    for key in ("editorial", "pamphlet"):
        records.appearance(claim, records.source(key))
    published.publish(claim.appearances.first().source)
    assert needs(writing.blockers([claim])) == [
        (
            claim.key,
            "“Statement of islands-taken.” needs the source “The pamphlet”, which is not published.",
            "pamphlet",
        )
    ]


def test_a_rebuttal_needs_its_claim_and_the_rebuttal_that_it_answers():
    claim = cases.said()
    first = records.rebuttal(claim)
    answer = records.rebuttal(claim, "answer", replies_to=first)
    assert sorted(needs(writing.blockers([answer]))) == [
        (
            "answer",
            "“Rebuttal of “Statement of islands-taken.”” needs the claim “Statement of islands-taken.”, "
            "which is not published.",
            "islands-taken",
        ),
        (
            "answer",
            "“Rebuttal of “Statement of islands-taken.”” needs the rebuttal "
            "“Rebuttal of “Statement of islands-taken.””, which is not published.",
            "comment",
        ),
    ]


def test_a_correction_needs_its_claim_its_rebuttal_and_the_entry_that_it_corrects():
    claim = cases.said()
    challenge = records.rebuttal(claim)
    first = records.correction(claim)
    second = records.correction(claim, "second", rebuttal=challenge, corrects=first)
    assert sorted(key for _, _, key in needs(writing.blockers([second]))) == [
        *("comment", "first", "islands-taken")
    ]


def test_a_delivery_needs_its_correction():
    claim = cases.out()
    delivery = records.Delivery.objects.create(
        key="letter", correction=records.correction(claim), appearance=claim.appearances.get()
    )
    assert [key for _, _, key in needs(writing.blockers([delivery]))] == ["first"]


def test_a_withdrawn_source_blocks_like_one_never_published():
    claim = cases.said()
    source = claim.appearances.get().source
    published.publish(source)
    published.withdraw(source)
    assert [key for _, _, key in needs(writing.blockers([claim]))] == [source.key]


@pytest.mark.parametrize("kind", ["agent", "source", "topic", "place", "event", "desk", "naming-policy"])
def test_records_of_other_kinds_are_never_blocked(kind):
    made = {
        "agent": records.agent,
        "source": lambda: records.source(in_reply_to=records.source("other")),
        "topic": records.topic,
        "place": lambda: records.place(part_of=records.place("kurils")),
        "event": lambda: records.event(part_of=records.event("war")),
        "desk": records.desk,
        "naming-policy": lambda: records.naming_policy((records.agent(), records.agent("russia"))),
    }[kind]()
    assert writing.blockers([made]) == []
    assert len(published.publish(made).published) == 1


def test_what_goes_out_with_it_stands_in_no_ones_way():
    claim = cases.said()
    assert writing.blockers([claim.appearances.get().source, claim]) == []


def test_a_release_that_is_blocked_says_all_of_it_and_publishes_nothing():
    topic, claim = records.topic(), cases.said()
    with pytest.raises(writing.Blocked) as refused:
        published.publish(topic, claim, records.claim("without"))
    assert str(refused.value) == (
        "“Statement of without.” has no appearance. Record where it was said. “Statement of islands-taken.” needs the "
        "source “The source-of-islands-taken”, which is not published."
    )
    assert reading.release_number() == 0


def test_the_way_out_is_to_publish_all_that_is_needed_through_the_whole_chain():
    claim = cases.said()
    challenge = records.rebuttal(claim)
    answer = records.rebuttal(claim, "answer", replies_to=challenge)
    first = records.correction(claim, rebuttal=answer)
    second = records.correction(claim, "second", corrects=first)
    delivery = records.Delivery.objects.create(
        key="letter", correction=second, appearance=claim.appearances.get()
    )
    together = writing.with_requirements([delivery])
    assert together[0] == delivery
    assert sorted(cases.keys(together)) == [
        *("answer", "comment", "first", "islands-taken", "letter", "second", "source-of-islands-taken")
    ]
    assert writing.blockers(together) == []
    assert len(published.publish(*together).published) == 7


def test_what_nothing_can_help_stays_as_it_is():
    claim = records.claim()
    assert writing.with_requirements([claim]) == [claim]


# --- addresses ------------------------------------------------------------------------------------------------


def test_a_renamed_record_is_found_at_its_old_address_too():
    topic = records.topic()
    published.publish(topic)
    cases.edit(topic, key="isles")
    assert reading.get("topic", "islands").key == "islands"
    with pytest.raises(reading.NotFound):
        reading.get("topic", "isles")
    published.publish(topic)
    assert reading.get("topic", "isles").number == 2
    with pytest.raises(reading.Moved) as moved:
        reading.get("topic", "islands")
    assert (moved.value.kind, moved.value.key) == ("topic", "isles")
    with pytest.raises(reading.Moved):
        reading.get_version("topic", "islands", 1)


def test_a_record_renamed_twice_leads_from_every_old_address_to_the_newest():
    topic = records.topic()
    for key in ("islands", "isles", "islets"):
        cases.edit(topic, key=key)
        published.publish(topic)
    for old in ("islands", "isles"):
        with pytest.raises(reading.Moved) as moved:
            reading.get("topic", old)
        assert moved.value.key == "islets"


def test_a_record_can_have_its_own_old_key_back():
    topic = records.topic()
    for key in ("islands", "isles", "islands"):
        cases.edit(topic, key=key)
        published.publish(topic)
    assert reading.get("topic", "islands").number == 3
    with pytest.raises(reading.Moved):
        reading.get("topic", "isles")


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_key_that_led_to_another_record_is_never_given_to_a_second(withdrawn):
    topic = records.topic()
    published.publish(topic)
    if withdrawn:
        published.withdraw(topic)
    cases.edit(topic, key="isles")
    second = records.topic("islands")
    assert needs(writing.blockers([second])) == [
        (
            "islands",
            "The key “islands” once led readers to another topic. Choose another key.",
            None,
        )
    ]
    with pytest.raises(writing.Blocked, match="Choose another key"):
        published.publish(second)


def test_a_key_is_free_for_a_record_of_another_kind():
    published.publish(records.topic())
    assert writing.blockers([records.event("islands")]) == []


def test_two_records_cannot_change_keys_with_each_other():
    one, other = records.topic("one"), records.topic("other")
    published.publish(one, other)
    cases.edit(one, key="third")
    cases.edit(other, key="one")
    cases.edit(one, key="other")
    with pytest.raises(writing.Blocked) as refused:
        published.publish(one, other)
    assert [blocker.record.key for blocker in refused.value.blockers] == ["one", "other"]
    assert reading.get("topic", "one").document["name"] == "One"
