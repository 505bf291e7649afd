"""What is left of a merged record: what it said, and the merges that it was in."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kb.editorial.aggregate import Aggregate
from kb.merging.changes import typed
from kb.models import Merge


def merges_of(record: Aggregate) -> QuerySet[Merge]:
    """The merges that a record was in, newest first."""
    found = Merge.objects.filter(Q(kept_uid=record.uid) | Q(merged_uid=record.uid)).defer("changes")
    return found.select_related("by", "undone_by")


def as_it_was(model: type[Aggregate], pk: int) -> Aggregate | None:
    """The record that had this number until it was merged into another; it is not in the database."""
    row = Merge.objects.standing().filter(kind=model.kind_name, merged_pk=pk).first()
    if row is None:
        return None
    label = model._meta.label_lower
    whole = next(c for c in row.changes["rows"] if c["table"] == label and c["pk"] == pk)
    return model(**typed(model, whole["before"]))
