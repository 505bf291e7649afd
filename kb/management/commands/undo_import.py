"""Take an import back."""

from __future__ import annotations

import sys
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.management.commands.import_workbook import NOT_READ, SOME_REFUSED, rights_of
from kb.models import ImportBatch
from kb.spreadsheets.undoing import NotUndone, undo


class Command(BaseCommand):
    help = (
        "Put every row of an import back as it was, but for those that were changed since, which are named. "
        "The exit status is 0 where all are back, 1 where some stay, 2 where nothing could be undone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", metavar="BATCH", type=int)
        parser.add_argument(
            "--as", dest="user", default="", metavar="USER", help="whose rights and name count"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        batch = ImportBatch.objects.filter(pk=options["batch"]).first()
        if batch is None:
            raise CommandError(f"There is no import {options['batch']}.", returncode=NOT_READ)
        try:
            done = undo(batch, rights=rights_of(options["user"]))
        except (NotUndone, PermissionDenied) as reason:
            raise CommandError(str(reason), returncode=NOT_READ) from reason
        self.stdout.write(
            f"{batch.file_name}: {done.deleted} deleted, {done.restored} put back as they were, "
            f"{done.remade} made again."
        )
        for refusal in done.refused:
            self.stdout.write(f"  {refusal.sheet} row {refusal.row}: {refusal.message}")
        if done.refused:
            sys.exit(SOME_REFUSED)
