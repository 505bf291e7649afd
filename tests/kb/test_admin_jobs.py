"""Publishing an import from the admin: its page, what stays behind, and going on."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from kb import workflow
from kb.admin import jobs as admin_jobs
from kb.book import jobs
from kb.book.models import PublishingJob, Release, Version
from kb.models import Claim, ImportBatch
from sources.models import Source
from tests.book import cases
from tests.book.test_jobs import batch_of
from tests.kb import records

pytestmark = pytest.mark.django_db


def member(group: str) -> Client:
    client = Client()
    client.force_login(records.account(group.lower(), group))
    return client


@pytest.fixture
def publisher() -> Client:
    return member("Publisher")


@pytest.fixture
def batch() -> ImportBatch:
    """A claim with its source, and a claim of which nobody has said where it was made."""
    claim = cases.said()
    return handed_in(claim.appearances.get().source, claim, records.claim("silent"))


def handed_in(*given: Any) -> ImportBatch:
    """A batch that a colleague has handed in for review."""
    batch = batch_of(*given)
    by = User.objects.filter(username="importer").first() or records.account("importer", "Contributor")
    workflow.submit_batch(batch, by=by)
    return batch


def step(name: str, batch: ImportBatch) -> str:
    return f"{reverse('admin:kb_importbatch_step', args=[name])}?id={batch.pk}"


def change(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def go(client: Client, name: str, batch: ImportBatch, **data: Any) -> Any:
    address = step(name, batch).partition("?")[0]
    return client.post(address, {"id": batch.pk, **data}, follow=True)


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    ("group", "offered"),
    [
        ("Publisher", ["submit", "publish"]),
        ("Editor", ["submit"]),
        ("Contributor", ["submit"]),
        ("Reader of everything", []),
    ],
)
def test_the_page_of_an_import_offers_what_may_be_done(group: str, offered: list[str], batch: ImportBatch):
    client = member(group)
    page = client.get(change(batch))
    assert [found.name for found, _ in page.context["steps"]] == offered
    assert (client.get(step("publish", batch)).status_code == 200) is ("publish" in offered)


def test_an_import_that_was_undone_offers_nothing(publisher: Client, batch: ImportBatch):
    batch.undone_by, batch.undone_at = batch.applied_by, batch.applied_at
    batch.save()
    assert publisher.get(change(batch)).context["steps"] == []
    page = publisher.get(step("publish", batch))
    assert page.context["sheet"].obstacles == ["This import was undone."]
    go(publisher, "publish", batch, why="All of it.")
    assert PublishingJob.objects.count() == 0


def test_the_step_shows_how_many_there_are_and_what_stays_behind(publisher: Client, batch: ImportBatch):
    sheet = publisher.get(step("publish", batch)).context["sheet"]
    assert sheet.numbers == ["1 source", "2 claims"]
    assert sheet.blocked == ["“Statement of silent.” has no appearance. Record where it was said."]


def test_a_small_import_is_published_at_once_and_what_is_left_is_linked(
    publisher: Client, batch: ImportBatch
):
    page = go(publisher, "publish", batch, why="Imported.")
    job = PublishingJob.objects.get()
    assert page.redirect_chain == [(change(job), 302)]
    assert messages(page) == ["Published: 2 records."]
    assert page.context["counts"] == jobs.Counts(done=2, blocked=1)
    (left,) = page.context["left"]
    assert (left.name, left.state) == ("Statement of silent.", "blocked")
    assert publisher.get(left.address).status_code == 200
    assert f'href="{left.address}"' in page.content.decode()
    rows = ("Its rows, what was refused, and undo", f"/admin/import/batches/{batch.pk}/")
    assert publisher.get(change(batch)).context["links"] == [rows, (str(job), change(job))]
    assert (job.by.username, job.why) == ("publisher", "Imported.")


def test_a_reason_is_asked_for(publisher: Client, batch: ImportBatch):
    page = go(publisher, "publish", batch, why="")
    assert page.context["form"].errors == {"why": ["This field is required."]}
    assert PublishingJob.objects.count() == 0


def test_a_larger_import_is_published_press_by_press(
    publisher: Client, monkeypatch: pytest.MonkeyPatch, batch: ImportBatch
):
    monkeypatch.setattr(admin_jobs, "AT_ONCE", 1)
    page = go(publisher, "publish", batch, why="Imported.")
    assert page.context["counts"] == jobs.Counts(done=1, waiting=1, blocked=1)
    assert "Publish the next 1" in page.content.decode()
    assert f"publish_batch --resume {page.context['job'].pk}" in page.content.decode()
    page = publisher.post(page.context["go_on"], follow=True)
    assert page.context["counts"] == jobs.Counts(done=2, blocked=1)
    assert "Try again what was blocked" in page.content.decode()
    records.appearance(Claim.objects.get(key="silent"), Source.objects.get())
    page = publisher.post(page.context["go_on"], follow=True)
    assert page.context["counts"] == jobs.Counts(done=2, changed=1)
    assert Version.objects.count() == 2


def test_an_import_too_large_for_a_browser_is_for_the_command(
    publisher: Client, monkeypatch: pytest.MonkeyPatch, batch: ImportBatch
):
    monkeypatch.setattr(admin_jobs, "PLANNED_HERE", 2)
    page = publisher.get(step("publish", batch))
    assert page.context["sheet"].command == f'manage.py publish_batch {batch.pk} --as publisher --why "…"'
    go(publisher, "publish", batch, why="Imported.")
    assert (PublishingJob.objects.count(), Release.objects.count()) == (0, 0)


def test_submitting_an_import():
    claim = cases.said()
    batch = batch_of(claim.appearances.get().source, claim, records.claim("silent"))
    page = go(member("Editor"), "submit", batch)
    assert messages(page) == ["Submitted for review: 3 records."]
    assert set(Claim.objects.values_list("editing_state", flat=True)) == {"in-review"}


@pytest.mark.parametrize(
    ("group", "seen", "gone_on"), [("Editor", 200, 403), ("Reader of everything", 200, 403)]
)
def test_others_look_at_a_job_and_leave_it_alone(
    publisher: Client, batch: ImportBatch, group: str, seen: int, gone_on: int
):
    job = go(publisher, "publish", batch, why="Imported.").context["job"]
    client = member(group)
    assert client.get(change(job)).status_code == seen
    assert client.post(reverse("admin:book_publishingjob_go_on", args=[job.pk])).status_code == gone_on
    assert "go-on" not in client.get(change(job)).content.decode()


def test_a_job_is_gone_on_with_by_posting_alone(publisher: Client, batch: ImportBatch):
    job = go(publisher, "publish", batch, why="Imported.").context["job"]
    assert publisher.get(reverse("admin:book_publishingjob_go_on", args=[job.pk])).status_code == 404
    assert publisher.get(reverse("admin:book_publishingjob_change", args=["999999"])).status_code == 404


def test_a_jobs_page_asks_no_more_for_many_records_left_than_for_one(publisher: Client):
    def page(number: int) -> int:
        silent = [records.claim(f"silent-{number}-{n}") for n in range(number)]
        job = go(publisher, "publish", batch_of(*silent), why="Imported.").context["job"]
        return cases.queries(lambda: publisher.get(change(job)))

    assert page(1) == page(30)


def test_who_handed_an_import_in_does_not_publish_it(batch: ImportBatch):
    importer = User.objects.get(username="importer")
    importer.groups.set(Group.objects.filter(name="Publisher"))
    client = Client()
    client.force_login(importer)
    told = [
        f"importer handed in “{row}”. Somebody else has to publish it."
        for row in Claim.objects.order_by("pk")
    ]
    sheet = client.get(step("publish", batch)).context["sheet"]
    assert sorted(sheet.blocked) == sorted(
        [*told, "importer handed in “The source-of-islands-taken”. Somebody else has to publish it."]
    )
    go(client, "publish", batch, why="All of it.")
    job = PublishingJob.objects.get()
    assert (jobs.counts(job), Release.objects.count()) == (jobs.Counts(blocked=3), 0)
