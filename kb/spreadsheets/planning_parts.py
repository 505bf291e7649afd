"""Rows of the sheets that hold parts (appearances, values, names …), each found by its uid or by what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models

from kb.spreadsheets import rules
from kb.spreadsheets.columns import defaults_of
from kb.spreadsheets.drafts import Draft
from kb.spreadsheets.fields import Refused, shown
from kb.spreadsheets.matching import IDENTITIES, Part, Parts, alike, root_attname
from kb.spreadsheets.plan import Ref

if TYPE_CHECKING:
    from kb.spreadsheets.planning_rows import SheetPlanner

Fields = dict[str, Any]


def plan_part_row(
    planner: SheetPlanner,
    draft: Draft,
    old: Fields | None,
    links: Mapping[str, Mapping[int, tuple[int, ...]]],
) -> None:
    given = draft.values[""]
    own = draft.cells.get("uid")
    uid = given.pop("uid", None)
    if draft.refused and own is not None and uid is None:
        return
    again = planner.named.first.get(draft.key) if draft.key else None
    if again is not None and again != draft.row:
        planner.reader.refuse(
            draft,
            "uid",
            f"The uid {shown(draft.key)} stands in row {again} already. Give each row its own.",
        )
        return
    root = planner.root_of(given, old)
    parts = planner.parts_of(planner.model)
    if old is None and uid is None and root is not None and not draft.refused:
        probe = _probe(planner, given)
        try:
            part = parts.exact(root, probe)
        except Refused as reason:
            planner.reader.refuse(draft, "uid", str(reason), "")
            return
        if part is not None:
            if _is_repeated(planner, draft, part, given):
                return
            old = part.fields
    if old is not None and root is not None:
        parts.taken[old["id"]] = draft.row
    _once(planner, draft, parts, root, given, old)
    entry = planner.part_entry(draft, planner.model, "", given, uid, root, old, links)
    if draft.refused:
        return
    if entry is not None and entry.pk is None and root is not None:
        parts.planned[root].append(Part(None, {**defaults_of(planner.model), **entry.values}, draft.row))
    planner.take(draft, entry, [], entry.uid if entry else (old or {}).get("id", 0), old)


def _probe(planner: SheetPlanner, given: Mapping[str, Any]) -> Fields:
    """What a row says of what makes it the same: a blank quote is no quote, where there is a column for it."""
    probe = dict(given)
    if any(spec.name == "quote" for spec in planner.specs):
        probe.setdefault("quote", "")
    defaults = defaults_of(planner.model)
    for name in IDENTITIES[planner.model].strict:
        if name in ("role", "relation", "language") and name not in probe:
            probe[name] = defaults.get(name)
    return probe


def _is_repeated(planner: SheetPlanner, draft: Draft, part: Part, given: Mapping[str, Any]) -> bool:
    """Whether an earlier row of the file is this part already: then this one adds nothing, or contradicts it."""
    row = part.row if part.pk is None else planner.parts_of(planner.model).taken.get(part.pk, 0)
    if not row:
        return False
    differing = [name for name, value in given.items() if not alike(part.fields.get(name), value)]
    if differing:
        column = planner.column("", dict.fromkeys(differing))
        planner.reader.refuse(
            draft, column, f"Row {row} is the same but for this. Give each its uid, or make them one row."
        )
    return True


def _once(
    planner: SheetPlanner, draft: Draft, parts: Parts, root: Ref | None, given: Fields, old: Fields | None
) -> None:
    """What the model keeps unique among the parts of one root."""
    if root is None or draft.refused:
        return
    whole = {**defaults_of(planner.model), **(old or {}), **given}
    link = root_attname(planner.model, whole)
    for constraint in planner.model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or constraint.condition is not None:
            continue
        names = [planner.model._meta.get_field(n).attname for n in constraint.fields]  # type: ignore[union-attr]
        for part in parts.same(root, whole, [n for n in names if n != link]):
            if part.fields is not old and (part.pk is None or part.pk != (old or {}).get("id")):
                where = f" (row {part.row})" if part.row else ""
                planner.reader.refuse(
                    draft, planner.named_by(), f"{constraint.violation_error_message}{where}"
                )
                return


def anchor(planner: SheetPlanner, draft: Draft, group: str, given: Fields, old: Fields | None) -> None:
    """Look for the quote in the source's newest text, or in the one that the appearance has."""
    whole = {**(old or {}), **given}
    if old is not None and all(
        alike(old.get(n), whole.get(n)) for n in ("source_id", "quote", "prefix", "suffix")
    ):
        return
    same_source = old is not None and old.get("source_id") == whole.get("source_id")
    ref, text = (old or {}).get("snapshot_id"), None
    if same_source and ref is not None:
        text = planner.texts.by_pk.get(ref)
    elif whole.get("quote"):
        ref, text = planner.texts.newest(whole.get("source_id"))
        given["snapshot_id"] = ref
    found, places = rules.anchored(text, whole)
    given.update(found)
    column = "quote"
    if places > 1:
        planner.reader.refuse(
            draft,
            column,
            f"These words occur {places} times there. Give the words before or after them to tell which.",
        )
    elif found["anchor"] == "orphan":
        planner.reader.warn(
            draft,
            column,
            "These words are not in the source’s text as captured. They are kept, marked as not found.",
        )
