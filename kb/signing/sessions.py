"""The engine of the sessions (`SESSION_ENGINE`): they end when nobody uses them, and in any case after a time.

Both limits are looked at where a session is read, so no page can be reached past them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from kb.signing.models import Session

#: In a session: when its owner signed in, in seconds; and from where.
STARTED, FROM = "signed_in_at", "signed_in_from"
#: A session in use is written again only after this part of the time that it may lie idle.
NEWS = 20


def idle_limit() -> timedelta:
    return timedelta(hours=settings.SESSION_IDLE_HOURS)


def whole_limit() -> timedelta:
    return timedelta(days=settings.SESSION_DAYS)


class SessionStore(DatabaseStore):
    """Sessions in the database, each with its account."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Any = super().create_model_instance(data)
        owner = str(data.get(SESSION_KEY, ""))
        row.account = int(owner) if owner.isdecimal() else None
        return cast(Session, row)

    def load(self) -> dict[str, Any]:
        now = timezone.now()
        row = Session.objects.filter(session_key=self.session_key, expire_date__gt=now).first()
        data: dict[str, Any] = self.decode(row.session_data) if row is not None else {}
        if row is None or (SESSION_KEY in data and _started(data) + whole_limit() <= now):
            # An empty one takes its place, under a new name.
            self._session_key = None
            return {}
        if SESSION_KEY in data and row.expire_date - now < idle_limit() * (NEWS - 1) / NEWS:
            self.modified = True
        return data

    def get_session_cookie_age(self) -> int:
        """How long it is good for from now on."""
        started = self.get(STARTED)
        if started is None:
            return int(idle_limit().total_seconds())
        left = _started({STARTED: started}) + whole_limit() - timezone.now()
        return max(0, int(min(idle_limit(), left).total_seconds()))


def _started(data: dict[str, Any]) -> datetime:
    # A session from before its beginning was noted has none, and is over.
    return datetime.fromtimestamp(data.get(STARTED, 0), UTC)


def sessions_of(user_pk: int) -> list[tuple[str, datetime, str]]:
    """The sessions in which somebody is signed in, newest first: key, since when, from where."""
    rows = Session.objects.filter(account=user_pk, expire_date__gt=timezone.now())
    found = []
    for row in rows:
        data = row.get_decoded()
        found.append((row.session_key, _started(data), str(data.get(FROM, ""))))
    return sorted(found, key=lambda one: one[1], reverse=True)


def end_sessions(user_pk: int, *, but: str | None = None) -> int:
    """Sign somebody out everywhere, or everywhere `but` in one session. Returns in how many."""
    rows = Session.objects.filter(account=user_pk)
    if but is not None:
        rows = rows.exclude(session_key=but)
    return rows.delete()[0]
