"""Rebuttals: challenges to a claim, or to another rebuttal."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from kb.editorial.aggregate import Aggregate, AggregateQuerySet, enumeration
from kb.editorial.fields import LanguageField, ProseField
from kb.editorial.history import LinkedHistory
from kb.models.claim import Appearance, Claim
from sources.models import Agent, Source


class Scope(models.TextChoices):
    """What the challenge is about."""

    QUOTATION = "quotation", "quotation"
    ATTRIBUTION = "attribution", "attribution"
    DATE = "date", "date"
    FIGURE = "figure", "figure"
    NAME = "name", "name"
    INFERENCE = "inference", "inference"
    CONTEXT = "context", "context"


class Mode(models.TextChoices):
    """Whether it says that the claim is false, or that its grounds do not carry it (Pollock's defeaters)."""

    CONTRADICTS = "contradicts", "contradicts"
    UNDERCUTS = "undercuts", "undercuts"


class Decision(models.TextChoices):
    RECEIVED = "received", "received"
    UNDER_REVIEW = "under-review", "under review"
    ACCEPTED = "accepted", "accepted"
    PARTLY = "partly-accepted", "accepted in part"
    REJECTED = "rejected", "rejected"
    DUPLICATE = "duplicate", "duplicate"
    WITHDRAWN = "withdrawn", "withdrawn"


OPEN_DECISIONS = (Decision.RECEIVED, Decision.UNDER_REVIEW)
UPHELD_DECISIONS = (Decision.ACCEPTED, Decision.PARTLY)


class RebuttalQuerySet(AggregateQuerySet):
    def open(self) -> Self:
        """Not yet decided."""
        return self.filter(decision__in=OPEN_DECISIONS)

    def upheld(self) -> Self:
        """Accepted, in whole or in part."""
        return self.filter(decision__in=UPHELD_DECISIONS)

    def cases(self) -> Self:
        """Open, and standing for themselves and for those that are joined to them."""
        return self.open().filter(duplicate_of=None)

    def awaiting_release(self) -> Self:
        """Upheld, with a correction that is still a draft."""
        return self.upheld().filter(corrections__isnull=False, corrections__number=None).distinct()


class Rebuttal(Aggregate):
    """A challenge: what it targets, what it says, and what the desk decided about it."""

    kind_name = "rebuttal"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="rebuttals")
    appearances = models.ManyToManyField(
        Appearance, blank=True, related_name="rebuttals", help_text="Those it targets; none chosen means all."
    )
    replies_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        help_text="The rebuttal that it answers.",
    )
    scope = models.CharField(max_length=11, choices=Scope)
    mode = models.CharField(max_length=11, choices=Mode, default=Mode.CONTRADICTS)
    text = ProseField(limit=20_000, help_text="The challenge in the challenger’s words, or close to them.")
    language = LanguageField(default="en")
    proposed = ProseField(blank=True, limit=5_000, help_text="What the challenger says should stand instead.")
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rebuttals",
        help_text="The comment or article in which it was made.",
    )
    raised_by = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="rebuttals")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    counterclaims = models.ManyToManyField(
        Claim, blank=True, related_name="relied_on_by", help_text="The claims that it relies on."
    )
    received_at = models.DateTimeField(null=True, blank=True, help_text="When it reached the desk, in UTC.")
    duplicate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        help_text="The earlier one that says the same.",
    )
    decision = models.CharField(max_length=15, choices=Decision, default=Decision.RECEIVED, editable=False)
    reason = ProseField(blank=True, limit=20_000, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RebuttalQuerySet.as_manager()
    history = LinkedHistory(m2m_fields=[appearances, counterclaims], excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        indexes = [models.Index(fields=["decision", "received_at"])]
        constraints = [
            *Aggregate.Meta.constraints,
            enumeration("scope", Scope),
            enumeration("mode", Mode),
            enumeration("decision", Decision),
            models.CheckConstraint(
                condition=models.Q(decision__in=OPEN_DECISIONS, decided_at__isnull=True)
                | (
                    ~models.Q(decision__in=OPEN_DECISIONS)
                    & ~models.Q(reason="")
                    & models.Q(decided_at__isnull=False)
                ),
                name="kb_rebuttal_decision_has_a_reason",
                violation_error_message="A decision needs a reason.",
            ),
            models.CheckConstraint(
                condition=~models.Q(replies_to=models.F("id")),
                name="kb_rebuttal_not_to_itself",
                violation_error_message="A rebuttal cannot answer itself.",
            ),
            models.CheckConstraint(
                condition=~models.Q(duplicate_of=models.F("id")),
                name="kb_rebuttal_not_its_own_duplicate",
                violation_error_message="A rebuttal cannot be a duplicate of itself.",
            ),
        ]
        permissions = [("decide_rebuttal", "Can decide a rebuttal")]

    def __str__(self) -> str:
        return f"Rebuttal of “{self.claim}”"

    def clean(self) -> None:
        if self.replies_to and self.claim_id and self.replies_to.claim_id != self.claim_id:
            raise ValidationError({"replies_to": "The rebuttal it answers is about another claim."})


def keep_decision(sender: type[models.Model], instance: Rebuttal, raw: bool = False, **kwargs: Any) -> None:
    """A fixture that brings no decision does not undo one: loading it again leaves what was decided."""
    if raw and instance.pk and instance.decision in OPEN_DECISIONS:
        names = ("decision", "reason", "decided_by_id", "decided_at", "duplicate_of_id")
        for name, value in (Rebuttal.objects.filter(pk=instance.pk).values(*names).first() or {}).items():
            setattr(instance, name, value)


models.signals.pre_save.connect(keep_decision, sender=Rebuttal, dispatch_uid="keep_decision")
