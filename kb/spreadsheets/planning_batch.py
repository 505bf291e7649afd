"""What the database holds of a batch of rows: the records that they are, their lists, parts, texts and revisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from kb.editorial.aggregate import Aggregate
from kb.models import Appearance, Attribute
from kb.spreadsheets.columns import group_model, root_link
from kb.spreadsheets.drafts import Draft, SheetReader
from kb.spreadsheets.mapping import Mapped
from kb.spreadsheets.matching import Parts, root_attname
from kb.spreadsheets.plan import (
    Plan,
    Ref,
    SheetPlan,
)
from kb.spreadsheets.planning_groups import load_snapshots
from kb.spreadsheets.planning_names import Named
from kb.spreadsheets.planning_sets import links_of
from kb.spreadsheets.references import Resolver, batches
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.snapshots import Texts

Fields = dict[str, Any]


#: Columns that rules need, whether the sheet has them or not.
_ALWAYS = {"kb.place": ("latitude", "longitude"), "sources.source": ("url",)}


class BatchLoader:
    """Holds what is known of the sheet, and of the batch of rows at hand: what the database has of them.

    Everything is asked for a batch at a time.
    """

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

    def _found(self, there: Mapping[str, Fields]) -> set[int]:
        """The records that rows of this batch may be: those of their keys, and parts that they may be without a uid."""
        found = {fields["id"] for fields in there.values()}
        if not self.is_root:
            parts = self.parts_of(self.model).there.values()
            found |= {part.fields["id"] for several in parts for part in several}
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
                [self.root_of(d.values[""], there.get(d.key)) for d in drafts], *self._link_to_load(drafts)
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

    def root_of(self, values: Mapping[str, Any], old: Fields | None) -> Ref | None:
        link = root_attname(self.model, {**(old or {}), **values})
        return values.get(link, (old or {}).get(link))
