"""The history of records with links: django-simple-history, and links that are written from their other end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from simple_history.manager import HistoryDescriptor
from simple_history.models import HistoricalRecords

from kb.editorial.aggregate import Part


class Descriptor(HistoryDescriptor):
    """`row.history`. The library makes a class of managers anew for each look at it."""

    def __init__(self, given: HistoryDescriptor) -> None:
        super().__init__(given.model, given.manager_class, given.queryset_class)
        self.made = given.manager_class.from_queryset(given.queryset_class)

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        return self.made(self.model, instance)


class History(HistoricalRecords):
    """Indexes what history is asked by: the row, its uid and the record that it is part of.

    The library copies every index of the model, and gives links four; each costs with every write of history. It also
    asks for the links of a row that has just been made, which has none yet, and for all that the others lead to.
    """

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        # It is told of every class there is, and attends to its own.
        given = vars(sender).get(self.manager_name)
        if isinstance(given, HistoryDescriptor):
            setattr(sender, self.manager_name, Descriptor(given))

    def create_historical_record_m2ms(self, history_instance: Any, instance: models.Model) -> None:
        if history_instance.history_type == "+":
            return
        for field in history_instance._history_m2m_fields:
            through, owner = field.remote_field.through, field.m2m_field_name()
            copies = self.m2m_models[field]
            names = [column.attname for column in through._meta.concrete_fields]
            links = through._base_manager.filter(**{owner: instance}).values(*names)
            copies.objects.bulk_create([copies(history=history_instance, **link) for link in links])

    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        fields: dict[str, Any] = super().copy_fields(model)
        # Links are found by the line of history that they belong to, a column that the library adds.
        asked = () if model._meta.auto_created else (model._meta.pk.name, "uid", *_roots(model))
        for name, field in fields.items():
            if name not in asked:
                field.db_index = False
        return fields


def _roots(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(model.part_of) if issubclass(model, Part) else ()


class LinkedHistory(History):
    """Notes a change of links in the history of the record that has them, whichever end wrote it.

    The library would note `agent.names_used.add(name)` in the agent's history, with the name's columns.
    """

    def m2m_changed(
        self,
        instance: models.Model,
        action: str,
        attr: str,
        pk_set: set[Any] | None,
        reverse: bool,
        model: type[models.Model] | None = None,
        **kwargs: Any,
    ) -> None:
        if not reverse or model is None:
            super().m2m_changed(instance, action, attr, pk_set, reverse, **kwargs)
        elif action == "pre_clear":  # afterwards nobody knows what was there
            instance._cleared = set(self._owners(model, **{attr: instance}))  # type: ignore[attr-defined]
        elif action in ("post_add", "post_remove", "post_clear"):
            owners = vars(instance).pop("_cleared", set()) if action == "post_clear" else pk_set or set()
            for owner in self._owners(model, pk__in=[getattr(row, "pk", row) for row in owners]):
                super().m2m_changed(owner, action, attr, pk_set, False, **kwargs)

    @staticmethod
    def _owners(model: type[models.Model], **which: Any) -> models.QuerySet:
        return model._base_manager.filter(**which)


def write_lines(
    model: type[models.Model],
    records: Sequence[models.Model],
    *,
    by: models.Model,
    why: str,
    update: bool = False,
) -> None:
    """A line of history for each record as it is, its many-to-many lists included, in a few queries for all.

    The library's own bulk function leaves the lists out: the history would tell that all links were taken away.
    """
    manager = model.history  # type: ignore[attr-defined]
    lines = manager.bulk_history_create(
        records, batch_size=100, update=update, default_user=by, default_change_reason=why
    )
    line_of = {record.pk: line for record, line in zip(records, lines, strict=True)}
    for field in manager.model._history_m2m_fields:
        through = field.remote_field.through
        owner = field.m2m_field_name()
        names = [column.attname for column in through._meta.concrete_fields]
        copies = getattr(manager.model, field.name).model
        copies.objects.bulk_create(
            [
                copies(
                    history=line_of[getattr(link, f"{owner}_id")],
                    **{name: getattr(link, name) for name in names},
                )
                for link in through._base_manager.filter(**{f"{owner}__in": records})
            ],
            batch_size=500,
        )
