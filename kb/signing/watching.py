"""What is written into the log wherever it happens: signing in and out, passwords, accounts and their rights.

Accounts and rights are noted while a request is answered. What is done to them by a command leaves no line: whoever may
run commands may write into the tables.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.http import HttpRequest
from django.utils import timezone

from kb.requests import client_address, current_request
from kb.signing import audit
from kb.signing.models import Kind
from kb.signing.sessions import FROM, STARTED

FLAGS = {"is_active": "active", "is_staff": "may enter the desk", "is_superuser": "administrator"}
_BEFORE = "_signing_before"
#: So many are named in a line.
NAMED = 5


def watch() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="signing: in")
    user_logged_out.connect(_signed_out, dispatch_uid="signing: out")
    pre_save.connect(_before_saving, sender=User, dispatch_uid="signing: before saving")
    post_save.connect(_saved, sender=User, dispatch_uid="signing: saved")
    post_delete.connect(_deleted, sender=User, dispatch_uid="signing: deleted")
    through = (User.groups.through, User.user_permissions.through, Group.permissions.through)
    for number, model in enumerate(through):
        m2m_changed.connect(_given, sender=model, dispatch_uid=f"signing: given {number}")


def _signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session[STARTED] = timezone.now().timestamp()
    request.session[FROM] = client_address(request)
    audit.note(Kind.SIGNED_IN, getattr(request, "signed_in_with", ""), by=user)


def _signed_out(user: User | None, **kwargs: Any) -> None:
    if user is not None and user.is_authenticated:
        audit.note(Kind.SIGNED_OUT, by=user)


def _before_saving(instance: User, update_fields: Any, **kwargs: Any) -> None:
    if current_request() is None or instance._state.adding:
        return
    if update_fields is not None and not {"username", "password", *FLAGS}.intersection(update_fields):
        return
    before = User.objects.filter(pk=instance.pk).values("username", "password", *FLAGS).first()
    setattr(instance, _BEFORE, before)


def _saved(instance: User, created: bool, raw: bool, **kwargs: Any) -> None:
    if current_request() is None or raw:
        return
    if created:
        audit.note(Kind.RIGHTS, f"{instance}: made")
        return
    before = instance.__dict__.pop(_BEFORE, None)
    if before is None:
        return
    # A password that is only hashed anew, in a stronger way, is the same password.
    if before["password"] != instance.password and getattr(instance, "_password", None) is not None:
        audit.note(Kind.PASSWORD, str(instance))
    if before["username"] != instance.get_username():
        audit.note(Kind.RIGHTS, f"{before['username']}: called {instance} from now on")
    for name, words in FLAGS.items():
        if before[name] != getattr(instance, name):
            audit.note(Kind.RIGHTS, f"{instance}: {words}, {'yes' if getattr(instance, name) else 'no'}")


def _deleted(instance: User, **kwargs: Any) -> None:
    if current_request() is not None:
        audit.note(Kind.RIGHTS, f"{instance}: deleted")


def _given(
    instance: Any, action: str, reverse: bool, model: Any, pk_set: set[int] | None, **kwargs: Any
) -> None:
    """Somebody is put into a group or taken out, or given a right or lacks it now; or a group is."""
    done = {"post_add": "given", "post_remove": "no longer has", "post_clear": "no longer has any"}.get(
        action
    )
    if done is None or current_request() is None or (pk_set is not None and not pk_set):
        return
    given = _names(model, pk_set) if pk_set else _kind(model)
    to = _in_words(instance)
    if reverse:
        given, to = to, given if pk_set else "everybody"
    audit.note(Kind.RIGHTS, f"{to}: {done} {given}")


def _kind(model: Any) -> str:
    return "right of its own" if model is Permission else "group"


def _names(model: Any, pks: set[int]) -> str:
    rows = model._default_manager.filter(pk__in=pks)
    if model is Permission:
        rows = rows.select_related("content_type")
    names = [_in_words(row) for row in rows]
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def _in_words(row: Any) -> str:
    if isinstance(row, Permission):
        return f"{row.content_type.app_label}.{row.codename}"
    return f"group {row}" if isinstance(row, Group) else str(row)
