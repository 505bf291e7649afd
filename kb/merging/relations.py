"""What refers to a record, found from the models themselves; and by what two rows of a record are the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import models
from simple_history.models import HistoricalChanges

from kb.editorial.aggregate import Aggregate, Part
from kb.editorial.fields import Derived
from kb.models import Appearance, Conflict, Evidence, PlaceStatus, Review

Model = type[models.Model]

#: By what a row says the same as another of its record, where the database has no rule: the rest may be empty in one
#: of the two. Of models not named, all that they say has to be the same.
SAME: dict[Model, tuple[str, ...]] = {
    Appearance: ("claim_id", "source_id", "quote", "stance", "fidelity"),
    Evidence: ("claim_id", "rebuttal_id", "source_id", "relation", "quote"),
    Review: ("claim_id", "reviewer_id", "rating_text", "when"),
    PlaceStatus: ("place_id", "agent_id", "relation", "when", "source_id"),
}
#: Tables that are made again from others.
MADE: tuple[Model, ...] = (Conflict,)


@cache
def references_to(model: Model) -> tuple[Any, ...]:
    """Every foreign key to a model, those of many-to-many tables among them."""
    return tuple(
        relation.field
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
        and relation.field.model not in MADE
        and not is_history(relation.field.model)
    )


def is_history(model: Model) -> bool:
    """Whether a model keeps what rows of another were."""
    return issubclass(model, HistoricalChanges) or model.__name__.startswith("Historical")


def is_list(model: Model) -> bool:
    """Whether it is the table of a many-to-many field."""
    return bool(model._meta.auto_created)


@cache
def list_field(through: Model) -> Any:
    """The many-to-many field whose table it is."""
    owner: Any = through._meta.auto_created
    return next(f for f in owner._meta.local_many_to_many if f.remote_field.through is through)


@cache
def ends_of(through: Model) -> tuple[Any, Any]:
    """Of a many-to-many table, its foreign keys to the owner and to what is listed."""
    field = list_field(through)
    options = through._meta
    return options.get_field(field.m2m_field_name()), options.get_field(field.m2m_reverse_field_name())


def lists_of(model: Model) -> Iterator[Any]:
    """A model's own many-to-many fields."""
    yield from model._meta.local_many_to_many


@cache
def written_columns(model: Model) -> tuple[Any, ...]:
    """The fields of a row that somebody wrote: not its number, its uid, its owners, nor what is worked out."""
    worked_out = getattr(model, "computed", ((), ()))[1]
    left_out = {"id", "uid", "revision", *worked_out, *getattr(model, "standing_fields", ())}
    return tuple(
        f for f in model._meta.local_concrete_fields if f.name not in left_out and not isinstance(f, Derived)
    )


@cache
def unique_sets(model: Model) -> tuple[tuple[str, ...], ...]:
    """The columns that the database lets no two rows share; where one is empty, it does not mind."""
    named = [c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) and c.fields]
    named += [tuple(names) for names in model._meta.unique_together]
    return tuple(tuple(model._meta.get_field(name).attname for name in names) for names in named)  # type: ignore[union-attr]


@cache
def same_columns(model: Model) -> tuple[str, ...]:
    """The columns by which two rows of a record say the same."""
    return SAME.get(model, tuple(f.attname for f in written_columns(model)))


def roots_of(model: Model) -> set[Model]:
    """The aggregates that rows of a model are edited with."""
    if is_list(model):
        owner: Any = model._meta.auto_created
        return roots_of(owner)
    if issubclass(model, Part):
        return {model._meta.get_field(name).related_model for name in model.part_of}  # type: ignore[misc]
    return {model} if issubclass(model, Aggregate) else set()
