"""Rebuttals at the desk. What the challenge says is typed; what the desk makes of it is decided by steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest

from kb import workflow
from kb.admin.base import AggregateAdmin, LookUpAdmin
from kb.admin.claim import EvidenceInline
from kb.admin.exchange import ExchangeMixin
from kb.admin.forms import choices_of
from kb.admin.publishing import PublishingMixin
from kb.admin.steps import Step, may, plural
from kb.models import Rebuttal, Submission
from kb.models.rebuttal import OPEN_DECISIONS, UPHELD_DECISIONS, Decision
from kb.resources import RebuttalResource


class DecideForm(forms.Form):
    """A decision with its reason, and the wording of the correction that follows from accepting."""

    decision = forms.ChoiceField(choices=choices_of(Decision, *OPEN_DECISIONS))
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        help_text="Readers see it beside the decision.",
    )
    duplicate_of = forms.ModelChoiceField(
        Rebuttal.objects.none(),
        required=False,
        help_text="For a duplicate: the earlier rebuttal that says the same.",
    )
    said = forms.CharField(
        required=False,
        label="What was said",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the correction that is drafted when you accept: the wrong statement as it stood.",
    )
    right = forms.CharField(
        required=False,
        label="What is right",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For the correction: what should have been said, in words that explain themselves.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        decision, earlier = cleaned.get("decision"), cleaned.get("duplicate_of")
        if decision == Decision.DUPLICATE and earlier is None:
            self.add_error("duplicate_of", "Choose the earlier rebuttal of this claim that says the same.")
        if decision not in (None, Decision.DUPLICATE) and earlier is not None:
            self.add_error("duplicate_of", "Only a duplicate names an earlier rebuttal. Leave this empty.")
        if decision in UPHELD_DECISIONS and not cleaned.get("right"):
            self.add_error("right", "Say what is right: it goes into the correction.")
        return cleaned


def _start(records: Sequence[Rebuttal], *, by: User, data: Mapping[str, Any]) -> list[str]:
    for rebuttal in records:
        workflow.start_review(rebuttal, by=by)
    return [f"Under review: {plural(len(records), 'rebuttal')}."]


def _decide(records: Sequence[Rebuttal], *, by: User, data: Mapping[str, Any]) -> list[str]:
    (rebuttal,) = records
    decided = workflow.decide_rebuttal(
        rebuttal,
        decision=data["decision"],
        reason=data["reason"],
        by=by,
        duplicate_of=data["duplicate_of"],
        said=data["said"],
        right=data["right"],
    )
    said = [f"Decided: {decided.rebuttal.get_decision_display()}."]
    if decided.correction is not None:
        deliveries = plural(len(decided.deliveries), "delivery", "deliveries")
        said.append(
            f"A correction has been drafted, with {deliveries} to its publishers. Assess the claim again, then publish."
        )
    return said


START = Step(
    name="review",
    label="Start review",
    question="Start the review?",
    may=may("kb.decide_rebuttal"),
    fits=lambda rebuttal: rebuttal.decision == Decision.RECEIVED,
    perform=_start,
)
DECIDE = Step(
    name="decide",
    label="Decide",
    question="What does the desk decide?",
    about="Accepting, in whole or in part, drafts a correction and a delivery to each publisher. "
    "Nobody decides a challenge that they raised or entered themselves.",
    may=may("kb.decide_rebuttal"),
    fits=lambda rebuttal: rebuttal.decision in OPEN_DECISIONS,
    perform=_decide,
    form=DecideForm,
    several=False,
)


@admin.register(Submission)
class SubmissionAdmin(LookUpAdmin):
    """Challenges that came in by the public form, and how their senders can be reached."""

    list_display = ("code", "rebuttal", "received_at", "name", "email")
    list_select_related = ("rebuttal__claim",)
    search_fields = ("code", "rebuttal__key", "rebuttal__claim__statement")
    fields = ("code", "rebuttal", "received_at", "name", "email", "forget_at")
    show_full_result_count = False


@admin.register(Rebuttal)
class RebuttalAdmin(ExchangeMixin, AggregateAdmin):
    resource_classes = [RebuttalResource]
    steps = (*PublishingMixin.steps, START, DECIDE)
    list_display = ("claim", "scope", "mode", "raised_by", "received_at", "decision")
    list_filter = ("decision", "scope", "mode")
    list_select_related = ("claim", "raised_by")
    search_fields = ("key", "text", "claim__statement", "claim__key", "raised_by__name")
    autocomplete_fields = (
        "claim",
        "appearances",
        "replies_to",
        "source",
        "raised_by",
        "counterclaims",
    )
    inlines = (EvidenceInline,)
    readonly_fields = ("decision", "reason", "duplicate_of", "decided", "submitted_by")
    fieldsets = (
        (
            None,
            {"fields": ("claim", "appearances", ("scope", "mode"), "text", ("language", "key"), "proposed")},
        ),
        ("Who raised it", {"fields": ("source", "raised_by", ("received_at", "submitted_by"))}),
        ("What it rests on", {"fields": ("counterclaims", "replies_to")}),
        ("At the desk", {"fields": ("decision", "reason", "duplicate_of", "decided")}),
    )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.submitted_by = request.user
        super().save_model(request, obj, form, change)

    def prepare_step_form(self, step: Step, form: forms.Form, records: Sequence[Any]) -> None:
        super().prepare_step_form(step, form, records)
        if step.name == DECIDE.name:
            (rebuttal,) = records
            earlier = (
                Rebuttal.objects.filter(claim=rebuttal.claim).exclude(pk=rebuttal.pk).select_related("claim")
            )
            form.fields["duplicate_of"].queryset = earlier  # type: ignore[attr-defined]
            form.fields["duplicate_of"].label_from_instance = lambda other: f"{other.key}: {other.text[:80]}"  # type: ignore[attr-defined]
            form.fields["said"].initial = rebuttal.claim.statement
            form.fields["right"].initial = rebuttal.proposed

    @admin.display(description="decided")
    def decided(self, rebuttal: Rebuttal) -> str:
        if rebuttal.decided_at is None:
            return "not yet"
        return f"{rebuttal.decided_at:%Y-%m-%d} by {rebuttal.decided_by or 'nobody named'}"
