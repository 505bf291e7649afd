"""Two records made one, and two again."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb.merging.carrying_out import merge
from kb.merging.changes import MergeRefused
from kb.merging.planning import plan_merge
from kb.merging.undoing import undo_merge
from kb.models import Merge
from tests.merging.worlds import MODELS, World, everything, somebody, whole
from tests.support.database import taken_back

pytestmark = pytest.mark.django_db


def mentions(found: dict[str, list[dict[str, Any]]], kind: str, pk: int) -> list[str]:
    """Where a record is still referred to."""
    model = MODELS[kind]
    links = [
        (table, name)
        for table, rows in found.items()
        for name in (rows[0] if rows else ())
        if name.endswith("_id") and any(row[name] == pk for row in rows)
    ]
    return [
        f"{table}.{name}"
        for table, name in links
        if next(
            f for f in apps.get_model(table)._meta.local_concrete_fields if f.attname == name
        ).related_model
        is model
    ]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@example(seed=52012, kind="place", taking=False)
@given(seed=st.integers(0, 10**9), kind=st.sampled_from(sorted(MODELS)), taking=st.booleans())
def test_merging_leaves_no_mention_of_the_merged_record_and_undoing_puts_every_row_back(
    seed: int, kind: str, taking: bool
) -> None:
    with taken_back():
        kept, merged = World(seed).pair(kind)
        editor, before = somebody(), everything()
        plan = plan_merge(kept, merged)
        choices = {d.name: "merged" for d in plan.differences} if taking else {}
        plan = plan_merge(kept, merged, choices)
        assert everything() == before
        if plan.obstacles:
            with pytest.raises(MergeRefused) as refused:
                merge(kept, merged, by=editor, why="The same", choices=choices)
            assert refused.value.messages == plan.obstacles
            assert everything() == before
            return
        done = merge(kept, merged, by=editor, why="The same", choices=choices, expected=plan.digest)
        whole()
        after = everything()
        assert merged.pk not in [row["id"] for row in after[type(merged)._meta.label]]
        assert mentions(after, kind, merged.pk) == []
        undo_merge(done, by=editor)
        whole()
        assert everything() == before
        assert Merge.objects.standing().count() == 0
