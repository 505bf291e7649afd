"""Claims at the desk: where they were said, what they state, what speaks for and against them, how they are rated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from kb import workflow
from kb.admin.base import AggregateAdmin, LookUpAdmin, PartInline, ReadOnlyInline
from kb.admin.conflict import tell_conflicts
from kb.admin.exchange import ExchangeMixin
from kb.admin.finding import FoundByWords
from kb.admin.lists import PresenceFilter
from kb.admin.merging import MergingMixin
from kb.admin.names import NamesFilter, names_in
from kb.admin.publishing import PublishingMixin
from kb.admin.similar import SimilarMixin
from kb.admin.steps import Step, StepsMixin, may
from kb.admin.widgets import LongLine
from kb.analysis.sourcing import sourcing
from kb.models import Appearance, Assessment, Claim, Evidence, Review, StatedValue, Topic
from kb.models.claim import Rating
from kb.resources import ClaimResource, TopicResource
from kb.views import chain


@admin.register(Topic)
class TopicAdmin(MergingMixin, ExchangeMixin, AggregateAdmin):
    resource_classes = [TopicResource]
    note_key_from = "name"
    list_display = ("name", "note")
    search_fields = ("name", "key")
    fieldsets = ((None, {"fields": ("name", "key", "note")}),)


class AppearanceInline(PartInline):
    model = Appearance
    verbose_name = "appearance"
    verbose_name_plural = "where it was said"
    fields = (
        ("source", "snapshot"),
        "quote",
        ("prefix", "suffix"),
        "anchor_in_words",
        ("locator", "claimants"),
        ("stance", "fidelity"),
        "translation",
        "derived_from",
    )
    readonly_fields = ("anchor_in_words",)
    autocomplete_fields = ("source", "snapshot", "claimants", "derived_from")
    joined = ("claim", "source", "snapshot__source", "derived_from__claim", "derived_from__source")
    prefetched = ("claimants",)

    @admin.display(description="in the text")
    def anchor_in_words(self, appearance: Appearance) -> str:
        if appearance._state.adding:
            return "looked for when you save"
        where = f", characters {appearance.start} to {appearance.end}" if appearance.start is not None else ""
        return f"{appearance.get_anchor_display()}{where}"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("prefix", "suffix"):
            kwargs["widget"] = LongLine
        elif db_field.name in ("quote", "translation"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class StatedValueInline(PartInline):
    model = StatedValue
    verbose_name = "stated value"
    verbose_name_plural = "what it states in figures"
    autocomplete_fields = ("event", "place", "attribute", "appearance", "relative_to", "measured_from")
    joined = (
        "event",
        "place",
        "attribute",
        "relative_to",
        "measured_from",
        "appearance__claim",
        "appearance__source",
    )
    readonly_fields = ("reads_as",)
    fieldsets = (
        (
            None,
            {"fields": (("event", "place", "attribute"), ("raw", "qualifier"), ("appearance", "certainty"))},
        ),
        (
            "A date",
            {
                "classes": ("collapse",),
                "fields": (
                    ("edtf", "calendar", "time_zone"),
                    ("relation", "relative_to", "offset"),
                    "reads_as",
                ),
            },
        ),
        (
            "A quantity",
            {
                "classes": ("collapse",),
                "fields": (("amount", "low", "high", "unit"), ("as_of", "measured_from")),
            },
        ),
        ("Coordinates or a text", {"classes": ("collapse",), "fields": (("latitude", "longitude"), "text")}),
    )

    @admin.display(description="read as")
    def reads_as(self, value: StatedValue) -> str:
        span = value.span() if value.pk else None
        return span.in_words() if span else "–"


class EvidenceInline(PartInline):
    model = Evidence
    verbose_name_plural = "evidence"
    fields = (("relation", "source"), "quote", ("language", "locator"), "note")
    autocomplete_fields = ("source",)
    joined = ("source",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "quote":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ReviewInline(PartInline):
    model = Review
    verbose_name = "review by others"
    verbose_name_plural = "reviews by others"
    fields = (("reviewer", "source"), ("rating_text", "when"), ("rating_value", "best", "worst"))
    autocomplete_fields = ("reviewer", "source")
    joined = ("reviewer", "source")


class AssessmentInline(ReadOnlyInline):
    """Judgements are proposed and confirmed by steps; here they are read."""

    model = Assessment
    verbose_name_plural = "how it has been assessed"
    fields = (("rating", "disputed"), "rationale", ("proposed", "confirmed"))
    readonly_fields = ("proposed", "confirmed")
    joined = ("proposed_by", "confirmed_by")

    @admin.display(description="proposed")
    def proposed(self, assessment: Assessment) -> str:
        return f"{assessment.proposed_at:%Y-%m-%d} by {assessment.proposed_by or 'nobody named'}"

    @admin.display(description="confirmed")
    def confirmed(self, assessment: Assessment) -> str:
        if assessment.confirmed_at is not None:
            return f"{assessment.confirmed_at:%Y-%m-%d} by {assessment.confirmed_by}"
        address = reverse("admin:kb_assessment_step", args=[CONFIRM.name], current_app=self.admin_site.name)
        return format_html('not yet. <a href="{}?id={}">Confirm it</a>', address, assessment.pk)


class AssessForm(forms.Form):
    """A proposed judgement."""

    rating = forms.ChoiceField(
        choices=[("", "—"), *Rating.choices], help_text="The about page explains each to readers."
    )
    disputed = forms.BooleanField(
        required=False, label="Disputed", help_text="Whether parties to the matter still hold the opposite."
    )
    rationale = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        help_text="Why, in a few sentences that a reader understands.",
    )


def _assess(records: Sequence[Claim], *, by: User, data: Mapping[str, Any]) -> list[str]:
    (claim,) = records
    workflow.propose_assessment(
        claim, rating=data["rating"], rationale=data["rationale"], disputed=data["disputed"], by=by
    )
    return ["Proposed. Another editor can now confirm it.", *names_in(data["rationale"])]


def _confirm(records: Sequence[Assessment], *, by: User, data: Mapping[str, Any]) -> list[str]:
    for assessment in records:
        workflow.confirm_assessment(assessment, by=by)
    return [f"Confirmed: {assessment}." for assessment in records] + [
        "Readers see it once the claim is published."
    ]


ASSESS = Step(
    name="assess",
    label="Assess",
    question="How accurate is this claim?",
    about="You propose; another editor confirms. What was confirmed before stays in the record.",
    may=may("kb.add_assessment"),
    fits=lambda claim: True,
    perform=_assess,
    form=AssessForm,
    several=False,
)
CONFIRM = Step(
    name="confirm",
    label="Confirm",
    question="Confirm this assessment?",
    about="It can then no longer be changed, only followed by a new one.",
    may=may("kb.confirm_assessment"),
    fits=lambda assessment: assessment.confirmed_at is None,
    perform=_confirm,
)


class StaleFilter(PresenceFilter):
    title = "needs re-review"
    parameter_name = "stale"
    lookup = {"stale_since__isnull": False}
    words = ("yes", "no")


class SupportFilter(admin.SimpleListFilter):
    title = "independent source"
    parameter_name = "support"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "has one"), ("no", "has none")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("yes", "no"):
            return queryset
        without = Claim.objects.without_independent_source().order_by().values("pk")
        return queryset.filter(pk__in=without) if self.value() == "no" else queryset.exclude(pk__in=without)


class RatingFilter(admin.SimpleListFilter):
    """Claims by their newest confirmed judgement."""

    title = "rating"
    parameter_name = "rating"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*Rating.choices, ("none", "not assessed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "none":
            return queryset.filter(current_rating__isnull=True)
        return queryset.filter(current_rating=self.value()) if self.value() else queryset


@admin.register(Claim)
class ClaimAdmin(MergingMixin, FoundByWords, SimilarMixin, ExchangeMixin, AggregateAdmin):
    resource_classes = [ClaimResource]
    note_key_from = "statement"
    steps = (*PublishingMixin.steps, ASSESS)
    list_display = ("statement", "kind", "rating")
    list_filter = (RatingFilter, StaleFilter, SupportFilter, NamesFilter, "kind", "topics")
    search_fields = ("statement", "key", "appearances__quote", "appearances__source__title")
    autocomplete_fields = ("topics", "places", "events")
    inlines = (AppearanceInline, StatedValueInline, EvidenceInline, ReviewInline, AssessmentInline)
    readonly_fields = ("re_review", "independent_sources")

    fieldsets = (
        (None, {"fields": ("statement", "key", ("kind", "language"), "re_review", "independent_sources")}),
        ("What it is about", {"fields": ("topics", "places", "events")}),
        ("Note", {"classes": ("collapse",), "fields": ("note",)}),
    )

    class Media:
        css = {"all": ["kb/chain.css"]}
        js = ("kb/admin/similar.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        confirmed = Assessment.objects.filter(claim=OuterRef("pk"), confirmed_at__isnull=False)
        newest = confirmed.order_by("-confirmed_at", "-id").values("rating")[:1]
        return super().get_queryset(request).annotate(current_rating=Subquery(newest))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "statement":
            kwargs["widget"] = LongLine
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        tell_conflicts(request, form.instance)

    @admin.display(description="rating", ordering="current_rating")
    def rating(self, claim: Claim) -> str:
        said = dict(Rating.choices).get(claim.current_rating, "not assessed")  # type: ignore[attr-defined]
        return f"{said}, needs re-review" if claim.stale_since else said

    @admin.display(description="independent sources")
    def independent_sources(self, claim: Claim) -> str:
        """How many sources support it that do not go back to one another, and the way back of those that do, drawn."""
        if claim._state.adding:
            return "none yet"
        found = sourcing([claim])[claim.pk]
        number = str(found.independence.number)
        said = f"{number}. {found.warning}" if found.warning else number
        site = self.admin_site.name

        def name_of(source: int) -> chain.Name:
            address = reverse("admin:sources_source_change", args=[source], current_app=site)
            return chain.Name(found.titles[source], url=address)

        derived = {pk: sorted(above) for pk, above in found.derived.items()}
        types = [found.types[pk] for pk in found.sources]
        drawing = chain.draw(found.sources, derived, name_of, types)
        if drawing is None:
            return said
        drawn = render_to_string("includes/chain.html", {"chain": drawing}, using="public")
        return format_html("{}{}", said, mark_safe(drawn))  # noqa: S308 - Jinja has escaped it

    @admin.display(description="needs re-review", ordering="stale_since")
    def re_review(self, claim: Claim) -> str:
        return (
            f"{claim.get_stale_reason_display()} ({claim.stale_since:%Y-%m-%d})"
            if claim.stale_since
            else "no"
        )


class AwaitingFilter(PresenceFilter):
    title = "confirmed"
    parameter_name = "confirmed"
    lookup = {"confirmed_at__isnull": False}
    words = ("yes", "not yet")


@admin.register(Assessment)
class AssessmentAdmin(StepsMixin, LookUpAdmin):
    """Proposed and confirmed judgements of all claims: the place to find what awaits a second editor."""

    steps = (CONFIRM,)
    change_form_template = "admin/desk/change_form.html"
    list_display = (
        "claim",
        "rating",
        "disputed",
        "proposed_by",
        "proposed_at",
        "confirmed_by",
        "confirmed_at",
    )
    list_filter = (AwaitingFilter, "rating", "disputed")
    list_select_related = ("claim", "proposed_by", "confirmed_by")
    search_fields = ("claim__statement", "claim__key", "rationale")
    ordering = ("-proposed_at", "-id")
    fields = (
        "claim",
        "rating",
        "disputed",
        "rationale",
        "language",
        "proposed_by",
        "proposed_at",
        "confirmed_by",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("claim")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None:
            context["steps"] = self.steps_for(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def step_return_url(self, records: Sequence[Any]) -> str:
        if len(records) == 1:
            return reverse(
                "admin:kb_claim_change", args=[records[0].claim_id], current_app=self.admin_site.name
            )
        return super().step_return_url(records)


@admin.register(Appearance)
class AppearanceAdmin(LookUpAdmin):
    """Where claims were said, across all claims: to find quotes that are no longer in their text."""

    list_display = ("claim", "source", "quote", "stance", "anchor")
    list_filter = ("anchor", "stance", "fidelity")
    list_select_related = ("claim", "source")
    search_fields = ("quote", "claim__statement", "claim__key", "source__title", "source__key")
    fields = ("claim", "source", "quote", "locator", "stance", "fidelity", "anchor")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("claim", "source")
