"""What is staged is nobody's until it is poured, and gone when its work is done."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from django.db import connection

from kb.models import Claim, Topic
from kb.spreadsheets import storing
from kb.spreadsheets.memory import uncollected
from kb.spreadsheets.staging import Staging
from tests.kb import records
from tests.spreadsheets.sheets import imported, table

pytestmark = pytest.mark.django_db


def staged(staging: Staging, *keys: str) -> list[int]:
    pks = storing.allocate(Topic, len(keys))
    staging.put(
        Topic,
        [
            {"id": pk, "uid": f"uid{key:>09}"[:12], "key": key, "name": key}
            for pk, key in zip(pks, keys, strict=True)
        ],
    )
    return pks


def test_rows_are_in_the_table_once_they_are_poured_with_their_defaults() -> None:
    with Staging() as staging:
        pks = staged(staging, "war", "peace")
        assert list(Topic.objects.all()) == []
        staging.pour(Topic._meta.db_table)
        found = list(Topic.objects.order_by("pk").values_list("pk", "key", "revision"))
    assert found == [(pks[0], "war", 1), (pks[1], "peace", 1)]


def test_links_are_poured_too() -> None:
    claim, topic = records.claim(), records.topic()
    with Staging() as staging:
        staging.put_links(Claim, "topics", [(claim.pk, topic.pk)])
        assert list(claim.topics.all()) == []
        staging.pour(storing.through_table(Claim, "topics")[0])
    assert list(claim.topics.all()) == [topic]


def test_nothing_staged_stays_behind() -> None:
    with Staging() as staging:
        staged(staging, "war")
        staging.expect(Topic, [(1, None)])
    with Staging() as again:
        assert again.table(Topic) == ""
        staged(again, "peace")
        again.pour(Topic._meta.db_table)
    assert list(Topic.objects.values_list("key", flat=True)) == ["peace"]


def test_a_failure_leaves_nothing_staged_either() -> None:
    def fail() -> None:
        with Staging() as staging:
            staged(staging, "war")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fail()
    with Staging() as again:
        staged(again, "peace")
        again.pour(Topic._meta.db_table)
    assert list(Topic.objects.values_list("key", flat=True)) == ["peace"]


@pytest.mark.parametrize(("raised", "so"), [(0, True), (1, False)])
def test_a_revision_other_than_expected_is_noticed(raised: int, so: bool) -> None:
    topic = records.topic()
    with Staging() as staging:
        staging.expect(Topic, [(topic.pk, topic.revision)])
        if raised:
            Topic.objects.filter(pk=topic.pk).update(name="Another name")
        assert staging.still_so() is so


def test_a_record_that_is_gone_is_noticed_whatever_its_revision() -> None:
    topic = records.topic()
    with Staging() as staging:
        staging.expect(Topic, [(topic.pk, None)])
        assert staging.still_so() is True
        topic.delete()
        assert staging.still_so() is False


def test_a_key_that_somebody_took_is_noticed() -> None:
    with Staging() as staging:
        staged(staging, "war")
        assert staging.free(Topic, "key") is True
        records.topic(key="war")
        assert staging.free(Topic, "key") is False
        assert staging.free(Topic, "uid") is True


def test_primary_keys_are_given_out_once() -> None:
    first = storing.allocate(Topic, 3)
    second = storing.allocate(Topic, 2)
    made = records.topic()
    assert len({*first, *second, made.pk}) == 6


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    def statements(rows: int, start: int) -> int:
        counted = 0

        def count(execute: Any, *arguments: Any) -> Any:
            nonlocal counted
            counted += 1
            return execute(*arguments)

        cells = [[f"topic-{n}", f"Topic {n}"] for n in range(start, start + rows)]
        with connection.execute_wrapper(count):
            imported(table("topics", ["key", "name"], *cells))
        return counted

    statements(1, 0)
    assert statements(3, 300) == statements(1, 1)


def test_the_collector_runs_again_afterwards() -> None:
    with uncollected():
        within = gc.isenabled()
    assert (within, gc.isenabled()) == (False, True)
