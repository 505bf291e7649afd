"""The buttons above the lists: the workbook's columns, the list's records, the editor's rights."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import tablib
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from import_export.results import Result

from kb.admin.exchange import ExchangeMixin
from kb.models import Claim, ImportBatch, Place, Topic
from kb.resources import ClaimResource, PlaceResource, TopicResource
from kb.spreadsheets.reading import Unreadable
from kb.spreadsheets.resource import FORMATS
from tests.kb import records

pytestmark = pytest.mark.django_db
# What is registered is loaded with the addresses, and these tests are named before anybody asks for one.
admin.autodiscover()
BUTTONS = sorted(
    model._meta.model_name or ""
    for model, its in admin.site._registry.items()
    if isinstance(its, ExchangeMixin)
)
LIVE = ("=1+1", "+1", "-1", "@x", "\t=1", "＝1")


def client_of(*groups: str, **fields: Any) -> Client:
    client = Client()
    client.force_login(records.account("editor", *groups, **fields))
    return client


def permission(app: str, name: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app, codename=name)


def exported(client: Client, name: str, kind: str, query: str = "") -> Any:
    number = [format_.extension for format_ in FORMATS].index(kind)
    return client.post(f"{reverse(f'admin:kb_{name}_export')}{query}", {"file_format": number})


def told(result: Result) -> list[str]:
    return [str(error.error) for _, errors in result.row_errors() for error in errors]


def test_every_record_with_a_sheet_of_its_own_has_the_buttons() -> None:
    assert BUTTONS == ["agent", "claim", "event", "place", "rebuttal", "source", "topic"]


@pytest.mark.parametrize("model", [m for m in admin.site._registry if m._meta.model_name in BUTTONS])
def test_a_resource_has_the_columns_of_its_sheet(model: Any) -> None:
    its: Any = admin.site._registry[model]
    resource = its.resource
    assert (resource.sheet.model, [f.column_name for f in resource.get_export_fields()]) == (
        model,
        [column.name for column in resource.sheet.columns],
    )


def test_the_formats_are_ours_alone() -> None:
    its: Any = admin.site._registry[Claim]
    assert [f().get_title() for f in its.get_export_formats()] == ["xlsx", "ods", "csv", "json"]
    assert [f().get_title() for f in its.get_import_formats()] == ["xlsx", "ods", "csv", "json"]


@pytest.mark.parametrize("kind", [kind.extension for kind in FORMATS])
def test_what_is_exported_is_imported_again_as_it_was(kind: str) -> None:
    for number, text in enumerate(LIVE):
        records.claim(f"claim-{number}", statement=f"{text} was said.", note=text)
    format_ = next(f for f in FORMATS if f.extension == kind)()
    dataset = ClaimResource().export()
    again = format_.create_dataset(format_.export_data(dataset))
    result = ClaimResource().import_data(again, user=records.account("boss", is_superuser=True))
    assert (told(result), dict(result.totals)["skip"], dict(result.totals)["update"]) == ([], len(LIVE), 0)
    assert sorted(Claim.objects.values_list("note", flat=True)) == sorted(LIVE)


def test_an_import_is_a_batch_that_can_be_taken_back() -> None:
    data = tablib.Dataset(("war", "War"), headers=("key", "name"))
    result = TopicResource().import_data(data, user=records.account("boss", is_superuser=True))
    assert dict(result.totals)["new"] == 1
    assert list(Topic.objects.values_list("key", "name")) == [("war", "War")]
    assert ImportBatch.objects.get().counts == {
        "topics": {"created": 1, "changed": 0, "unchanged": 0, "refused": 0}
    }


def test_a_dry_run_writes_nothing() -> None:
    data = tablib.Dataset(("war", "War"), headers=("key", "name"))
    user = records.account("boss", is_superuser=True)
    assert dict(TopicResource().import_data(data, dry_run=True, user=user).totals)["new"] == 1
    assert (Topic.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_what_the_models_refuse_is_refused_with_its_cell_and_nothing_is_written() -> None:
    data = tablib.Dataset(
        ("good", "One.", "other"), ("bad", "Two.", "rumour"), headers=("key", "statement", "kind")
    )
    result = ClaimResource().import_data(data, user=records.account("boss", is_superuser=True))
    assert [message.partition(":")[0] for message in told(result)] == ["C3"]
    assert Claim.objects.count() == 0


def test_rights_are_asked_for_row_by_row() -> None:
    records.topic("there")
    data = tablib.Dataset(("there", "Another name"), ("new", "New"), headers=("key", "name"))
    user = records.account("adder")
    for code in ("kb.add_importbatch", "kb.add_topic"):
        app, _, name = code.partition(".")
        user.user_permissions.add(permission(app, name))
    user = type(user).objects.get(pk=user.pk)
    assert told(TopicResource().import_data(data, user=user)) == [
        "B2: Changing a topic needs a right that you do not have."
    ]
    assert list(Topic.objects.values_list("key", flat=True)) == ["there"]


def test_a_broken_file_is_refused_in_words() -> None:
    with pytest.raises(Unreadable):
        FORMATS[0]().create_dataset(b"PK\x03\x04 no spreadsheet")


def test_nought_is_no_blank() -> None:
    headers = ("key", "kind", "latitude", "longitude")
    data = tablib.Dataset(("null-island", "island", 0, 0.0), headers=headers)
    assert told(PlaceResource().import_data(data, user=records.account("boss", is_superuser=True))) == []
    assert list(Place.objects.values_list("latitude", "longitude")) == [(0, 0)]


@pytest.mark.parametrize("kind", [kind.extension for kind in FORMATS])
def test_the_export_of_an_empty_list_is_an_empty_list(kind: str) -> None:
    format_ = next(f for f in FORMATS if f.extension == kind)()
    file = format_.export_data(TopicResource().export())
    if kind == "json":
        with pytest.raises(Unreadable, match="no row"):
            format_.create_dataset(file)
    else:
        assert len(format_.create_dataset(file)) == 0


def test_a_refusal_names_the_cell_of_the_file_blank_rows_counted() -> None:
    sheet = b"key,statement,kind\ngood,One.,other\n\n\nbad,Two.,rumour\n"
    data = FORMATS[2]().create_dataset(sheet)
    result = ClaimResource().import_data(data, user=records.account("boss", is_superuser=True))
    assert [message.partition(":")[0] for message in told(result)] == ["C5"]


def test_a_filter_that_does_not_exist_leads_back_to_the_list() -> None:
    answer = client_of("Editor").get(f"{reverse('admin:kb_topic_export')}?bogus=1")
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('admin:kb_topic_changelist')}?e=1")


def test_the_export_is_of_the_list_as_it_is_searched() -> None:
    records.claim("war", statement="War was declared.")
    records.claim("peace", statement="Peace was signed.")
    client = client_of("Editor")
    answer = exported(client, "claim", "json", "?q=declared")
    assert [row["key"] for row in json.load(io.BytesIO(answer.getvalue()))["claims"]] == ["war"]


def test_who_may_do_nothing_sees_no_list_and_is_refused() -> None:
    client = client_of()
    assert client.get(reverse("admin:kb_topic_changelist")).status_code == 403
    for name in BUTTONS:
        app = "sources" if name in ("agent", "source") else "kb"
        for step in ("import", "process_import", "export"):
            assert client.get(reverse(f"admin:{app}_{name}_{step}")).status_code == 403
            assert client.post(reverse(f"admin:{app}_{name}_{step}")).status_code == 403


def test_who_may_only_look_exports_and_does_not_import() -> None:
    client = Client()
    user = records.account("reader")
    user.user_permissions.add(permission("kb", "view_topic"))
    client.force_login(user)
    page = client.get(reverse("admin:kb_topic_changelist")).content.decode()
    assert ("export_link" in page, "import_link" in page) == (True, False)
    assert client.get(reverse("admin:kb_topic_import")).status_code == 403


def test_import_leads_to_the_wizard_with_the_sheet_chosen() -> None:
    client = client_of("Editor")
    answer = client.get(reverse("admin:kb_topic_import"))
    assert "go into <strong>topics</strong>" in client.get(answer["Location"]).content.decode()
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('import_start')}?into=topics")


def test_a_file_name_from_a_form_is_never_used() -> None:
    answer = client_of("Editor").post(
        reverse("admin:kb_topic_process_import"),
        {"import_file_name": "/etc/passwd", "original_file_name": "x.csv", "format": "0"},
    )
    assert (answer.status_code, Topic.objects.count()) == (302, 0)


def test_a_format_that_does_not_exist_is_answered_in_words() -> None:
    answer = client_of("Editor").post(reverse("admin:kb_topic_export"), {"file_format": "99"})
    assert (answer.status_code, "Choose one of the formats." in answer.content.decode()) == (400, True)


def test_the_export_page_has_nothing_inline() -> None:
    page = client_of("Editor").get(reverse("admin:kb_topic_export")).content.decode()
    assert [word for word in ("<style", " style=", "<script>", "onclick=") if word in page] == []
