"""The site as it is served, with its workers: they share the count, and a restart forgets nothing."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from tests.signing.people import LOGIN, PASSWORD, lines, somebody
from tests.support.server import Server

pytestmark = pytest.mark.django_db(transaction=True)

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def guess(server: Server, password: str) -> int:
    cookies: dict[str, str] = {}
    found = _TOKEN.search(server.ask("GET", LOGIN, cookies).body)
    assert found
    form = urlencode({"username": "anna", "password": password, "csrfmiddlewaretoken": found[1]})
    answer = server.ask("POST", LOGIN, cookies, form.encode(), "application/x-www-form-urlencoded")
    return answer.status


def test_guesses_at_all_workers_at_once_end_after_five_and_a_restart_forgets_nothing() -> None:
    somebody()
    with Server() as server:
        assert len(server.workers()) >= 2
        with ThreadPoolExecutor(8) as pool:
            answers = Counter(pool.map(lambda n: guess(server, f"guess {n}"), range(100)))
    assert answers == {200: 5, 429: 95}
    with Server() as server:
        assert guess(server, PASSWORD) == 429
    assert Counter({kind: times for kind, _, _, times in lines()}) == {"wrong": 5, "throttled": 96}
