"""Records that turned out to be one: which was merged into which, by whom and why, and all that it takes to undo it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self

from django.conf import settings
from django.db import models

from kb.editorial.aggregate import UID_LENGTH
from kb.editorial.fields import JSONTextField, ProseField
from kb.editorial.triggers import Frozen

#: Lists longer than this make SQLite scan.
SOME = 500
LABEL = 300


def _some(values: Iterable[str]) -> Iterator[list[str]]:
    rows = sorted(set(values))
    for start in range(0, len(rows), SOME):
        yield rows[start : start + SOME]


class MergeQuerySet(models.QuerySet):
    """Where old keys and old records lead to."""

    def standing(self) -> Self:
        """Not undone."""
        return self.filter(undone_at=None)

    def kept_for(self, uids: Iterable[str]) -> dict[str, str]:
        """For records that were merged into others: uid → uid of the one that is left after all of them."""
        led = {uid: uid for uid in uids}
        waiting = set(led)
        while waiting:
            step: dict[str, str] = {}
            for some in _some(waiting):
                found = self.standing().filter(merged_uid__in=some)
                step.update(found.values_list("merged_uid", "kept_uid"))
            led = {uid: step.get(at, at) for uid, at in led.items()}
            waiting = set(step.values())
        return {uid: at for uid, at in led.items() if at != uid}

    def kept_by_key(self, kind: str, keys: Iterable[str]) -> dict[str, str]:
        """Old keys that lead to another record now: key → uid of that record. Of a key merged twice, the last time."""
        merged: dict[str, str] = {}
        for some in _some(keys):
            found = self.standing().filter(kind=kind, merged_key__in=some).order_by("at", "pk")
            merged.update(found.values_list("merged_key", "merged_uid"))
        kept = self.kept_for(merged.values())
        return {key: kept[uid] for key, uid in merged.items()}

    def into(self, uids: Iterable[str]) -> dict[str, str]:
        """What was merged into these records, at once or by way of others: uid of the merged → uid of the one kept."""
        found: dict[str, str] = {}
        waiting = {uid: uid for uid in uids}
        while waiting:
            step: dict[str, str] = {}
            for some in _some(waiting):
                rows = self.standing().filter(kept_uid__in=some).values_list("merged_uid", "kept_uid")
                step.update({merged: waiting[kept] for merged, kept in rows})
            found |= step
            waiting = step
        return found


class Merge(models.Model):
    """One record merged into another. Undoing it puts back what `changes` holds, row by row."""

    database_rules = (
        Frozen(
            "The record of a merge never changes. Undo the merge instead.",
            columns=(
                *("kind", "kept_uid", "kept_key", "kept_label", "merged_uid", "merged_key", "merged_label"),
                *("merged_pk", "by_id", "at", "why", "changes", "told"),
            ),
        ),
    )

    kind = models.CharField(max_length=20)
    kept_uid = models.CharField(max_length=UID_LENGTH)
    kept_key = models.CharField(max_length=120)
    kept_label = models.CharField("kept", max_length=LABEL)
    merged_uid = models.CharField(max_length=UID_LENGTH)
    merged_key = models.CharField("old key", max_length=120)
    merged_label = models.CharField("merged", max_length=LABEL)
    merged_pk = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = ProseField(limit=2_000)
    #: `rows`: each row that was written, before and after (`kb.merging.changes`); `conflicts`: since when known.
    changes = JSONTextField(default=dict, blank=True)
    #: What the editor was told: what moved, by kind, and what fell away.
    told = JSONTextField(default=dict, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "merged_key"]), models.Index(fields=["kept_uid"])]
        constraints = [
            models.UniqueConstraint(
                fields=["merged_uid"],
                condition=models.Q(undone_at=None),
                name="kb_merge_once",
                violation_error_message="This record has been merged into another already.",
            ),
            models.CheckConstraint(
                condition=~models.Q(kept_uid=models.F("merged_uid")),
                name="kb_merge_of_two",
                violation_error_message="A record cannot be merged into itself.",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="kb_merge_undone_by_somebody",
                violation_error_message="A merge that was undone says who undid it, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.merged_label}” into “{self.kept_label}”"
