"""Making what a record was the present again, at the desk alone: readers see it when it is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from kb.book.models import Address
from kb.editorial.aggregate import Aggregate
from kb.history.shape import ACTED_IN_WORDS, ACTS, history_of, parts_of, said_columns
from kb.history.states import Row, State, state_now
from kb.models import Conflict, Correction, NamingRule, PlaceName
from kb.workflow import WorkflowError
from sources.models import Contribution, Role

#: Django-simple-history keeps so much of a reason.
REASON = 100


@dataclass
class Way:
    """From what a record is to what it shall be: which of its rows come back, go, or change."""

    now: State
    target: State
    back: list[Row] = field(default_factory=list)
    going: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    root_changes: bool = False

    @property
    def is_none(self) -> bool:
        return not (self.back or self.going or self.changed or self.root_changes)


def way_to(target: State, now: State) -> Way:
    """What it takes to get from one state of a record to another."""
    way = Way(now, target, root_changes=not target.root.says_the_same(now.root))
    for uid, row in target.parts.items():
        there = now.parts.get(uid)
        if there is None:
            way.back.append(row)
        elif not row.says_the_same(there):
            way.changed.append(row)
    way.going = [row for uid, row in now.parts.items() if uid not in target.parts]
    return way


def left_alone(record: Aggregate) -> list[str]:
    """What a way back does not touch, in sentences."""
    said = [ACTED_IN_WORDS[type(record)]] if type(record) in ACTED_IN_WORDS else []
    return said + [ACTS[part] for part, _ in parts_of(type(record)) if part in ACTS]


# --- what stands in the way -----------------------------------------------------------------------------------


def obstacles(record: Aggregate, way: Way) -> list[str]:
    """Why the record cannot be what it was, a sentence each."""
    if isinstance(record, Correction) and record.number is not None:
        return [f"{record} is an entry of the ledger and never changes. Correct it with a new one."]
    return [
        *_key_taken(record, way),
        *_elsewhere(record, way),
        *_from_elsewhere(record, way),
        *_gone(way),
        *_referred_to(way),
    ]


def _key_taken(record: Aggregate, way: Way) -> Iterator[str]:
    key = way.target.root.values["key"]
    if key == way.now.root.values["key"]:
        return
    other = type(record)._base_manager.filter(key=key).exclude(pk=record.pk).first()
    owner = Address.objects.filter(kind=record.kind_name, key=key).exclude(uid=record.uid).exists()
    if other is not None:
        yield f"The key “{key}” that it had is the key of “{other}” by now. Give that one another key first."
    elif owner:
        yield f"The key “{key}” that it had leads readers to another {record.kind_name} by now."


def _elsewhere(record: Aggregate, way: Way) -> Iterator[str]:
    """Rows that would come back, but are there: with another record, to which they were moved."""
    for model, rows in _by_model(way.back).items():
        links = [name for part, name in parts_of(type(record)) if part is model]
        known = model._base_manager.filter(uid__in=[row.uid for row in rows])
        for there in known.select_related(*getattr(model, "part_of", ())):
            if all(getattr(there, f"{name}_id") != record.pk for name in links):
                owner = there.root  # type: ignore[attr-defined]
                yield f"The {_noun(model)} “{there}” belongs to “{owner}” by now. Move it back first."
        if any(row.pk < 0 for row in rows):
            yield f"One {_noun(model)} that it had left no trace in the history of the desk and cannot come back."


def _from_elsewhere(record: Aggregate, way: Way) -> Iterator[str]:
    """Rows that would go, but were another record's before: to delete them is not to put them back."""
    for model, rows in _by_model(way.going).items():
        links = [name for part, name in parts_of(type(record)) if part is model]
        noted = history_of(model).filter(id__in=[row.pk for row in rows])
        own = models.Q(*((name, record.pk) for name in links), _connector=models.Q.OR)
        others = noted.exclude(own)
        count = others.values("id").distinct().count()
        if count:
            them, rows_of = ("it", "row") if count == 1 else ("them", "rows")
            yield (
                f"{count} {rows_of} ({_noun(model)}) came here from another record since. Move {them} back or undo "
                f"the merge; restoring would delete {them}."
            )


def _gone(way: Way) -> Iterator[str]:
    """What the rows refer to and is not there any more."""
    coming = {(row.model, row.pk) for row in way.target.parts.values()}
    wanted: dict[type[models.Model], dict[int, str]] = defaultdict(dict)
    for row in (way.target.root, *way.target.parts.values()):
        for target, pk, what in _references(row):
            if (target, pk) not in coming:
                wanted[target].setdefault(pk, what)
    for target, found in wanted.items():
        there = set(target._base_manager.filter(pk__in=found).values_list("pk", flat=True))
        for pk in sorted(set(found) - there):
            called = _last_name(target, pk)
            yield f"The {_noun(target)}{called}, which stood as {found[pk]}, is not there any more."


def _references(row: Row) -> Iterator[tuple[type[models.Model], int, str]]:
    own = "" if issubclass(row.model, Aggregate) else f" of {_a(row.model)}"
    for column in said_columns(row.model):
        if isinstance(column, models.ForeignKey) and row.values[column.attname] is not None:
            yield column.related_model, row.values[column.attname], f"“{column.verbose_name}”{own}"
    for name, pks in row.links.items():
        link: Any = row.model._meta.get_field(name)
        yield from ((link.related_model, pk, f"one of “{link.verbose_name}”{own}") for pk in pks)


def _last_name(model: Any, pk: int) -> str:
    """What something that was deleted was called."""
    last = model.history.filter(id=pk).first() if hasattr(model, "history") else None
    known = (
        [getattr(last, name, "") for name in ("title", "name", "statement", "text", "key")] if last else []
    )
    found = next(filter(None, known), "")
    return f" “{found}”" if found else ""


def _referred_to(way: Way) -> Iterator[str]:
    """Rows that would go, but that something else rests on."""
    own = {(row.model, row.pk) for row in (*way.now.parts.values(), *way.back)}
    for model, rows in _by_model(way.going).items():
        pks = [row.pk for row in rows]
        for relation in model._meta.related_objects:
            link: Any = relation.field
            if hasattr(link.model, "history_id") or link.model is Conflict:
                continue  # history remembers what is gone, and conflicts are computed
            for referrer in link.model._base_manager.filter(**{f"{link.name}__in": pks}).distinct():
                if (link.model, referrer.pk) not in own:
                    noun, going = _noun(link.model), _a(model).capitalize()
                    yield (
                        f"{going} that has come since would go, but the {noun} “{referrer}” rests on it. "
                        f"Change the {noun} first."
                    )


def _by_model(rows: Iterable[Row]) -> dict[type[models.Model], list[Row]]:
    found: dict[type[models.Model], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.model].append(row)
    return found


def _noun(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


def _a(model: type[models.Model]) -> str:
    noun = _noun(model)
    return noun if noun == "evidence" else f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


# --- doing it -------------------------------------------------------------------------------------------------


def restore(record: Aggregate, target: State, *, by: User, reason: str, expected_revision: int) -> Way:
    """Make a record say again what it said in `target`: its own columns and links, and its rows with their uids.

    `reason` stands in the history of each row that is written, all under one moment. The revision rises; the book,
    assessments, decisions and captured texts stay. Raises PermissionDenied, or WorkflowError where somebody has changed
    the record since `expected_revision`, where there is nothing to do, or where something stands in the way; and
    IntegrityError where a rule of the database has come since that the earlier state broke.
    """
    options = record._meta
    if not by.has_perm(f"{options.app_label}.change_{options.model_name}"):
        raise PermissionDenied("Restoring a record needs the right to change it.")
    with transaction.atomic():
        row = type(record)._base_manager.select_for_update().filter(pk=record.pk).first()
        if row is None:
            raise WorkflowError("The record has been deleted meanwhile. Nothing was restored.")
        if row.revision != expected_revision:
            raise WorkflowError(
                f"Somebody has changed “{row}” since you looked. Nothing was restored; look again first."
            )
        way = way_to(target, state_now(row))
        found = obstacles(row, way)
        if found:
            raise WorkflowError(found)
        if way.is_none:
            raise WorkflowError("The record says just that now. There is nothing to restore.")
        _Writing(by, reason[:REASON], timezone.now()).write(row, way)
    record.refresh_revision()
    return way


@dataclass(frozen=True)
class _Writing:
    by: User
    reason: str
    when: datetime

    def write(self, record: Aggregate, way: Way) -> None:
        for model, rows in _by_model(way.going).items():
            for there in model._base_manager.filter(pk__in=[row.pk for row in rows]):
                self._sign(there).delete()
        for model, rows in _by_model(way.changed).items():
            if len(rows) > 1 and model in PARK:
                # Two rows may have changed places; the first would meet the second under its own name.
                for there in model._base_manager.filter(pk__in=[row.pk for row in rows]):
                    PARK[model](there)
        if way.root_changes:
            self._say(record, way.target.root)
        for row in way.back:
            self._say(self._come_back(record, row), row)
        for row in way.changed:
            self._say(row.model._base_manager.get(pk=row.pk), row)

    def _sign(self, row: Any) -> Any:
        row._history_user, row._history_date, row._change_reason = self.by, self.when, self.reason
        return row

    def _come_back(self, record: Aggregate, row: Row) -> Any:
        link = next(name for part, name in parts_of(type(record)) if part is row.model)
        return row.model(pk=row.pk, uid=row.uid, **{link: record})

    def _say(self, there: Any, row: Row) -> None:
        self._sign(there)
        for name, value in row.values.items():
            setattr(there, name, value)
        there.save(**({"force_insert": True} if there._state.adding else {}))
        for name, pks in row.links.items():
            getattr(there, name).set(pks)


def _free_role(there: Contribution) -> None:
    taken = set(
        Contribution.objects.filter(source=there.source_id, agent=there.agent_id).values_list(
            "role", flat=True
        )
    )
    free = next(role for role in Role.values if role not in taken)
    Contribution.objects.filter(pk=there.pk).update(role=free)


#: How a row is set aside, of which the database holds that there is but one of its kind.
PARK: dict[type[models.Model], Any] = {
    Contribution: _free_role,
    PlaceName: lambda there: PlaceName.objects.filter(pk=there.pk).update(text=there.uid),
    NamingRule: lambda there: NamingRule.objects.filter(pk=there.pk).update(place=None),
}
