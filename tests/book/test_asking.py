"""Questions spelled out: what comes back, and what they cost a large book."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.book import asking
from tests.kb import published
from tests.support.plans import scanned

pytestmark = pytest.mark.django_db


def test_of_some_each_is_found_and_of_none_nothing_is_asked() -> None:
    place = published.full(1)["place"]
    question = "SELECT key FROM book_record WHERE uid IN {some} AND kind = %s"
    assert asking.rows_of(question, [place.uid, "nowhere"], "place") == [(place.key,)]
    with CaptureQueriesContext(connection) as asked:
        assert asking.rows_of(question, [], "place") == []
    assert len(asked) == 0


def test_a_time_without_a_zone_is_in_utc_and_another_stays() -> None:
    here = timezone(timedelta(hours=9))
    assert asking.moment(datetime(1945, 8, 9)) == datetime(1945, 8, 9, tzinfo=UTC)  # noqa: DTZ001
    assert asking.moment(datetime(1945, 8, 9, tzinfo=here)).tzinfo is here


def test_no_page_reads_a_table_whole_even_where_its_rows_are_known_to_be_many(client: Client) -> None:
    made = published.full(1)
    made["source"] = made["claim"].appearances.get().source
    if connection.vendor == "sqlite":
        # What a table's statistics say decides whether SQLite believes that reading all of it beforehand pays.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("UPDATE sqlite_stat1 SET stat = '100000' || substr(stat, instr(stat, ' '))")
            cursor.execute("ANALYZE sqlite_schema")
    with CaptureQueriesContext(connection) as asked:
        for kind in ("claim", "place", "event", "source", "rebuttal"):
            assert client.get(f"/{kind}s/{made[kind].key}/").status_code == 200
    # The last two releases are at the end of the table.
    statements = [one["sql"] for one in asked if not one["sql"].endswith("ORDER BY number DESC LIMIT 2")]
    assert (scanned(statements), len(statements) > 30) == ([], True)
