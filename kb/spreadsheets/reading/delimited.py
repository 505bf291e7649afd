"""Delimited text: csv, tsv and what calls itself so. Every value is text, as it stands.

No row is lost to a quotation mark: what would be swallowed by one that is never closed is read as rows, and the row
that has it is marked.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from kb.spreadsheets.reading.cells import LAST_ROW, Mark
from kb.spreadsheets.reading.collecting import Collector
from kb.spreadsheets.reading.encodings import detect
from kb.spreadsheets.reading.limits import Limits, Unreadable, amount

DELIMITERS = ",;\t|"
UNDIVIDED = ""
"""The delimiter of a text of one column, in which commas and semicolons are only punctuation."""
DIVIDED = 0.5
"""What a delimiter must reach at least where most of those in the text are followed by a blank, as in prose."""
SAMPLE_ROWS = 200
SAMPLE_CHARACTERS = 400_000
# How far a cell may go on: lines, and quotation marks that could have ended it and did not.
CELL_LINES = 5_000
CELL_ATTEMPTS = 500
# A record of no more lines than this is what it says; a longer one is looked at.
LINES_WITHOUT_DOUBT = 3

Record = tuple[list[str], bool]
"""The fields of a record, and whether a stray quotation mark stood in it."""


def read_delimited(
    data: bytes,
    collector: Collector,
    limits: Limits,
    *,
    name: str = "",
    encoding: str | None = None,
    delimiter: str | None = None,
    quoting: bool | None = None,
    prefers_tabs: bool = False,
) -> None:
    """Read one table of text; what is None is detected. Raises Unreadable.

    What was detected goes to `collector.details`: encoding, encoding_sure, encoding_others, delimiter, quoting.
    """
    text = _decoded(data, collector, encoding)
    csv.field_size_limit(max(limits.characters, 131_072))
    # A cell starts with `sep=` where Excel was told the delimiter so; the line is no row.
    if text[:4].lower() == "sep=" and len(text) > 5 and text[5] in "\r\n":
        delimiter, text = delimiter or text[4], text[6:].removeprefix("\n")
    sample = text[:SAMPLE_CHARACTERS]
    if delimiter is None:
        delimiter = _delimiter(sample, "\t" if prefers_tabs else ",")
    if quoting is None:
        quoting = _is_quoted(sample, delimiter)
    collector.details.update(delimiter=delimiter, quoting=quoting)
    collector.start(name)
    if not quoting and '"' in text:
        collector.note(
            "quotation marks",
            "Quotation marks in this file do not enclose cells; they were read as letters, like all others.",
        )
    stray: list[int] = []
    for row, (fields, odd) in enumerate(_records(text, delimiter, quoting), 1):
        if row > LAST_ROW:
            collector.check_rows(row)
        marks = {0: str(Mark.QUOTE)} if odd else None
        if odd:
            stray.append(row)
        collector.row(row, [field or None for field in fields], marks)
    collector.finish()
    if stray:
        collector.note(
            "quotation mark",
            f"{amount(len(stray))} row(s) have a quotation mark that is not closed where the cell ends, the first in "
            f"row {stray[0]}. The mark was read as a letter; see whether those rows are divided right.",
            f"{stray[0]}",
        )


# --- encoding ------------------------------------------------------------------------------------------------------


def _decoded(data: bytes, collector: Collector, encoding: str | None) -> str:
    if encoding is not None:
        try:
            name = codecs.lookup(encoding).name
            text = data.decode("utf-8-sig" if name == "utf-8" else name)
        except LookupError as reason:
            raise Unreadable(f"“{encoding}” is no encoding that is known here.") from reason
        except UnicodeDecodeError as reason:
            line = data[: reason.start].count(b"\n") + 1
            raise Unreadable(
                f"The text is not in {encoding}: line {amount(line)} has letters that do not exist in it."
            ) from reason
        collector.details.update(encoding=encoding, encoding_sure=True, encoding_others=())
        return text.removeprefix("\ufeff")
    found = detect(data)
    if found is None:
        raise Unreadable(
            "This is no text in any encoding that is known here. If it is a table, save it as .xlsx, or as CSV "
            "in UTF-8."
        )
    collector.details.update(
        encoding=found.name, encoding_sure=found.sure, encoding_others=() if found.sure else found.others
    )
    if not found.sure:
        collector.notes.append(
            (
                "encoding",
                f"The letters look like {found.name}, but the file does not say so, and it could be "
                f"{' or '.join(found.others) or 'another'}. See whether names and accents are right.",
                "",
            )
        )
    return data.decode(found.name)


# --- shape ---------------------------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends, whichever of the three they are."""
    return iter(io.StringIO(text, newline=""))


def _delimiter(sample: str, favourite: str) -> str:
    """The delimiter that divides most rows into the same number of fields, more than one; UNDIVIDED if none does."""
    best, best_score = favourite, 0.0
    for candidate in sorted(DELIMITERS, key=lambda one: one != favourite):
        counts = Counter(
            len(fields) for fields, _ in islice(_records(sample, candidate, True), SAMPLE_ROWS) if any(fields)
        )
        # Titles and notes above a table have one field: they say nothing against a delimiter.
        divided = {width: count for width, count in counts.items() if width > 1}
        if not divided:
            continue
        width, count = max(divided.items(), key=lambda item: (item[1], item[0]))
        regular = count / sum(divided.values())
        covered = sum(divided.values()) / sum(counts.values())
        score = regular * covered * (1 + min(width, 20) / 40) * (1.15 if candidate == favourite else 1)
        if score > best_score:
            best, best_score = candidate, score
    prose = sample.count(best + " ") * 2 > sample.count(best)
    return UNDIVIDED if best_score < DIVIDED and prose else best


def _is_quoted(sample: str, delimiter: str) -> bool:
    """Whether quotation marks enclose cells, or are letters, as they are in many tab-separated files."""
    if delimiter != "\t" or '"' not in sample:
        return True
    lines = [line.rstrip("\r\n") for line in islice(_lines(sample), SAMPLE_ROWS * 5)]
    widths = {line.count(delimiter) for line in lines if line.strip()}
    records = list(islice(_records(sample, delimiter, True), SAMPLE_ROWS * 5))
    stray = sum(odd for _, odd in records)
    spanning = sum("\n" in field or "\r" in field for fields, _ in records for field in fields)
    if len(widths) == 1 and (stray or spanning):
        # Every line by itself is a whole row: the marks divide nothing.
        return False
    return stray * 10 <= len(records)


# --- records -------------------------------------------------------------------------------------------------------


def _records(text: str, delimiter: str, quoting: bool) -> Iterator[Record]:
    """The records of a text, blank ones included."""
    if not delimiter:
        delimiter = "\0" if "\0" not in text else "\x1f"
    if not quoting:
        for line in _lines(text):
            yield line.rstrip("\r\n").split(delimiter), False
        return
    if _is_well_formed(text, delimiter):
        for fields in csv.reader(_lines(text), delimiter=delimiter, strict=True):
            yield fields, False
        return
    yield from _quoted(_lines(text), delimiter)


def _is_well_formed(text: str, delimiter: str) -> bool:
    """Whether every mark is closed, and no cell is so long that it may be rows run together: most files are so."""
    if '"' not in text:
        return True
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    line = 0
    try:
        for _ in reader:
            if reader.line_num - line > LINES_WITHOUT_DOUBT:
                return False
            line = reader.line_num
    except csv.Error:
        return False
    return True


def _quoted(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    """Records in which cells may be enclosed; a record that is not well-formed is read as its first line alone."""
    waiting: list[str] = []
    width = 0
    while True:
        line = waiting.pop() if waiting else next(lines, None)
        if line is None:
            return
        if '"' not in line:
            fields = line.rstrip("\r\n").split(delimiter)
            width = width or len(fields)
            yield fields, False
            continue
        taken = [line]
        fields_read = _parse(taken, delimiter)
        attempts = 0
        while fields_read is None and len(taken) < CELL_LINES and attempts < CELL_ATTEMPTS:
            more = waiting.pop() if waiting else next(lines, None)
            if more is None:
                break
            taken.append(more)
            # Only a line with a quotation mark can end the cell.
            if '"' in more:
                attempts += 1
                fields_read = _parse(taken, delimiter)
        if fields_read and not _swallowed(taken, delimiter, width):
            width = width or len(fields_read)
            yield fields_read, False
        else:
            yield line.rstrip("\r\n").split(delimiter), True
            waiting.extend(reversed(taken[1:]))


def _parse(lines: list[str], delimiter: str) -> list[str] | None:
    """The one record of these lines; empty where it is not well-formed, None where it goes on."""
    try:
        return next(csv.reader(iter(lines), delimiter=delimiter, strict=True))
    except csv.Error as reason:
        return None if "unexpected end of data" in str(reason) else []


def _swallowed(lines: list[str], delimiter: str, width: int) -> bool:
    """Whether a cell of many lines is rather many rows, run together by two marks that do not belong together.

    Each line within the cell is then a whole row by itself, which lines of prose are only by chance.
    """
    within = lines[1:-1]
    enough = 2 if width > 2 else 5
    return width > 1 and len(within) >= enough and all(line.count(delimiter) + 1 == width for line in within)
