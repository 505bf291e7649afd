"""Let somebody in again who has lost phone and recovery codes, where no administrator is left to do it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.signing import second_factor


class Command(BaseCommand):
    help = (
        "Take somebody's second factor away and sign them out everywhere; their password lets them in, to set up a new "
        "one. Administrators do this at the desk, under “Second factors”."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the name that they sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account called {name!r}.")
        if second_factor.reset(user, by=None):
            self.stdout.write(f"{name} has no second factor now, and is signed out everywhere.")
        else:
            self.stdout.write(f"{name} had no second factor. They are signed out everywhere.")
