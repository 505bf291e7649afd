"""Make the whole book into a file that readers can take away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kb.interchange.dump import dump


class Command(BaseCommand):
    help = (
        "Make the whole book, as published, into a zip of JSON lines and csv for each kind, in place of the one "
        "before. /data/ offers the one in DATA_DIR/dump. To be run every day, and after something had to be "
        "withdrawn: an older one still holds it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "out", metavar="OUT", nargs="?", type=Path, help="a folder other than DATA_DIR/dump"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["out"] or settings.DUMP_DIR
        told = self.stderr.isatty() and options["verbosity"] > 0
        try:
            written = dump(
                folder,
                absolute=lambda address: settings.SITE_ADDRESS + address,
                made_at=timezone.now(),
                progress=self._progress if told else None,
            )
        except OSError as reason:
            raise CommandError(f"Nothing was written to {folder}: {reason}") from reason
        if options["verbosity"]:
            counts = ", ".join(
                f"{file['kind']} {file['records']}"
                for file in written.manifest["files"]
                if file["name"].endswith(".jsonl")
            )
            self.stdout.write(
                f"Wrote {written.path}, the book of release {written.manifest['release']}: {counts}."
            )

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"\r{done:,} of at most {total:,}", ending="")
