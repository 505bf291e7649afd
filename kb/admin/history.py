"""The history of a record: every edit of it and of its rows, newest first, with who, when and what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from kb.editorial.aggregate import Aggregate, Part

DONE = {"+": "added", "~": "changed", "-": "deleted"}
LIMIT = 500
#: Texts longer than this are shown by their beginning.
LONG = 300


def history_of_rows(record: Aggregate, part: Any) -> models.QuerySet | None:
    """The history of a record's rows of one kind; None for what is a record of its own, such as a delivery."""
    for name in getattr(part, "part_of", ()) if issubclass(part, Part) else ():
        if isinstance(record, part._meta.get_field(name).related_model):
            return part.history.filter(**{f"{name}_id": record.pk})
    return None


@dataclass
class Edit:
    """One field that an edit changed."""

    name: str
    before: str
    after: str


@dataclass
class Entry:
    """One edit of the record or of one of its rows."""

    at: Any
    who: str
    why: str
    what: str
    done: str
    #: Whether nothing is known from before it.
    first: bool
    edits: list[Edit] = field(default_factory=list)


def history_of(record: Aggregate, parts: Iterable[type[models.Model]]) -> list[Entry]:
    """At most `LIMIT` entries, newest first. Labels of records referred to are those of today."""
    streams = [list(record.history.select_related("history_user")[:LIMIT])]  # type: ignore[attr-defined]
    for part in parts:
        rows = history_of_rows(record, part)
        if rows is not None:
            streams.append(list(rows.select_related("history_user")[:LIMIT]))
    for stream in streams:
        _note_links(stream)
    pairs = [pair for stream in streams for pair in _with_predecessors(stream)]
    pairs.sort(key=lambda pair: pair[0].history_date, reverse=True)
    deltas = [(new, old is None, _changes(old, new)) for new, old in pairs[:LIMIT]]
    labels = _labels(change for _, _, changes in deltas for change in changes)
    return [entry for new, first, changes in deltas if (entry := _entry(record, new, first, changes, labels))]


def _note_links(stream: list[Any]) -> None:
    """Note on each history row which records it was linked to, by field, with one query for each field."""
    for entry in stream:
        entry.links = {column: [] for column in entry._history_m2m_fields}
    by_id = {entry.pk: entry for entry in stream}
    for column in stream[0].links if stream else ():
        target = f"{column.m2m_reverse_field_name()}_id"
        rows = getattr(type(stream[0]), column.name).model.objects.filter(history_id__in=by_id)
        for history_id, pk in rows.order_by(target).values_list("history_id", target):
            by_id[history_id].links[column].append(pk)


@dataclass
class _Change:
    column: Any
    before: Any
    after: Any


def _with_predecessors(stream: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Each history row with the one before it of the same record; `stream` is newest first."""
    of_row: dict[Any, list[Any]] = defaultdict(list)
    for entry in stream:
        of_row[entry.id].append(entry)
    for entries in of_row.values():
        yield from zip(entries, [*entries[1:], None], strict=True)


def _changes(old: Any, new: Any) -> list[_Change]:
    """The columns in which two history rows of one record differ; all that are filled for a new row."""
    if new.history_type == "-":
        return []
    found = []
    for column in new.tracked_fields:
        if column.primary_key or column.name in ("uid", "revision"):
            continue
        before, after = (getattr(entry, column.attname, None) if entry else None for entry in (old, new))
        if before != after and not (old is None and after in (None, "", False)):
            found.append(_Change(column, before, after))
    for column, after in new.links.items():
        before = old.links[column] if old else []
        if before != after:
            found.append(_Change(column, before, after))
    return found


def _labels(changes: Iterable[_Change]) -> dict[tuple[type[models.Model], Any], str]:
    """What the records referred to are called, with one query for each kind."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for change in changes:
        if change.column.is_relation:
            wanted[change.column.related_model].update({*_keys(change.before), *_keys(change.after)})
    return {
        (model, row.pk): str(row)
        for model, keys in wanted.items()
        # Joined, since a row is often called by the record it belongs to.
        for row in model._base_manager.select_related().filter(pk__in=keys)
    }


def _keys(value: Any) -> list[Any]:
    """The primary keys in one or many links."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _entry(
    record: Aggregate, new: Any, first: bool, changes: list[_Change], labels: dict[Any, str]
) -> Entry | None:
    row_model = new.instance_type
    own = isinstance(record, row_model)
    if new.history_type == "~" and not changes:
        # A save that changed nothing an editor sees.
        return None
    edits = [
        Edit(
            str(change.column.verbose_name),
            _shown(change.column, change.before, labels),
            _shown(change.column, change.after, labels),
        )
        for change in changes
        if own or change.column.name not in row_model.part_of
    ]
    noun = str(row_model._meta.verbose_name)
    who = str(new.history_user) if new.history_user else "a command or an import"
    # What was loaded without history begins with the first change of it.
    done = "first recorded" if first and new.history_type == "~" else DONE[new.history_type]
    return Entry(new.history_date, who, new.history_change_reason or "", noun, done, first, edits)


def _shown(column: models.Field, value: Any, labels: dict[Any, str]) -> str:
    if value in (None, "", []):
        return "–"
    if column.is_relation:
        names = (labels.get((column.related_model, pk), "one since deleted") for pk in _keys(value))
        return "; ".join(names)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return text if len(text) <= LONG else f"{text[:LONG]}…"
