"""Revisions that say the same: a record raised by the programs alone, or taken back to what it was.

Every write raises a record's revision, whoever makes it. To undo an import is to ask whether *somebody* has worked on a
record since; dates that were computed again, and a later import that was taken back, are nobody's work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db import models, transaction

from kb.editorial.aggregate import Aggregate

#: So many records are asked for at once.
AT_ONCE = 500


class SameRevision(models.Model):
    """What a record is at one revision, it was at an earlier one."""

    kind = models.CharField(max_length=20)
    record = models.PositiveBigIntegerField(help_text="The record's primary key.")
    revision = models.PositiveBigIntegerField()
    as_of = models.PositiveBigIntegerField(help_text="The earliest revision that says the same.")

    class Meta:
        verbose_name = "same revision"
        constraints = [
            models.UniqueConstraint(fields=["kind", "record", "revision"], name="kb_samerevision_once"),
            models.CheckConstraint(
                condition=models.Q(as_of__lt=models.F("revision")),
                name="kb_samerevision_earlier",
                violation_error_message="A revision says what an earlier one did.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}: {self.revision} as {self.as_of}"


Model = type[Aggregate]


def revisions(model: Model, pks: Iterable[int], *, lock: bool = False) -> dict[int, int]:
    """The revisions of records as they are now. With `lock` nobody else writes them until the transaction ends."""
    found: dict[int, int] = {}
    for some in _some(pks):
        rows = model._base_manager.filter(pk__in=some).order_by("pk")
        rows = rows.select_for_update(of=("self",)) if lock else rows
        found.update(rows.values_list("pk", "revision"))
    return found


def earliest_alike(model: Model, revisions: Mapping[int, Iterable[int]]) -> dict[tuple[int, int], int]:
    """(Primary key, revision) → the earliest revision that says the same, where it is not the revision itself."""
    found = {}
    for some in _some(revisions):
        rows = SameRevision.objects.filter(kind=model._meta.model_name, record__in=some)
        for record, revision, as_of in rows.values_list("record", "revision", "as_of"):
            if revision in revisions[record]:
                found[record, revision] = as_of
    return found


def note_same(model: Model, pairs: Mapping[int, tuple[int, int]]) -> None:
    """Note of records, by primary key, that what they are at a revision they were at an earlier one."""
    known = earliest_alike(model, {pk: (earlier,) for pk, (_, earlier) in pairs.items()})
    kind = str(model._meta.model_name)
    rows = [
        SameRevision(kind=kind, record=pk, revision=now, as_of=known.get((pk, earlier), earlier))
        for pk, (now, earlier) in pairs.items()
        if now > earlier
    ]
    SameRevision.objects.bulk_create(
        rows,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["kind", "record", "revision"],
        update_fields=["as_of"],
    )


@contextmanager
def nobodys_work(model: Model, pks: Iterable[int]) -> Iterator[None]:
    """What is written to these records in here is computed: their new revisions say what the old ones did."""
    wanted = sorted(set(pks))
    with transaction.atomic():
        before = revisions(model, wanted, lock=True)
        yield
        after = revisions(model, wanted)
        note_same(model, {pk: (after[pk], before[pk]) for pk in before})


def _some(pks: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(pks)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
