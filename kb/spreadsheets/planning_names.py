"""What the rows of a sheet are called: the first of the two readings."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from kb.editorial.aggregate import Aggregate, validate_key
from kb.editorial.cell_text import is_clear, read_text
from kb.models import Place
from kb.spreadsheets.columns import root_link
from kb.spreadsheets.drafts import FileRow
from kb.spreadsheets.keys import made_key, new_uid, squeezed
from kb.spreadsheets.mapping import Mapped
from kb.spreadsheets.reading.cells import text_of
from kb.spreadsheets.references import NAMES, Resolver, batches

#: What a record without a key is called after, and what tells it from others of the same name.
CALLED_AFTER: dict[str, tuple[str, tuple[str, ...]]] = {
    "agents": ("name", ()),
    "topics": ("name", ()),
    "sources": ("title", ("url", "doi", "isbn")),
    "places": ("name", ("geonames", "wikidata", "latitude", "longitude")),
    "events": ("title", ("when",)),
    "claims": ("statement", ()),
    "rebuttals": ("claim", ("text",)),
}
# Compiled here and now: the validator’s own is looked up anew at every use.
KEY = re.compile(str(getattr(validate_key.regex, "pattern", validate_key.regex)))


@dataclass
class Named:
    """The key (or uid, for a part) of every row in order, "" where it has none.

    `refs` are those that are in the database, with their primary keys, and those that are not, with a new uid; `first`
    is the first row of each key that stands in several. `made`: the keys are made from what the rows say.
    """

    keys: list[str] = field(default_factory=list)
    numbers: array = field(default_factory=lambda: array("L"))
    refs: dict[str, int | str] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    made: bool = False
    #: Of records that were merged into others, the keys of those by their old ones.
    merged: dict[str, str] = field(default_factory=dict)


def name_rows(mapped: Mapped, rows: Iterable[FileRow], resolver: Resolver) -> Named:
    """Name every row, and tell the resolver what the file brings."""
    namer = _Namer(mapped)
    named = Named(made=namer.makes)
    names: list[tuple[str, str]] = []
    seen: dict[str, int] = {}
    for row in rows:
        key = namer.key(row)
        named.keys.append(key)
        if not key:
            continue
        if key in seen:
            named.first[key] = seen[key]
            continue
        seen[key] = row.number
        names.extend((key, name) for name in namer.names(row))
    model, identity = mapped.sheet.model, mapped.sheet.identity[0]
    link = root_link(model)[:1]
    for batch in batches(seen):
        found = model._base_manager.filter(**{f"{identity}__in": batch}).values_list("pk", identity, *link)
        for pk, key, *root in found:
            named.refs[key] = pk
            resolver.expect(model, key, pk, *root)
    named.merged = resolver.merged_keys(model, [key for key in seen if key not in named.refs])
    named.refs.update((old, resolver.known[model].by_key[old]) for old in named.merged)
    for key in seen:
        if key not in named.refs:
            uid = new_uid() if issubclass(model, Aggregate) else key
            named.refs[key] = uid
            resolver.expect(model, key, uid)
    for key, name in names:
        resolver.call(model, name, named.refs[key])
    _call_places(mapped, namer, rows, resolver)
    return named


def _call_places(mapped: Mapped, namer: _Namer, rows: Iterable[FileRow], resolver: Resolver) -> None:
    """Names that the file gives to places by their keys."""
    if mapped.sheet.name != "place_names":
        return
    known = resolver.known[Place].by_key
    for row in rows:
        ref = known.get(namer.text(row, "place"))
        if ref is not None:
            resolver.call(Place, namer.text(row, "text"), ref)


class _Namer:
    """Reads the cells of a row that it is called by."""

    def __init__(self, mapped: Mapped) -> None:
        self.mapped = mapped
        self.identity = mapped.sheet.identity[0]
        own = next((m for m in mapped.matches if m.column == self.identity), None)
        #: Somebody else's identifiers are made into keys; ours are keys or wrong.
        self.foreign = own is not None and own.header.strip() != self.identity and self.identity == "key"
        self.makes = self.identity == "key" and (own is None or self.foreign)

    def text(self, row: FileRow, column: str) -> str:
        index = self.mapped.positions.get(column)
        if index is None:
            return self.mapped.constants.get(column, "").strip()
        value = row.values[index] if index < len(row.values) else None
        if value is None:
            return ""
        text = value if isinstance(value, str) else text_of(value, row.marks.get(index))
        if is_clear(text):
            return ""
        return read_text(text) if self.mapped.canonical else text.strip()

    def key(self, row: FileRow) -> str:
        """The row's key or uid; "" where it has none, or none that can be."""
        own = self.text(row, self.identity)
        if own and not self.foreign:
            fits = KEY.fullmatch(own) if self.identity == "key" else len(own) == 12
            return own if fits and len(own) <= 120 else ""
        if own:
            return made_key(own)
        if self.identity != "key" or (self.mapped.canonical and not self.foreign):
            return ""
        name, others = CALLED_AFTER[self.mapped.sheet.name]
        text = squeezed(self.text(row, name))
        if not text:
            return ""
        more = [self.text(row, other) for other in others]
        if self.mapped.sheet.name == "sources":
            more = [next(filter(None, more), "")]
        return made_key(text, *more)

    def names(self, row: FileRow) -> list[str]:
        """What else the record is called."""
        model = self.mapped.sheet.model
        if model is Place:
            return [text] if (text := self.text(row, "name")) else []
        fields = NAMES.get(model, ())
        return [text for name in fields if name in self.mapped.positions and (text := self.text(row, name))]
