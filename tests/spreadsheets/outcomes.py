"""What reading a file gave, as one line of `tests/data/reading_outcomes.tsv`.

`python -m tests.spreadsheets.outcomes FILE…` prints the lines for files, to be looked at before they are kept.
"""

import sys
from pathlib import Path
from typing import NamedTuple

from kb.spreadsheets.reading import Limits, Sheet, Unreadable, read

TABLE = Path(__file__).resolve().parents[1] / "data" / "reading_outcomes.tsv"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


class Outcome(NamedTuple):
    """The columns of the table.

    `sheets`: name, rows below the header × columns, header rows; hidden ones in brackets. `cells`: first and last
    cell of the data, as text with their types. `odd`: the marks of cells. `notes`: their kinds.
    """

    file: str
    outcome: str
    sheets: str = ""
    cells: str = ""
    odd: str = ""
    notes: str = ""


def of(path: Path, name: str) -> Outcome:
    try:
        book = read(path, limits=Limits())
    except Unreadable as refusal:
        return Outcome(name, f"refused: {refusal}")
    described = [
        f"{f'({sheet.name})' if sheet.hidden else sheet.name} {len(sheet.rows)}×{sheet.width}"
        f" header {','.join(map(str, sheet.header.rows)) or 'none'}"
        for sheet in book.sheets
    ]
    how = " ".join(part for part in (book.format, book.encoding, repr(book.delimiter)[1:-1]) if part)
    kinds = dict.fromkeys(note.kind for note in book.all_notes if note.kind != "header")
    return Outcome(
        name,
        f"read: {how}",
        "; ".join(described),
        "; ".join(cell for sheet in book.sheets for cell in cells(sheet))[:300],
        "; ".join(mark for sheet in book.sheets for mark in marks(sheet))[:300],
        ", ".join(kinds),
    )


def cells(sheet: Sheet) -> list[str]:
    """The first cell and the last of the rows below the header."""
    if not sheet.rows:
        return []
    found = []
    for row, column in ((sheet.rows[0], 0), (sheet.rows[-1], len(sheet.rows[-1].values) - 1)):
        if row.values:
            value = row.value(column)
            text = (
                row.text(column).replace("\t", "→").replace("\n", "↵").replace("\r", "␍").replace("\0", "␀")
            )
            found.append(f"{row.coordinate(column)}={text[:60]} {type(value).__name__}")
    return list(dict.fromkeys(found))


def marks(sheet: Sheet) -> list[str]:
    return [
        f"{row.coordinate(column)} {mark}" for row in sheet.everything for column, mark in row.marks.items()
    ][:8]


def table() -> dict[str, Outcome]:
    lines = TABLE.read_text(encoding="utf-8").rstrip("\n").split("\n")[1:]
    return {line.split("\t")[0]: Outcome(*line.split("\t")) for line in lines}


if __name__ == "__main__":
    for given in sys.argv[1:]:
        path = Path(given)
        sys.stdout.write("\t".join(of(path, str(path))) + "\n")
