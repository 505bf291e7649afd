"""Their columns → ours: by name, by what others call them, by letter, by content, or not at all.

A column maps right or stays unmapped: a header that could mean two of ours maps to neither, and one whose cells are
nothing of the kind (a “date” column of names) is left to the editor.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from kb.editorial.folding import fold
from kb.spreadsheets import synonyms
from kb.spreadsheets.columns import TRIGGERS, all_columns, specs
from kb.spreadsheets.layout import BY_NAME, SHEETS, Sheet
from kb.spreadsheets.reading.cells import column_number, letters
from kb.spreadsheets.recognising import by_content, tells_nothing

#: How alike two spellings are to be taken for one, and from which length on: a slip of the pen, not another word.
ALIKE, LONG_ENOUGH, AHEAD = 0.92, 8, 0.03
#: Of a sample of a column's cells, how many have to be of the column's kind.
FITTING, SAMPLE = 0.6, 200

_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_BESIDE = re.compile(r"[\W_]+")


class MappingError(ValueError):
    """A mapping that cannot be; the message says what would be right."""


@dataclass(frozen=True)
class Match:
    """What became of one of their columns.

    `column` is ours, or "". `how` is *exact*, *synonym*, *similar*, *content*, *given* or left *out* (by the
    editor or a profile), or *none*;
    `why` says for a column that stays unmapped what stood in the way.
    """

    index: int
    header: str
    column: str = ""
    how: str = "none"
    why: str = ""

    @property
    def letter(self) -> str:
        return letters(self.index)


@dataclass(frozen=True)
class Choices:
    """What an editor decides about a file, or a profile keeps: plain values, in JSON as they stand here.

    `columns` is header or letter → our column ("" leaves the column out); `constants` our column → what every row has
    there; `values` our column → theirs → ours; `create` the sheets whose records may be made from names that are not
    known. A column of ours may be `reference.field` (`review_source.title`): it describes the record that is made
    for a reference.
    """

    into: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    day_first: bool | None = None
    create: frozenset[str] = frozenset()

    def over(self, other: Choices) -> Choices:
        """These choices, and where they say nothing the other's."""
        values = {name: dict(pairs) for name, pairs in other.values.items()}
        for name, pairs in self.values.items():
            values.setdefault(name, {}).update(pairs)
        return Choices(
            into=self.into or other.into,
            columns={**other.columns, **self.columns},
            constants={**other.constants, **self.constants},
            values=values,
            day_first=other.day_first if self.day_first is None else self.day_first,
            create=self.create | other.create,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "into": self.into,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "values": {name: dict(pairs) for name, pairs in self.values.items()},
            "day_first": self.day_first,
            "create": sorted(self.create),
        }

    @classmethod
    def from_json(cls, data: Any) -> Choices:
        """Raises MappingError where the data is no profile."""
        try:
            made = cls(
                into=str(data.get("into", "")),
                columns={str(k): str(v) for k, v in data.get("columns", {}).items()},
                constants={str(k): str(v) for k, v in data.get("constants", {}).items()},
                values={
                    str(name): {str(k): str(v) for k, v in pairs.items()}
                    for name, pairs in data.get("values", {}).items()
                },
                day_first=data.get("day_first"),
                create=frozenset(map(str, data.get("create", ()))),
            )
        except (AttributeError, TypeError, ValueError) as reason:
            raise MappingError(
                "This is not a profile: it is an object with “columns” and the like."
            ) from reason
        if made.day_first not in (None, True, False):
            raise MappingError("“day_first” is true, false or null.")
        made.check()
        return made

    def check(self) -> None:
        """Raises MappingError for a sheet that there is not."""
        if self.into:
            sheet_named(self.into)
        for name in self.create:
            sheet_named(name)
            if name not in CREATABLE:
                raise MappingError(
                    f"Records of “{name}” are not made from a name alone. These are: {', '.join(CREATABLE)}."
                )


#: Sheets whose records can be made from a name that stands in a reference.
CREATABLE = ("agents", "topics", "sources", "places", "events")


@dataclass(frozen=True)
class Mapped:
    """A sheet of theirs as one of ours. `positions` is our column → the place of theirs."""

    sheet: Sheet
    matches: tuple[Match, ...]
    positions: Mapping[str, int]
    describing: Mapping[str, Mapping[str, int]]
    constants: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    day_first: bool | None
    create: frozenset[str]
    #: Whether it is of our own making: then a cell's spaces are its own, and its keys are keys.
    canonical: bool

    @property
    def unmapped(self) -> list[Match]:
        return [match for match in self.matches if not match.column]


def plain(text: str) -> str:
    """A header without case, accents, spaces and punctuation."""
    return _BESIDE.sub("", fold(text))


def sheet_named(name: str) -> Sheet:
    """Our sheet of that name. Raises MappingError."""
    found = BY_NAME.get(name)
    if found is None:
        raise MappingError(f"There is no sheet “{name}”. There are: {', '.join(BY_NAME)}.")
    return found


@cache
def _spellings(name: str) -> tuple[dict[str, str], dict[str, set[str]]]:
    """For a sheet: exact spellings → column, and all other words → the columns that they may mean."""
    ours = all_columns(name)
    exact = {plain(column): column for column in ours}
    others: dict[str, set[str]] = {}
    own = synonyms.ON.get(name, {})
    for table in (own, synonyms.ANYWHERE):
        for column, listed in table.items():
            if column not in ours:
                continue
            for word in map(plain, synonyms.words(listed)):
                # A sheet's own word goes before the same word anywhere.
                if (
                    word
                    and word not in exact
                    and (table is own or word not in others or column in others[word])
                ):
                    others.setdefault(word, set()).add(column)
    return exact, others


def recognised(header: str, sheet: Sheet) -> Match:
    """What a header means on a sheet, by its spelling alone."""
    exact, others = _spellings(sheet.name)
    spelt = plain(header)
    if not spelt:
        return Match(0, header)
    if spelt in exact:
        return Match(0, header, exact[spelt], "exact")
    if spelt in others:
        meant = sorted(others[spelt])
        if len(meant) == 1:
            return Match(0, header, meant[0], "synonym")
        return Match(0, header, why=f"It may mean {' or '.join(meant)}.")
    return _similar(header, spelt, exact, others)


def _similar(header: str, spelt: str, exact: Mapping[str, str], others: Mapping[str, set[str]]) -> Match:
    if len(spelt) < LONG_ENOUGH or any(letter.isdigit() for letter in spelt):
        return Match(0, header)
    best: dict[str, float] = {}
    for word, columns in [*((w, {c}) for w, c in exact.items()), *others.items()]:
        if abs(len(word) - len(spelt)) > 2 or len(word) < LONG_ENOUGH - 1:
            continue
        # A slip is within a word. Another ending is another word: “archived”, “attributed”.
        if (word[0], word[-1]) != (spelt[0], spelt[-1]):
            continue
        alike = SequenceMatcher(None, spelt, word, autojunk=False).ratio()
        for column in columns:
            best[column] = max(best.get(column, 0.0), alike)
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < ALIKE or (len(ranked) > 1 and ranked[1][1] > ranked[0][1] - AHEAD):
        return Match(0, header)
    return Match(0, header, ranked[0][0], "similar")


def called(headers: Sequence[str], name: str, width: int) -> int:
    """The place of the column that is called by its header or its letter. Raises MappingError."""
    wanted = name.strip()
    at = [i for i, header in enumerate(headers) if header.strip() == wanted]
    at = at or [i for i, header in enumerate(headers) if header and plain(header) == plain(wanted)]
    if len(at) > 1:
        named = ", ".join(letters(i) for i in at)
        raise MappingError(f"There are several columns “{name}”: call it by its letter, {named}.")
    if at:
        return at[0]
    if _LETTERS.fullmatch(wanted) and column_number(wanted) < max(width, len(headers)):
        return column_number(wanted)
    there = ", ".join(f"“{header}”" for header in headers if header)
    raise MappingError(
        f"There is no column “{name}”. There are: {there or 'columns without headers; use letters'}."
    )


def map_columns(
    sheet: Sheet,
    headers: Sequence[str],
    choices: Choices,
    *,
    samples: Mapping[int, Sequence[str]] | None = None,
    strict: bool = True,
) -> Mapped:
    """Their columns as ours. `samples` are some texts of each column, to see whether they are of its kind.

    `strict`: a column that the choices name has to be there. Raises MappingError.
    """
    width = max(len(headers), max(samples, default=-1) + 1 if samples else 0)
    headers = [*headers, *[""] * (width - len(headers))]
    matches = [replace(recognised(header, sheet), index=i) for i, header in enumerate(headers)]
    canonical = _canonical(sheet, matches)
    matches = _given(sheet, headers, matches, choices, strict)
    matches = [_fitting(sheet, match, (samples or {}).get(match.index, ()), choices) for match in matches]
    matches = [_by_content(sheet, match, (samples or {}).get(match.index, ()), choices) for match in matches]
    matches = _one_each(matches)
    if not canonical:
        matches = _with_what_they_need(sheet, matches, choices)
    for name in choices.constants:
        _known_column(sheet, name)
    positions = {m.column: m.index for m in matches if m.column and "." not in m.column}
    describing: dict[str, dict[str, int]] = {}
    for match in matches:
        reference, _, described = match.column.partition(".")
        if described:
            describing.setdefault(reference, {})[described] = match.index
    return Mapped(
        sheet=sheet,
        matches=tuple(matches),
        positions=positions,
        describing=describing,
        constants=dict(choices.constants),
        values={
            name: {plain_value(k): v for k, v in pairs.items()} for name, pairs in choices.values.items()
        },
        day_first=choices.day_first,
        create=choices.create,
        canonical=canonical,
    )


def plain_value(text: str) -> str:
    """A value as a value map looks it up: without case and outer spaces."""
    return " ".join(text.split()).casefold()


def _canonical(sheet: Sheet, matches: Iterable[Match]) -> bool:
    named = [m for m in matches if m.header.strip()]
    exact = {m.column for m in named if m.how == "exact" and m.header == m.column}
    return bool(named) and len(exact) == len(named) and bool(exact.intersection(sheet.identity))


def _known_column(sheet: Sheet, name: str) -> str:
    reference, dot, _ = name.partition(".")
    if reference not in all_columns(sheet.name):
        there = ", ".join(all_columns(sheet.name))
        raise MappingError(f"The sheet “{sheet.name}” has no column “{name}”. It has: {there}.")
    if dot:
        from kb.spreadsheets.references import (
            described_fields,  # it reads mappings, so it stands above this module
        )

        allowed = described_fields(sheet, reference)
        if name.partition(".")[2] not in allowed:
            words = ", ".join(f"{reference}.{field_name}" for field_name in allowed) or "nothing"
            raise MappingError(f"“{name}” describes no record. It may be: {words}.")
    return name


def _given(
    sheet: Sheet, headers: Sequence[str], matches: list[Match], choices: Choices, strict: bool
) -> list[Match]:
    given: dict[int, str] = {}
    for called_by, column in choices.columns.items():
        if column:
            _known_column(sheet, column)
        try:
            given[called(headers, called_by, len(headers))] = column
        except MappingError:
            if strict:
                raise
    taken = {column for column in given.values() if column}
    found = []
    for match in matches:
        if match.index in given:
            column = given[match.index]
            found.append(replace(match, column=column, how="given" if column else "out", why=""))
        elif match.column in taken or match.column in choices.constants:
            found.append(replace(match, column="", how="none", why=f"“{match.column}” was given otherwise."))
        else:
            found.append(match)
    return found


def _fitting(sheet: Sheet, match: Match, sample: Sequence[str], choices: Choices) -> Match:
    """The match, unless the column's cells say that it is something else."""
    if not match.column or match.how == "given" or match.column in choices.values:
        return match
    if match.how == "exact" and any(c.required for c in sheet.columns if c.name == match.column):
        # Without it every row is refused as if it were empty: its own cells say better what is wrong with them.
        return match
    texts = [text for text in sample if text.strip()][:SAMPLE]
    if not texts:
        return match
    from kb.spreadsheets.fields import looks_like  # it reads layouts and dates; here it only judges

    good = sum(looks_like(sheet, match.column, text.strip()) for text in texts)
    wrong = good == 0 and len(texts) >= 3 if match.how == "exact" else good < FITTING * len(texts)
    if not wrong:
        return match
    why = f"Its cells do not look like “{match.column}”, as in “{texts[0][:40]}”."
    return replace(match, column="", how="none", why=why)


def _by_content(sheet: Sheet, match: Match, sample: Sequence[str], choices: Choices) -> Match:
    """A column that no header tells of, by what its cells can only be."""
    if match.column or match.how == "out" or not tells_nothing(match.header):
        return match
    column = by_content(sheet, sample[:SAMPLE])
    if not column or column in choices.constants:
        return match
    return replace(match, column=column, how="content")


def _one_each(matches: list[Match]) -> list[Match]:
    """Where several of theirs are one of ours, the one that is given, or alone has the name; else none."""
    ranks = ("given", "exact", "synonym", "similar", "content")
    claimed: dict[str, list[Match]] = {}
    for match in matches:
        if match.column:
            claimed.setdefault(match.column, []).append(match)
    lost: dict[int, str] = {}
    for column, several in claimed.items():
        best = min(ranks.index(m.how) for m in several)
        first = [m for m in several if m.how == ranks[best]]
        if len(first) > 1 and ranks[best] == "given":
            raise MappingError(
                f"Two columns were given for “{column}”: {first[0].letter} and {first[1].letter}."
            )
        for match in several:
            if len(first) > 1:
                lost[match.index] = f"Several columns may be “{column}”. Say which one."
            elif match is not first[0]:
                lost[match.index] = f"Column {first[0].letter} is “{column}”."
    return [replace(m, column="", how="none", why=lost[m.index]) if m.index in lost else m for m in matches]


def _with_what_they_need(sheet: Sheet, matches: list[Match], choices: Choices) -> list[Match]:
    """Columns of a record in another's row are left out where the column that it cannot be without is not there.

    A “value” that nothing says what it is a value of would refuse every row.
    """
    group_of = {spec.name: spec.group for spec in specs(sheet.name)}
    there = {match.column for match in matches} | set(choices.constants)
    found = []
    for match in matches:
        trigger = TRIGGERS.get(group_of.get(match.column, ""))
        if trigger and match.how != "given" and trigger[0] not in there:
            why = f"“{match.column}” belongs to {trigger[2]}, and no column is “{trigger[0]}”."
            match = replace(match, column="", how="none", why=why)
        found.append(match)
    return found


# --- which sheet it is ----------------------------------------------------------------------------------------------


def sheet_by_name(name: str) -> Sheet | None:
    """Our sheet that one of theirs is named after."""
    spelt = plain(name)
    for sheet in SHEETS:
        if spelt == plain(sheet.name) or spelt in map(
            plain, synonyms.words(synonyms.SHEETS.get(sheet.name, ""))
        ):
            return sheet
    return None


def sheet_by_columns(headers: Sequence[str], samples: Mapping[int, Sequence[str]]) -> Sheet | None:
    """The one sheet of ours that has these columns; None where none or several might."""
    ranked = []
    for sheet in SHEETS:
        mapped = map_columns(sheet, headers, Choices(), samples=samples, strict=False)
        needed = {c.name for c in sheet.columns if c.required} - {"key", "kind", "type"}
        if needed <= set(mapped.positions) and len(mapped.positions) >= 2:
            ranked.append((len(mapped.positions), sheet.name))
    ranked.sort(reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return BY_NAME[ranked[0][1]]


# --- profiles -------------------------------------------------------------------------------------------------------

SHIPPED = Path(__file__).parent / "profiles"


def shipped_profiles() -> dict[str, Choices]:
    """The profiles that come with Rejoinder, by name."""
    return {
        file.stem: Choices.from_json(json.loads(file.read_text(encoding="utf-8")))
        for file in sorted(SHIPPED.glob("*.json"))
    }


def profile(name: str) -> Choices:
    """A profile that the desk has saved, or else one that is shipped. Raises MappingError."""
    from kb.models import ImportProfile

    saved = ImportProfile.objects.filter(name=name).first()
    if saved is not None:
        return Choices.from_json(saved.mapping)
    shipped = shipped_profiles()
    if name not in shipped:
        known = [*ImportProfile.objects.values_list("name", flat=True), *shipped]
        raise MappingError(f"There is no profile “{name}”. There are: {', '.join(known) or 'none yet'}.")
    return shipped[name]


def save_profile(name: str, choices: Choices, *, owner: Any = None) -> Any:
    """Keep choices under a name, in place of what it named before. Returns the ImportProfile."""
    from kb.models import ImportProfile

    choices.check()
    saved, _ = ImportProfile.objects.update_or_create(
        name=name, defaults={"mapping": choices.as_json(), "owner": owner}
    )
    return saved
