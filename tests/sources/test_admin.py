"""The bibliography in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sources.models import Contribution, Snapshot, Source
from tests.kb import records
from tests.kb.admin_forms import posted, with_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def contributor(client: Client) -> Client:
    client.force_login(records.account("contributor", "Contributor"))
    return client


def page_of(source: Source) -> str:
    return reverse("admin:sources_source_change", args=[source.pk])


def suggested(client: Client, model: str, field: str, term: str) -> list[str]:
    app, name = model.split(".")
    query = {"app_label": app, "model_name": name, "field_name": field, "term": term}
    answer = client.get(reverse("admin:autocomplete"), query)
    assert answer.status_code == 200
    return [result["text"] for result in answer.json()["results"]]


def listed(client: Client, **query: Any) -> list[str]:
    found = client.get(reverse("admin:sources_source_changelist"), query).context["cl"].result_list
    return [source.key for source in found]


def test_a_source_is_saved_with_its_contributors_and_its_text(contributor: Client) -> None:
    source, editors = records.source(), records.agent("editors")
    data = with_row(
        posted(contributor, page_of(source)), "contributions", agent=editors.pk, role="author", order="0"
    )
    data = with_row(
        data,
        "snapshots",
        text=records.TEXT,
        extent="whole",
        rights="private",
        captured_at_0="2026-11-01",
        captured_at_1="12:00",
    )
    assert contributor.post(page_of(source), data).status_code == 302
    assert Contribution.objects.get().agent == editors
    assert Snapshot.objects.get().text.split() == records.TEXT.split()


def test_a_captured_text_cannot_be_changed(contributor: Client) -> None:
    source = records.source()
    records.snapshot(source)
    response = contributor.post(
        page_of(source), {**posted(contributor, page_of(source)), "snapshots-0-text": "Other."}
    )
    (formset,) = [
        i.formset for i in response.context["inline_admin_formsets"] if i.formset.prefix == "snapshots"
    ]
    assert formset.errors == [{"text": ["A captured text is never changed: add a new snapshot instead."]}]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "javascript:alert(1)", "Enter a valid URL"),
        ("doi", "doi:10.1", "A DOI begins with “10.”"),
        ("isbn", "978-0-00-000000-1", "is not an ISBN"),
        ("language", "english language", "BCP 47"),
    ],
)
def test_a_refusal_says_what_would_be_right(contributor: Client, field: str, value: str, words: str) -> None:
    source = records.source()
    response = contributor.post(page_of(source), {**posted(contributor, page_of(source)), field: value})
    assert words in " ".join(response.context["adminform"].form.errors[field])


def test_sources_are_found_by_their_authors_and_filtered_by_type(contributor: Client) -> None:
    report, _ = records.source("report", type="report"), records.source("comment", type="post")
    Contribution.objects.create(source=report, agent=records.agent("togo"))
    assert listed(contributor, q="Togo") == ["report"]
    assert listed(contributor, type__exact="post") == ["comment"]


def test_contributors_find_what_their_forms_refer_to(contributor: Client) -> None:
    source = records.source("editorial")
    records.snapshot(source)
    place = records.place("iturup", "択捉島")
    claim = records.claim("islands-taken")
    records.appearance(claim, source)
    assert suggested(contributor, "kb.appearance", "source", "editor") == ["The editorial"]
    assert suggested(contributor, "kb.appearance", "snapshot", "editor") == [str(Snapshot.objects.get())]
    assert suggested(contributor, "kb.statedvalue", "place", "択捉") == [f"択捉島 ({place})"]
    assert suggested(contributor, "kb.statedvalue", "attribute", "signed") == ["was signed"]
    assert suggested(contributor, "kb.rebuttal", "claim", "islands") == ["Statement of islands-taken."]
    assert suggested(contributor, "kb.rebuttal", "appearances", "editor") == [f"{claim} in {source}"]
