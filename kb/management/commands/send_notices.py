"""Tell the desk of new challenges, and challengers of what became of theirs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kb import notices


class Command(BaseCommand):
    help = "Send what there is to tell now. Where `manage.py worker` runs, it does this every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SENDS_MAIL:
            raise CommandError("No mail server is set, so nothing can be sent. Name it in EMAIL_HOST.")
        sent = notices.send()
        self.stdout.write(f"Sent: {sent} message{'' if sent == 1 else 's'}.")
