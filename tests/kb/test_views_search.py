"""The search page and its suggestions, as readers see them."""

from __future__ import annotations

import re
from html import unescape
from io import StringIO
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection

from kb.book import rebuilding
from kb.book.search.results import search
from kb.book.search.tables import SearchEntry
from tests.book import cases
from tests.kb import published, records
from tests.kb.test_api import described, faults

pytestmark = pytest.mark.django_db


def page(client, query: str) -> str:
    answer = client.get(f"/search/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def claim():
    return cases.out("landing", statement="The landing on <Iturup> was in August.")


def test_what_was_asked_for_is_marked_and_everything_else_is_escaped(client, claim):
    html = page(client, "q=iturup")
    assert "The landing on &lt;<mark>Iturup</mark>&gt; was in August." in html
    assert "1 result for “iturup”" in html


def test_facets_lead_to_narrower_results_and_back(client, claim):
    published.publish(records.topic("landing"))
    html = page(client, "q=landing")
    assert 'href="/search/?q=landing&amp;kind=topic"' in html
    narrowed = page(client, "q=landing&kind=topic")
    assert "The landing on" not in narrowed
    assert '<input type="hidden" name="kind" value="topic">' in narrowed
    assert 'href="/search/?q=landing"' in narrowed
    assert "Look in everything" in page(client, "q=landing&kind=event")


def test_pages_follow_each_other_and_there_is_none_behind_the_last(client):
    published.publish(*(records.topic(f"isle-{n}") for n in range(25)))
    first, second = page(client, "q=isle"), page(client, "q=isle&page=2")
    assert 'rel="next" href="/search/?q=isle&amp;page=2"' in first
    assert 'rel="prev" href="/search/?q=isle"' in second
    assert '<ol class="rows" start="21">' in second
    assert "There are no more results." in page(client, "q=isle&page=3")


def test_the_results_are_there_as_data_page_by_page(client, claim):
    published.publish(*(records.topic(f"isle-{n}") for n in range(25)))
    api = described(client)
    assert 'href="/search.json?q=isle" type="application/json"' in page(client, "q=isle")
    asked = "/search.json?q=isle"
    found = [client.get(asked).json(), client.get(f"{asked}&page=2").json()]
    assert [faults(api, "search", one) for one in found] == [[], []]
    assert [len(one["entries"]) for one in found] == [20, 5]
    assert [(one["previous"], one["next"]) for one in found] == [
        (None, f"http://testserver{asked}&page=2"),
        (f"http://testserver{asked}", None),
    ]
    (one,) = client.get("/search.json?q=iturup").json()["entries"]
    assert (one["uid"], one["data_url"]) == (claim.uid, "http://testserver/claims/landing.json")
    narrowed = client.get("/search.json?q=landing&kind=topic").json()
    assert (narrowed["total"], narrowed["kinds"]["claim"]) == (0, {"total": 1, "exact": True})
    nothing = client.get("/search.json")
    assert (nothing.status_code, nothing["Access-Control-Allow-Origin"], nothing.json()["entries"]) == (
        200,
        "*",
        [],
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=iturop", "No text has “iturop”; these have “iturup”."),
        ("q=landing+xylophone", "No text has “xylophone”."),
        ("q=%E2%80%A6", "There is no letter or digit in “…” to look for."),
        ("q=-landing", "Say what to look for as well: a minus only leaves out."),
        ("q=" + "+".join(f"w{n}" for n in range(20)), "only its beginning was looked for"),
    ],
)
def test_how_a_question_was_taken_is_said_in_words(client, claim, query, said):
    assert said in words(page(client, query))


@pytest.mark.parametrize(
    "text",
    [
        *(
            '"',
            "'",
            '"" OR 1',
            "a* NEAR(b c)",
            "title : a",
            "{title} : a",
            "(((",
            "a AND",
            "NOT",
            "^a",
            "a + b",
            "--",
        ),
        *(
            "a & b | !c:*",
            "a <-> b",
            "'a' & 'b",
            "\\",
            "%",
            "_",
            "\ud7ff",
            "😀" * 50,
            "\u202eabc\u202c",
            "א ב",
            "ab" * 5000,
        ),
        *(
            "..." * 3000,
            "zz",
            "zzbreak",
            "zzrnone",
            "zzlen",
            "\u200d",
            "\ufffe",
            "İ ı ß ﬁ",
            "١٢٣",
            "a\u0301" * 90,
            "島" * 300,
        ),
    ],
)
def test_no_question_breaks_the_search_or_its_suggestions(client, claim, text):
    page(client, f"q={quote(text)}")
    answer = client.get(f"/search/suggest/?q={quote(text)}")
    assert (answer.status_code, list(answer.json())) == (200, ["suggestions"])


@pytest.mark.parametrize(
    "query",
    [
        *(
            "",
            "q=",
            "q=a&q=b",
            "q=landing&page=0",
            "q=landing&page=-1",
            "q=landing&page=99999999999",
            "q=landing&page=x",
        ),
        *(
            "q=landing&page=%D9%A1",
            "q=landing&kind=bogus",
            "q=landing&rating=bogus",
            "q=landing&language=%22;drop",
        ),
        *("q=landing&kind=claim&kind=place", "q=%ED%A0%80", "q=%FF%FE"),
    ],
)
def test_no_address_breaks_the_search(client, claim, query):
    page(client, query)


def test_codes_of_the_index_find_nothing(client, claim):
    for code in (f"zzu{claim.uid}", "zzrnone", "zzlen", "zzbreak", "zzk0", "zzb0"):
        assert "Nothing for" in page(client, f"q={code}")


def test_suggestions_are_names_and_titles_with_their_kind_and_address(client, claim):
    published.publish(records.place("iturup", "Iturup"))
    answer = client.get("/search/suggest/?q=itu")
    assert answer.json() == {
        "suggestions": [
            {"text": "Iturup", "kind": "Place", "url": "/places/iturup/", "language": ""},
            {
                "text": "The landing on <Iturup> was in August.",
                "kind": "Claim",
                "url": "/claims/landing/",
                "language": "en",
            },
        ]
    }
    assert "public" in answer["Cache-Control"]
    assert answer["ETag"]


def test_the_page_takes_as_many_queries_for_many_results_as_for_few(client, claim):
    # For one or two, another spelling is looked for, too. On PostgreSQL eight only say how it is to be read.
    one = cases.queries(lambda: page(client, "q=landing&kind=claim"))
    for number in range(5):
        cases.out(f"landing-{number}", statement=f"Landing number {number}.")
        if number == 1:
            three = cases.queries(lambda: page(client, "q=landing&kind=claim"))
    assert cases.queries(lambda: page(client, "q=landing&kind=claim")) == three < one <= 20


# --- the index is kept, and made again ---------------------------------------------------------------------------


def test_the_index_is_made_again_with_progress(claim):
    before = rebuilding.contents()
    SearchEntry.objects.all().delete()
    assert rebuilding.search_is_behind() is True
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert out.getvalue() == "The search index has 2 records.\n"
    assert rebuilding.contents() == before
    assert [one.label.key for one in search("iturup").results] == ["landing"]
    told: list[tuple[int, int]] = []
    rebuilding.rebuild_search(lambda done, all_: told.append((done, all_)))
    assert told == [(2, 2)]
    assert rebuilding.search_is_behind() is False


def test_a_restored_database_is_indexed_when_it_is_prepared(claim, settings):
    settings.DEMO = False
    SearchEntry.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM book_searchtext")
    out = StringIO()
    call_command("prepare", stdout=out)
    assert "The search index has 2 records." in out.getvalue()
    assert [one.label.key for one in search("iturup").results] == ["landing"]
