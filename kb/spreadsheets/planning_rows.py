"""The second reading: what each row of a sheet would write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.utils import timezone

from kb.editorial.aggregate import Aggregate, validate_key
from kb.editorial.fields import canonical_json
from kb.models import Appearance, Attribute, Rebuttal
from kb.spreadsheets import rules
from kb.spreadsheets.cell_values import write_decimal
from kb.spreadsheets.columns import BY_LABEL, foreign_keys, group_model, root_link, specs
from kb.spreadsheets.drafts import Draft, FileRow, SheetReader, cell_texts
from kb.spreadsheets.fields import Refused, shown
from kb.spreadsheets.keys import new_uid
from kb.spreadsheets.mapping import Mapped
from kb.spreadsheets.matching import IDENTITIES, Part, Parts, alike, root_attname
from kb.spreadsheets.plan import (
    CHANGED,
    CREATED,
    UNCHANGED,
    Cell,
    Entry,
    Plan,
    Ref,
    SheetPlan,
    needs_of,
)
from kb.spreadsheets.planning_groups import GROUPS, load_snapshots
from kb.spreadsheets.planning_names import Named
from kb.spreadsheets.planning_sets import links_of
from kb.spreadsheets.references import Resolver, batches
from kb.spreadsheets.rights import Rights, lacking
from kb.spreadsheets.snapshots import Texts

Fields = dict[str, Any]


class SheetPlanner:
    """Plans the rows of one sheet, a batch at a time."""

    def __init__(
        self,
        plan: Plan,
        into: SheetPlan,
        mapped: Mapped,
        named: Named,
        resolver: Resolver,
        attributes: Mapping[int, Attribute],
        rights: Rights,
        texts: Texts,
    ) -> None:
        self.into, self.mapped, self.named, self.resolver = into, mapped, named, resolver
        self.attributes, self.rights, self.texts = attributes, rights, texts
        self.sheet, self.model = mapped.sheet, mapped.sheet.model
        self.label = self.model._meta.label_lower
        self.reader = SheetReader(plan, into, mapped, resolver, attributes)
        self.is_root = issubclass(self.model, Aggregate)
        self.specs = self.reader.specs
        self.groups = list(dict.fromkeys(s.group for s in self.specs if s.group))
        self.parts: dict[type[models.Model], Parts] = {}
        self.part_links: dict[type[models.Model], dict[str, dict[int, tuple[int, ...]]]] = {}
        self.snapshots: dict[Ref, list[Fields]] = {}
        self.revisions: dict[tuple[str, int], int] = {}
        self.root_revisions: dict[Ref, int] = {}
        #: What the first row of a key said, for the keys that stand in several rows.
        self.said: dict[str, Draft] = {}
        self.references = {s.attname: s.refers_to[0] for s in self.specs if s.how == "one"}

    # --- a batch -----------------------------------------------------------------------------------------------------

    def plan(self, rows: Sequence[FileRow], start: int) -> None:
        """Plan these rows; `start` is the number of rows of the sheet before them."""
        if not rows:
            return
        drafts = []
        for place, row in enumerate(rows, start):
            draft = self.reader.draft(row, self.named.keys[place])
            drafts.append((draft, cell_texts(row, self.mapped.describing) if self.mapped.describing else {}))
        self.reader.load_references(draft for draft, _ in drafts)
        for draft, describing in drafts:
            self.reader.read(draft, describing)
        only = [draft for draft, _ in drafts]
        self._load_revisions(only)
        self.root_revisions = {}
        there = self._there(only)
        links = {
            name: links_of(self.model, name, [f["id"] for f in there.values()]) for name in self._link_names()
        }
        self._load_parts(only, there)
        for draft in only:
            self._plan_row(draft, there.get(draft.key), links)
        self._show_cells()

    def _load_revisions(self, drafts: Iterable[Draft]) -> None:
        """The revisions of the roots that rows name, read before their parts: what changes after that is noticed."""
        self.revisions = {}
        if self.is_root:
            return
        for link in root_link(self.model):
            root: Any = self.model._meta.get_field(link.removesuffix("_id")).related_model
            pks = {ref for d in drafts if isinstance(ref := d.values[""].get(link), int)}
            for batch in batches(sorted(pks)):
                self.revisions.update(
                    {
                        (link, pk): n
                        for pk, n in root._base_manager.filter(pk__in=batch).values_list("pk", "revision")
                    }
                )

    def _revision(self, values: Mapping[str, Any], root: Ref) -> int | None:
        """The revision of a part's root as it was before the part was read."""
        if self.is_root:
            return self.root_revisions.get(root)
        link = root_attname(self.model, values)
        return self.revisions.get((link, root)) if isinstance(root, int) else None

    def _link_names(self) -> list[str]:
        found = []
        for spec in self.specs:
            if spec.group == "" and spec.how == "several":
                found.append(spec.field.name)
            elif spec.how == "used_by":
                found += ["used_by", "used_in"]
        return found

    def _there(self, drafts: Iterable[Draft]) -> dict[str, Fields]:
        """The rows of the database that have the keys (or uids) of these rows."""
        identity = self.sheet.identity[0]
        pks = {ref for d in drafts if isinstance(ref := self.named.refs.get(d.key), int)}
        if self.is_root:
            mine = {s.attname for s in self.specs if s.group == "" and s.how in ("plain", "one")}
            names = sorted({"id", "uid", "key", "revision", *mine, *_ALWAYS.get(self.label, ())})
        else:
            names = [f.attname for f in self.model._meta.local_concrete_fields]
            names += [f"{link.removesuffix('_id')}__revision" for link in root_link(self.model)]
        found: dict[str, Fields] = {}
        for batch in batches(sorted(pks)):
            for values in self.model._base_manager.filter(pk__in=batch).values(*names):
                found[values[identity]] = values
                self._note_revision(values)
        return found

    def _note_revision(self, values: Fields) -> None:
        if self.is_root:
            self.root_revisions[values["id"]] = values["revision"]
        for link in root_link(self.model):
            revision = values.pop(f"{link.removesuffix('_id')}__revision")
            if revision is not None:
                self.revisions.setdefault((link, values[link]), revision)

    def _load_parts(self, drafts: Sequence[Draft], there: Mapping[str, Fields]) -> None:
        if not self.is_root:
            self.parts_of(self.model).load(
                [self._root_of(d.values[""], there.get(d.key)) for d in drafts], *self._link_to_load(drafts)
            )
        else:
            for group in self.groups:
                model = group_model(self.sheet.name, group)
                stating = [there[d.key]["id"] for d in drafts if group in d.stated and d.key in there]
                if group == "snapshots":
                    self.snapshots = load_snapshots(stating)
                else:
                    self.parts_of(model).load(stating, root_attname(model, {}))
        self._load_texts(drafts, there)
        self._load_part_links()

    def _load_part_links(self) -> None:
        """The lists of the parts that are there, where the sheet has a column for them."""
        for spec in self.specs:
            if spec.group and spec.how == "several":
                model = group_model(self.sheet.name, spec.group)
                pks = [p.fields["id"] for several in self.parts_of(model).there.values() for p in several]
                self.part_links[model] = {spec.field.name: links_of(model, spec.field.name, pks)}

    def _link_to_load(self, drafts: Sequence[Draft]) -> tuple[str]:
        """Which of its foreign keys a part belongs by, in this batch; where it varies, the commoner is loaded."""
        first = next((d.values[""] for d in drafts if d.values[""]), {})
        return (root_attname(self.model, first),)

    def _load_texts(self, drafts: Sequence[Draft], there: Mapping[str, Fields]) -> None:
        group = "" if self.model is Appearance else "appearances"
        if self.model is not Appearance and "appearances" not in self.groups:
            return
        old = [f.get("source_id") for f in there.values()] if self.model is Appearance else []
        parts = [p.fields for several in self.parts_of(Appearance).there.values() for p in several]
        sources = [*(d.values[group].get("source_id") for d in drafts), *old]
        self.texts.load(sources, [f.get("snapshot_id") for f in [*there.values(), *parts]])

    def parts_of(self, model: type[models.Model]) -> Parts:
        if model not in self.parts:
            self.parts[model] = Parts(model)
        return self.parts[model]

    def _root_of(self, values: Mapping[str, Any], old: Fields | None) -> Ref | None:
        link = root_attname(self.model, {**(old or {}), **values})
        return values.get(link, (old or {}).get(link))

    # --- a row -------------------------------------------------------------------------------------------------------

    def _plan_row(
        self, draft: Draft, old: Fields | None, links: Mapping[str, Mapping[int, tuple[int, ...]]]
    ) -> None:
        row = draft.row
        self.into.outcomes.setdefault(row, UNCHANGED)
        if not self.is_root:
            self._plan_part_row(draft, old, links)
            return
        if not draft.key:
            self._no_key(draft)
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
        self._take(draft, entry, self._part_entries(draft, ref, old), ref, old)

    def _take(
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
            if not any(p.row == draft.row and p.value == own for p in self.into.problems[-20:]):
                self.reader.refuse(draft, "key", f"{shown(str(own))} is no key. {validate_key.message}")
            return
        needed = [column for column, _ in required(self.sheet.name, "")]
        missing = [name for name in needed if name not in draft.cells] or ["key"]
        if self.mapped.canonical:
            missing = ["key", *(name for name in missing if name != "key")]
        for name in missing:
            self.reader.refuse(draft, name, f"“{name}” is required, and empty.", "")

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
                draft, self._named_by(), f"Row {first.row} has the same record, and is refused."
            )
        return not draft.refused

    def _named_by(self) -> str:
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
        root_table = table if model is self.model and self.is_root else self._root_table(model, values)
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
            self.reader.refuse(draft, self._column(group, changed, now), lacking("change", model))
            return None
        whole = {**old, **changed}
        self._check(draft, model, group, whole, old["id"], changed)
        if draft.refused:
            return None
        changed.update(rules.worked_out(model, whole, changed))
        table = model._meta.label_lower
        return Entry(
            row=draft.row, table=table, pk=old["id"], uid=old["uid"], name=draft.key or old["uid"], root=root,
            root_table=table if model is self.model and self.is_root else self._root_table(model, whole),
            revision=revision, values=changed, before={name: old.get(name) for name in changed},
            links=now or None, links_before=before or None, needs=self._needs(model, changed, now, root, old["uid"]),
        )  # fmt: skip

    def _needs(
        self, model: type[models.Model], values: Fields, links: Any, root: Ref, uid: str
    ) -> tuple[str, ...]:
        names = foreign_keys(model)
        needed = needs_of((values[name] for name in names if name in values), links)
        return tuple(dict.fromkeys(n for n in (*needed, *needs_of([root])) if n != uid))

    @staticmethod
    def _root_table(model: type[models.Model], values: Mapping[str, Any]) -> str:
        link = model._meta.get_field(root_attname(model, values).removesuffix("_id"))
        return link.related_model._meta.label_lower  # type: ignore[union-attr]

    def _column(self, group: str, *changes: Mapping[str, Any]) -> str:
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
            if missing and not self._said_wrong(draft, column):
                of = f" of {_a(model)}" if group else ""
                self.reader.refuse(draft, column, f"“{column}” is required{of}, and empty.", "")

    def _said_wrong(self, draft: Draft, column: str) -> bool:
        cell = self.reader.cell(draft.row, column)
        return draft.refused and any(p.cell == cell for p in self.into.problems[-30:])

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
            if not self._said_wrong(draft, column):
                self.reader.refuse(draft, column, message)

    # --- parts on a sheet of their own -------------------------------------------------------------------------------

    def _plan_part_row(
        self, draft: Draft, old: Fields | None, links: Mapping[str, Mapping[int, tuple[int, ...]]]
    ) -> None:
        given = draft.values[""]
        own = draft.cells.get("uid")
        uid = given.pop("uid", None)
        if draft.refused and own is not None and uid is None:
            return
        again = self.named.first.get(draft.key) if draft.key else None
        if again is not None and again != draft.row:
            self.reader.refuse(
                draft,
                "uid",
                f"The uid {shown(draft.key)} stands in row {again} already. Give each row its own.",
            )
            return
        root = self._root_of(given, old)
        parts = self.parts_of(self.model)
        if old is None and uid is None and root is not None and not draft.refused:
            probe = self._probe(given)
            try:
                part = parts.exact(root, probe)
            except Refused as reason:
                self.reader.refuse(draft, "uid", str(reason), "")
                return
            if part is not None:
                if self._is_repeated(draft, part, given):
                    return
                old = part.fields
        if old is not None and root is not None:
            parts.taken[old["id"]] = draft.row
        self._once(draft, parts, root, given, old)
        entry = self.part_entry(draft, self.model, "", given, uid, root, old, links)
        if draft.refused:
            return
        if entry is not None and entry.pk is None and root is not None:
            parts.planned[root].append(Part(None, {**defaults_of(self.model), **entry.values}, draft.row))
        self._take(draft, entry, [], entry.uid if entry else (old or {}).get("id", 0), old)

    def _probe(self, given: Mapping[str, Any]) -> Fields:
        """What a row says of what makes it the same: a blank quote is no quote, where there is a column for it."""
        probe = dict(given)
        if any(spec.name == "quote" for spec in self.specs):
            probe.setdefault("quote", "")
        defaults = defaults_of(self.model)
        for name in IDENTITIES[self.model].strict:
            if name in ("role", "relation", "language") and name not in probe:
                probe[name] = defaults.get(name)
        return probe

    def _is_repeated(self, draft: Draft, part: Part, given: Mapping[str, Any]) -> bool:
        """Whether an earlier row of the file is this part already: then this one adds nothing, or contradicts it."""
        row = part.row if part.pk is None else self.parts_of(self.model).taken.get(part.pk, 0)
        if not row:
            return False
        differing = [name for name, value in given.items() if not alike(part.fields.get(name), value)]
        if differing:
            column = self._column("", dict.fromkeys(differing))
            self.reader.refuse(
                draft, column, f"Row {row} is the same but for this. Give each its uid, or make them one row."
            )
        return True

    def _once(self, draft: Draft, parts: Parts, root: Ref | None, given: Fields, old: Fields | None) -> None:
        """What the model keeps unique among the parts of one root."""
        if root is None or draft.refused:
            return
        whole = {**defaults_of(self.model), **(old or {}), **given}
        link = root_attname(self.model, whole)
        for constraint in self.model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint) or constraint.condition is not None:
                continue
            names = [self.model._meta.get_field(n).attname for n in constraint.fields]  # type: ignore[union-attr]
            for part in parts.same(root, whole, [n for n in names if n != link]):
                if part.fields is not old and (part.pk is None or part.pk != (old or {}).get("id")):
                    where = f" (row {part.row})" if part.row else ""
                    self.reader.refuse(
                        draft, self._named_by(), f"{constraint.violation_error_message}{where}"
                    )
                    return

    def defaults(self, model: type[models.Model]) -> Fields:
        return defaults_of(model)

    def address_of(self, draft: Draft, old: Fields | None) -> str:
        """The address of the source that a row is: its text was taken there."""
        return str(draft.values[""].get("url") or (old or {}).get("url") or "")

    # --- parts in the row of their root ------------------------------------------------------------------------------

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
            self._anchor(draft, group, given, old)
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

    def _anchor(self, draft: Draft, group: str, given: Fields, old: Fields | None) -> None:
        """Look for the quote in the source's newest text, or in the one that the appearance has."""
        whole = {**(old or {}), **given}
        if old is not None and all(
            alike(old.get(n), whole.get(n)) for n in ("source_id", "quote", "prefix", "suffix")
        ):
            return
        same_source = old is not None and old.get("source_id") == whole.get("source_id")
        ref, text = (old or {}).get("snapshot_id"), None
        if same_source and ref is not None:
            text = self.texts.by_pk.get(ref)
        elif whole.get("quote"):
            ref, text = self.texts.newest(whole.get("source_id"))
            given["snapshot_id"] = ref
        found, places = rules.anchored(text, whole)
        given.update(found)
        column = "quote"
        if places > 1:
            self.reader.refuse(
                draft,
                column,
                f"These words occur {places} times there. Give the words before or after them to tell which.",
            )
        elif found["anchor"] == "orphan":
            self.reader.warn(
                draft,
                column,
                "These words are not in the source’s text as captured. They are kept, marked as not found.",
            )

    # --- showing -----------------------------------------------------------------------------------------------------

    def _show_cells(self) -> None:
        """Say of each change what stands in the cell now, and what then."""
        entries = [e for e in self.into.entries if e.pk is not None and not e.cells and not e.gone]
        wanted: dict[type[models.Model], set[Any]] = {}
        for entry in entries:
            for name, target in foreign_keys(_model(entry.table)).items():
                if name in entry.values:
                    wanted.setdefault(target, set()).update([entry.values[name], (entry.before or {})[name]])
            for name, refs in (entry.links or {}).items():
                target = _model(entry.table)._meta.get_field(name).related_model  # type: ignore[assignment]
                wanted.setdefault(target, set()).update([*refs, *(entry.links_before or {})[name]])
        for model, shown_refs in wanted.items():
            self.resolver.load_keys(model, shown_refs)
        for entry in entries:
            entry.cells = tuple(self._cells_of(entry))

    def _cells_of(self, entry: Entry) -> Iterable[Cell]:
        model = _model(entry.table)
        group = (
            ""
            if model is self.model
            else next(g for g in self.groups if group_model(self.sheet.name, g) is model)
        )
        targets = foreign_keys(model)
        for name, new in entry.values.items():
            column = self.reader.column_of.get((group, name))
            if column is None:
                continue
            old = (entry.before or {})[name]
            if name in targets:
                pair = [self.resolver.key_of(targets[name], ref) for ref in (old, new)]
            else:
                pair = [text_of_value(old), text_of_value(new)]
            yield Cell(column, self.reader.cell(entry.row, column), *pair)
        for name, refs in (entry.links or {}).items():
            target: Any = model._meta.get_field(name).related_model
            lists = [
                "; ".join(sorted(self.resolver.key_of(target, r) for r in some))
                for some in ((entry.links_before or {})[name], refs)
            ]
            column = (
                "used_by"
                if name == "used_in"
                else next((s.name for s in self.specs if s.group == group and s.field.name == name), name)
            )
            yield Cell(column, self.reader.cell(entry.row, column), *lists)


#: Columns that rules need, whether the sheet has them or not.
_ALWAYS = {"kb.place": ("latitude", "longitude"), "sources.source": ("url",)}


def _model(label: str) -> type[models.Model]:
    return BY_LABEL[label]


def _a(model: type[models.Model]) -> str:
    name = str(model._meta.verbose_name)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


_DEFAULTS: dict[type[models.Model], Fields] = {}


def defaults_of(model: type[models.Model]) -> Fields:
    if model not in _DEFAULTS:
        _DEFAULTS[model] = {
            f.attname: f.get_default() for f in model._meta.local_concrete_fields if not callable(f.default)
        }
    return _DEFAULTS[model]


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


def text_of_value(value: Any) -> str:
    """A stored value as a cell shows it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return write_decimal(value)
    if isinstance(value, (dict, list)):
        return canonical_json(value)
    return str(value)
