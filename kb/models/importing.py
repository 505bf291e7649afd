"""Spreadsheets that were applied, row by row, and the mappings that editors keep for the next one."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from kb.editorial.aggregate import UID_LENGTH, enumeration
from kb.editorial.fields import JSONTextField


class ImportProfile(models.Model):
    """A saved mapping of somebody else's columns and values to ours."""

    name = models.CharField(max_length=120, unique=True)
    mapping = JSONTextField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ImportBatch(models.Model):
    """A spreadsheet that was applied."""

    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField("SHA-256 of the file", max_length=64)
    profile = models.ForeignKey(ImportProfile, models.SET_NULL, null=True, blank=True, related_name="batches")
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    counts = JSONTextField(default=dict, help_text="Per sheet: created, changed, unchanged, refused.")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "import batches"
        ordering = ["-applied_at"]
        indexes = [models.Index(fields=["file_sha256"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="kb_importbatch_undone_by_somebody",
                violation_error_message="An import that was undone says who undid it, and when.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.applied_at:%Y-%m-%d %H:%M}"


class RowOutcome(models.TextChoices):
    CREATED = "created", "created"
    CHANGED = "changed", "changed"
    UNCHANGED = "unchanged", "unchanged"
    REFUSED = "refused", "refused"


class ImportedRow(models.Model):
    """What became of one row of a batch, with what is needed to take it back."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=120)
    row = models.PositiveIntegerField(help_text="As the spreadsheet numbers it, from 1.")
    outcome = models.CharField(max_length=9, choices=RowOutcome)
    kind = models.CharField(max_length=20, blank=True)
    uid = models.CharField(max_length=UID_LENGTH, blank=True)
    before = JSONTextField(null=True, blank=True)
    after = JSONTextField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Of the aggregate, after the row was applied."
    )
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["batch", "id"]
        indexes = [models.Index(fields=["batch", "outcome"]), models.Index(fields=["uid"])]
        constraints = [
            enumeration("outcome", RowOutcome),
            models.UniqueConstraint(
                fields=["batch", "sheet", "row", "kind", "uid"], name="kb_importedrow_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} row {self.row}: {self.outcome}"
