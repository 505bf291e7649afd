"""Columns that are worked out from others: bounds of dates, positions of quotes, hashes of texts.

They are right after every way of writing a row, bulk writes and fixtures included; only plain SQL passes by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models.signals import pre_save
from django.dispatch import Signal

from kb.editorial.fields import Derived

#: Sent with `rows` (as they are now) when a bulk write has changed what computed columns come from. A single
#: `save` has Django's own `post_save`.
written_in_bulk = Signal()


def following(model: type[models.Model], changed: Collection[str]) -> set[str]:
    """The computed fields of a model that a write to the fields `changed` makes out of date."""
    fields = [model._meta.get_field(name) for name in changed if name != "pk"]
    names = {field.name for field in fields}
    computed = {f.name for f in model._meta.local_concrete_fields if isinstance(f, Derived) and f.of in names}
    given, worked_out = getattr(model, "computed", ((), ()))
    if names.intersection(given):
        computed.update(worked_out)
    return computed


class ComputedQuerySet(models.QuerySet):
    """Bulk writes that leave nothing behind that is computed from what they wrote."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        for row in rows:
            row.compute()
        follow: set[str] = set()
        if updated := kwargs.get("update_fields"):
            follow = following(self.model, updated)
            kwargs["update_fields"] = [*updated, *sorted(follow.difference(updated))]
        made = super().bulk_create(rows, *args, **kwargs)
        if follow:
            _tell(self.model, [row.pk for row in made])
        return made

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows, names = tuple(objs), list(fields)
        follow = following(self.model, names).difference(names)
        if follow:
            for row in rows:
                row.compute()
        return super().bulk_update(rows, [*names, *sorted(follow)], *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        follow = following(self.model, kwargs)
        if not follow:
            return super().update(**kwargs)
        with transaction.atomic(using=self.db):
            keys = list(self.order_by().values_list("pk", flat=True))
            count = super().update(**kwargs)
            if missing := follow.difference(kwargs):
                changed: list[Any] = list(self.model._base_manager.filter(pk__in=keys))
                for row in changed:
                    row.compute()
                plain: models.QuerySet = models.QuerySet(self.model, using=self.db)
                plain.bulk_update(changed, sorted(missing), batch_size=500)
            _tell(self.model, keys)
        return count


def _tell(model: type[models.Model], keys: Sequence[Any]) -> None:
    if written_in_bulk.has_listeners(model):
        written_in_bulk.send(model, rows=list(model._base_manager.filter(pk__in=keys)))


class Computed(models.Model):
    """A row, some of whose columns are worked out from others."""

    #: The fields they come from, and the fields they are. Bounds of dates need not be named.
    computed: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = ((), ())

    class Meta:
        abstract = True

    def compute(self) -> None:
        """Work them out again."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        if names := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*names, *following(type(self), names)}
        super().save(*args, **kwargs)


def compute_before_save(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Before any save, of a fixture too."""
    if isinstance(instance, Computed):
        instance.compute()


pre_save.connect(compute_before_save, dispatch_uid="compute_before_save")
