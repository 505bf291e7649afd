"""One account for each role of the desk, and an administrator, so that a newcomer can try every role."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

# Account → the group that gives it its rights. The administrator has every right without one.
ROLES = {
    "contributor": "Contributor",
    "editor": "Editor",
    "publisher": "Publisher",
    "manager": "Desk manager",
    "reader": "Reader of everything",
}
ADMINISTRATOR = "admin"


class Command(BaseCommand):
    help = (
        "Create an account for each role of the desk, with a random password that is printed once. "
        "Accounts that are there already are left as they are."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Demo accounts are for demo mode, and ALLOWED_HOSTS is set. "
                "Make the first account with: manage.py createsuperuser"
            )
        passwords = create_missing_accounts()
        if not passwords:
            return
        self.stdout.write("Accounts for the desk; each password is shown this once:")
        for name, password in passwords.items():
            self.stdout.write(f"  {name:<12} {password:<18} {ROLES.get(name, 'Administrator')}")
        self.stdout.write("A lost password is replaced with: .venv/bin/python manage.py changepassword NAME")


@transaction.atomic
def create_missing_accounts() -> dict[str, str]:
    """The passwords of the accounts that were created, by account name; empty where all were there.

    Raises CommandError where a role's group is missing, which the migrations make.
    """
    present = set(
        User.objects.filter(username__in=[*ROLES, ADMINISTRATOR]).values_list("username", flat=True)
    )
    groups = Group.objects.in_bulk(ROLES.values(), field_name="name")
    if missing := sorted(set(ROLES.values()) - set(groups)):
        raise CommandError(f"These groups are missing: {', '.join(missing)}. Run manage.py migrate first.")
    passwords = {}
    for name in [*ROLES, ADMINISTRATOR]:
        if name in present:
            continue
        passwords[name] = secrets.token_urlsafe(12)
        if name == ADMINISTRATOR:
            User.objects.create_superuser(name, password=passwords[name])
        else:
            user = User.objects.create_user(name, password=passwords[name], is_staff=True)
            user.groups.add(groups[ROLES[name]])
    return passwords
