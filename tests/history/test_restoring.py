"""Going back: to a moment, and to a published version, for every kind of record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kb.history.loading import PARTS, ROOTS, state_of_document
from kb.history.points import Point, state_of
from kb.history.restoring import obstacles, restore, way_to
from kb.history.shape import parts_of, restorable_parts, said_columns, said_links
from kb.history.states import NotKnown, state_at, state_now
from kb.models import (
    Appearance,
    Assessment,
    Claim,
    Delivery,
    Evidence,
    NamingRule,
    PlaceName,
    Rebuttal,
    StatedValue,
    Topic,
)
from kb.workflow import WorkflowError, decide_rebuttal
from sources.models import Contribution, Snapshot
from tests.book.cases import snapshot as whole_book
from tests.history import cases
from tests.kb import published, records
from tests.support.database import taken_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return records.account("editor", "Editor", "Publisher")


def back(record, target, by, reason="Restored"):
    record.refresh_from_db()
    return restore(record, target, by=by, reason=reason, expected_revision=record.revision)


@pytest.mark.parametrize("since", ["rewritten", "emptied", "added to", "all three"])
def test_document_to_rows_to_document_is_the_identity(since):
    """What is written on the rows in between leaves no trace in what readers would be told."""
    head, filled = published.publisher(), cases.filled()
    for kind in cases.KINDS:
        with taken_back():
            and_back(filled[kind], since, head)


def and_back(record, since, head):
    document, pks = cases.document(record), cases.parts_there(record)
    then = state_now(record)
    if since in ("added to", "all three"):
        cases.add_rows(record)
    if since in ("rewritten", "all three"):
        record.refresh_from_db()
        cases.rewrite(record)
        for part, name in restorable_parts(type(record)):
            for row in part._base_manager.filter(**{name: record.pk}):
                cases.rewrite(row)
    if since in ("emptied", "all three"):
        cases.empty(record)
    changed = cases.document(record) != document
    target = state_of_document(document, over=state_now(record), then=None)
    way = way_to(target, state_now(record))
    assert obstacles(record, way) == []
    if not way.is_none:
        back(record, target, head)
    assert changed is not way.is_none
    assert cases.document(record) == document
    assert cases.parts_there(record) == pks
    assert way_to(then, state_now(record)).going == []


def test_an_earlier_moment_is_the_present_again_with_links_and_rows():
    head, filled = published.publisher(), cases.filled()
    for kind in cases.KINDS:
        with taken_back():
            to_a_moment_and_back(filled[kind], head)


def to_a_moment_and_back(record, head):
    before, moment = state_now(record), timezone.now()
    assert state_at(record, moment) == before
    cases.add_rows(record)
    record.refresh_from_db()
    cases.rewrite(record)
    for part, name in restorable_parts(type(record)):
        for row in part._base_manager.filter(**{name: record.pk}):
            cases.rewrite(row)
    cases.empty(record)
    assert state_now(record) != before
    back(record, state_at(record, moment), head)
    assert state_now(record) == before
    # And the way back can be gone back on.
    assert state_at(record, moment) == before


def test_every_field_of_every_document_has_its_way_back():
    """What a builder adds to a document is either loaded or named here with the reason why not."""
    not_said = {
        "source": {"snapshots"},  # captured texts stay
        "claim": {"assessment", "stale"},  # judged, and derived
        "rebuttal": {"decision", "reason", "duplicate_of", "decided_on", "decided_at"},
        "correction": {"number", "previous_hash", "hash", "published_on", "published_at"},
        "delivery": {
            "claim",
            "source",
            "answer",
            "outcome",
        },  # of its correction and its appearance, and answered
    }
    made = cases.filled()
    for kind in cases.KINDS:
        table = ROOTS[kind]
        groups = {group for group, _ in table.named.values()}
        known = {*table.plain, *groups, *table.called.values(), *table.numbers, *table.links, *table.lists}
        known |= {*table.moments.values(), *table.days, *table.rows}
        told = set(cases.document(made[kind])) - {"schema", "kind", "uid"}
        assert told - known == not_said.get(kind, set()), kind
        for name, model in table.rows.items():
            part = PARTS[model]
            loaded = {"uid", *part.plain, *part.numbers, *part.links, *part.lists}
            computed = {
                "start",
                "end",
                "anchor",
                "earliest",
                "latest",
                "about",
                "attribute",
                "derived_from_source",
            }
            assert set(cases.document(made[kind])[name][0]) - loaded - computed == set(), (kind, name)


def test_a_document_from_before_a_field_was_there_leaves_it_as_it_is():
    place = records.place("iturup", "Iturup", time_zone="Asia/Tokyo")
    document = cases.document(place)
    del document["time_zone"], document["statuses"], document["names"][0]["when"]
    assert state_of_document(document, over=state_now(place), then=None) == state_now(place)


def test_it_stands_in_the_history_under_one_moment_with_who_and_why(editor):
    claim = records.full(2)["claim"]
    moment = timezone.now()
    gone = claim.evidence.order_by("pk").first()
    uid = gone.uid
    gone.delete()
    claim.statement = "Another."
    claim.save()
    back(claim, state_at(claim, moment), editor, "Restored as of yesterday")
    noted = {
        (model.__name__, row.history_type, row.history_user.username, row.history_date)
        for model in (Claim, Evidence, Appearance, StatedValue)
        for row in model.history.filter(history_change_reason="Restored as of yesterday")
    }
    when = Claim.history.latest().history_date
    assert noted == {("Claim", "~", "editor", when), ("Evidence", "+", "editor", when)}
    assert Evidence.objects.filter(claim=claim, uid=uid).exists()


def test_it_raises_the_revision_and_changes_nothing_that_readers_see(editor):
    made = published.full(2)
    claim = made["claim"]
    claim.statement = "Said otherwise."
    claim.save()
    published.publish(claim)
    before, book = claim.refresh_revision(), whole_book()
    back(claim, state_of(claim, Point(number=1)), editor)
    assert claim.refresh_revision() > before
    assert Claim.objects.get(pk=claim.pk).statement == "Statement of claim-2."
    assert whole_book() == book


@pytest.mark.parametrize("groups", [(), ("Reader of everything",)])
def test_it_needs_the_right_to_change_the_record(groups):
    topic = records.topic()
    before = state_now(topic)
    topic.name = "Other"
    topic.save()
    by = records.account("somebody", *groups)
    with pytest.raises(PermissionDenied):
        back(topic, before, by)
    assert Topic.objects.get().name == "Other"


def test_what_somebody_changed_meanwhile_is_not_overwritten(editor):
    topic = records.topic()
    before = state_now(topic)
    topic.name = "Other"
    topic.save()
    with pytest.raises(WorkflowError, match="Somebody has changed “Other” since you looked"):
        restore(topic, before, by=editor, reason="", expected_revision=topic.revision - 1)
    assert Topic.objects.get().name == "Other"


def test_to_restore_the_present_is_refused_in_words(editor):
    topic = records.topic()
    with pytest.raises(WorkflowError, match="nothing to restore"):
        back(topic, state_now(topic), editor)


def refusal(record, target, by):
    with pytest.raises(WorkflowError) as refused:
        back(record, target, by)
    return refused.value.messages


def test_a_source_that_is_gone_is_named(editor):
    claim, source = records.claim(), records.source(title="A lost book")
    said = records.appearance(claim, source)
    before = state_now(claim)
    said.delete()
    source.delete()
    assert refusal(claim, before, editor) == [
        "The source “A lost book”, which stood as “source” of an appearance, is not there any more."
    ]


def test_a_topic_that_is_gone_is_named(editor):
    claim, topic = records.claim(), records.topic()
    claim.topics.add(topic)
    before = state_now(claim)
    topic.delete()
    assert refusal(claim, before, editor) == [
        "The topic “Islands”, which stood as one of “topics”, is not there any more."
    ]


def test_a_key_that_another_record_has_by_now_is_named(editor):
    topic = records.topic("islands")
    before = state_now(topic)
    topic.key = "isles"
    topic.save()
    records.topic("islands")
    assert refusal(topic, before, editor) == [
        "The key “islands” that it had is the key of “Islands” by now. Give that one another key first."
    ]


def test_a_row_that_something_else_rests_on_does_not_go(editor):
    claim, source = records.claim(), records.source()
    before = state_now(claim)
    said = records.appearance(claim, source)
    rebuttal = records.rebuttal(claim)
    rebuttal.appearances.add(said)
    assert refusal(claim, before, editor) == [
        "An appearance that has come since would go, but the rebuttal “Rebuttal of “Statement of islands-taken.”” "
        "rests on it. Change the rebuttal first."
    ]
    assert Appearance.objects.count() == 1


def test_a_row_that_was_moved_to_another_record_is_not_taken_from_it(editor):
    claim, other = records.claim(), records.claim("other")
    said = records.appearance(claim, records.source())
    before = state_now(claim)
    said.claim = other
    said.save()
    (message,) = refusal(claim, before, editor)
    assert message.endswith("belongs to “Statement of other.” by now. Move it back first.")


def test_a_row_that_came_from_another_record_is_not_deleted_by_the_way_back(editor):
    claim, other = records.claim(), records.claim("other")
    said = records.appearance(other, records.source())
    before = state_now(claim)
    said.claim = claim
    said.save()
    (message,) = refusal(claim, before, editor)
    assert message == (
        "1 row (appearance) came here from another record since. Move it back or undo the merge; restoring would "
        "delete it."
    )
    assert Appearance.objects.get().claim == claim


def test_an_entry_of_the_ledger_is_never_restored(editor):
    made = published.full(1)
    entry = made["correction"]
    entry.refresh_from_db()
    before = state_now(entry)
    assert obstacles(entry, way_to(before, before)) == [
        f"{entry} is an entry of the ledger and never changes. Correct it with a new one."
    ]


def test_judgements_decisions_answers_and_texts_stay(editor):
    made = records.full(1)
    claim, rebuttal, source = made["claim"], made["rebuttal"], made["source"]
    states = {record: state_now(record) for record in (claim, rebuttal, source)}
    judged = Assessment.objects.create(
        claim=claim,
        rating="inaccurate",
        rationale="It was later.",
        confirmed_by=editor,
        confirmed_at=timezone.now(),
    )
    decided = decide_rebuttal(rebuttal, decision="accepted", reason="The dates.", by=published.publisher())
    text = records.snapshot(source, "A text captured since.")
    for record, attribute in ((claim, "statement"), (rebuttal, "text"), (source, "title")):
        record.refresh_from_db()
        setattr(record, attribute, "Written since.")
        record.save()
        back(record, states[record], editor)
    assert Assessment.objects.get().pk == judged.pk
    assert Rebuttal.objects.values("decision", "reason", "text").get() == {
        "decision": "accepted", "reason": "The dates.", "text": "It was later.",
    }  # fmt: skip
    assert Snapshot.objects.filter(pk=text.pk).exists()
    assert Delivery.objects.filter(correction=decided.correction).count() == 1
    claim.refresh_from_db()
    assert claim.stale_reason == "rebuttal"


def test_two_rows_that_changed_places_change_back(editor):
    source = records.source()
    people = [records.agent("one"), records.agent("two")]
    rows = [Contribution.objects.create(source=source, agent=a, order=i) for i, a in enumerate(people)]
    before = state_now(source)
    Contribution.objects.filter(pk=rows[0].pk).update(role="editor")
    Contribution.objects.filter(pk=rows[1].pk).update(agent=people[0])
    Contribution.objects.filter(pk=rows[0].pk).update(agent=people[1], role="author")
    back(source, before, editor)
    assert state_now(source) == before

    place = records.place("iturup", "Iturup", "Etorofu")
    one, other = PlaceName.objects.filter(place=place).order_by("pk")
    before = state_now(place)
    PlaceName.objects.filter(pk=one.pk).update(text="x")
    PlaceName.objects.filter(pk=other.pk).update(text=one.text)
    PlaceName.objects.filter(pk=one.pk).update(text=other.text)
    back(place, before, editor)
    assert state_now(place) == before


def test_two_rules_that_changed_places_change_back():
    by = published.publisher()
    first, second = records.agent("one"), records.agent("two")
    policy = records.naming_policy()
    where = [records.place("a"), records.place("b")]
    rules = [NamingRule.objects.create(policy=policy, place=p, first=first, second=second) for p in where]
    before = state_now(policy)
    for rule, place in zip(rules, (None, where[0]), strict=True):
        NamingRule.objects.filter(pk=rule.pk).update(place=place)
    NamingRule.objects.filter(pk=rules[0].pk).update(place=where[1])
    back(policy, before, by)
    assert state_now(policy) == before


# --- what readers could not see -------------------------------------------------------------------------------


def test_what_a_version_left_out_as_unseen_stays(editor):
    """Evidence of a source not published then is not taken for evidence that has come since."""
    claim, source, hidden = records.claim(), records.source(), records.source("hidden")
    records.appearance(claim, source)
    unseen = Evidence.objects.create(claim=claim, source=hidden, relation="supports")
    agent = records.agent()
    claim.appearances.get().claimants.add(agent)
    published.publish(source, claim)
    claim.statement = "Another."
    claim.save()
    since = Evidence.objects.create(claim=claim, source=source, relation="supports")
    back(claim, state_of(claim, Point(number=1)), editor)
    assert list(claim.evidence.values_list("pk", flat=True)) == [unseen.pk]
    assert not Evidence.objects.filter(pk=since.pk).exists()
    assert list(claim.appearances.get().claimants.all()) == [agent]


def test_what_only_the_desk_sees_stays_when_a_version_is_restored(editor):
    claim, source = records.claim(note="Then."), records.source()
    records.appearance(claim, source)
    published.publish(source, claim)
    claim.note, claim.statement = "Now.", "Another."
    claim.save()
    back(claim, state_of(claim, Point(number=1)), editor)
    assert Claim.objects.values_list("note", "statement").get() == ("Now.", "Statement of islands-taken.")


def test_a_moment_before_the_record_was_there_is_not_known():
    topic = records.topic()
    with pytest.raises(NotKnown):
        state_at(topic, timezone.now() - timedelta(days=1))


def test_rows_without_history_count_as_they_were_first_noted(editor):
    claim, source = records.claim(), records.source()
    silent = Appearance(claim=claim, source=source, quote="first")
    Appearance.objects.bulk_create([silent])
    moment = timezone.now()
    silent.refresh_from_db()
    assert list(state_at(claim, moment).parts) == [silent.uid]
    silent.quote = "second"
    silent.save()
    assert state_at(claim, moment).parts[silent.uid].values["quote"] == "second"


@pytest.mark.parametrize(
    "text", ["", "v0", "v01", "V1", "2026-01-01", "2026-13-01T00:00:00.000000Z", "later", "v²"]
)
def test_what_is_no_point_is_told_apart(text):
    assert Point.parse(text) is None


@pytest.mark.parametrize("text", ["now", "v12", "2026-11-28T18:40:07.000123Z"])
def test_a_point_is_named_as_it_is_read(text):
    assert str(Point.parse(text)) == text


def test_every_row_of_every_kind_is_said_or_an_act():
    """A new kind of row or column is either restored or named as left alone."""
    made = cases.filled()
    found: dict[str, Any] = {
        kind: [part.__name__ for part, _ in parts_of(type(record))] for kind, record in made.items()
    }
    assert {kind: sorted(parts) for kind, parts in found.items() if parts} == {
        "source": ["Contribution", "Snapshot"],
        "place": ["PlaceName", "PlaceStatus"],
        "claim": ["Appearance", "Assessment", "Evidence", "Review", "StatedValue"],
        "rebuttal": ["Evidence"],
        "naming-policy": ["NamingRule"],
    }
    for record in made.values():
        for model in (type(record), *(part for part, _ in restorable_parts(type(record)))):
            assert said_columns(model)
            assert all(link.remote_field.through._meta.auto_created for link in said_links(model))
