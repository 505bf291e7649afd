"""What differs between two states of a record, in an editor's words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import models

from kb.analysis.desk_names import note_labels
from kb.book.comparing import Change
from kb.history.shape import said_columns, said_links
from kb.history.states import Row, State
from kb.models import Appearance, Evidence, NamingRule, Place, PlaceName, PlaceStatus, Review, StatedValue
from sources.models import Contribution

#: The column by which a row is called in its record.
CALLED_BY: Mapping[type[models.Model], str] = {
    Appearance: "source",
    Contribution: "agent",
    Evidence: "source",
    NamingRule: "first",
    PlaceName: "text",
    PlaceStatus: "agent",
    Review: "reviewer",
    StatedValue: "attribute",
}
Labels = Mapping[tuple[type[models.Model], int], str]


def differences(older: State, newer: State) -> list[Change]:
    """The record's own fields first, then each of its rows; one query for each kind of record that they name."""
    labels = labels_of(_named(older, newer))
    found = list(_fields(older.root, newer.root, "", labels))
    titles = _titles(older, newer, labels)
    for uid in dict.fromkeys([*newer.parts, *older.parts]):
        before, after = older.parts.get(uid), newer.parts.get(uid)
        if before is not None and after is not None:
            found += _fields(before, after, titles[uid], labels)
        else:
            found.append(Change(titles[uid], _whole(before, labels), _whole(after, labels)))
    return found


def _fields(before: Row, after: Row, where: str, labels: Labels) -> Iterator[Change]:
    for column in said_columns(after.model):
        one, other = before.values[column.attname], after.values[column.attname]
        if one != other:
            yield Change(path(where, column), shown(column, one, labels), shown(column, other, labels))
    for link in said_links(after.model):
        if before.links[link.name] != after.links[link.name]:
            told = [shown(link, row.links[link.name], labels) for row in (before, after)]
            yield Change(path(where, link), *told)


def path(where: str, column: models.Field) -> str:
    name = str(column.verbose_name)
    return f"{where}, {name}" if where else f"{name[:1].upper()}{name[1:]}"


def shown(column: models.Field, value: Any, labels: Labels) -> str:
    """A value in words; empty where there is none."""
    if value in (None, "", [], ()):
        return ""
    if column.is_relation:
        pks = value if isinstance(value, (list, tuple)) else [value]
        model: Any = column.related_model
        return "; ".join(sorted(labels.get((model, pk), "one since deleted") for pk in pks))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        at = value.astimezone(UTC)
        return f"{at.day} {at:%B %Y, %H:%M:%S} UTC".replace(":00 UTC", " UTC")
    return f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)


def _whole(row: Row | None, labels: Labels) -> str:
    """A row that was added or taken away: all that it says, a line each."""
    if row is None:
        return ""
    said = [(column, row.values[column.attname]) for column in said_columns(row.model)]
    said += [(link, row.links[link.name]) for link in said_links(row.model)]
    told = ((column, shown(column, value, labels)) for column, value in said if value != _default(column))
    return (
        "\n".join(f"{column.verbose_name}: {text}" for column, text in told if text)
        or "with nothing filled in"
    )


def _default(column: models.Field) -> Any:
    return column.get_default() if isinstance(column, models.BooleanField) else None


def title(model: type[models.Model], value: Any, labels: Labels) -> str:
    """What a row is called in its record: “Appearance in”, with what it is told by."""
    noun = str(model._meta.verbose_name)
    noun = f"{noun[:1].upper()}{noun[1:]}"
    name = CALLED_BY.get(model)
    field: Any = model._meta.get_field(name) if name else None
    called = shown(field, value, labels) if field is not None else ""
    return f"{noun} “{called}”" if called else noun


def _titles(older: State, newer: State, labels: Labels) -> dict[str, str]:
    rows = {**older.parts, **newer.parts}
    found = {uid: title(row.model, called_by(row.model, row.values), labels) for uid, row in rows.items()}
    counts, seen = Counter(found.values()), Counter[str]()
    for uid, name in found.items():
        if counts[name] > 1:
            seen[name] += 1
            found[uid] = f"{name} ({seen[name]})"
    return found


def called_by(model: type[models.Model], values: Mapping[str, Any]) -> Any:
    name = CALLED_BY.get(model)
    field: Any = model._meta.get_field(name) if name else None
    return values[field.attname] if field is not None else None


# --- what other records are called ----------------------------------------------------------------------------


def _named(*states: State) -> Iterator[tuple[type[models.Model], int]]:
    for state in states:
        for row in (state.root, *state.parts.values()):
            for column in said_columns(row.model):
                if column.is_relation and row.values[column.attname] is not None:
                    yield column.related_model, row.values[column.attname]  # type: ignore[misc]
            for link in said_links(row.model):
                yield from ((link.related_model, pk) for pk in row.links[link.name])


def labels_of(wanted: Iterable[tuple[type[models.Model], int]]) -> dict[tuple[type[models.Model], int], str]:
    """What records are called today, with a query or a few for each kind."""
    by_model: dict[type[models.Model], set[int]] = defaultdict(set)
    for model, pk in wanted:
        by_model[model].add(pk)
    found: dict[tuple[type[models.Model], int], str] = {}
    for model, pks in by_model.items():
        # Joined, since a row is often called by the record it belongs to.
        rows: list[Any] = list(model._base_manager.select_related().filter(pk__in=pks))
        if model is Place:
            note_labels(rows)
        found.update(((model, row.pk), str(row)) for row in rows)
    return found
