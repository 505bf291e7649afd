"""The law of a cell's text: how what a field holds is written into a cell, and read out of it.

It is the same for every format, so that a sheet can go from one to another.

- A blank cell (nothing but white space) says nothing: on import the field stays as it is. `-` alone clears it.
- `;` divides the items of a list. In a list, `\\;` is the character itself; in any cell, `\\-` is.
- White space at a cell's ends is dropped; where it belongs to the text, a `\\` stands on its outer side.
- A backslash is otherwise an ordinary character, except right before `;`, before `-`, at a cell's beginning before
  one of `= + @` or `file:`, and on the outer side of white space at a cell's ends: there one more is written.
- Control characters that XML cannot hold are written as spreadsheets write them, `_x000B_`, and a text that looks
  like one of those as `_x005F_x000B_` (ECMA-376, 22.4.2.4). Line ends are line feeds; a carriage return is `_x000D_`.
- `file:NAME` says that the cell's text is in a file beside the sheet, since it is longer than a cell holds.

Every text comes back exactly, and so does every list of texts that are not empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

CLEAR = "-"
FILE = "file:"
#: What a cell of a spreadsheet program holds, in UTF-16 code units.
LONGEST = 32_767
#: What makes a spreadsheet program take a csv cell for a formula; the full-width ones do in East Asian settings.
LIVE = "=+-@＝＋－＠"

_CONTROLS = "\x00-\x08\x0b-\x1f\ufffe\uffff"
_CODES = "(?:000[0-8BCDEF]|001[0-9A-F]|FFF[EF]|005F)"
_TO_ENCODE = re.compile(f"[{_CONTROLS}]|_(?=x{_CODES}[_{_CONTROLS}])")
_ENCODED = re.compile(f"_x({_CODES})_")
_SPECIAL = rf"[{re.escape(LIVE)}\s]|{FILE}"
_BACKSLASHES_BEFORE_MARK = re.compile(r"\\+(?=[;-])")
_BACKSLASHES_AT_START = re.compile(rf"\\+(?={_SPECIAL})")
_BACKSLASHES_AT_END = re.compile(r"(?<=\s)\\+\Z")
_ODD = re.compile(rf"\\|[{_CONTROLS}]|_x{_CODES}|\A(?:\s|-\Z|{FILE})|\s\Z")
_ODD_IN_CELL = re.compile(rf"\\|_x{_CODES}_|\A\s|\s\Z")
_UP_TO_SEMICOLON = re.compile(r"(\\*);")
_PLAIN_NUMBER = re.compile(r"-(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


class _Said(str):
    """What a cell says that is no text of its own; compared by identity, since a text may have the same letters."""


#: A cell that empties its field.
CLEARED = _Said(CLEAR)


class Beside(str):
    """A cell whose text is in a file beside the sheet, which it names."""


def read_cell(cell: str) -> str:
    """What a cell of one text says: its text, `CLEARED`, or a `Beside`."""
    bare = cell.strip()
    if bare == CLEAR:
        return CLEARED
    return Beside(bare) if bare.startswith(FILE) and bare != FILE else read_text(cell)


def is_blank(cell: str) -> bool:
    """Whether a cell says nothing."""
    return not cell or cell.isspace()


def is_clear(cell: str) -> bool:
    """Whether a cell says that the field is to be emptied."""
    return cell.strip() == CLEAR


def file_named(cell: str) -> str:
    """The name of the file beside the sheet that holds the cell's text; "" where the cell holds it itself.

    The file holds what the cell would: its text is read as a cell's.
    """
    bare = cell.strip()
    return bare.removeprefix(FILE) if bare.startswith(FILE) else ""


def write_text(text: str) -> str:
    """The cell of a text; "" for none."""
    if not text or not _ODD.search(text):
        return text
    cell = _write_marks(text)
    if cell[0].isspace() or cell == CLEAR or cell.startswith(FILE):
        cell = "\\" + cell
    if cell[-1].isspace() or _BACKSLASHES_AT_END.search(cell):
        cell += "\\"
    return cell


def read_text(cell: str) -> str:
    """The text of a cell; "" for a blank one. Whether the cell clears is to be asked before (`is_clear`)."""
    # Most cells are plain, and asked in their millions.
    if "\\" not in cell and "_x" not in cell:
        return cell.strip()
    if not _ODD_IN_CELL.search(cell):
        return cell
    bare = cell.strip()
    if _BACKSLASHES_AT_END.search(bare):
        bare = bare[:-1]
    return _read_marks(bare)


def write_list(items: Iterable[str]) -> str:
    """The cell of a list. Raises ValueError for an empty item, which could not be told from none."""
    cell = ""
    for item in items:
        if not item:
            raise ValueError("A list holds no empty items.")
        # A lone semicolon has no backslash yet: those that had one were given one more.
        written = _UP_TO_SEMICOLON.sub(lambda found: found[0] if found[1] else "\\;", write_text(item))
        # A space keeps an item's last backslash from the semicolon.
        divider = " ; " if cell.endswith("\\") else "; "
        cell = f"{cell}{divider}{written}" if cell else written
    return cell


def read_list(cell: str) -> list[str]:
    """The items of a list, without blank ones."""
    if "\\" not in cell:
        return [read_text(item) for item in cell.split(";") if not is_blank(item)]
    items, start = [], 0
    for found in _UP_TO_SEMICOLON.finditer(cell):
        if not found[1]:
            items.append(cell[start : found.start()])
            start = found.end()
    items.append(cell[start:])
    return [read_text(item) for item in items if not is_blank(item)]


def protect(cell: str) -> str:
    """A cell for csv, where a spreadsheet program would take some for formulas; it reads as the same text."""
    if cell and cell[0] in LIVE and cell != CLEAR and not _PLAIN_NUMBER.fullmatch(cell):
        return "\\" + cell
    return cell


def too_long(cell: str) -> bool:
    """Whether a cell is longer than a spreadsheet program holds, its own escapes (see `writing.xlsx`) included."""
    if len(cell) <= LONGEST // 7:
        return False
    return len(cell) + sum(c > "\uffff" for c in cell) + 6 * cell.count("_x") > LONGEST


def _write_marks(text: str) -> str:
    cell = _TO_ENCODE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    cell = _BACKSLASHES_BEFORE_MARK.sub(lambda found: found[0] + "\\", cell)
    at_start = _BACKSLASHES_AT_START.match(cell)
    # The minus sign is counted among the marks already.
    if at_start and cell[at_start.end()] != "-":
        cell = "\\" + cell
    return cell


def _read_marks(cell: str) -> str:
    at_start = _BACKSLASHES_AT_START.match(cell)
    if at_start and cell[at_start.end()] != "-":
        cell = cell[1:]
    cell = _BACKSLASHES_BEFORE_MARK.sub(lambda found: found[0][1:], cell)
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), cell)
