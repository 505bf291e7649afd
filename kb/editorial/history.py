"""The history of records with links: django-simple-history, and links that are written from their other end."""

from __future__ import annotations

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class LinkedHistory(HistoricalRecords):
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
