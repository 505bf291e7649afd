"""Merging: one transaction in which all that `kb.merging.planning` has foreseen is written, with its record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from kb.analysis import conflict_finding
from kb.editorial.aggregate import Aggregate
from kb.merging.changes import Change, MergeRefused, Values, batches, plain, rows_now, typed
from kb.merging.leading import Plan, changes_of
from kb.merging.planning import moving, plan_merge
from kb.merging.relations import Model, ends_of, is_list
from kb.merging.rights import must_begin, must_merge
from kb.models import Appearance, Claim, Conflict, Event, Evidence, Merge, Place, StatedValue
from kb.models.merge import LABEL
from kb.models.value import lean_again
from kb.spreadsheets import storing
from sources.models import Snapshot, Source

#: The columns in which a claim says that it needs another look.
MARKS = ("stale_since", "stale_reason")

CHANGED = "Something of these records has changed since you looked at them. Look at what would be done again."
MEANWHILE = "Others are changing the same records just now. Nothing was merged; try it again."


def merge(
    kept: Aggregate,
    merged: Aggregate,
    *,
    by: User,
    why: str,
    choices: Mapping[str, str] | None = None,
    expected: str | None = None,
) -> Merge:
    """Merge one record into another: all that refers to it is led to the kept one, and its key leads there.

    `choices` says of which fields the merged one's value stays ("merged"); `expected` is the digest of the plan that
    the editor has looked at. What readers see stays as it is until the kept record is published.

    Raises PermissionDenied, or MergeRefused; then nothing has happened.
    """
    must_begin(by, type(kept), type(merged))
    try:
        with transaction.atomic():
            _hold(kept, merged)
            plan = plan_merge(kept, merged, choices)
            must_merge(by, plan)
            if not why.strip():
                raise MergeRefused("Say why they are one, so that a colleague can follow it.")
            if plan.obstacles:
                raise MergeRefused(plan.obstacles)
            if expected is not None and expected != plan.digest:
                raise MergeRefused(CHANGED)
            return _write(plan, by, why.strip())
    except IntegrityError as error:
        raise MergeRefused(MEANWHILE) from error


def _hold(*records: Aggregate) -> None:
    """Hold them against others until the end; in one order, so that two merges do not wait for each other."""
    held = 0
    for model in sorted({type(record) for record in records}, key=lambda m: m._meta.label):
        pks = [record.pk for record in records if type(record) is model]
        held += len(
            model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk")
        )
    if held < len({(type(record), record.pk) for record in records}):
        raise MergeRefused("One of the two records is not there any more.")


# --- writing --------------------------------------------------------------------------------------------------------


def _write(plan: Plan, by: User, why: str) -> Merge:
    kept, merged, now = plan.kept, plan.merged, timezone.now()
    told = {
        "moved": [[group.what, group.count, group.first] for group in moving(plan)],
        "falls": plan.falls,
        "taken": [d.label for d in plan.differences if d.stays == "merged"],
    }
    values = values_around(type(kept), [kept.pk, merged.pk])
    values |= {row.pk for row in plan.rows if row.model is StatedValue}
    conflicts = known_conflicts(values)
    changes = changes_of(plan.rows)
    whole = _whole(merged)
    claims = claims_around(changes, values, kept) - ({merged.pk} if isinstance(merged, Claim) else set())
    marks = marks_of(claims)
    writing = Writing(by.pk, f"Merged “{merged.key}” into “{kept.key}”: {why}", now)
    writing.carry_out(changes)
    changes += _own_changes(plan, by, writing.reason)
    look_again([kept], values)
    changes += _marked(marks, marks_of(claims))
    changes.append(whole)
    row = Merge.objects.create(
        kind=kept.kind_name,
        kept_uid=kept.uid,
        kept_key=kept.key,
        kept_label=str(kept)[:LABEL],
        merged_uid=merged.uid,
        merged_key=merged.key,
        merged_label=str(merged)[:LABEL],
        merged_pk=merged.pk,
        by=by,
        at=now,
        why=why,
        changes={"rows": [change.kept() for change in changes], "conflicts": conflicts},
        told=told,
    )
    writing.take_away(type(merged), [merged.pk])
    return row


def _own_changes(plan: Plan, by: User, reason: str) -> list[Change]:
    """Write the kept record's own columns, and raise its revision even where none of them changes."""
    model, kept = type(plan.kept), plan.kept
    before = rows_now(model, [kept.pk])[kept.pk]
    model._base_manager.filter(pk=kept.pk).update(revision=F("revision") + 1)
    if not plan.own:
        return []
    for name, value in plan.own.items():
        setattr(kept, name, value)
    try:
        kept.full_clean()
    except ValidationError as error:
        raise MergeRefused([f"“{kept}” would not be right any more: {m}" for m in error.messages]) from error
    save(kept, by, reason)
    after = rows_now(model, [kept.pk])[kept.pk]
    return [_difference(model, kept.pk, before, after)]


def save(record: Any, user: User, reason: str) -> None:
    """Write a record as a form would, with its history; whoever calls has asked for the right."""
    record._history_user, record._change_reason = user, reason[:100]
    record.save()


def claims_around(changes: Iterable[Change], values: Iterable[int], *records: Aggregate) -> set[int]:
    """The claims that rows of these changes and these values belong to, and those among the records."""
    found = {record.pk for record in records if isinstance(record, Claim)}
    by_model: dict[Model, list[int]] = defaultdict(list, {StatedValue: list(values)})
    for change in changes:
        if change.model in (Appearance, StatedValue, Evidence):
            by_model[change.model].append(change.pk)
            given = (values.get("claim_id") for values in (change.before, change.after or {}))
            found.update(pk for pk in given if pk is not None)
    for model, pks in by_model.items():
        there = rows_now(model, pks, "claim_id").values()
        found.update(row["claim_id"] for row in there if row["claim_id"] is not None)
    return found


def marks_of(claims: Iterable[int]) -> dict[int, Values]:
    """Whether, since when and why claims need another look, which the database marks by itself."""
    return rows_now(Claim, claims, *MARKS)


def _marked(before: Mapping[int, Values], after: Mapping[int, Values]) -> list[Change]:
    return [_difference(Claim, pk, before[pk], after[pk]) for pk in sorted(before) if before[pk] != after[pk]]


def _difference(model: Model, pk: int, before: Values, after: Values) -> Change:
    names = [name for name in before if name != "revision" and before[name] != after[name]]
    return Change(
        model._meta.label_lower,
        pk,
        {name: plain(before[name]) for name in names},
        {name: plain(after[name]) for name in names},
    )


def _whole(record: Aggregate) -> Change:
    values = rows_now(type(record), [record.pk])[record.pk]
    return Change(
        type(record)._meta.label_lower, record.pk, {name: plain(v) for name, v in values.items()}, None
    )


class Writing:
    """Writes changes to rows, with their history. `reason` stands there."""

    def __init__(self, user: int, reason: str, when: datetime) -> None:
        self.user, self.reason, self.when = user, reason, when

    def carry_out(self, changes: Iterable[Change]) -> None:
        """What moves moves first, the lists of what goes among it."""
        by_model: dict[Model, list[Change]] = defaultdict(list)
        for change in changes:
            by_model[change.model].append(change)
        # Owners of lists are noted when all their lists are as they will be.
        owners: dict[Model, set[int]] = defaultdict(set)
        for model, some in by_model.items():
            self._note_owners(model, some, owners)
            self.change(model, [(c.pk, c.after) for c in some if c.after is not None])
        for model, some in by_model.items():
            self.take_away(model, [change.pk for change in some if change.after is None])
        self.note_owners(owners)

    def put_back(self, changes: list[Change]) -> None:
        """The opposite: rows as they were, then those that were deleted."""
        by_model: dict[Model, list[Change]] = defaultdict(list)
        for change in changes:
            by_model[change.model].append(change)
        owners: dict[Model, set[int]] = defaultdict(set)
        for model, some in by_model.items():
            self._note_owners(model, some, owners)
            self.change(model, [(c.pk, c.before) for c in some if c.after is not None])
        for model, some in by_model.items():
            self.put(model, [c.before for c in some if c.after is None])
            self._note_owners(model, some, owners)
        self.note_owners(owners)

    def take_away(self, model: Model, pks: list[int]) -> None:
        if not pks:
            return
        if model is StatedValue:
            for some in batches(pks):
                Conflict.objects.filter(models.Q(one__in=some) | models.Q(other__in=some)).delete()
        self.note(model, pks, "-")
        storing.delete(model, pks)

    def change(self, model: Model, rows: list[tuple[int, Values]]) -> None:
        """Write columns (as the record of a merge holds them) of rows that are there."""
        rows = [(pk, typed(model, values)) for pk, values in rows]
        if model is Snapshot:
            self._move_texts(rows)
        else:
            storing.update(model, rows)
        self.note(model, [pk for pk, _ in rows], "~")

    def put(self, model: Model, rows: list[Values]) -> None:
        """Insert rows that were there before."""
        storing.insert(model, [typed(model, values) for values in rows])
        self.note(model, [values["id"] for values in rows], "+")

    def _move_texts(self, rows: list[tuple[int, Values]]) -> None:
        """A captured text never changes, so one that belongs to another record is taken out and put in there."""
        whole = rows_now(Snapshot, [pk for pk, _ in rows])
        storing.delete(Snapshot, list(whole))
        storing.insert(Snapshot, [{**whole[pk], **values} for pk, values in rows])

    def note(self, model: Model, pks: list[int], sign: str) -> None:
        if pks and hasattr(model, "history"):
            storing.note_history(model, pks, sign, user=self.user, reason=self.reason, when=self.when)

    def _note_owners(self, model: Model, changes: list[Change], owners: dict[Model, set[int]]) -> None:
        if not is_list(model):
            return
        owner, _ = ends_of(model)
        there = rows_now(model, [change.pk for change in changes], owner.attname)
        owners[owner.related_model].update(values[owner.attname] for values in there.values())
        for change in changes:
            if change.after and owner.attname in change.after:
                owners[owner.related_model].add(change.after[owner.attname])

    def note_owners(self, owners: Mapping[Model, set[int]]) -> None:
        """A change of a list is told in the history of the record that has it."""
        for model, pks in owners.items():
            there = [pk for some in batches(pks) for pk in _there(model, some)]
            self.note(model, there, "~")


def _there(model: Model, pks: list[int]) -> list[int]:
    return list(model._base_manager.filter(pk__in=pks).order_by("pk").values_list("pk", flat=True))


# --- what is worked out from others ---------------------------------------------------------------------------------


def values_around(model: Model, pks: list[int]) -> set[int]:
    """The stated values of which an answer about conflicts may hang on these records."""
    asked: dict[Model, models.Q] = {
        Event: models.Q(event__in=pks) | models.Q(relative_to__in=pks),
        Place: models.Q(place__in=pks) | models.Q(measured_from__in=pks) | models.Q(event__places__in=pks),
        Claim: models.Q(claim__in=pks),
        Source: models.Q(appearance__source__in=pks),
    }
    if model not in asked:
        return set()
    return set(StatedValue.objects.filter(asked[model]).values_list("pk", flat=True))


def known_conflicts(values: Iterable[int]) -> list[list[Any]]:
    """The conflicts of these values, and since when they are known."""
    found = {
        (one, other, detector): [one, other, detector, plain(seen)]
        for some in batches(values)
        for one, other, detector, seen in Conflict.objects.filter(
            models.Q(one__in=some) | models.Q(other__in=some)
        ).values_list("one", "other", "detector", "first_seen")
    }
    return [found[key] for key in sorted(found)]


def look_again(records: list[Aggregate], values: Iterable[int]) -> None:
    """Compute again what hangs on these records, and look again at what these values contradict."""
    events = [record for record in records if isinstance(record, Event)]
    if events:
        lean_again(Event.objects.filter(pk__in=[event.pk for event in events]))
    conflict_finding.refresh(values)
