"""What merging two records would do, for an editor to look at before it is done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from kb.analysis.desk_names import note_labels
from kb.editorial.aggregate import Aggregate, Part
from kb.merging.fields import differences, values_after
from kb.merging.leading import Plan, Row, lead
from kb.merging.obstacles import look_for
from kb.merging.relations import Model, ends_of, is_list, list_field
from kb.models import Place

#: Of what moves, this many are named.
FIRST = 5
#: What is named is shown so long.
SHOWN = 120


@dataclass(frozen=True)
class Moving:
    """What moves, of one kind: how many, and the first of them."""

    what: str
    count: int
    first: list[str]

    @property
    def more(self) -> int:
        return self.count - len(self.first)


def plan_merge(kept: Aggregate, merged: Aggregate, choices: Mapping[str, str] | None = None) -> Plan:
    """What merging one record into another would do. `choices`: of which fields the merged one's value stays.

    Both are read again. Nothing is written, and no lock is taken.
    """
    kept, merged = (type(record)._base_manager.get(pk=record.pk) for record in (kept, merged))
    if isinstance(kept, Place) and isinstance(merged, Place):
        note_labels([kept, merged])
    plan = Plan(kept, merged, dict(choices or {}))
    if type(kept) is type(merged) and kept.pk != merged.pk:
        plan.differences = differences(kept, merged, plan.choices)
        plan.own = values_after(kept, merged, plan.choices)
        lead(plan)
    look_for(plan)
    return plan


def moving(plan: Plan) -> list[Moving]:
    """What moves to the kept record, by kind, the most first."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in plan.rows:
        name = _moves_as(plan, row)
        if name:
            groups[name].append(row)
    found = [Moving(name, len(rows), _named(rows[:FIRST])) for name, rows in groups.items()]
    return sorted(found, key=lambda group: (-group.count, group.what))


def both_have(plan: Plan) -> list[str]:
    """What both records have and stays once, in words."""
    rows = [row for row in plan.rows if row.gone and row.twin is not None]
    found = Counter(str(_noun(row.model)) for row in rows)
    return [f"{count} {noun}" for noun, count in sorted(found.items())]


def _noun(model: Model) -> str:
    if is_list(model):
        owner, _ = ends_of(model)
        return f"{owner.related_model._meta.verbose_name_plural} ({list_field(model).verbose_name})"
    return str(model._meta.verbose_name_plural)


def _moves_as(plan: Plan, row: Row) -> str:
    """Under which heading a row is told; nothing for one that does not move."""
    if row.gone:
        return ""
    model = type(plan.kept)
    led: list[Any] = [
        f
        for f in row.model._meta.local_concrete_fields
        if isinstance(f, models.ForeignKey)
        and f.related_model is model
        and row.now[f.attname] == plan.kept.pk != row.before[f.attname]
    ]
    if not led:
        return ""
    if is_list(row.model):
        owner, listed = ends_of(row.model)
        if led[0] is owner:
            return str(list_field(row.model).verbose_name)
        return f"{owner.related_model._meta.verbose_name_plural} ({list_field(row.model).verbose_name})"
    plural = str(row.model._meta.verbose_name_plural)
    own = issubclass(row.model, Part) and led[0].name in row.model.part_of
    return plural if own else f"{plural} ({led[0].verbose_name})"


def _named(rows: list[Row]) -> list[str]:
    found = []
    for row in rows:
        model, pk = row.model, row.pk
        if is_list(model):
            owner, listed = ends_of(model)
            moved = row.now[owner.attname] != row.before[owner.attname]
            end = listed if moved else owner
            model, pk = end.related_model, row.now[end.attname]
        found.append(_called(model, pk))
    return found


def _called(model: Model, pk: int) -> str:
    instance = model._base_manager.select_related().filter(pk=pk).first()
    text = str(instance)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
