"""Delete the lines of the log whose time is over, and the sessions that have ended."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kb.signing import audit
from kb.signing.sessions import SessionStore


class Command(BaseCommand):
    help = (
        "Delete the lines of the log of sign-ins and exports that are older than AUDIT_KEPT_DAYS said when they were "
        "written, and sessions that are over. To be run every day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = audit.forget()
        SessionStore.clear_expired()
        self.stdout.write(f"Forgotten: {number} line{'' if number == 1 else 's'} of the log.")
