"""Going through the wizard as an editor's browser does."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kb.models import ImportJob
from kb.models.importing import JobState
from tests.kb import records
from tests.support.forms import untouched

TOPICS = "key,name\nislands,Islands\ntreaties,Treaties\n"


def brings(
    client: Client, text: str | bytes = TOPICS, name: str = "topics.csv", *more: tuple[str, str]
) -> Any:
    """Bring files; the answer."""
    data = text.encode() if isinstance(text, str) else text
    files = [SimpleUploadedFile(name, data), *(SimpleUploadedFile(n, t.encode()) for n, t in more)]
    return client.post(reverse("import_start"), {"files": files})


def begun(client: Client, *args: Any) -> ImportJob:
    """Bring files; the import."""
    answer = brings(client, *args)
    assert answer.status_code == 302, answer.content.decode()
    return ImportJob.objects.latest("pk")


def planned(client: Client, *args: Any, **decisions: Any) -> ImportJob:
    """Bring files and preview them, with more said on the page of columns; the import."""
    job = begun(client, *args)
    answer = decide(client, job, do="plan", **decisions)
    assert answer.status_code == 302, trouble(answer)
    job.refresh_from_db()
    assert job.state == JobState.PLANNED
    return job


def decide(client: Client, job: ImportJob, do: str = "update", **decisions: Any) -> Any:
    """Send the page of columns as a browser would, with these fields changed (`s0_into` is s0-into)."""
    address = reverse("import_columns", args=[job.token])
    data: dict[str, Any] = untouched(client.get(address).content.decode(), "s0-into")
    data |= {name.replace("_", "-", 1): value for name, value in decisions.items()}
    return client.post(address, {**data, "do": do})


def applies(client: Client, job: ImportJob, mode: str = "all", plan: str | None = None) -> Any:
    """Press *apply* on the preview."""
    data = {"plan": job.plan_sha256 if plan is None else plan, "mode": mode}
    return client.post(reverse("import_apply", args=[job.token]), data)


def signed_in(name: str, *groups: str) -> Client:
    client = Client()
    client.force_login(records.account(name, *groups))
    return client


def text_of(answer: Any) -> str:
    """What a page says, without its markup."""
    main = answer.content.decode().partition('<main id="content-start"')[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def trouble(answer: Any) -> str:
    found = re.search(r'role="alert">([^<]*)<', answer.content.decode())
    return found[1] if found else text_of(answer)
