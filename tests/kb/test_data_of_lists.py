"""The data beside each list: the same records as its page, page by page as JSON and whole as csv."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.book import listing
from kb.editorial.cell_text import read_text
from kb.interchange import tables
from kb.views import listed
from tests.kb import published, records
from tests.kb.test_api import answer_of, described, faults

pytestmark = pytest.mark.django_db
FOLDERS = {kind: folder for kind, (folder, _) in listed.LISTS.items()}


def told(client: Client, address: str, status: int = 200) -> Any:
    answer = client.get(address)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (status, "*")
    return answer.json()


def rows(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.streaming
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


def keys(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["key"] for entry in entries]


def test_each_list_is_as_described_and_named_by_its_page(client: Client) -> None:
    published.publish(records.desk())
    published.full(2)
    api = described(client)
    for kind, folder in FOLDERS.items():
        page = told(client, f"/{folder}.json")
        assert faults(api, answer_of(api, f"/{folder}.json", 200), page) == []
        assert page["entries"]
        html = client.get(f"/{folder}/").content.decode()
        assert f'href="/{folder}.json" type="application/json"' in html
        assert f'href="/{folder}.csv" type="text/csv"' in html
        table = rows(client, f"/{folder}.csv")
        assert keys(table) == keys(page["entries"])
        assert list(table[0]) == tables.columns(kind)
        for entry in page["entries"]:
            assert told(client, entry["data_url"])["uid"] == entry["uid"]


def test_the_data_is_narrowed_as_the_page_is(client: Client) -> None:
    made = published.full(1)
    published.full(2)
    narrowed = f"?place={made['place'].key}"
    assert keys(told(client, f"/claims.json{narrowed}")["entries"]) == ["claim-1"]
    assert keys(rows(client, f"/claims.csv{narrowed}")) == ["claim-1"]
    html = client.get(f"/claims/{narrowed}").content.decode()
    assert 'href="/claims.csv?place=place-1" type="text/csv"' in html
    wrong = "/claims.json?place=nowhere"
    assert told(client, wrong, 400) == {
        "error": "The list cannot be narrowed so. Its page says what is wrong."
    }


def test_pages_follow_each_other_by_key(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    published.publish(*(records.event(f"event-{n}", when=f"{1900 + n}") for n in range(7)))
    monkeypatch.setattr(listing.page, "__defaults__", (None, 3))
    monkeypatch.setattr(listed, "ROWS", 2)
    seen, address, before = [], "/events.json", None
    while address:
        page = told(client, address)
        assert page["total"] == 7
        if before:
            assert keys(told(client, page["previous"])["entries"]) == before
        before = keys(page["entries"])
        seen += before
        address = page["next"]
    assert seen == [f"event-{n}" for n in range(7)] == keys(rows(client, "/events.csv"))


def test_no_cell_is_a_formula_and_each_reads_back(client: Client) -> None:
    evil = ["=1+1", "@SUM(A1)", "＝1", "-1+1", "a;b", "\\=1", "line\nbreak", '"quoted", so', "択捉"]
    published.publish(*(records.event(f"event-{n}", title=text) for n, text in enumerate(evil)))
    table = {row["key"]: row["title"] for row in rows(client, "/events.csv")}
    assert [read_text(table[f"event-{n}"]) for n in range(len(evil))] == evil
    assert [cell for cell in table.values() if cell[0] in "=+@＝＋＠"] == []
    assert "\\-1+1" in table.values()


ODD_QUESTIONS = (
    "rating=bogus", "about=place/nowhere", "place=%F0%9F%98%80", "date=x9", "after=~", "after=1~a&before=1~b",
    "after=" + "9" * 40 + "~a", "before=end", "sort=x", "rating=accurate&rating=none", "x=" + quote("\ud7ff"),
)  # fmt: skip


def test_no_question_breaks_the_data(client: Client) -> None:
    published.full(1)
    asked = [f"/claims.{name}?{query}" for name in ("json", "csv", "atom") for query in ODD_QUESTIONS]
    answers = {address: client.get(address).status_code for address in asked}
    assert {address: status for address, status in answers.items() if status not in (200, 400)} == {}


def test_data_costs_one_query_while_nothing_changes_and_no_more_for_three_records_than_for_one(
    client: Client,
) -> None:
    def asked(address: str, **headers: str) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as made:
            answer = client.get(address, headers=headers)
            answer.getvalue()
        return answer.status_code, len(made)

    where = [f"/{folder}.{form}" for folder in FOLDERS.values() for form in ("json", "csv")]
    published.full(1)
    one = {address: asked(address) for address in where}
    for address in where:
        assert asked(address, **{"If-None-Match": client.get(address)["ETag"]}) == (304, 1)
    published.full(2)
    published.full(3)
    assert {address: asked(address) for address in where} == one


def test_drafts_are_in_no_list(client: Client) -> None:
    made = published.full(1)
    canary = "kanarienvogel"
    records.claim(canary, statement=canary)
    records.event(canary, title=canary)
    type(made["claim"]).objects.filter(pk=made["claim"].pk).update(statement=canary)
    for folder in FOLDERS.values():
        for form in ("json", "csv"):
            assert canary not in client.get(f"/{folder}.{form}").getvalue().decode()
