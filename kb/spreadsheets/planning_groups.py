"""The records that a row speaks of beside its own: a claim's first appearance, a source's authors, a place's names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from kb.models import Appearance, Assessment, PlaceName
from kb.spreadsheets.columns import TRIGGERS, defaults_of, group_model
from kb.spreadsheets.drafts import Draft
from kb.spreadsheets.fields import Refused
from kb.spreadsheets.matching import Part, alike
from kb.spreadsheets.plan import Entry, Ref
from kb.spreadsheets.references import batches
from kb.spreadsheets.rights import lacking
from sources.models import Contribution, Role, Snapshot

if TYPE_CHECKING:
    from kb.spreadsheets.planning_rows import SheetPlanner

Fields = dict[str, Any]


def plan_part(planner: SheetPlanner, draft: Draft, group: str, ref: Ref, old: Fields | None) -> list[Entry]:
    """A claim's first appearance, one of its values, or one review of it."""
    column, attname, what = TRIGGERS[group]
    given = draft.values[group]
    if attname not in given:
        if not draft.refused:
            stated = next(s.name for s in planner.specs if s.group == group and s.name in draft.cells)
            planner.reader.refuse(
                draft, stated, f"“{stated}” belongs to {what}, and {what} needs a “{column}”."
            )
        return []
    model: Any = group_model(planner.sheet.name, group)
    parts = planner.parts_of(model)
    root: Ref = old["id"] if old is not None else ref
    probe = {**given, "quote": given.get("quote", "")} if model is Appearance else given
    try:
        part = parts.first(root, probe)
    except Refused as reason:
        planner.reader.refuse(draft, column, str(reason))
        return []
    if part is not None and _another_rows(planner, draft, group, part, parts.taken):
        return []
    fields = None if part is None else part.fields
    if part is not None and part.pk is not None:
        parts.taken[part.pk] = draft.row
    entry = planner.part_entry(
        draft,
        model,
        group,
        {**given, "claim_id": root},
        None,
        root,
        fields,
        planner.part_links.get(model, {}),
    )
    if entry is None:
        return []
    if entry.pk is None:
        parts.planned[root].append(Part(None, {**defaults_of(model), **entry.values}, draft.row))
    return [entry]


def _another_rows(
    planner: SheetPlanner, draft: Draft, group: str, part: Part, taken: Mapping[int, int]
) -> bool:
    """Whether an earlier row speaks of this part already; then this one has nothing to add, or contradicts it."""
    row = part.row if part.pk is None else taken.get(part.pk, 0)
    if not row or row == draft.row:
        return False
    for name, value in draft.values[group].items():
        if not alike(part.fields.get(name), value):
            column = planner.reader.column_of.get((group, name), planner.sheet.identity[0])
            planner.reader.refuse(
                draft,
                column,
                f"Row {row} has the same {TRIGGERS[group][2][2:].strip()}, with another “{column}”.",
            )
            break
    return True


def plan_assessment(
    planner: SheetPlanner, draft: Draft, group: str, ref: Ref, old: Fields | None
) -> list[Entry]:
    """A proposal, which somebody with the right confirms; one that has been made before is not made again."""
    given = draft.values[group]
    for name, column in (("rating", "proposed_rating"), ("rationale", "rationale")):
        if not given.get(name):
            if not draft.refused:
                needs = "its reasons, in a “rationale”" if name == "rationale" else "a “proposed_rating”"
                planner.reader.refuse(draft, column, f"A proposed rating needs {needs}.", "")
            return []
    root: Ref = old["id"] if old is not None else ref
    parts = planner.parts_of(Assessment)
    if parts.same(root, given, ("rating", "rationale")):
        return []
    proposal = {
        **given, "claim_id": root, "proposed_by_id": planner.rights.user.pk, "proposed_at": timezone.now(),
    }  # fmt: skip
    entry = planner.part_entry(draft, Assessment, group, proposal, None, root, None, {})
    if entry is None:
        return []
    parts.planned[root].append(Part(None, dict(entry.values), draft.row))
    return [entry]


def plan_authors(
    planner: SheetPlanner, draft: Draft, group: str, ref: Ref, old: Fields | None
) -> list[Entry]:
    """The authors in their order: who is new is added, who is left out removed."""
    authors = draft.links[group].pop("authors", None)
    if authors is None or draft.refused:
        return []
    root: Ref = old["id"] if old is not None else ref
    there = [
        p.fields
        for p in planner.parts_of(Contribution).there.get(root, ())
        if p.fields["role"] == Role.AUTHOR
    ]
    there.sort(key=lambda fields: (fields["order"], fields["id"]))
    if [fields["agent_id"] for fields in there] == list(authors):
        return []
    by_agent = {fields["agent_id"]: fields for fields in there}
    entries: list[Entry | None] = []
    for order, agent in enumerate(authors):
        known = by_agent.pop(agent, None)
        values: Fields = {"order": order}
        if known is None:
            values = {"source_id": root, "agent_id": agent, "role": Role.AUTHOR.value, "order": order}
        entries.append(planner.part_entry(draft, Contribution, group, values, None, root, known, {}))
    entries.extend(_removed(planner, draft, fields) for fields in by_agent.values())
    return [entry for entry in entries if entry is not None]


def _removed(planner: SheetPlanner, draft: Draft, fields: Fields) -> Entry | None:
    if not planner.rights.may("delete", Contribution):
        planner.reader.refuse(draft, "authors", lacking("delete", Contribution))
        return None
    return Entry(
        row=draft.row, table=Contribution._meta.label_lower, pk=fields["id"], uid=fields["uid"], name=draft.key,
        root=fields["source_id"], root_table="sources.source",
        revision=planner.root_revisions.get(fields["source_id"]),
        values={}, before=dict(fields), gone=True,
    )  # fmt: skip


def plan_snapshot(
    planner: SheetPlanner, draft: Draft, group: str, ref: Ref, old: Fields | None
) -> list[Entry]:
    """The text of a source: one that is not there yet becomes a new snapshot, since captured texts never change."""
    given = draft.values[group]
    root: Ref = old["id"] if old is not None else ref
    there = _snapshots(planner, root)
    text = given.get("text")
    if text is None:
        known = there[-1] if there else None
        if known is None:
            stated = next(s.name for s in planner.specs if s.group == group and s.name in draft.cells)
            planner.reader.refuse(
                draft, stated, f"“{stated}” says something of a captured text, and the source has none."
            )
            return []
    else:
        digest = hashlib.sha256(text.encode()).hexdigest()
        known = next((s for s in there if s["sha256"] == digest), None)
    if known is not None:
        return _same_text(planner, draft, group, given, known, root)
    address = planner.address_of(draft, old)
    values = {**given, "source_id": root, "captured_at": timezone.now(), "url": address}
    entry = planner.part_entry(draft, Snapshot, group, values, None, root, None, {})
    if entry is None:
        return []
    planner.texts.planned[root] = (entry.uid, str(text))
    return [entry]


def _snapshots(planner: SheetPlanner, root: Ref) -> list[Fields]:
    """The snapshots of a source, oldest first, without their texts."""
    return planner.snapshots.get(root, []) if isinstance(root, int) else []


def load_snapshots(pks: list[int]) -> dict[Ref, list[Fields]]:
    found: dict[Ref, list[Fields]] = {}
    names = ("id", "uid", "source_id", "sha256", "extent", "rights")
    for batch in batches(sorted(pks)):
        for fields in Snapshot.objects.filter(source__in=batch).order_by("captured_at", "pk").values(*names):
            found.setdefault(fields["source_id"], []).append(fields)
    return found


def _same_text(
    planner: SheetPlanner, draft: Draft, group: str, given: Fields, known: Fields, root: Ref
) -> list[Entry]:
    extent = given.get("extent", known["extent"])
    if extent != known["extent"]:
        planner.reader.refuse(
            draft, "text_extent", f"The text was captured as “{known['extent']}”, and that never changes."
        )
        return []
    rights = {name: value for name, value in given.items() if name == "rights"}
    entry = planner.part_entry(draft, Snapshot, group, rights, None, root, known, {})
    return [entry] if entry is not None else []


def plan_names(planner: SheetPlanner, draft: Draft, group: str, ref: Ref, old: Fields | None) -> list[Entry]:
    """Names of a place in its own row; one that it has, in any language, is left as it is."""
    root: Ref = old["id"] if old is not None else ref
    language = draft.values[group].get("language", "und")
    parts = planner.parts_of(PlaceName)
    entries = []
    for text in draft.values[group].get("texts", ()):
        if parts.same(root, {"text": text}, ("text",)):
            continue
        values = {"place_id": root, "text": text, "language": language, "kind": "variant"}
        entry = planner.part_entry(draft, PlaceName, group, values, None, root, None, {})
        if entry is not None:
            parts.planned[root].append(Part(None, dict(entry.values), draft.row))
            entries.append(entry)
    return entries


GROUPS: Mapping[str, Callable[[SheetPlanner, Draft, str, Ref, Fields | None], list[Entry]]] = {
    "appearances": plan_part,
    "values": plan_part,
    "reviews": plan_part,
    "assessments": plan_assessment,
    "contributions": plan_authors,
    "snapshots": plan_snapshot,
    "names": plan_names,
}
