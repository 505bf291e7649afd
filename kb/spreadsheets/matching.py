"""Which row of a table a row without a uid is: by what makes it the same, never by a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from kb.models import Appearance, Evidence, PlaceName, PlaceStatus, Review, StatedValue
from kb.spreadsheets.columns import root_link
from kb.spreadsheets.fields import Refused
from kb.spreadsheets.plan import Ref
from kb.spreadsheets.references import batches
from sources.models import Contribution

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Identity:
    """What finds a part again among those of its root: `strict` has to be the same, `ties` decide among several.

    `loose` finds the part that a row of the root itself speaks of ("the first appearance"), where the rest was edited.
    """

    strict: tuple[str, ...]
    ties: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()


_SUBJECT = ("event_id", "place_id", "attribute_id", "qualifier")
_STATED = ("edtf", "amount", "latitude", "longitude", "text", "relation", "relative_to_id")

IDENTITIES: Mapping[type[models.Model], Identity] = {
    Contribution: Identity(("agent_id", "role")),
    PlaceName: Identity(("text", "language"), ("kind",)),
    PlaceStatus: Identity(("agent_id", "relation", "source_id"), ("when", "locator")),
    Appearance: Identity(("source_id", "quote"), ("locator", "stance"), ("source_id",)),
    StatedValue: Identity((*_SUBJECT[:3], *_STATED), ("qualifier", "raw", "low", "high"), _SUBJECT),
    Evidence: Identity(("source_id", "relation", "quote"), ("locator", "note")),
    Review: Identity(("reviewer_id", "rating_text"), ("source_id", "when"), ("reviewer_id", "source_id")),
}


@dataclass(slots=True)
class Part:
    """A part that is there, or that an earlier row of the file makes (then `pk` is None and `row` says which)."""

    pk: int | None
    fields: dict[str, Any]
    row: int = 0


@dataclass
class Parts:
    """The parts of one model that rows of this file may be."""

    model: type[models.Model]
    there: dict[Ref, list[Part]] = field(default_factory=dict)
    planned: dict[Ref, list[Part]] = field(default_factory=lambda: defaultdict(list))
    #: Parts that a row of the file is already, by which row.
    taken: dict[int, int] = field(default_factory=dict)

    def load(self, roots: Iterable[Ref | None], link: str) -> None:
        """Read the parts of these roots; those read before are forgotten."""
        wanted = sorted({root for root in roots if isinstance(root, int)})
        self.there = {root: [] for root in wanted}
        names = [f.attname for f in self.model._meta.local_concrete_fields]
        for batch in batches(wanted):
            for values in (
                self.model._base_manager.filter(**{f"{link}__in": batch}).order_by("pk").values(*names)
            ):
                self.there[values[link]].append(Part(values["id"], values))

    def all_of(self, root: Ref) -> list[Part]:
        return [*self.there.get(root, ()), *self.planned.get(root, ())]

    def same(self, root: Ref, given: Fields, names: Iterable[str]) -> list[Part]:
        return [
            part for part in self.all_of(root) if all(alike(part.fields.get(n), given.get(n)) for n in names)
        ]

    def exact(self, root: Ref, given: Fields) -> Part | None:
        """The part that a row is, by all that it says of what makes it the same. Raises Refused where several are."""
        identity = IDENTITIES[self.model]
        found = self.same(root, given, [n for n in identity.strict if n in given or n not in ("quote",)])
        ties = [n for n in identity.ties if n in given]
        if ties:
            closer = [p for p in found if all(alike(p.fields.get(n), given[n]) for n in ties)]
            if closer:
                found = closer
            elif len(found) != 1 or found[0].pk is None or found[0].pk in self.taken:
                return None  # like it, and another row's, or several: it is one more
        if len(found) > 1:
            free = [p for p in found if p.pk is not None and p.pk not in self.taken]
            raise Refused(several(self.model, free or found))
        return found[0] if found else None

    def first(self, root: Ref, given: Fields) -> Part | None:
        """The part of a root that the root's own row speaks of. Raises Refused where several might be."""
        exact = self.exact(root, given)
        if exact is not None:
            return exact
        loose = [n for n in IDENTITIES[self.model].loose if n in given or n in ("event_id", "place_id")]
        found = [
            p
            for p in self.there.get(root, ())
            if p.pk not in self.taken and all(alike(p.fields.get(n), given.get(n)) for n in loose)
        ]
        if len(found) > 1:
            raise Refused(several(self.model, found))
        return found[0] if found else None


def alike(one: Any, other: Any) -> bool:
    """Whether two values are one; what is not given is what is empty."""
    return one == other or (one in (None, "") and other in (None, ""))


def several(model: type[models.Model], parts: Iterable[Part]) -> str:
    uids = sorted(str(part.fields.get("uid", "")) for part in parts)
    names = ", ".join(filter(None, uids[:5]))
    kind = model._meta.verbose_name_plural
    return f"Several {kind} are like this row: {names}. Write the uid of the one you mean."


def root_attname(model: type[models.Model], fields: Fields) -> str:
    """The foreign key by which a part belongs to its root."""
    links = root_link(model)
    return next((name for name in links if fields.get(name) is not None), links[0])
