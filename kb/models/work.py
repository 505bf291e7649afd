"""The work at the desk: each step that was taken with a record, and who has it until when.

Neither is a part of what a record says, so neither raises its revision. Both name it by its uid, as the book does.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from kb.editorial.aggregate import UID_LENGTH, enumeration
from kb.editorial.triggers import Frozen


class Act(models.TextChoices):
    SUBMITTED = "submitted", "handed in for review"
    RETURNED = "returned", "returned to draft"
    ASSIGNED = "assigned", "assigned"
    TAKEN_OVER = "taken-over", "taken over"
    HANDED_BACK = "handed-back", "handed back"


class WorkStep(models.Model):
    """One step that was taken with a record: who, when, why. What was published is in the releases."""

    database_rules = (Frozen("A step that was taken at the desk stays in its record."),)

    kind = models.CharField(max_length=20)
    uid = models.CharField(max_length=UID_LENGTH)
    act = models.CharField(max_length=11, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    why = models.TextField(blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Who had it then, or had it from then on.",
    )
    due = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["uid", "act"])]
        constraints = [enumeration("act", Act)]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}: {self.get_act_display()}"


class AssignmentQuerySet(models.QuerySet):
    def of(self, user: models.Model) -> Self:
        """What somebody has to do, what is due first first; what is due on no day last."""
        return self.filter(assignee=user).order_by(models.F("due").asc(nulls_last=True), "pk")


class Assignment(models.Model):
    """That somebody has a record in hand, perhaps until a day. Publishing ends it; of a challenge, deciding."""

    kind = models.CharField(max_length=20)
    uid = models.CharField(max_length=UID_LENGTH, unique=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    due = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        permissions = [("assign_record", "Can assign records to colleagues")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}: {self.assignee}"
