"""Rebuttals at the desk. What the challenge says is typed; what the desk makes of it is decided
on the page of its review (`kb.admin.reviewing`), and by steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from kb import triage, workflow
from kb.admin.base import AggregateAdmin, LookUpAdmin
from kb.admin.claim import EvidenceInline
from kb.admin.exchange import ExchangeMixin
from kb.admin.lists import PresenceFilter
from kb.admin.names import NamesFilter
from kb.admin.publishing import PublishingMixin
from kb.admin.reviewing.forms import SortForm
from kb.admin.reviewing.page import ReviewMixin
from kb.admin.steps import Step, may, may_change, plural
from kb.book.kinds import excerpt
from kb.models import Rebuttal, Submission
from kb.models.rebuttal import OPEN_DECISIONS, Decision
from kb.resources import RebuttalResource


def _start(records: Sequence[Rebuttal], *, by: User, data: Mapping[str, Any]) -> list[str]:
    for rebuttal in records:
        workflow.start_review(rebuttal, by=by)
    return [f"Under review: {plural(len(records), 'rebuttal')}."]


def _sort(records: Sequence[Rebuttal], *, by: User, data: Mapping[str, Any]) -> list[str]:
    changed = triage.sort(records, scope=data["scope"], mode=data["mode"], by=by)
    return [f"Sorted: {plural(len(changed), 'rebuttal')}."]


def _join(records: Sequence[Rebuttal], *, by: User, data: Mapping[str, Any]) -> list[str]:
    case = triage.join(records, by=by)
    return [f"Joined into one case. “{case.key}” stands for it, and is decided for all of it."]


def _separate(records: Sequence[Rebuttal], *, by: User, data: Mapping[str, Any]) -> list[str]:
    return [f"Taken out of their case: {plural(len(triage.separate(records, by=by)), 'rebuttal')}."]


START = Step(
    name="review",
    label="Start review",
    question="Start the review?",
    may=may("kb.decide_rebuttal"),
    fits=lambda rebuttal: rebuttal.decision == Decision.RECEIVED,
    perform=_start,
)
SORT = Step(
    name="sort",
    label="Set scope and mode",
    question="What is it about?",
    about="What you leave empty stays as it is.",
    may=may_change,
    fits=lambda rebuttal: rebuttal.decision in OPEN_DECISIONS,
    perform=_sort,
    form=SortForm,
)
JOIN = Step(
    name="join",
    label="Join into one case",
    question="Are these about the same error?",
    about="The one that came in first stands for all. They are decided together, and every sender sees the outcome.",
    may=may("kb.decide_rebuttal"),
    # From the list alone: one record's page of review proposes which others.
    fits=lambda rebuttal: False,
    perform=_join,
)
SEPARATE = Step(
    name="separate",
    label="Take out of its case",
    question="Is it about something else?",
    about="It is then decided by itself.",
    may=may("kb.decide_rebuttal"),
    fits=lambda rebuttal: rebuttal.decision in OPEN_DECISIONS and rebuttal.duplicate_of_id is not None,
    perform=_separate,
)


class CaseFilter(PresenceFilter):
    title = "case"
    parameter_name = "joined"
    lookup = {"decision__in": OPEN_DECISIONS, "duplicate_of__isnull": False}
    words = ("joined to another", "stands for itself")


class ReleaseFilter(admin.SimpleListFilter):
    title = "decision in public"
    parameter_name = "release"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waits", "not yet told to readers")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "waits":
            return queryset
        return queryset.filter(pk__in=Rebuttal.objects.awaiting_release().order_by().values("pk"))


@admin.register(Submission)
class SubmissionAdmin(LookUpAdmin):
    """Challenges that came in by the public form, and how their senders can be reached."""

    list_display = ("code", "rebuttal", "received_at", "name", "email")
    list_select_related = ("rebuttal__claim",)
    search_fields = ("code", "rebuttal__key", "rebuttal__claim__statement")
    fields = ("code", "rebuttal", "received_at", "name", "email", "forget_at")
    show_full_result_count = False


@admin.register(Rebuttal)
class RebuttalAdmin(ExchangeMixin, ReviewMixin, AggregateAdmin):
    resource_classes = [RebuttalResource]
    steps = (*PublishingMixin.steps, START, SORT, JOIN, SEPARATE)
    list_display = ("challenge", "decision", "case", "scope", "mode", "received_at", "raised_by", "of")
    list_filter = ("decision", ReleaseFilter, CaseFilter, NamesFilter, "scope", "mode")
    list_select_related = ("claim", "raised_by", "duplicate_of")
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

    @admin.display(description="challenge", ordering="text")
    def challenge(self, rebuttal: Rebuttal) -> str:
        return excerpt(rebuttal.text)

    @admin.display(description="of the claim", ordering="claim__statement")
    def of(self, rebuttal: Rebuttal) -> str:
        return excerpt(rebuttal.claim.statement)

    @admin.display(description="case")
    def case(self, rebuttal: Rebuttal) -> str:
        """Which it is joined to, or how many are joined to it."""
        if rebuttal.duplicate_of is not None:
            return f"joined to {rebuttal.duplicate_of.key}"
        number = rebuttal.joined_number  # type: ignore[attr-defined]
        return f"{number} joined" if number else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(joined_number=Count("duplicates"))

    @admin.display(description="decided")
    def decided(self, rebuttal: Rebuttal) -> str:
        if rebuttal.decided_at is None:
            return "not yet"
        return f"{rebuttal.decided_at:%Y-%m-%d} by {rebuttal.decided_by or 'nobody named'}"
