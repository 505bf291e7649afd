"""Make the search index again from what is published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kb.book.rebuilding import rebuild_search

#: A line of progress for about so many records.
EVERY = 5_000


class Command(BaseCommand):
    help = (
        "Make what readers' search finds again from what is published. Every release keeps it up to date; this is for "
        "a database that was restored without it. Until it is done, readers find a part of the records."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.said = 0
        self.stdout.write(f"The search index has {rebuild_search(self.tell):,} records.")

    def tell(self, done: int, all_: int) -> None:
        if done - self.said >= EVERY:
            self.said = done
            self.stdout.write(f"  {done:,} of {all_:,} ({100 * done // all_} %)")
