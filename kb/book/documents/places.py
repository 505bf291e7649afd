"""Documents of places and events."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from kb.book.documents.common import Shown, fields, number, uid_of, uids_of
from kb.models import Event, Place, PlaceName, PlaceStatus


def places() -> QuerySet[Place]:
    names = PlaceName.objects.select_related("source", "romanisation_of").prefetch_related(
        "used_by", "used_in"
    )
    return Place.objects.select_related("part_of").prefetch_related(
        Prefetch("names", names.order_by("id")),
        Prefetch("statuses", PlaceStatus.objects.select_related("agent", "source").order_by("id")),
    )


def place(record: Place, shown: Shown) -> dict[str, Any]:
    return {
        **fields(record, "geometry", "time_zone", "wikidata", "geonames", "note"),
        "place_kind": record.kind,
        "part_of": uid_of(record.part_of, shown),
        "latitude": number(record.latitude),
        "longitude": number(record.longitude),
        "names": [_name(row, shown) for row in record.names.all()],
        "statuses": [
            {
                **fields(row, "uid", "relation", "when", "locator"),
                "agent": row.agent.uid,
                "source": row.source.uid,
            }
            for row in record.statuses.all()
            # An assertion whose source readers cannot look up is not made in public.
            if shown(row.agent.uid) and shown(row.source.uid)
        ],
    }


def _name(row: PlaceName, shown: Shown) -> dict[str, Any]:
    source, original = uid_of(row.source, shown), row.romanisation_of
    return {
        **fields(row, "uid", "text", "language", "kind", "when"),
        "used_by": uids_of(row.used_by.all(), shown),
        "used_in": uids_of(row.used_in.all(), shown),
        "romanisation_of": original.uid if original and original.place_id == row.place_id else None,
        "source": source,
        "locator": row.locator if source or row.source is None else "",
    }


def events() -> QuerySet[Event]:
    return Event.objects.select_related("part_of").prefetch_related("places", "participants", "after")


def event(record: Event, shown: Shown) -> dict[str, Any]:
    return {
        **fields(record, "title", "language", "when", "note"),
        "places": uids_of(record.places.all(), shown),
        "participants": uids_of(record.participants.all(), shown),
        "part_of": uid_of(record.part_of, shown),
        "after": uids_of(record.after.all(), shown),
    }
