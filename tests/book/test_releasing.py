"""Publishing: versions, refusals, what is left out, and that a release is all or nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from kb.book import index, reading, writing
from kb.book.models import Record, Release, SourceText, Version
from kb.editorial.aggregate import EditingState
from kb.models import Claim, Evidence, Rebuttal
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def test_each_release_and_each_version_has_the_next_number():
    topic = records.topic()
    first = published.publish(topic, why="To begin with.")
    other = published.publish(records.topic("seas"))
    cases.edit(topic, name="Isles")
    second = published.publish(topic, why="A better word.")
    assert [o.release.number for o in (first, other, second)] == [1, 2, 3]
    assert [(record.pk, number) for record, number in second.published] == [(topic.pk, 2)]
    assert [(note.number, note.why, note.release) for note in reading.history(topic.uid)] == [
        (2, "A better word.", 3),
        (1, "To begin with.", 1),
    ]
    assert Record.objects.get(uid=topic.uid).version.number == 2


def test_a_release_says_who_when_and_why():
    by, topic = published.publisher(), records.topic()
    made = writing.release([topic], by=by, why="It was time.").release
    made.refresh_from_db()
    assert (made.by, made.why, made.acts) == (by, "It was time.", "{}")
    assert reading.get("topic", "islands").released_at == made.at


def test_what_readers_see_already_makes_no_version_and_no_release():
    topic = records.topic()
    published.publish(topic)
    outcome = published.publish(topic)
    assert outcome.release is None
    assert outcome.published == []
    assert outcome.unchanged == [topic]
    assert (Release.objects.count(), Version.objects.count()) == (1, 1)


def test_an_edit_taken_back_is_no_edit_that_readers_miss():
    topic = records.topic()
    published.publish(topic)
    cases.edit(topic, name="Isles")
    cases.edit(topic, name="Islands")
    (now,) = cases.again(topic)
    assert writing.publication([now])[topic.uid].edited is True
    assert published.publish(topic).unchanged == [topic]
    assert writing.publication([now])[topic.uid] == writing.Publication("published", 1, edited=False)


def test_only_what_has_changed_gets_a_version():
    topic, other = records.topic(), records.topic("seas")
    published.publish(topic, other)
    cases.edit(topic, name="Isles")
    outcome = published.publish(topic, other)
    assert [(record.key, number) for record, number in outcome.published] == [("islands", 2)]
    assert cases.keys(outcome.unchanged) == ["seas"]


def test_the_same_record_given_twice_goes_out_once():
    topic = records.topic()
    outcome = writing.release([topic, *cases.again(topic)], by=published.publisher(), why="Once.")
    assert len(outcome.published) == 1


def test_nothing_given_is_nothing_done():
    assert writing.release([], by=published.publisher(), why="Nothing.") == writing.Outcome()
    assert Release.objects.count() == 0


def test_records_of_every_kind_go_out_in_one_release():
    made = records.full(1)
    desk, policy = records.desk(), records.naming_policy()
    claim = made["claim"]
    sources = [row.source for row in claim.appearances.all()]
    outcome = published.publish(*made.values(), *sources, desk, policy)
    assert {record.kind_name for record, _ in outcome.published} == set(writing.KINDS)
    assert {number for _, number in outcome.published} == {1}
    assert outcome.left_out == []


# --- refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["Contributor", "Editor", "Reader of everything"])
def test_only_publishers_publish(group):
    topic, by = records.topic(), records.account("somebody", group)
    with pytest.raises(PermissionDenied, match="for publishers"):
        writing.release([topic], by=by, why="Because.")
    with pytest.raises(PermissionDenied, match="for publishers"):
        writing.withdraw([topic], by=by, why="Because.")
    assert Release.objects.count() == 0


def test_a_publisher_publishes():
    by = records.account("somebody", "Publisher")
    assert writing.release([records.topic()], by=by, why="Because.").release.by == by


def test_a_record_that_has_changed_since_it_was_read_is_refused_and_named():
    topic, other = records.topic(), records.topic("seas")
    cases.edit(topic, name="Isles")
    with pytest.raises(writing.RevisionConflict) as refused:
        writing.release([topic, other], by=published.publisher(), why="Because.")
    assert [record.name for record in refused.value.records] == ["Isles"]
    assert str(refused.value) == "Changed since you opened it: “Isles”. Look at it again before you publish."
    assert Release.objects.count() == 0


def test_the_revision_that_the_editor_saw_counts_more_than_that_of_the_object():
    topic = records.topic()
    seen = topic.revision
    now = cases.edit(topic, name="Isles")
    with pytest.raises(writing.RevisionConflict):
        writing.release([now], by=published.publisher(), why="No.", expected_revisions={topic.uid: seen})
    outcome = writing.release(
        [topic], by=published.publisher(), why="Yes.", expected_revisions={topic.uid: now.revision}
    )
    assert len(outcome.published) == 1


def test_a_change_to_a_row_of_the_record_counts_as_one():
    claim = cases.out()
    (seen,) = cases.again(claim)
    Evidence.objects.create(claim=claim, source=claim.appearances.get().source, relation="supports")
    with pytest.raises(writing.RevisionConflict):
        writing.release([seen], by=published.publisher(), why="Because.")


def test_a_record_deleted_meanwhile_is_refused_and_named():
    topic = records.topic()
    (seen,) = cases.again(topic)
    topic.delete()
    with pytest.raises(writing.RevisionConflict, match="“Islands”"):
        writing.release([seen], by=published.publisher(), why="Because.")


def test_a_failure_in_the_middle_leaves_nothing(monkeypatch):
    claim = cases.said()
    challenge = records.rebuttal(claim)
    draft = records.correction(claim, rebuttal=challenge)
    source = claim.appearances.get().source
    Claim.objects.filter(pk=claim.pk).update(editing_state=EditingState.IN_REVIEW)
    before = cases.snapshot()

    def fails(released):
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(index, "add", fails)
    with pytest.raises(DatabaseError), transaction.atomic():
        published.publish(source, claim, challenge, draft)
    assert cases.snapshot() == before
    draft.refresh_from_db()
    claim.refresh_from_db()
    assert (draft.number, draft.hash, draft.published_at) == (None, "", None)
    assert claim.editing_state == EditingState.IN_REVIEW


# --- what else it does ----------------------------------------------------------------------------------------


def test_what_has_gone_out_leaves_review_and_its_revision_stays():
    claim = cases.said()
    Claim.objects.filter(pk=claim.pk).update(editing_state=EditingState.IN_REVIEW)
    (seen,) = cases.again(claim)
    published.publish(claim.appearances.get().source, seen)
    (now,) = cases.again(claim)
    assert (now.editing_state, now.revision) == (EditingState.DRAFT, seen.revision)
    assert writing.publication([now])[claim.uid] == writing.Publication("published", 1, edited=False)


def test_the_editor_is_told_what_was_left_out_and_of_what():
    claim = cases.said()
    hidden, topic = records.source("pamphlet"), records.topic()
    Evidence.objects.create(claim=claim, source=hidden, relation="supports")
    claim.topics.add(topic)
    outcome = published.publish(claim.appearances.get().source, claim)
    assert outcome.left_out == [
        "“Islands” is not published, so it is left out of “Statement of islands-taken.”.",
        "“The pamphlet” is not published, so it is left out of “Statement of islands-taken.”.",
    ]
    document = reading.get("claim", "islands-taken").document
    assert (document["topics"], document["evidence"]) == ([], [])


def test_what_goes_out_with_it_is_not_left_out():
    claim, topic = cases.said(), records.topic()
    claim.topics.add(topic)
    outcome = published.publish(claim.appearances.get().source, claim, topic)
    assert outcome.left_out == []
    assert reading.get("claim", "islands-taken").document["topics"] == [topic.uid]


def test_the_desk_is_not_counted_as_edited_by_being_published():
    made = published.full(2)
    stands = writing.publication(cases.again(*made.values()))
    assert {uid: (one.state, one.edited) for uid, one in stands.items()} == {
        record.uid: ("published", False) for record in made.values()
    }


def test_a_claim_and_its_rebuttal_and_its_correction_go_out_in_one_release():
    claim = cases.said()
    challenge = records.rebuttal(claim)
    draft = records.correction(claim, rebuttal=challenge)
    outcome = published.publish(claim.appearances.get().source, draft, challenge, claim)
    assert [record.kind_name for record, _ in outcome.published] == [
        *("source", "claim", "rebuttal", "correction")
    ]


def test_texts_whose_rights_allow_it_can_be_read_and_no_others():
    source = records.source()
    public, private = records.snapshot(source), records.snapshot(source, "Only for the desk.")
    type(public).objects.filter(pk=public.pk).update(rights="public")
    type(private).objects.filter(pk=private.pk).update(rights="excerpts")
    assert reading.source_texts(source.uid) == []
    published.publish(source)
    assert [(row.snapshot, row.text) for row in reading.source_texts(source.uid)] == [
        (public.uid, records.TEXT)
    ]


def test_a_text_made_private_is_gone_with_the_next_release():
    source = records.source()
    text = records.snapshot(source)
    type(text).objects.filter(pk=text.pk).update(rights="public")
    published.publish(source)
    type(text).objects.filter(pk=text.pk).update(rights="private")
    assert len(reading.source_texts(source.uid)) == 1
    published.publish(source)
    assert SourceText.objects.count() == 0
    assert [row["rights"] for row in reading.get("source", "editorial").document["snapshots"]] == ["private"]


# --- as many queries for many as for one ----------------------------------------------------------------------


def _claims(number: int, mark: str) -> list[Claim]:
    source = records.source(f"source-{mark}")
    published.publish(source)
    return [cases.said(f"claim-{mark}-{n}", source) for n in range(number)]


def test_publishing_thirty_records_takes_as_many_queries_as_one():
    by, one, many = published.publisher(), _claims(1, "a"), _claims(30, "b")
    few = cases.queries(lambda: writing.release(one, by=by, why="One."))
    assert cases.queries(lambda: writing.release(many, by=by, why="Thirty.")) <= few


def test_publishing_thirty_corrections_takes_as_many_queries_as_one():
    claim, by = cases.out(), published.publisher()
    drafts = [records.correction(claim, f"entry-{n}") for n in range(32)]
    writing.release(drafts[:1], by=by, why="From now on the claim is marked as corrected.")
    few = cases.queries(lambda: writing.release(drafts[1:2], by=by, why="One."))
    assert cases.queries(lambda: writing.release(drafts[2:], by=by, why="Thirty.")) == few


def test_a_page_of_a_list_asks_once_where_its_records_stand(django_assert_num_queries):
    claims = _claims(12, "a")
    published.publish(*claims[:6])
    published.withdraw(claims[0])
    cases.edit(claims[1], statement="Another statement.")
    with django_assert_num_queries(1):
        found = writing.publication(claims)
    assert found[claims[0].uid] == writing.Publication("withdrawn", 1, edited=False)
    assert found[claims[2].uid] == writing.Publication("published", 1, edited=False)
    assert found[claims[6].uid] == writing.Publication("never", None, edited=False)
    assert writing.publication(cases.again(claims[1]))[claims[1].uid].edited is True


# --- looking before publishing --------------------------------------------------------------------------------


def test_a_preview_shows_what_publishing_would_and_writes_nothing():
    claim = cases.out()
    before = cases.snapshot()
    edited = cases.edit(claim, statement="They were taken in September.")
    page = writing.draft_page(edited)
    assert cases.snapshot() == before
    assert (page.number, page.current, page.document["statement"]) == (2, 2, "They were taken in September.")
    assert page.labels[claim.uid].text == "They were taken in September."
    source = claim.appearances.get().source
    assert page.labels[source.uid].text == source.title
    published.publish(edited)
    assert reading.get("claim", claim.key).document == page.document


def test_the_preview_of_a_correction_has_no_number_yet():
    page = writing.draft_page(records.correction(cases.out()))
    assert (page.document["number"], page.labels[page.uid].text) == (None, "Correction")


def test_compare_says_what_publishing_would_change():
    claim = cases.out()
    assert writing.changes_since_published(claim) == []
    topic = records.topic()
    published.publish(topic)
    claim.topics.add(topic)
    edited = cases.edit(claim, statement="They were taken in September.")
    assert [(c.path, c.before, c.after) for c in writing.changes_since_published(edited)] == [
        ("Statement", "Statement of islands-taken.", "They were taken in September."),
        ("Topics", "", "Islands"),
    ]


def test_compare_of_a_record_that_readers_do_not_see_is_all_of_it():
    topic = records.topic()
    everything = [("Name", "", "Islands"), ("Address", "", "islands")]
    assert [(c.path, c.before, c.after) for c in writing.changes_since_published(topic)] == everything
    published.publish(topic)
    published.withdraw(topic)
    assert [(c.path, c.before, c.after) for c in writing.changes_since_published(topic)] == everything


def test_publishing_a_rebuttal_again_when_nothing_changed_keeps_the_decision_of_the_desk():
    claim = cases.out()
    challenge = records.rebuttal(claim)
    published.publish(challenge)
    assert Rebuttal.objects.get().decision == "received"
    assert published.publish(challenge).release is None
