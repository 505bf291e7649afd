"""The command that publishes an import: what it does, what it says, and its exit status."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kb import workflow
from kb.book import jobs, reading
from kb.book.models import PublishingJob, Release, Version
from kb.models import Claim, ImportBatch
from tests.book import cases
from tests.book.test_jobs import batch_of
from tests.kb import published, records
from tests.kb.test_admin_jobs import handed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def printer() -> Any:
    return records.account("printer", "Publisher")


def run(*args: Any) -> tuple[int, list[str]]:
    """The exit status and what was said."""
    out = StringIO()
    try:
        call_command("publish_batch", *map(str, args), stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def refused(*args: Any) -> str:
    with pytest.raises(CommandError) as raised:
        run(*args)
    assert raised.value.returncode == 2
    return str(raised.value)


def fine() -> ImportBatch:
    claim = cases.said()
    return handed_in(claim, claim.appearances.get().source)


def test_all_is_published_in_somebodys_name_with_a_reason(printer: Any):
    status, said = run(fine().pk, "--as", "printer", "--why", "Imported.")
    job = PublishingJob.objects.get()
    assert (status, said) == (
        0,
        [
            f"Publishing job {job.pk}. If it is broken off: publish_batch --resume {job.pk}",
            "Published 2 of 2; blocked 0, changed meanwhile 0.",
        ],
    )
    assert (job.by, job.why) == (printer, "Imported.")
    claim = reading.get("claim", "islands-taken")
    assert (claim.number, claim.why) == (1, "Imported.")


def test_what_is_left_is_named(printer: Any):
    silent = records.claim("silent")
    status, said = run(handed_in(silent).pk, "--as", "printer", "--why", "Imported.")
    assert status == 1
    assert said[1:] == [
        "Published 0 of 1; blocked 1, changed meanwhile 0.",
        f"  claim {silent.uid}: “Statement of silent.” has no appearance. Record where it was said.",
    ]


def test_a_job_that_was_broken_off_is_gone_on_with(printer: Any):
    job = jobs.plan_publishing(fine(), by=printer, why="Imported.")
    jobs.publish_many(job, most=1)
    assert run("--resume", job.pk)[0] == 0
    assert (Version.objects.count(), Release.objects.count()) == (2, 2)
    assert run("--resume", job.pk)[0] == 0
    assert Version.objects.count() == 2


def test_submitting_hands_in_and_publishes_nothing(printer: Any):
    claim = cases.said()
    batch = batch_of(claim, claim.appearances.get().source)
    assert run(batch.pk, "--as", "printer", "--submit") == (0, ["Handed in for review: 2."])
    assert run(batch.pk, "--as", "printer", "--submit") == (0, ["Handed in for review: 0."])
    claim = Claim.objects.get()
    assert claim.editing_state == "in-review"
    entry = claim.history.first()
    assert (entry.history_user, entry.history_change_reason, entry.history_type) == (
        printer,
        "in review",
        "~",
    )
    assert PublishingJob.objects.count() == 0


def test_what_readers_see_as_it_is_is_not_handed_in(printer: Any):
    batch = fine()
    run(batch.pk, "--as", "printer", "--why", "Imported.")
    assert workflow.submit_batch(batch, by=printer) == 0
    cases.edit(Claim.objects.get(), statement="Edited.")
    assert workflow.submit_batch(batch, by=printer) == 1


def test_handing_in_thirty_takes_as_many_queries_as_handing_in_one(printer: Any):
    one = batch_of(records.topic("one"))
    thirty = batch_of(*(records.topic(f"topic-{n}") for n in range(30)))
    workflow.submit_batch(batch_of(records.topic("first")), by=printer)  # asks for the account's rights, once
    few = cases.queries(lambda: workflow.submit_batch(one, by=printer))
    assert cases.queries(lambda: workflow.submit_batch(thirty, by=printer)) == few


def test_what_cannot_be_done_is_said(printer: Any):
    batch = fine()
    records.account("writer", "Editor")
    assert refused() == "Name an import or, with --resume, a publishing job."
    assert refused(batch.pk, "--resume", 1) == "Name an import or, with --resume, a publishing job."
    assert refused(batch.pk, "--why", "Imported.") == "Say in whose name: --as USER."
    assert refused(batch.pk, "--as", "nobody", "--why", "x") == "There is no active account “nobody”."
    assert refused(batch.pk + 1, "--as", "printer", "--why", "x") == f"There is no import {batch.pk + 1}."
    assert refused("--resume", 999) == "There is no publishing job 999."
    assert refused("--resume", 999, "--submit") == "--submit is for an import, not for a publishing job."
    assert refused(batch.pk, "--as", "printer").startswith("Say why")
    assert refused(batch.pk, "--as", "writer", "--why", "x").endswith("is for publishers.")
    assert PublishingJob.objects.count() == 0


def test_an_import_that_was_undone_is_refused(printer: Any):
    batch = fine()
    batch.undone_by, batch.undone_at = batch.applied_by, batch.applied_at
    batch.save()
    assert "was undone" in refused(batch.pk, "--as", "printer", "--why", "x")
    assert "was undone" in refused(batch.pk, "--as", "printer", "--submit")


def test_somebody_elses_release_in_between_is_no_obstacle(printer: Any):
    batch = fine()
    published.publish(Claim.objects.get().appearances.get().source)
    assert run(batch.pk, "--as", "printer", "--why", "Imported.")[0] == 0
    assert Version.objects.count() == 2
