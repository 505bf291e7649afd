"""Everything that has to be there before the server starts, in one process, so that a second start takes seconds."""

import hashlib
import io
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from kb.book.rebuilding import search_is_behind


class Command(BaseCommand):
    help = (
        "Bring the database up to date and collect the static files; in demo mode, also load the founding case "
        "and create the demo accounts. Run again, it changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as reason:
            raise CommandError(
                f"The database does not answer: {str(reason).strip()}\n"
                "Start it, or correct DATABASE_URL; without DATABASE_URL the site keeps its data in an SQLite file."
            ) from reason
        call_command("migrate", verbosity=0, stdout=self.stdout)
        if search_is_behind():
            call_command("rebuild_search", stdout=self.stdout)
        collect_static_files()
        if settings.DEMO:
            call_command("founding_case", stdout=self.stdout)
            call_command("demo_accounts", stdout=self.stdout)


def collect_static_files() -> None:
    """Run collectstatic where a file has changed since it ran last: hashing and compressing them all takes a while."""
    mark = settings.STATIC_ROOT / ".collected"
    now = _fingerprint_of_static_files()
    if mark.is_file() and mark.read_text(encoding="ascii") == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, stdout=io.StringIO())
    mark.write_text(now, encoding="ascii")


def _fingerprint_of_static_files() -> str:
    digest = hashlib.sha256(django.get_version().encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path}\0{storage.size(path)}\0{storage.get_modified_time(path)}\n".encode())
    return digest.hexdigest()
