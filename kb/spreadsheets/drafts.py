"""One row of a file, read: its cells as texts, then as values of the fields of the records that it speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import models

from kb.editorial.cell_text import CLEAR, CLEARED, Beside, file_named, read_cell, read_list
from kb.models import Attribute, Event, Place, StatedValue
from kb.spreadsheets import cell_values
from kb.spreadsheets.columns import Spec, all_columns, specs
from kb.spreadsheets.fields import KEPT, Reading, Refused, Rounded, number, read_date, reader, shown
from kb.spreadsheets.mapping import Mapped, plain_value
from kb.spreadsheets.plan import Plan, Problem, Ref, SheetPlan
from kb.spreadsheets.reading.cells import Mark, coordinate, text_of
from kb.spreadsheets.references import Resolver
from sources.models import Agent, Source

#: Warnings kept of one plan; more say nothing new.
WARNINGS = 1_000


class FileRow(Protocol):
    """A row as `kb.spreadsheets.reading` gives it."""

    @property
    def number(self) -> int: ...
    @property
    def values(self) -> tuple[Any, ...]: ...
    @property
    def marks(self) -> Mapping[int, str]: ...


@dataclass(slots=True)
class Draft:
    """A row on its way into the plan.

    `cells` are the texts that are not blank, by our columns. `values` and `links` are by group and field (attnames;
    references as `Ref`). `stated` are the groups that the row itself speaks of, beyond constants. `key` names the
    record, in the file and in the database.
    """

    row: int
    key: str
    cells: dict[str, Any]
    values: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    links: dict[str, dict[str, tuple[Ref, ...]]] = field(default_factory=lambda: defaultdict(dict))
    stated: set[str] = field(default_factory=set)
    #: The columns of which something wrong was said.
    wrong: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        return bool(self.wrong)


class SheetReader:
    """Reads the rows of one sheet. What is wrong goes into the plan, all of it."""

    def __init__(
        self,
        plan: Plan,
        into: SheetPlan,
        mapped: Mapped,
        resolver: Resolver,
        attributes: Mapping[int, Attribute],
    ) -> None:
        self.plan, self.into, self.mapped, self.resolver, self.attributes = (
            plan,
            into,
            mapped,
            resolver,
            attributes,
        )
        self.how = Reading(mapped.day_first)
        self.specs = [
            s for s in specs(mapped.sheet.name) if s.name in mapped.positions or s.name in mapped.constants
        ]
        self.places = [(s.name, mapped.positions[s.name]) for s in self.specs if s.name in mapped.positions]
        #: Per column: its name, group and attname (if it has one), and what reads it where it is plain.
        self.reading = [
            (
                s,
                s.name,
                s.group,
                s.attname if hasattr(s.field, "attname") else "",
                reader(s.field, self.how).read if s.how == "plain" else None,
            )
            for s in self.specs
        ]
        self.lists = {s.name for s in self.specs if s.how in ("several", "authors", "used_by", "names")}
        self.column_of = {
            (s.group, s.attname): s.name for s in specs(mapped.sheet.name) if hasattr(s.field, "attname")
        }
        self.of_value = {n: reader(StatedValue._meta.get_field(n), self.how) for n in _VALUE_FIELDS}  # type: ignore[arg-type]
        self.constants = self._constants()
        #: What cells that hold lists hold: many rows say the same.
        self.lists_read: dict[str, list[str]] = {}

    def _constants(self) -> dict[str, Any]:
        names = set(all_columns(self.mapped.sheet.name))
        given = {n: text for n, text in self.mapped.constants.items() if n in names and text.strip()}
        return {n: CLEARED if text.strip() == CLEAR else text for n, text in given.items()}

    # --- places and problems -----------------------------------------------------------------------------------------

    def cell(self, row: int, column: str) -> str:
        """The coordinate of one of our columns in a row; of the row's first cell, where theirs has none."""
        return coordinate(row, self.mapped.positions.get(column, 0))

    def refuse(self, draft: Draft, column: str, message: str, value: str | None = None) -> None:
        shown_value = str(draft.cells.get(column, "")) if value is None else value
        self.into.refuse(draft.row, self.cell(draft.row, column), shown_value[:1000], message)
        draft.wrong = (*draft.wrong, column)

    def warn(self, draft: Draft, column: str, message: str) -> None:
        if len(self.plan.warnings) < WARNINGS:
            value = str(draft.cells.get(column, ""))[:1000]
            self.plan.warnings.append(
                Problem(self.into.name, self.cell(draft.row, column), value, message, draft.row)
            )

    # --- cells → texts -----------------------------------------------------------------------------------------------

    def draft(self, row: FileRow, key: str) -> Draft:
        """A row's texts. Lists stay one text."""
        values, marks = row.values, row.marks
        width, canonical = len(values), self.mapped.canonical
        cells: dict[str, Any] = {}
        draft = Draft(row.number, key, cells)
        for name, index in self.places:
            value = values[index] if index < width else None
            if marks and index in marks and not self._take_mark(draft, name, index, value, marks[index]):
                continue
            if value is None:
                continue
            text = value if value.__class__ is str else text_of(value, marks.get(index) if marks else None)
            text = text.strip()
            if text == CLEAR:
                text = CLEARED
            elif name not in self.lists:
                # What is escaped is decoded only once it is known what the cell itself says.
                text = read_cell(text) if canonical else Beside(text) if file_named(text) else text
            if text:
                cells[name] = text
        if self.mapped.values:
            self._translate(cells)
        for name, text in self.constants.items():
            cells.setdefault(name, text)
        return draft

    def _take_mark(self, draft: Draft, name: str, index: int, value: Any, mark: str) -> bool:
        if mark == Mark.ERROR:
            self.refuse(
                draft,
                name,
                "The cell holds an error of the spreadsheet program. Correct or empty it.",
                str(value),
            )
        elif mark == Mark.UNCALCULATED:
            message = "The cell is a formula without a result. Open the file in the spreadsheet program and save it."
            self.refuse(draft, name, message, "")
        elif mark == Mark.HALVED:
            message = "The text holds half a character, which cannot be stored. Remove it."
            self.refuse(draft, name, message, str(value))
        elif mark == Mark.ROUNDED:
            self.refuse(
                draft,
                name,
                "The spreadsheet program has lost this number’s last digits. Write it as text.",
                str(value),
            )
        else:
            return True
        return False

    def _translate(self, cells: dict[str, Any]) -> None:
        for name, pairs in self.mapped.values.items():
            cell = cells.get(name)
            if cell is None:
                continue
            if name in self.lists and cell is not CLEARED:
                items = [pairs.get(plain_value(item), item) for item in self._items(cell)]
                cells[name] = [item for item in items if item]
            elif (ours := pairs.get(plain_value(cell))) is not None:
                cells[name] = CLEARED if ours == CLEAR else ours
            if not cells[name]:
                del cells[name]

    def _items(self, text: Any) -> list[str]:
        if isinstance(text, list):
            return text
        if (items := self.lists_read.get(text)) is None:
            items = read_list(text) if self.mapped.canonical else self._divided(text)
            if len(self.lists_read) < KEPT and len(text) < 200:
                self.lists_read[text] = items
        return items

    @staticmethod
    def _divided(text: str) -> list[str]:
        return [item for part in text.replace("；", ";").split(";") if (item := part.strip())]

    def call_by_description(self, draft: Draft, described: Mapping[str, Mapping[str, str]]) -> None:
        """A reference whose own cell is blank is to what the columns beside it call it."""
        for reference, texts in described.items():
            called = texts.get("title") or texts.get("name")
            if called:
                draft.cells.setdefault(reference, called)

    # --- what they refer to ------------------------------------------------------------------------------------------

    def load_references(self, drafts: Iterable[Draft]) -> None:
        """Look up together all that the rows refer to."""
        wanted: dict[type[models.Model], set[str]] = defaultdict(set)
        linked = [spec for spec in self.specs if spec.refers_to]
        for draft in drafts:
            for spec in linked:
                text = draft.cells.get(spec.name)
                if text is not None and text is not CLEARED:
                    self._gather(spec, text, wanted)
        for model, texts in wanted.items():
            self.resolver.load(model, texts)

    def _gather(self, spec: Spec, text: Any, wanted: dict[type[models.Model], set[str]]) -> None:
        if spec.how == "one":
            wanted[spec.refers_to[0]].add(text)
        elif spec.how in ("several", "authors"):
            wanted[spec.refers_to[0]].update(self._items(text))
        elif spec.how == "used_by":
            for item in self._items(text):
                _, name = cell_values.read_reference(item, (cell_values.AGENT, cell_values.SOURCE))
                for model in spec.refers_to:
                    wanted[model].add(name)
        elif spec.how == "about":
            _, name = cell_values.read_reference(text, (cell_values.EVENT, cell_values.PLACE))
            for model in spec.refers_to:
                wanted[model].add(name)
        else:
            try:
                leaning = cell_values.read_leaning(text)
            except cell_values.CellError:
                return
            wanted[Event].update(filter(None, [leaning.event]))
            wanted[Place].update(filter(None, [leaning.place]))

    # --- texts → values ----------------------------------------------------------------------------------------------

    def read(self, draft: Draft, describing: Mapping[str, Mapping[str, str]]) -> None:
        """Read every cell; what is wrong with each is noted, and the next one read."""
        values = draft.values
        for spec, name, group, attname, plain in self.reading:
            text = draft.cells.get(name)
            if text is None:
                continue
            if name not in self.constants:
                draft.stated.add(group)
            try:
                if text is CLEARED:
                    self._clear(draft, spec)
                elif plain is not None:
                    if text.__class__ is Beside:
                        raise Refused(
                            "The text is in a file beside the sheet. Bring the zip that holds both."
                        )
                    values[group][attname] = plain(text)
                elif spec.how == "one":
                    values[group][attname] = self.resolver.must(
                        spec.refers_to[0], text, draft.row, describing.get(name, {}), self.how
                    )
                else:
                    _COMPOUNDS[spec.how](self, draft, spec, text, describing.get(name, {}))
            except Rounded as rounded:
                values[group][attname] = rounded.value
                self.warn(
                    draft,
                    name,
                    f"Kept as {cell_values.write_decimal(rounded.value)}: finer is not held.",
                )
            except (Refused, cell_values.CellError) as reason:
                self.refuse(draft, name, str(reason))

    def _clear(self, draft: Draft, spec: Spec) -> None:
        if spec.how in ("several", "authors", "used_by"):
            for name in ("used_by", "used_in") if spec.how == "used_by" else (spec.field.name,):
                draft.links[spec.group][name if spec.how != "authors" else "authors"] = ()
        elif spec.how == "relative":
            draft.values[spec.group].update(
                relation="", relative_to_id=None, offset="", measured_from_id=None
            )
        elif spec.how == "value":
            draft.values[spec.group].update(edtf="", amount=None, latitude=None, longitude=None, text="")
        elif spec.required or spec.how in ("about", "name", "names") or spec.name in ("key", "uid"):
            raise Refused(f"“-” clears a field, and “{spec.name}” cannot be empty.")
        else:
            draft.values[spec.group][spec.attname] = empty(spec.field)

    def _several(self, draft: Draft, spec: Spec, text: Any, describing: Mapping[str, str]) -> None:
        model, by_key = spec.refers_to[0], self.resolver.known[spec.refers_to[0]].by_key
        refs = [
            by_key.get(item) or self.resolver.must(model, item, draft.row, describing, self.how)
            for item in self._items(text)
        ]
        draft.links[spec.group][spec.field.name] = tuple(dict.fromkeys(refs))

    def _authors(self, draft: Draft, spec: Spec, text: Any, describing: Mapping[str, str]) -> None:
        refs = [
            self.resolver.must(Agent, item, draft.row, describing, self.how) for item in self._items(text)
        ]
        draft.links[spec.group]["authors"] = tuple(dict.fromkeys(refs))

    def _among(self, text: str, kinds: Mapping[str, type[models.Model]]) -> tuple[str, Ref]:
        """The kind and the record that a text names, where it may be of several kinds. Raises Refused."""
        kind, name = cell_values.read_reference(text, tuple(kinds))
        tried = {kind: kinds[kind]} if kind else kinds
        found = {k: ref for k, model in tried.items() if (ref := self.resolver.find(model, name)) is not None}
        if len(found) > 1:
            both = " and ".join(f"“{k}:{name}”" for k in found)
            raise Refused(f"{shown(text)} is of several kinds. Write {both.replace(' and ', ' or ')}.")
        if not found:
            raise Refused(self.resolver.unknown(*tried.values(), name))
        return next(iter(found.items()))

    def _used_by(self, draft: Draft, spec: Spec, text: Any, describing: Mapping[str, str]) -> None:
        kinds = {cell_values.AGENT: Agent, cell_values.SOURCE: Source}
        found: dict[str, list[Ref]] = {cell_values.AGENT: [], cell_values.SOURCE: []}
        for item in self._items(text):
            kind, name = cell_values.read_reference(item, tuple(kinds))
            if (
                kind
                or self.resolver.find(Source, name) is not None
                or self.resolver.find(Agent, name) is not None
            ):
                at, ref = self._among(item, kinds)
            else:
                at, ref = cell_values.AGENT, self.resolver.must(Agent, name, draft.row, describing, self.how)
            found[at].append(ref)
        draft.links[spec.group]["used_by"] = tuple(dict.fromkeys(found[cell_values.AGENT]))
        draft.links[spec.group]["used_in"] = tuple(dict.fromkeys(found[cell_values.SOURCE]))

    def _about(self, draft: Draft, spec: Spec, text: str, describing: Mapping[str, str]) -> None:
        kind, ref = self._among(text, {cell_values.EVENT: Event, cell_values.PLACE: Place})
        draft.values[spec.group]["event_id"] = ref if kind == cell_values.EVENT else None
        draft.values[spec.group]["place_id"] = ref if kind == cell_values.PLACE else None

    def _relative(self, draft: Draft, spec: Spec, text: str, describing: Mapping[str, str]) -> None:
        leaning = cell_values.read_leaning(text)
        found = draft.values[spec.group]
        event = self.resolver.must(Event, leaning.event, draft.row, {}, self.how) if leaning.event else None
        place = self.resolver.must(Place, leaning.place, draft.row, {}, self.how) if leaning.place else None
        offset = self.of_value["offset"].read(leaning.offset) if leaning.offset else ""
        found.update(relation=leaning.relation, relative_to_id=event, offset=offset, measured_from_id=place)

    def _value(self, draft: Draft, spec: Spec, text: str, describing: Mapping[str, str]) -> None:
        """The columns of a value by its attribute's type; the attribute's column stands before it."""
        attribute = self.attributes.get(draft.values[spec.group].get("attribute_id", 0))
        if attribute is None:
            if "attribute" not in draft.cells:
                raise Refused("A value needs an “attribute”, which says what it is a value of.")
            return  # what is wrong with the attribute is said already
        kind, found = attribute.type, draft.values[spec.group]
        if kind == "quantity":
            found["amount"] = self._figure("amount", text)
        elif kind == "coordinates":
            for name, degrees in zip(
                ("latitude", "longitude"), cell_values.read_coordinates(text), strict=True
            ):
                if degrees is None:
                    raise Refused(
                        f"{shown(text)} is not a position. Write “latitude; longitude”, as in “44.8333; 147.8333”."
                    )
                found[name] = self._figure(name, str(degrees))
        elif kind == "date":
            found["edtf"] = read_date(self.of_value["edtf"].field, text, self.how)
        else:
            found["text"] = self.of_value["text"].read(text)

    def _figure(self, name: str, text: str) -> Any:
        number(text)
        try:
            return self.of_value[name].read(text)
        except Rounded as reason:
            raise Refused(f"{shown(text)} is finer than is held: six decimals at most.") from reason

    def _named(self, draft: Draft, spec: Spec, text: Any, describing: Mapping[str, str]) -> None:
        """Names of a place in its own row: one, or a list (divided by commas where there is no semicolon)."""
        items = [text] if spec.how == "name" else self._items(text)
        if spec.how == "names" and not self.mapped.canonical and isinstance(text, str) and len(items) == 1:
            items = [item for part in text.split(",") if (item := part.strip())]
        take = reader(spec.field, self.how)
        found = draft.values[spec.group].setdefault("texts", [])
        found.extend(item for item in map(take.read, items) if item not in found)

    def _name_language(self, draft: Draft, spec: Spec, text: str, describing: Mapping[str, str]) -> None:
        draft.values[spec.group]["language"] = reader(spec.field, self.how).read(text)


_VALUE_FIELDS = ("edtf", "amount", "latitude", "longitude", "text", "offset")
_COMPOUNDS = {
    "several": SheetReader._several,
    "authors": SheetReader._authors,
    "used_by": SheetReader._used_by,
    "about": SheetReader._about,
    "relative": SheetReader._relative,
    "value": SheetReader._value,
    "name": SheetReader._named,
    "names": SheetReader._named,
    "name_language": SheetReader._name_language,
}


def empty(model_field: models.Field) -> Any:
    """What a cleared field holds: nothing, or its default where it cannot be without. Raises Refused."""
    if model_field.null:
        return None
    if model_field.blank:
        return ""
    if model_field.has_default():
        return model_field.get_default()
    raise Refused(f"“-” clears a field, and “{model_field.name}” cannot be empty.")


def cell_texts(row: FileRow, describing: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, str]]:
    """What other columns say of the records that references may make."""
    found: dict[str, dict[str, str]] = {}
    for reference, described in describing.items():
        texts = {n: text_of(row.values[i]).strip() for n, i in described.items() if i < len(row.values)}
        found[reference] = {name: text for name, text in texts.items() if text and text != CLEAR}
    return found


def first_texts(rows: Sequence[FileRow], width: int) -> dict[int, list[str]]:
    """Some texts of each column."""
    return {
        index: [
            text_of(row.values[index])
            for row in rows
            if index < len(row.values) and row.values[index] is not None
        ]
        for index in range(width)
    }
