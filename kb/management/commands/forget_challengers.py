"""Delete what the desk knows of people whose challenges came in long ago."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kb import intake


class Command(BaseCommand):
    help = (
        "Delete names and e-mail addresses of challengers after CHALLENGER_KEPT_DAYS; the challenges stay. "
        "To be run every day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = intake.forget()
        self.stdout.write(f"Forgotten: who sent {number} challenge{'' if number == 1 else 's'}.")
