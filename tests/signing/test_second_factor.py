"""The second factor: whose rights ask for it, how it is set up and let go, and that nothing of it lies open."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kb.signing import second_factor
from kb.signing.models import RecoveryCode, SecondFactor
from tests.signing.people import CODE, PASSWORD, Phone, chief, is_in, lines, sign_in, somebody

pytestmark = pytest.mark.django_db

SET_UP, OFF, CODES = (
    "/admin/account/second-factor/",
    "/admin/account/second-factor/off/",
    "/admin/account/recovery-codes/",
)
RISKY = ["publish", "decide", "import", "manage"]


@pytest.fixture
def asked(settings: Settings) -> None:
    settings.SECOND_FACTOR_FOR = RISKY


def secret_of(page: Any) -> str:
    return re.search(r'class="secret">([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")  # type: ignore[index]


def now_of(secret: str) -> str:
    return pyotp.TOTP(secret).at(timezone.now().timestamp())


def codes_of(page: Any) -> list[str]:
    return re.findall(r"<code>([A-Z2-9-]{19})</code>", page.content.decode())


def set_up(client: Client) -> tuple[str, list[str]]:
    secret = secret_of(client.get(SET_UP))
    return secret, codes_of(client.post(SET_UP, {"code": now_of(secret)}))


# --- whose rights ask for it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "asked_of"),
    [
        ([], set()),
        (["publish"], {"publisher", "chief"}),
        (["decide"], {"editor", "publisher", "chief"}),
        (["import"], {"contributor", "editor", "publisher", "chief"}),
        (["manage"], {"manager", "chief"}),
        (RISKY, {"contributor", "editor", "publisher", "chief", "manager"}),
    ],
)
def test_it_is_asked_of_those_whose_rights_the_setting_names(
    setting: list[str], asked_of: set[str], settings: Settings
) -> None:
    for name, group in (("contributor", "Contributor"), ("editor", "Editor"), ("publisher", "Publisher")):
        somebody(name, group)
    somebody("reader", "Reader of everything")
    somebody("manager", "").user_permissions.add(Permission.objects.get(codename="manage_accounts"))
    chief()
    settings.SECOND_FACTOR_FOR = setting
    users = {user.username: user for user in User.objects.all()}
    assert {name for name, user in users.items() if second_factor.is_needed(user)} == asked_of
    needing = second_factor.people_who_need_one()
    assert {name for name, user in users.items() if user.pk in needing} == asked_of


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    "page", ["/admin/", "/admin/kb/claim/", "/admin/import/", "/admin/account/", "/admin/reports/deliveries/"]
)
def test_without_one_nothing_of_the_desk_is_reached_but_the_way_to_it(page: str) -> None:
    somebody()
    client = Client()
    sign_in(client)
    answer = client.get(page)
    assert answer.status_code == 303
    assert answer["Location"] == f"{SET_UP}?next={page.replace('/', '%2F')}"
    assert client.post(page)["Location"].startswith(SET_UP)
    assert client.get(SET_UP).status_code == 200
    assert client.get("/admin/password_change/").status_code == 200


@pytest.mark.usefixtures("asked")
def test_every_page_of_the_desk_asks_for_it() -> None:
    """Page by page, as the addresses name them: a page that is added later is asked for, too."""
    from django.urls import URLPattern, get_resolver

    somebody()
    client = Client()
    client.force_login(User.objects.get())

    def patterns(resolver: Any, before: str = "") -> Any:
        for one in resolver.url_patterns:
            route = before + str(one.pattern)
            yield from [route] if isinstance(one, URLPattern) else patterns(one, route)

    known = {
        "login/",
        "login/code/",
        "logout/",
        "password_change/",
        "password_change/done/",
        "jsi18n/",
        "account/second-factor/",
        # A colleague’s way to the first password, who has not signed in yet.
        "first-password/<uidb64>/<token>/",
    }
    open_pages = []
    pages = [route.removeprefix("admin/") for route in patterns(get_resolver()) if route.startswith("admin/")]
    assert len(pages) > 100
    for route in pages:
        filled = re.sub(r"<import_token:\w+>", "a" * 32, route)
        filled = re.sub(r"<[^>]*>", "1", filled)
        if "(?P" in filled or filled.endswith("$") or route in known:
            continue
        if client.get(f"/admin/{filled}").headers.get("Location", "").partition("?")[0] != SET_UP:
            open_pages.append(route)
    assert open_pages == []


@pytest.mark.usefixtures("asked")
def test_whoever_needs_none_goes_on_as_before() -> None:
    somebody("reader", "Reader of everything")
    client = Client()
    sign_in(client, "reader")
    assert client.get("/admin/kb/claim/").status_code == 200


@pytest.mark.usefixtures("asked")
def test_whoever_gains_the_right_is_asked_at_the_next_page() -> None:
    user = somebody("reader", "Reader of everything")
    client = Client()
    sign_in(client, "reader")
    assert client.get("/admin/kb/claim/").status_code == 200
    user.user_permissions.add(Permission.objects.get(codename="publish", content_type__app_label="book"))
    assert client.get("/admin/kb/claim/")["Location"].startswith(SET_UP)


# --- setting it up --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
def test_set_up_with_the_first_code_it_opens_the_desk() -> None:
    somebody()
    client = Client()
    sign_in(client)
    page = client.get(f"{SET_UP}?next=/admin/kb/claim/")
    text = page.content.decode()
    assert 'src="data:image/svg+xml' in text
    assert 'name="next" value="/admin/kb/claim/"' in text
    assert "no-store" in page["Cache-Control"]
    secret = secret_of(page)
    # The page may be loaded again, and a wrong code typed: the secret stays.
    assert secret_of(client.get(SET_UP)) == secret
    wrong = client.post(SET_UP, {"code": "12345"})
    assert (wrong.status_code, secret_of(wrong)) == (400, secret)
    assert "This code is not right." in wrong.content.decode()
    assert not SecondFactor.objects.exists()
    done = client.post(SET_UP, {"code": now_of(secret), "next": "/admin/kb/claim/"})
    codes = codes_of(done)
    assert (len(codes), len(set(codes))) == (10, 10)
    assert 'href="/admin/kb/claim/"' in done.content.decode()
    assert "no-store" in done["Cache-Control"]
    assert client.get("/admin/kb/claim/").status_code == 200
    # They are shown this once.
    assert client.get(SET_UP)["Location"] == "/admin/account/"
    assert lines(kind="second-factor") == [("second-factor", "anna", "set up", 1)]


def test_what_the_phone_reads_names_the_account_and_the_desk() -> None:
    user = somebody("anna: b@c")
    address = second_factor.address_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", user, "Facts: a desk")
    parsed = pyotp.parse_uri(address)
    assert (parsed.secret, parsed.name, parsed.issuer) == (
        "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        "anna: b@c",
        "Facts  a desk",
    )


def test_setting_it_up_ends_the_sessions_elsewhere() -> None:
    somebody()
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    set_up(here)
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_it_is_not_set_up_over_one_that_is_there() -> None:
    """Whoever finds a session open cannot put their own phone in the place of its owner's."""
    user = somebody()
    client = Client()
    client.force_login(user)
    secret = secret_of(client.get(SET_UP))
    theirs = Phone(user)
    client.force_login(user)
    answer = client.post(SET_UP, {"code": now_of(secret)})
    assert answer["Location"] == "/admin/login/"
    assert second_factor.decrypted(SecondFactor.objects.get().secret) == theirs.totp.secret
    assert second_factor.set_up(user, secret, now_of(secret), session_key=None) is None


def test_long_after_signing_in_the_password_is_asked_again() -> None:
    somebody()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        sign_in(client)
        clock.shift(901)
        secret = secret_of(client.get(SET_UP))
        answers = [client.post(SET_UP, {"code": now_of(secret), "password": word}) for word in ("", "wrong")]
        assert [answer.status_code for answer in answers] == [400, 400]
        assert "This is not your password." in answers[1].content.decode()
        assert not SecondFactor.objects.exists()
        assert len(codes_of(client.post(SET_UP, {"code": now_of(secret), "password": PASSWORD}))) == 10


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_from_here(to: str) -> None:
    somebody()
    client = Client()
    sign_in(client)
    secret = secret_of(client.get(SET_UP))
    done = client.post(SET_UP, {"code": now_of(secret), "next": to}).content.decode()
    assert "elsewhere" not in done
    assert "javascript:" not in done


# --- nothing lies open ----------------------------------------------------------------------------------------------


def test_neither_secret_nor_codes_can_be_read_off_the_database() -> None:
    somebody()
    client = Client()
    sign_in(client)
    during = secret_of(client.get(SET_UP))
    assert during not in str(dict(client.session))
    secret, codes = set_up(client)
    assert secret == during
    with connection.cursor() as cursor:
        stored = ""
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("signing_", "auth_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                stored += str(cursor.fetchall())
    bare = [code.replace("-", "") for code in codes]
    assert [text for text in [secret, *codes, *bare] if text in stored] == []
    assert secret not in str(dict(client.session))


def test_after_the_key_was_changed_codes_cannot_be_checked_and_recovery_codes_still_work(
    settings: Settings,
) -> None:
    phone = Phone(somebody())
    settings.SECRET_KEY = "another" * 10
    client = Client()
    sign_in(client)
    answer = client.post(CODE, {"code": phone.code()})
    assert answer.status_code == 400
    assert "since the site’s secret key was changed" in answer.content.decode()
    assert client.post(CODE, {"code": phone.codes[3]}).status_code == 302


# --- codes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(steps: int, right: bool) -> None:
    user = somebody()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        phone = Phone(user)
        clock.shift(300)
        assert second_factor.accept(user, phone.code(steps)) == ("code" if right else None)


def test_a_code_and_those_before_it_are_good_once() -> None:
    user = somebody()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        phone = Phone(user)
        clock.shift(300)
        taken = [second_factor.accept(user, phone.code(steps)) for steps in (0, 0, -1, 1, 1, 0)]
    assert taken == ["code", None, None, "code", None, None]


def test_the_code_that_set_it_up_is_used() -> None:
    user = somebody()
    with time_machine.travel(timezone.now(), tick=False):
        secret = second_factor.new_secret()
        second_factor.set_up(user, secret, now_of(secret), session_key=None)
        assert second_factor.accept(user, now_of(secret)) is None


@pytest.mark.parametrize("text", ["", " ", "12 34", "１２３４５６", "x" * 40, "\0", "'; --", "٣٤٥٦٧٨"])
def test_odd_codes_are_wrong_codes(text: str) -> None:
    user = somebody()
    Phone(user)
    assert second_factor.accept(user, text) is None


def test_a_code_is_typed_as_the_phone_shows_it() -> None:
    user = somebody()
    phone = Phone(user)
    code = phone.code()
    assert second_factor.accept(user, f" {code[:3]} {code[3:]} ") == "code"


@pytest.mark.django_db(transaction=True)
def test_one_code_given_many_times_at_once_is_taken_once() -> None:
    user = somebody()
    phone = Phone(user)
    code = phone.code()

    def one(text: str) -> str | None:
        try:
            return second_factor.accept(user, text)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(one, [code, phone.codes[0]] * 8))
    assert sorted(filter(None, taken)) == ["code", "recovery code"]


# --- letting it go --------------------------------------------------------------------------------------------------


def test_new_recovery_codes_need_the_password_and_end_the_old_ones() -> None:
    user = somebody()
    client = Client()
    sign_in(client)
    _, old = set_up(client)
    assert client.post(CODES, {"password": "wrong"}).status_code == 400
    assert RecoveryCode.objects.count() == 10
    new = codes_of(client.post(CODES, {"password": PASSWORD}))
    assert (len(new), set(old) & set(new)) == (10, set())
    assert second_factor.accept(user, old[0]) is None
    assert second_factor.accept(user, new[0]) == "recovery code"


def test_turning_it_off_needs_the_password() -> None:
    somebody()
    client = Client()
    sign_in(client)
    set_up(client)
    assert client.post(OFF, {"password": "wrong"}).status_code == 400
    assert SecondFactor.objects.count() == 1
    assert client.post(OFF, {"password": PASSWORD})["Location"] == "/admin/account/"
    assert SecondFactor.objects.count() == 0
    assert is_in(client)
    assert lines(kind="second-factor")[-1] == ("second-factor", "anna", "turned off", 1)
    assert sign_in(Client())["Location"] == "/admin/"


@pytest.mark.usefixtures("asked")
def test_turned_off_where_it_is_needed_it_is_set_up_anew_at_once() -> None:
    somebody()
    client = Client()
    sign_in(client)
    set_up(client)
    client.post(OFF, {"password": PASSWORD})
    assert client.get("/admin/")["Location"].startswith(SET_UP)


def test_the_password_asked_again_cannot_be_guessed() -> None:
    somebody()
    client = Client()
    sign_in(client)
    set_up(client)
    assert [client.post(OFF, {"password": f"{n}"}).status_code for n in range(7)] == [400] * 5 + [429] * 2
    assert client.post(OFF, {"password": PASSWORD}).status_code == 429
    change = {
        "old_password": PASSWORD,
        "new_password1": "new of no use 1",
        "new_password2": "new of no use 1",
    }
    assert "too many wrong tries" in client.post("/admin/password_change/", change).content.decode()
    assert ("wrong", "anna", "password asked again", 5) in lines()


def test_an_administrator_resets_a_colleagues() -> None:
    user = somebody()
    hers, theirs = Client(), Client()
    sign_in(hers)
    set_up(hers)
    chief()
    sign_in(theirs, "chief")
    address = f"/admin/second-factors/{user.pk}/reset/"
    assert f'href="{address}"' in theirs.get("/admin/second-factors/").content.decode()
    assert theirs.post(address, {"password": "wrong"}).status_code == 400
    assert SecondFactor.objects.count() == 1
    assert theirs.post(address, {"password": PASSWORD})["Location"] == "/admin/second-factors/"
    assert SecondFactor.objects.count() == 0
    assert not is_in(hers)
    assert lines(kind="second-factor", account="chief") == [("second-factor", "chief", "reset for anna", 1)]
    assert theirs.get("/admin/second-factors/0/reset/").status_code == 404


def test_nobody_else_resets_or_sees_who_has_one() -> None:
    user, other = somebody("boris"), somebody()
    client = Client()
    sign_in(client)
    Phone(user)
    answers = [
        client.get("/admin/second-factors/"),
        client.get(f"/admin/second-factors/{user.pk}/reset/"),
        client.post(f"/admin/second-factors/{user.pk}/reset/", {"password": PASSWORD}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    with pytest.raises(PermissionDenied):
        second_factor.reset(user, by=other)
    assert SecondFactor.objects.count() == 1


def test_the_people_are_shown_with_as_many_queries_for_three_as_for_one(
    django_assert_num_queries: Any, settings: Settings
) -> None:
    from django.test.utils import CaptureQueriesContext

    settings.SECOND_FACTOR_FOR = RISKY
    client = Client()
    user = chief()
    client.force_login(user)
    session = client.session
    session[second_factor.GIVEN] = True
    session.save()
    numbers = []
    for name in ("anna", "boris", "cleo"):
        Phone(somebody(name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/second-factors/").status_code == 200
        numbers.append(len(queries))
    assert len(set(numbers)) == 1


def test_a_command_helps_where_no_administrator_is_left() -> None:
    Phone(chief())
    told = io.StringIO()
    call_command("reset_second_factor", "chief", stdout=told)
    call_command("reset_second_factor", "chief", stdout=told)
    assert told.getvalue() == (
        "chief has no second factor now, and is signed out everywhere.\n"
        "chief had no second factor. They are signed out everywhere.\n"
    )
    with pytest.raises(CommandError, match="There is no account called 'nobody'."):
        call_command("reset_second_factor", "nobody")
    assert lines(what__endswith="command")[0] == ("second-factor", "", "reset for chief, by a command", 1)
