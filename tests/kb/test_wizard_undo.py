"""Taking an import back on its page: what stays is named, large ones are left to the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from kb.admin.wizard import working
from kb.models import ImportBatch, ImportJob, Topic
from kb.models.importing import JobState
from kb.spreadsheets import storing
from tests.kb import records
from tests.kb.wizard import applies, planned, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def editor() -> Client:
    return signed_in("anna", "Editor")


@pytest.fixture
def batch(editor: Client) -> ImportBatch:
    applies(editor, planned(editor))
    return ImportBatch.objects.get()


def page_of(client: Client, batch: ImportBatch, query: str = "") -> Any:
    return client.get(reverse("import_batch", args=[batch.pk]) + query)


def test_what_stays_is_named_and_goes_when_nothing_stands_in_its_way(
    editor: Client, batch: ImportBatch
) -> None:
    claim = records.claim()
    claim.topics.add(Topic.objects.get(key="islands"))
    undo = reverse("import_undo", args=[batch.pk])
    answer = editor.post(undo, follow=True)
    assert "1 record that the import made is deleted." in answer.content.decode()
    assert "1 row stays as it is." in answer.content.decode()
    assert "1 row stays as it is , each with its reason." in text_of(answer)
    rows = text_of(page_of(editor, batch, "?outcome=stays"))
    assert "“islands” stays: a claim refers to it." in rows
    assert "row 3" not in rows
    assert "Take the rest back" in rows
    claim.topics.clear()
    assert "1 record that it made is deleted, and 0 that it changed are" in text_of(editor.get(undo))
    editor.post(undo)
    assert not Topic.objects.exists()
    assert "Take" not in text_of(page_of(editor, batch)).replace("Taken", "")


def test_a_large_import_is_taken_back_by_the_worker(
    editor: Client, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "INLINE_ROWS", 1)
    undo = reverse("import_undo", args=[batch.pk])
    waiting = editor.post(undo, follow=True)
    assert "Taking the import back" in text_of(waiting)
    assert Topic.objects.count() == 2
    editor.post(undo)
    assert ImportJob.objects.filter(state=JobState.UNDOING).count() == 1
    somebody = signed_in("berta", "Editor").post(undo, follow=True)
    assert "Anna is taking this import back just now." in somebody.content.decode()
    job = working.take()
    assert job is not None
    working.work(job)
    done = editor.get(reverse("import_progress", args=[job.token]), follow=True)
    assert "2 records that the import made are deleted." in done.content.decode()
    assert not Topic.objects.exists()


def test_what_the_worker_could_not_take_back_is_said(
    editor: Client, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "INLINE_ROWS", 1)
    editor.post(reverse("import_undo", args=[batch.pk]))
    ImportBatch.objects.update(undone_by=batch.applied_by, undone_at=batch.applied_at)
    job = working.take()
    assert job is not None
    working.work(job)
    done = editor.get(reverse("import_progress", args=[job.token]), follow=True)
    assert "was undone on" in done.content.decode()


@pytest.mark.django_db(transaction=True)
def test_applying_prepares_the_rows_before_it_takes_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[str, bool]] = []
    write_rows = storing.write_rows

    def noted(table: str, *args: Any) -> None:
        if table == "staged_kb_topic":
            locked = connection.vendor != "sqlite" or not connection.in_atomic_block
            written.append((table, locked))
        write_rows(table, *args)

    monkeypatch.setattr(storing, "write_rows", noted)
    client = signed_in("anna", "Editor")
    applies(client, planned(client))
    assert (written, Topic.objects.count()) == ([("staged_kb_topic", True)], 2)


@pytest.mark.django_db(transaction=True)
def test_an_import_that_another_request_applies_meanwhile_is_applied_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in("anna", "Editor")
    job = planned(client)
    stage, times = working.kept_plan, []

    def meanwhile(one: ImportJob) -> Any:
        plan = stage(one)
        times.append(one.pk)
        if len(times) == 1:
            applies(client, job)
        return plan

    monkeypatch.setattr(working, "kept_plan", meanwhile)
    answer = applies(client, job)
    assert (answer.status_code, len(times)) == (302, 2)
    assert (ImportBatch.objects.count(), Topic.objects.count(), Topic.history.count()) == (1, 2, 2)
