"""The parser's own process: reads one file, bounded by the operating system, and writes its rows packed.

    python -m kb.spreadsheets.reading.worker OPTIONS < file > rows

Its death, its memory and its time are no other process's. It gets no secret: its environment is empty, and it needs
neither Django nor a database. What it writes is `kb.spreadsheets.reading.results`' to read: batches of rows, then
a pickled table of contents, then the eight bytes of its length.
"""

from __future__ import annotations

import gc
import json
import pickle
import resource
import sys
from typing import Any, BinaryIO

from kb.spreadsheets.reading.collecting import Collector
from kb.spreadsheets.reading.limits import Limits, Unreadable
from kb.spreadsheets.reading.opening import parse_file

TOO_LARGE = (
    "Reading the file takes more memory than is allowed. Divide it, or leave out what is not the table."
)


def confine(limits: Limits) -> None:
    """Let the operating system hold this process to its limits, for good."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 4 * limits.unpacked_bytes),
    ):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def work(source: BinaryIO, out: BinaryIO, limits: Limits, options: dict[str, Any]) -> None:
    """Read `source` into `out`; what is refused is written there, too."""
    collector = Collector(out, limits)
    try:
        parse_file(source, collector, limits, options)
        contents: dict[str, Any] = {
            "sheets": [vars(sheet) for sheet in collector.sheets],
            "notes": collector.notes,
            "details": collector.details,
        }
    except Unreadable as refusal:
        contents = {"refused": (refusal.message, refusal.sheet, refusal.cell)}
    except MemoryError:
        contents = {"refused": (TOO_LARGE, collector.sheet.name, "")}
    except RecursionError:
        contents = {"refused": ("The file nests its parts too deeply to be a table.", "", "")}
    packed = pickle.dumps(contents, protocol=pickle.HIGHEST_PROTOCOL)
    out.write(packed)
    out.write(len(packed).to_bytes(8, "big"))
    out.flush()


def main() -> None:
    # Rows are millions of small objects without cycles: looking through them again and again doubles the time.
    gc.disable()
    arguments = json.loads(sys.argv[1])
    limits = Limits(**arguments["limits"])
    confine(limits)
    # A number of 5,000 digits is refused by ourselves, with its cell.
    sys.set_int_max_str_digits(0)
    work(sys.stdin.buffer, sys.stdout.buffer, limits, arguments["options"])


if __name__ == "__main__":
    main()
