"""Make the index of similar claims again, or index what waits."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kb.analysis import claim_index


class Command(BaseCommand):
    help = (
        "Make the desk's index of claims again, by which similar claims are found. It is kept up to date by itself; "
        "this mends what a title that was changed by plain SQL, or by another claim that is gone, has left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--waiting", action="store_true", help="index only what was written since")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["waiting"]:
            self.stdout.write(f"{claim_index.catch_up()} writes were indexed.")
        else:
            self.stdout.write(f"The index has {claim_index.rebuild()} claims.")
