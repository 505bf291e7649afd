"""Tell everybody at the desk what is overdue."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kb import notices


class Command(BaseCommand):
    help = (
        "Send each account with an address what is overdue for it. To be run every day; run again on the same day, it "
        "sends nothing twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SENDS_MAIL:
            raise CommandError("No mail server is set, so nothing can be sent. Name it in EMAIL_HOST.")
        sent = notices.digest()
        self.stdout.write(f"Sent: {sent} message{'' if sent == 1 else 's'}.")
