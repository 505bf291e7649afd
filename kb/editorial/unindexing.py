"""Taking indexes away in a migration, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Unindex(Operation):
    """Makes fields, given by model, ones without an index.

    Altered one by one, SQLite would copy the whole table for each, and the state would be worked out again each time.
    """

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self.fields = fields

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for name, fields in self.fields.items():
            known = state.models[app_label, name].fields
            for field in fields:
                known[field] = known[field].clone()
                known[field].db_index = False
        vars(state).pop("apps", None)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model, field in self._fields(app_label, from_state):
            # PostgreSQL has a second one for LIKE.
            for name in schema_editor._constraint_names(
                model, [field.column], index=True, unique=False, primary_key=False
            ):
                schema_editor.execute(f"DROP INDEX IF EXISTS {schema_editor.quote_name(name)}")

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model, field in self._fields(app_label, to_state):
            for statement in schema_editor._field_indexes_sql(model, field):
                schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Take away indexes of {', '.join(self.fields)}"

    def _fields(self, app_label: str, state: ProjectState) -> Iterator[tuple[Any, models.Field]]:
        for name, fields in self.fields.items():
            model = state.apps.get_model(app_label, name)
            yield from ((model, model._meta.get_field(field)) for field in fields)
