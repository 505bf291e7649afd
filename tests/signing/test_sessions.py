"""Sessions end: when nobody uses them, after a time in any case, and all at once where their owner wants it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from kb import accounts
from kb.signing.models import Session
from kb.signing.sessions import SessionStore, sessions_of
from tests.signing.people import PASSWORD, chief, is_in, lines, sign_in, somebody

pytestmark = pytest.mark.django_db


def test_a_session_that_nobody_uses_ends(settings: Settings) -> None:
    somebody()
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client)
        assert client.cookies["sessionid"]["max-age"] == 12 * 3600
        for _ in range(5):
            clock.shift(timedelta(hours=11, minutes=59))
            assert is_in(client)
        clock.shift(timedelta(hours=12))
        assert not is_in(client)


def test_a_session_ends_however_much_it_is_used() -> None:
    somebody()
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client)
        for _ in range(27):
            clock.shift(timedelta(hours=6))
            assert is_in(client)
        # The cookie is never good for longer than the session.
        assert client.cookies["sessionid"]["max-age"] == 6 * 3600
        clock.shift(timedelta(hours=6))
        assert not is_in(client)


def test_the_limits_are_settings(settings: Settings) -> None:
    settings.SESSION_IDLE_HOURS, settings.SESSION_DAYS = 48, 1
    somebody()
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(hours=23))
        assert is_in(client)
        clock.shift(timedelta(hours=1))
        assert not is_in(client)


def test_a_session_in_use_is_not_written_with_every_page() -> None:
    somebody()
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client)
        written = [Session.objects.get().expire_date]
        for _ in range(9):
            clock.shift(timedelta(minutes=10))
            is_in(client)
            written.append(Session.objects.get().expire_date)
    assert len(set(written)) == 3


def test_a_session_whose_beginning_is_not_known_is_over() -> None:
    user = somebody()
    client = Client()
    client.force_login(user)
    session = client.session
    del session["signed_in_at"]
    session.save()
    assert not is_in(client)


def test_public_pages_ask_for_no_session() -> None:
    somebody()
    client = Client()
    sign_in(client)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/about/").status_code == 200
    assert [query["sql"] for query in queries if "signing_session" in query["sql"]] == []


def test_signing_out_everywhere_else_leaves_this_one_and_the_colleagues() -> None:
    somebody()
    somebody("boris")
    here, phone, old, boris = Client(), Client(), Client(), Client()
    for client in (here, phone, old):
        sign_in(client)
    sign_in(boris, "boris")
    page = here.get("/admin/account/").content.decode()
    assert (page.count("<li>Since "), page.count("(here)")) == (3, 1)
    here.post("/admin/account/sign-out/")
    assert [is_in(client) for client in (here, phone, old, boris)] == [True, False, False, True]
    assert lines(kind="signed-out") == [("signed-out", "anna", "everywhere else: 2", 1)]
    assert here.get("/admin/account/sign-out/").status_code == 405


def test_a_new_password_ends_the_sessions_elsewhere() -> None:
    user = somebody()
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client)
    new = "entirely new of no use"
    change = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", change)["Location"] == "/admin/password_change/done/"
    assert [is_in(client) for client in (here, elsewhere)] == [True, False]
    assert lines(kind="password") == [("password", "anna", "anna", 1)]
    # The session that stays has another key now, and is still its owner's.
    assert here.session.session_key in [key for key, _, _ in sessions_of(user.pk)]


def test_a_closed_account_opened_again_has_to_sign_in_again() -> None:
    user, by = somebody(), chief()
    client = Client()
    sign_in(client)
    accounts.close_account(user, by=by, why="Left.")
    assert not is_in(client)
    accounts.reopen_account(user, by=by, why="Back.")
    assert not is_in(client)
    assert sign_in(client).status_code == 302


def test_what_is_over_is_cleared_away() -> None:
    somebody()
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        sign_in(Client())
    sign_in(Client())
    SessionStore.clear_expired()
    assert Session.objects.count() == 1
