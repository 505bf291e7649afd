"""Who may merge records, and undo it."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from kb.book.documents import model_of
from kb.merging.changes import Change
from kb.merging.leading import Plan
from kb.merging.obstacles import MERGEABLE
from kb.merging.relations import Model, roots_of
from kb.models import Merge

DOING = {"change": "Changing", "delete": "Merging away", "add": "Putting back"}


def may_merge(by: User, model: Model) -> bool:
    """Whether somebody may merge records of a kind, as far as it is known before what moves is known."""
    return all(by.has_perm(_right(action, model)) for action in ("change", "delete"))


def may_undo(by: User) -> bool:
    """Whether somebody may undo merges of any kind at all."""
    return any(
        all(by.has_perm(_right(action, model_of(kind))) for action in ("change", "add", "delete"))
        for kind in MERGEABLE
    )


def must_begin(by: User, kept: Model, merged: Model) -> None:
    """Raises PermissionDenied for who may not merge such records, whatever moves."""
    _must(by, "change", kept)
    _must(by, "delete", merged)


def must_merge(by: User, plan: Plan) -> None:
    """Raises PermissionDenied: for what moves, the right to change it; for the record that goes, to delete it."""
    for model in _in_order(plan.roots):
        _must(by, "change", model)
    _must(by, "delete", type(plan.merged))


def must_undo(by: User, merge: Merge, changes: Iterable[Change]) -> None:
    """Raises PermissionDenied: for what moves back, the right to change it; for the record, to make and delete it."""
    model = model_of(merge.kind)
    roots: set[Model] = {model}.union(*(roots_of(model) for model in {change.model for change in changes}))
    for root in _in_order(roots):
        _must(by, "change", root)
    _must(by, "add", model)
    _must(by, "delete", model)


def _in_order(models: Iterable[Model]) -> list[Model]:
    return sorted(models, key=lambda model: model._meta.label)


def _right(action: str, model: Model) -> str:
    return f"{model._meta.app_label}.{action}_{model._meta.model_name}"


def _must(by: User, action: str, model: Model) -> None:
    if not by.has_perm(_right(action, model)):
        noun = model._meta.verbose_name_plural
        raise PermissionDenied(f"{DOING[action]} {noun} needs a right that you do not have.")
