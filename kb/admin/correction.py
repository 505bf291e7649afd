"""The ledger and its deliveries at the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest

from kb import workflow
from kb.admin.base import AggregateAdmin, ReadOnlyInline
from kb.admin.forms import choices_of
from kb.admin.lists import PresenceFilter
from kb.admin.publishing import PUBLISH, RETURN, SUBMIT, PublishingMixin
from kb.admin.steps import Step, may_change
from kb.models import Correction, Delivery
from kb.models.correction import DeliveryOutcome


class DeliveryInline(ReadOnlyInline):
    """Deliveries are records of their own; here they are found."""

    model = Delivery
    show_change_link = True
    fields = (("appearance", "outcome"), ("contacted_at", "deadline"))
    joined = ("correction", "appearance__claim", "appearance__source")
    verbose_name_plural = "deliveries to publishers"


class NumberedFilter(PresenceFilter):
    title = "in the ledger"
    parameter_name = "ledger"
    lookup = {"number__isnull": False}
    words = ("yes", "still a draft")


@admin.register(Correction)
class CorrectionAdmin(AggregateAdmin):
    steps = (SUBMIT, RETURN, PUBLISH)
    list_display = ("__str__", "type", "of", "claim", "discovered")
    list_filter = (NumberedFilter, "type", "of")
    list_select_related = ("claim",)
    search_fields = ("key", "number", "said", "right", "claim__statement")
    autocomplete_fields = ("claim", "rebuttal", "corrects")
    inlines = (DeliveryInline,)
    readonly_fields = ("number", "published_at", "previous_hash", "hash")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "claim",
                    "rebuttal",
                    ("type", "of"),
                    "said",
                    "right",
                    ("language", "discovered"),
                    "key",
                )
            },
        ),
        ("If it corrects an earlier entry", {"classes": ("collapse",), "fields": ("corrects",)}),
        (
            "In the ledger",
            {
                "fields": (("number", "published_at"), "previous_hash", "hash"),
                "description": "Publishing numbers and seals the entry. From then on it never changes.",
            },
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        sealed = obj is not None and obj.number is not None
        return super().has_change_permission(request, obj) and not sealed

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        sealed = obj is not None and obj.number is not None
        return super().has_delete_permission(request, obj) and not sealed


class AnswerForm(forms.Form):
    """What became of a request to a publisher."""

    outcome = forms.ChoiceField(choices=choices_of(DeliveryOutcome, DeliveryOutcome.PENDING))
    answer = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The publisher’s words, or how you learnt of the outcome.",
    )


def _record_answer(records: Sequence[Delivery], *, by: User, data: Mapping[str, Any]) -> list[str]:
    (delivery,) = records
    workflow.record_answer(delivery, by=by, outcome=data["outcome"], answer=data["answer"])
    return ["Recorded. Readers see it once the delivery is published."]


ANSWER = Step(
    name="answer",
    label="Record the answer",
    question="What did the publisher answer?",
    may=may_change,
    fits=lambda delivery: True,
    perform=_record_answer,
    form=AnswerForm,
    several=False,
)


@admin.register(Delivery)
class DeliveryAdmin(AggregateAdmin):
    steps = (ANSWER, *PublishingMixin.steps)
    list_display = ("correction", "source", "contacted_at", "deadline", "outcome")
    list_filter = ("outcome",)
    list_select_related = ("correction", "appearance__source")
    search_fields = ("key", "appearance__source__title", "correction__key", "correction__said")
    autocomplete_fields = ("correction", "appearance")
    readonly_fields = ("outcome", "answer")
    fieldsets = (
        (None, {"fields": ("correction", "appearance", "key")}),
        ("The request", {"fields": ("how", ("contacted_at", "deadline"))}),
        ("The answer", {"fields": ("outcome", "answer")}),
    )

    @admin.display(description="source", ordering="appearance__source__title")
    def source(self, delivery: Delivery) -> str:
        return str(delivery.appearance.source)
