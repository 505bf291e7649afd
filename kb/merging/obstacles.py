"""Why two records cannot be merged as they are, each in words that say what would be right."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django.db import models

from kb.book.models import Record
from kb.editorial.aggregate import Part
from kb.merging.changes import batches
from kb.merging.leading import Plan, Row, label_of
from kb.merging.relations import Model, ends_of, is_list, lists_of
from kb.models import Assessment, Assignment, Claim, Correction, Rebuttal

#: Named of one kind, and no more.
NAMED = 10


def look_for(plan: Plan) -> None:
    """Note in the plan what stands in its way."""
    plan.obstacles += _not_two_of_a_kind(plan)
    if plan.obstacles:
        return
    for row in plan.rows:
        plan.obstacles += _of_row(plan, row)
        if len(plan.obstacles) >= NAMED:
            return
    plan.obstacles += [*_relied_on(plan), *_circles(plan)]


def _not_two_of_a_kind(plan: Plan) -> Iterator[str]:
    if type(plan.kept) is not type(plan.merged):
        yield "Two records of different kinds cannot be one."
    elif plan.kept.pk == plan.merged.pk:
        yield "Choose two records: one cannot be merged into itself."
    elif plan.kept.kind_name not in MERGEABLE:
        yield f"A {plan.kept._meta.verbose_name} cannot be merged into another."
    else:
        book = Record.objects.filter(uid__in=[plan.kept.uid, plan.merged.uid])
        stands = {uid: gone is None for uid, gone in book.values_list("uid", "withdrawn_in")}
        if stands.get(plan.merged.uid) and stands.get(plan.kept.uid) is False:
            yield (
                f"“{plan.kept}” is withdrawn, and readers of “{plan.merged}” would be led to it. Publish it again, or "
                f"keep “{plan.merged}” and merge “{plan.kept}” into it."
            )


#: The kinds of record of which two can turn out to be one.
MERGEABLE = ("agent", "place", "source", "claim", "event", "topic")


def _of_row(plan: Plan, row: Row) -> Iterator[str]:
    if row.gone and not is_list(row.model) and not issubclass(row.model, (Part, Assignment)):
        yield f"{label_of(row)} would be there twice. Settle first which of the two is right."
    elif row.model is Correction and row.before["number"] is not None:
        yield (
            f"Correction № {row.before['number']} is about “{plan.merged}”, and an entry of the ledger never changes. "
            f"Keep “{plan.merged}” and merge “{plan.kept}” into it."
        )
    elif row.model is Assessment and row.before["confirmed_at"] is not None and not row.gone:
        yield (
            f"“{plan.merged}” has been assessed and “{plan.kept}” has not; a confirmed assessment never changes. "
            f"Keep “{plan.merged}” and merge “{plan.kept}” into it."
        )
    elif not row.gone and not is_list(row.model):
        yield from _named_twice(plan, row)


def _named_twice(plan: Plan, row: Row) -> Iterator[str]:
    """A row that says something of both would say it of one and itself."""
    links: list[Any] = [f for f in row.model._meta.local_concrete_fields if isinstance(f, models.ForeignKey)]
    for one, other in combinations(links, 2):
        if one.related_model is not other.related_model or one.related_model is not type(plan.kept):
            continue
        now, before = ([values[f.attname] for f in (one, other)] for values in (row.now, row.before))
        if now[0] is not None and now[0] == now[1] and before[0] != before[1]:
            yield (
                f"{label_of(row)} names both, as “{one.verbose_name}” and as “{other.verbose_name}”: it would say "
                "something of one record and itself. Change it first."
            )


def _relied_on(plan: Plan) -> Iterator[str]:
    """A rebuttal that sets one of the two claims against the other knows them for two."""
    if not isinstance(plan.kept, Claim):
        return
    both = [plan.kept.pk, plan.merged.pk]
    found = Rebuttal.objects.filter(claim__in=both, counterclaims__in=both).distinct()
    for rebuttal in found.order_by("key")[:NAMED]:
        yield (
            f"The rebuttal “{rebuttal.key}” sets one of these claims against the other, so they are not the same. "
            "If they are, take the counterclaim out of it first."
        )


# --- circles --------------------------------------------------------------------------------------------------------


def _circles(plan: Plan) -> Iterator[str]:
    model = type(plan.kept)
    for f in model._meta.local_concrete_fields:
        if isinstance(f, models.ForeignKey) and f.related_model is model:
            first = plan.own.get(f.attname, getattr(plan.kept, f.attname))
            yield from _around(plan, str(f.verbose_name), {first} - {None}, _by_column(model, f.attname))
    for listed in lists_of(model):
        if listed.related_model is model:
            follow = _by_list(listed.remote_field.through)
            first = follow({plan.kept.pk, plan.merged.pk})
            yield from _around(plan, str(listed.verbose_name), first, follow)


def _around(plan: Plan, name: str, first: set[Any], follow: Any) -> Iterator[str]:
    """Follow a reference from the two records on; told if it leads back to one of them."""
    own = {plan.kept.pk, plan.merged.pk}
    seen: set[int] = set()
    at = first - own
    while at:
        seen |= at
        back = [pk for pk in sorted(at) if follow({pk}) & own]
        if back:
            between = type(plan.kept)._base_manager.get(pk=back[0])
            yield (
                f"“{name[:1].upper()}{name[1:]}” would go in a circle: it leads from one of the two to “{between}”, "
                "and from there to the other. Change that first."
            )
            return
        at = follow(at) - seen


def _by_column(model: Model, name: str) -> Any:
    def follow(pks: set[int]) -> set[int]:
        found: set[int] = set()
        for some in batches(pks):
            found.update(model._base_manager.filter(pk__in=some).values_list(name, flat=True))
        return found - {None}

    return follow


def _by_list(through: Model) -> Any:
    owner, listed = ends_of(through)

    def follow(pks: set[int]) -> set[int]:
        found: set[int] = set()
        for some in batches(pks):
            rows = through._base_manager.filter(**{f"{owner.attname}__in": some})
            found.update(rows.values_list(listed.attname, flat=True))
        return found

    return follow
