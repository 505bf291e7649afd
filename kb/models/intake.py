"""How challenges from the public came in: apart from the challenge itself, which keeps nothing of who sent it."""

from __future__ import annotations

import secrets

from django.db import models

from kb.models.rebuttal import Rebuttal

#: No letters or digits that are taken for each other, when a code is read out.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10


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

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["sender", "received_at"]),
            models.Index(fields=["received_at"]),
            models.Index(fields=["forget_at"]),
        ]

    def __str__(self) -> str:
        return self.code
