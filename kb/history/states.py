"""A record with its rows as it is, or as it was at a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from kb.editorial.aggregate import Aggregate
from kb.history.shape import history_of, restorable_parts, said_columns, said_links


class NotKnown(Exception):
    """The record was not there at that moment, or nobody remembers it."""


@dataclass(frozen=True)
class Row:
    """What one row said: its columns by attname, its links as sorted primary keys."""

    model: type[models.Model]
    pk: int
    uid: str
    values: Mapping[str, Any]
    links: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def says_the_same(self, other: Row) -> bool:
        return self.values == other.values and self.links == other.links


@dataclass(frozen=True)
class State:
    """A record and the rows that belong to it, by uid."""

    root: Row
    parts: Mapping[str, Row]

    def with_parts(self, parts: Mapping[str, Row]) -> State:
        return replace(self, parts=parts)


def state_now(record: Aggregate) -> State:
    """The record as the tables have it; its copy in memory may be older."""
    (root,) = _rows_there(type(record), type(record)._base_manager.filter(pk=record.pk))
    parts: dict[str, Row] = {}
    for part, name in restorable_parts(type(record)):
        rows = part._base_manager.filter(**{name: record.pk}).order_by("pk")
        parts.update((row.uid, row) for row in _rows_there(part, rows))
    return State(root, parts)


def state_at(record: Aggregate, moment: datetime) -> State:
    """The record as it was once all was written that bears this moment or an earlier one. Raises NotKnown.

    A row that was loaded without history counts as what it was when it was first noted.
    """
    model = type(record)
    found = _rows_then(model, history_of(model).filter(id=record.pk), moment)
    if not found and not history_of(model).filter(id=record.pk).exists():
        return state_now(record)
    if not found:
        raise NotKnown
    parts: dict[str, Row] = {}
    for part, name in restorable_parts(model):
        own = {name: record.pk}
        parts.update((row.uid, row) for row in _rows_then(part, history_of(part).filter(**own), moment))
        unnoted = part._base_manager.filter(~Exists(history_of(part).filter(id=OuterRef("pk"))), **own)
        parts.update((row.uid, row) for row in _rows_there(part, unnoted))
    return State(found[0], parts)


# --- reading the tables ---------------------------------------------------------------------------------------


def _rows_there(model: type[models.Model], rows: models.QuerySet) -> list[Row]:
    names = [column.attname for column in said_columns(model)]
    found = list(rows.values_list("pk", "uid", *names))
    links = _links(model, [pk for pk, *_ in found], _links_now)
    return [
        Row(model, pk, uid, dict(zip(names, values, strict=True)), links.get(pk, _none(model)))
        for pk, uid, *values in found
    ]


# --- reading the history --------------------------------------------------------------------------------------


def _rows_then(model: type[models.Model], own: models.QuerySet, moment: datetime) -> list[Row]:
    """Of the rows whose history `own` is of, those that were there at the moment."""
    before = history_of(model).filter(id=OuterRef("id"), history_date__lte=moment)
    newest = before.order_by("-history_date", "-history_id").values("history_id")[:1]
    noted = own.filter(history_id=Subquery(newest)).exclude(history_type="-")
    first = history_of(model).filter(id=OuterRef("id")).order_by("history_date", "history_id")
    unnoted = own.filter(~Exists(before), history_id=Subquery(first.values("history_id")[:1]))
    there = [*noted, *unnoted.exclude(history_type="+")]
    there.sort(key=lambda row: row.id)
    links = _links(model, [row.pk for row in there], _links_then)
    columns = said_columns(model)
    return [
        Row(
            model,
            row.id,
            row.uid,
            {column.attname: getattr(row, column.attname) for column in columns},
            links.get(row.pk, _none(model)),
        )
        for row in there
    ]


def _links_now(model: type[models.Model], column: Any) -> tuple[Any, str]:
    return column.remote_field.through, f"{column.m2m_field_name()}_id"


def _links_then(model: Any, column: Any) -> tuple[Any, str]:
    return getattr(model.history.model, column.name).model, "history_id"


def _none(model: type[models.Model]) -> dict[str, tuple[int, ...]]:
    return {column.name: () for column in said_links(model)}


def _links(
    model: type[models.Model],
    owners: list[int],
    table_of: Callable[[type[models.Model], Any], tuple[Any, str]],
) -> dict[int, dict[str, tuple[int, ...]]]:
    """The links of each owner, with one query for each many-to-many field."""
    found = {owner: _none(model) for owner in owners}
    for column in said_links(model):
        table, own = table_of(model, column)
        target = f"{column.m2m_reverse_field_name()}_id"
        pairs = table._base_manager.filter(**{f"{own}__in": owners}).values_list(own, target)
        for owner, pk in pairs:
            found[owner][column.name] = tuple(sorted({*found[owner][column.name], pk}))
    return found
