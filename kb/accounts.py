"""Colleagues and their roles: the named functions with which a desk looks after its accounts without a programmer.

A role is a group of rights. Nobody gives or takes a role that holds more than they themselves may do, nor changes the
account of somebody who may do more, nor their own roles. Accounts are closed and not deleted: what they did stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from kb.book.second_person import name_of
from kb.signing.sessions import end_sessions
from kb.workflow import WorkflowError

#: What a role may do, in words, and the rights that make it so: all of them, or the words are not said.
IN_WORDS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (words, frozenset(rights.split()))
    for words, rights in (
        ("sees everything at the desk", "kb.view_claim sources.view_source kb.view_rebuttal"),
        ("writes drafts and hands them in for review", "kb.add_claim kb.change_claim sources.change_source"),
        ("imports spreadsheets", "kb.add_importbatch"),
        ("deletes drafts that were never published", "kb.delete_claim sources.delete_source"),
        ("takes imports back", "kb.change_importbatch kb.delete_claim"),
        ("confirms assessments", "kb.confirm_assessment"),
        (
            "decides challenges and sees how challengers can be reached",
            "kb.decide_rebuttal kb.view_submission",
        ),
        ("rules on conflicts", "kb.add_conflictruling"),
        ("assigns work to colleagues", "kb.assign_record"),
        ("changes the desk’s own texts and the naming policy", "kb.change_desk kb.change_namingpolicy"),
        ("publishes and withdraws", "book.publish"),
        ("manages accounts and roles", "kb.manage_accounts"),
    )
)


def may_manage(by: User) -> bool:
    return by.has_perm("kb.manage_accounts")


def must_manage(by: User) -> None:
    """Raises PermissionDenied."""
    if not may_manage(by):
        raise PermissionDenied("Managing accounts needs a right that you do not have.")


# --- roles ----------------------------------------------------------------------------------------------------


def rights_of_roles(roles: Iterable[Group]) -> dict[int, frozenset[str]]:
    """The rights that each role holds, by its primary key; in one query."""
    pks = [role.pk for role in roles]
    found: dict[int, set[str]] = {pk: set() for pk in pks}
    rows = Permission.objects.filter(group__in=pks)
    for pk, label, codename in rows.values_list("group", "content_type__app_label", "codename"):
        found[pk].add(f"{label}.{codename}")
    return {pk: frozenset(rights) for pk, rights in found.items()}


def in_words(rights: Collection[str]) -> list[str]:
    """What somebody with these rights may do, in plain words."""
    return [words for words, needed in IN_WORDS if needed <= set(rights)]


def compared_in_words(roles: Sequence[Group]) -> dict[int, str]:
    """What each role may do, by its primary key, given the least first: told by one before it that it goes beyond."""
    rights, told = rights_of_roles(roles), dict[int, str]()
    for number, role in enumerate(roles):
        own = in_words(rights[role.pk])
        within = [
            one for one in roles[:number] if in_words(rights[one.pk]) and rights[one.pk] <= rights[role.pk]
        ]
        if within:
            known = in_words(rights[within[-1].pk])
            own = [f"all that the role {within[-1]} may", *(words for words in own if words not in known)]
        told[role.pk] = "; ".join(own)
    return told


def roles_to_give(by: User) -> list[Group]:
    """The roles that this person may give and take: those that hold no more than their own rights. The least first."""
    roles = list(Group.objects.order_by("name"))
    rights, own = rights_of_roles(roles), by.get_all_permissions()
    given = [role for role in roles if by.is_superuser or rights[role.pk] <= own]
    return sorted(given, key=lambda role: len(rights[role.pk]))


def above(account: User, by: User) -> bool:
    """Whether somebody may do what `by` may not, so that their account is not for `by` to change."""
    if by.is_superuser:
        return False
    # Of a closed account, too, which Django says may do nothing.
    held = Permission.objects.filter(Q(user=account) | Q(group__user=account))
    rights = {f"{label}.{name}" for label, name in held.values_list("content_type__app_label", "codename")}
    return account.is_superuser or not rights <= by.get_all_permissions()


# --- accounts -------------------------------------------------------------------------------------------------


def add_account(
    username: str, *, by: User, roles: Iterable[Group] = (), administrator: bool = False, **about: Any
) -> User:
    """Add a colleague, who can sign in once they have set a password (`one_time_link`).

    `about` holds first_name, last_name, email. Raises PermissionDenied, ValidationError or WorkflowError.
    """
    must_manage(by)
    account = User(username=username, is_staff=True, is_superuser=administrator, **about)
    account.set_unusable_password()
    if administrator and not by.is_superuser:
        raise PermissionDenied("Only an administrator makes somebody an administrator.")
    account.full_clean()
    given = list(roles)
    _may_give(given, by)
    with transaction.atomic():
        account.save()
        account.groups.set(given)
    return account


def change_account(
    account: User,
    *,
    by: User,
    roles: Iterable[Group] | None = None,
    administrator: bool | None = None,
    **about: Any,
) -> User:
    """Change what somebody is called and, where `roles` are given, what roles they have.

    Raises PermissionDenied, ValidationError or WorkflowError.
    """
    with transaction.atomic():
        row = _held(account, by)
        for name, value in about.items():
            setattr(row, name, value)
        if administrator is not None and administrator != row.is_superuser:
            if not by.is_superuser:
                raise PermissionDenied("Only an administrator makes somebody an administrator.")
            _another(
                row,
                by,
                "You stay an administrator unless another one takes it from you.",
            )
            row.is_superuser = administrator
        row.full_clean(exclude=["password"])
        row.save()
        if roles is not None:
            _set_roles(row, list(roles), by)
    account.refresh_from_db()
    return account


def close_account(account: User, *, by: User, why: str) -> User:
    """Let somebody in no more. What they wrote stays, and what they have in hand can be taken over."""
    return _open(account, by, False, why)


def reopen_account(account: User, *, by: User, why: str) -> User:
    """Let somebody in again, with the roles that they had."""
    return _open(account, by, True, why)


def one_time_link(account: User, *, by: User) -> tuple[str, str]:
    """The two parts of an address at which somebody sets a password, once, within three days (PASSWORD_RESET_TIMEOUT).

    Whoever has it gets into the account. Raises PermissionDenied, or WorkflowError for one's own or a closed account.
    """
    row = _held(account, by)
    _another(row, by, "You change your own password at “Change password”, above.")
    if not row.is_active:
        raise WorkflowError(f"The account of {name_of(row)} is closed. Reopen it first.")
    _note(row, by, "Made a link to set a password.")
    return urlsafe_base64_encode(force_bytes(row.pk)), default_token_generator.make_token(row)


def _held(account: User, by: User) -> User:
    """The account as it is now, if this person may change it."""
    must_manage(by)
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=account.pk)
    if above(row, by):
        raise PermissionDenied(f"{name_of(row)} may do more than you. Ask an administrator.")
    return row


def _another(account: User, by: User, otherwise: str) -> None:
    if account.pk == by.pk:
        raise WorkflowError(otherwise)


def _may_give(roles: Iterable[Group], by: User) -> None:
    may = {role.pk for role in roles_to_give(by)}
    for role in roles:
        if role.pk not in may:
            raise PermissionDenied(
                f"The role “{role}” may do more than you. Only somebody who has its rights gives or takes it."
            )


def _set_roles(account: User, wanted: list[Group], by: User) -> None:
    had = set(account.groups.all())
    changed = had.symmetric_difference(wanted)
    if not changed:
        return
    _another(account, by, "You do not change your own roles. Ask a colleague who manages accounts.")
    _may_give(changed, by)
    account.groups.set(wanted)


def _note(account: User, by: User, what: str) -> None:
    """A line in the account's history."""
    LogEntry.objects.log_actions(by.pk, [account], CHANGE, what, single_object=True)


def _open(account: User, by: User, open_: bool, why: str) -> User:
    if not why.strip():
        raise WorkflowError("Say why. The account’s history keeps it.")
    with transaction.atomic():
        row = _held(account, by)
        _another(
            row, by, "You neither close nor open your own account. Ask a colleague who manages accounts."
        )
        if row.is_active == open_:
            raise WorkflowError(f"The account of {name_of(row)} is {'open' if open_ else 'closed'} already.")
        row.is_active = open_
        row.save(update_fields=["is_active"])
        # Or the sessions of a closed account would be open again with it.
        end_sessions(row.pk)
        _note(row, by, f"{'Opened again' if open_ else 'Closed'}: {why.strip()}")
    account.refresh_from_db()
    return account
