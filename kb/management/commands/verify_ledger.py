"""Check that the published corrections are complete, in order and unaltered."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from kb.book import ledger


class Command(BaseCommand):
    help = (
        "Check the ledger of corrections: numbers without gaps, each entry's hash over its text and the one before, "
        "and the same entries at the desk. Changes nothing; the exit status is 1 if anything is wrong."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = ledger.verify()
        if not faults:
            self.stdout.write("The ledger holds: every entry is there, in its place, as it was published.")
            return
        self.stdout.write("The ledger does not hold:")
        for fault in faults:
            self.stdout.write(f"  {fault}")
        sys.exit(1)
