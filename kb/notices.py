"""Notices by e-mail: to the desk when a challenge came in, to its sender when its state changed, and once a day what
is overdue.

Nothing is queued. What was told is noted beside what there is to tell, so what changed while no mail went is told once
it goes again, and a flood of challenges is one message. A notice may come twice, if a process dies between sending it
and noting so; it is not lost.
"""

from __future__ import annotations

import logging
import smtplib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from kb.book.asking import chunks
from kb.book.documents import model_of
from kb.book.models import Record
from kb.editorial.aggregate import Aggregate
from kb.models import Assignment, Claim, DailyNotice, Delivery, Desk, Rebuttal, Submission
from kb.models.intake import PUBLISHED_TOO
from kb.models.rebuttal import OPEN_DECISIONS, Decision

log = logging.getLogger(__name__)

#: After a failure it is tried again so much later; for so long nobody else tries what one has begun.
AGAIN, LEASE = timedelta(minutes=10), timedelta(minutes=5)
#: So many records are named in one message; the others are counted.
NAMED = 20
#: A challenge that nobody has decided after so many days is overdue.
CHALLENGE_DAYS = 14
FAILURES = (OSError, smtplib.SMTPException)


def send() -> int:
    """Send what there is to tell now. Returns how many messages went. What fails is logged, and tried again later."""
    if not settings.SENDS_MAIL:
        return 0
    return _tell_desk() + _tell_challengers()


# --- to the desk ----------------------------------------------------------------------------------------------


def _tell_desk() -> int:
    """One message of all challenges that came in since the last."""
    now = timezone.now()
    waiting = Submission.objects.filter(told_desk_at=None, try_desk_at__lte=now)
    new = list(waiting.select_related("rebuttal__claim").order_by("pk")[: NAMED + 1])
    if not new:
        return 0
    everybody = who_decides()
    if not everybody:
        waiting.update(told_desk_at=now)
        return 0
    last = waiting.order_by("-pk").values_list("pk", flat=True)[0]
    ours = Submission.objects.filter(pk__lte=last, told_desk_at=None, try_desk_at__lte=now)
    count = ours.update(try_desk_at=now + LEASE)
    if not count:
        return 0  # another process was faster
    mine = Submission.objects.filter(pk__lte=last, told_desk_at=None, try_desk_at=now + LEASE)
    context = {
        "count": count,
        "challenges": [(one.rebuttal, _admin(one.rebuttal)) for one in new[:NAMED]],
        "more": max(count - NAMED, 0),
        "all": _address("admin:kb_rebuttal_changelist") + f"?decision__exact={Decision.RECEIVED}",
    }
    subject = "A new challenge" if count == 1 else f"{count} new challenges"
    if _sent("to_desk", subject, context, everybody):
        mine.update(told_desk_at=timezone.now())
        return 1
    mine.update(try_desk_at=now + AGAIN)
    return 0


def who_decides() -> list[User]:
    """The accounts that are told of challenges: they may decide them, and have an address."""
    users = User.objects.with_perm(
        "kb.decide_rebuttal", backend="django.contrib.auth.backends.ModelBackend", include_superusers=True
    )
    return list(users.exclude(email="").order_by("pk"))


# --- to who has challenged ------------------------------------------------------------------------------------


def states(submissions: Sequence[Submission]) -> dict[int, str]:
    """The state of each challenge, by primary key, as its sender is told it: that of the one that stands for it."""
    case = {one.rebuttal_id: one.rebuttal_id for one in submissions}
    while True:
        joined = Rebuttal.objects.filter(pk__in=set(case.values()), duplicate_of__isnull=False)
        onward = dict(joined.values_list("pk", "duplicate_of"))
        if not onward:
            break
        case = {pk: onward.get(of) or of for pk, of in case.items()}
    rows = {row.pk: row for row in Rebuttal.objects.filter(pk__in=set(case.values()))}
    told_at = dict(
        Record.objects.filter(uid__in=[row.uid for row in rows.values()], withdrawn_in=None).values_list(
            "uid", "version__release__at"
        )
    )
    return {one.pk: _state(rows[case[one.rebuttal_id]], told_at) for one in submissions}


def _state(rebuttal: Rebuttal, published: Mapping[str, datetime]) -> str:
    at = published.get(rebuttal.uid)
    can_be_read = at is not None and rebuttal.decided_at is not None and at >= rebuttal.decided_at
    return f"{rebuttal.decision}{PUBLISHED_TOO if can_be_read else ''}"


def _tell_challengers() -> int:
    now = timezone.now()
    sent = 0
    waiting = Submission.objects.exclude(email="").filter(try_at__lte=now).order_by("pk")
    for some in chunks(list(waiting)):
        now_so = states(some)
        sent += sum(_tell(one, now_so[one.pk], now) for one in some if now_so[one.pk] != one.told)
    return sent


def _tell(one: Submission, state: str, now: datetime) -> bool:
    """Tell who sent a challenge its state. Says whether the message went."""
    again = Submission.objects.filter(pk=one.pk, told=one.told, email=one.email)
    if not again.filter(try_at=one.try_at).update(try_at=now + LEASE):
        return False  # another process was faster, or the address was forgotten
    decision, _, published = state.partition("+")
    context = {
        "code": one.code,
        "word": Decision(decision).label,
        "is_decided": decision not in OPEN_DECISIONS,
        "is_published": bool(published),
        "address": _address("challenge_standing", one.code),
        "forget_at": one.forget_at.astimezone(UTC).date(),
    }
    if _sent("to_challenger", f"Your challenge {one.code}", context, [one]):
        again.update(told=state, try_at=now)
        return True
    again.update(try_at=now + AGAIN)
    return False


# --- what is overdue ------------------------------------------------------------------------------------------


@dataclass
class Overdue:
    """Something of one kind that is overdue: how much, the first of it in words with their addresses."""

    label: str
    count: int
    items: list[tuple[str, str]] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.items)


def digest(today: date | None = None) -> int:
    """Send everybody who has an address what is overdue for them, once a day. Returns how many messages went."""
    if not settings.SENDS_MAIL:
        return 0
    day = today or timezone.now().astimezone(UTC).date()
    common = list(_common(day))
    sent = 0
    for user in User.objects.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk"):
        overdue = [*_own(user, day), *(one for permission, one in common if user.has_perm(permission))]
        if overdue:
            sent += _digest_of(user, day, overdue)
    return sent


def _digest_of(user: User, day: date, overdue: Sequence[Overdue]) -> int:
    row, is_first = DailyNotice.objects.get_or_create(user=user, day=day)
    if not is_first:
        return 0
    number = sum(one.count for one in overdue)
    context = {
        "overdue": overdue,
        "front": _address("admin:index"),
        "name": user.get_short_name() or user.username,
    }
    if _sent("digest", f"{number} overdue at the desk", context, [user]):
        return 1
    row.delete()
    return 0


def _own(user: User, day: date) -> Iterator[Overdue]:
    late = Assignment.objects.of(user).filter(due__lt=day)
    if count := late.count():
        rows = list(late[:NAMED])
        by_kind: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            by_kind[row.kind].append(row.uid)
        records = {
            record.uid: record
            for kind, uids in by_kind.items()
            for record in model_of(kind)._base_manager.filter(uid__in=uids)
        }
        named = [
            (f"{record.key}, due on {row.due:%Y-%m-%d}", _admin(record))
            for row in rows
            if (record := records.get(row.uid)) is not None
        ]
        yield Overdue("In your hands, and past the day it was due", count, named)


def _common(day: date) -> Iterator[tuple[str, Overdue]]:
    """What is overdue for anyone, each with the right that lets somebody do something about it."""
    old = timezone.now() - timedelta(days=CHALLENGE_DAYS)
    waiting = (
        Rebuttal.objects.open().filter(received_at__lt=old, duplicate_of=None).order_by("received_at", "pk")
    )
    for permission, label, rows in (
        ("kb.decide_rebuttal", f"Challenges undecided for more than {CHALLENGE_DAYS} days", waiting),
        (
            "kb.change_delivery",
            "Publishers who have not answered by the day they were asked to",
            Delivery.objects.pending()
            .filter(deadline__lt=day)
            .select_related("correction")
            .order_by("deadline"),
        ),
        (
            "kb.add_assessment",
            "Assessments that have needed another look for more than 14 days",
            Claim.objects.stale().filter(stale_since__lt=old).order_by("stale_since", "pk"),
        ),
    ):
        if count := rows.count():
            yield permission, Overdue(label, count, [(row.key, _admin(row)) for row in rows[:NAMED]])


# --- the message ----------------------------------------------------------------------------------------------


def _sent(
    template: str, subject: str, context: Mapping[str, object], to: Sequence[User | Submission]
) -> bool:
    """Send one message, hidden copies to all. What hinders it is logged without an address."""
    desk = Desk.objects.first()
    name = " ".join((desk.name if desk else "Rejoinder").split())
    text = render_to_string(f"admin/mail/{template}.txt", {**context, "desk": name})
    reply_to = [desk.contact] if desk and desk.contact else []
    addresses = [one.email for one in to]
    # One address alone is no secret to its owner; several are not shown to each other.
    alone = addresses if len(addresses) == 1 else []
    try:
        with _connection() as connection:
            message = EmailMessage(
                f"{name}: {subject}",
                text,
                to=alone,
                bcc=[] if alone else addresses,
                reply_to=reply_to,
                headers={"Auto-Submitted": "auto-generated"},
                connection=connection,
            )
            return bool(message.send())
    except FAILURES as reason:
        log.warning("A notice could not be sent (%s). It is tried again.", type(reason).__name__)
        return False


@contextmanager
def _connection() -> Iterator[BaseEmailBackend]:
    connection = get_connection()
    try:
        yield connection
    finally:
        connection.close()


def _address(name: str, *args: object) -> str:
    return f"{settings.SITE_ADDRESS}{reverse(name, args=args)}"


def _admin(record: Aggregate) -> str:
    options = record._meta
    return _address(f"admin:{options.app_label}_{options.model_name}_change", record.pk)
