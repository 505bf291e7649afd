"""Conflicts that the desk has found, and what editors make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from kb import publishing, workflow
from kb.admin.base import LookUpAdmin
from kb.admin.steps import Step, StepsMixin, may, plural
from kb.book import writing
from kb.models import Claim, Conflict, ConflictRuling, StatedValue
from kb.models.conflict import Verdict

#: Conflicts named after a claim was saved.
NAMED = 3


class RuleForm(forms.Form):
    """What an editor makes of a conflict."""

    verdict = forms.ChoiceField(
        choices=Verdict.choices,
        help_text="A real conflict stays on the desk’s pages as one that is known.",
    )
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
        help_text="In words that readers understand: they see it with the next release of either claim. The ruling "
        "holds until one of the values changes.",
    )


def _rule(conflicts: Sequence[Conflict], *, by: User, data: Mapping[str, Any]) -> list[str]:
    for conflict in conflicts:
        workflow.rule_conflict(conflict, verdict=data["verdict"], reason=data["reason"], by=by)
    return [f"Ruled on {plural(len(conflicts), 'conflict')}: {Verdict(data['verdict']).label}."]


RULE = Step(
    name="rule",
    label="Rule on it",
    question="What is it?",
    may=may("kb.add_conflictruling"),
    fits=lambda conflict: True,
    perform=_rule,
    form=RuleForm,
)


def _tell(conflicts: Sequence[Conflict], *, by: User, data: Mapping[str, Any]) -> list[str]:
    try:
        outcome = publishing.tell_rulings(conflicts, by=by, why=data["why"])
    except writing.Blocked as blocked:
        raise ValidationError([blocker.message for blocker in blocked.blockers]) from blocked
    return [f"Readers now see {plural(outcome.rulings, 'ruling')} more."]


class TellForm(forms.Form):
    """Why rulings are told on their own."""

    why = forms.CharField(
        label="Why",
        max_length=500,
        initial="The desk has looked at what contradicts each other.",
        help_text="Kept with the release.",
    )


TELL = Step(
    name="tell",
    label="Tell readers",
    question="Show the ruling to readers?",
    about="It is shown beside the conflict on the pages of both claims. Without this step it goes out with the next "
    "release of either claim.",
    may=may("book.publish"),
    fits=lambda conflict: conflict.ruling() is not None,
    perform=_tell,
    form=TellForm,
)


class RuledFilter(admin.SimpleListFilter):
    title = "ruling"
    parameter_name = "ruling"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "none yet"), ("ruled", "ruled on")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "open":
            return queryset.open()  # type: ignore[attr-defined]
        return queryset.ruled() if self.value() == "ruled" else queryset  # type: ignore[attr-defined]


@admin.register(Conflict)
class ConflictAdmin(StepsMixin, LookUpAdmin):
    """Pairs of values that cannot both hold. They are found by the desk; editors say what they make of them."""

    steps = (RULE, TELL)
    change_form_template = "admin/desk/change_form.html"
    list_display = ("reason", "subject", "first_seen")
    list_filter = (RuledFilter, "detector")
    list_select_related = ("one__attribute", "one__event", "one__place")
    search_fields = ("reason", "one__claim__key", "other__claim__key", "one__event__title")
    ordering = ("-first_seen", "-pk")
    show_full_result_count = False
    fields = ("subject", "first", "second", "ruled", "first_seen")
    readonly_fields = ("subject", "first", "second", "ruled")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        number = int(object_id) if object_id and object_id.isdecimal() and len(object_id) < 19 else 0
        conflict = Conflict.objects.filter(pk=number).first()
        steps = self.steps_for(request, conflict) if conflict is not None else []
        return super().changeform_view(
            request, object_id, form_url, {**(extra_context or {}), "steps": steps}
        )

    @admin.display(description="about")
    def subject(self, conflict: Conflict) -> str:
        value = conflict.one
        what = f"{value.attribute.label} ({value.qualifier})" if value.qualifier else value.attribute.label
        return f"{value.event or value.place}: {what}"

    @admin.display(description="one value")
    def first(self, conflict: Conflict) -> str:
        return _value(conflict.one)

    @admin.display(description="the other")
    def second(self, conflict: Conflict) -> str:
        return _value(conflict.other)

    @admin.display(description="ruling")
    def ruled(self, conflict: Conflict) -> str:
        ruling = conflict.ruling()
        if ruling is None:
            return "none yet"
        return (
            f"{ruling.get_verdict_display()}: {ruling.reason} ({ruling.ruled_by}, {ruling.ruled_at:%Y-%m-%d})"
        )


def _value(value: StatedValue) -> str:
    """A value with the way to its claim."""
    address = reverse("admin:kb_claim_change", args=[value.claim_id])
    said = f"“{value.raw}”, " if value.raw else ""
    source = f" ({value.appearance.source})" if value.appearance is not None else ""
    return format_html('{}<a href="{}">{}</a>{}', said, address, value.claim, source)


@admin.register(ConflictRuling)
class ConflictRulingAdmin(LookUpAdmin):
    list_display = ("verdict", "reason", "ruled_by", "ruled_at")
    list_filter = ("verdict",)
    list_select_related = ("ruled_by",)
    search_fields = ("reason", "one", "other")


def tell_conflicts(request: HttpRequest, claim: Claim) -> None:
    """After a claim was saved: name the conflicts of its values on which nobody has ruled."""
    found = list(Conflict.objects.about(claim).open().order_by("-first_seen", "-pk")[: NAMED + 1])
    for conflict in found[:NAMED]:
        address = reverse("admin:kb_conflict_change", args=[conflict.pk])
        messages.warning(
            request, format_html('A conflict: {} <a href="{}">Look at it</a>', conflict.reason, address)
        )
    if len(found) > NAMED:
        address = f"{reverse('admin:kb_conflict_changelist')}?q={claim.key}&ruling=open"
        messages.warning(request, format_html('<a href="{}">All conflicts of this claim</a>', address))
