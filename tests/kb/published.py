"""Published records for the tests of the public pages."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import User

from kb.book import writing
from kb.editorial.aggregate import Aggregate
from tests.kb import records

_numbers = count(1)


def publisher() -> User:
    return User.objects.create_superuser(f"publisher-{next(_numbers)}", password="of no consequence")


def publish(*given: Aggregate, why: str = "First published.") -> writing.Outcome:
    """Release the records as they are in the database now."""
    return writing.release([type(one).objects.get(pk=one.pk) for one in given], by=publisher(), why=why)


def withdraw(*given: Aggregate, why: str = "It was unsound.") -> writing.Outcome:
    return writing.withdraw(given, by=publisher(), why=why)


def full(number: int) -> dict[str, Any]:
    """One published record of each kind, with `number` rows of all that belongs to it."""
    made = records.full(number)
    claim = made["claim"]
    claim.events.add(made["event"])
    claim.places.add(made["place"])
    sources = [row.source for row in claim.appearances.select_related("source")]
    agents = [agent for source in sources for agent in _agents(source)]
    publish(*agents, *sources, made["place"], made["event"], *claim.topics.all(), claim, made["rebuttal"])
    publish(made["correction"], *made["correction"].deliveries.all())
    return made


def _agents(source: Any) -> list[Any]:
    return [row.agent for row in source.contributions.select_related("agent")]
