"""The fields of the two records: where they differ, and whose value stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from kb.editorial.aggregate import Aggregate
from kb.editorial.fields import LanguageField
from kb.merging.relations import written_columns

KEPT, MERGED = "kept", "merged"

#: Fields that mean something only together: one choice is made for all of them.
TOGETHER: tuple[tuple[str, ...], ...] = (
    ("latitude", "longitude"),
    ("standing", "standing_since", "standing_notice"),
)


@dataclass(frozen=True)
class Difference:
    """A field, or some that belong together, in which the records differ. `stays`: whose value stays."""

    name: str
    label: str
    kept: str
    merged: str
    stays: str
    #: Whether only one of the two says anything, so that there is nothing to choose.
    filled: bool


def differences(kept: Aggregate, merged: Aggregate, choices: Mapping[str, str]) -> list[Difference]:
    """Where they differ. What is empty in the kept record is filled from the other, unless `choices` says otherwise."""
    found = []
    for fields in _groups(type(kept)):
        if all(_value(kept, f, merged) == _value(merged, f, kept) for f in fields):
            continue
        empty = all(_is_empty(f, _value(kept, f, merged)) for f in fields)
        filled = empty or all(_is_empty(f, _value(merged, f, kept)) for f in fields)
        stays = choices.get(fields[0].name, MERGED if empty else KEPT)
        label = ", ".join(str(f.verbose_name) for f in fields)
        found.append(
            Difference(
                fields[0].name,
                label[:1].upper() + label[1:],
                _shown(kept, fields, merged),
                _shown(merged, fields, kept),
                stays if stays in (KEPT, MERGED) else KEPT,
                filled,
            )
        )
    return found


def values_after(kept: Aggregate, merged: Aggregate, choices: Mapping[str, str]) -> dict[str, Any]:
    """The columns of the kept record that will change, with what will stand in them."""
    taken = {d.name for d in differences(kept, merged, choices) if d.stays == MERGED}
    after = {}
    for fields in _groups(type(kept)):
        chosen, other = (merged, kept) if fields[0].name in taken else (kept, merged)
        for f in fields:
            value = _value(chosen, f, other)
            if value != getattr(kept, f.attname):
                after[f.attname] = value
    return after


def _groups(model: type[models.Model]) -> list[tuple[Any, ...]]:
    fields = {f.name: f for f in written_columns(model) if f.name != "key" and f.editable}
    groups: list[tuple[Any, ...]] = []
    for name, f in fields.items():
        together = next((names for names in TOGETHER if name in names), (name,))
        if together[0] == name:
            groups.append(tuple(fields[n] for n in together) if len(together) > 1 else (f,))
    return groups


def _value(record: Aggregate, f: Any, other: Aggregate) -> Any:
    """What stands in a column; nothing where it leads to the record itself or to the other one: they will be one."""
    value = getattr(record, f.attname)
    if (
        isinstance(f, models.ForeignKey)
        and f.related_model is type(record)
        and value in (record.pk, other.pk)
    ):
        return None
    return value


def _is_empty(f: Any, value: Any) -> bool:
    if value in (None, "") or (isinstance(f, LanguageField) and value == "und"):
        return True
    return f.name == "standing" and value == f.default


def _shown(record: Aggregate, fields: tuple[Any, ...], other: Aggregate) -> str:
    texts = []
    for f in fields:
        value = _value(record, f, other)
        if value in (None, ""):
            continue
        if isinstance(f, models.ForeignKey):
            texts.append(str(getattr(record, f.name)))
        else:
            texts.append(str(dict(f.flatchoices).get(value, value)) if f.choices else str(value))
    return ", ".join(texts)
