"""The log of who did what: written here alone, one line by one statement, in the transaction of what it tells of.

Texts are bounded and hold no control characters. Passwords and codes never come here; nor does the name that a wrong
sign-in gave, unless there is such an account, since people type passwords there.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from kb.requests import client_address, current_request
from kb.signing.models import ADDRESS_LENGTH, NAME_LENGTH, WHAT_LENGTH, AuditEntry, Kind

#: So many lines an hour of what is summed; what comes after is one line, from nowhere in particular.
MOST_AN_HOUR = 500


def note(kind: Kind, what: str = "", *, by: Any = None) -> None:
    """Write a line: `by` this user, or whoever asks now; from the address that is asked from."""
    AuditEntry(**_line(kind, what, _who(by)), kept_until=_until(timezone.now())).save(force_insert=True)


def note_summed(kind: Kind, what: str = "", *, by: Any = None) -> None:
    """Count into the line of this hour that is the same, or begin one: for what can happen any number of times."""
    line = _line(kind, what, by)
    now: datetime = line["at"]
    line["hour"] = now.replace(minute=0, second=0, microsecond=0)
    if _counted(line):
        return
    if AuditEntry.objects.filter(hour=line["hour"]).count() >= MOST_AN_HOUR:
        line |= {"account": "", "person": None, "address": "", "what": "and others, too many to name"}
        if _counted(line):
            return
    try:
        with transaction.atomic():
            AuditEntry(**line, kept_until=_until(now)).save(force_insert=True)
    except IntegrityError:
        # Another worker was faster.
        _counted(line)


def _counted(line: dict[str, Any]) -> bool:
    same = {name: line[name] for name in ("hour", "kind", "account", "address", "what")}
    seen = AuditEntry.objects.filter(**same).update(times=F("times") + 1, last_at=line["at"])
    return seen > 0


def _line(kind: Kind, what: str, by: Any) -> dict[str, Any]:
    request = current_request()
    now = timezone.now()
    return {
        "at": now,
        "last_at": now,
        "kind": kind,
        "account": clean(by.get_username(), NAME_LENGTH) if by is not None else "",
        "person": by.pk if by is not None else None,
        "address": clean(client_address(request), ADDRESS_LENGTH) if request is not None else "",
        "what": clean(what, WHAT_LENGTH),
    }


def _who(by: Any) -> Any:
    """The one who is told of, or whoever is signed in; nobody in a command."""
    if by is None and (request := current_request()) is not None:
        by = getattr(request, "user", None)
    return by if by is not None and by.is_authenticated else None


def clean(text: str, length: int) -> str:
    """One line of text that every database takes, cut to a length."""
    printable = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text[: 4 * length])
    one_line = " ".join(printable.split())
    return one_line if len(one_line) <= length else f"{one_line[: length - 1]}…"


def _until(now: datetime) -> datetime:
    return now + timedelta(days=settings.AUDIT_KEPT_DAYS)


def forget(now: datetime | None = None) -> int:
    """Delete the lines whose time is over. Returns how many."""
    return AuditEntry.objects.filter(kept_until__lte=now or timezone.now()).delete()[0]
