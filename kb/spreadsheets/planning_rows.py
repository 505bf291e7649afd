"""The second reading: what each row of a sheet would write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import models
from django.utils import timezone

from kb.editorial.aggregate import validate_key
from kb.models import Appearance, Rebuttal
from kb.spreadsheets import rules
from kb.spreadsheets.columns import BY_LABEL, foreign_keys, group_model, specs, table_at
from kb.spreadsheets.drafts import Draft, FileRow, cell_texts
from kb.spreadsheets.fields import shown
from kb.spreadsheets.keys import new_uid
from kb.spreadsheets.matching import root_attname
from kb.spreadsheets.plan import (
    CHANGED,
    CREATED,
    UNCHANGED,
    Entry,
    Ref,
    needs_of,
)
from kb.spreadsheets.planning_batch import BatchLoader
from kb.spreadsheets.planning_cells import show_cells
from kb.spreadsheets.planning_groups import GROUPS
from kb.spreadsheets.planning_parts import anchor, plan_part_row
from kb.spreadsheets.planning_sets import links_of
from kb.spreadsheets.rights import lacking

Fields = dict[str, Any]


class SheetPlanner(BatchLoader):
    """Plans the rows of one sheet, a batch at a time."""

    # --- a batch -----------------------------------------------------------------------------------------------------

    def plan(self, rows: Sequence[FileRow], start: int) -> None:
        """Plan these rows; `start` is the number of rows of the sheet before them."""
        if not rows:
            return
        drafts = []
        for place, row in enumerate(rows, start):
            draft = self.reader.draft(row, self.named.keys[place])
            described = cell_texts(row, self.mapped.describing) if self.mapped.describing else {}
            self.reader.call_by_description(draft, described)
            drafts.append((draft, described))
        self.reader.load_references(draft for draft, _ in drafts)
        for draft, describing in drafts:
            self.reader.read(draft, describing)
        only = [draft for draft, _ in drafts]
        self._load_revisions(only)
        self.root_revisions = {}
        there = self._there(only)
        self._load_parts(only, there)
        links = {name: links_of(self.model, name, self._found(there)) for name in self._link_names()}
        for draft in only:
            self._plan_row(draft, there.get(draft.key), links)
        show_cells(self)

    # --- a row -------------------------------------------------------------------------------------------------------

    def _plan_row(
        self, draft: Draft, old: Fields | None, links: Mapping[str, Mapping[int, tuple[int, ...]]]
    ) -> None:
        row = draft.row
        self.into.outcomes.setdefault(row, UNCHANGED)
        if not self.is_root:
            plan_part_row(self, draft, old, links)
            return
        if not draft.key:
            self._no_key(draft)
            return
        if draft.key in self.named.merged:
            kept = self.named.merged[draft.key]
            self.reader.refuse(
                draft,
                self.named_by() if self.named.made else "key",
                f"{shown(draft.key)} was merged into {shown(kept)}. Write that key, or leave the row out.",
            )
            return
        again = self.named.first.get(draft.key)
        first_said = self.said.get(draft.key)
        if again is not None and again != row:
            if not self.named.made:
                self.reader.refuse(
                    draft,
                    "key",
                    f"The key {shown(draft.key)} stands in row {again} already. Give each record one row.",
                )
                return
            if first_said is not None and not self._repeats(draft, first_said):
                return
            entry = None
        else:
            if again is not None:
                self.said[draft.key] = draft
            entry = self._root_entry(draft, old, links)
        if draft.refused:
            return
        ref: Ref = self.named.refs[draft.key]
        self.take(draft, entry, self._part_entries(draft, ref, old), ref, old)

    def take(
        self, draft: Draft, entry: Entry | None, made: list[Entry], ref: Ref, old: Fields | None
    ) -> None:
        """Let the row's entries into the plan, unless something of it was refused meanwhile."""
        if draft.refused:
            return
        if entry is not None:
            self.into.entries.append(entry)
        self.into.entries.extend(made)
        if entry is not None and entry.pk is None:
            self.into.outcomes[draft.row] = CREATED
        elif entry is not None or made:
            self.into.outcomes[draft.row] = CHANGED
        elif old is not None:
            self.into.found[draft.row] = old["uid"]
        elif isinstance(ref, str):
            self.into.found[draft.row] = ref

    def _no_key(self, draft: Draft) -> None:
        own = draft.cells.get("key")
        if own is not None:
            if "key" not in draft.wrong:
                self.reader.refuse(draft, "key", f"{shown(str(own))} is no key. {validate_key.message}")
            return
        needed = [column for column, _ in required(self.sheet.name, "")]
        missing = [name for name in needed if name not in draft.cells] or ["key"]
        if self.mapped.canonical:
            missing = ["key", *(name for name in missing if name != "key")]
        for name in missing:
            self.reader.refuse(draft, name, needed_and_empty(name), "")

    def _repeats(self, draft: Draft, first: Draft) -> bool:
        """Whether a further row of a record says of it what its first row says."""
        for spec in self.specs:
            if spec.group or spec.how not in ("plain", "one", "several"):
                continue
            mine, theirs = draft.cells.get(spec.name), first.cells.get(spec.name)
            if mine is not None and theirs is not None and mine != theirs:
                self.reader.refuse(
                    draft,
                    spec.name,
                    f"Row {first.row} has the same record with {shown(str(theirs))} here. Make them agree.",
                )
        if first.refused and not draft.refused:
            self.reader.refuse(
                draft, self.named_by(), f"Row {first.row} has the same record, and is refused."
            )
        return not draft.refused

    def named_by(self) -> str:
        return next((s.name for s in self.specs if s.required and s.name != "key"), "key")

    def _root_entry(
        self, draft: Draft, old: Fields | None, links: Mapping[str, Mapping[int, tuple[int, ...]]]
    ) -> Entry | None:
        given = draft.values[""]
        given.pop("key", None)
        ref = self.named.refs[draft.key]
        if old is None:
            first = {"key": draft.key, **self._received()}
            return self._created(draft, self.model, "", {**given, **first}, ref, ref, draft.links[""])
        return self._changed(draft, self.model, "", given, old, old["id"], old["revision"], links)

    def _received(self) -> Fields:
        """What stands in a rebuttal from its first moment: who entered it, so that they do not decide it, and when."""
        if self.model is not Rebuttal:
            return {}
        return {"submitted_by_id": self.rights.user.pk, "received_at": timezone.now()}

    # --- created and changed -----------------------------------------------------------------------------------------

    def _created(
        self,
        draft: Draft,
        model: type[models.Model],
        group: str,
        values: Fields,
        own: Ref,
        root: Ref,
        links: Mapping[str, tuple[Ref, ...]] | None = None,
    ) -> Entry | None:
        """The entry of a record that is made, None where something is wrong with it."""
        self._require(draft, group, values)
        self._check(draft, model, group, values, own)
        if not self.rights.may("add", model):
            self.reader.refuse(draft, self.sheet.identity[0], lacking("add", model), "")
        if draft.refused:
            return None
        values.update(rules.worked_out(model, values, values))
        kept = {name: refs for name, refs in (links or {}).items() if refs}
        uid = own if isinstance(own, str) else new_uid()
        table = model._meta.label_lower
        root_table = (
            table if model is self.model and self.is_root else table_at(model, root_attname(model, values))
        )
        return Entry(
            row=draft.row, table=table, pk=None, uid=uid, name=draft.key or uid, root=root, root_table=root_table,
            revision=None, values=values, links=kept or None,
            needs=self._needs(model, values, kept, root, uid),
        )  # fmt: skip

    def _changed(
        self,
        draft: Draft,
        model: type[models.Model],
        group: str,
        given: Fields,
        old: Fields,
        root: Ref,
        revision: int | None,
        links: Mapping[str, Mapping[int, tuple[int, ...]]] | None = None,
    ) -> Entry | None:
        """The entry of a record that is there, None where nothing changes or something is wrong."""
        changed = {name: value for name, value in given.items() if name in old and old[name] != value}
        now: dict[str, tuple[Ref, ...]] = {}
        before: dict[str, tuple[Ref, ...]] = {}
        for name, refs in draft.links[group].items() if links is not None else ():
            current = (links or {}).get(name, {}).get(old["id"], ())
            if set(current) != set(refs):
                now[name], before[name] = refs, current
        if not changed and not now:
            return None
        if "uid" in changed or not self.rights.may("change", model):
            self.reader.refuse(draft, self.column(group, changed, now), lacking("change", model))
            return None
        whole = {**old, **changed}
        self._check(draft, model, group, whole, old["id"], changed)
        if draft.refused:
            return None
        changed.update(rules.worked_out(model, whole, changed))
        table = model._meta.label_lower
        return Entry(
            row=draft.row, table=table, pk=old["id"], uid=old["uid"], name=draft.key or old["uid"], root=root,
            root_table=table if model is self.model and self.is_root else table_at(model, root_attname(model, whole)),
            revision=revision, values=changed, before={name: old.get(name) for name in changed},
            links=now or None, links_before=before or None, needs=self._needs(model, changed, now, root, old["uid"]),
        )  # fmt: skip

    @staticmethod
    def _needs(model: type[models.Model], values: Fields, links: Any, root: Ref, uid: str) -> tuple[str, ...]:
        needed = needs_of([*map(values.get, foreign_keys(model)), root], links)
        return tuple(n for n in needed if n != uid)

    def column(self, group: str, *changes: Mapping[str, Any]) -> str:
        for names in changes:
            for name in names:
                if (group, name) in self.reader.column_of:
                    return self.reader.column_of[group, name]
        return self.sheet.identity[0]

    def _require(self, draft: Draft, group: str, values: Mapping[str, Any]) -> None:
        """Every column that a record cannot be without, of the row's own record or of one of its groups."""
        model = group_model(self.sheet.name, group)
        for column, attname in required(self.sheet.name, group):
            missing = values.get(attname) in (None, "") and not draft.links[group].get(attname)
            if missing and column not in draft.wrong:
                self.reader.refuse(draft, column, needed_and_empty(column, _a(model) if group else ""), "")

    def _check(
        self,
        draft: Draft,
        model: type[models.Model],
        group: str,
        fields: Mapping[str, Any],
        own: Ref,
        changed: Mapping[str, Any] | None = None,
    ) -> None:
        for attname, message in rules.wrong(model, fields, own, self.attributes):
            name = (
                attname if (group, attname) in self.reader.column_of else next(iter(changed or {}), attname)
            )
            column = self.reader.column_of.get((group, name), self.sheet.identity[0])
            if column not in draft.wrong:
                self.reader.refuse(draft, column, message)

    # --- parts ---------------------------------------------------------------------------------------------------

    def address_of(self, draft: Draft, old: Fields | None) -> str:
        """The address of the source that a row is: its text was taken there."""
        return str(draft.values[""].get("url") or (old or {}).get("url") or "")

    def _part_entries(self, draft: Draft, ref: Ref, old: Fields | None) -> list[Entry]:
        made: list[Entry] = []
        for group in self.groups:
            if group in draft.stated:
                made.extend(GROUPS[group](self, draft, group, ref, old))
        return made

    def part_entry(
        self,
        draft: Draft,
        model: type[models.Model],
        group: str,
        given: Fields,
        uid: str | None,
        root: Ref | None,
        old: Fields | None,
        links: Mapping[str, Mapping[int, tuple[int, ...]]],
    ) -> Entry | None:
        """A part that is made or changed. Its revision is its root's, which is asked for when the plan is applied."""
        if model is Appearance:
            anchor(self, draft, group, given, old)
        if old is None:
            own = uid or new_uid()
            entry = self._created(
                draft, model, group, given, own, root if root is not None else own, draft.links[group]
            )
        else:
            entry = self._changed(draft, model, group, given, old, root or 0, None, links)
        if entry is not None and isinstance(entry.root, int):
            entry.revision = self._revision({**(old or {}), **given}, entry.root)
        return entry


def _model(label: str) -> type[models.Model]:
    return BY_LABEL[label]


def needed_and_empty(column: str, of: str = "") -> str:
    """What is said of a row that lacks a column; `of` is the record in the row that cannot be without it."""
    return f"“{column}” is required{f' of {of}' if of else ''}, and empty."


def _a(model: type[models.Model]) -> str:
    name = str(model._meta.verbose_name)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


@cache
def required(sheet_name: str, group: str) -> list[tuple[str, str]]:
    """The columns that a record of a group cannot be without, with their attnames."""
    found = []
    for spec in specs(sheet_name):
        if spec.group != group or spec.how in ("about", "value", "several", "authors", "used_by", "relative"):
            continue
        if not hasattr(spec.field, "attname") or spec.name in ("key", "uid"):
            continue
        model_field: Any = spec.field
        needed = not (model_field.blank or model_field.null or model_field.has_default())
        if needed if group else spec.required:
            found.append((spec.name, model_field.attname))
    return found
