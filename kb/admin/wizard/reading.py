"""What is in the files of an import, read once and kept: sheets, headers, samples, and how they were read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from kb.admin.wizard import files
from kb.models import ImportJob
from kb.spreadsheets import flow
from kb.spreadsheets.choices import MappingError
from kb.spreadsheets.mapping import SAMPLE
from kb.spreadsheets.reading import Limits, Note, ReadOptions, Sheet, Unreadable, Workbook, text_of

#: What is kept of a cell for guessing, and how much of it and how many cells a page shows.
CELL, SHOWN, SHOWN_CELLS = 300, 80, 3


def options_of(told: dict[str, Any]) -> ReadOptions:
    """What the editor has said about one file, as the reader takes it."""
    rows = {name: tuple(numbers) for name, numbers in told.get("header_rows", {}).items()}
    return ReadOptions(
        encoding=told.get("encoding") or None,
        delimiter=told.get("delimiter") or None,
        quoting=told.get("quoting"),
        header_rows=rows or None,
    )


def read_all(job: ImportJob) -> list[Workbook]:
    """Every file of the import, read. Raises Unreadable, naming the file, and Gone."""
    limits = Limits.from_settings()
    books = []
    for number, file in enumerate(job.files):
        options = options_of(job.options.get(str(number), {}))
        try:
            with files.path(job, number).open("rb") as kept:
                book = flow.read_workbook(kept, file_name=file["name"], options=options, limits=limits)
        except Unreadable as reason:
            message = f"“{file['name']}”: {reason.message}" if len(job.files) > 1 else reason.message
            raise Unreadable(message, sheet=reason.sheet, cell=reason.cell) from reason
        if book.sha256 != file["sha256"]:
            raise files.Gone(f"“{file['name']}” is not the file that you brought any more. Bring it again.")
        books.append(book)
    return books


def joined(books: list[Workbook]) -> Workbook:
    """Several files as one workbook; sheets of the same name are told apart by their files'."""
    sheets = tuple(sheet for _, _, sheet in named_sheets(books))
    if len(books) == 1:
        return replace(books[0], sheets=sheets)
    digest = hashlib.sha256("".join(book.sha256 for book in books).encode()).hexdigest()
    notes = tuple(
        Note(note.kind, f"{book.file_name}: {note.message}", note.sheet, note.place)
        for book in books
        for note in book.notes
    )
    name = ", ".join(book.file_name for book in books)
    return replace(books[0], file_name=name, sha256=digest, sheets=sheets, notes=notes)


def named_sheets(books: list[Workbook]) -> Iterator[tuple[int, str, Sheet]]:
    """Each sheet under a name of its own: its file's number, its name in that file, and the sheet.

    Delimited text has no name but its file's.
    """
    taken: set[str] = set()
    for number, book in enumerate(books):
        for sheet in book.sheets:
            name = flow.called(book, sheet)
            if name in taken:
                name = f"{name} ({book.file_name})"
            while name in taken:
                name = f"{name} +"
            taken.add(name)
            yield number, sheet.name, sheet if name == sheet.name else replace(sheet, name=name)


def look(job: ImportJob) -> dict[str, Any]:
    """Read the files and keep what the pages show of them. Raises Unreadable and Gone."""
    books = read_all(job)
    book = joined(books)
    try:
        guessed = {table.name: table.mapped.sheet.name for table in flow.tables(book)[0]}
    except MappingError:
        guessed = {}
    found = {
        "files": [_file(one) for one in books],
        "sheets": [
            {**_sheet(sheet), "file": number, "own_name": own, "guess": guessed.get(sheet.name, "")}
            for number, own, sheet in named_sheets(books)
            if sheet.read and len(sheet.everything)
        ],
    }
    files.write(files.folder(job) / "look.json", json.dumps(found).encode())
    return found


def looked(job: ImportJob) -> dict[str, Any]:
    """What `look` has kept. Raises Gone."""
    try:
        found: dict[str, Any] = json.loads((files.folder(job) / "look.json").read_bytes())
    except FileNotFoundError as reason:
        raise files.Gone("The file is no longer kept here. Bring it again.") from reason
    return found


def _file(book: Workbook) -> dict[str, Any]:
    return {
        "name": book.file_name,
        "format": book.format,
        "encoding": book.encoding,
        "encoding_sure": book.encoding_sure,
        "encoding_others": list(book.encoding_others),
        "delimiter": book.delimiter,
        "notes": [note.message for note in book.notes],
    }


def _sheet(sheet: Sheet) -> dict[str, Any]:
    rows = list(islice(sheet.rows, SAMPLE))
    texts = {
        str(index): [text_of(row.values[index])[:CELL] for row in rows if _there(row.values, index)]
        for index in range(sheet.width)
    }
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "rows": len(sheet.rows),
        "header": list(sheet.header.rows),
        "sure": sheet.header.sure,
        "columns": [
            {"header": c.header, "letter": c.letter, "hidden": c.hidden, "calculated": c.calculated}
            for c in sheet.columns
        ],
        "texts": texts,
        "notes": [note.message for note in sheet.notes],
    }


def _there(values: tuple[Any, ...], index: int) -> bool:
    return index < len(values) and values[index] is not None
