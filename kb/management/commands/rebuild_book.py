"""Make the book's index again from releases and versions, and say what was different."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from kb.book import writing


class Command(BaseCommand):
    help = (
        "Make what readers' pages are found by (addresses, lists, search, labels) again from releases and versions, "
        "which stay untouched. Prints what was different; the exit status is 1 if anything was."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        differences = writing.rebuild_book()
        if not differences:
            self.stdout.write("The book was as its releases say. Nothing has changed.")
            return
        self.stdout.write("The book differed from its releases, and has been made again from them:")
        for difference in differences:
            self.stdout.write(f"  {difference}")
        sys.exit(1)
