"""Somebody who signs in: with an account, a browser and a phone."""

from __future__ import annotations

from typing import Any

import pyotp
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from kb.signing import second_factor
from kb.signing.models import AuditEntry

PASSWORD = "of no consequence"
LOGIN, CODE = "/admin/login/", "/admin/login/code/"


def somebody(name: str = "anna", group: str = "Publisher", **given: Any) -> User:
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True, **given)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def chief(name: str = "chief") -> User:
    return User.objects.create_superuser(name, password=PASSWORD)


def sign_in(client: Client, name: str = "anna", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return client.get("/admin/account/").status_code == 200


class Phone:
    """What makes the codes of an account. `since` steps ahead, so that the code that set it up is past."""

    def __init__(self, user: User) -> None:
        self.totp = pyotp.TOTP(second_factor.new_secret())
        now = timezone.now().timestamp()
        self.codes = second_factor.set_up(
            user, self.totp.secret, self.totp.at(now, counter_offset=-1), session_key=None
        )
        assert self.codes is not None

    def code(self, steps: int = 0) -> str:
        return self.totp.at(timezone.now().timestamp(), counter_offset=steps)


def lines(**wanted: Any) -> list[tuple[str, str, str, int]]:
    """The log, oldest first: what, who, more, how often."""
    rows = AuditEntry.objects.filter(**wanted).order_by("pk")
    return list(rows.values_list("kind", "account", "what", "times"))
