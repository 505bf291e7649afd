"""Assigning, taking over and handing back from the admin: steps of every record, and who has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from kb import assigning
from kb.admin.forms import ReasonForm
from kb.admin.steps import Step, StepsMixin, may, may_change
from kb.book.second_person import name_of
from kb.editorial.aggregate import Aggregate
from kb.models import Assignment, WorkStep
from kb.models.work import Act

MOST_STEPS = 200
_KEPT = "_desk_assignment"


def note_assignments(records: Iterable[Aggregate]) -> None:
    """Ask once who has all these records in hand, and note it on them."""
    records = list(records)
    found = assigning.in_hand(records)
    for record in records:
        setattr(record, _KEPT, found.get(record.uid))


def assignment_of(record: Aggregate) -> Assignment | None:
    """Who has a record in hand; asked once for each copy of it."""
    if not hasattr(record, _KEPT):
        note_assignments([record])
    row: Assignment | None = getattr(record, _KEPT)
    return row


def is_late(due: date | None) -> bool:
    return due is not None and due < timezone.localdate()


def due_in_words(due: date | None) -> str:
    """“due 3 May 2027”, “overdue since 3 May 2027”; nothing without a day."""
    if due is None:
        return ""
    return f"{'overdue since' if is_late(due) else 'due'} {due.day} {due:%B %Y}"


def holder_in_words(row: Assignment) -> str:
    """Who has it, until when, and whether the account is closed."""
    closed = "" if row.assignee.is_active else "account closed"
    return ", ".join(filter(None, [name_of(row.assignee), closed, due_in_words(row.due)]))


@dataclass(frozen=True)
class Taken:
    """A step as the history tells it: “assigned to Vera, due 3 May 2027”."""

    at: datetime
    who: str
    what: str
    why: str


def steps_taken(record: Aggregate) -> list[Taken]:
    """What was done with a record at the desk, newest first."""
    rows = WorkStep.objects.filter(uid=record.uid).select_related("by", "assignee").order_by("-pk")
    return [Taken(row.at, name_of(row.by), _step_in_words(row), row.why) for row in rows[:MOST_STEPS]]


def _step_in_words(row: WorkStep) -> str:
    until = f", due {row.due.day} {row.due:%B %Y}" if row.due and row.act != Act.HANDED_BACK else ""
    whom = ""
    if row.assignee is not None and row.assignee_id != row.by_id:
        whom = f" {'from' if row.act == Act.HANDED_BACK else 'to'} {name_of(row.assignee)}"
    return f"{row.get_act_display()}{whom}{until}"


class HandedBackForm(ReasonForm):
    why = forms.CharField(
        label="Why",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For your colleagues; the record’s history keeps it. Needed to take something from a colleague.",
    )


class TakeOverForm(HandedBackForm):
    due = forms.DateField(
        label="Due on",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="The day until which it is to be done.",
    )
    field_order = ("to", "due", "why")


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        name = name_of(user)
        return name if name == user.username else f"{name} ({user.username})"


class AssignForm(TakeOverForm):
    to = ColleagueField(User.objects.none(), label="To")


def _assign(records: Sequence[Aggregate], *, by: User, data: Mapping[str, Any]) -> list[str]:
    assigning.assign(records, to=data["to"], by=by, due=data["due"], why=data["why"])
    return [f"Assigned to {name_of(data['to'])}: {_named(records)}."]


def _take_over(records: Sequence[Aggregate], *, by: User, data: Mapping[str, Any]) -> list[str]:
    assigning.take_over(records, by=by, due=data["due"], why=data["why"])
    return [f"In your hands now: {_named(records)}."]


def _hand_back(records: Sequence[Aggregate], *, by: User, data: Mapping[str, Any]) -> list[str]:
    assigning.hand_back(records, by=by, why=data["why"])
    return [f"Handed back: {_named(records)}. Anybody can take it over."]


def _named(records: Sequence[Any]) -> str:
    return f"“{records[0]}”" if len(records) == 1 else f"{len(records)} records"


ASSIGN = Step(
    name="assign",
    label="Assign",
    question="Who should do it?",
    about="They find it on their front page, what is due first first.",
    may=lambda user, model: may_change(user, model) and may("kb.assign_record")(user, model),
    fits=assigning.assignable,
    perform=_assign,
    form=AssignForm,
)
TAKE_OVER = Step(
    name="take-over",
    label="Take over",
    question="Take it over yourself?",
    about="You then find it on your front page. A day that was set stays unless you set another.",
    may=may_change,
    fits=assigning.assignable,
    perform=_take_over,
    form=TakeOverForm,
)
HAND_BACK = Step(
    name="hand-back",
    label="Hand back",
    question="Hand it back?",
    about="Nobody has it in hand then, and anybody can take it over.",
    may=may_change,
    fits=lambda record: assignment_of(record) is not None,
    perform=_hand_back,
    form=HandedBackForm,
)
SHARING = (ASSIGN, TAKE_OVER, HAND_BACK)


class AssigningMixin(StepsMixin):
    """Gives the admin of an aggregate the steps with which work is shared out."""

    def steps_for(self, request: HttpRequest, record: Any) -> list[tuple[Step, str]]:
        return [
            (step, address)
            for step, address in super().steps_for(request, record)
            if _useful(step, record, request)
        ]

    def prepare_step_form(self, step: Step, form: forms.Form, records: Sequence[Any]) -> None:
        super().prepare_step_form(step, form, records)
        if step.name == ASSIGN.name:
            form.fields["to"].queryset = assigning.colleagues(self.model)  # type: ignore[attr-defined]


def _useful(step: Step, record: Aggregate, request: HttpRequest) -> bool:
    """Whether a step makes sense for this editor, given who has the record."""
    if step not in (TAKE_OVER, HAND_BACK):
        return True
    row = assignment_of(record)
    mine = row is not None and row.assignee_id == request.user.pk
    if step is TAKE_OVER:
        return not mine
    return mine or request.user.has_perm("kb.assign_record")


class InHandFilter(admin.SimpleListFilter):
    """Records by who has them."""

    title = "in hand"
    parameter_name = "hand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine", "mine"), ("somebody", "somebody’s"), ("nobody", "nobody’s"), ("late", "overdue")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        held = Assignment.objects.filter(kind=queryset.model.kind_name)
        found = {
            "mine": held.filter(assignee=request.user.pk),
            "somebody": held,
            "nobody": held,
            "late": held.filter(due__lt=timezone.localdate()),
        }.get(self.value() or "")
        if found is None:
            return queryset
        uids = found.values("uid")
        return queryset.exclude(uid__in=uids) if self.value() == "nobody" else queryset.filter(uid__in=uids)
