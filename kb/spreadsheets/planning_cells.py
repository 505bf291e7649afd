"""What stands in a cell that an import changes, now and then."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

from kb.editorial.fields import canonical_json
from kb.spreadsheets.cell_values import write_decimal
from kb.spreadsheets.columns import BY_LABEL, foreign_keys, group_model
from kb.spreadsheets.plan import Cell, Entry

if TYPE_CHECKING:
    from kb.spreadsheets.planning_rows import SheetPlanner


def show_cells(planner: SheetPlanner) -> None:
    """Say of each change what stands in the cell now, and what then."""
    entries = [e for e in planner.into.entries if e.pk is not None and not e.cells and not e.gone]
    wanted: dict[type[models.Model], set[Any]] = {}
    for entry in entries:
        for name, target in foreign_keys(BY_LABEL[entry.table]).items():
            if name in entry.values:
                wanted.setdefault(target, set()).update([entry.values[name], (entry.before or {})[name]])
        for name, refs in (entry.links or {}).items():
            target = BY_LABEL[entry.table]._meta.get_field(name).related_model  # type: ignore[assignment]
            wanted.setdefault(target, set()).update([*refs, *(entry.links_before or {})[name]])
    for model, shown_refs in wanted.items():
        planner.resolver.load_keys(model, shown_refs)
    for entry in entries:
        entry.cells = tuple(_cells_of(planner, entry))


def _cells_of(planner: SheetPlanner, entry: Entry) -> Iterable[Cell]:
    model = BY_LABEL[entry.table]
    group = (
        ""
        if model is planner.model
        else next(g for g in planner.groups if group_model(planner.sheet.name, g) is model)
    )
    targets = foreign_keys(model)
    for name, new in entry.values.items():
        column = planner.reader.column_of.get((group, name))
        if column is None:
            continue
        old = (entry.before or {})[name]
        if name in targets:
            pair = [planner.resolver.key_of(targets[name], ref) for ref in (old, new)]
        else:
            pair = [text_of_value(old), text_of_value(new)]
        yield Cell(column, planner.reader.cell(entry.row, column), *pair)
    for name, refs in (entry.links or {}).items():
        target: Any = model._meta.get_field(name).related_model
        lists = [
            "; ".join(sorted(planner.resolver.key_of(target, r) for r in some))
            for some in ((entry.links_before or {})[name], refs)
        ]
        column = (
            "used_by"
            if name == "used_in"
            else next((s.name for s in planner.specs if s.group == group and s.field.name == name), name)
        )
        yield Cell(column, planner.reader.cell(entry.row, column), *lists)


def text_of_value(value: Any) -> str:
    """A stored value as a cell shows it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return write_decimal(value)
    if isinstance(value, (dict, list)):
        return canonical_json(value)
    return str(value)
