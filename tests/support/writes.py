"""Every way of writing a field of a saved row: each function sets one to a value."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, models

from kb.editorial.aggregate import Aggregate


def set_column(row: models.Model, name: str, value: Any) -> None:
    field = row._meta.get_field(name)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{row._meta.db_table}" SET "{field.column}" = %s WHERE id = %s',
            [getattr(value, "pk", value), row.pk],
        )


def save(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    row.save()


def save_one_field(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    row.save(update_fields=[name])


def update(row: Any, name: str, value: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**{name: value})


def bulk_update(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    type(row).objects.bulk_update([row], [name])


def upsert(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    row.pk, row._state.adding = None, True
    type(row).objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["key" if isinstance(row, Aggregate) else "uid"],
        update_fields=[name],
    )


WRITES = [save, save_one_field, update, bulk_update, upsert, set_column]
writes = pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
