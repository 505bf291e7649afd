"""What the person who imports may do: as in the admin, model by model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models

from kb.models import ImportBatch


@dataclass
class Rights:
    """The rights of a user; `all_of_them` for whoever runs the site from its own machine."""

    user: Any
    all_of_them: bool = False
    _known: dict[tuple[str, type[models.Model]], bool] = field(default_factory=dict, repr=False)

    def may(self, action: str, model: type[models.Model]) -> bool:
        """Whether they may *add*, *change* or *delete* rows of a model."""
        if self.all_of_them:
            return True
        asked = (action, model)
        if asked not in self._known:
            options = model._meta
            self._known[asked] = self.user.has_perm(f"{options.app_label}.{action}_{options.model_name}")
        return self._known[asked]

    def must_import(self) -> None:
        """Raises PermissionDenied for whoever may not apply a spreadsheet."""
        if not self.may("add", ImportBatch):
            raise PermissionDenied("Importing a spreadsheet needs a right that you do not have.")


def lacking(action: str, model: type[models.Model]) -> str:
    """What a row is refused with."""
    doing = {"add": "Creating", "change": "Changing", "delete": "Removing"}[action]
    name = str(model._meta.verbose_name)
    article = "an" if name[0] in "aeiou" else "a"
    return f"{doing} {article} {name} needs a right that you do not have."
