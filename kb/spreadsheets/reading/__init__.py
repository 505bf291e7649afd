"""Reading spreadsheets: any file that an editor may bring becomes sheets of rows, or is refused with a sentence.

`read` is the one way in. A file is parsed in a process of its own, held to the `Limits` by the operating system; what
comes back are plain values. What is detected — encoding, delimiter, quoting, header — can be told instead by
`ReadOptions`. `docs/reading-spreadsheets.md` says what is read how, and why.
"""

from kb.spreadsheets.reading.cells import Mark, Value, column_number, coordinate, letters, text_of
from kb.spreadsheets.reading.headers import Header
from kb.spreadsheets.reading.limits import Limits, Unreadable
from kb.spreadsheets.reading.process import ReadOptions, read
from kb.spreadsheets.reading.results import Column, Note, Row, Rows, Sheet, Workbook

__all__ = [
    "Column",
    "Header",
    "Limits",
    "Mark",
    "Note",
    "ReadOptions",
    "Row",
    "Rows",
    "Sheet",
    "Unreadable",
    "Value",
    "Workbook",
    "column_number",
    "coordinate",
    "letters",
    "read",
    "text_of",
]
