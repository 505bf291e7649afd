"""Which of the desk's claims are most like each statement."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.analysis import claim_index
from kb.analysis.claims_alike import similar


class Command(BaseCommand):
    help = (
        "Read statements, one a line, from standard input, and print for each a line with the keys of the claims that "
        "are most like it, best first, divided by spaces."
    )
    requires_system_checks = ()
    #: For callers within Python: where to read from.
    stealth_options = ("stdin",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--top", type=int, default=5, metavar="N", help="how many keys a line has at most (5)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["top"] < 1:
            raise CommandError("--top is a number from 1.", returncode=2)
        claim_index.catch_up()
        stream = options.get("stdin") or sys.stdin
        for line in stream:
            self.stdout.write(" ".join(one.key for one in similar(line, options["top"])))
