"""What is asked of many rows at once: their lists, their circles, the records made for references."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models

from kb.models import Place, PlaceName, Rebuttal
from kb.spreadsheets import rules
from kb.spreadsheets.keys import new_uid
from kb.spreadsheets.plan import Entry, Plan, Ref, SheetPlan
from kb.spreadsheets.references import Made, Resolver, batches
from kb.spreadsheets.rights import Rights, lacking

PLACE, REBUTTAL = Place._meta.label_lower, Rebuttal._meta.label_lower


def links_of(model: type[models.Model], name: str, pks: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The lists of a many-to-many field as they are, for records by their primary keys."""
    field: Any = model._meta.get_field(name)
    owner, target = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    found: dict[int, list[int]] = defaultdict(list)
    for batch in batches(sorted(pks)):
        links = field.remote_field.through._base_manager.filter(**{f"{owner}__in": batch}).order_by("pk")
        for pk, other in links.values_list(owner, target):
            found[pk].append(other)
    return {pk: tuple(others) for pk, others in found.items()}


def made_entries(resolver: Resolver, into: SheetPlan, rights: Rights) -> list[Entry]:
    """The records that references of this sheet make; a row is refused whose reader may not make them."""
    entries = []
    for made in resolver.made:
        if not rights.may("add", made.model):
            into.refuse(made.row, f"A{made.row}", made.name, lacking("add", made.model))
        entries.extend(_entries_of(made))
    resolver.made = []
    return entries


def _entries_of(made: Made) -> list[Entry]:
    label = made.model._meta.label_lower
    values = {**made.values, **rules.worked_out(made.model, made.values, made.values)}
    entries = [_entry(made, label, made.uid, values, ())]
    for name in made.names:
        of_place = {**name, "place_id": made.uid}
        entries.append(_entry(made, PlaceName._meta.label_lower, new_uid(), of_place, (made.uid,)))
    return entries


def _entry(made: Made, label: str, uid: str, values: dict[str, Any], needs: tuple[str, ...]) -> Entry:
    return Entry(
        row=made.row, table=label, pk=None, uid=uid, name=made.key, root=made.uid,
        root_table=made.model._meta.label_lower, revision=None, values=values, needs=needs,
    )  # fmt: skip


def check_circles(plan: Plan, resolver: Resolver) -> None:
    """Refuse what would make a place part of itself in a circle, and answers to a rebuttal of another claim."""
    _check_places(plan, resolver)
    _check_answers(plan)


def _check_places(plan: Plan, resolver: Resolver) -> None:
    above: dict[Ref, Ref | None] = {}
    rows = []
    for sheet in plan.sheets:
        for entry in sheet.entries:
            if entry.table == PLACE and "part_of_id" in entry.values:
                own: Ref = entry.pk if entry.pk is not None else entry.uid
                above[own] = entry.values["part_of_id"]
                rows.append((sheet, entry, own))
    _load_above(above)
    for sheet, entry, own in rows:
        seen, at = {own}, above.get(own)
        while at is not None and at not in seen:
            seen.add(at)
            at = above.get(at)
        if at == own and entry.values["part_of_id"] != own:
            key = resolver.key_of(Place, entry.values["part_of_id"])
            cell = next((c.cell for c in entry.cells if c.column == "part_of"), f"A{entry.row}")
            sheet.refuse(
                entry.row, cell, key, f"“{key}” is already part of this place: the chain goes in a circle."
            )


def _load_above(above: dict[Ref, Ref | None]) -> None:
    """Follow the chains up through what is in the database, a level at a time."""
    wanted = {ref for ref in above.values() if isinstance(ref, int) and ref not in above}
    while wanted:
        found: dict[Ref, Ref | None] = {}
        for batch in batches(sorted(wanted)):
            found.update(Place.objects.filter(pk__in=batch).values_list("pk", "part_of_id"))
        above.update(found)
        wanted = {ref for ref in found.values() if isinstance(ref, int) and ref not in above}


def _check_answers(plan: Plan) -> None:
    claims: dict[Ref, Ref] = {}
    rows = []
    for sheet in plan.sheets:
        for entry in sheet.entries:
            if entry.table == REBUTTAL:
                own: Ref = entry.pk if entry.pk is not None else entry.uid
                rows.append((sheet, entry, own))
                if "claim_id" in entry.values:
                    claims[own] = entry.values["claim_id"]
    asked = {
        ref for _, e, own in rows for ref in (e.values.get("replies_to_id"), own) if isinstance(ref, int)
    }
    for batch in batches(sorted(asked - set(claims))):
        claims.update(Rebuttal.objects.filter(pk__in=batch).values_list("pk", "claim_id"))
    for sheet, entry, own in rows:
        to = entry.values.get("replies_to_id")
        if to is not None and to != own and claims.get(to) != claims.get(own):
            cell = next((c.cell for c in entry.cells if c.column == "replies_to"), f"A{entry.row}")
            sheet.refuse(entry.row, cell, "", "The rebuttal it answers is about another claim.")
