"""Write the desk's records as the canonical workbook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.signing import audit
from kb.signing.models import Kind
from kb.spreadsheets.layout import SHEETS, Sheet
from kb.spreadsheets.writing import CannotWrite, tables, write

#: The exit status when there is no file, whatever the reason.
NOT_WRITTEN = 2
BAR = 30


class Command(BaseCommand):
    help = (
        "Write the desk's records as a workbook, a sheet for each kind: xlsx, ods or json by the ending of OUT; csv "
        "where OUT is a folder or ends in .zip. Imported again, it changes nothing. "
        "The exit status is 0, or 2 where nothing was written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "out", metavar="OUT", type=Path, help="OUT.xlsx, OUT.ods, OUT.json, OUT.zip or a folder"
        )
        parser.add_argument(
            "--sheets",
            default="",
            metavar="A,B",
            help=f"these sheets alone: {', '.join(sheet.name for sheet in SHEETS)}",
        )
        parser.add_argument(
            "--published",
            action="store_true",
            help="only records that readers can see, as the desk has them today (edits not yet published included)",
        )
        parser.add_argument(
            "--template", action="store_true", help="an empty workbook to fill: headers, lists, explanations"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = [name.strip() for name in options["sheets"].split(",") if name.strip()]
        bar = ProgressBar(sys.stderr) if sys.stderr.isatty() and options["verbosity"] else None
        try:
            found = tables(
                names,
                published_only=options["published"],
                template=options["template"],
                progress=bar,
            )
            written = write(options["out"], found)
            if not options["template"]:
                sheets = ", ".join(f"{table.sheet.name} {table.total}" for table in found)
                audit.note(Kind.EXPORT, f"by a command: {sheets}")
        except CannotWrite as reason:
            raise CommandError(str(reason), returncode=NOT_WRITTEN) from reason
        finally:
            if bar:
                bar.end()
        if not options["verbosity"]:
            return
        counts = ", ".join(f"{table.sheet.name} {table.total}" for table in found)
        self.stdout.write(f"Wrote {written.path}: {counts}.")
        if count := len(written.long_texts):
            self.stdout.write(
                f"{count} text{' is' if count == 1 else 's are'} longer than a cell holds (32,767 characters) and in "
                "a file beside the sheet, which the cell names: "
                f"{', '.join(written.long_texts[:3])}{' …' if count > 3 else ''}."
            )


class ProgressBar:
    """One line on a terminal that is written over and over."""

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal

    def __call__(self, sheet: Sheet, done: int, total: int) -> None:
        filled = BAR * done // total if total else BAR
        line = f"\r{sheet.name:<14} [{'#' * min(filled, BAR):<{BAR}}] {done:,} of {total:,}"
        self.terminal.write(f"{line:<78}")
        self.terminal.flush()

    def end(self) -> None:
        """Leave the line as it was found."""
        self.terminal.write(f"\r{'':<78}\r")
        self.terminal.flush()
