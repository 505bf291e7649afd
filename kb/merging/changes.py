"""What a merge writes, row by row, in a form that can be kept and put back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

#: Lists longer than this make SQLite scan.
SOME = 500

Values = dict[str, Any]


class MergeRefused(ValidationError):
    """Records that cannot be merged, or a merge that cannot be undone; the messages say why, each naming a record."""


@dataclass
class Change:
    """One row: its columns before and after, by their names. What is deleted has all of them before, and no after."""

    table: str
    pk: int
    before: Values
    after: Values | None
    label: str = ""

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.table)

    def kept(self) -> dict[str, Any]:
        """As the record of the merge holds it."""
        return asdict(self)


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def typed(model: type[models.Model], values: Mapping[str, Any]) -> Values:
    """Values as the record of a merge holds them → as the fields do."""
    fields: dict[str, Any] = {f.attname: f for f in model._meta.local_concrete_fields}
    return {
        name: value
        if isinstance(fields[name], models.ForeignKey) or isinstance(value, (dict, list))
        else fields[name].to_python(value)
        for name, value in values.items()
    }


def batches(values: Iterable[int]) -> Iterator[list[int]]:
    rows = sorted(set(values))
    for start in range(0, len(rows), SOME):
        yield rows[start : start + SOME]


def rows_now(model: type[models.Model], pks: Iterable[int], *names: str, by: str = "pk") -> dict[int, Values]:
    """Rows as they are, by primary key: all their columns, or those named."""
    found: dict[int, Values] = {}
    wanted = {*(names or (f.attname for f in model._meta.local_concrete_fields)), "id"}
    for some in batches(pks):
        for row in model._base_manager.filter(**{f"{by}__in": some}).values(*sorted(wanted)):
            found[row["id"]] = row
    return found
