"""How challenges from the public came in: apart from the challenge itself, which keeps nothing of who sent it."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from kb.models.rebuttal import Decision, Rebuttal

#: No letters or digits that are taken for each other, when a code is read out.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
#: Stands behind a decision in `Submission.told` where the decision can be read, too.
PUBLISHED_TOO = "+published"


def new_code() -> str:
    """A reference code that cannot be guessed."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


class Submission(models.Model):
    """A challenge as it was sent, with how its sender can be reached. Never exported, never public, and forgotten."""

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    rebuttal = models.ForeignKey(Rebuttal, models.CASCADE, related_name="submissions")
    received_at = models.DateTimeField()
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    sender = models.CharField(
        max_length=64, blank=True, help_text="A keyed hash of the address it came from, to stop floods."
    )
    forget_at = models.DateTimeField(help_text="When name, e-mail and sender are deleted.")
    told = models.CharField(
        max_length=40, default=Decision.RECEIVED, help_text="The state that its sender was last told of."
    )
    try_at = models.DateTimeField(default=timezone.now, help_text="From when its sender is told the next.")
    told_desk_at = models.DateTimeField(null=True, blank=True, help_text="When the desk was told of it.")
    try_desk_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(
                fields=["try_desk_at"],
                name="kb_submission_desk_untold",
                condition=models.Q(told_desk_at__isnull=True),
            ),
            models.Index(fields=["sender", "received_at"]),
            models.Index(fields=["received_at"]),
            models.Index(fields=["forget_at"]),
        ]

    def __str__(self) -> str:
        return self.code


class DailyNotice(models.Model):
    """That somebody was sent what is overdue, on a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="kb_dailynotice_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.day}"
