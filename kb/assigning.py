"""Who has a record in hand, and until when: the named functions that alone write it.

Claims, challenges that are not decided and whatever is in review can be assigned. Each step stays in the record, with
who, when and why. An assignment ends when it is handed back, when the record is published or the challenge decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kb.book.asking import chunks
from kb.book.second_person import name_of
from kb.editorial.aggregate import Aggregate, EditingState
from kb.models import Assignment, Claim, Rebuttal, WorkStep
from kb.models.rebuttal import OPEN_DECISIONS
from kb.models.work import Act
from kb.workflow import WorkflowError


def assignable(record: Aggregate) -> bool:
    """Whether there is something to do with it that somebody can be given."""
    if isinstance(record, Rebuttal) and record.decision in OPEN_DECISIONS:
        return True
    return isinstance(record, Claim) or record.editing_state == EditingState.IN_REVIEW


def colleagues(model: type[Aggregate]) -> QuerySet[User]:
    """Those who can be given records of this kind: active accounts of the desk that may change them."""
    right = f"{model._meta.app_label}.change_{model._meta.model_name}"
    able = User.objects.with_perm(right, backend="django.contrib.auth.backends.ModelBackend")
    return able.filter(is_staff=True).order_by("username")


def in_hand(records: Iterable[Aggregate]) -> dict[str, Assignment]:
    """Who has each of the records, by uid; in one query for a page of a list."""
    return {
        row.uid: row
        for some in chunks(record.uid for record in records)
        for row in Assignment.objects.filter(uid__in=some).select_related("assignee")
    }


def assign(
    records: Iterable[Aggregate], *, to: User, by: User, due: date | None = None, why: str = ""
) -> list[Assignment]:
    """Give records to a colleague, whoever had them before. Returns the assignments.

    Raises PermissionDenied, or WorkflowError where they cannot be assigned, or not to this colleague, or `due` is past.
    """
    given = list(records)
    _must_change(given, by)
    if not by.has_perm("kb.assign_record"):
        raise PermissionDenied("Assigning work to a colleague needs a right that you do not have.")
    _must_be_assignable(given)
    _due_later(due)
    for model in {type(record) for record in given}:
        if not colleagues(model).filter(pk=to.pk).exists():
            kind = model._meta.verbose_name_plural
            raise WorkflowError(
                f"{name_of(to)} may not work on {kind}, or the account is closed. Choose another."
            )
    with transaction.atomic():
        _held(given)
        return [_give(record, Act.ASSIGNED, to, by, due, why) for record in given]


def take_over(
    records: Iterable[Aggregate], *, by: User, due: date | None = None, why: str = ""
) -> list[Assignment]:
    """Take records in hand oneself; a day that was set stays, unless `due` sets another.

    Raises PermissionDenied, or WorkflowError where one has it already, or takes it from a colleague without a reason.
    """
    given = list(records)
    _must_change(given, by)
    _must_be_assignable(given)
    _due_later(due)
    with transaction.atomic():
        held = _held(given)
        for record in given:
            before = held.get(record.uid)
            if before is not None and before.assignee_id == by.pk:
                raise WorkflowError(f"You have “{record}” in hand already.")
            if before is not None and before.assignee.is_active and not why.strip():
                raise WorkflowError(
                    f"{name_of(before.assignee)} has “{record}” in hand. Say why you take it over."
                )
        return [
            _give(
                record,
                Act.TAKEN_OVER,
                by,
                by,
                due or (held[record.uid].due if record.uid in held else None),
                why,
            )
            for record in given
        ]


def hand_back(records: Iterable[Aggregate], *, by: User, why: str = "") -> None:
    """Put records back to where anybody can take them: one's own, or, for those who assign, a colleague's.

    Raises PermissionDenied, or WorkflowError where nobody has it in hand.
    """
    given = list(records)
    _must_change(given, by)
    with transaction.atomic():
        held = _held(given)
        for record in given:
            row = held.get(record.uid)
            if row is None:
                raise WorkflowError(f"Nobody has “{record}” in hand.")
            if row.assignee_id != by.pk and not by.has_perm("kb.assign_record"):
                raise PermissionDenied("Taking work from a colleague needs a right that you do not have.")
        Assignment.objects.filter(pk__in=[held[record.uid].pk for record in given]).delete()
        for record in given:
            _note(record, Act.HANDED_BACK, by, why, held[record.uid].assignee, held[record.uid].due)


def _must_change(records: Sequence[Aggregate], by: User) -> None:
    for model in {type(record) for record in records}:
        if not by.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}"):
            raise PermissionDenied("Working on this record needs a right that you do not have.")


def _must_be_assignable(records: Sequence[Aggregate]) -> None:
    for record in records:
        if not assignable(record):
            raise WorkflowError(
                f"There is nothing to do with “{record}” now. Claims, open challenges and what is in review are "
                "assigned."
            )


def _due_later(due: date | None) -> None:
    if due is not None and due < timezone.localdate():
        raise WorkflowError("The day until which it is due is past. Choose today or later.")


def _held(records: Sequence[Aggregate]) -> dict[str, Assignment]:
    rows = Assignment.objects.filter(uid__in=[record.uid for record in records])
    return {row.uid: row for row in rows.select_related("assignee").select_for_update(of=("self",))}


def _give(record: Aggregate, act: Act, to: User, by: User, due: date | None, why: str) -> Assignment:
    values: dict[str, Any] = {
        "kind": record.kind_name,
        "assignee": to,
        "due": due,
        "by": by,
        "at": timezone.now(),
    }
    row, _ = Assignment.objects.update_or_create(uid=record.uid, defaults=values)
    _note(record, act, by, why, to, due)
    return row


def _note(record: Aggregate, act: Act, by: User, why: str, assignee: User, due: date | None) -> None:
    WorkStep.objects.create(
        kind=record.kind_name,
        uid=record.uid,
        act=act,
        by=by,
        at=timezone.now(),
        why=why.strip(),
        assignee=assignee,
        due=due,
    )
