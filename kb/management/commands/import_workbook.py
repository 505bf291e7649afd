"""Bring a spreadsheet to the desk: the whole flow, from file to batch."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.spreadsheets.applying import Applied, NotApplied, apply
from kb.spreadsheets.choices import Choices, MappingError, profile
from kb.spreadsheets.flow import plan_file, read_workbook
from kb.spreadsheets.plan import OUTCOMES, NotWritten, Plan, Problem, reasons
from kb.spreadsheets.reading import Unreadable, Workbook
from kb.spreadsheets.rights import Rights

ALL_FINE, SOME_REFUSED, NOT_READ = 0, 1, 2
#: Reasons that are listed for people; --json and --report have all.
LISTED = 20
#: In whose name whoever runs the site imports from its own machine. Nobody can log in with it.
COMMAND_LINE = "command-line"
BAR = 40
DATES = {"day-first": True, "month-first": False}


class Command(BaseCommand):
    # They look at the admin and every address of the site, which takes longer than a thousand rows.
    requires_system_checks = ()
    help = (
        "Import a spreadsheet: xlsx, xlsm, xls, ods, csv, tsv, txt or json. Rows arrive as drafts; nothing is "
        "published. "
        "The exit status is 0 where all rows are fine, 1 where some are refused, 2 where the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--into", default="", metavar="SHEET", help="the sheet that its rows go into, as “claims”"
        )
        parser.add_argument("--profile", default="", metavar="NAME", help="a saved mapping")
        pairs: dict[str, Any] = {"nargs": "+", "action": "extend", "default": []}
        parser.add_argument(
            "--map",
            metavar="HEADER=COLUMN",
            help="a column by its header or letter; nothing after = leaves it out",
            **pairs,
        )
        parser.add_argument("--set", metavar="COLUMN=VALUE", help="what every row has there", **pairs)
        parser.add_argument(
            "--value", metavar="COLUMN:THEIRS=OURS", help="what a value of theirs is here", **pairs
        )
        parser.add_argument("--dates", choices=DATES, help="which comes first in 02/03/2024")
        parser.add_argument(
            "--create",
            default="",
            metavar="A,B",
            help="kinds of record that may be made from names: agents,places…",
        )
        parser.add_argument(
            "--keep-good", action="store_true", help="import the good rows where some are refused"
        )
        parser.add_argument(
            "--as", dest="user", default="", metavar="USER", help="whose rights and name count"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument(
            "--report", default="", metavar="OUT.xlsx", help="the file back, what is refused marked"
        )
        parser.add_argument("--json", action="store_true", help="print one object")

    def handle(self, *args: Any, **options: Any) -> None:
        bar = ProgressBar(sys.stderr) if sys.stderr.isatty() and options["verbosity"] else None
        try:
            rights = rights_of(options["user"])
            chosen = choices_of(options)
            workbook = read_workbook(options["file"])
            plan = plan_file(
                workbook, rights=rights, choices=chosen, profile=options["profile"], progress=bar
            )
            applied = Applied(None, plan.counts(), plan.problems)
            if not options["dry_run"]:
                applied = apply(plan, rights=rights, keep_good=options["keep_good"])
            if options["report"]:
                # It loads what writes workbooks, for this alone.
                from kb.spreadsheets.reporting import write_report

                write_report(options["report"], workbook, plan)
        except (Unreadable, MappingError, PermissionDenied, NotApplied, NotWritten) as reason:
            self._fail(reason, as_json=options["json"])
        finally:
            if bar:
                bar.end()
        self._tell(workbook, plan, applied, options)
        if applied.problems:
            sys.exit(SOME_REFUSED)

    def _fail(self, reason: Exception, *, as_json: bool) -> None:
        if as_json:
            place = {"sheet": getattr(reason, "sheet", ""), "cell": getattr(reason, "cell", "")}
            error = {**place, "value": "", "message": getattr(reason, "message", str(reason))}
            self.stdout.write(
                json.dumps({"batch": None, "sheets": {}, "errors": [error]}, ensure_ascii=False)
            )
            sys.exit(NOT_READ)
        raise CommandError(str(reason), returncode=NOT_READ) from reason

    def _tell(self, workbook: Workbook, plan: Plan, applied: Applied, options: dict[str, Any]) -> None:
        batch = applied.batch.pk if applied.batch else None
        if options["json"]:
            errors = [problem.as_json() for problem in applied.problems]
            told = {"batch": batch, "sheets": applied.counts, "errors": errors}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for note in plan.notes:
            self.stdout.write(note)
        for sheet, counts in applied.counts.items():
            self.stdout.write(
                f"{sheet}: " + ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES)
            )
        self._list("Refused", applied.problems)
        self._list("To look at", plan.warnings)
        self.stdout.write(self._summary(batch, applied, options))

    def _list(self, title: str, problems: list[Problem]) -> None:
        if problems:
            self.stdout.write(f"{title}:")
        alike = reasons(problems)
        for reason in alike[:LISTED]:
            first, others = reason.first, reason.number - 1
            place = f"{first.sheet}!{first.cell}" if first.cell else first.sheet
            more = f" and {others:,} more{' like it' if reason.varies else ''}" if others else ""
            self.stdout.write(f"  {place}{more}: {first.message}")
        if len(alike) > LISTED:
            self.stdout.write(f"  … and {len(alike) - LISTED} more reasons; --report and --json have all.")

    @staticmethod
    def _summary(batch: int | None, applied: Applied, options: dict[str, Any]) -> str:
        if batch is not None:
            return f"Imported as batch {batch}. To take it back: manage.py undo_import {batch}"
        if options["dry_run"]:
            return "Nothing was written: this was a dry run."
        if applied.problems and not options["keep_good"]:
            return "Nothing was written: correct the refused rows, or import the others with --keep-good."
        return "Nothing was written: there was nothing new."


class ProgressBar:
    """One line on a terminal that is written over and over."""

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal

    def __call__(self, done: int, total: int) -> None:
        """Show how many of the rows have been gone through; each is read twice."""
        filled = BAR * done // total if total else BAR
        self.terminal.write(f"\r[{'#' * filled:<{BAR}}] {100 * done // max(total, 1)} %")
        self.terminal.flush()

    def end(self) -> None:
        """Leave the line as it was found."""
        self.terminal.write(f"\r{'':<78}\r")
        self.terminal.flush()


def rights_of(username: str) -> Rights:
    """Of the account named; without a name, of whoever runs the site. Raises CommandError for no such account."""
    if username:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account “{username}”.", returncode=NOT_READ)
        return Rights(user)
    user = User.objects.filter(username=COMMAND_LINE).first()
    if user is None:
        user = User.objects.create_user(COMMAND_LINE, is_active=False)
    return Rights(user, all_of_them=True)


def choices_of(options: dict[str, Any]) -> Choices:
    """What the options say, over the profile. Raises MappingError."""
    columns = dict(_pair(text, "--map Header=column", last=True) for text in options["map"])
    values: dict[str, dict[str, str]] = {}
    for text in options["value"]:
        column, pair = _pair(text, "--value column:theirs=ours", sign=":")
        theirs, ours = _pair(pair, "--value column:theirs=ours", last=True)
        values.setdefault(column, {})[theirs] = ours
    given = Choices(
        into=options["into"],
        columns=columns,
        constants=dict(_pair(text, "--set column=value") for text in options["set"]),
        values=values,
        day_first=DATES.get(options["dates"]),
        create=frozenset(name.strip() for name in options["create"].split(",") if name.strip()),
    )
    chosen = given.over(profile(options["profile"])) if options["profile"] else given
    chosen.check()
    return chosen


def _pair(text: str, shape: str, *, sign: str = "=", last: bool = False) -> tuple[str, str]:
    left, found, right = text.rpartition(sign) if last else text.partition(sign)
    if not found or not left.strip():
        raise MappingError(f"“{text}” is not of the form {shape}.")
    return left.strip(), right.strip()
