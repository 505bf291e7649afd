"""Where a table's header is: in which rows, or in none, and how sure that is.

People put titles above their tables, headers in two storeys with merged cells, or no header at all. What is found is a
proposal: `sure` says whether to ask, and `header_at` takes the editor's word for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from kb.spreadsheets.reading.cells import Value, text_of

SAMPLE = 60
HIGHEST = 25
"""No header is looked for below this many rows of titles and notes."""
LONG = 80
TALLEST = 8
"""The most rows of one header."""
NUMERIC = re.compile(r"[-+−(]?[\d.,'\s  ]*\d[\d.,'\s  ]*\)?\s*%?")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?([T ].*)?|\d{1,2}:\d{2}(:\d{2})?")
ERROR = re.compile(r"#(N/A|DIV/0!|REF!|NAME\?|VALUE!|NUM!|NULL!|[A-Z_]+!)")
ADDRESS = re.compile(r"(https?://|www\.)\S+|\S+@\S+\.\S+", re.IGNORECASE)

Merge = tuple[int, int, int, int]
Cells = Sequence[Value]


class HasCells(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def values(self) -> tuple[Value, ...]: ...


@dataclass(frozen=True)
class Header:
    """The header's rows (numbered from 1, none where there is no header) and the name of each column.

    A header of two storeys is joined as `Place / Latin name`. `above` counts the rows over it that are no part of the
    table; `sure` is False where an editor should look.
    """

    rows: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    sure: bool = True
    above: int = 0


def detect(
    rows: Iterable[HasCells], merges: Sequence[Merge], width: int, known: Collection[str] = frozenset()
) -> Header:
    """The header of a table by its first rows. `known` are headers, case-folded, that are certainly such."""
    sample = list(islice(rows, SAMPLE + HIGHEST))
    if not sample:
        return Header()
    start = _first_whole_row(sample, width)
    storeys = _storeys(sample, start, merges, width)
    top, bottom = storeys[0], storeys[-1]
    found = _named([sample[index] for index in storeys], merges, width)
    evidence = _evidence(found, sample[bottom].values, [row.values for row in sample[bottom + 1 :]], known)
    if len(storeys) > 1:
        evidence += 2
    if evidence <= -1:
        return Header(sure=evidence <= -2)
    return Header(
        rows=tuple(sample[index].number for index in storeys),
        names=found,
        sure=evidence >= 0.9,
        above=top,
    )


def header_at(rows: Iterable[HasCells], wanted: Sequence[int], merges: Sequence[Merge], width: int) -> Header:
    """The header in the rows that an editor names, which may be none."""
    if not wanted:
        return Header()
    last = max(wanted)
    above = 0
    storeys: list[HasCells] = []
    for row in rows:
        if row.number > last:
            break
        if row.number in wanted:
            storeys.append(row)
        elif not storeys:
            above += 1
    return Header(tuple(sorted(wanted)), _named(storeys, merges, width), True, above)


# --- titles above --------------------------------------------------------------------------------------------------


def _filled(values: Cells) -> list[int]:
    return [index for index, value in enumerate(values) if value is not None and text_of(value).strip()]


def _first_whole_row(sample: Sequence[HasCells], width: int) -> int:
    """The index of the first row that is as full as the table's rows are; titles and notes above are not."""
    counts = [len(_filled(row.values)) for row in sample]
    usual = sorted(counts)[len(counts) // 2] if len(counts) > 2 else max(counts)
    if usual <= 1 and max(counts) > 1:
        usual = Counter(count for count in counts if count > 1).most_common(1)[0][0]
    for index, row in enumerate(sample[: HIGHEST + 1]):
        remark = str(row.values[0] or "").startswith("#") and counts[index] == 1
        if not remark and counts[index] >= max(2 if usual > 1 else 1, usual / 2):
            return index
    return 0


# --- storeys -------------------------------------------------------------------------------------------------------


def _storeys(sample: Sequence[HasCells], start: int, merges: Sequence[Merge], width: int) -> list[int]:
    """The indexes of the header's rows, if the row at `start` is one of them."""
    tall = [merge[2] for merge in merges if merge[0] == sample[start].number and merge[2] > merge[0]]
    if len(tall) > 1 and max(tall) - sample[start].number < TALLEST and sample[-1].number > max(tall):
        return [index for index, row in enumerate(sample) if index >= start and row.number <= max(tall)]
    if start > 0 and _stands_over(sample[start - 1], sample[start], merges, width):
        return [start - 1, start]
    if start + 2 < len(sample) and _stands_over(sample[start], sample[start + 1], merges, width):
        below = [row.values for row in sample[start + 2 :]]
        wide = _wide(sample[start], merges)
        if wide or _stands_apart(sample[start], sample[start + 1], below):
            return [start, start + 1]
    return [start]


def _wide(row: HasCells, merges: Sequence[Merge]) -> list[Merge]:
    """The merged stretches in a row that go over more than one column."""
    return [merge for merge in merges if merge[0] == row.number and merge[3] > merge[1]]


def _stands_over(upper: HasCells, lower: HasCells, merges: Sequence[Merge], width: int) -> bool:
    """Whether the upper row names groups of what the lower one names."""
    over, under = _filled(upper.values), _filled(lower.values)
    if lower.number != upper.number + 1 or len(over) < 1 or not under:
        return False
    if not all(_is_label(upper.values[index]) for index in over):
        return False
    if not all(_is_label(lower.values[index]) for index in under):
        return False
    wide = [merge for merge in _wide(upper, merges) if merge[3] - merge[1] + 1 < width]
    if wide:
        return True
    if len(over) < 2:
        return False
    gaps = {index for index in range(max(over[-1], under[-1]) + 1) if index not in over and index > over[0]}
    # A group's own column is followed by a gap; a column without a group is named once, above or below.
    grouped = gaps | {index for index in over if index + 1 in gaps}
    return bool(gaps & set(under)) and set(under) <= grouped | {index for index in under if index not in over}


def _stands_apart(upper: HasCells, lower: HasCells, below: Sequence[Cells]) -> bool:
    """Whether the lower row is unlike the data below it, where no merged cells say so."""
    names = [text_of(lower.values[index]) for index in _filled(lower.values)]
    if len(set(_filled(upper.values)) & set(_filled(lower.values))) == 0 and len(names) > 1:
        return True
    if len(set(names)) < len(names):  # from, to, from, to
        return True
    return _evidence(tuple(text_of(value) for value in lower.values), lower.values, below, frozenset()) >= 1


def _named(storeys: Sequence[HasCells], merges: Sequence[Merge], width: int) -> tuple[str, ...]:
    """The columns' names, each joined from the storeys above it."""
    lines: list[list[str]] = []
    for depth, row in enumerate(storeys):
        texts = [" ".join(text_of(value).split()) for value in row.values]
        texts += [""] * (width - len(texts))
        if depth < len(storeys) - 1:
            texts = list(
                _spread(texts, row, merges, [_filled(lower.values) for lower in storeys[depth + 1 :]])
            )
        lines.append(texts)
    names = [" / ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*lines, strict=True)]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _spread(
    texts: list[str], row: HasCells, merges: Sequence[Merge], below: list[list[int]]
) -> Iterator[str]:
    """The upper storey, each group's name over all its columns."""
    wide = _wide(row, merges)
    covered = {column for merge in wide for column in range(merge[1] + 1, merge[3] + 1)}
    named_below = {column for filled in below for column in filled}
    last = ""
    for index, text in enumerate(texts):
        if text:
            last = text
            yield text
        elif index in covered or (not wide and index in named_below):
            yield last
        else:
            last = ""
            yield ""


# --- header or data ------------------------------------------------------------------------------------------------


def _is_label(value: Value) -> bool:
    return isinstance(value, str) and len(value) <= LONG and not _is_quantity(value)


def _is_quantity(value: Value) -> bool:
    """A number, a date or an address: as data are, and headers hardly ever."""
    if not isinstance(value, str):
        return value is not None
    text = value.strip()
    return bool(
        NUMERIC.fullmatch(text) or DATE.fullmatch(text) or ERROR.fullmatch(text) or ADDRESS.fullmatch(text)
    )


def _shape(text: str) -> str:
    """The kind of each stretch of characters: `s12-b` is `a9-a`."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip()))


def _evidence(names: Sequence[str], cells: Cells, below: Sequence[Cells], known: Collection[str]) -> float:
    """What speaks for these cells being a header (above 0) or data (below 0)."""
    total = 0.0
    for index in _filled(cells):
        cell = cells[index]
        column = [row[index] for row in below if index < len(row) and row[index] is not None]
        name = names[index].casefold() if index < len(names) else ""
        if name in known:
            total += 3
        elif _is_quantity(cell):
            total -= 2 if not column or sum(map(_is_quantity, column)) * 2 > len(column) else 1
        else:
            total += _of_text(str(cell), column)
    return total


def _of_text(text: str, column: Sequence[Value]) -> float:
    if len(text) > LONG:
        return -1
    if not column:
        return 0.3
    quantities = sum(map(_is_quantity, column))
    if quantities * 2 > len(column):
        return 2
    texts = [text_of(value) for value in column]
    points = 0.2 if re.search(r"\d", text) or len(text) > 30 else 0.4
    if text in texts:
        points -= 1.5
    alike = sum(_shape(other) == _shape(text) for other in texts)
    if re.search(r"\d", text) and alike * 5 > len(texts) * 4:
        points -= 1.5
    if sum(map(len, texts)) / len(texts) > 2 * len(text) + 5:
        points += 1
    return points
