"""Events: something claims are about."""

from __future__ import annotations

from django.db import models

from kb.editorial.aggregate import Aggregate, AggregateQuerySet
from kb.editorial.fields import (
    BoundField,
    DateSpanField,
    LanguageField,
    LineField,
    ProseField,
    bounds_in_order,
)
from kb.editorial.history import LinkedHistory
from kb.models.place import Place
from sources.models import Agent


class EventQuerySet(AggregateQuerySet):
    def at(self, place: Place) -> EventQuerySet:
        return self.filter(places=place)


class Event(Aggregate):
    """Something claims are about. It has no evidence of its own: what a source says of it is a claim."""

    kind_name = "event"

    title = LineField(max_length=300)
    language = LanguageField(default="en", help_text="The language of the title.")
    when = DateSpanField(
        blank=True, help_text="The date that the desk has settled on; leave empty while it has not."
    )
    when_earliest = BoundField(of="when", end="earliest")
    when_latest = BoundField(of="when", end="latest")
    places = models.ManyToManyField(Place, blank=True, related_name="events")
    participants = models.ManyToManyField(Agent, blank=True, related_name="events")
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    after = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="before",
        help_text="Events that must have come first.",
    )
    note = ProseField(blank=True, limit=10_000)

    objects = EventQuerySet.as_manager()
    history = LinkedHistory(m2m_fields=[places, participants, after], excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        ordering = ["title", "key"]
        indexes = [models.Index(fields=["when_earliest", "key"]), models.Index(fields=["title", "key"])]
        constraints = [
            *Aggregate.Meta.constraints,
            bounds_in_order("when"),
            models.CheckConstraint(
                condition=~models.Q(part_of=models.F("id")),
                name="kb_event_not_part_of_itself",
                violation_error_message="An event cannot be part of itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
