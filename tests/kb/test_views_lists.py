"""The pages of the public lists: what is chosen stands in the address, is counted, and is taken away one by one."""

import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from kb.filters import ClaimFilter, EventFilter
from kb.views.lists import chosen_entries
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db

CHIP = re.compile(r'<li><a href="([^"]*)" rel="nofollow"><span class="hidden">')


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def words(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def chips(html: str) -> list[str]:
    return [unescape(address) for address in CHIP.findall(html)]


def test_what_narrows_a_list_is_taken_away_one_by_one(client):
    made = published.full(1)
    address = (
        f"/claims/?place={made['place'].key}&topic={made['topic'].key}&rating=none&corrected=on&sort=new"
    )
    html = page(client, address)
    assert "Statement of claim-1." in html
    ways = chips(html)
    assert len(ways) == 4
    for way, gone in zip(ways, ("rating", "corrected", "topic", "place"), strict=True):
        left = QueryDict(way.removeprefix("?"))
        assert gone not in left
        assert len(left) == 4
        assert "Statement of claim-1." in page(client, f"/claims/{way}")


def test_a_link_of_another_page_can_be_taken_away(client):
    made = published.full(1)
    assert chips(page(client, f"/claims/?about=place/{made['place'].key}")) == ["?"]


def test_the_form_keeps_what_was_chosen_elsewhere(client):
    made = published.full(1)
    html = page(client, f"/claims/?place={made['place'].key}&rating=none&date=1945")
    form = html[html.index('class="filters"') :]
    hidden = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[: form.index("</form>")]
    )
    assert sorted(hidden) == [("place", made["place"].key), ("rating", "none")]
    assert 'name="date" value="1945"' in html


def test_each_choice_has_its_number(client):
    topic = records.topic()
    claims = [cases.said(key, kind=kind) for key, kind in (("x", "other"), ("y", "other"), ("z", "quantity"))]
    claims[0].topics.add(topic)
    published.publish(topic, *(claim.appearances.get().source for claim in claims), *claims)
    html = page(client, "/claims/")
    assert 'href="?claim_kind=other" rel="nofollow">Other</a> <span class="count">2</span>' in html
    assert 'href="?claim_kind=quantity" rel="nofollow">Quantity</a> <span class="count">1</span>' in html
    assert f'href="?topic={topic.key}" rel="nofollow">{topic.name}</a> <span class="count">1</span>' in html
    narrowed = page(client, "/claims/?claim_kind=other")
    assert "?claim_kind=quantity" not in narrowed
    assert f"?claim_kind=other&amp;topic={topic.key}" in narrowed


def test_claims_are_narrowed_to_a_language(client):
    claims = [cases.said(key, language=tag) for key, tag in (("x", "ja"), ("y", "ja"), ("z", "ru"))]
    published.publish(*(claim.appearances.get().source for claim in claims), *claims)
    html = page(client, "/claims/?rating=none")
    assert (
        'href="?rating=none&amp;language=ja" rel="nofollow">Japanese</a> <span class="count">2</span>' in html
    )
    assert re.findall(r'href="/claims/([xyz])/"', page(client, "/claims/?language=ru")) == ["z"]


def test_a_record_is_chosen_by_any_of_its_names(client):
    place = records.place("iturup", "Iturup", "Etorofu")
    claim = cases.said()
    claim.places.add(place)
    published.publish(place, claim.appearances.get().source, claim)
    for said in ("iturup", "Etorofu", "ETOROFU", " etorofu "):
        assert "Statement of islands-taken." in page(client, f"/claims/?place={said}")


def test_where_a_name_means_several_they_are_offered(client):
    published.publish(*(records.place(key, f"Cape {key}") for key in ("north", "south")))
    html = page(client, "/claims/?place=cape", status=400)
    assert "Several may be called “cape”. Choose one:" in words(html)
    assert 'href="?place=north"' in html
    assert 'href="?place=south"' in html
    assert "Nothing published is called “nowhere”." in words(page(client, "/claims/?place=nowhere", 400))


def test_a_date_that_cannot_be_read_is_said_and_kept_to_be_mended(client):
    html = page(client, "/claims/?date=bogus", status=400)
    assert "“bogus” could not be read as a date" in words(html)
    assert 'name="date" value="bogus"' in html
    assert "1945-08-09" in page(client, "/events/?date=99-99", status=400)


@pytest.mark.parametrize(
    "query",
    [
        "after=x", "after=1", "after=~", "after=1~" + "a" * 13, "after=x~abc", "before=" + "9" * 30 + "~abc",
        "after=99999999999999999999~abc", "after=1~abc&before=1~abc", "after=%ED%B0%80~abc", "before=1~a b",
    ],
)  # fmt: skip
def test_a_place_that_no_list_wrote_is_refused(client, query):
    assert "This address cannot be read" in page(client, f"/claims/?{query}", status=400)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("rating=bogus", 400),
        ("rating=accurate&rating=inaccurate", 200),
        ("place=" + "x" * 5000, 400),
        ("&".join(f"topic=t{n}" for n in range(50)), 400),
        ("place=%ED%B0%80", 400),
        ("place=%F0%9F%98%80", 400),
        ("date=" + "1" * 200, 400),
        ("date=Y170000000000000002", 400),
        ("date=Y17E18", 400),
        ("said=-9999", 200),
        ("sort=bogus", 200),
        ("sort=new&date=1945", 200),
        ("disputed=maybe", 200),
        ("about=", 200),
        ("about=/", 200),
        ("about=user/admin", 400),
        ("about=place/x/y", 400),
    ],
)
def test_no_query_breaks_a_list(client, query, status):
    published.full(1)
    response = client.get(f"/claims/?{query}")
    assert response.status_code in (status, 400)
    assert b"</html>" in response.content


def test_pages_are_turned_by_their_links_and_keep_the_filter(client):
    published.publish(
        *(records.event(f"event-{number:03}", when=f"{1000 + number}") for number in range(120))
    )
    seen, address = [], "/events/?date=1010/2000"
    while address:
        html = page(client, address)
        assert "110" in words(html)
        seen.append(re.findall(r'href="/events/(event-\d+)/"', html))
        found = re.search(r'rel="next" href="([^"]*)"', html)
        address = f"/events/{unescape(found[1])}" if found else ""
    assert [len(keys) for keys in seen] == [50, 50, 10]
    assert sum(seen, []) == [f"event-{number:03}" for number in range(10, 120)]
    back = re.search(r'rel="prev" href="([^"]*)"', html)
    assert re.findall(r'href="/events/(event-\d+)/"', page(client, f"/events/{unescape(back[1])}")) == seen[1]
    last = page(client, "/events/?date=1010/2000&before=end")
    assert re.findall(r'href="/events/(event-\d+)/"', last) == sum(seen, [])[-50:]


def test_the_ledger_is_narrowed_to_a_time_and_keeps_its_order(client):
    claim = cases.out()
    for day, key in (("2026-11-03", "a"), ("2026-11-03", "b"), ("2026-11-30", "c"), ("2026-12-01", "d")):
        with time_machine.travel(f"{day} 12:00Z"):
            published.publish(records.correction(claim, key, said=f"Error {key}."))

    def found(query: str) -> list[str]:
        return re.findall(r'<a href="/corrections/(\d+)/">', page(client, f"/corrections/?{query}"))

    asked = (
        "date=2026-11",
        "date=2026-11&sort=old",
        "date=2026-11-03&type=correction",
        "date=2026-12/..",
        "date=2025",
    )
    assert [found(query) for query in asked] == [["3", "2", "1"], ["1", "2", "3"], ["2", "1"], ["4"], []]
    assert "could not be read as a date" in words(page(client, "/corrections/?date=bogus", status=400))


def test_whoever_writes_a_list_out_gets_what_its_pages_show():
    published.publish(*(records.event(f"event-{n}", when=f"{1900 + n}") for n in range(9)))
    request = RequestFactory().get("/events/?date=1903/1906&sort=-date")
    entries = chosen_entries(request, EventFilter)
    assert entries is not None
    assert [entry.key for entry in entries] == ["event-6", "event-5", "event-4", "event-3"]
    assert chosen_entries(RequestFactory().get("/claims/?date=bogus"), ClaimFilter) is None


# --- what it costs --------------------------------------------------------------------------------------------

LEDGER_OF_A_TIME = "/corrections/?date=2026-01/2099"
ASKED = [
    "/claims/", "/claims/?sort=-date", "/claims/?sort=new", "/claims/?before=end", "/claims/?sort=-date&before=end",
    "/claims/?after=5~abc", "/claims/?sort=-date&after=5~abc", "/claims/?sort=new&after=99999~abc",
    "/claims/?rating=none", "/claims/?place=place-1", "/claims/?place=place-1&rating=none",
    "/claims/?place=place-1&rating=none&date=1945-08", "/claims/?date=1945", "/claims/?date=1945&after=-99999999~abc",
    "/claims/?said=2016", "/claims/?said=2016&date=1945", "/claims/?said=2016&topic=topic-1", "/claims/?corrected=on",
    "/claims/?language=en&rating=none",
    "/claims/?topic=topic-1&claim_kind=event-date&sort=new",
    "/sources/", "/sources/?sort=title", "/sources/?type=article-magazine&language=und", "/sources/?date=2016",
    "/places/", "/places/?place_kind=island", "/places/?sort=new", "/places/?after=a~abc",
    "/events/", "/events/?date=1945", "/events/?place=place-1&sort=title",
    "/rebuttals/", "/rebuttals/?decision=received&scope=date", "/corrections/", "/corrections/?type=correction",
    LEDGER_OF_A_TIME,
]  # fmt: skip


def statements(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        page(client, address)
    return [query["sql"] for query in captured if query["sql"].startswith("SELECT")]


@pytest.fixture
def made():
    return published.full(1)


def named(made, address: str) -> str:
    """The keys of the one place and topic that there are."""
    return address.replace("place-1", made["place"].key).replace("topic-1", made["topic"].key)


def plans(sql: str) -> str:
    """How the database would run a statement on tables of any size."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + sql)
            return "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("EXPLAIN QUERY PLAN " + sql)
        return "\n".join(row[3] for row in cursor.fetchall())


# The last release is read off the end of an index. `f`, `o`, `s` and `d` are the facets in the lists' statements.
WHOLE = re.compile(r"Seq Scan on \w+|SCAN (?!book_release\b)(?:(?:book|kb|sources)_\w+|[fosd]\b)")
SORTED = re.compile(r"TEMP B-TREE FOR ORDER BY")


def test_no_list_reads_a_table_whole(client, made):
    whole, sorted_ = {}, {}
    for address in ASKED:
        found = {sql: plans(sql) for sql in statements(client, named(made, address))}
        read = {sql for sql in found if "ORDER BY key" in sql and "count(" not in sql}
        assert read, address
        whole |= {(address, sql[:200]): plan for sql, plan in found.items() if WHOLE.search(plan)}
        # What is of a time is read along it and comes in the ledger's order: sorted, but no more than are counted.
        if address != LEDGER_OF_A_TIME:
            sorted_ |= {(address, sql): found[sql] for sql in read if SORTED.search(found[sql])}
    assert whole == {}
    assert sorted_ == {}


def test_no_list_asks_more_for_three_records_than_for_one(client, made):
    addresses = [named(made, address) for address in ASKED]
    one = {address: len(statements(client, address)) for address in addresses}
    for number in (2, 3):
        other = published.full(number)
        other["claim"].places.add(made["place"])
        other["claim"].topics.add(made["topic"])
        published.publish(other["claim"])
    assert {address: len(statements(client, address)) for address in addresses} == one
