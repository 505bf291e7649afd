"""What waits at the desk: queues, each a number, its oldest date and its first records, one click from the work.

A queue is a few queries, however long it is: what is counted stops at a thousand. To add one, name it in `QUEUES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from kb.admin.assigning import due_in_words, holder_in_words, is_late
from kb.admin.labels import label_places
from kb.admin.place import IMPORTED
from kb.admin.work import form_of, records_of
from kb.analysis import one_sided
from kb.book.kinds import excerpt
from kb.editorial.aggregate import Aggregate
from kb.models import (
    Appearance,
    Assessment,
    Assignment,
    Claim,
    Conflict,
    Correction,
    Delivery,
    Event,
    Place,
    Rebuttal,
    Topic,
    WorkStep,
)
from kb.models.claim import Anchor
from kb.models.rebuttal import OPEN_DECISIONS, Decision
from kb.models.work import Act
from sources.models import Agent, Source

#: Records shown of a queue, and where counting stops.
SHOWN, MOST = 4, 1_000
REVIEWED: tuple[type[Aggregate], ...] = (Claim, Source, Place, Event, Rebuttal, Correction, Agent, Topic)

#: Queues whose challenges are met on the page of their review.
REVIEW = ("assigned", "received", "under-review", "decided")


@dataclass(frozen=True)
class Queue:
    """Something that waits.

    `waiting(user)` are the records, `since` the field or annotation that says from when on, `about` what is said of a
    record beside its name. `filters` is the query of the list that shows all of them, of `model` unless `listed`.
    """

    name: str
    label: str
    model: type[models.Model]
    waiting: Callable[[User], models.QuerySet]
    filters: Callable[[User], dict[str, Any]]
    since: str = ""
    about: Callable[[Any], str] = lambda record: ""
    mine: bool = False
    related: tuple[str, ...] = ()
    #: What a record is called, if not by its own words.
    called: Callable[[Any], str] = str
    #: What is said before the date of the first.
    first: str = "The oldest is of"


@dataclass
class Item:
    """A record of a queue: what it is called, where the work is, since when it waits and what is said of it."""

    label: str
    address: str
    since: date | None
    about: str
    late: bool = False


@dataclass
class Waiting:
    """A queue as the page shows it."""

    name: str
    label: str
    number: int
    more: bool
    oldest: date | None
    address: str
    mine: bool
    first: str
    items: list[Item] = field(default_factory=list)

    @property
    def days(self) -> int | None:
        """How many days the oldest has waited."""
        return None if self.oldest is None else (timezone.now().date() - self.oldest).days


_JOINED = Count("duplicates", filter=Q(duplicates__decision__in=OPEN_DECISIONS))


def _cases(decision: str) -> models.QuerySet:
    """Challenges in this state, those that are joined to one counted with it."""
    return Rebuttal.objects.cases().filter(decision=decision).annotate(joined=_JOINED)


def _of_rebuttal(rebuttal: Any) -> str:
    joined = f"{rebuttal.joined} joined" if rebuttal.joined else ""
    said = ", ".join(filter(None, [rebuttal.get_scope_display(), joined]))
    return f"{said}; of “{excerpt(rebuttal.claim.statement, 90)}”"


def _challenge(rebuttal: Rebuttal) -> str:
    """Of several challenges of a claim, what each says."""
    return excerpt(rebuttal.text, 110)


def _of_assignment(row: Assignment) -> str:
    return ", ".join(filter(None, [row.kind, due_in_words(row.due)]))


def _in_review(model: type[Aggregate]) -> Queue:
    """The records of a kind that somebody has handed in, since then."""
    steps = WorkStep.objects.filter(uid=OuterRef("uid"), act=Act.SUBMITTED)
    last = steps.order_by("-pk").values("at")[:1]
    return Queue(
        f"review-{model._meta.model_name}",
        f"{str(model._meta.verbose_name_plural).capitalize()} in review",
        model,
        lambda user: model._base_manager.filter(editing_state="in-review").annotate(submitted=Subquery(last)),
        lambda user: {"editing_state__exact": "in-review"},
        "submitted",
        related=("claim",) if model is Rebuttal else (),
    )


def _one_sided(model: type[Aggregate]) -> Queue:
    """The records of a kind that are about to be published and call a disputed place by one party's name alone."""
    plural = str(model._meta.verbose_name_plural)
    return Queue(
        f"names-{model._meta.model_name}",
        f"{plural.capitalize()} in review with one party’s name alone",
        model,
        lambda user: model._base_manager.filter(pk__in=one_sided.in_review(model)),
        lambda user: {"names": "one"},
        related=("claim",) if model is Rebuttal else (),
    )


def _subject(conflict: Conflict) -> str:
    return f"{conflict.one.event or conflict.one.place}: {conflict.one.attribute.label}"


QUEUES: tuple[Queue, ...] = (
    Queue(
        "assigned", "In your hands", Assignment,
        lambda user: Assignment.objects.filter(assignee=user),
        lambda user: {"assignee__id__exact": user.pk}, "due", _of_assignment, mine=True, first="The first is due on",
    ),
    Queue(
        "confirm", "Assessments for a second editor", Assessment,
        lambda user: Assessment.objects.filter(confirmed_at=None).exclude(proposed_by=user),
        lambda user: {"confirmed": "no"}, "proposed_at", lambda one: one.get_rating_display(), mine=True,
        related=("claim",),
    ),
    Queue(
        "proposed", "Your assessments, waiting for a colleague", Assessment,
        lambda user: Assessment.objects.filter(confirmed_at=None, proposed_by=user),
        lambda user: {"confirmed": "no"}, "proposed_at", lambda one: one.get_rating_display(), mine=True,
        related=("claim",),
    ),
    Queue(
        "received", "Challenges received", Rebuttal,
        lambda user: _cases(Decision.RECEIVED), lambda user: {"decision__exact": Decision.RECEIVED, "joined": "no"},
        "received_at", _of_rebuttal, related=("claim",), called=_challenge,
    ),
    Queue(
        "under-review", "Challenges under review", Rebuttal,
        lambda user: _cases(Decision.UNDER_REVIEW),
        lambda user: {"decision__exact": Decision.UNDER_REVIEW, "joined": "no"},
        "received_at", _of_rebuttal, related=("claim",), called=_challenge,
    ),
    Queue(
        "decided", "Decisions that readers do not know yet", Rebuttal,
        lambda user: Rebuttal.objects.awaiting_release(), lambda user: {"release": "waits"}, "decided_at",
        lambda rebuttal: rebuttal.get_decision_display(), related=("claim",),
    ),
    *map(_in_review, REVIEWED),
    *map(_one_sided, one_sided.PROSE),
    Queue(
        "left", "In the hands of closed accounts", Assignment,
        lambda user: Assignment.objects.filter(assignee__is_active=False).select_related("assignee"),
        lambda user: {"closed": "yes"}, "due", holder_in_words, first="The first is due on",
    ),
    Queue(
        "stale", "Assessments that need another look", Claim,
        lambda user: Claim.objects.stale(),
        lambda user: {"stale": "yes"}, "stale_since", lambda claim: claim.get_stale_reason_display(),
    ),
    Queue(
        "conflicts", "Open conflicts", Conflict,
        lambda user: Conflict.objects.open(), lambda user: {"ruling": "open"}, "first_seen", str,
        related=("one__event", "one__place", "one__attribute"), called=_subject,
    ),
    Queue(
        "orphans", "Quotes that are not in their source’s text", Appearance,
        lambda user: Appearance.objects.filter(anchor=Anchor.ORPHAN),
        lambda user: {"anchor__exact": Anchor.ORPHAN}, related=("claim", "source"),
    ),
    Queue(
        "unsupported", "Claims without an independent source", Claim,
        lambda user: Claim.objects.without_independent_source(), lambda user: {"support": "no"},
    ),
    Queue(
        "deliveries", "Deliveries without an answer", Delivery,
        lambda user: Delivery.objects.pending(), lambda user: {"outcome__exact": "pending"}, "deadline",
        lambda delivery: due_in_words(delivery.deadline) or ("asked" if delivery.contacted_at else "nobody asked yet"),
        related=("correction", "appearance__source"), first="The first is due on",
    ),
    Queue(
        "places", "Places made by an import, not yet reviewed", Place,
        lambda user: Place.objects.filter(editing_state="draft", note__startswith=IMPORTED),
        lambda user: {"imported": "yes"},
    ),
)  # fmt: skip


def waiting_for(user: User) -> Iterator[Waiting]:
    """The queues that are not empty and that this user may look at, those that are theirs first."""
    for queue in QUEUES:
        options = queue.model._meta
        if user.has_perm(f"{options.app_label}.view_{options.model_name}"):
            found = _look(queue, user)
            if found.number:
                yield found


def _look(queue: Queue, user: User) -> Waiting:
    rows = queue.waiting(user)
    ordered = rows.order_by(F(queue.since).asc(nulls_last=True), "pk") if queue.since else rows.order_by("pk")
    some = list(ordered.select_related(*queue.related)[:SHOWN] if queue.related else ordered[:SHOWN])
    number = len(some) if len(some) < SHOWN else len(rows.order_by().values_list("pk")[: MOST + 1])
    held = records_of(some) if queue.model is Assignment else {}
    label_places([*some, *held.values()])
    items = [_item(queue, record, held.get(getattr(record, "uid", ""))) for record in some]
    kind = f"admin:{queue.model._meta.app_label}_{queue.model._meta.model_name}"
    return Waiting(
        queue.name,
        queue.label,
        min(number, MOST),
        number > MOST,
        next((item.since for item in items if item.since), None),
        f"{reverse(f'{kind}_changelist')}?{urlencode(queue.filters(user))}",
        queue.mine,
        queue.first,
        items,
    )


def _item(queue: Queue, row: Any, record: Aggregate | None = None) -> Item:
    """What is shown of a row; `record` is the one that an assignment is of."""
    if isinstance(row, Appearance):
        # It is changed on the page of its claim.
        address = reverse("admin:kb_claim_change", args=[row.claim_id])
    elif isinstance(record or row, Rebuttal) and queue.name in REVIEW:
        address = reverse("admin:kb_rebuttal_review", args=[(record or row).pk])
    else:
        address = form_of(record or row)
    since = getattr(row, queue.since) if queue.since else None
    return Item(
        queue.called(record or row),
        address,
        since.date() if isinstance(since, datetime) else since,
        queue.about(row),
        late=queue.since in ("due", "deadline") and is_late(since),
    )
