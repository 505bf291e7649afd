"""The log: what is written down, by whom it is read, that nobody rewrites it, and that it does not grow for ever."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from kb.requests import remember_request
from kb.signing import audit
from kb.signing.models import AuditEntry, Kind
from tests.kb import records
from tests.signing.people import PASSWORD, chief, lines, sign_in, somebody

pytestmark = pytest.mark.django_db

LOG = "/admin/signing/auditentry/"


def at_the_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- what is written down -------------------------------------------------------------------------------------------


def test_coming_and_going() -> None:
    user = somebody()
    client = Client()
    sign_in(client, REMOTE_ADDR="203.0.113.7")
    client.post("/admin/logout/", REMOTE_ADDR="203.0.113.8")
    found = list(AuditEntry.objects.order_by("pk").values_list("kind", "account", "person", "address"))
    assert found == [
        ("signed-in", "anna", user.pk, "203.0.113.7"),
        ("signed-out", "anna", user.pk, "203.0.113.8"),
    ]


def test_pages_that_were_refused_are_counted() -> None:
    client = at_the_desk(somebody("reader", "Reader of everything"))
    for address in ("/admin/import/", "/admin/import/", "/admin/kb/claim/add/"):
        assert client.get(address).status_code == 403
    assert lines(kind="refused") == [
        ("refused", "reader", "GET /admin/import/", 2),
        ("refused", "reader", "GET /admin/kb/claim/add/", 1),
    ]


def test_an_export_says_what_was_taken() -> None:
    records.claim()
    client = at_the_desk(somebody())
    assert client.post("/admin/kb/claim/export/", {"file_format": "0"}).status_code == 200
    year = timezone.now().year
    assert client.get(f"/admin/reports/deliveries/{year}.csv").status_code == 200
    assert lines(kind="export") == [
        ("export", "anna", "1 of the sheet claims, as xlsx", 1),
        ("export", "anna", f"requests to publishers of {year}, as csv", 1),
    ]


def test_an_export_by_a_command(tmp_path: Any) -> None:
    records.claim()
    call_command("export_workbook", str(tmp_path / "out.xlsx"), sheets="claims", verbosity=0)
    assert lines(kind="export") == [("export", "", "by a command: claims 1", 1)]


def test_accounts_and_rights() -> None:
    client = at_the_desk(chief())
    editors = Group.objects.get(name="Editor")
    assert client.post("/admin/auth/user/add/", {"username": "anna"}).status_code == 302
    anna = User.objects.get(username="anna")
    address = f"/admin/auth/user/{anna.pk}/change/"
    form = {"username": "anna", "roles": [editors.pk], "administrator": "on"}
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).status_code == 302
    assert client.post(address, {"username": "anne"}).status_code == 302
    closing = f"/admin/auth/user/step/close/?id={anna.pk}"
    assert client.post(closing, {"id": anna.pk, "why": "Gone."}).status_code == 302
    assert sorted(what for _, account, what, _ in lines(kind="rights") if account == "chief") == [
        "anna: administrator, yes",
        "anna: called anne from now on",
        "anna: given group Editor",
        "anna: made",
        "anne: active, no",
        "anne: administrator, no",
        "anne: no longer has group Editor",
    ]


def test_an_account_that_is_deleted_and_a_right_of_its_own() -> None:
    anna, right = somebody("anna", ""), Permission.objects.get(codename="publish")
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")

    def change(_: Any) -> HttpResponse:
        anna.user_permissions.add(right)
        anna.user_permissions.clear()
        anna.delete()
        return HttpResponse()

    remember_request(change)(request)
    assert [what for _, _, what, _ in lines(kind="rights", address="203.0.113.7")] == [
        "anna: given book.publish",
        "anna: no longer has any right of its own",
        "anna: deleted",
    ]


def test_rights_of_a_group() -> None:
    client = at_the_desk(chief())
    group = Group.objects.create(name="Interns")
    right = Permission.objects.get(codename="view_claim")
    form = {"name": "Interns", "permissions": [right.pk]}
    assert client.post(f"/admin/auth/group/{group.pk}/change/", form).status_code == 302
    assert lines(kind="rights") == [("rights", "chief", "group Interns: given kb.view_claim", 1)]


def test_a_password_that_is_only_hashed_anew_is_not_changed(settings: Settings) -> None:
    user = somebody()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    before = user.password
    assert sign_in(Client()).status_code == 302
    assert User.objects.get().password != before
    assert lines(kind="password") == []


def test_what_was_taken_back_leaves_no_line() -> None:
    with transaction.atomic():
        audit.note(Kind.EXPORT, "everything")
        transaction.set_rollback(True)
    assert lines() == []


def test_one_statement_a_line() -> None:
    user = somebody()
    with CaptureQueriesContext(connection) as queries:
        audit.note(Kind.EXPORT, "claims", by=user)
    assert len(queries) == 1


@given(text=st.text(max_size=2000), length=st.integers(1, 400))
def test_texts_are_one_bounded_line_that_every_database_takes(text: str, length: int) -> None:
    cleaned = audit.clean(text, length)
    assert len(cleaned) <= length
    assert cleaned.encode("utf-8").decode() == cleaned
    assert audit.clean(cleaned, length) == cleaned
    assert not set(cleaned) & {"\0", "\n", "\r", "\t", "\x1b", "\u202e", "\u2028"}


def test_a_path_with_anything_in_it_is_written_down() -> None:
    client = at_the_desk(somebody("reader", "Reader of everything"))
    audit.note_summed(Kind.REFUSED, "GET /admin/\0\ud800\n" + "x" * 1000, by=User.objects.get())
    assert client.get("/admin/kb/claim/add/?" + "q" * 2000).status_code == 403
    assert [what for _, _, what, _ in lines(kind="refused")] == [
        "GET /admin/ " + "x" * 287 + "…",
        "GET /admin/kb/claim/add/",
    ]


# --- it does not grow for ever --------------------------------------------------------------------------------------


def test_a_flood_from_many_places_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST_AN_HOUR", 5)
    with time_machine.travel(timezone.now().replace(minute=1), tick=False) as clock:
        for n in range(20):
            sign_in(Client(), f"nobody {n}", REMOTE_ADDR=f"203.0.113.{n}")
        assert lines() == [("wrong", "", "sign-in", 1)] * 5 + [
            ("wrong", "", "and others, too many to name", 15)
        ]
        clock.shift(timedelta(hours=1))
        sign_in(Client(), "nobody", REMOTE_ADDR="203.0.113.99")
    assert lines()[6:] == [("wrong", "", "sign-in", 1)]


def test_lines_whose_time_is_over_are_forgotten(settings: Settings) -> None:
    settings.AUDIT_KEPT_DAYS = 30
    for days in (40, 29):
        with time_machine.travel(timezone.now() - timedelta(days=days)):
            audit.note(Kind.EXPORT, f"{days} days ago")
    told = io.StringIO()
    call_command("forget_audit", stdout=told)
    assert told.getvalue() == "Forgotten: 1 line of the log.\n"
    assert [what for _, _, what, _ in lines()] == ["29 days ago"]


# --- nobody rewrites it ---------------------------------------------------------------------------------------------

KEPT = "The log is only ever added to"


@pytest.mark.parametrize(
    "field", ["at", "kind", "account", "person", "address", "what", "hour", "kept_until"]
)
def test_the_database_refuses_to_change_a_line(field: str) -> None:
    audit.note_summed(Kind.WRONG, "sign-in", by=somebody())
    other = {
        "kind": "export",
        "person": 0,
        "at": timezone.now(),
        "hour": timezone.now(),
        "kept_until": timezone.now(),
    }
    with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
        AuditEntry.objects.update(**{field: other.get(field, "another")})


@pytest.mark.parametrize("way", ["queryset", "sql"])
def test_the_database_refuses_to_delete_a_line_before_its_time(way: str) -> None:
    def by_sql() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM signing_auditentry")

    audit.note(Kind.EXPORT, "everything")
    delete = AuditEntry.objects.all().delete if way == "queryset" else by_sql
    with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
        delete()
    assert len(lines()) == 1


def test_a_sum_only_grows() -> None:
    for _ in range(3):
        audit.note_summed(Kind.WRONG, "sign-in")
    for times in (1, 2):
        with pytest.raises(IntegrityError, match="A sum of the log only grows"), transaction.atomic():
            AuditEntry.objects.update(times=times)
    with pytest.raises(IntegrityError, match="A sum of the log only grows"), transaction.atomic():
        AuditEntry.objects.update(last_at=timezone.now())
    assert lines() == [("wrong", "", "sign-in", 3)]


def test_the_database_knows_the_kinds_and_sums_once() -> None:
    line = {"at": timezone.now(), "last_at": timezone.now(), "kept_until": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.create(kind="gossip", **line)
    summed = AuditEntry(kind="wrong", hour=line["at"], **line)
    summed.save()
    summed.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        summed.save(force_insert=True)


def test_a_line_outlasts_the_account() -> None:
    user = somebody()
    audit.note(Kind.EXPORT, "everything", by=user)
    user.delete()
    assert lines() == [("export", "anna", "everything", 1)]


# --- reading it -----------------------------------------------------------------------------------------------------


def reader() -> User:
    user = somebody("auditor", "")
    user.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    return user


def test_it_is_read_by_those_with_the_right_and_written_by_nobody() -> None:
    audit.note(Kind.EXPORT, "everything", by=somebody())
    line = AuditEntry.objects.get()
    for user in (reader(), somebody("manager", "Desk manager"), chief()):
        client = at_the_desk(user)
        assert "everything" in client.get(LOG).content.decode()
        assert client.get(f"{LOG}{line.pk}/change/").status_code == 200
        assert client.post(f"{LOG}{line.pk}/change/", {"what": "nothing"}).status_code == 403
        assert client.get(f"{LOG}add/").status_code == 403
        assert client.post(f"{LOG}{line.pk}/delete/", {"post": "yes"}).status_code == 403
    other = at_the_desk(User.objects.get(username="anna"))
    assert [other.get(address).status_code for address in (LOG, f"{LOG}csv/")] == [403, 403]


def test_it_is_filtered_by_what_and_who_and_searched() -> None:
    anna, boris = somebody(), somebody("boris")
    audit.note(Kind.EXPORT, "annas export", by=anna)
    audit.note(Kind.IMPORT, "annas import", by=anna)
    audit.note(Kind.EXPORT, "boris export", by=boris)
    client = at_the_desk(reader())

    def shown(query: str) -> list[str]:
        text = client.get(f"{LOG}?{query}").content.decode()
        return [what for what in ("annas export", "annas import", "boris export") if what in text]

    assert shown("kind__exact=export") == ["annas export", "boris export"]
    assert shown(f"person={anna.pk}") == ["annas export", "annas import"]
    assert shown(f"person={anna.pk}&kind__exact=import") == ["annas import"]
    assert shown("q=boris") == ["boris export"]
    assert shown("q=bori") == []
    assert shown("person=" + "9" * 30) == shown("person=x") == shown("")


def test_it_is_taken_along_as_csv_without_formulas() -> None:
    audit.note(Kind.EXPORT, "=1+1", by=somebody("+anna"))
    audit.note(Kind.IMPORT, "left out")
    client = at_the_desk(reader())
    answer = client.get(f"{LOG}csv/?kind__exact=export")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["time", "what", "who", "address", "more", "times", "last time"]
    assert [row[1:6] for row in rows[1:]] == [["export", "\\+anna", "", "\\=1+1", "1"]]
    assert lines(what__startswith="the log") == [("export", "auditor", "the log, 1 lines as csv", 1)]
    assert client.get(f"{LOG}csv/?nonsense=1")["Location"] == LOG


def test_the_list_asks_as_much_for_three_lines_as_for_one() -> None:
    client = at_the_desk(reader())
    numbers = []
    for n in range(3):
        audit.note(Kind.EXPORT, f"export {n}", by=User.objects.get())
        with CaptureQueriesContext(connection) as queries:
            client.get(LOG)
        numbers.append(len(queries))
    assert len(set(numbers)) == 1


def test_no_password_and_no_code_comes_into_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    somebody()
    sign_in(Client(), password="hunter2")
    sign_in(Client(), "hunter2", "x")
    client = Client()
    sign_in(client, password=PASSWORD)
    client.post("/admin/account/second-factor/", {"code": "271828"})
    client.post("/admin/account/second-factor/off/", {"password": "hunter2"})
    written = caplog.text + str(list(AuditEntry.objects.values()))
    assert [word for word in ("hunter2", PASSWORD, "271828") if word in written] == []
