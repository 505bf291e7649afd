"""Of each kind of record: which rows belong to it, and which columns say something that can be said again.

Left alone by every way back: where a record stands (`standing_fields`), what was decided, assessed or answered, who
works on it, and captured texts. They are acts, not wording: an act is followed by another, never taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from kb.editorial.aggregate import Aggregate, Part
from kb.editorial.fields import BoundField
from kb.models import Assessment, Delivery, Rebuttal
from sources.models import Snapshot

#: Rows that belong to a record and are left alone, with what is said of it.
ACTS: Mapping[type[models.Model], str] = {
    Assessment: "Assessments stay as they are: assess the claim again if it has to be judged anew.",
    Snapshot: "Captured texts, and what readers may see of them, stay as they are.",
}
#: Columns that are left alone, beside those that no form can change.
_ACTED: Mapping[type[models.Model], tuple[str, ...]] = {
    Rebuttal: ("duplicate_of",),
    Delivery: ("outcome", "answer"),
}
_WORKED_ON = ("assignee", "due")
#: What is said where such columns are left alone.
ACTED_IN_WORDS: Mapping[type[models.Model], str] = {
    Rebuttal: "What was decided about the rebuttal, and who works on it, stays as it is.",
    Delivery: "What the publisher answered stays as it is.",
}


@cache
def parts_of(model: type[models.Model]) -> tuple[tuple[type[Part], str], ...]:
    """The kinds of rows that belong to records of a model, each with the foreign key that leads to the record."""
    return tuple(
        (part, name)
        for part in apps.get_models()
        if issubclass(part, Part)
        for name in part.part_of
        if part._meta.get_field(name).related_model is model
    )


def restorable_parts(model: type[models.Model]) -> list[tuple[type[Part], str]]:
    """Those that are said, and can be said again."""
    return [(part, name) for part, name in parts_of(model) if part not in ACTS]


@cache
def said_columns(model: type[models.Model]) -> tuple[models.Field, ...]:
    """The columns of a row that say something: neither names, computed, nor acts."""
    left = {"uid", "revision", *_WORKED_ON, *_ACTED.get(model, ())}
    if issubclass(model, Aggregate):
        left.update(model.standing_fields)
    if issubclass(model, Part):
        left.update(model.part_of)
    left.update(getattr(model, "computed", ((), ()))[1])
    return tuple(
        field
        for field in model._meta.local_concrete_fields
        if field.editable
        and not field.primary_key
        and field.name not in left
        and not isinstance(field, BoundField)
    )


@cache
def said_links(model: type[models.Model]) -> tuple[Any, ...]:
    """The many-to-many fields of a row."""
    return tuple(model._meta.local_many_to_many)


def history_of(model: Any) -> models.QuerySet:
    """All that is remembered of the rows of a model."""
    rows: models.QuerySet = model.history.all()
    return rows


def history_of_rows(record: Aggregate, part: Any) -> models.QuerySet | None:
    """The history of a record's rows of one kind; None for what is a record of its own, such as a delivery."""
    for name in getattr(part, "part_of", ()) if issubclass(part, Part) else ():
        if isinstance(record, part._meta.get_field(name).related_model):
            return history_of(part).filter(**{f"{name}_id": record.pk})
    return None
