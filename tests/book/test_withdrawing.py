"""Withdrawing: what stays, what is refused, and coming back."""

import pytest

from kb.book import reading, writing
from kb.book.models import ClaimEntry, Reference, Release, SourceText, Version
from kb.book.search.results import search
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def test_a_withdrawn_record_leaves_its_tombstone():
    topic = records.topic()
    published.publish(topic)
    outcome = published.withdraw(topic, why="It was unsound.")
    assert (outcome.withdrawn, outcome.release.number) == ([topic], 2)
    for ask in (lambda: reading.get("topic", "islands"), lambda: reading.get_version("topic", "islands", 1)):
        with pytest.raises(reading.Gone) as gone:
            ask()
        assert gone.value.page == reading.Tombstone(
            "topic", "islands", "Withdrawn topic", outcome.release.at, "It was unsound."
        )


def test_a_withdrawn_record_leaves_lists_search_and_references():
    claim, topic = cases.said(), records.topic()
    claim.topics.add(topic)
    published.publish(claim.appearances.get().source, topic, claim)
    assert [one.label.uid for one in search("statement").results] == [claim.uid]
    published.withdraw(claim)
    assert ClaimEntry.objects.count() == 0
    assert not Reference.objects.filter(source=claim.uid).exists()
    assert search("statement").results == []
    assert reading.referring([topic.uid], "topic") == []
    assert reading.documents([claim.uid]) == {}


def test_a_withdrawn_record_is_named_as_withdrawn_and_says_nothing_of_itself():
    topic = records.topic()
    published.publish(topic)
    published.withdraw(topic)
    label = reading.labels([topic.uid])[topic.uid]
    assert (label.text, label.withdrawn, label.card, label.parts) == ("Withdrawn topic", True, {}, ())


def test_a_withdrawn_source_takes_its_text_with_it():
    source = records.source()
    text = records.snapshot(source)
    type(text).objects.update(rights="public")
    published.publish(source)
    assert SourceText.objects.count() == 1
    published.withdraw(source)
    assert SourceText.objects.count() == 0


def test_what_something_published_rests_on_stays_and_what_rests_on_it_is_named():
    claim = cases.out()
    source = claim.appearances.get().source
    with pytest.raises(writing.Blocked) as refused:
        published.withdraw(source)
    (blocker,) = refused.value.blockers
    assert blocker.message == (
        "The published claim “Statement of islands-taken.” rests on “The source-of-islands-taken”. Withdraw both, or "
        "change it."
    )
    assert (blocker.record, blocker.needs) == (source, claim)
    assert Release.objects.count() == 1


def test_a_claim_stays_while_its_rebuttal_does_and_a_rebuttal_while_its_answer_does():
    claim = cases.out()
    challenge = records.rebuttal(claim)
    answer = records.rebuttal(claim, "answer", replies_to=challenge)
    published.publish(challenge, answer)
    for record, resting in ((claim, {challenge, answer}), (challenge, {answer})):
        with pytest.raises(writing.Blocked) as refused:
            published.withdraw(record)
        assert {blocker.needs for blocker in refused.value.blockers} == resting


def test_what_rests_on_it_can_leave_with_it():
    claim = cases.out()
    source = claim.appearances.get().source
    assert set(published.withdraw(source, claim).withdrawn) == {source, claim}


def test_what_no_longer_rests_on_it_does_not_hold_it():
    claim = cases.out()
    source = claim.appearances.get().source
    records.appearance(claim, records.source("pamphlet"))
    claim.appearances.get(source=source).delete()
    with pytest.raises(writing.Blocked):
        published.withdraw(source)
    published.publish(*(row.source for row in claim.appearances.all()), claim)
    assert published.withdraw(source).withdrawn == [source]


def test_an_entry_of_the_ledger_is_never_withdrawn():
    claim = cases.out()
    draft = records.correction(claim)
    published.publish(draft)
    (entry,) = cases.again(draft)
    with pytest.raises(writing.Blocked, match="Correction № 1 is an entry of the ledger and stays"):
        published.withdraw(entry)


def test_an_entry_of_the_ledger_does_not_hold_its_claim():
    claim = cases.out()
    published.publish(records.correction(claim))
    published.withdraw(claim)
    assert reading.get_correction(1).document["claim"] == claim.uid


def test_what_never_was_published_or_is_withdrawn_already_is_passed_over():
    topic, never = records.topic(), records.topic("seas")
    published.publish(topic)
    published.withdraw(topic)
    assert published.withdraw(topic, never) == writing.Outcome()
    assert Release.objects.count() == 2


def test_published_again_its_numbers_go_on():
    claim, event = cases.said(), records.event(when="1945-08-18")
    claim.events.add(event)
    published.publish(claim.appearances.get().source, event, claim)
    before = cases.snapshot()
    published.withdraw(claim)
    outcome = published.publish(claim)
    assert [(record.pk, number) for record, number in outcome.published] == [(claim.pk, 2)]
    assert [note.number for note in reading.history(claim.uid)] == [2, 1]
    after = cases.snapshot()
    for table in ("Reference", "ClaimEntry", "Address"):
        shown = [row[1:] if table == "Reference" else row for row in before[table]]
        assert [row[1:] if table == "Reference" else row for row in after[table]] == shown
    assert Version.objects.filter(uid=claim.uid).count() == 2


def test_withdrawing_an_event_moves_its_claims_to_the_date_of_their_source():
    source = records.source(issued="2016-12-05")
    claim, event = cases.said(where=source), records.event(when="1945-08-18")
    claim.events.add(event)
    published.publish(source, event, claim)
    assert ClaimEntry.objects.get().sort_date == reading.events().get().when
    published.withdraw(event)
    assert ClaimEntry.objects.get().sort_date == reading.sources().get().issued
    published.publish(event)
    assert ClaimEntry.objects.get().sort_date == reading.events().get().when


def test_withdrawing_takes_as_many_queries_for_thirty_as_for_one():
    source = records.source()
    published.publish(source)
    claims = [cases.said(f"claim-{n}", source) for n in range(31)]
    published.publish(*claims)
    by = published.publisher()
    few = cases.queries(lambda: writing.withdraw(claims[:1], by=by, why="One."))
    assert cases.queries(lambda: writing.withdraw(claims[1:], by=by, why="Thirty.")) == few
