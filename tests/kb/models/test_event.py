"""Events."""

from __future__ import annotations

import pytest

from kb.models import (
    Event,
    Place,
)
from tests.support.samples import saved

pytestmark = pytest.mark.django_db


def test_events_are_asked_for_by_place():
    place, event = saved(Place), saved(Event, 1)
    saved(Event, 2)
    event.places.add(place)
    assert list(Event.objects.at(place)) == [event]
