"""Corrections, which never change once published, and the requests to publishers that follow them."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from kb.editorial.aggregate import Aggregate, AggregateQuerySet, enumeration
from kb.editorial.fields import LanguageField, LineField, ProseField
from kb.editorial.history import History
from kb.editorial.triggers import Frozen
from kb.models.claim import Appearance, Claim
from kb.models.rebuttal import Rebuttal


class CorrectionType(models.TextChoices):
    CORRECTION = "correction", "correction"
    CLARIFICATION = "clarification", "clarification"
    EDITORS_NOTE = "editors-note", "editor’s note"
    RETRACTION = "retraction", "retraction"
    UPDATE = "update", "update"


class CorrectionOf(models.TextChoices):
    SOURCE = "source", "a source’s claim"
    DESK = "desk", "the desk’s own record"


class CorrectionQuerySet(AggregateQuerySet):
    def published(self) -> Self:
        """Entries of the ledger, in its order."""
        return self.filter(number__isnull=False).order_by("number")


class Correction(Aggregate):
    """An entry of the ledger. Publishing gives it its number and hash; from then on it never changes."""

    kind_name = "correction"
    # Numbering an entry is publishing it, not editing it.
    standing_fields = ("editing_state", "number", "published_at", "previous_hash", "hash")
    database_rules = (
        Frozen(
            "An entry of the ledger never changes. Correct it with a new one.", when="OLD.number IS NOT NULL"
        ),
    )

    type = models.CharField(max_length=13, choices=CorrectionType, default=CorrectionType.CORRECTION)
    of = models.CharField(max_length=6, choices=CorrectionOf, default=CorrectionOf.SOURCE)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="corrections")
    rebuttal = models.ForeignKey(Rebuttal, models.PROTECT, null=True, blank=True, related_name="corrections")
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        help_text="An earlier entry, if it was wrong.",
    )
    said = ProseField("what was said", limit=5_000)
    right = ProseField(
        "what is right", blank=True, limit=5_000, help_text="In words that explain themselves."
    )
    language = LanguageField(default="en")
    discovered = models.DateField(default=timezone.localdate, help_text="When the desk learnt of the error.")
    number = models.PositiveIntegerField(null=True, unique=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    previous_hash = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = CorrectionQuerySet.as_manager()
    history = History(excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        ordering = ["number", "key"]
        constraints = [
            *Aggregate.Meta.constraints,
            enumeration("type", CorrectionType),
            enumeration("of", CorrectionOf),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True, published_at__isnull=True, hash="")
                | (models.Q(number__gte=1, published_at__isnull=False) & ~models.Q(hash="")),
                name="kb_correction_numbered_when_published",
                violation_error_message="Number, hash and date come together, when a correction is published.",
            ),
            models.CheckConstraint(
                condition=~models.Q(corrects=models.F("id")),
                name="kb_correction_not_of_itself",
                violation_error_message="A correction cannot correct itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"Correction № {self.number}" if self.number else f"Draft of a correction: {self.key}"

    def clean(self) -> None:
        if self.rebuttal and self.claim_id and self.rebuttal.claim_id != self.claim_id:
            raise ValidationError({"rebuttal": "That rebuttal is about another claim."})


class DeliveryOutcome(models.TextChoices):
    PENDING = "pending", "pending"
    CORRECTED = "corrected", "corrected"
    DECLINED = "declined", "declined"
    NO_REPLY = "no-reply", "no reply"
    UNREACHABLE = "unreachable", "unreachable"


class DeliveryQuerySet(AggregateQuerySet):
    def pending(self) -> Self:
        return self.filter(outcome=DeliveryOutcome.PENDING)


class Delivery(Aggregate):
    """A request to the publisher of one appearance that asserts or reports the error."""

    kind_name = "delivery"

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="deliveries")
    appearance = models.ForeignKey(Appearance, models.PROTECT, related_name="deliveries")
    contacted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the publisher was written to, in UTC."
    )
    how = LineField(max_length=300, blank=True, help_text="By letter, by e-mail, through a form.")
    deadline = models.DateField(null=True, blank=True, help_text="Until when an answer is asked for.")
    answer = ProseField(blank=True, limit=20_000, help_text="What the publisher answered.")
    answered_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the outcome was known, in UTC."
    )
    outcome = models.CharField(max_length=11, choices=DeliveryOutcome, default=DeliveryOutcome.PENDING)

    objects = DeliveryQuerySet.as_manager()
    history = History(excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["outcome", "deadline"])]
        constraints = [
            *Aggregate.Meta.constraints,
            enumeration("outcome", DeliveryOutcome),
            models.UniqueConstraint(
                fields=["correction", "appearance"],
                name="kb_delivery_once",
                violation_error_message="This appearance already has a delivery of this correction.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.correction}, to the publisher of {self.appearance.source}"
