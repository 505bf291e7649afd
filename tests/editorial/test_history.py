"""Links are noted in the history of the record that has them, whichever end wrote them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from kb.models import PlaceName
from sources.models import Agent, Source
from tests.support.samples import saved

pytestmark = pytest.mark.django_db


def changes(record: Any) -> int:
    return record.history.count()


def test_a_link_written_from_its_other_end_is_noted_with_the_record_that_has_it():
    name, other, agent = saved(PlaceName, 1), saved(PlaceName, 2), saved(Agent)
    before = changes(name), changes(other), changes(agent)
    agent.names_used.add(name)
    assert [row.agent_id for row in name.history.latest().used_by.all()] == [agent.pk]
    agent.names_used.add(other)
    agent.names_used.remove(other)
    agent.names_used.clear()
    assert name.history.latest().used_by.count() == 0
    assert (changes(name), changes(other), changes(agent)) == (before[0] + 2, before[1] + 2, before[2])


def test_a_link_between_records_of_one_kind_is_noted_at_the_right_end():
    source, original = saved(Source, 1), saved(Source, 2)
    original.derivations.add(source)
    original.derivations.clear()
    source.derived_from.add(original)
    assert (changes(source), changes(original)) == (4, 1)


def indexed(table: str) -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    return {column for one in found if one["index"] and not one["primary_key"] for column in one["columns"]}


def test_history_is_indexed_by_what_it_is_asked_and_by_nothing_else():
    """Every index costs with every row of history that is written, and 100,000 rows are imported at once."""
    assert indexed("kb_historicalclaim") == {"id", "uid", "history_user_id"}
    assert indexed("kb_historicalappearance") == {"id", "uid", "claim_id", "history_user_id"}
    assert indexed("kb_historicalclaim_places") == {"history_id"}
    assert indexed("sources_historicalsource_derived_from") == {"history_id"}
