"""What became of a record, entry by entry, in an editor's words: edits, steps and imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from kb.book.comparing import Change
from kb.book.second_person import name_of
from kb.editorial.aggregate import Aggregate, EditingState, Part
from kb.history.differences import CALLED_BY, Labels, labels_of, path, shown, title
from kb.history.points import Point
from kb.models import Assessment, Delivery, ImportBatch, Rebuttal
from kb.models.rebuttal import Decision

#: So many rows of one entry are told one by one.
ROWS = 60
MOVED = "moved here from another record"
HANDED = {EditingState.IN_REVIEW: "Handed in for review", EditingState.DRAFT: "Returned to draft"}
NOBODY = "a command or an import"
DONE = {"+": "added", "~": "changed", "-": "deleted"}


@dataclass
class Told:
    """What became of the record or of one of its rows. `whole`: it came or went, so all that it said is told."""

    what: str
    done: str
    changes: list[Change] = field(default_factory=list)
    whole: bool = False


@dataclass
class Entry:
    """One save, step, import or release."""

    at: datetime
    who: str
    what: str
    why: str = ""
    #: The import that it was, or the import that it took back.
    batch: int | None = None
    #: The version that it published.
    version: int | None = None
    rows: list[Told] = field(default_factory=list)
    more: int = 0
    #: Whether it only handed the record in, or back.
    handed: bool = False

    @property
    def point(self) -> str:
        """By what it is named when it is compared or restored."""
        return str(Point(number=self.version) if self.version else Point(moment=self.at))


def reason_of(row: Any) -> str:
    return row.history_change_reason or ""


def is_of_batch(row: Any) -> bool:
    return reason_of(row).startswith(("Import of ", "Undo of the import of "))


@dataclass
class _Difference:
    column: Any
    before: Any
    after: Any


class Telling:
    """What the rows of a page say, with what they refer to called as it is today."""

    def __init__(self, rows: list[Any]) -> None:
        self.found = {id(row): list(_differences(row)) for row in rows}
        wanted = {
            (difference.column.related_model, pk)
            for differences in self.found.values()
            for difference in differences
            if difference.column.is_relation
            for value in (difference.before, difference.after)
            for pk in _keys(value)
        }
        for row in rows:
            wanted.update(self._calling(row))
        self.labels: Labels = labels_of(wanted)
        self.batches = _batches(rows)

    @staticmethod
    def _calling(row: Any) -> Iterator[tuple[Any, int]]:
        name = CALLED_BY.get(row.instance_type)
        column: Any = row.instance_type._meta.get_field(name) if name else None
        if column is not None and column.is_relation and getattr(row, column.attname) is not None:
            yield column.related_model, getattr(row, column.attname)

    def entry(self, group: list[Any]) -> Entry | None:
        """One entry; None for a save that changed nothing an editor sees."""
        newest = max(group, key=lambda row: row.history_date)
        who = name_of(newest.history_user) if newest.history_user else self._signed(group)
        entry = Entry(newest.history_date, who, "", reason_of(newest))
        step = next(filter(None, (self._step(row) for row in group)), "")
        entry.handed = step in HANDED.values()
        entry.rows = [told for row in group if (told := self._told(row)) is not None]
        if not entry.rows and not step:
            return None
        entry.batch = self.batches.get((newest.history_date, newest.history_user_id))
        entry.what = step or self._in_short(group, entry)
        if entry.why.startswith("Restored as "):
            entry.what, _, entry.why = entry.why.partition(": ")
        elif step and entry.why in EditingState.labels:
            entry.why = ""
        elif is_of_batch(newest):
            kind, _, entry.why = entry.why.rpartition(" of ")
            entry.what = "Import taken back:" if kind.startswith("Undo") else "Imported from"
        entry.more = len(entry.rows) - ROWS
        entry.rows = entry.rows[:ROWS]
        return entry

    def _signed(self, group: list[Any]) -> str:
        """Who a step names that no request made: a command decides in somebody's name."""
        named = {
            d.column.name: (d.column.related_model, d.after) for row in group for d in self.found[id(row)]
        }
        return next((self.labels[named[name]] for name in SIGNED if named.get(name) in self.labels), NOBODY)

    def _step(self, row: Any) -> str:
        """What step a row notes; empty for an edit."""
        model, differences = row.instance_type, {d.column.name: d for d in self.found[id(row)]}
        if issubclass(model, Aggregate) and row.history_type == "~":
            if reason_of(row) and not is_of_batch(row) and not set(differences) - {"editing_state"}:
                return self._handed(row)
            if issubclass(model, Rebuttal) and "decision" in differences:
                word = Decision(row.decision).label
                return "Taken up for review" if row.decision == Decision.UNDER_REVIEW else f"Decided: {word}"
            if issubclass(model, Delivery) and "outcome" in differences:
                return f"The publisher’s answer: {row.get_outcome_display()}"
        if issubclass(model, Assessment) and row.history_type != "-" and not is_of_batch(row):
            if "confirmed_at" in differences:
                return f"Assessment confirmed: {row.get_rating_display()}"
            if row.history_type == "+":
                return f"Assessment proposed: {row.get_rating_display()}"
        return ""

    @staticmethod
    def _handed(row: Any) -> str:
        if reason_of(row).startswith("Restored as "):
            return ""
        return HANDED[row.editing_state]

    def _in_short(self, group: list[Any], entry: Entry) -> str:
        """What an edit was, in a few words: what became of the record, or else of its only row."""
        root = [row for row in group if issubclass(row.instance_type, Aggregate)]
        if len(entry.rows) == 1:
            return f"{entry.rows[0].what} {entry.rows[0].done}"
        if root and any(row.history_type == "+" for row in root):
            return f"{_noun(root[0])} added"
        return f"{_noun(root[0])} changed" if root else "Its rows changed"

    def _told(self, row: Any) -> Told | None:
        differences = [d for d in self.found[id(row)] if d.column.name != "editing_state"]
        moved = _moved(row)
        if row.history_type == "~" and not differences and not moved:
            return None
        first = row.older is None and row.history_type == "~"
        # What was loaded without history begins with the first change of it.
        done = "first recorded" if first else MOVED if moved else DONE[row.history_type]
        whole = row.older is None or row.history_type == "-"
        changes = [
            Change(
                path("", d.column),
                shown(d.column, d.before, self.labels),
                shown(d.column, d.after, self.labels),
            )
            for d in differences
        ]
        return Told(self._title(row), done, changes, whole)

    def _title(self, row: Any) -> str:
        model, name = row.instance_type, CALLED_BY.get(row.instance_type)
        column: Any = model._meta.get_field(name) if name else None
        return title(model, getattr(row, column.attname) if column is not None else None, self.labels)


def _moved(row: Any) -> bool:
    """Whether a row belonged to another record before."""
    if row.older is None or row.history_type == "-" or not issubclass(row.instance_type, Part):
        return False
    return any(
        getattr(row, f"{name}_id") != getattr(row.older, f"{name}_id") for name in row.instance_type.part_of
    )


def _differences(row: Any) -> Iterator[_Difference]:
    """The columns in which a history row differs from the one before it; all that are filled where it came or went."""
    owners = set(row.instance_type.part_of) if issubclass(row.instance_type, Part) else set()
    gone, left_out = row.history_type == "-", {"uid", "revision", *owners}
    old, new = (row, None) if gone else (row.older, row)
    for column in row.tracked_fields:
        if column.primary_key or column.name in left_out:
            continue
        if not column.editable and column.name not in SHOWN_ACTS:
            continue
        before, after = (getattr(one, column.attname, None) if one else None for one in (old, new))
        nothing = (before if gone else after) in (None, "", False)
        if before != after and not (nothing and (gone or old is None)):
            yield _Difference(column, before, after)
    for column, links in row.links.items():
        # The links of a row that is deleted go before it; what it had is known from the line before.
        before, after = row.older.links[column] if row.older else [], [] if gone else links
        if before != after:
            yield _Difference(column, before, after)


#: Of what no form can change, that which an editor wants to see when it changes.
SHOWN_ACTS = frozenset(
    {"editing_state", "decision", "reason", "duplicate_of", "decided_at", "decided_by", "anchor",
     "number", "confirmed_at", "confirmed_by", "proposed_by", "answered_at"}
)  # fmt: skip


#: Who did it, where it says so.
SIGNED = ("confirmed_by", "decided_by", "proposed_by")


def _keys(value: Any) -> list[Any]:
    """The primary keys in one or many links."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _noun(row: Any) -> str:
    noun = str(row.instance_type._meta.verbose_name)
    return f"{noun[:1].upper()}{noun[1:]}"


def _batches(rows: Iterable[Any]) -> dict[tuple[datetime, int | None], int]:
    """The imports that were applied, or taken back, at the moments of some rows."""
    moments = {row.history_date for row in rows if is_of_batch(row)}
    if not moments:
        return {}
    found: dict[tuple[datetime, int | None], int] = {}
    for batch in ImportBatch.objects.filter(
        models.Q(applied_at__in=moments) | models.Q(undone_at__in=moments)
    ):
        found[batch.applied_at, batch.applied_by_id] = batch.pk
        if batch.undone_at is not None:
            found[batch.undone_at, batch.undone_by_id] = batch.pk
    return found
