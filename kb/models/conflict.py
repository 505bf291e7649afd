"""Conflicts between stated values: a table that can be made again, and the editors' rulings, which cannot."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from kb.editorial.aggregate import UID_LENGTH, enumeration
from kb.editorial.fields import ProseField
from kb.editorial.history import History
from kb.models.claim import Claim
from kb.models.value import StatedValue


class ConflictQuerySet(models.QuerySet):
    """Questions about what the desk still has to look at."""

    def open(self) -> Self:
        """Without a ruling on the values as they are now."""
        return self.filter(~models.Exists(_rulings()))

    def ruled(self) -> Self:
        return self.filter(models.Exists(_rulings()))

    def about(self, claim: Claim) -> Self:
        """Those that a claim's values are in."""
        return self.filter(models.Q(one__claim=claim) | models.Q(other__claim=claim))


def _rulings() -> models.QuerySet:
    """Of an outer conflict, the rulings that still hold: a ruling names the value first whose uid sorts first."""
    names = ("one", "other")
    given = {f"{name}_fingerprint": models.OuterRef(f"{name}_fingerprint") for name in names}
    turned = {
        f"{name}_fingerprint": models.OuterRef(f"{back}_fingerprint")
        for name, back in zip(names, names[::-1], strict=True)
    }
    return ConflictRuling.objects.filter(
        models.Q(one=models.OuterRef("one__uid"), other=models.OuterRef("other__uid"), **given)
        | models.Q(one=models.OuterRef("other__uid"), other=models.OuterRef("one__uid"), **turned)
    )


class Conflict(models.Model):
    """A pair of values that cannot both hold. `one` is the value with the smaller id."""

    one = models.ForeignKey(StatedValue, models.CASCADE, related_name="+")
    other = models.ForeignKey(StatedValue, models.CASCADE, related_name="+")
    detector = models.CharField(max_length=40)
    reason = ProseField(limit=5_000)
    first_seen = models.DateTimeField()
    one_fingerprint = models.CharField(max_length=64)
    other_fingerprint = models.CharField(max_length=64)

    objects = ConflictQuerySet.as_manager()

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

    @property
    def in_order_of_uid(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """uid and fingerprint of both values, as rulings name them."""
        pairs = ((self.one.uid, self.one_fingerprint), (self.other.uid, self.other_fingerprint))
        first, second = sorted(pairs)
        return first, second

    def ruling(self) -> ConflictRuling | None:
        """What an editor made of it, as long as neither value has changed since."""
        (one, one_print), (other, other_print) = self.in_order_of_uid
        return ConflictRuling.objects.filter(
            one=one, other=other, one_fingerprint=one_print, other_fingerprint=other_print
        ).first()


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

    history = History()

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
