"""Starting the parser's process, waiting for it, and taking what it has read."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from kb.spreadsheets.reading.headers import Header, detect, header_at
from kb.spreadsheets.reading.limits import Limits, Unreadable, megabytes
from kb.spreadsheets.reading.results import Note, Rows, Sheet, Workbook, sheet_of, unpacked

ROOT = Path(__file__).resolve().parents[3]
logger = logging.getLogger(__name__)
BLOCK = 1024 * 1024
STOPPED = (
    "Reading the file was stopped: it takes more time or memory than any ordinary table. "
    "Divide it, or save it anew."
)


@dataclass(frozen=True)
class ReadOptions:
    """What an editor has said about a file; None is: detect it.

    `header_rows` are numbers of rows (from 1) by the sheet's name, empty for a sheet without a header; the name ""
    counts for all sheets that are not named. `sheets` are the names of those to read; the others are listed, unread.
    `known_headers` are column names, case-folded, that are certainly headers.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quoting: bool | None = None
    header_rows: dict[str, tuple[int, ...]] | None = None
    sheets: tuple[str, ...] | None = None
    known_headers: frozenset[str] = frozenset()


def read(
    file: str | os.PathLike[str] | IO[bytes],
    *,
    file_name: str = "",
    limits: Limits | None = None,
    options: ReadOptions | None = None,
) -> Workbook:
    """Read a spreadsheet. Raises Unreadable, and nothing else, where it cannot be read.

    `file` is a path or a binary file; of the latter all is read, from its start where it can seek. `file_name` is what
    the editor calls it. Without `limits` those of the settings count. The rows live in a temporary file that goes with
    the workbook.
    """
    limits = limits or Limits.from_settings()
    options = options or ReadOptions()
    with ExitStack() as open_files:
        source, size, digest = _source(file, limits, open_files)
        name = file_name or (Path(file).name if isinstance(file, (str, os.PathLike)) else "")
        rows = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - lives as long as the workbook
        try:
            contents = _run(source, rows, limits, name, options, open_files)
        except BaseException:
            rows.close()
            raise
    return workbook_of(contents, rows, name, size, digest, options)


def _source(
    file: str | os.PathLike[str] | IO[bytes], limits: Limits, open_files: ExitStack
) -> tuple[BinaryIO, int, str]:
    """A file of the operating system's with the same bytes, their number and their hash."""
    digest, size = hashlib.sha256(), 0
    copy: BinaryIO | None = None
    try:
        if isinstance(file, (str, os.PathLike)):
            source = cast(BinaryIO, open_files.enter_context(open(file, "rb")))  # noqa: SIM115 - the stack closes it
        else:
            source = cast(BinaryIO, file)
            copy = cast(BinaryIO, open_files.enter_context(tempfile.TemporaryFile()))  # noqa: SIM115 - likewise
            if source.seekable():
                source.seek(0)
        while block := source.read(BLOCK):
            size += len(block)
            if size > limits.file_bytes:
                raise Unreadable(
                    f"The file is larger than {megabytes(limits.file_bytes)}, the most that is read. Divide it, or ask "
                    "whoever runs the site to raise IMPORT_FILE_MB."
                )
            digest.update(block)
            if copy is not None:
                copy.write(block)
    except OSError as reason:
        raise Unreadable(f"The file cannot be opened ({reason.strerror or reason}).") from reason
    given = source if copy is None else copy
    given.flush() if copy is not None else None
    os.lseek(given.fileno(), 0, os.SEEK_SET)
    return given, size, digest.hexdigest()


def _run(
    source: BinaryIO,
    rows: BinaryIO,
    limits: Limits,
    file_name: str,
    options: ReadOptions,
    open_files: ExitStack,
) -> dict[str, Any]:
    """Let the parser's process read `source` into `rows`. Raises Unreadable."""
    arguments = {
        "limits": limits.as_dict(),
        "options": {
            "file_name": file_name,
            "sheets": None if options.sheets is None else list(options.sheets),
            "encoding": options.encoding,
            "delimiter": options.delimiter,
            "quoting": options.quoting,
        },
    }
    complaints = open_files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - likewise
    process = subprocess.Popen(  # noqa: S603 - our own module, by this very Python
        [sys.executable, "-S", "-m", "kb.spreadsheets.reading.worker", json.dumps(arguments)],
        stdin=source,
        stdout=rows,
        stderr=complaints,
        cwd=ROOT,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        close_fds=True,
    )
    try:
        code = process.wait(timeout=limits.seconds)
    except subprocess.TimeoutExpired as reason:
        raise Unreadable(
            f"Reading the file takes longer than {limits.seconds} seconds. Divide it."
        ) from reason
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if code == -signal.SIGXCPU or code == -signal.SIGKILL:
        raise Unreadable(f"Reading the file takes more than {limits.cpu_seconds} seconds of work. Divide it.")
    if code != 0:
        complaints.seek(0)
        logger.error(
            "The parser ended with %s on %r: %s",
            code,
            file_name,
            complaints.read()[-2_000:].decode(errors="replace"),
        )
        raise Unreadable(STOPPED)
    return contents_of(rows)


def contents_of(rows: BinaryIO) -> dict[str, Any]:
    descriptor = rows.fileno()
    end = os.fstat(descriptor).st_size
    try:
        length = int.from_bytes(os.pread(descriptor, 8, end - 8), "big")
        contents = cast("dict[str, Any]", unpacked(os.pread(descriptor, length, end - 8 - length)))
    except (OSError, EOFError, OverflowError, pickle.UnpicklingError) as reason:
        raise Unreadable(STOPPED) from reason
    if refused := contents.get("refused"):
        message, sheet, cell = refused
        raise Unreadable(message, sheet=sheet, cell=cell)
    return contents


def workbook_of(
    contents: dict[str, Any], rows: BinaryIO, name: str, size: int, digest: str, options: ReadOptions
) -> Workbook:
    details = contents["details"]
    sheets = tuple(_sheet(facts, rows, options) for facts in contents["sheets"])
    if not any(len(sheet.everything) for sheet in sheets if sheet.read) and options.sheets is None:
        raise Unreadable("There is no row with content in the file.")
    if options.sheets is not None and (missing := set(options.sheets) - {sheet.name for sheet in sheets}):
        raise Unreadable(f"The file has no sheet “{sorted(missing)[0]}”.")
    return Workbook(
        file_name=name,
        sha256=digest,
        size=size,
        format=details["format"],
        sheets=sheets,
        notes=tuple(Note(kind, message, "", place) for kind, message, place in contents["notes"]),
        encoding=details.get("encoding", ""),
        encoding_sure=details.get("encoding_sure", True),
        encoding_others=tuple(details.get("encoding_others", ())),
        delimiter=details.get("delimiter", ""),
        quoting=details.get("quoting", True),
    )


def _sheet(facts: dict[str, Any], file: BinaryIO, options: ReadOptions) -> Sheet:
    rows = Rows(file, facts["batches"])
    told = options.header_rows or {}
    wanted: Sequence[int] | None = told.get(facts["name"], told.get(""))
    header: Header
    if wanted is not None:
        header = header_at(rows, wanted, facts["merges"], facts["width"])
    else:
        header = detect(rows, facts["merges"], facts["width"], options.known_headers)
    read = options.sheets is None or facts["name"] in options.sheets
    return sheet_of(facts, file, header=header, read=read)
