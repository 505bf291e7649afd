"""Where the parsers put their rows: bounded, without the blank ones, packed in batches.

Runs in the parser's process. What it writes, `kb.spreadsheets.reading.results` reads.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from kb.editorial.cell_text import file_named
from kb.spreadsheets.reading.beside import Texts
from kb.spreadsheets.reading.cells import (
    CONTROL_CHARACTERS,
    HALVES,
    LAST_ROW,
    Mark,
    Value,
    coordinate,
    letters,
)
from kb.spreadsheets.reading.limits import Limits, Unreadable, amount

BATCH_ROWS = 1_000
MERGES_KEPT = 10_000


@dataclass
class SheetFacts:
    """What is known of a sheet beside its rows. Rows are numbered from 1, columns from 0, ranges are inclusive."""

    name: str
    hidden: bool = False
    rows: int = 0
    width: int = 0
    batches: list[tuple[int, int, int]] = field(default_factory=list)
    """Offset, length and number of rows of each batch in the file."""
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: dict[int, int] = field(default_factory=dict)
    """How many calculated cells each column has."""
    lengths: dict[int, tuple[int, int]] = field(default_factory=dict)
    """How many rows reach how far to the right, and the first of them."""
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    """Kind, message, cell or row."""


class Collector:
    """Takes the rows of one sheet after the other and holds them to the limits."""

    def __init__(self, out: BinaryIO, limits: Limits) -> None:
        self.out = out
        self.limits = limits
        self.sheets: list[SheetFacts] = []
        self.notes: list[tuple[str, str, str]] = []
        self.details: dict[str, object] = {}
        self.sheet = SheetFacts("")
        self.texts: Texts | None = None
        """The files beside the sheets, in a zip."""
        self._rows = 0
        self._characters = 0
        self._numbers: list[int] = []
        self._values: list[list[Value]] = []
        self._marks: dict[int, dict[int, str]] = {}

    def start(self, name: str, *, hidden: bool = False) -> SheetFacts:
        """Begin a sheet. Raises Unreadable where there are too many."""
        if len(self.sheets) >= self.limits.sheets:
            raise Unreadable(
                f"The file has more than {amount(self.limits.sheets)} sheets. "
                "Bring the sheets that matter in a file of their own."
            )
        self.sheet = SheetFacts(HALVES.sub("\ufffd", name), hidden)
        self.sheets.append(self.sheet)
        return self.sheet

    def finish(self) -> None:
        """End the sheet."""
        self._flush()
        self.sheet.width = max(self.sheet.lengths, default=0)

    def note(self, kind: str, message: str, place: str = "") -> None:
        """Something about the sheet that the editor should see."""
        self.sheet.notes.append((kind, message, place))

    def refuse(self, message: str, cell: str = "") -> Unreadable:
        return Unreadable(message, sheet=self.sheet.name, cell=cell)

    def check_column(self, row: int, column: int) -> None:
        """Raises Unreadable where a cell lies beyond the columns that are read, before room is made for it."""
        if column >= self.limits.columns:
            raise self.refuse(
                f"There is a value in column {letters(column)}, and no more than {amount(self.limits.columns)} columns "
                "are read. Delete what is far to the right of the table.",
                coordinate(row, column),
            )

    def check_rows(self, row: int, count: int = 1) -> None:
        """Raises Unreadable where `count` rows from `row` on are more than may be read."""
        if row + count - 1 > LAST_ROW and row > self.limits.rows:
            raise self.refuse(
                f"The file counts rows up to {amount(row + count - 1)}; no sheet has so many.", f"{row}"
            )
        if self._rows + count > self.limits.rows:
            raise self.refuse(too_many_rows(self.limits), f"{row}")

    def row(self, number: int, values: list[Value], marks: dict[int, str] | None = None) -> None:
        """Take a row; one without any value or mark is dropped. Raises Unreadable."""
        while values and values[-1] is None:
            values.pop()
        if not values and not marks:
            return
        length = len(values)
        if marks:
            length = max(length, max(marks) + 1)
        if self._rows >= self.limits.rows:
            self.check_rows(number)
        if length > self.limits.columns:
            self.check_column(number, length - 1)
        self._rows += 1
        count, first = self.sheet.lengths.get(length, (0, number))
        self.sheet.lengths[length] = count + 1, first
        self._numbers.append(number)
        self._values.append(values)
        if marks:
            # As plain text: the reading side unpacks no class of ours.
            self._marks[number] = {column: str(mark) for column, mark in marks.items()}
        if len(self._numbers) >= BATCH_ROWS:
            self._flush()

    def _flush(self) -> None:
        if not self._numbers:
            return
        if self.texts:
            self._take_texts(self.texts)
        texts = [value for row in self._values for value in row if isinstance(value, str)]
        self._check_texts(texts)
        packed = pickle.dumps(
            (self._numbers, [tuple(row) for row in self._values], self._marks),
            protocol=pickle.HIGHEST_PROTOCOL,
        )
        self.sheet.batches.append((self.out.tell(), len(packed), len(self._numbers)))
        self.out.write(packed)
        self.sheet.rows += len(self._numbers)
        self._numbers, self._values, self._marks = [], [], {}

    def _take_texts(self, beside: Texts) -> None:
        """Put the texts of files into the cells that name them."""
        rows = dict(zip(self._numbers, self._values, strict=True))
        for number, column in self._where(file_named):
            row = rows[number]
            try:
                row[column] = beside.of(str(row[column]))
            except Unreadable as refusal:
                raise self.refuse(refusal.message, coordinate(number, column)) from refusal

    def _check_texts(self, texts: list[str]) -> None:
        longest = max(map(len, texts), default=0)
        most = self.limits.text_characters if self.texts else self.limits.cell_characters
        if longest > most:
            row, column = self._where(lambda text: len(text) > most)[0]
            raise self.refuse(
                f"The text of this cell has {amount(longest)} characters, and no more than "
                f"{amount(most)} are read. Shorten it.",
                coordinate(row, column),
            )
        together = "\n".join(texts)
        self._characters += len(together)
        if self._characters > self.limits.characters:
            raise self.refuse(
                f"The file holds more than {amount(self.limits.characters)} characters of text. Divide it.",
                f"{self._numbers[0]}",
            )
        if HALVES.search(together):
            self._mend()
        if CONTROL_CHARACTERS.search(together):
            for row, column in self._where(lambda text: CONTROL_CHARACTERS.search(text) is not None):
                self._marks.setdefault(row, {}).setdefault(column, str(Mark.CONTROL))

    def _mend(self) -> None:
        """Put a sign in place of half characters, and mark their cells."""
        rows = dict(zip(self._numbers, self._values, strict=True))
        for number, column in self._where(lambda text: HALVES.search(text) is not None):
            rows[number][column] = HALVES.sub("\ufffd", str(rows[number][column]))
            self._marks.setdefault(number, {})[column] = str(Mark.HALVED)

    def _where(self, fits) -> list[tuple[int, int]]:  # type: ignore[no-untyped-def]
        return [
            (number, column)
            for number, row in zip(self._numbers, self._values, strict=True)
            for column, value in enumerate(row)
            if isinstance(value, str) and fits(value)
        ]


def too_many_rows(limits: Limits) -> str:
    most = amount(limits.rows)
    return (
        f"The file has more than {most} rows. Divide it, or ask whoever runs the site to raise IMPORT_ROWS."
    )


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as stretches: 3, 4, 5, 9 is (3, 5), (9, 9)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
