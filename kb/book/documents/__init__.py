"""From the desk's rows to the documents that readers see: one builder for each kind of aggregate.

A document is a plain dict; references are uids, dates EDTF or ISO 8601, decimals text. Whatever it refers to and
readers may not see is left out by the builder, which asks `shown`; what must not be missing is the business of
`kb.book.writing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from kb.book.documents import challenges, claims, house, places, sources
from kb.book.documents.common import Shown
from kb.book.kinds import SCHEMA, Document
from kb.editorial.aggregate import Aggregate
from kb.models import Claim, Correction, Delivery, Desk, Event, NamingPolicy, Place, Rebuttal, Topic
from sources.models import Agent, Source

Builder = Callable[[Aggregate, Shown], Document]

#: kind → the model, the queryset that reads all a document needs, and the builder
BUILDERS: dict[str, tuple[type[Aggregate], Callable[[], QuerySet], Callable]] = {
    "agent": (Agent, Agent.objects.all, sources.agent),
    "source": (Source, sources.sources, sources.source),
    "topic": (Topic, Topic.objects.all, claims.topic),
    "place": (Place, places.places, places.place),
    "event": (Event, places.events, places.event),
    "claim": (Claim, claims.claims, claims.claim),
    "rebuttal": (Rebuttal, challenges.rebuttals, challenges.rebuttal),
    "correction": (Correction, challenges.corrections, challenges.correction),
    "delivery": (Delivery, challenges.deliveries, challenges.delivery),
    "desk": (Desk, Desk.objects.all, house.desk),
    "naming-policy": (NamingPolicy, house.policies, house.policy),
}


def load(kind: str, pks: Iterable[int]) -> list[Aggregate]:
    """Records with all that their documents need, in a fixed number of queries, in the order of their keys."""
    return list(BUILDERS[kind][1]().filter(pk__in=list(pks)).order_by("key"))


def build(record: Aggregate, shown: Shown) -> Document:
    """The document of a record that `load` has read; `shown(uid)` says what it may refer to."""
    head = {"schema": SCHEMA, "kind": record.kind_name, "uid": record.uid, "key": record.key}
    return {**head, **BUILDERS[record.kind_name][2](record, shown)}


def model_of(kind: str) -> type[Aggregate]:
    return BUILDERS[kind][0]
