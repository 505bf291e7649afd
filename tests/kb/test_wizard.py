"""The wizard of imports: from a file to a batch and back, and nothing written that was not looked at."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kb.admin.wizard import files, uploads, working
from kb.models import ImportBatch, ImportJob, ImportProfile, Topic
from kb.models.importing import JobState
from kb.spreadsheets.choices import Choices
from kb.spreadsheets.layout import SHEETS
from tests.kb import records, wizard
from tests.kb.wizard import applies, begun, brings, decide, planned, signed_in, text_of, trouble

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def editor() -> Client:
    return signed_in("anna", "Editor")


def folder(job: ImportJob) -> Path:
    return settings.DATA_DIR / "imports" / job.token


# --- starting from nothing ------------------------------------------------------------------------------------------


def test_an_empty_workbook_to_fill_has_the_sheets_that_the_editor_may_see(editor: Client) -> None:
    assert f'href="{reverse("import_template")}"' in editor.get(reverse("import_start")).content.decode()
    answer = editor.get(reverse("import_template"))
    assert answer["Content-Disposition"] == 'attachment; filename="rejoinder-template.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    ours = [sheet for sheet in SHEETS if sheet.name in book.sheetnames]
    assert ours == list(SHEETS)
    for sheet in ours:
        found = list(book[sheet.name].values)
        assert found == [tuple(column.name for column in sheet.columns)]


def test_whoever_may_not_import_gets_no_empty_workbook() -> None:
    assert signed_in("nobody").get(reverse("import_template")).status_code == 403


# --- the whole way --------------------------------------------------------------------------------------------------


def test_a_file_becomes_records_only_when_it_is_applied(editor: Client) -> None:
    job = planned(editor)
    assert not Topic.objects.exists()
    preview = text_of(editor.get(reverse("import_preview", args=[job.token])))
    assert "2 created 0 changed 0 unchanged 0 refused" in preview
    assert "key A2 islands name B2 Islands" in preview
    answer = applies(editor, job)
    batch = ImportBatch.objects.get()
    assert answer.headers["Location"] == reverse("import_batch", args=[batch.pk])
    assert sorted(Topic.objects.values_list("key", "name")) == [
        ("islands", "Islands"),
        ("treaties", "Treaties"),
    ]
    assert batch.counts == {"topics": {"created": 2, "changed": 0, "unchanged": 0, "refused": 0}}
    assert (batch.file_name, batch.applied_by.username) == ("topics.csv", "anna")


def test_the_result_links_to_the_records_and_the_list_of_imports_says_who_and_what(editor: Client) -> None:
    job = planned(editor)
    page = editor.get(applies(editor, job).headers["Location"])
    for topic in Topic.objects.all():
        assert (
            f'href="{reverse("admin:kb_topic_change", args=[topic.pk])}">{topic.key}</a>'
            in page.content.decode()
        )
    listed = text_of(editor.get(reverse("import_start")))
    assert "topics.csv" in listed
    assert "anna topics: 2 created, 0 changed" in listed


def test_the_result_leads_to_publishing_the_whole_batch() -> None:
    client = signed_in("paula", "Publisher")
    page = client.get(applies(client, planned(client)).headers["Location"]).content.decode()
    address = reverse("admin:kb_importbatch_step", args=["publish"])
    assert f'href="{address}?id={ImportBatch.objects.get().pk}">Publish this batch</a>' in page


def test_a_change_is_shown_cell_by_cell_and_what_stays_is_not(editor: Client) -> None:
    Topic.objects.create(key="islands", name="The islands")
    Topic.objects.create(key="treaties", name="Treaties")
    job = planned(editor)
    page = editor.get(reverse("import_preview", args=[job.token]))
    assert "0 created 1 changed 1 unchanged 0 refused" in text_of(page)
    assert "name B2 The islands Islands" in text_of(page)
    assert '<del dir="auto">The islands</del>' in page.content.decode()
    only = text_of(editor.get(reverse("import_preview", args=[job.token]), {"outcome": "unchanged"}))
    assert "topics, row 3" in only
    assert "topics, row 2" not in only


def test_a_refusal_says_sheet_cell_value_and_reason_and_good_rows_can_go_alone(editor: Client) -> None:
    job = planned(editor, "key,name\nislands,Islands\nNot A Key!,Treaties\n")
    page = editor.get(reverse("import_preview", args=[job.token]), {"outcome": "refused"})
    assert "topics!A3 “Not A Key!”: A key is made of" in text_of(page)
    assert applies(editor, job).headers["Location"] == reverse("import_preview", args=[job.token])
    assert not Topic.objects.exists()
    job.refresh_from_db()
    applies(editor, job, mode="good")
    assert [topic.key for topic in Topic.objects.all()] == ["islands"]
    batch = ImportBatch.objects.get()
    refused = text_of(editor.get(reverse("import_batch", args=[batch.pk]), {"outcome": "refused"}))
    assert "topics, row 3 refused A3:" in refused


def test_several_files_are_one_import_and_refer_to_each_other(editor: Client) -> None:
    claims = "key,statement,kind,topics\nfirst,They were taken.,other,islands\n"
    job = begun(editor, wizard.TOPICS, "topics.csv", ("claims.csv", claims))
    assert {name: choice["into"] for name, choice in job.choices["sheets"].items()} == {
        "topics": "topics",
        "claims": "claims",
    }
    decide(editor, job, do="plan")
    job.refresh_from_db()
    assert job.summary["counts"]["refused"] == 0
    applies(editor, job)
    assert Topic.objects.get(key="islands").claims.get().key == "first"


def test_undo_asks_first_and_puts_back(editor: Client) -> None:
    Topic.objects.create(key="islands", name="The islands")
    applies(editor, planned(editor))
    address = reverse("import_undo", args=[ImportBatch.objects.get().pk])
    asked = text_of(editor.get(address))
    assert "1 record that it made is deleted, and 1 that it changed is put back as it was" in asked
    assert Topic.objects.count() == 2
    told = editor.post(address, follow=True).content.decode()
    assert "1 record that the import made is deleted. 1 is as it was before it." in told
    assert [(topic.key, topic.name) for topic in Topic.objects.all()] == [("islands", "The islands")]
    again = editor.post(address, follow=True)
    assert Topic.objects.count() == 1
    assert "Take it back" not in text_of(again)


def test_the_report_is_the_file_with_the_refused_cells(editor: Client) -> None:
    job = planned(editor, "key,name\nislands,Islands\nNot A Key!,Treaties\n", "topics.csv")
    answer = editor.get(reverse("import_report", args=[job.token]), {"rows": "refused"})
    assert answer.headers["Content-Disposition"].endswith('"topics - refused rows.xlsx"')
    assert b"".join(answer.streaming_content).startswith(b"PK")


# --- sheets and columns ---------------------------------------------------------------------------------------------


def test_columns_can_be_chosen_and_rows_be_something_else(editor: Client) -> None:
    job = begun(editor, "alpha,beta\nislands,Islands\n", "list.csv")
    assert job.choices["sheets"]["list"]["into"] == ""
    assert "Every sheet is left out" in trouble(decide(editor, job, do="plan"))
    decide(editor, job, s0_into="topics")
    job.refresh_from_db()
    decide(editor, job, do="plan", s0_c0="key", s0_c1="name")
    job.refresh_from_db()
    applies(editor, job)
    assert list(Topic.objects.values_list("key", "name")) == [("islands", "Islands")]


def test_constants_value_maps_and_created_names_reach_the_plan(editor: Client) -> None:
    text = "key,statement,type,subject\nfirst,They were taken.,Sonstiges,Inseln\n"
    job = begun(editor, text, "claims.csv")
    decide(
        editor, job, do="plan", s0_c2="kind", s0_c3="topics", **{
            "s0-constant-column": ["language"], "s0-constant-text": ["de"],
            "s0-value-column": ["kind"], "s0-value-theirs": ["Sonstiges"], "s0-value-ours": ["other"],
            "s0-create": ["topics"],
        },
    )  # fmt: skip
    job.refresh_from_db()
    assert job.summary["made"] == 1
    applies(editor, job)
    claim = Topic.objects.get(name="Inseln").claims.get()
    assert (claim.key, claim.kind, claim.language) == ("first", "other", "de")


def test_values_that_are_none_of_ours_are_offered_for_translation(editor: Client) -> None:
    job = begun(editor, "key,statement,kind\na,They were.,Sonstiges\n", "claims.csv")
    decide(editor, job, s0_c2="kind")
    page = editor.get(reverse("import_columns", args=[job.token])).content.decode()
    assert 'name="s0-value-theirs" value="Sonstiges"' in page


def test_header_and_encoding_can_be_corrected(editor: Client) -> None:
    job = begun(editor, "Острова;x\nkey;name\na;Остров\n".encode("cp1251"), "list.csv")
    decide(editor, job, **{"s0-header": "2", "f0-encoding": "cp1251", "f0-delimiter": "semicolon"})
    job.refresh_from_db()
    decide(editor, job, s0_into="topics")
    job.refresh_from_db()
    decide(editor, job, do="plan")
    job.refresh_from_db()
    applies(editor, job)
    assert list(Topic.objects.values_list("key", "name")) == [("a", "Остров")]


def test_reading_a_file_otherwise_keeps_what_was_decided_where_the_headers_stay(editor: Client) -> None:
    job = begun(editor, "alpha,beta\nislands,Île\n".encode("cp1252"), "list.csv")
    decide(editor, job, s0_into="topics")
    job.refresh_from_db()
    decide(editor, job, s0_c0="key", s0_c1="name", **{"f0-encoding": "cp1250"})
    job.refresh_from_db()
    assert job.choices["sheets"]["list"]["columns"] == {"0": "key", "1": "name"}
    decide(editor, job, do="plan", **{"f0-encoding": "cp1252"})
    job.refresh_from_db()
    applies(editor, job)
    assert list(Topic.objects.values_list("key", "name")) == [("islands", "Île")]


def test_reasons_for_refusals_are_told_together(editor: Client) -> None:
    rows = "".join(f"claim-{n},Statement {n}.,other,topic-{n}\n" for n in range(60))
    job = planned(editor, f"key,statement,kind,topics\n{rows}", "claims.csv")
    told = text_of(editor.get(reverse("import_preview", args=[job.token])))
    assert "Why rows are refused claims!D2 and 59 more like it: There is no topic “topic-0”." in told


def test_a_header_that_is_no_row_is_told_in_words(editor: Client) -> None:
    job = begun(editor)
    assert "no row of a header" in trouble(decide(editor, job, **{"s0-header": "first"}))


def test_a_profile_is_saved_and_used(editor: Client) -> None:
    job = begun(editor, "alpha,beta\nislands,Islands\n", "list.csv")
    decide(editor, job, s0_into="topics")
    job.refresh_from_db()
    decide(editor, job, do="save:0", s0_c0="key", s0_c1="name", **{"s0-save-as": "our list"})
    saved = Choices.from_json(ImportProfile.objects.get(name="our list").mapping)
    assert (saved.into, dict(saved.columns)) == ("topics", {"alpha": "key", "beta": "name"})
    other = begun(editor, "alpha,beta\ntreaties,Treaties\n", "list.csv")
    decide(editor, other, do="use:0", **{"s0-profile": "our list"})
    other.refresh_from_db()
    decide(editor, other, do="plan")
    other.refresh_from_db()
    applies(editor, other)
    assert ImportBatch.objects.get().profile.name == "our list"
    assert Topic.objects.get().key == "treaties"


def test_another_editors_profile_is_not_written_over_by_a_contributor(editor: Client) -> None:
    ImportProfile.objects.create(name="theirs", mapping=Choices(into="topics").as_json())
    client = signed_in("carl", "Contributor")
    answer = decide(client, begun(client), do="save:0", **{"s0-save-as": "theirs"})
    assert "Somebody else has saved a profile" in trouble(answer)
    assert ImportProfile.objects.get().owner is None


# --- the confirm step -----------------------------------------------------------------------------------------------


def test_somebody_elses_import_is_refused_on_every_page(editor: Client) -> None:
    job = planned(editor)
    other = signed_in("boris", "Publisher")
    for name in ("import_columns", "import_preview", "import_progress", "import_report"):
        answer = other.get(reverse(name, args=[job.token]))
        assert (answer.status_code, "begun by somebody else" in text_of(answer)) == (403, True), name
    assert applies(other, job).status_code == 403
    assert other.post(reverse("import_discard", args=[job.token])).status_code == 403
    assert not Topic.objects.exists()
    assert ImportJob.objects.filter(pk=job.pk).exists()


@pytest.mark.parametrize("part", ["plan", "file-0"])
def test_a_tampered_plan_or_file_is_refused(editor: Client, part: str) -> None:
    job = planned(editor)
    kept = folder(job) / part
    kept.write_bytes(kept.read_bytes().replace(b"Islands", b"Islandz"))
    answer = applies(editor, job)
    assert answer.status_code == 409
    assert "Nothing was applied" in text_of(answer)
    assert not Topic.objects.exists()


def test_a_plan_applied_twice_is_applied_once(editor: Client) -> None:
    job = planned(editor)
    applies(editor, job)
    answer = editor.post(
        reverse("import_apply", args=[job.token]), {"plan": job.plan_sha256, "mode": "all"}, follow=True
    )
    assert "This was applied already" in text_of(answer) or "applied already" in answer.content.decode()
    assert ImportBatch.objects.count() == 1
    assert Topic.history.count() == 2
    job.refresh_from_db()
    with pytest.raises(working.Refused, match="It is not applied twice"):
        working.apply_plan(job, expected=JobState.PLANNED)
    assert ImportBatch.objects.count() == 1


def test_an_expired_plan_is_refused_and_its_files_are_gone(editor: Client) -> None:
    job = planned(editor)
    ImportJob.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = applies(editor, job)
    assert answer.status_code == 410
    assert "waited for more than two days" in text_of(answer)
    assert not Topic.objects.exists()
    assert not folder(job).exists()


@pytest.mark.parametrize("plan", ["", "0" * 64])
def test_only_the_plan_that_was_looked_at_is_applied(editor: Client, plan: str) -> None:
    job = planned(editor)
    assert applies(editor, job, plan=plan).status_code == 409
    seen = job.plan_sha256
    decide(editor, job, do="plan", s0_c1="")
    assert applies(editor, job, plan=seen).status_code == 409
    assert not Topic.objects.exists()


def test_a_row_changed_between_preview_and_apply_is_named_and_kept(editor: Client) -> None:
    topic = Topic.objects.create(key="islands", name="The islands")
    job = planned(editor)
    topic.name = "What somebody else wrote"
    topic.save()
    answer = applies(editor, job)
    assert answer.headers["Location"] == reverse("import_preview", args=[job.token])
    page = text_of(editor.get(answer.headers["Location"]))
    assert "was changed since this was planned" in page
    assert "Islands" in page or "islands" in page
    topic.refresh_from_db()
    assert topic.name == "What somebody else wrote"
    assert Topic.objects.count() == 1


def test_a_form_without_its_token_is_refused(editor: Client) -> None:
    job = planned(editor)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor.cookies
    assert applies(strict, job).status_code == 403
    assert brings(strict).status_code == 403
    assert strict.post(reverse("import_discard", args=[job.token])).status_code == 403
    assert (ImportJob.objects.count(), Topic.objects.count()) == (1, 0)


# --- rights ---------------------------------------------------------------------------------------------------------


def test_who_may_import(client: Client) -> None:
    assert client.get(reverse("import_start")).status_code == 302
    statuses = {
        group: signed_in(group.split()[0], group).get(reverse("import_start")).status_code
        for group in ("Contributor", "Editor", "Publisher", "Reader of everything")
    }
    assert statuses == {"Contributor": 200, "Editor": 200, "Publisher": 200, "Reader of everything": 403}


def test_a_reader_can_look_at_batches_and_take_none_back(editor: Client) -> None:
    applies(editor, planned(editor))
    reader = signed_in("rita", "Reader of everything")
    pk = ImportBatch.objects.get().pk
    assert reader.get(reverse("import_batch", args=[pk])).status_code == 200
    assert reader.post(reverse("import_undo", args=[pk])).status_code == 403
    nobody = signed_in("nils")
    assert nobody.get(reverse("import_batch", args=[pk])).status_code == 403


def test_a_contributor_imports_what_they_may_add_and_cannot_take_it_back() -> None:
    client = signed_in("carl", "Contributor")
    job = planned(client)
    answer = applies(client, job)
    assert Topic.objects.count() == 2
    page = client.get(answer.headers["Location"])
    assert "Take it back" not in page.content.decode()
    assert client.get(reverse("import_undo", args=[ImportBatch.objects.get().pk])).status_code == 403


def test_rows_that_one_may_not_write_are_refused_one_by_one() -> None:
    account = records.account("dora")
    account.user_permissions.set(Permission.objects.filter(codename="add_importbatch"))
    client = Client()
    client.force_login(account)
    job = planned(client)
    assert job.summary["counts"] == {"created": 0, "changed": 0, "unchanged": 0, "refused": 2}
    assert "needs a right" in text_of(client.get(reverse("import_preview", args=[job.token])))


# --- files that cannot be -------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_told_in_words_and_not_kept(editor: Client) -> None:
    for data, said in ((b"%PDF-1.7 x", "This is a PDF"), (b"  \n", "empty"), (b"PK\x03\x04broken", "")):
        answer = brings(editor, data, "list.xlsx")
        assert answer.status_code == 400
        assert said in trouble(answer)
    assert not ImportJob.objects.exists()
    assert list((settings.DATA_DIR / "imports").iterdir()) == []


def test_no_file_is_told_in_words(editor: Client) -> None:
    answer = editor.post(reverse("import_start"), {})
    assert (answer.status_code, trouble(answer)) == (400, "Choose a file first.")


def test_what_is_too_large_is_told_in_words(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "most_bytes", lambda: 1024 * 1024)
    answer = brings(editor, b"x" * (1024 * 1024 + 10))
    assert answer.status_code == 400
    assert "at most 1 MB" in trouble(answer)
    assert not ImportJob.objects.exists()


def test_too_many_imports_under_way_are_told(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(editor)
    monkeypatch.setattr(files, "AT_ONCE", 1)
    assert "You have 1 imports under way" in trouble(brings(editor))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.csv",
        "C:\\temp\\a.csv",
        "a\u202egpj.csv",
        "<script>alert(1)</script>.csv",
        "x" * 300 + ".csv",
    ],
)
def test_a_hostile_name_is_text_and_never_a_path(editor: Client, name: str) -> None:
    job = begun(editor, wizard.TOPICS, name)
    assert sorted(file.name for file in folder(job).iterdir()) == ["file-0", "look.json"]
    assert not {"/", "\\", "\u202e"} & set(job.files[0]["name"])
    assert len(job.files[0]["name"]) <= 120
    for page in ("import_columns", "import_start"):
        args = [job.token] if page == "import_columns" else []
        assert "<script>alert" not in editor.get(reverse(page, args=args)).content.decode()
    decide(editor, job, s0_into="topics")
    job.refresh_from_db()
    decide(editor, job, do="plan")
    job.refresh_from_db()
    applies(editor, job)
    assert Topic.objects.count() == 2


def test_files_are_private(editor: Client) -> None:
    job = planned(editor)
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in folder(job).iterdir()}
    assert set(modes.values()) == {"0o600"}
    assert oct(folder(job).stat().st_mode & 0o777) == "0o700"
    assert len(job.token) == 32


@pytest.mark.parametrize("text", ["<b>bold</b>", "=1+1", "\u202eabc", "'\"><img src=x onerror=alert(1)>"])
def test_hostile_cells_are_text(editor: Client, text: str) -> None:
    quoted = text.replace('"', '""')
    job = planned(editor, f'key,name\nislands,"{quoted}"\n')
    for name in ("import_columns", "import_preview"):
        page = editor.get(reverse(name, args=[job.token])).content.decode()
        assert "<img src=x" not in page
        assert "<b>bold" not in page
        assert text in unescape(page)


@pytest.mark.parametrize(
    "query", [{"page": "0"}, {"page": "9" * 30}, {"page": "x"}, {"outcome": "' OR 1"}, {"sheet": "x" * 5000}]
)
def test_odd_addresses_do_no_harm(editor: Client, query: dict[str, str]) -> None:
    job = planned(editor)
    assert editor.get(reverse("import_preview", args=[job.token]), query).status_code == 200
    assert editor.get(reverse("import_columns", args=[job.token]), query).status_code == 200
    assert editor.get(reverse("import_start"), query).status_code == 200


def test_odd_forms_do_no_harm(editor: Client) -> None:
    job = begun(editor)
    odd = {
        "s0-into": "no such",
        "s0-c0": "no.such",
        "s0-day_first": "x",
        "s0-create": "claims",
        "s9-into": "topics",
    }
    address = reverse("import_columns", args=[job.token])
    for do in ("plan", "use:0", "use:99", "save:x", "save:0", "", "update"):
        assert editor.post(address, {**odd, "do": do}).status_code in (302, 400)


def test_an_import_that_is_discarded_leaves_nothing(editor: Client) -> None:
    job = planned(editor)
    editor.post(reverse("import_discard", args=[job.token]))
    assert not ImportJob.objects.exists()
    assert not folder(job).exists()
    assert editor.get(reverse("import_preview", args=[job.token])).status_code == 410


# --- pages of many rows, and the worker -----------------------------------------------------------------------------


def lines(number: int) -> str:
    return "key,name\n" + "".join(f"topic-{i},Topic {i}\n" for i in range(number))


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_preview_and_result_ask_no_more_for_three_rows_than_for_one(editor: Client) -> None:
    found = {}
    for number in (1, 3):
        job = planned(editor, lines(number))
        found["preview", number] = queries(editor, reverse("import_preview", args=[job.token]))
        found["result", number] = queries(editor, applies(editor, job).headers["Location"])
        again = planned(editor, lines(number))
        found["unchanged", number] = queries(editor, reverse("import_preview", args=[again.token]))
        editor.post(reverse("import_discard", args=[again.token]))
        Topic.objects.all().delete()
    assert {page: found[page, 1] for page, _ in found} == {page: found[page, 3] for page, _ in found}


def test_a_page_shows_fifty_rows(editor: Client) -> None:
    job = planned(editor, lines(120))
    address = reverse("import_preview", args=[job.token])
    shown = [
        editor.get(address, {"page": page}).content.decode().count('<article class="row ')
        for page in (1, 2, 3)
    ]
    assert shown == [50, 50, 20]


@pytest.mark.usefixtures("editor")
def test_a_large_import_is_worked_off_beside_the_server(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "INLINE_ROWS", 1)
    job = begun(editor)
    progress = reverse("import_progress", args=[job.token])
    assert decide(editor, job, do="plan").headers["Location"] == progress
    assert "Waiting for its turn" in text_of(editor.get(progress))
    assert not Topic.objects.exists()
    taken = working.take()
    assert taken is not None
    assert working.take() is None
    working.work(taken)
    assert editor.get(progress).headers["Location"] == reverse("import_preview", args=[job.token])
    job.refresh_from_db()
    assert applies(editor, job).headers["Location"] == progress
    # Killed here, it is taken up again, once the other has shown no sign of life for a while; and applied once.
    lost = working.take()
    assert lost is not None
    ImportJob.objects.update(taken_at=timezone.now() - working.LOST - timedelta(seconds=1))
    again = working.take()
    assert again is not None
    working.work(again)
    working.work(lost)
    assert (ImportBatch.objects.count(), Topic.objects.count()) == (1, 2)
    assert editor.get(progress).headers["Location"] == reverse(
        "import_batch", args=[ImportBatch.objects.get().pk]
    )


def test_what_goes_wrong_beside_the_server_is_told_to_the_editor(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "INLINE_ROWS", 1)
    job = begun(editor)
    decide(editor, job, do="plan")
    (folder(job) / "file-0").unlink()
    taken = working.take()
    assert taken is not None
    working.work(taken)
    page = editor.get(reverse("import_progress", args=[job.token]), follow=True)
    assert "Bring it again" in text_of(page)


def test_the_worker_works_off_what_waits(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "INLINE_ROWS", 1)
    job = begun(editor)
    decide(editor, job, do="plan")
    said = StringIO()
    call_command("worker", "--once", stdout=said)
    assert said.getvalue() == "waiting to be planned: topics.csv\n"
    job.refresh_from_db()
    assert (job.state, job.summary["counts"]["created"]) == (JobState.PLANNED, 2)


def test_what_is_kept_of_a_wide_sheet_is_bounded(editor: Client) -> None:
    header = ",".join(f"column {i}" for i in range(400))
    job = begun(editor, f"{header}\n" + ",".join(["x" * 2000] * 400) + "\n", "wide.csv")
    decide(editor, job, s0_into="topics")
    look = json.loads((folder(job) / "look.json").read_bytes())
    assert max(len(text) for texts in look["sheets"][0]["texts"].values() for text in texts) == 300
    assert len(editor.get(reverse("import_columns", args=[job.token])).content) < 2_000_000
