"""One account for each role, its password shown once."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from pytest_django import Settings

pytestmark = pytest.mark.django_db
ROLES = {
    "contributor": ["Contributor"],
    "editor": ["Editor"],
    "publisher": ["Publisher"],
    "manager": ["Desk manager"],
    "reader": ["Reader of everything"],
    "admin": [],
}


def run() -> dict[str, str]:
    """The passwords that were shown, by account."""
    shown = StringIO()
    call_command("demo_accounts", stdout=shown)
    return dict(re.findall(r"^  (\w+) +(\S{16}) ", shown.getvalue(), re.MULTILINE))


def test_each_role_can_sign_in_with_the_password_shown() -> None:
    passwords = run()
    assert {
        name: bool(authenticate(username=name, password=word)) for name, word in passwords.items()
    } == dict.fromkeys(ROLES, True)
    assert len(set(passwords.values())) == len(ROLES)


def test_each_account_has_its_rights_from_its_group_alone() -> None:
    run()
    found = {
        user.username: (user.is_staff, user.is_superuser, list(user.groups.values_list("name", flat=True)))
        for user in User.objects.all()
    }
    assert found == {name: (True, name == "admin", groups) for name, groups in ROLES.items()}


def test_a_second_run_shows_and_changes_nothing() -> None:
    run()
    before = list(User.objects.order_by("pk").values())
    shown = StringIO()
    call_command("demo_accounts", stdout=shown)
    assert shown.getvalue() == ""
    assert list(User.objects.order_by("pk").values()) == before


def test_an_account_that_was_deleted_is_made_again_alone() -> None:
    run()
    User.objects.get(username="editor").delete()
    assert list(run()) == ["editor"]


def test_no_account_is_made_outside_demo_mode(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="^Demo accounts are for demo mode, and ALLOWED_HOSTS is set"):
        run()
    assert User.objects.count() == 0


def test_a_missing_group_is_named() -> None:
    Group.objects.filter(name__in=["Editor", "Publisher"]).delete()
    with pytest.raises(CommandError) as refused:
        run()
    assert str(refused.value) == "These groups are missing: Editor, Publisher. Run manage.py migrate first."
    assert User.objects.count() == 0
