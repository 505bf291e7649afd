"""Their columns → ours: by name, by what others call them, by letter, by content, or not at all.

A column maps right or stays unmapped: a header that could mean two of ours maps to neither, and one whose cells are
nothing of the kind (a “date” column of names) is left to the editor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.spreadsheets.choices import Choices, MappingError
from kb.spreadsheets.columns import TRIGGERS, all_columns, specs
from kb.spreadsheets.layout import Sheet
from kb.spreadsheets.reading.cells import column_number, letters
from kb.spreadsheets.recognising import by_content, tells_nothing
from kb.spreadsheets.spelling import Match, plain, recognised

#: Of a sample of a column's cells, how many have to be of the column's kind.
FITTING, SAMPLE = 0.6, 200

_LETTERS = re.compile(r"[A-Za-z]{1,3}")


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
    if not canonical:
        matches = _described(sheet, matches, choices)
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


def _described(sheet: Sheet, matches: list[Match], choices: Choices) -> list[Match]:
    """Columns such as “source_title” and “source_url”, which say of one reference what it is.

    Where another column is the reference, they describe the record that is made for it; else its address is the
    reference, or what it is called, and the rest describes it.
    """
    describing: dict[str, dict[str, Match]] = {}
    for match in matches:
        reference, name = _describes(sheet, match.header)
        if reference and match.how in ("none", "synonym", "similar") and match.column in ("", reference):
            describing.setdefault(reference, {}).setdefault(name, match)
    found = {match.index: match for match in matches}
    for reference, named in describing.items():
        others = {match.index for match in named.values()}
        stands = reference in choices.constants or any(
            m.column == reference and m.index not in others for m in matches
        )
        first = "" if stands else next((name for name in ("url", "title", "name") if name in named), "")
        if not stands and not first:
            continue
        for name, match in named.items():
            column = reference if name == first else f"{reference}.{name}"
            if name == first and match.column == reference or column in choices.columns.values():
                continue
            found[match.index] = replace(match, column=column, how="synonym", why="")
    return [found[match.index] for match in matches]


def _describes(sheet: Sheet, header: str) -> tuple[str, str]:
    """The reference of the sheet, and the field of what it names, that a header is put together from; else ""."""
    from kb.spreadsheets.references import described_fields  # as above

    spelt = plain(header)
    for spec in specs(sheet.name):
        start = plain(spec.name)
        if spec.how == "one" and spelt.startswith(start) and spelt != start:
            for name in described_fields(sheet, spec.name):
                if spelt == start + plain(name):
                    return spec.name, name
    return "", ""


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
