"""The columns of the sheets as planning sees them: which record of the row each fills, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db import models

from kb.editorial.aggregate import Part
from kb.models import (
    Appearance,
    Assessment,
    Claim,
    Event,
    Evidence,
    Place,
    PlaceName,
    PlaceStatus,
    Rebuttal,
    Review,
    StatedValue,
    Topic,
)
from kb.spreadsheets.layout import BY_NAME, SHEETS, field_at
from sources.models import Agent, Contribution, Snapshot, Source

#: In the order in which they are written: what others lean on first.
TABLES: tuple[type[models.Model], ...] = (
    Agent,
    Topic,
    Source,
    Contribution,
    Snapshot,
    Place,
    PlaceName,
    PlaceStatus,
    Event,
    Claim,
    Appearance,
    StatedValue,
    Review,
    Rebuttal,
    Evidence,
    Assessment,
)
BY_LABEL: Mapping[str, type[models.Model]] = {model._meta.label_lower: model for model in TABLES}

#: Columns that are not one field each, and what reads them.
COMPOUND = {
    ("values", "about"): "about",
    ("claims", "about"): "about",
    ("values", "value"): "value",
    ("claims", "value"): "value",
    ("values", "relative_to"): "relative",
    ("place_names", "used_by"): "used_by",
    ("sources", "authors"): "authors",
}


#: Of a record in the row of another: the column that it cannot be without, its attname, and what the record is.
TRIGGERS: Mapping[str, tuple[str, str, str]] = {
    "appearances": ("source", "source_id", "an appearance"),
    "values": ("attribute", "attribute_id", "a stated value"),
    "reviews": ("reviewer", "reviewer_id", "a review"),
    "assessments": ("proposed_rating", "rating", "a proposed rating"),
}


@dataclass(frozen=True)
class Spec:
    """One column: the group of its fields ("" for the row's own record, else the path to the part), the field's own
    name, and how it is read: *plain*, *one* (a reference), *several*, or a compound's name.
    """

    name: str
    group: str
    field: models.Field
    how: str
    required: bool

    @cached_property
    def attname(self) -> str:
        return self.field.attname

    @cached_property
    def refers_to(self) -> tuple[type[models.Model], ...]:
        """What kinds of record its cells name."""
        if self.how in ("about", "relative"):
            return (Event, Place)
        if self.how == "used_by":
            return (Agent, Source)
        if self.how == "authors":
            return (Agent,)
        named: Any = self.field.related_model
        return (named,) if self.how in ("one", "several") else ()


#: Columns that other people's sheets have and the canonical workbook has not: a gazetteer names its places in the same
#: row. They fill rows of another table.
BESIDE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "places": (("name", "names.text"), ("names", "names.text"), ("name_language", "names.language")),
}


def all_columns(sheet_name: str) -> tuple[str, ...]:
    """The columns that a column of theirs may be."""
    return (*BY_NAME[sheet_name].by_name, *(name for name, _ in BESIDE.get(sheet_name, ())))


@cache
def specs(sheet_name: str) -> tuple[Spec, ...]:
    """The columns of a sheet, in its order."""
    sheet = BY_NAME[sheet_name]
    made = []
    for column in sheet.columns:
        group = column.fields[0].rpartition(".")[0]
        found = field_at(sheet.model, column.fields[0])
        how = COMPOUND.get((sheet_name, column.name), "")
        if not how:
            linked = {True: "several", False: "one"}
            how = linked[bool(found.many_to_many)] if found.is_relation else "plain"
        made.append(Spec(column.name, group, found, how, column.required))
    for name, path in BESIDE.get(sheet_name, ()):
        made.append(Spec(name, "names", field_at(sheet.model, path), name, False))
    return tuple(made)


@cache
def group_model(sheet_name: str, group: str) -> type[models.Model]:
    """The model of a group of columns."""
    model = BY_NAME[sheet_name].model
    return model._meta.get_field(group).related_model if group else model  # type: ignore[return-value]


def sheet_of_table(label: str) -> str:
    """The sheet whose rows are of this table; "" for snapshots and assessments, which have none of their own."""
    return next((sheet.name for sheet in SHEETS if sheet.model._meta.label_lower == label), "")


@cache
def root_link(model: type[models.Model]) -> tuple[str, ...]:
    """The foreign keys from a part to its aggregate; () for an aggregate."""
    links = model.part_of if issubclass(model, Part) else ()
    return tuple(f"{name}_id" for name in links)


@cache
def table_at(model: type[models.Model], attname: str) -> str:
    """The label of what a foreign key leads to."""
    return foreign_keys(model)[attname]._meta.label_lower


@cache
def foreign_keys(model: type[models.Model]) -> dict[str, type[models.Model]]:
    """The foreign keys of a model, by attname, with what they lead to."""
    keys = [f for f in model._meta.local_concrete_fields if isinstance(f, models.ForeignKey)]
    return {f.attname: f.related_model for f in keys}


@cache
def defaults_of(model: type[models.Model]) -> dict[str, Any]:
    """What a new record holds where nothing is said, by attname; what is worked out for each is left out."""
    return {f.attname: f.get_default() for f in model._meta.local_concrete_fields if not callable(f.default)}
