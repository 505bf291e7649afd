"""Spreadsheets that were applied, row by row, and the mappings that editors keep for the next one."""

from __future__ import annotations

import secrets

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

    # Two of the indexes begin with it.
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", db_index=False)
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
    found = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Revision of the aggregate that the import found, if it was there."
    )
    message = models.TextField(blank=True)
    stays = models.TextField(blank=True, help_text="Why it was left as it is when the batch was undone.")

    class Meta:
        ordering = ["batch", "id"]
        indexes = [models.Index(fields=["batch", "outcome"])]
        constraints = [
            enumeration("outcome", RowOutcome),
            models.UniqueConstraint(
                fields=["batch", "sheet", "row", "kind", "uid"], name="kb_importedrow_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} row {self.row}: {self.outcome}"


def job_token() -> str:
    """A name that cannot be guessed: it is part of an address, and of a folder's name."""
    return secrets.token_hex(16)


class JobState(models.TextChoices):
    MAPPING = "mapping", "columns to be looked at"
    PLANNING = "planning", "waiting to be planned"
    PLANNED = "planned", "planned, to be looked at"
    APPLYING = "applying", "waiting to be applied"
    DONE = "done", "applied"
    UNDOING = "undoing", "waiting to be taken back"


class ImportJob(models.Model):
    """A spreadsheet on its way from the upload to its batch: what the editor has decided, and how far it is.

    Its files, its plan and what the preview shows of it lie in a folder named by the token, until `expires_at`. Or it
    is a batch on its way back, and has neither files nor plan.
    """

    token = models.CharField(max_length=32, unique=True, default=job_token, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=JobState, default=JobState.MAPPING)
    files = JSONTextField(
        default=list, help_text="Per file: what the editor calls it, its SHA-256, its size."
    )
    options = JSONTextField(default=dict, help_text="How the files are read, where the editor has said so.")
    choices = JSONTextField(
        default=dict, help_text="Per sheet: into which of ours, which columns, and so on."
    )
    plan_sha256 = models.CharField(max_length=64, blank=True)
    summary = JSONTextField(default=dict, help_text="Of the plan: counts per sheet, notes, warnings.")
    keep_good = models.BooleanField(default=False)
    message = models.TextField(blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_all = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(
        null=True, blank=True, help_text="The last sign of life of what works on it."
    )
    expires_at = models.DateTimeField()
    batch = models.ForeignKey(ImportBatch, models.SET_NULL, null=True, blank=True, related_name="jobs")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "queued_at"])]
        constraints = [enumeration("state", JobState)]

    def __str__(self) -> str:
        return self.names

    @property
    def names(self) -> str:
        """The files, as the editor calls them."""
        return ", ".join(file["name"] for file in self.files)
