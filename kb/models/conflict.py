"""Conflicts between stated values: a table that can be made again, and the editors' rulings, which cannot."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from kb.editorial.aggregate import UID_LENGTH, enumeration
from kb.editorial.fields import ProseField
from kb.models.value import StatedValue


class Conflict(models.Model):
    """A pair of values that cannot both hold. `one` is the value with the smaller id."""

    one = models.ForeignKey(StatedValue, models.CASCADE, related_name="+")
    other = models.ForeignKey(StatedValue, models.CASCADE, related_name="+")
    detector = models.CharField(max_length=40)
    reason = ProseField(limit=5_000)
    first_seen = models.DateTimeField()
    one_fingerprint = models.CharField(max_length=64)
    other_fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")),
                name="kb_conflict_in_order",
                violation_error_message="Of the two values, the one recorded first comes first.",
            ),
            models.UniqueConstraint(fields=["one", "other", "detector"], name="kb_conflict_once"),
        ]
        indexes = [models.Index(fields=["other"]), models.Index(fields=["first_seen"])]

    def __str__(self) -> str:
        return self.reason


class Verdict(models.TextChoices):
    REAL = "real", "a real conflict"
    COMPATIBLE = "compatible", "compatible"
    DIFFERENT_SCOPE = "different-scope", "about different things"
    DATE_BASIS = "date-basis", "dates on a different basis"


class ConflictRuling(models.Model):
    """What an editor made of a conflict; it holds until one of the values changes."""

    one = models.CharField(max_length=UID_LENGTH, help_text="The uid of a value; the smaller of the two.")
    other = models.CharField(max_length=UID_LENGTH)
    one_fingerprint = models.CharField(max_length=64)
    other_fingerprint = models.CharField(max_length=64)
    verdict = models.CharField(max_length=15, choices=Verdict)
    reason = ProseField(limit=5_000)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()

    history = HistoricalRecords()

    class Meta:
        constraints = [
            enumeration("verdict", Verdict),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")),
                name="kb_conflictruling_in_order",
                violation_error_message="Of the two values, the one whose uid sorts first comes first.",
            ),
            models.UniqueConstraint(
                fields=["one", "other", "one_fingerprint", "other_fingerprint"], name="kb_conflictruling_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.reason}"
