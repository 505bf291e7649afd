"""How many wrong tries are let through, and when they are again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from kb.signing import throttle
from kb.signing.models import Tries
from kb.signing.throttle import Counted, Limit

pytestmark = pytest.mark.django_db

THREE = Limit("three", 3, timedelta(minutes=10))
KEPT = Limit("kept", 3, timedelta(minutes=10), forgiven=False)
A, B = Counted(THREE, "a"), Counted(KEPT, "b")


def taken(*counted: Counted) -> bool:
    try:
        throttle.take(counted)
    except throttle.Throttled:
        return False
    return True


def counts() -> dict[str, int]:
    return dict(Tries.objects.values_list("limit", "count"))


def test_so_many_are_let_through_and_no_more() -> None:
    assert [taken(A) for _ in range(5)] == [True, True, True, False, False]
    assert counts() == {"three": 3}


def test_it_is_open_again_when_its_time_is_over_however_often_it_was_knocked_at() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [taken(A) for _ in range(4)] == [True, True, True, False]
        clock.shift(timedelta(minutes=9, seconds=59))
        assert not taken(A)
        clock.shift(timedelta(seconds=1))
        assert [taken(A) for _ in range(4)] == [True, True, True, False]


def test_where_one_is_full_none_is_counted() -> None:
    for _ in range(3):
        throttle.take([A])
    assert not taken(A, B)
    assert counts() == {"three": 3}


def test_a_right_try_forgives_or_only_gives_back_its_own() -> None:
    for _ in range(2):
        throttle.take([A, B])
    throttle.give_back([A, B])
    assert counts() == {"kept": 1}


def test_who_is_counted_cannot_be_read_off_the_table() -> None:
    throttle.take(throttle.for_signing_in("anna", "203.0.113.7"))
    stored = str(list(Tries.objects.values()))
    assert "anna" not in stored
    assert "203.0.113.7" not in stored


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(seconds=1), "1 minute"),
        (timedelta(minutes=14, seconds=1), "15 minutes"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=23, minutes=30), "24 hours"),
    ],
)
def test_how_long_is_told(wait: timedelta, words: str) -> None:
    assert str(throttle.Throttled(wait)) == f"There were too many wrong tries. Wait {words}, then try again."


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("no address\0" * 100, ("no address\0" * 100)[:100]),
    ],
)
def test_an_address_is_counted_by_the_network_that_somebody_has(address: str, network: str) -> None:
    assert throttle.network(address) == network


def test_spellings_of_one_name_are_one() -> None:
    assert {throttle.folded(name) for name in ("anna", "ANNA", "ａｎｎａ")} == {"anna"}


def test_one_address_is_full_after_ten_whatever_the_names_and_one_name_at_it_after_five() -> None:
    tried = [taken(*throttle.for_signing_in(f"name-{n}", "203.0.113.7")) for n in range(11)]
    assert tried == [True] * 10 + [False]
    tried = [taken(*throttle.for_signing_in("anna", "203.0.113.8")) for n in range(6)]
    assert tried == [True] * 5 + [False]


def test_one_account_is_full_after_fifty_wherever_from_but_not_in_a_browser_it_knows() -> None:
    tried = [taken(*throttle.for_signing_in("anna", f"203.0.113.{n}")) for n in range(51)]
    assert tried == [True] * 50 + [False]
    assert taken(*throttle.for_signing_in("anna", "203.0.113.99", "browser"))
    assert taken(*throttle.for_signing_in("boris", "203.0.113.99"))


def test_what_is_long_over_is_swept_away() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        throttle.take([A])
        clock.shift(throttle.SWEPT_AFTER + timedelta(minutes=11))
        throttle.take([B])
        throttle.give_back([B])
    assert counts() == {"kept": 0}


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_no_more_than_one_after_the_other() -> None:
    def one(number: int) -> bool:
        try:
            return taken(A, B)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(24))) == 3
    assert counts() == {"three": 3, "kept": 3}
