"""What every record of the desk has in common.

An *aggregate* is edited and published as a whole: a root (`Aggregate`) and the rows that belong to it
(`Part`). `revision` counts the changes to all of them. It is raised by database triggers
(`kb.editorial.triggers`), so that a bulk write raises it as surely as a form does.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.signals import pre_save

from kb.editorial.computed import Computed, ComputedQuerySet

UID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
UID_LENGTH = 12

validate_key = RegexValidator(
    r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z",
    "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
)


def new_uid() -> str:
    """A permanent, random name for a record or a row: 12 characters, none of them easily confused."""
    return "".join(secrets.choice(UID_ALPHABET) for _ in range(UID_LENGTH))


def enumeration(
    field: str, choices: type[models.TextChoices], *, blank: bool = False
) -> models.CheckConstraint:
    """A constraint that the database, too, accepts only the listed values."""
    values = [*choices.values, *([""] if blank else [])]
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": values}),
        name=f"%(app_label)s_%(class)s_{field}_listed",
        violation_error_message=f"“{field}” must be one of: {', '.join(choices.values)}.",
    )


class EditingState(models.TextChoices):
    """Where a record stands at the desk. Whether readers see it is the book's business, not the desk's."""

    DRAFT = "draft", "draft"
    IN_REVIEW = "in-review", "in review"


class PartQuerySet(ComputedQuerySet):
    """Finds a row by its permanent name, which is its natural key in fixtures."""

    def get_by_natural_key(self, uid: str) -> Any:
        return self.get(uid=uid)


class AggregateQuerySet(ComputedQuerySet):
    """Questions that can be asked of every kind of record."""

    def in_review(self) -> Self:
        return self.filter(editing_state=EditingState.IN_REVIEW)

    def drafts(self) -> Self:
        return self.filter(editing_state=EditingState.DRAFT)

    def get_by_natural_key(self, key: str) -> Any:
        return self.get(key=key)


class Aggregate(Computed):
    """The root of what is edited and published as one."""

    #: What the book, addresses and spreadsheets call this kind of record.
    kind_name: ClassVar[str]
    #: Root columns that say where a record stands rather than what it says; a write that changes
    #: nothing else leaves `revision` alone, so that submitting and publishing are not edits.
    standing_fields: ClassVar[tuple[str, ...]] = ("editing_state",)

    key = models.CharField(
        max_length=120,
        unique=True,
        validators=[validate_key],
        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
    )
    uid = models.CharField(max_length=UID_LENGTH, unique=True, default=new_uid, editable=False)
    revision = models.PositiveBigIntegerField(default=1, editable=False)
    editing_state = models.CharField(
        "state at the desk", max_length=10, choices=EditingState, default=EditingState.DRAFT, editable=False
    )

    objects = AggregateQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["key"]
        constraints = [enumeration("editing_state", EditingState)]

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the record, but where it exists not where it stands: a copy read earlier would undo what happened.

        To write a standing field, name it in `update_fields`.
        """
        if not self._state.adding and not args and not kwargs.get("force_insert"):
            kwargs["update_fields"] = kwargs.get("update_fields") or self._said_fields()
        super().save(*args, **kwargs)
        # The triggers have raised it; a copy read before the write would refuse the next one.
        self.refresh_revision()

    def _said_fields(self) -> list[str]:
        left_out = {"revision", *self.standing_fields, *self.get_deferred_fields()}
        fields = self._meta.local_concrete_fields
        return [f.name for f in fields if not f.primary_key and left_out.isdisjoint((f.name, f.attname))]

    def refresh_revision(self) -> int:
        """Read the record's revision again, and nothing else of it."""
        self.revision = type(self)._base_manager.values_list("revision", flat=True).get(pk=self.pk)
        return self.revision


class Part(Computed):
    """A row that belongs to an aggregate and has no life of its own."""

    #: The foreign keys that lead to the aggregate; of several, one is filled.
    part_of: ClassVar[tuple[str, ...]]

    uid = models.CharField(max_length=UID_LENGTH, unique=True, default=new_uid, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (self.uid,)

    @property
    def root(self) -> Aggregate:
        """The aggregate that this row is part of."""
        return next(root for name in self.part_of if (root := getattr(self, name)) is not None)


def aggregate_models(apps: Iterable[type[models.Model]]) -> list[type[Aggregate]]:
    """Of some models, those that are roots of aggregates."""
    return [model for model in apps if issubclass(model, Aggregate)]


def keep_standing(
    sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any
) -> None:
    """A fixture that is loaded again says what a record says, and leaves alone where it stands by now."""
    if raw and isinstance(instance, Aggregate) and instance.pk:
        known = sender._base_manager.filter(pk=instance.pk).values("revision", *instance.standing_fields)
        for name, value in (known.first() or {}).items():
            setattr(instance, name, value)


pre_save.connect(keep_standing, dispatch_uid="keep_standing")
