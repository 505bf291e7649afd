"""The one door from the public to the desk: a challenge comes in, and its sender can follow its state by a code.

What comes in is a rebuttal that was received, and nothing else of the desk is written or read. Names and e-mail
addresses are kept apart from it, and are forgotten after a time.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.models import Appearance, Claim, Merge, Rebuttal, Submission

HOUR = timedelta(hours=1)
#: How many challenges one address may send in an hour, and all together.
FROM_ONE, FROM_ALL = 5, 60


class Flooded(Exception):
    """Too many challenges at once; the message is for who sends."""


class NotThere(Exception):
    """There is no such claim, or no challenge under that code."""


@dataclass(frozen=True)
class Challenge:
    """What somebody sends. `claim` and `appearances` are uids; no appearance means the claim wherever it was made."""

    claim: str
    scope: str
    text: str
    proposed: str = ""
    evidence: str = ""
    appearances: Sequence[str] = ()
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Standing:
    """How far a challenge is. `decision` is one of the rebuttal's; `rebuttal` is its uid, for its public page.

    `joined`: the desk decides it, or has decided it, together with an earlier one of the same error; the rest is then
    said of that one.
    """

    code: str
    received_at: datetime
    decision: str
    decided_at: datetime | None
    claim: str
    rebuttal: str
    joined: bool = False


def accept(challenge: Challenge, *, address: str) -> str:
    """Take a challenge in as a rebuttal that was received. Returns the code to follow it by.

    Raises Flooded, and NotThere for a claim that there is not.
    """
    sender = _hash(address)
    with transaction.atomic():
        # Held until the end, so that two at once are counted one after the other.
        claim = Claim.objects.select_for_update().filter(uid=_of_today(challenge.claim)).first()
        if claim is None:
            raise NotThere
        now = timezone.now()
        _refuse_floods(sender, now)
        submission = Submission(
            received_at=now,
            name=challenge.name,
            email=challenge.email,
            sender=sender,
            forget_at=now + timedelta(days=settings.CHALLENGER_KEPT_DAYS),
        )
        text = f"{challenge.text}\n\n{challenge.evidence}" if challenge.evidence else challenge.text
        rebuttal = Rebuttal.objects.create(
            key=f"challenge-{submission.code.lower()}",
            claim=claim,
            scope=challenge.scope,
            text=text,
            language="und",
            proposed=challenge.proposed,
            received_at=now,
        )
        rebuttal.appearances.set(Appearance.objects.filter(claim=claim, uid__in=challenge.appearances))
        submission.rebuttal = rebuttal
        submission.save(force_insert=True)
    return submission.code


def _of_today(claim: str) -> str:
    """The claim that a published one is at the desk by now, where it was merged into another."""
    return Merge.objects.kept_for([claim]).get(claim, claim)


def _refuse_floods(sender: str, now: datetime) -> None:
    lately = Submission.objects.filter(received_at__gt=now - HOUR)
    if lately.filter(sender=sender).count() >= FROM_ONE:
        raise Flooded(_("You have sent several challenges within the hour. Please send the next one later."))
    if lately.count() >= FROM_ALL:
        raise Flooded(_("The desk receives very many challenges just now. Please send yours in an hour."))


def _hash(address: str) -> str:
    """Who sent it, so that nobody can read off where from."""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()


def standing(code: str) -> Standing:
    """How far the challenge of a code is. Raises NotThere."""
    found = Submission.objects.select_related("rebuttal__claim").filter(code=code.strip().upper()).first()
    if found is None:
        raise NotThere
    # Of one that is joined to another or repeats it, the other says what becomes of it.
    rebuttal = found.rebuttal
    while rebuttal.duplicate_of is not None:
        rebuttal = rebuttal.duplicate_of
    return Standing(
        code=found.code,
        received_at=found.received_at,
        decision=rebuttal.decision,
        decided_at=rebuttal.decided_at,
        claim=rebuttal.claim.uid,
        rebuttal=rebuttal.uid,
        joined=rebuttal.pk != found.rebuttal_id,
    )


def forget(now: datetime | None = None) -> int:
    """Delete names, e-mail addresses and senders whose time is over. Returns of how many challenges."""
    due = Submission.objects.filter(forget_at__lte=now or timezone.now())
    return due.exclude(name="", email="", sender="").update(name="", email="", sender="")
