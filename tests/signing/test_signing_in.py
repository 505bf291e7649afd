"""The door: who comes in, what they are told, and when guessing ends."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kb.signing.models import Tries
from tests.signing.people import CODE, LOGIN, PASSWORD, Phone, is_in, lines, sign_in, somebody

pytestmark = pytest.mark.django_db

WRONG = "This name and password do not fit together, or the account may not enter the desk."
WAIT = "There were too many wrong tries. Wait 15 minutes, then try again."


def said(answer: Any) -> list[str]:
    return re.findall(r'class="errornote"[^>]*>([^<]*)<', answer.content.decode())


def test_right_name_and_password_let_in_to_where_one_was_going() -> None:
    somebody()
    client = Client()
    assert client.get("/admin/kb/claim/")["Location"] == f"{LOGIN}?next=/admin/kb/claim/"
    form = client.get(f"{LOGIN}?next=/admin/kb/claim/").content.decode()
    assert 'name="next" value="/admin/kb/claim/"' in form
    answer = client.post(LOGIN, {"username": "anna", "password": PASSWORD, "next": "/admin/kb/claim/"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/kb/claim/")
    assert is_in(client)


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(to: str) -> None:
    somebody()
    answer = Client().post(LOGIN, {"username": "anna", "password": PASSWORD, "next": to})
    assert answer["Location"] == "/admin/"


def test_what_is_wrong_is_told_in_one_way() -> None:
    somebody()
    somebody("gone", is_active=False)
    User.objects.create_user("reader", password=PASSWORD)
    tries = [("anna", "no"), ("nobody", "no"), ("gone", PASSWORD), ("reader", PASSWORD)]
    answers = [sign_in(Client(), name, word) for name, word in tries]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert {tuple(said(answer)) for answer in answers} == {
        (f"{WRONG} Capital and small letters are told apart.",)
    }


def test_a_password_is_worked_out_for_no_account_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time that the answer takes would tell who has an account."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    somebody()
    worked_out: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: Any, password: str, salt: str) -> str:
        worked_out.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    counted = []
    for name in ("anna", "nobody"):
        worked_out.clear()
        sign_in(Client(), name, "a guess")
        counted.append(list(worked_out))
    assert counted == [["a guess"], ["a guess"]]


def test_fifty_guesses_are_refused_after_five(settings: Settings) -> None:
    somebody()
    client = Client()
    answers = [sign_in(client, password=f"guess {n}") for n in range(50)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 45
    assert said(answers[5]) == [WAIT]
    assert 0 < int(answers[5]["Retry-After"]) <= 900
    # Not even the right one; and nothing of it fills the log.
    assert sign_in(client).status_code == 429
    assert lines() == [("wrong", "anna", "sign-in", 5), ("throttled", "anna", "sign-in", 46)]


def test_an_account_that_is_not_there_is_throttled_as_one_that_is() -> None:
    answers = [sign_in(Client(), "nobody", "x").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_after_a_while_the_right_one_lets_in_again() -> None:
    somebody()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(6):
            sign_in(Client(), password="wrong")
        clock.shift(timedelta(minutes=15))
        assert sign_in(Client()).status_code == 302


def test_a_right_one_makes_up_for_the_wrong_ones() -> None:
    somebody()
    for _ in range(3):
        assert [sign_in(Client(), password="wrong").status_code for _ in range(3)] == [200] * 3
        assert sign_in(Client()).status_code == 302
        Tries.objects.filter(limit="address").delete()
    assert Tries.objects.filter(count__gt=0).count() == 0


def test_signing_in_oneself_does_not_make_room_for_guesses_at_others() -> None:
    somebody("mallory")
    somebody()
    answers = []
    for n in range(12):
        sign_in(Client(), "mallory")
        answers.append(sign_in(Client(), f"victim-{n}", "guess").status_code)
    assert answers == [200] * 10 + [429] * 2


def test_a_colleague_is_not_locked_out_of_the_browser_that_they_use() -> None:
    somebody()
    hers = Client()
    sign_in(hers)
    hers.post("/admin/logout/")
    for n in range(60):
        sign_in(Client(), password="guess", REMOTE_ADDR=f"203.0.113.{n}")
    assert sign_in(Client(), REMOTE_ADDR="198.51.100.1").status_code == 429
    assert sign_in(hers).status_code == 302


def test_a_known_browser_is_known_for_its_account_alone_and_counts_by_itself() -> None:
    somebody()
    somebody("boris")
    client = Client()
    sign_in(client)
    client.post("/admin/logout/")
    assert [sign_in(client, password="wrong").status_code for _ in range(11)] == [200] * 10 + [429]
    assert [sign_in(client, "boris", "wrong").status_code for _ in range(6)] == [200] * 5 + [429]


def test_a_cookie_that_was_made_up_is_no_known_browser() -> None:
    somebody()
    client = Client()
    client.cookies["known-browser"] = "WyJhIiwgWyJiIl1d:1abc:forged"
    assert [sign_in(client, password="wrong").status_code for _ in range(6)] == [200] * 5 + [429]


def test_the_address_is_the_one_that_our_own_proxy_tells(settings: Settings) -> None:
    """What a client writes into the header itself makes no new address of it."""
    settings.PROXIES = 1
    answers = [
        sign_in(Client(), f"name-{n}", "x", headers={"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.7"})
        for n in range(11)
    ]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    other = sign_in(Client(), "name", "x", headers={"X-Forwarded-For": "203.0.113.8"})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "name", ["an\0na", "x" * 100_000, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), ""]
)
def test_odd_names_are_wrong_names(name: str) -> None:
    answers = [sign_in(Client(), name, "pass\0word").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_nothing_typed_is_kept_but_the_name_of_an_account() -> None:
    somebody()
    sign_in(Client(), "my secret password", "x")
    sign_in(Client(), "anna", "hunter2")
    assert lines() == [("wrong", "", "sign-in", 1), ("wrong", "anna", "sign-in", 1)]


# --- the code -------------------------------------------------------------------------------------------------------


def half_way(client: Client) -> None:
    answer = sign_in(client)
    assert answer["Location"] == CODE


def test_with_a_second_factor_the_password_alone_opens_nothing() -> None:
    Phone(somebody())
    client = Client()
    half_way(client)
    assert not is_in(client)
    assert client.get(CODE).status_code == 200


def test_the_code_lets_in_to_where_one_was_going_and_is_good_once() -> None:
    phone = Phone(somebody())
    with time_machine.travel(timezone.now(), tick=False):
        client, other = Client(), Client()
        client.post(LOGIN, {"username": "anna", "password": PASSWORD, "next": "/admin/kb/claim/"})
        half_way(other)
        answer = client.post(CODE, {"code": phone.code()})
        assert (answer.status_code, answer["Location"]) == (302, "/admin/kb/claim/")
        assert is_in(client)
        # Over the shoulder, and typed within the half minute.
        answer = other.post(CODE, {"code": phone.code()})
    assert answer.status_code == 400
    assert "This code is not right, or was used already." in answer.content.decode()
    assert not is_in(other)


def test_nothing_of_a_session_from_before_the_password_is_kept() -> None:
    phone = Phone(somebody())
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by somebody"
    session.save()
    client.cookies["sessionid"] = session.session_key
    half_way(client)
    between = client.cookies["sessionid"].value
    client.post(CODE, {"code": phone.code()})
    keys = {session.session_key, between, client.cookies["sessionid"].value}
    assert len(keys) == 3
    assert "planted" not in client.session


def test_a_recovery_code_lets_in_once_and_tells_how_many_are_left() -> None:
    phone = Phone(somebody())
    client, again = Client(), Client()
    half_way(client)
    client.post(CODE, {"code": phone.codes[0].lower().replace("-", " ")})
    assert (
        "You used a recovery code; it is good for nothing now. 9 are left."
        in client.get("/admin/").content.decode()
    )
    half_way(again)
    assert again.post(CODE, {"code": phone.codes[0]}).status_code == 400


def test_codes_cannot_be_guessed() -> None:
    phone = Phone(somebody())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        half_way(client)
        answers = [client.post(CODE, {"code": "000000"}).status_code for _ in range(7)]
        assert answers == [400] * 5 + [429] * 2
        # Another browser begins where this one was stopped, and neither the right code helps.
        other = Client()
        half_way(other)
        assert other.post(CODE, {"code": phone.code()}).status_code == 429
        clock.shift(timedelta(minutes=15))
        half_way(other)
        assert other.post(CODE, {"code": phone.code()}).status_code == 302
    assert ("wrong", "anna", "code", 5) in lines()
    assert ("throttled", "anna", "code", 3) in lines()


def test_thirty_codes_are_all_for_a_day() -> None:
    Phone(somebody())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        passed = 0
        for _ in range(10):
            client = Client()
            half_way(client)
            passed += sum(client.post(CODE, {"code": "000000"}).status_code == 400 for _ in range(6))
            clock.shift(timedelta(minutes=16))
    assert passed == 30


def test_whoever_waits_too_long_begins_again() -> None:
    phone = Phone(somebody())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        half_way(client)
        clock.shift(timedelta(minutes=10, seconds=1))
        answer = client.post(CODE, {"code": phone.code()})
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert not is_in(client)


def test_a_password_that_was_changed_meanwhile_ends_the_way_in() -> None:
    user = somebody()
    phone = Phone(user)
    client = Client()
    half_way(client)
    user.set_password("another of no consequence")
    user.save()
    assert client.post(CODE, {"code": phone.code()})["Location"] == LOGIN


def test_the_code_page_alone_leads_to_the_door() -> None:
    assert Client().get(CODE)["Location"] == LOGIN
    assert Client().post(CODE, {"code": "123456"})["Location"] == LOGIN
