"""Publishing many at once: order, what is left, going on after a break, and that nothing goes out twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from kb import workflow
from kb.book import index, jobs, reading, writing
from kb.book.models import Address, PublishingJob, PublishingJobRecord, Release, Version
from kb.models import Claim, Desk, ImportBatch, ImportedRow
from kb.settings import BASE_DIR
from sources.models import Source
from tests.book import cases
from tests.kb import published, records
from tests.support.samples import saved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def desk(db: None) -> None:
    """Of one person, since what is tried here is how records go out; that two stand behind them is tried below."""
    records.desk_of_one()


def plan(*given: Any, by: Any = None) -> PublishingJob:
    return jobs.plan_publishing(cases.again(*given), by=by or published.publisher(), why="Imported.")


def claims(number: int, mark: str = "a") -> list[Claim]:
    where = records.source(f"source-of-{mark}")
    return [cases.said(f"claim-{mark}-{n}", where) for n in range(number)]


def states(job: PublishingJob) -> dict[str, str]:
    return dict(job.records.values_list("uid", "state"))


def messages(job: PublishingJob) -> list[str]:
    return [message for message in job.records.values_list("message", flat=True) if message]


def batch_of(*given: Any, outcome: str = "created") -> ImportBatch:
    batch = saved(ImportBatch)
    for number, record in enumerate(given):
        kind = record._meta.model_name
        ImportedRow.objects.create(
            batch=batch, sheet="Claims", row=number, outcome=outcome, kind=kind, uid=record.uid
        )
    return batch


# --- planning -------------------------------------------------------------------------------------------------


def test_a_plan_publishes_nothing_and_keeps_the_revisions_that_were_meant():
    claim = cases.said()
    source = claim.appearances.get().source
    job = plan(claim, source)
    assert Release.objects.count() == 0
    assert list(job.records.values_list("position", "kind", "uid", "revision", "state")) == [
        (0, "source", source.uid, source.revision, "waiting"),
        (1, "claim", claim.uid, claim.revision, "waiting"),
    ]
    assert (job.why, job.finished_at) == ("Imported.", None)


def test_what_is_mentioned_goes_first():
    third = records.source("a-third")
    second = records.source("b-second", in_reply_to=third)
    first = records.source("c-first")
    third.derived_from.add(first)
    inner = records.place("a-rock", part_of=records.place("z-islands"))
    later, earlier = records.event("a-later"), records.event("z-earlier")
    later.after.add(earlier)
    claim = cases.said(where=second)
    reply = records.rebuttal(claim, "a-reply", replies_to=records.rebuttal(claim, "z-first"))
    policy = records.naming_policy()
    given = [
        reply,
        reply.replies_to,
        claim,
        later,
        earlier,
        inner,
        inner.part_of,
        policy,
        second,
        third,
        first,
    ]
    job = plan(*given)
    keys = {record.uid: record.key for record in given}
    assert [keys[uid] for uid in job.records.values_list("uid", flat=True)] == [
        *("c-first", "a-third", "b-second", "z-islands", "a-rock", "z-earlier", "a-later"),
        *("islands-taken", "z-first", "a-reply", "naming-policy"),
    ]


def test_records_in_a_circle_are_each_planned_once():
    one, other = records.source("one"), records.source("other")
    one.derived_from.add(other)
    other.derived_from.add(one)
    job = plan(one, other)
    assert sorted(states(job)) == sorted([one.uid, other.uid])
    jobs.publish_many(job)
    assert jobs.counts(job) == jobs.Counts(done=2)


def test_a_plan_names_what_stands_in_the_way():
    silent, unsourced = records.claim("silent"), cases.said("unsourced")
    answer = records.rebuttal(unsourced, "answer")
    job = plan(silent, unsourced, answer)
    assert jobs.counts(job) == jobs.Counts(blocked=3)
    assert sorted(messages(job)) == [
        "“Rebuttal of “Statement of unsourced.”” needs the claim “Statement of unsourced.”, which is not published.",
        "“Statement of silent.” has no appearance. Record where it was said.",
        "“Statement of unsourced.” needs the source “The source-of-unsourced”, which is not published.",
    ]


def test_a_plan_says_of_each_record_what_publishing_would_say():
    claim, topic = cases.said(), records.topic("taken")
    Address.objects.create(kind="topic", key="taken", uid="another-uid1")
    given = [records.claim("silent"), claim, records.rebuttal(claim), topic]
    job = plan(*given)
    told = messages(job)
    jobs.publish_many(job)
    assert messages(job) == told
    assert len(told) == 4
    assert {blocker.message for blocker in writing.blockers(cases.again(*given))} < set(told)


def test_only_publishers_plan():
    topic = records.topic()
    with pytest.raises(PermissionDenied, match="for publishers"):
        plan(topic, by=records.account("somebody", "Editor"))
    assert PublishingJob.objects.count() == 0


def test_nothing_to_publish_or_no_reason_is_said():
    with pytest.raises(jobs.NotPlanned, match="choose some records"):
        plan()
    with pytest.raises(jobs.NotPlanned, match="Say why"):
        jobs.plan_publishing([records.topic()], by=published.publisher(), why=" ")


def test_a_batch_is_what_it_created_or_changed_and_still_is_there():
    claim, unchanged, gone = cases.said(), records.topic("unchanged"), records.topic("gone")
    other = cases.said("other")
    batch = batch_of(claim.appearances.get().source, claim, other.appearances.get(), gone)
    ImportedRow.objects.create(
        batch=batch, sheet="Topics", row=1, outcome="unchanged", kind="topic", uid=unchanged.uid
    )
    ImportedRow.objects.create(batch=batch, sheet="Topics", row=2, outcome="refused", kind="topic")
    gone.delete()
    job = jobs.plan_publishing(batch, by=published.publisher(), why="Imported.")
    assert job.batch == batch
    assert list(job.records.values_list("kind", "uid")) == [
        ("source", claim.appearances.get().source.uid),
        ("claim", claim.uid),
        ("claim", other.uid),
    ]


def test_kinds_of_a_batch_are_written_as_its_rows_write_them():
    policy = records.naming_policy()
    job = jobs.plan_publishing(batch_of(policy), by=published.publisher(), why="Imported.")
    assert list(job.records.values_list("kind", "uid")) == [("naming-policy", policy.uid)]


def test_an_import_that_was_undone_is_not_published():
    batch = batch_of(records.topic())
    batch.undone_by, batch.undone_at = batch.applied_by, batch.applied_at
    batch.save()
    with pytest.raises(jobs.NotPlanned, match="was undone"):
        jobs.plan_publishing(batch, by=published.publisher(), why="Imported.")


def test_planning_thirty_takes_as_many_queries_as_planning_one():
    by, one, thirty = published.publisher(), claims(1, "b"), claims(30)
    few = cases.queries(lambda: jobs.plan_publishing(one, by=by, why="One."))
    assert cases.queries(lambda: jobs.plan_publishing(thirty, by=by, why="Thirty.")) == few


# --- carrying out ---------------------------------------------------------------------------------------------


def test_all_goes_out_in_releases_of_a_bounded_size_with_the_reason_in_each_history():
    given = claims(6)
    source = given[0].appearances.get().source
    job = plan(*given, source)
    seen: list[tuple[int, int]] = []
    report = jobs.publish_many(job, chunk=3, progress=lambda done, total: seen.append((done, total)))
    assert (report.published, report.unchanged, report.releases) == (7, 0, [1, 2, 3])
    assert seen == [(3, 7), (6, 7), (7, 7)]
    assert sorted(Release.objects.values_list("number", "by", "why")) == [
        (number, job.by_id, "Imported.") for number in (1, 2, 3)
    ]
    for claim in given:
        assert [(note.number, note.why) for note in reading.history(claim.uid)] == [(1, "Imported.")]
    assert jobs.counts(job) == jobs.Counts(done=7)
    job.refresh_from_db()
    assert job.finished_at is not None
    assert writing.rebuild_book() == []


def test_many_at_once_give_the_book_that_one_release_gives():
    made = records.full(2)
    sources = [row.source for row in made["claim"].appearances.select_related("source")]
    deliveries = list(made["correction"].deliveries.all())
    job = plan(*{r.uid: r for r in [*made.values(), *sources, *deliveries]}.values())
    jobs.publish_many(job, chunk=1)
    assert jobs.counts(job) == jobs.Counts(done=job.records.count())
    uids = list(job.records.values_list("uid", flat=True))
    before = index.documents(uids)
    again = writing.release(cases.again(*made.values(), *sources, *deliveries), by=job.by, why="Again.")
    assert again.published == []
    assert index.documents(uids) == before


def test_a_run_that_broke_off_is_gone_on_with_and_nothing_goes_out_twice():
    given = claims(5)
    job = plan(*given, given[0].appearances.get().source)

    def stop(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.publish_many(job, chunk=2, progress=stop)
    assert jobs.counts(job) == jobs.Counts(done=4, waiting=2)
    report = jobs.publish_many(job, chunk=2)
    assert (report.published, report.unchanged) == (2, 0)
    assert set(Version.objects.values_list("number", flat=True)) == {1}
    assert Version.objects.count() == 6
    assert jobs.publish_many(job) == jobs.Report()


def test_a_release_that_fails_leaves_its_records_waiting(monkeypatch: pytest.MonkeyPatch):
    topic = records.topic()
    job = plan(topic)

    def fail(rows: Any) -> None:
        raise OSError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_note", fail)
        with pytest.raises(OSError, match="disk"):
            jobs.publish_many(job)
    assert (states(job), Version.objects.count()) == ({topic.uid: "waiting"}, 0)
    assert jobs.publish_many(job).published == 1


def test_what_is_blocked_stays_and_the_rest_goes_on():
    fine, blocked = cases.said("fine"), records.claim("silent")
    answer = records.rebuttal(blocked, "answer")
    job = plan(fine, fine.appearances.get().source, blocked, answer)
    report = jobs.publish_many(job)
    assert report.published == 2
    assert states(job)[blocked.uid] == states(job)[answer.uid] == "blocked"
    assert messages(job) == [
        "“Statement of silent.” has no appearance. Record where it was said.",
        "“Rebuttal of “Statement of silent.”” needs the claim “Statement of silent.”, which is not published.",
    ]


def test_what_was_blocked_goes_out_once_nothing_stands_in_the_way():
    claim = cases.said()
    job = plan(claim)
    assert jobs.publish_many(job).published == 0
    published.publish(claim.appearances.get().source)
    assert jobs.publish_many(job, again=False).published == 0
    assert jobs.publish_many(job).published == 1
    assert (states(job), messages(job)) == ({claim.uid: "done"}, [])


def test_what_changed_or_went_since_the_plan_is_left_and_listed():
    changed, gone, fine = records.topic("changed"), records.topic("gone"), records.topic("fine")
    job = plan(changed, gone, fine)
    cases.edit(changed, name="Edited")
    uid = gone.uid
    gone.delete()
    jobs.publish_many(job)
    assert states(job) == {changed.uid: "changed", uid: "changed", fine.uid: "done"}
    assert messages(job) == [jobs.CHANGED, jobs.DELETED]
    assert list(Version.objects.values_list("uid", flat=True)) == [fine.uid]
    assert jobs.publish_many(job) == jobs.Report()


def test_an_edit_while_a_release_is_made_is_seen(monkeypatch: pytest.MonkeyPatch):
    topic, other = records.topic(), records.topic("other")
    job = plan(topic, other)
    made = jobs._Draft

    def edited_meanwhile(rows: Any, hold: bool = False) -> Any:
        draft = made(rows, hold)
        if Claim.objects.count() == 0:
            records.claim("once")
            cases.edit(topic, name="Edited")
        return draft

    monkeypatch.setattr(jobs, "_Draft", edited_meanwhile)
    assert jobs.publish_many(job).published == 1
    assert states(job) == {topic.uid: "changed", other.uid: "done"}


def test_a_release_by_somebody_else_meanwhile_is_taken_account_of(monkeypatch: pytest.MonkeyPatch):
    claim = cases.said()
    source = claim.appearances.get().source
    published.publish(source)
    job = plan(claim)
    made = jobs._Draft

    def withdrawn_meanwhile(rows: Any, hold: bool = False) -> Any:
        draft = made(rows, hold)
        if Release.objects.count() == 1:
            published.withdraw(source)
        return draft

    monkeypatch.setattr(jobs, "_Draft", withdrawn_meanwhile)
    assert jobs.publish_many(job).published == 0
    assert states(job) == {claim.uid: "blocked"}


def test_on_a_busy_desk_the_last_try_is_made_under_the_lock(monkeypatch: pytest.MonkeyPatch):
    topic = records.topic()
    job, made, held = plan(topic), jobs._Draft, []

    def others_publish(rows: Any, by: Any, hold: bool = False) -> Any:
        draft = made(rows, by, hold)
        held.append(hold)
        if not hold:
            published.publish(records.topic(f"other-{len(held)}"))
        return draft

    monkeypatch.setattr(jobs, "_Draft", others_publish)
    assert jobs.publish_many(job).published == 1
    assert held == [False, False, True]


def test_a_record_that_readers_see_already_as_it_is_gets_no_version():
    topic = records.topic()
    published.publish(topic)
    job = plan(topic)
    report = jobs.publish_many(job)
    assert (report.published, report.unchanged, report.releases) == (0, 1, [])
    assert jobs.counts(job) == jobs.Counts(done=1)


def test_what_a_document_does_not_mention_is_told():
    event = records.event()
    event.places.add(records.place("iturup", "Iturup"))
    job = plan(event)
    jobs.publish_many(job)
    assert states(job) == {event.uid: "done"}
    assert messages(job) == ["Left out, since it is not published: “iturup”."]


def test_who_lost_the_right_to_publish_goes_on_with_nothing():
    by = records.account("somebody", "Publisher")
    job = plan(records.topic(), by=by)
    by.groups.clear()
    with pytest.raises(PermissionDenied, match="for publishers"):
        jobs.publish_many(job)
    by.is_active = False
    by.save()
    with pytest.raises(PermissionDenied, match="no longer active"):
        jobs.publish_many(job)
    assert Release.objects.count() == 0


def test_a_job_whose_planning_broke_off_is_not_carried_out():
    job = plan(records.topic())
    job.planned_at = None
    job.save()
    with pytest.raises(jobs.NotPlanned, match="Plan it again"):
        jobs.publish_many(job)


def test_a_run_may_be_bounded():
    job = plan(*(records.topic(f"topic-{n}") for n in range(5)))
    assert jobs.publish_many(job, most=3).published == 3
    assert jobs.counts(job) == jobs.Counts(done=3, waiting=2)
    assert jobs.publish_many(job, most=3).published == 2


# --- two people -----------------------------------------------------------------------------------------------


def test_only_what_somebody_else_has_handed_in_goes_out():
    Desk.objects.update(single_editor=False)
    printer, other = records.account("printer", "Publisher"), records.account("other", "Editor")
    draft, own, fine, same = (records.topic(key) for key in ("draft", "own", "fine", "same"))
    published.publish(same)
    workflow.submit([own], by=printer)
    workflow.submit([fine], by=other)
    job = plan(draft, own, fine, same, by=printer)
    jobs.publish_many(job)
    assert states(job) == {draft.uid: "blocked", own.uid: "blocked", fine.uid: "done", same.uid: "done"}
    assert sorted(messages(job)) == [
        "printer handed in “Own”. Somebody else has to publish it.",
        "“Draft” is a draft. Hand it in for review; somebody else then publishes it.",
    ]
    assert set(reading.labels([one.uid for one in (draft, own, fine, same)])) == {fine.uid, same.uid}
    workflow.submit([draft], by=other)
    assert jobs.publish_many(job).published == 1


def test_what_was_returned_to_draft_since_it_was_looked_at_stays(monkeypatch: pytest.MonkeyPatch):
    Desk.objects.update(single_editor=False)
    printer, other = records.account("printer", "Publisher"), records.account("other", "Editor")
    topic = records.topic()
    workflow.submit([topic], by=other)
    job, made = plan(topic, by=printer), jobs._Draft

    def others_return(rows: Any, by: Any, hold: bool = False) -> Any:
        draft = made(rows, by, hold)
        workflow.return_to_draft([topic], by=other)
        return draft

    monkeypatch.setattr(jobs, "_Draft", others_return)
    assert jobs.publish_many(job).published == 0
    assert (states(job), Release.objects.count()) == ({topic.uid: "blocked"}, 0)


def test_releases_are_made_smaller_where_they_take_long_and_larger_where_not(
    monkeypatch: pytest.MonkeyPatch,
):
    job = plan(*(records.topic(f"topic-{n}") for n in range(30)))
    monkeypatch.setattr(jobs, "FIRST", 4)
    sizes: list[int] = []
    cost = iter([0.004, 0.004, 1.2, 0.01, 0.01, 0.01, 0.01])

    def publish(job: Any, rows: Any, report: Any, *, inside: bool) -> float:
        sizes.append(len(rows))
        PublishingJobRecord.objects.filter(pk__in=[row.pk for row in rows]).update(state="done")
        return next(cost)

    monkeypatch.setattr(jobs, "_publish_chunk", publish)
    report = jobs.publish_many(job, chunk=12)
    assert sizes == [4, 12, 12, 2]
    assert report.longest == 1.2
    job.records.update(state="waiting")
    sizes.clear()
    cost = iter([0.1, 2.0, *[0.3] * 30])
    jobs.publish_many(job, chunk=12)
    assert sizes[:4] == [4, 12, 2, 2]


def test_publishing_thirty_takes_as_many_queries_as_publishing_one():
    one, thirty = claims(1, "b"), claims(30)
    published.publish(*Source.objects.all())
    few_job, many_job = plan(*one), plan(*thirty)
    few = cases.queries(lambda: jobs.publish_many(few_job))
    assert cases.queries(lambda: jobs.publish_many(many_job)) <= few


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_one_job_side_by_side_publish_nothing_twice():
    job = plan(*(records.topic(f"topic-{n}") for n in range(40)))
    start, reports = threading.Barrier(2), []

    def run() -> None:
        try:
            start.wait()
            reports.append(jobs.publish_many(PublishingJob.objects.get(pk=job.pk), chunk=6))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.published for report in reports) == 40
    assert (Version.objects.count(), set(Version.objects.values_list("number", flat=True))) == (40, {1})
    assert jobs.counts(job) == jobs.Counts(done=40)
    numbers = sorted(number for report in reports for number in report.releases)
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_killed_leaves_whole_releases_and_is_gone_on_with():
    job = plan(*(records.topic(f"topic-{n}") for n in range(30)))
    killed_after_two_releases = (
        "import django, os, signal; django.setup();"
        "from django.conf import settings; from django.db import connection;"
        f"settings.DATABASES['default']['NAME'] = connection.settings_dict['NAME'] = {database_name()!r};"
        "from kb.book import jobs; from kb.book.models import PublishingJob; note = jobs._note;"
        "jobs._note = lambda rows: (note(rows), rows[0].position >= 20 and os.kill(os.getpid(), signal.SIGKILL));"
        f"jobs.publish_many(PublishingJob.objects.get(pk={job.pk}), chunk=10)"
    )
    # Its own environment: the settings of the tests would make it a data folder, which nobody would remove.
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "kb.settings"}
    done = subprocess.run([sys.executable, "-c", killed_after_two_releases], cwd=BASE_DIR, env=environment)
    assert done.returncode == -signal.SIGKILL
    assert jobs.counts(job) == jobs.Counts(done=20, waiting=10)
    assert (Version.objects.count(), Release.objects.count()) == (20, 2)
    report = jobs.publish_many(job)
    assert (report.published, report.unchanged) == (10, 0)
    assert set(Version.objects.values_list("number", flat=True)) == {1}


def database_name() -> str:
    return str(connection.settings_dict["NAME"])
