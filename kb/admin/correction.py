"""The ledger and its deliveries at the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from kb import workflow
from kb.admin.assigning import SHARING
from kb.admin.base import AggregateAdmin, ReadOnlyInline
from kb.admin.forms import choices_of
from kb.admin.lists import PresenceFilter
from kb.admin.names import NamesFilter
from kb.admin.publishing import PUBLISH, RETURN, SUBMIT, PublishingMixin
from kb.admin.steps import Step, may_change
from kb.analysis.reporting import letter
from kb.models import Correction, Delivery, Desk
from kb.models.correction import DeliveryOutcome

#: How long a publisher has to answer, if nobody says otherwise.
REPLY = timedelta(days=14)


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
    steps = (SUBMIT, RETURN, PUBLISH, *SHARING)
    list_display = ("__str__", "type", "of", "claim", "discovered")
    list_filter = (NumberedFilter, NamesFilter, "type", "of")
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


class ContactForm(forms.Form):
    """That a publisher was asked, with a text to send that an editor goes over first."""

    letter = forms.CharField(
        required=False,
        label="A text to send",
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Go over it, and send it yourself. It is not kept here.",
    )
    how = forms.CharField(max_length=300, help_text="By letter, by e-mail, through a form.")
    on = forms.DateField(label="Asked on", initial=timezone.localdate, widget=AdminDateWidget)
    deadline = forms.DateField(
        required=False, widget=AdminDateWidget, help_text="Until when an answer is asked for."
    )


def _record_contact(records: Sequence[Delivery], *, by: User, data: Mapping[str, Any]) -> list[str]:
    (delivery,) = records
    workflow.record_contact(
        delivery, by=by, how=data["how"], on=_moment(data["on"]), deadline=data["deadline"]
    )
    return ["Recorded. The clock of their right of reply runs."]


def _moment(day: date | None) -> datetime | None:
    """Noon of another day; of today, or without one, None: the time that it is."""
    if day is None or day == timezone.now().date():
        return None
    return datetime.combine(day, time(12), UTC)


def proposed_letter(delivery: Delivery) -> str:
    """A text to send to the publisher of an appearance."""
    correction, source = delivery.correction, delivery.appearance.source
    deadline = delivery.deadline or timezone.localdate() + REPLY
    return letter(
        to=source.container_title or source.publisher,
        title=source.title,
        said=f"“{delivery.appearance.quote}”" if delivery.appearance.quote else correction.said,
        right=correction.right,
        entry=f"correction № {correction.number}" if correction.number else "",
        desk=Desk.objects.values_list("name", flat=True).first() or "",
        deadline=f"{deadline.day} {deadline:%B %Y}",
    )


CONTACT = Step(
    name="contact",
    label="Record that they were asked",
    question="When and how was the publisher asked?",
    may=may_change,
    fits=lambda delivery: delivery.outcome == DeliveryOutcome.PENDING,
    perform=_record_contact,
    form=ContactForm,
    several=False,
)


class AnswerForm(forms.Form):
    """What became of a request to a publisher."""

    on = forms.DateField(
        label="Known on",
        required=False,
        initial=timezone.localdate,
        widget=AdminDateWidget,
        help_text="Today, if you leave it empty.",
    )
    outcome = forms.ChoiceField(choices=choices_of(DeliveryOutcome, DeliveryOutcome.PENDING))
    answer = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The publisher’s words, or how you learnt of the outcome.",
    )


def _record_answer(records: Sequence[Delivery], *, by: User, data: Mapping[str, Any]) -> list[str]:
    (delivery,) = records
    workflow.record_answer(
        delivery, by=by, outcome=data["outcome"], answer=data["answer"], on=_moment(data["on"])
    )
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
    steps = (CONTACT, ANSWER, *PublishingMixin.steps)
    list_display = ("correction", "source", "contacted_at", "deadline", "outcome")
    list_filter = ("outcome",)
    list_select_related = ("correction", "appearance__source")
    search_fields = ("key", "appearance__source__title", "correction__key", "correction__said")
    autocomplete_fields = ("correction", "appearance")
    readonly_fields = ("outcome", "answer", "answered_at")
    fieldsets = (
        (None, {"fields": ("correction", "appearance", "key")}),
        ("The request", {"fields": ("how", ("contacted_at", "deadline"))}),
        ("The answer", {"fields": (("outcome", "answered_at"), "answer")}),
    )

    def prepare_step_form(self, step: Step, form: forms.Form, records: Sequence[Any]) -> None:
        super().prepare_step_form(step, form, records)
        if step.name == CONTACT.name:
            (delivery,) = records
            form.fields["letter"].initial = proposed_letter(delivery)
            form.fields["deadline"].initial = delivery.deadline or timezone.localdate() + REPLY
            form.fields["how"].initial = delivery.how

    @admin.display(description="source", ordering="appearance__source__title")
    def source(self, delivery: Delivery) -> str:
        return str(delivery.appearance.source)
