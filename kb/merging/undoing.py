"""Undoing a merge: every row it wrote is as it was, or nothing is written and what was changed since is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from kb.book.documents import model_of
from kb.editorial.aggregate import Aggregate
from kb.merging.carrying_out import (
    MARKS,
    Writing,
    claims_around,
    known_conflicts,
    look_again,
    marks_of,
    save,
    values_around,
)
from kb.merging.changes import Change, MergeRefused, Values, plain, rows_now, typed
from kb.merging.leading import LONG
from kb.merging.relations import Model, ends_of, is_list
from kb.merging.rights import must_undo
from kb.models import Assessment, Assignment, Claim, Conflict, Correction, Merge, StatedValue

MEANWHILE = "Something refers to what would be put back. Nothing was undone."
#: Named, and no more.
NAMED = 10


def undo_merge(merge: Merge, *, by: User) -> Merge:
    """Put back all that a merge wrote. What refers to the kept record since then stays with it.

    Raises PermissionDenied, or MergeRefused naming what was changed since; then nothing has happened.
    """
    try:
        with transaction.atomic():
            row = Merge.objects.select_for_update().get(pk=merge.pk)
            changes = [Change(**change) for change in row.changes["rows"]]
            must_undo(by, row, changes)
            if row.undone_at is not None:
                raise MergeRefused(f"This merge was undone on {row.undone_at:%Y-%m-%d} already.")
            kept = _kept(row)
            refusals = list(_changed_since(row, changes))
            if refusals:
                raise MergeRefused(refusals[:NAMED])
            _put_back(row, kept, changes, by)
            row.undone_by, row.undone_at = by, timezone.now()
            row.save(update_fields=["undone_by", "undone_at"])
    except IntegrityError as error:
        raise MergeRefused(MEANWHILE) from error
    merge.refresh_from_db()
    return merge


def _kept(merge: Merge) -> Aggregate:
    kept = model_of(merge.kind)._base_manager.select_for_update().filter(uid=merge.kept_uid).first()
    if kept is not None:
        return kept
    later = Merge.objects.standing().filter(merged_uid=merge.kept_uid).first()
    if later is not None:
        raise MergeRefused(
            f"“{merge.kept_label}” was merged into “{later.kept_label}” since. Undo that first."
        )
    raise MergeRefused(f"“{merge.kept_label}” was deleted since, so nothing can be moved back from it.")


# --- what was changed since -----------------------------------------------------------------------------------------


def _changed_since(merge: Merge, changes: list[Change]) -> Iterator[str]:
    by_model: dict[Model, list[Change]] = defaultdict(list)
    for change in changes:
        by_model[change.model].append(change)
    going_back = {(change.model, change.pk) for change in changes if change.after is None}
    by_model.pop(Assignment, None)  # who had it in hand may be through with it
    for model, some in by_model.items():
        gone = [change for change in some if change.after is None]
        yield from _not_free(merge, model, gone)
        yield from _lead_nowhere(model, gone, going_back)
        edited = [c for c in some if c.after is not None and not _is_mark(c)]
        there = _as_they_are(model, edited)
        for change in edited:
            now = there.get(change.pk)
            if now is None:
                yield f"{_called(merge, change)} was deleted since."
            elif any(plain(now[name]) != value for name, value in (change.after or {}).items()):
                yield f"{_called(merge, change)} was changed since."
            elif _is_final(model, now):
                yield f"{_called(merge, change)} became final since, and stays with “{merge.kept_label}”."


def _as_they_are(model: Model, changes: list[Change]) -> dict[int, Values]:
    names = [f.attname for f in model._meta.local_concrete_fields if f.name not in LONG.get(model, ())]
    return rows_now(model, [change.pk for change in changes], *names)


def _is_final(model: Model, now: Values) -> bool:
    return (model is Assessment and now["confirmed_at"] is not None) or (
        model is Correction and now["number"] is not None
    )


def _not_free(merge: Merge, model: Model, gone: list[Change]) -> Iterator[str]:
    """What stands where something is to be put back."""
    if not gone:
        return
    there = rows_now(model, [change.pk for change in gone], "id")
    for change in gone:
        if change.pk in there:
            yield f"{_called(merge, change)} is there again already."
        key = change.before.get("key")
        if key is not None and model._base_manager.filter(key=key).exists():
            yield f"The key “{key}” was given to another record since. Change that one’s key first."


def _lead_nowhere(model: Model, gone: list[Change], going_back: set[tuple[Model, int]]) -> Iterator[str]:
    """What would refer to a record that was deleted since."""
    links: list[Any] = [f for f in model._meta.local_concrete_fields if isinstance(f, models.ForeignKey)]
    for link in links:
        wanted = {c.before[link.attname] for c in gone} - {None}
        target: Any = link.related_model
        there = set(rows_now(target, wanted, "id")) if wanted else set()
        for pk in sorted(wanted - there):
            if (target, pk) not in going_back:
                noun = target._meta.verbose_name
                yield f"A row that would be put back refers to a {noun} that was deleted or merged since."


def _called(merge: Merge, change: Change) -> str:
    model = change.model
    if is_list(model):
        owner, _ = ends_of(model)
        return f"A list of {owner.related_model._meta.verbose_name_plural}"
    noun = str(model._meta.verbose_name)
    if change.before.get("uid") == merge.merged_uid:
        return f"“{merge.merged_label}”"
    row = model._base_manager.select_related().filter(pk=change.pk).first()
    told = f" “{row}”" if row is not None else ""
    return f"The {noun}{told}"


# --- putting back ---------------------------------------------------------------------------------------------------


def _put_back(merge: Merge, kept: Aggregate, changes: list[Change], by: User) -> None:
    model = type(kept)
    writing = Writing(
        by.pk, f"Undid the merge of “{merge.merged_key}” into “{merge.kept_key}”", timezone.now()
    )
    values = values_around(model, [kept.pk])
    values |= {change.pk for change in changes if change.model is StatedValue}
    whole, own, marks, others = _sorted(merge, kept, changes)
    claims = claims_around(others, values, kept).union(change.pk for change in marks)
    marked = marks_of(claims)
    writing.put(model, [whole.before])
    model._base_manager.filter(pk=kept.pk).update(revision=F("revision") + 1)
    for change in own:
        for name, value in typed(model, change.before).items():
            setattr(kept, name, value)
        save(kept, by, writing.reason)
    writing.put_back(others)
    merged = model._base_manager.get(uid=merge.merged_uid)
    values |= values_around(model, [merged.pk])
    look_again([kept, merged], values)
    _mark_again(whole, marks, marked)
    _known_since(merge.changes["conflicts"])


def _sorted(
    merge: Merge, kept: Aggregate, changes: list[Change]
) -> tuple[Change, list[Change], list[Change], list[Change]]:
    """The merged record itself, the kept one's own columns, the marks that the database has made, and all else."""
    table = type(kept)._meta.label_lower
    whole = next(c for c in changes if c.table == table and c.before.get("uid") == merge.merged_uid)
    own, marks, others = [], [], []
    for change in changes:
        if _is_mark(change):
            marks.append(change)
        elif (change.table, change.pk) == (table, kept.pk):
            own.append(change)
        elif change is not whole:
            others.append(change)
    return whole, own, marks, others


def _is_mark(change: Change) -> bool:
    return change.model is Claim and change.after is not None and set(change.after) <= set(MARKS)


def _mark_again(whole: Change, marks: list[Change], marked: dict[int, Values]) -> None:
    """Moving rows back marks claims for another look. They stand as before the merge, unless they were judged since."""
    before = {pk: {name: values[name] for name in MARKS} for pk, values in marked.items()}
    for change in marks:
        now = {name: plain(marked[change.pk][name]) for name in change.after or {}}
        if now == change.after:
            before[change.pk] |= typed(Claim, change.before)
        else:
            before.pop(change.pk)
    if whole.model is Claim:
        before[whole.pk] = typed(Claim, {name: whole.before[name] for name in MARKS})
    for pk, values in before.items():
        Claim._base_manager.filter(pk=pk).update(**values)


def _known_since(known: list[list[Any]]) -> None:
    """Conflicts that are found again are known since they were found first."""
    seen = {(one, other, detector): first for one, other, detector, first in known}
    again = {tuple(row[:3]): row[3] for row in known_conflicts({pk for key in seen for pk in key[:2]})}
    for key, first in seen.items():
        if again.get(key, first) != first:
            one, other, detector = key
            since = datetime.fromisoformat(first)
            Conflict.objects.filter(one=one, other=other, detector=detector).update(first_seen=since)
