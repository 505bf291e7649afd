"""What a reading gives: a workbook of sheets of rows, as plain values with their coordinates.

The rows stay packed in an unnamed temporary file, and come out in batches: 100,000 rows cost no more memory than 1,000.
"""

from __future__ import annotations

import io
import os
import pickle
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple, overload

from kb.spreadsheets.reading.cells import Value, coordinate, letters, text_of
from kb.spreadsheets.reading.collecting import ranges
from kb.spreadsheets.reading.headers import Header, header_at
from kb.spreadsheets.reading.limits import amount

NO_MARKS: Mapping[int, str] = MappingProxyType({})
# The types that values are made of; nothing else is unpacked, whatever the parser's process writes.
PLAIN_TYPES = {
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "time"),
    ("datetime", "timedelta"),
    ("decimal", "Decimal"),
}


class Row(NamedTuple):
    """A row with content: its number in the sheet (the first is 1), its values and the marks of its odd cells.

    `values` may be shorter than the sheet is wide: what is not there is blank. `marks` has a `Mark` for each odd column
    (the first is 0). A mark's cell may be None, if the cell is not blank but unknown.
    """

    number: int
    values: tuple[Value, ...]
    marks: Mapping[int, str] = NO_MARKS

    def value(self, column: int) -> Value:
        return self.values[column] if column < len(self.values) else None

    def text(self, column: int) -> str:
        """The cell as an editor sees it."""
        return text_of(self.value(column), self.marks.get(column))

    def coordinate(self, column: int) -> str:
        return coordinate(self.number, column)


class Note(NamedTuple):
    """Something the editor should see. `kind` is a fixed word for programs; `place` a cell or row, or empty."""

    kind: str
    message: str
    sheet: str = ""
    place: str = ""


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in PLAIN_TYPES:
            raise pickle.UnpicklingError(f"{module}.{name} is no plain value")
        return super().find_class(module, name)


def unpacked(packed: bytes) -> Any:
    return _PlainUnpickler(io.BytesIO(packed)).load()


class Rows(Sequence[Row]):
    """The rows of a sheet that have content, in order. Iterating holds one batch of 1,000 in memory.

    Safe to read from several threads.
    """

    def __init__(self, file: BinaryIO, batches: Sequence[tuple[int, int, int]], first: int = 0) -> None:
        self._file = file
        self._batches = batches
        self._first = first
        self._ends = list(accumulate(count for _, _, count in batches))

    def __len__(self) -> int:
        return max(0, (self._ends[-1] if self._ends else 0) - self._first)

    def batches(self) -> Iterator[list[Row]]:
        """The rows, up to 1,000 at a time."""
        skip = self._first
        for index, (_, _, count) in enumerate(self._batches):
            if skip >= count:
                skip -= count
                continue
            rows = self._batch(index)
            yield rows[skip:] if skip else rows
            skip = 0

    def __iter__(self) -> Iterator[Row]:
        for batch in self.batches():
            yield from batch

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        """A row, or a page of rows: only the batches that they are in are unpacked."""
        if isinstance(index, slice):
            return self._slice(*index.indices(len(self)))
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._slice(index, index + 1, 1)[0]

    def _slice(self, start: int, stop: int, step: int) -> list[Row]:
        found: list[Row] = []
        batch, rows, base = -1, [], 0
        for position in range(start + self._first, stop + self._first, step):
            wanted = bisect_right(self._ends, position)
            if wanted != batch:
                batch, rows = wanted, self._batch(wanted)
                base = self._ends[wanted] - len(rows)
            found.append(rows[position - base])
        return found

    def _batch(self, index: int) -> list[Row]:
        offset, length, _ = self._batches[index]
        numbers, values, marks = unpacked(os.pread(self._file.fileno(), length, offset))
        if not marks:
            return list(map(Row, numbers, values))
        return [
            Row(number, row, marks.get(number, NO_MARKS)) for number, row in zip(numbers, values, strict=True)
        ]

    def after(self, count: int) -> Rows:
        """These rows without the first `count`."""
        return Rows(self._file, self._batches, self._first + count)


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its number (the first is 0), its header (empty where it has none), and what is odd about it.

    Headers that occur twice stay two columns; the letter tells them apart.
    """

    index: int
    header: str
    hidden: bool = False
    calculated: int = 0
    """How many of its cells are results of formulas."""

    @property
    def letter(self) -> str:
        return letters(self.index)


@dataclass(frozen=True)
class Sheet:
    """One sheet. `everything` are all its rows with content, `rows` those below the header.

    Rows that are hidden in the file are among both, and in `hidden_rows` as stretches; `is_hidden` asks for one.
    """

    name: str
    hidden: bool
    everything: Rows
    header: Header
    width: int
    merges: tuple[tuple[int, int, int, int], ...] = ()
    """First row, first column, last row, last column of each stretch of merged cells; its first cell has the value."""
    hidden_rows: tuple[tuple[int, int], ...] = ()
    hidden_columns: frozenset[int] = frozenset()
    calculated: Mapping[int, int] = field(default_factory=dict)
    lengths: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """How many rows reach how far to the right, and the first of them."""
    read: bool = True
    """False where it was not among the sheets asked for."""
    parser_notes: tuple[Note, ...] = ()

    @cached_property
    def rows(self) -> Rows:
        last = max(self.header.rows, default=0)
        count = 0
        for batch in self.everything.batches():
            above = sum(row.number <= last for row in batch)
            count += above
            if above < len(batch):
                break
        return self.everything.after(count)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        names = self.header.names
        return tuple(
            Column(
                index,
                names[index] if index < len(names) else "",
                index in self.hidden_columns,
                self.calculated.get(index, 0),
            )
            for index in range(self.width)
        )

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the editor should see of this sheet, beside its rows."""
        return self.parser_notes + tuple(notes_on(self))

    def is_hidden(self, row: int) -> bool:
        place = bisect_right(self.hidden_rows, (row, float("inf"))) - 1
        return place >= 0 and row <= self.hidden_rows[place][1]

    def with_header(self, rows: Sequence[int]) -> Sheet:
        """The same sheet with the header in other rows (numbered from 1), or, given none, without one."""
        return replace(self, header=header_at(self.everything, rows, self.merges, self.width))


@dataclass(frozen=True)
class Workbook:
    """A file as it was read. `format` is xlsx, xlsm, ods, xls, csv, tsv, json or zip; `sha256` is of the file's bytes.

    For delimited text `encoding`, `delimiter` and `quoting` say how it was read; `encoding_others` are encodings that
    fit nearly as well, if there are any.
    """

    file_name: str
    sha256: str
    size: int
    format: str
    sheets: tuple[Sheet, ...]
    notes: tuple[Note, ...] = ()
    encoding: str = ""
    encoding_sure: bool = True
    encoding_others: tuple[str, ...] = ()
    delimiter: str = ""
    quoting: bool = True

    @property
    def by_name(self) -> dict[str, Sheet]:
        return {sheet.name: sheet for sheet in self.sheets}

    @property
    def all_notes(self) -> tuple[Note, ...]:
        return self.notes + tuple(note for sheet in self.sheets for note in sheet.notes)


def sheet_of(facts: Mapping[str, Any], file: BinaryIO, *, header: Header, read: bool) -> Sheet:
    """A sheet from what the parser's process says of it."""
    return Sheet(
        name=facts["name"],
        hidden=facts["hidden"],
        everything=Rows(file, facts["batches"]),
        header=header,
        width=facts["width"],
        merges=tuple(facts["merges"]),
        hidden_rows=tuple(ranges(facts["hidden_rows"])),
        hidden_columns=frozenset(facts["hidden_columns"]),
        calculated=facts["formulas"],
        lengths=facts["lengths"],
        read=read,
        parser_notes=tuple(
            Note(kind, message, facts["name"], place) for kind, message, place in facts["notes"]
        ),
    )


def notes_on(sheet: Sheet) -> Iterator[Note]:
    """What is to be said of a sheet as it is read now: its header, and what the file hides or merges."""

    def note(kind: str, message: str, place: str = "") -> Note:
        return Note(kind, message, sheet.name, place)

    if sheet.hidden:
        yield note("hidden sheet", "This sheet is hidden in the file. It is left out unless you choose it.")
    if sheet.hidden_rows:
        hidden = sum(last - first + 1 for first, last in sheet.hidden_rows)
        yield note(
            "hidden rows",
            f"{amount(hidden)} row(s) are hidden in the file (by hand or by a filter), the first is row "
            f"{sheet.hidden_rows[0][0]}.",
            f"{sheet.hidden_rows[0][0]}",
        )
    if hidden_columns := [column for column in sheet.columns if column.hidden]:
        yield note(
            "hidden columns", f"Columns hidden in the file: {', '.join(c.letter for c in hidden_columns)}."
        )
    if not sheet.header.rows and sheet.everything:
        yield note("no header", "No header was found; the columns are called by their letters.")
    elif sheet.header.rows and not sheet.header.sure:
        yield note(
            "header",
            f"Row {sheet.header.rows[0]} was taken for the header, but may be data.",
            f"{sheet.header.rows[0]}",
        )
    if sheet.header.above:
        yield note(
            "rows above", f"{amount(sheet.header.above)} row(s) above the header are not part of the table."
        )
    yield from _of_columns(sheet, note)


def _of_columns(sheet: Sheet, note: Callable[..., Note]) -> Iterator[Note]:
    headers = Counter(column.header for column in sheet.columns if column.header)
    for header, count in headers.items():
        if count > 1:
            which = ", ".join(column.letter for column in sheet.columns if column.header == header)
            yield note("duplicate header", f"The header “{header}” stands over {count} columns: {which}.")
    last = max(sheet.header.rows, default=0)
    body = [merge for merge in sheet.merges if merge[2] > last]
    if body:
        top, left, bottom, right = body[0]
        yield note(
            "merged cells",
            f"{amount(len(body))} stretch(es) of cells are merged, the first is {coordinate(top, left)}:"
            f"{coordinate(bottom, right)}. The value counts for its first cell alone; the others are blank.",
            coordinate(top, left),
        )
    named = len(sheet.header.names)
    longer = [
        (first, count) for length, (count, first) in sheet.lengths.items() if length > named and first > last
    ]
    if sheet.header.rows and longer:
        first = min(first for first, _ in longer)
        yield note(
            "long row",
            f"{amount(sum(count for _, count in longer))} row(s) go on to the right of the last header, the first is "
            f"row {first}.",
            coordinate(first, named),
        )
    if calculated := [column.letter for column in sheet.columns if column.calculated]:
        yield note(
            "formulas",
            f"Cells in {', '.join(calculated)} are calculated. What counts is the result that the spreadsheet "
            "program kept.",
        )
