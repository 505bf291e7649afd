"""Files made to hurt a server, brought to a running one: each is read or refused in words, and it stays well."""

from __future__ import annotations

import html
import threading
from pathlib import Path

import pytest

from kb.models import ImportJob
from kb.settings import BASE_DIR
from tests.kb import records
from tests.spreadsheets.outcomes import SHARED, table
from tests.support.server import Server

OWN = BASE_DIR / "tests" / "data"
MOST_MEGABYTES = 300


def files() -> list[tuple[str, Path]]:
    """The name in the table of outcomes, and the file: the hostile ones where they are there, else our messy ones."""
    found = [
        (name, next((at / name for at in (OWN, SHARED) if (at / name).is_file()), None)) for name in table()
    ]
    there = [(name, path) for name, path in found if path is not None]
    hostile = [(name, path) for name, path in there if name.startswith("hostile/")]
    return hostile or [(name, path) for name, path in there if name.startswith("messy/")]


def expected(name: str) -> tuple[int, str]:
    outcome = table()[name].outcome
    return (302, "") if outcome.startswith("read") else (400, outcome.removeprefix("refused: "))


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_every_hostile_file_is_read_or_refused_in_words_and_the_server_stays_well() -> None:
    given = files()
    assert len(given) > 40
    answers: dict[str, int] = {}
    memory: list[float] = []
    others: list[int] = []
    done = threading.Event()
    with Server() as server:
        cookies = server.sign_in(records.account("editor", "Editor"))

        def read_on() -> None:
            while not done.wait(0.05):
                others.append(server.ask("GET", "/", {}).status)
                memory.append(server.memory())

        reader = threading.Thread(target=read_on)
        reader.start()
        workers = server.workers()
        try:
            for name, path in given:
                answer = server.upload("/admin/import/", cookies, path.name, path.read_bytes())
                answers[name] = answer.status
                status, message = expected(name)
                assert (name, answer.status, message in html.unescape(answer.body)) == (name, status, True)
                assert answer.place.endswith("/columns/") is (status == 302)
                if answer.place:
                    assert (name, server.ask("GET", answer.place, cookies).status) == (name, 200)
                ImportJob.objects.all().delete()
        finally:
            done.set()
            reader.join()
        assert (len(workers), server.workers()) == (2, workers)
    assert len(answers) == len(given)
    assert (set(others), max(memory) < MOST_MEGABYTES) == ({200}, True)
