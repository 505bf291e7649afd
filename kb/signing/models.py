"""What is kept about signing in: sessions, counts of wrong tries, second factors, and the log of who did what.

Nothing of it is a record of the desk: it is never exported, published or dumped.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from kb.editorial.aggregate import enumeration
from kb.editorial.triggers import Frozen

#: A user's name is never longer.
NAME_LENGTH = 150
#: The longest that an address of IPv6 is, with a zone or what a proxy may add to it.
ADDRESS_LENGTH = 64
WHAT_LENGTH = 300


class Session(AbstractBaseSession):
    """A session that knows whose it is, so that all of somebody's can be ended at once."""

    account = models.BigIntegerField(null=True, db_index=True, editable=False)

    class Meta(AbstractBaseSession.Meta):
        db_table = "signing_session"

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        from kb.signing.sessions import SessionStore  # which needs this model

        return SessionStore


class Tries(models.Model):
    """How many wrong tries were made against one limit, until when they count."""

    key = models.CharField(max_length=64, unique=True, help_text="A keyed hash of what is counted.")
    limit = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"{self.limit}: {self.count}"


class SecondFactor(models.Model):
    """The secret that somebody's phone makes its codes from; it is there from the first code that was right."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor")
    secret = models.TextField(help_text="Encrypted with a key that is made from SECRET_KEY.")
    since = models.DateTimeField()
    last_step = models.BigIntegerField(help_text="The half minute of the last code that was taken.")

    def __str__(self) -> str:
        return f"the second factor of {self.user}"


class RecoveryCode(models.Model):
    """A code to sign in with once, without the phone. Only its hash is kept."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField("SHA-256 of the code", max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return "used" if self.used_at else "unused"


class Kind(models.TextChoices):
    """What the log tells of."""

    SIGNED_IN = "signed-in", "signed in"
    WRONG = "wrong", "wrong password or code"
    THROTTLED = "throttled", "too many tries, refused"
    SIGNED_OUT = "signed-out", "signed out"
    REFUSED = "refused", "page refused"
    SECOND_FACTOR = "second-factor", "second factor"
    PASSWORD = "password", "password changed"  # noqa: S105 - no password
    RIGHTS = "rights", "accounts and rights"
    EXPORT = "export", "export"
    IMPORT = "import", "import"
    UNDO = "undo", "import taken back"


class AuditEntry(models.Model):
    """One line of the log: who did what, when and from where. It is never changed, and kept for a time.

    What anybody outside can bring about is summed: the same from the same place within an hour is one line with how
    many `times`.
    """

    database_rules = (
        Frozen(
            "The log is only ever added to, and kept until its time is over.",
            columns=("at", "kind", "account", "person", "address", "what", "hour", "kept_until"),
            delete_when="OLD.kept_until > CURRENT_TIMESTAMP",
        ),
        Frozen(
            "A sum of the log only grows.",
            columns=("times", "last_at"),
            when="NEW.times <= OLD.times",
            delete=False,
            name="summed",
        ),
    )

    at = models.DateTimeField(db_index=True)
    kind = models.CharField("what happened", max_length=13, choices=Kind)
    account = models.CharField("who", max_length=NAME_LENGTH, blank=True, help_text="As it was called then.")
    person = models.BigIntegerField("number of the account", null=True, blank=True)
    address = models.CharField("from", max_length=ADDRESS_LENGTH, blank=True)
    what = models.CharField("more", max_length=WHAT_LENGTH, blank=True)
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField("last time")
    hour = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Of lines that are summed, the hour they are for."
    )
    kept_until = models.DateTimeField(db_index=True, editable=False)

    class Meta:
        verbose_name = "line of the log"
        verbose_name_plural = "lines of the log"
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["kind", "at"]),
            models.Index(fields=["person", "at"]),
            models.Index(fields=["account", "at"]),
            models.Index(fields=["address", "at"]),
        ]
        constraints = [
            enumeration("kind", Kind),
            models.UniqueConstraint(
                fields=["hour", "kind", "account", "address", "what"],
                condition=models.Q(hour__isnull=False),
                name="signing_auditentry_summed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.account or 'somebody'}, {self.at:%Y-%m-%d %H:%M}"
