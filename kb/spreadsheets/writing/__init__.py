"""Writing the desk's records to a file: xlsx, ods, json, or csv as a folder, a zip or one file.

A file is written beside its place and then put there, so that nobody finds half of one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.spreadsheets.layout import SHEETS
from kb.spreadsheets.rows import Row
from kb.spreadsheets.writing.archive import pack
from kb.spreadsheets.writing.delimited import README, write_csv, write_folder
from kb.spreadsheets.writing.objects import write_json
from kb.spreadsheets.writing.ods import write_ods
from kb.spreadsheets.writing.tables import TEXTS, Beside, CannotWrite, Table, tables
from kb.spreadsheets.writing.xlsx import write_xlsx

__all__ = ["CannotWrite", "Row", "Table", "Written", "tables", "write"]

FORMATS: dict[str, Callable[[Path, Sequence[Table], Beside], None]] = {
    ".xlsx": write_xlsx,
    ".ods": write_ods,
    ".json": write_json,
    ".csv": write_csv,
}
_OURS = {README, TEXTS, *(f"{sheet.name}.csv" for sheet in SHEETS)}


@dataclass(frozen=True)
class Written:
    """What was written: where, and which texts are in files of their own because no cell holds them."""

    path: Path
    long_texts: tuple[str, ...] = ()


def write(out: Path, found: Sequence[Table]) -> Written:
    """Write tables to `out`, in the format that its ending says; a folder (no ending) or `.zip` is csv.

    What was there is replaced. Where a text is longer than a cell holds, an xlsx, ods or csv file goes into a zip
    with it, `out` and “.zip”, since its texts must stay beside it.
    Raises CannotWrite, and leaves what was there.
    """
    kind = _kind(out, found)
    try:
        with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=f".{out.name}.") as name:
            return _write(out, kind, found, Path(name) / "export")
    except OSError as reason:
        raise CannotWrite(f"“{out}” cannot be written: {reason.strerror or reason}.") from reason


def _kind(out: Path, found: Sequence[Table]) -> str:
    """The format: an ending of `FORMATS`, ".zip", or "" for a folder. Raises CannotWrite."""
    kind = "" if out.is_dir() else out.suffix.lower()
    if kind not in ("", ".zip", *FORMATS):
        raise CannotWrite(
            f"“{out.name}” does not say which format to write. End it in .xlsx, .ods or .json; "
            "for csv, name a folder or end it in .zip."
        )
    if not found:
        raise CannotWrite("There is no sheet to write.")
    if kind == ".csv" and len(found) > 1:
        raise CannotWrite(
            f"A csv file holds one sheet, and there are {len(found)}. Choose one of them, or name a folder or a .zip."
        )
    others = sorted(file.name for file in out.iterdir() if file.name not in _OURS) if out.is_dir() else []
    if others:
        raise CannotWrite(
            f"The folder “{out}” holds other things ({others[0]}). "
            "Name a new folder, or the folder of an earlier export."
        )
    return kind


def _write(out: Path, kind: str, found: Sequence[Table], work: Path) -> Written:
    work.mkdir()
    beside = Beside(work)
    if kind in FORMATS:
        FORMATS[kind](work / out.name, found, beside)
        files = [out.name, *beside.names]
    else:
        files = write_folder(work, found, beside)
    long_texts = tuple(beside.names)
    if kind == "":
        _put_folder(work, out)
        return Written(out, long_texts)
    if kind != ".zip" and not long_texts:
        os.replace(work / out.name, out)
        return Written(out)
    packed = work.with_name("packed.zip")
    pack(work, files, packed)
    target = out if kind == ".zip" else out.with_name(f"{out.name}.zip")
    os.replace(packed, target)
    return Written(target, long_texts)


def _put_folder(work: Path, out: Path) -> None:
    """Put a folder in its place, and away what was there."""
    if out.is_dir():
        earlier = work.with_name("earlier")
        out.rename(earlier)
        try:
            work.rename(out)
        except OSError:
            earlier.rename(out)
            raise
        shutil.rmtree(earlier)
    else:
        work.rename(out)
