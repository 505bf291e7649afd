"""Which record a cell means: by key, by any name, or a new one where the editor says so.

Texts are gathered for a batch of rows and looked up together, 500 at a time: a lookup for each row is where imports
lose their time, and longer lists are where SQLite loses it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from kb.editorial.aggregate import Aggregate
from kb.editorial.fields import URL_BYTES, FoldedField
from kb.editorial.folding import line
from kb.models import Attribute, Claim, Event, Merge, Place, PlaceName, Topic
from kb.spreadsheets.columns import root_link, specs
from kb.spreadsheets.fields import Reading, Refused, Rounded, reader, shown
from kb.spreadsheets.keys import made_key, new_uid, squeezed
from kb.spreadsheets.layout import SHEETS, Sheet
from kb.spreadsheets.plan import Ref
from sources.models import Agent, Source

#: Over 1,000, SQLite takes a plan that is hundreds of times slower.
BATCH = 500
CANDIDATES = 5

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ADDRESS = re.compile(r"(?i)https?://\S+")

#: By which fields a record is named, beside its key.
NAMES: Mapping[type[models.Model], tuple[str, ...]] = {
    Agent: ("name", "native_name"),
    Topic: ("name",),
    Source: ("title", "url", "archived_url", "doi"),
    Event: ("title",),
    Claim: ("statement",),
    Attribute: ("label",),
}
#: What a column `reference.field` may say of the record that is made for a reference.
DESCRIBED: Mapping[type[models.Model], tuple[str, ...]] = {
    Agent: ("name", "kind", "native_name", "url", "wikidata"),
    Source: ("title", "type", "url", "language", "issued", "container_title", "publisher"),
    Place: ("name", "kind", "language", "latitude", "longitude", "geonames", "wikidata"),
    Event: ("title", "when", "language"),
    Topic: ("name",),
}
SHEET_OF = {sheet.model: sheet.name for sheet in SHEETS}


def batches(items: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """The items, some at a time."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def described_fields(sheet: Sheet, column: str) -> tuple[str, ...]:
    """What may be said of a record that is made for a reference in this column."""
    spec = next(s for s in specs(sheet.name) if s.name == column)
    return DESCRIBED.get(spec.refers_to[0], ()) if spec.how in ("one", "several", "authors") else ()


@dataclass
class Made:
    """A record that is made for a reference: its own columns, and for a place its name's."""

    model: type[models.Model]
    uid: str
    key: str
    name: str
    row: int
    values: dict[str, Any]
    names: tuple[dict[str, Any], ...] = ()


@dataclass
class Known:
    """What is known of one model's records, those that the plan makes among them."""

    by_key: dict[str, Ref] = field(default_factory=dict)
    by_name: dict[str, tuple[Ref, ...]] = field(default_factory=dict)
    keys: dict[Ref, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    #: What else is needed of a record: the root that a part belongs to.
    root: dict[Ref, Ref] = field(default_factory=dict)

    def name(self, name: str, ref: Ref) -> None:
        called = self.by_name.get(name, ())
        if ref not in called:
            self.by_name[name] = (*called, ref)


class Resolver:
    """Finds the records that cells mean. `create`: of which sheets records may be made from names."""

    def __init__(self, create: Collection[str] = (), file_name: str = "") -> None:
        self.create = frozenset(create)
        self.file_name = file_name
        self.known: dict[type[models.Model], Known] = defaultdict(Known)
        self.made: list[Made] = []

    # --- what the file itself brings ---------------------------------------------------------------------------------

    def expect(self, model: type[models.Model], key: str, ref: Ref, root: Ref | None = None) -> None:
        """A record of this key (or uid, for a part) is there, or will be when the plan is applied."""
        known = self.known[model]
        known.by_key[key] = ref
        known.keys[ref] = key
        known.asked.add(key)
        if root is not None:
            known.root[ref] = root

    def call(self, model: type[models.Model], name: str, ref: Ref) -> None:
        """A record will have this name."""
        if name := squeezed(name):
            self.known[model].name(name, ref)
            if model is Place:
                self.known[model].name(_folded(name), ref)

    # --- looking up --------------------------------------------------------------------------------------------------

    def load(self, model: type[models.Model], texts: Iterable[str]) -> None:
        """Look up what cells say, a batch at a time."""
        known = self.known[model]
        new = {text for text in texts if text not in known.asked}
        if not new:
            return
        known.asked |= new
        by_uid = not hasattr(model, "key")
        identity = "uid" if by_uid else "key"
        keys = sorted(text for text in new if len(text) <= 120 and "\x00" not in text)
        for batch in batches(keys):
            self._take(
                model,
                model._base_manager.filter(**{f"{identity}__in": batch}).values_list(
                    "pk", identity, *self._root(model)
                ),
            )
        if not by_uid:
            self._take_merged(model, [text for text in keys if text not in known.by_key])
            self._load_names(model, [text for text in new if text not in known.by_key])

    def _take_merged(self, model: type[models.Model], keys: Sequence[str]) -> dict[str, str]:
        """Old keys of records that were merged into others mean those. Returns the keys of those by the old ones."""
        if not issubclass(model, Aggregate):
            return {}
        led = Merge.objects.kept_by_key(model.kind_name, [key for key in keys if _KEY.fullmatch(key)])
        kept: dict[str, tuple[int, str]] = {}
        for batch in batches(sorted(set(led.values()))):
            rows = model._base_manager.filter(uid__in=batch).values_list("uid", "pk", "key")
            kept.update((uid, (pk, key)) for uid, pk, key in rows)
        for old, uid in led.items():
            if uid in kept:
                pk, key = kept[uid]
                self.known[model].by_key.setdefault(old, pk)
                self.known[model].keys.setdefault(pk, key)
        return {old: kept[uid][1] for old, uid in led.items() if uid in kept}

    def merged_keys(self, model: type[models.Model], keys: Sequence[str]) -> dict[str, str]:
        """Of these keys, which no record has, those of records that were merged into others, and whose those are."""
        return self._take_merged(model, keys)

    @staticmethod
    def _root(model: type[models.Model]) -> tuple[str, ...]:
        return root_link(model)[:1]

    def _take(self, model: type[models.Model], found: Iterable[Sequence[Any]]) -> None:
        for pk, identity, *root in found:
            # What the file says of the record (its own row came first) is not undone by what is there now.
            if self.known[model].by_key.setdefault(identity, pk) == pk:
                self.known[model].keys[pk] = identity
            if root:
                self.known[model].root.setdefault(pk, root[0])

    def _load_names(self, model: type[models.Model], texts: Iterable[str]) -> None:
        names = sorted(
            {squeezed(t) for t in texts if "\x00" not in t and len(t.encode("utf-8", "replace")) <= URL_BYTES}
            - {""}
        )
        for batch in batches(names):
            if model is Place:
                self._name(model, _places_named(batch), set(batch))
                self._take_made(model, batch)
            elif model in NAMES:
                fields = NAMES[model]
                wanted = models.Q()
                for name in fields:
                    wanted |= models.Q(**{f"{name}__in": batch})
                rows = model._base_manager.filter(wanted).values_list("pk", "key", *fields)
                self._name(model, ((pk, key, tuple(found)) for pk, key, *found in rows), set(batch))
                self._take_made(model, batch)

    def _name(
        self, model: type[models.Model], found: Iterable[tuple[int, str, tuple[str, ...]]], wanted: set[str]
    ) -> None:
        known = self.known[model]
        for pk, key, names in found:
            known.keys.setdefault(pk, key)
            known.by_key.setdefault(key, pk)
            for name in names:
                if name in wanted:
                    known.name(name, pk)

    def _take_made(self, model: type[models.Model], names: Sequence[str]) -> None:
        """Records made from these names before, whatever they are called since."""
        if SHEET_OF.get(model) not in self.create:
            return
        known = self.known[model]
        missing = {made_key(name): name for name in names if name not in known.by_name}
        if missing:
            rows = list(model._base_manager.filter(key__in=list(missing)).values_list("pk", "key"))
            self._take(model, rows)
            self._take_merged(model, list(missing))
            for key, name in missing.items():
                ref = known.by_key.get(key)
                if ref is not None:
                    known.name(name, ref)

    # --- answering ---------------------------------------------------------------------------------------------------

    def find(self, model: type[models.Model], text: str) -> Ref | None:
        """The record of this key or name; None if there is none. Raises Refused where there are several."""
        known = self.known[model]
        ref = known.by_key.get(text)
        if ref is not None:
            return ref
        refs = known.by_name.get(squeezed(text))
        if not refs and model is Place:
            refs = known.by_name.get(_folded(text))
        if not refs:
            return None
        if len(refs) > 1:
            keys = sorted(known.keys.get(ref, str(ref)) for ref in refs)
            more = f" and {len(keys) - CANDIDATES} more" if len(keys) > CANDIDATES else ""
            raise Refused(
                f"{shown(text)} may be any of: {', '.join(keys[:CANDIDATES])}{more}. Write the key of the one you mean."
            )
        return next(iter(refs))

    def must(
        self, model: type[models.Model], text: str, row: int, describing: Mapping[str, str], how: Reading
    ) -> Ref:
        """The record that a text means, made if it may be. Raises Refused."""
        ref = self.find(model, text)
        if ref is not None:
            return ref
        if SHEET_OF.get(model) in self.create:
            return self._make(model, text, row, describing, how)
        raise Refused(self.unknown(model, text))

    def unknown(self, *kinds: Any) -> str:
        *found, text = kinds
        words = " or ".join(str(model._meta.verbose_name) for model in found)
        model = found[0]
        if SHEET_OF.get(model) and model in DESCRIBED:
            sheet = SHEET_OF[model]
            article = "an" if words[0] in "aeiou" else "a"
            return (
                f"There is no {words} {shown(text)}. Add {article} {words} with this key on the sheet “{sheet}”, "
                f"or have it created from its name (create: {sheet})."
            )
        if model is Attribute:
            keys = ", ".join(sorted(known for known in self.known[model].keys.values()))
            return f"There is no attribute {shown(text)}. It is one of: {keys}."
        by = "uid" if not hasattr(model, "key") else "key"
        return f"There is no {words} {shown(text)}. Write its {by}."

    def key_of(self, model: type[models.Model], ref: Ref | None) -> str:
        """The key (or uid) of a record, as its cell has it."""
        return "" if ref is None else self.known[model].keys.get(ref, str(ref))

    def name_of(self, uid: str) -> str:
        """The key of a record that the file brings, by its uid; "" where there is none."""
        return next((known.keys[uid] for known in self.known.values() if uid in known.keys), "")

    def load_keys(self, model: type[models.Model], refs: Iterable[Any]) -> None:
        """Learn the keys of records by their primary keys, to show them."""
        known = self.known[model]
        identity = "key" if hasattr(model, "key") else "uid"
        missing = sorted({ref for ref in refs if isinstance(ref, int) and ref not in known.keys})
        for batch in batches(missing):
            for pk, key in model._base_manager.filter(pk__in=batch).values_list("pk", identity):
                known.keys[pk] = key

    # --- making ------------------------------------------------------------------------------------------------------

    def _make(
        self, model: type[models.Model], text: str, row: int, describing: Mapping[str, str], how: Reading
    ) -> str:
        name = squeezed(text)
        key, uid = made_key(name), new_uid()
        mark = f"Made while importing {self.file_name}, from the name “{name[:200]}” in a reference; to be reviewed."
        given = {"key": key, "note": mark, **_first_values(model, name, describing, how)}
        names: tuple[dict[str, Any], ...] = ()
        if model is Place:
            language = given.pop("language", "und")
            names = ({"text": given.pop("name", name), "language": language, "kind": "variant"},)
        self._check(model, given)
        self.expect(model, key, uid)
        self.call(model, name, uid)
        self.made.append(Made(model, uid, key, name, row, given, names))
        return uid

    @staticmethod
    def _check(model: type[models.Model], given: Mapping[str, Any]) -> None:
        for name, value in given.items():
            if isinstance(value, str) and name not in ("key", "note"):
                reader(model._meta.get_field(name), Reading()).read(value)  # type: ignore[arg-type]


def _folded(name: str) -> str:
    """Under which a place's name is known however it is typed; no name that is typed begins so."""
    return f"\x00{line(name)}"


def _places_named(names: Sequence[str]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The places that have one of these names: spelt so, else in another case, width or with other diacritics."""
    by_line: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_line[line(name)[: FoldedField.LENGTH]].append(name)
    by_line.pop("", None)
    rows = PlaceName.objects.filter(folded__in=list(by_line)).order_by("pk")
    found = list(rows.values_list("place_id", "place__key", "text", "folded"))
    exact = {text for _, _, text, _ in found}
    for pk, key, text, folded in found:
        yield pk, key, tuple(name for name in by_line[folded] if name == text or name not in exact)


def _first_values(
    model: type[models.Model], name: str, describing: Mapping[str, str], how: Reading
) -> dict[str, Any]:
    """The columns of a record that is known by a name, and by what other columns say of it."""
    if model is Source:
        is_address = bool(_ADDRESS.fullmatch(name))
        given: dict[str, Any] = {"title": name[:500], "type": "webpage" if is_address else "document"}
        if is_address:
            given["url"] = name
    elif model is Place:
        given = {"kind": "other"}
    elif model is Agent:
        # An organisation is the safer guess about what has a name in somebody's table; an editor sees the mark.
        given = {"name": name, "kind": "organisation"}
    else:
        given = {NAMES[model][0]: name}
    for described, text in describing.items():
        if model is Place and described in ("name", "language"):
            field: Any = PlaceName._meta.get_field("text" if described == "name" else "language")
            given[described] = reader(field, how).read(text)
            continue
        try:
            given[described] = reader(model._meta.get_field(described), how).read(text)  # type: ignore[arg-type]
        except Rounded as rounded:
            given[described] = rounded.value
    return given
