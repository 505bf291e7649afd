"""What merging two records would do: what moves, what falls together, what falls away, and what stands in the way.

Nothing is written here. Starting from the merged record, every row that refers to it is led to the kept one. Two rows
of a record that then say the same become one, and what refers to the row that goes is led on in its turn.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.editorial.aggregate import Aggregate, Part
from kb.editorial.computed import Computed, following
from kb.editorial.fields import canonical_json
from kb.merging.changes import Change, Values, plain, rows_now
from kb.merging.fields import Difference
from kb.merging.relations import (
    Model,
    ends_of,
    is_list,
    list_field,
    lists_of,
    references_to,
    roots_of,
    same_columns,
    unique_sets,
    written_columns,
)
from kb.models import Assessment, Assignment, StatedValue
from sources.models import Contribution, Snapshot

#: A captured text is long, and says nothing about where it belongs.
LONG: dict[Model, tuple[str, ...]] = {Snapshot: ("text",)}
#: Columns of a row that goes, of which nobody misses the value. Of a captured text nothing is changed.
UNMISSED: dict[Model, tuple[str, ...]] = {
    Contribution: ("order",),
    Snapshot: ("extent", "captured_at", "url", "sha256"),
}


@dataclass
class Row:
    """A row as it is and as it will be; `twin` is the row that it falls together with."""

    model: Model
    before: Values
    now: Values
    gone: bool = False
    twin: Row | None = None

    @property
    def pk(self) -> int:
        return self.before["id"]

    @property
    def is_changed(self) -> bool:
        return self.gone or self.now != self.before


@dataclass
class Plan:
    """What merging would do. `obstacles` say why it cannot be done; then nothing else need be right."""

    kept: Aggregate
    merged: Aggregate
    choices: Mapping[str, str]
    differences: list[Difference] = field(default_factory=list)
    #: The kept record's own columns.
    own: Values = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    #: What falls away, in words.
    falls: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)

    @property
    def roots(self) -> set[Model]:
        """The kinds of record that are changed."""
        return {type(self.kept)}.union(*(roots_of(row.model) for row in self.rows))

    @property
    def digest(self) -> str:
        """Of all that would be done: another if anything has changed since it was looked at."""
        told = [
            [row.model._meta.label_lower, row.pk, row.gone, {n: plain(v) for n, v in row.now.items()}]
            for row in sorted(self.rows, key=lambda row: (row.model._meta.label_lower, row.pk))
        ]
        own = [self.kept.uid, self.kept.revision, self.merged.uid, self.merged.revision]
        return hashlib.sha256(canonical_json([own, told, self.obstacles]).encode()).hexdigest()


def lead(plan: Plan) -> None:
    """Fill in the rows of a plan, and what falls away."""
    planner = _Planner(plan)
    planner.lead()
    plan.rows = [*planner.changed(), *_in_hand(plan)]


def _in_hand(plan: Plan) -> Iterator[Row]:
    """Who has the merged record in hand has the kept one from then on, unless somebody has that already."""
    found = {a.uid: a for a in Assignment.objects.filter(uid__in=[plan.kept.uid, plan.merged.uid])}
    assignment = found.get(plan.merged.uid)
    if assignment is None:
        return
    before = {f.attname: getattr(assignment, f.attname) for f in Assignment._meta.local_concrete_fields}
    row = Row(Assignment, before, {**before, "uid": plan.kept.uid})
    if plan.kept.uid in found:
        row.gone = True
        plan.falls.append(f"That {assignment.assignee} has “{plan.merged}” in hand.")
    yield row


class _Planner:
    """Leads all that refers to the merged record to the kept one."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.known: dict[tuple[Model, int], Row] = {}
        self.model = type(plan.kept)
        self.assessed = (
            plan.kept.assessments.filter(confirmed_at__isnull=False).exists()
            if hasattr(plan.kept, "assessments")
            else False
        )

    def changed(self) -> list[Row]:
        for row in self.known.values():
            self._follow(row)
            _work_out(row)
        own = {(self.model, self.plan.kept.pk), (self.model, self.plan.merged.pk)}
        return [row for key, row in self.known.items() if row.is_changed and key not in own]

    def _follow(self, row: Row) -> None:
        """What a row took over from one that goes may lead to another one that goes: then to its twin."""
        links: list[Any] = [f for f in row.model._meta.local_concrete_fields if f.is_relation]
        for f in links:
            led = self.known.get((f.related_model, row.now[f.attname]))
            while led is not None and led.gone and led.twin is not None and not row.gone:
                row.now[f.attname] = None if led.twin is row else led.twin.pk
                led = led.twin

    def lead(self) -> None:
        waiting: list[tuple[Model, int, int]] = [(self.model, self.plan.merged.pk, self.plan.kept.pk)]
        while waiting:
            model, old, new = waiting.pop(0)
            for link in references_to(model):
                waiting += self._lead_along(link, old, new)

    def _lead_along(self, link: Any, old: int, new: int) -> Iterator[tuple[Model, int, int]]:
        model, name = link.model, link.attname
        rows = self._referring(model, name, old)
        if not rows:
            return
        twins = _Twins(model, [row for row in self._referring(model, name, new) if not row.gone])
        for row in rows:
            if row.gone or self._is_own(model, row.pk):
                continue
            if model is link.related_model and row.pk == new:
                row.now[name] = self._beyond(model, name, old, new)
                continue
            row.now[name] = new
            if self._stays_behind(row):
                continue
            twin = self._loop(row) or twins.of(row)
            if twin is not None:
                row.gone = True
                if isinstance(twin, Row):
                    row.twin = twin
                    self._fill(row, twin)
                    if not is_list(model):
                        yield model, row.pk, twin.pk

    def _is_own(self, model: Model, pk: int) -> bool:
        return model is self.model and pk in (self.plan.kept.pk, self.plan.merged.pk)

    def _beyond(self, model: Model, name: str, old: int, new: int) -> int | None:
        """Where a row leads that led to the one that falls together with it: where that one led."""
        further = self.known[model, old].now[name] if (model, old) in self.known else None
        return None if further in (old, new) else further

    def _referring(self, model: Model, name: str, pk: int) -> list[Row]:
        """The rows that refer to a row, as far as they are led by now."""
        fields = [f.attname for f in model._meta.local_concrete_fields if f.name not in LONG.get(model, ())]
        found = []
        for values in model._base_manager.filter(**{name: pk}).order_by("pk").values(*fields):
            row = self.known.setdefault((model, values["id"]), Row(model, values, dict(values)))
            found.append(row)
        return found

    def _stays_behind(self, row: Row) -> bool:
        """What was judged of the merged claim is not said of another; a proposal moves, judging no revision of it."""
        if row.model is not Assessment:
            return False
        row.now["judged_revision"] = None
        row.gone = row.before["confirmed_at"] is not None and self.assessed
        if row.gone:
            self.plan.falls.append(
                f"{label_of(row)}: it was made of “{self.plan.merged}” as that was, and stays with its published "
                f"versions. “{self.plan.kept}” keeps its own assessment, which needs another look."
            )
        return row.gone

    def _loop(self, row: Row) -> bool | None:
        """Whether it would list a record with itself; such a link falls away."""
        if not is_list(row.model):
            return None
        owner, listed = ends_of(row.model)
        is_loop = (
            owner.related_model is listed.related_model and row.now[owner.attname] == row.now[listed.attname]
        )
        if is_loop:
            named = list_field(row.model).verbose_name
            self.plan.falls.append(f"That “{self.plan.merged}” and “{self.plan.kept}” are linked ({named}).")
        return is_loop or None

    def _fill(self, row: Row, twin: Row) -> None:
        """The row that stays takes from the other what it does not say itself; what neither can take falls away."""
        missed = []
        for f in () if is_list(row.model) else written_columns(row.model):
            if f.name in LONG.get(row.model, ()):
                continue
            mine, theirs = row.now[f.attname], twin.now[f.attname]
            is_of_itself = f.related_model is row.model and mine in (row.pk, twin.pk)
            if mine in (None, "") or _said(mine) == _said(theirs) or is_of_itself:
                continue
            if theirs in (None, "") and row.model is not Snapshot:
                twin.now[f.attname] = mine
            elif f.name not in UNMISSED.get(row.model, ()):
                missed.append(f"{f.verbose_name} “{plain(mine)}”")
        if missed:
            said = label_of(row)
            self.plan.falls.append(f"{said}: both have it; {', '.join(missed)} falls away.")


def label_of(row: Row) -> str:
    """What a row is called, with what it is."""
    instance = row.model._base_manager.filter(pk=row.pk).select_related().first()
    noun = str(row.model._meta.verbose_name)
    return f"{noun[:1].upper()}{noun[1:]} “{instance}”"


def _work_out(row: Row) -> None:
    """The columns that follow from others. Those of values that lean on an event follow when the event is settled."""
    names = [name for name, value in row.now.items() if value != row.before[name]]
    written = [f.name for f in written_columns(row.model) if f.attname in names]
    if row.gone or not written or row.model in (Snapshot, StatedValue) or not issubclass(row.model, Computed):
        return
    follow = following(row.model, written)
    if follow:
        instance = row.model(**row.now)
        instance.compute()
        row.now.update({name: getattr(instance, name) for name in follow})


class _Twins:
    """Rows of one table, to find among them the one that says the same as another."""

    def __init__(self, model: Model, rows: list[Row]) -> None:
        self.model = model
        self.rules = unique_sets(model)
        self.soft = same_columns(model) if issubclass(model, Part) and model not in LONG else ()
        self.found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows:
            for key in self._keys(row):
                self.found[key].append(row)

    def _keys(self, row: Row) -> Iterator[tuple[Any, ...]]:
        for names in self.rules:
            values = tuple(row.now[name] for name in names)
            if None not in values:
                yield (names, values)
        if self.soft:
            yield ("said", tuple(_said(row.now[name]) for name in self.soft))

    def of(self, row: Row) -> Row | None:
        for key in self._keys(row):
            for twin in self.found.get(key, ()):
                if (
                    twin.pk != row.pk
                    and not twin.gone
                    and (key[0] != "said" or self._loses_nothing(row, twin))
                ):
                    return twin
        return None

    def _loses_nothing(self, row: Row, twin: Row) -> bool:
        for f in written_columns(self.model):
            mine, theirs = row.now[f.attname], twin.now[f.attname]
            if mine not in (None, "") and theirs not in (None, "") and _said(mine) != _said(theirs):
                return False
        return all(_listed(f, row.pk) == _listed(f, twin.pk) for f in lists_of(self.model))


def _said(value: Any) -> Any:
    """White space counts as in quotes: one run of it is like another."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _listed(f: Any, pk: int) -> set[int]:
    through = f.remote_field.through
    owner, listed = ends_of(through)
    return set(through._base_manager.filter(**{owner.attname: pk}).values_list(listed.attname, flat=True))


# --- as it is written ---------------------------------------------------------------------------------------------


def changes_of(rows: list[Row]) -> list[Change]:
    """What is written for these rows; of what is deleted, all columns are read again."""
    found = []
    whole: dict[Model, dict[int, Values]] = {}
    for model in {row.model for row in rows if row.gone}:
        whole[model] = rows_now(model, [row.pk for row in rows if row.gone and row.model is model])
    for row in rows:
        table = row.model._meta.label_lower
        if row.gone:
            before = {name: plain(value) for name, value in whole[row.model][row.pk].items()}
            found.append(Change(table, row.pk, before, None))
            continue
        names = [name for name, value in row.now.items() if value != row.before[name]]
        found.append(
            Change(
                table,
                row.pk,
                {name: plain(row.before[name]) for name in names},
                {name: plain(row.now[name]) for name in names},
            )
        )
    return found
