"""How many wrong tries are let through, counted in the database: all workers share it, and it outlasts a restart.

A try is counted before it is looked at, so that many at once are no more than one after the other; a right one gives
back what it took. A limit that is reached is open again when its time is over, however often it was knocked at
meanwhile: so nobody is locked out for ever. `docs/signing-in.md` says why the numbers are what they are.
"""

from __future__ import annotations

import hmac
import ipaddress
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kb.signing.models import Tries

#: Counts that are over stay so long, for whoever has begun to read them.
SWEPT_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """So many wrong tries within so long. `forgiven` says that one right try makes up for all the wrong ones."""

    name: str
    tries: int
    within: timedelta
    forgiven: bool = True


#: Of one account from one address; from one address, whatever the account; of one account, wherever from.
AT_ADDRESS = Limit("account-address", 5, timedelta(minutes=15))
ADDRESS = Limit("address", 10, timedelta(minutes=15), forgiven=False)
ACCOUNT = Limit("account", 50, timedelta(hours=1))
#: In place of these three: of one account in a browser that it has been signed in with before.
KNOWN_BROWSER = Limit("known-browser", 10, timedelta(minutes=15))
#: Codes of the second factor, for whoever has given the password.
CODE = Limit("code", 5, timedelta(minutes=15))
CODE_A_DAY = Limit("code-a-day", 30, timedelta(days=1))
#: The password, asked again of somebody who is signed in.
PASSWORD_AGAIN = Limit("password-again", 5, timedelta(minutes=15))


class Throttled(Exception):
    """Too many wrong tries; the message says for how long."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, int(wait.total_seconds()))
        minutes = -(-self.seconds // 60)
        hours = -(-minutes // 60)
        time = f"{hours} hours" if minutes > 90 else "1 minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"There were too many wrong tries. Wait {time}, then try again.")


@dataclass(frozen=True)
class Counted:
    """One limit for one thing: what it is for is hashed, and cannot be read off the table."""

    limit: Limit
    of: str

    @property
    def key(self) -> str:
        text = f"{self.limit.name}\0{self.of}"
        return hmac.digest(settings.SECRET_KEY.encode(), text.encode("utf-8", "replace"), "sha256").hex()


def folded(name: str) -> str:
    """An account's name as it is counted: spellings that sign in as one are one, and it is never long."""
    return unicodedata.normalize("NFKC", name).casefold()[:200]


def network(address: str) -> str:
    """An address as it is counted: of IPv6 the half that a household has, since it may use every other half."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((int(known), 64), strict=False))
    return str(known)


def for_signing_in(name: str, address: str, known_browser: str = "") -> list[Counted]:
    """What a try to sign in counts against. `known_browser` names a browser that this account has used before."""
    name, place = folded(name), network(address)
    if known_browser:
        return [Counted(KNOWN_BROWSER, f"{name}\0{known_browser}")]
    return [Counted(AT_ADDRESS, f"{name}\0{place}"), Counted(ADDRESS, place), Counted(ACCOUNT, name)]


def for_code(user_pk: int) -> list[Counted]:
    return [Counted(CODE, str(user_pk)), Counted(CODE_A_DAY, str(user_pk))]


def for_password_again(user_pk: int) -> list[Counted]:
    return [Counted(PASSWORD_AGAIN, str(user_pk))]


def take(counted: Sequence[Counted]) -> None:
    """Count one try against all of these. Raises Throttled where one is full; then none is counted."""
    now = timezone.now()
    limits = {one.key: one.limit for one in sorted(counted, key=lambda one: one.key)}
    # Looked at first without a lock: a flood that is refused keeps nobody from writing.
    _refuse(Tries.objects.filter(key__in=limits), limits, now)
    with transaction.atomic():
        Tries.objects.bulk_create(
            [Tries(key=key, limit=limit.name, ends_at=now + limit.within) for key, limit in limits.items()],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["limit"],
        )
        rows = list(Tries.objects.select_for_update().filter(key__in=limits).order_by("key"))
        _refuse(rows, limits, now)
        for row in rows:
            if row.ends_at <= now:
                row.count, row.ends_at = 0, now + limits[row.key].within
            row.count += 1
        Tries.objects.bulk_update(rows, ["count", "ends_at"])


def _refuse(rows: Iterable[Tries], limits: dict[str, Limit], now: datetime) -> None:
    full = [row.ends_at for row in rows if row.ends_at > now and row.count >= limits[row.key].tries]
    if full:
        raise Throttled(max(full) - now)


def give_back(counted: Sequence[Counted]) -> None:
    """The try was right: it does not count, and where right ones make up for wrong ones, none of those does."""
    forgiven = [one.key for one in counted if one.limit.forgiven]
    Tries.objects.filter(key__in=forgiven).delete()
    others = [one.key for one in counted if not one.limit.forgiven]
    Tries.objects.filter(key__in=others, count__gt=0).update(count=F("count") - 1)
    Tries.objects.filter(ends_at__lt=timezone.now() - SWEPT_AFTER).delete()


def forget(counted: Sequence[Counted]) -> None:
    """Count from nothing again, as after an administrator has helped."""
    Tries.objects.filter(key__in=[one.key for one in counted]).delete()
