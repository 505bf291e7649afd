"""What the editor decides about each sheet: into which of ours, which column is which, what every row has, and so on.

A decision is kept as plain values under the sheet's name; `choices_of` makes of it what planning takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import QueryDict

from kb.admin.wizard.reading import SHOWN, SHOWN_CELLS
from kb.spreadsheets.choices import CREATABLE, Choices, MappingError, profile, sheet_named
from kb.spreadsheets.columns import all_columns, specs
from kb.spreadsheets.layout import BY_NAME, SHEETS
from kb.spreadsheets.mapping import called, map_columns, plain_value
from kb.spreadsheets.references import described_fields

#: Empty lines for constants and values beyond those that are filled.
SPARE = 2
#: So many different texts of a column are offered to be translated.
VALUES = 12
#: Columns on one page: beyond this, sheets are looked at one by one.
ON_A_PAGE = 300
DAY_FIRST = {"": None, "day": True, "month": False}

Decision = dict[str, Any]
Look = Mapping[str, Any]


def guessed(sheet: Look, into: str, told: Choices | None = None) -> Decision:
    """The decision that the headers and cells of a sheet suggest, or a profile."""
    told = told or Choices()
    decision: Decision = {
        "into": into,
        "columns": {},
        "how": {},
        "why": {},
        "constants": [[name, text] for name, text in told.constants.items()],
        "values": [
            [name, theirs, ours] for name, pairs in told.values.items() for theirs, ours in pairs.items()
        ],
        "day_first": told.day_first,
        "create": sorted(told.create),
    }
    if into:
        texts = {int(index): found for index, found in sheet["texts"].items()}
        mapped = map_columns(sheet_named(into), headers(sheet), told, samples=texts, strict=False)
        for match in mapped.matches:
            decision["columns"][str(match.index)] = match.column
            decision["how"][str(match.index)] = match.how
            decision["why"][str(match.index)] = match.why
    return decision


def by_profile(sheet: Look, name: str, into: str) -> Decision:
    """The decision as a profile has it. Raises MappingError."""
    told = profile(name)
    target = told.into or into
    if not target:
        raise MappingError(f"The profile “{name}” does not say what the rows are. Choose that first.")
    return guessed(sheet, target, told)


def headers(sheet: Look) -> list[str]:
    return [column["header"] for column in sheet["columns"]]


def header_text(sheet: Look) -> str:
    """The rows of the header as the page writes them."""
    return ",".join(map(str, sheet["header"])) or "none"


def choices_of(sheet: Look, decision: Decision) -> Choices:
    """A decision as planning takes it, every column named. Raises MappingError."""
    names = headers(sheet)
    values: dict[str, dict[str, str]] = {}
    for column, theirs, ours in decision["values"]:
        if column and theirs and ours:
            values.setdefault(column, {})[theirs] = ours
    return Choices(
        into=decision["into"],
        columns={_called(names, sheet, int(index)): column for index, column in decision["columns"].items()},
        constants={column: text for column, text in decision["constants"] if column and text},
        values=values,
        day_first=decision["day_first"],
        create=frozenset(decision["create"]),
    )


def _called(names: list[str], sheet: Look, index: int) -> str:
    """The header or letter by which a column, and no other, is called."""
    for name in (names[index], sheet["columns"][index]["letter"]):
        try:
            if name.strip() and called(names, name, len(names)) == index:
                return name
        except MappingError:
            continue
    raise MappingError(
        f"Column {sheet['columns'][index]['letter']} of “{sheet['name']}” cannot be told from another with the same "
        "header. Give one of them another header in the file."
    )


def posted(sheet: Look, number: int, before: Decision, data: QueryDict) -> Decision:
    """The decision that a form holds for one sheet; a new guess where the rows are to be something else."""
    into = data.get(f"s{number}-into", "")
    if into not in BY_NAME:
        into = ""
    if into != before["into"]:
        return guessed(sheet, into)
    offered = set(allowed(into)) if into else set()
    decision = {**before, "columns": {}, "constants": [], "values": []}
    for index in map(str, range(len(sheet["columns"]))):
        old = before["columns"].get(index, "")
        column = data.get(f"s{number}-c{index}", old)
        decision["columns"][index] = column if column in offered else ""
        if column != old:
            decision["how"] = {**decision["how"], index: "given" if column else "none"}
            decision["why"] = {**decision["why"], index: ""}
    columns, texts = data.getlist(f"s{number}-constant-column"), data.getlist(f"s{number}-constant-text")
    for column, text in zip(columns, texts, strict=False):
        if column in offered and text.strip():
            decision["constants"].append([column, text.strip()])
    lists = [data.getlist(f"s{number}-value-{part}") for part in ("column", "theirs", "ours")]
    for column, theirs, ours in zip(*lists, strict=False):
        if column in offered and theirs.strip() and ours.strip():
            decision["values"].append([column, theirs.strip(), ours.strip()])
    decision["day_first"] = DAY_FIRST.get(data.get(f"s{number}-day_first", ""))
    decision["create"] = [name for name in data.getlist(f"s{number}-create") if name in CREATABLE]
    return decision


@cache
def allowed(into: str) -> tuple[str, ...]:
    """What a column of theirs may be: one of our columns, or something said of what a reference names."""
    return (*all_columns(into), *_describing(into))


@cache
def _describing(into: str) -> tuple[str, ...]:
    return tuple(
        f"{spec.name}.{name}" for spec in specs(into) for name in described_fields(BY_NAME[into], spec.name)
    )


@dataclass
class ColumnShown:
    """One of their columns as the page shows it."""

    index: int
    letter: str
    header: str
    samples: list[str]
    chosen: str
    how: str
    why: str
    hidden: bool
    calculated: int


@dataclass
class SheetShown:
    """One of their sheets as the page shows it. `whole` is False where only its line in the list is shown."""

    number: int
    look: Look
    decision: Decision
    whole: bool

    @property
    def name(self) -> str:
        return str(self.look["name"])

    @property
    def prefix(self) -> str:
        return str(self.number)

    @property
    def target(self) -> str:
        return str(self.decision["into"])

    @property
    def header_text(self) -> str:
        return header_text(self.look)

    @property
    def columns(self) -> Iterator[ColumnShown]:
        for index, column in enumerate(self.look["columns"]):
            texts = [" ".join(text.split()) for text in self.look["texts"].get(str(index), ())]
            samples = list(dict.fromkeys(text for text in texts if text))[:SHOWN_CELLS]
            yield ColumnShown(
                index=index,
                letter=column["letter"],
                header=column["header"],
                samples=[text[:SHOWN] + ("…" if len(text) > SHOWN else "") for text in samples],
                chosen=self.decision["columns"].get(str(index), ""),
                how=self.decision["how"].get(str(index), "none"),
                why=self.decision["why"].get(str(index), ""),
                hidden=column["hidden"],
                calculated=column["calculated"],
            )

    @property
    def options(self) -> list[tuple[str, tuple[str, ...]]]:
        """Our columns for a select, in groups."""
        if not self.target:
            return []
        groups = [(f"{self.target}", all_columns(self.target))]
        if describing := _describing(self.target):
            groups.append(("said of a record that is made for a name", describing))
        return groups

    @property
    def missing(self) -> list[str]:
        """Columns without which no row is created, and which nothing fills. A key is made where there is none."""
        if not self.target:
            return []
        filled = {*self.decision["columns"].values(), *(name for name, _ in self.decision["constants"])}
        return [c.name for c in BY_NAME[self.target].columns if c.required and c.name not in {*filled, "key"}]

    @property
    def constants(self) -> list[list[str]]:
        empty = [[name, ""] for name in self.missing] or [["", ""]] * SPARE
        return [*self.decision["constants"], *empty]

    @property
    def values(self) -> list[list[str]]:
        return [*self.decision["values"], *self._unknown_values(), *[["", "", ""]] * SPARE]

    def _unknown_values(self) -> Iterator[list[str]]:
        """Texts of the sample that are none of ours, where ours are a list."""
        known = {(column, plain_value(theirs)) for column, theirs, _ in self.decision["values"]}
        kinds = {spec.name: spec for spec in specs(self.target)} if self.target else {}
        for index, column in self.decision["columns"].items():
            spec = kinds.get(column)
            if spec is None or spec.how != "plain" or not spec.field.choices:
                continue
            ours = {plain_value(str(text)) for pair in spec.field.flatchoices for text in pair}
            texts = dict.fromkeys(self.look["texts"].get(index, ()))
            unknown = [
                t
                for t in texts
                if t.strip() and plain_value(t) not in ours and (column, plain_value(t)) not in known
            ]
            for text in unknown[:VALUES]:
                yield [column, text, ""]

    @property
    def creatable(self) -> list[tuple[str, bool]]:
        """What may be made from names that stand in this sheet's references."""
        wanted = {model for spec in specs(self.target) for model in spec.refers_to} if self.target else set()
        made = [sheet.name for sheet in SHEETS if sheet.name in CREATABLE and sheet.model in wanted]
        return [(name, name in self.decision["create"]) for name in made]

    @property
    def day_first(self) -> str:
        return {True: "day", False: "month"}.get(self.decision["day_first"], "")


def shown(look: Mapping[str, Any], decisions: Mapping[str, Decision], chosen: str) -> list[SheetShown]:
    """The sheets as the page shows them: all of them whole, or if that is too much, the chosen one."""
    sheets = look["sheets"]
    total = sum(len(sheet["columns"]) for sheet in sheets if decisions[sheet["name"]]["into"])
    number = int(chosen) if chosen.isdecimal() and int(chosen) < len(sheets) else 0
    found = []
    for index, sheet in enumerate(sheets):
        decision = decisions[sheet["name"]]
        found.append(SheetShown(index, sheet, decision, index == number or total <= ON_A_PAGE))
    return found
