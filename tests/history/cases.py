"""What the tests of restoring begin with: a record of every kind, filled, and ways to change it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import RestrictedError
from django.db.models.deletion import ProtectedError

from kb.book.documents import build, load
from kb.editorial.aggregate import Aggregate
from kb.history.shape import restorable_parts, said_columns, said_links
from kb.models import Attribute, Evidence, PlaceName, StatedValue
from sources.models import Contribution
from tests.kb import records

KINDS = (
    "agent", "topic", "source", "place", "event", "claim", "rebuttal", "correction", "delivery", "desk",
    "naming-policy",
)  # fmt: skip


def filled() -> dict[str, Aggregate]:
    """A record of each kind, with two or three of every row and link that it can have."""
    made = records.full(3)
    claim, place, event, rebuttal = made["claim"], made["place"], made["event"], made["rebuttal"]
    source, other = made["source"], records.source("other")
    source.in_reply_to = other
    source.accessed = date(2026, 2, 3)
    source.save()
    source.derived_from.add(other)
    place.part_of, place.latitude, place.longitude = records.place("kurils"), Decimal("45.5"), Decimal("147")
    place.geometry = {"type": "Point", "coordinates": [147, 45.5]}
    place.save()
    first, second, third = PlaceName.objects.filter(place=place).order_by("pk")
    second.romanisation_of = first
    second.save()
    third.used_in.add(other)
    event.part_of = records.event("war")
    event.save()
    event.participants.add(made["agent"])
    event.after.add(records.event("before"))
    claim.places.add(place)
    claim.events.add(event)
    told, again = claim.appearances.order_by("pk")[:2]
    again.derived_from = told
    again.save()
    StatedValue.objects.create(
        claim=claim,
        place=place,
        attribute=Attribute.objects.get(key="area"),
        amount=Decimal("3166.6"),
        unit="km2",
    )
    for review in claim.reviews.all():
        review.rating_value, review.best, review.worst = Decimal(2), Decimal(5), Decimal(1)
        review.save()
    rebuttal.raised_by, rebuttal.source = made["agent"], source
    rebuttal.received_at = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    rebuttal.save()
    rebuttal.appearances.add(told)
    rebuttal.counterclaims.add(records.claim("counter"))
    delivery = made["delivery"]
    delivery.contacted_at = datetime(2026, 3, 4, 9, 15, tzinfo=UTC)
    delivery.deadline = date(2026, 4, 1)
    delivery.save()
    policy = records.naming_policy((records.agent("one"), records.agent("two")))
    return {**made, "desk": records.desk(), "naming-policy": policy}


def document(record: Aggregate) -> dict[str, Any]:
    """What readers would be told if they could see everything."""
    (loaded,) = load(record.kind_name, [record.pk])
    return build(loaded, lambda uid: True)


# --- changing all that can be changed -------------------------------------------------------------------------


def rewrite(row: Any) -> None:
    """Change every text, list and optional reference of a row."""
    model = type(row)
    for column in said_columns(model):
        value = changed(row, column)
        if value is not None:
            setattr(row, column.attname, value[0])
    row.save()
    for link in said_links(model):
        getattr(row, link.name).clear()


#: What cannot be any text, by the name of the field.
OTHER = {
    "edtf": "1944", "when": "1944", "as_of": "1944", "issued": "1944", "standing_since": "1944", "language": "ru",
    "time_zone": "Asia/Tokyo", "url": "https://example.org/other", "archived_url": "https://example.org/archived",
    "standing_notice": "https://example.org/notice", "licence_url": "https://example.org/licence",
    "wikidata": "Q42", "doi": "10.1145/3323503", "isbn": "", "contact": "desk@example.org", "offset": "P3M",
    "low": Decimal(1), "high": Decimal(9), "rating_value": Decimal(3), "best": Decimal(9), "worst": Decimal(0),
}  # fmt: skip
#: What only fits together with another, is what the rest hangs on, or has one value that is right.
KEPT = {
    "key",
    "attribute",
    "event",
    "place",
    "relation",
    "calendar",
    "claim",
    "correction",
    "appearance",
    "offset",
}


def changed(row: Any, column: models.Field) -> tuple[Any] | None:
    """Another value for a column, or None where it is left."""
    kept = KEPT | ({"relative_to"} if isinstance(row, StatedValue) else set())
    if column.name in kept and not (isinstance(row, StatedValue) and column.name == "appearance"):
        return None
    if isinstance(column, models.ForeignKey):
        return (None,) if column.null else None
    if column.name in OTHER:
        return (OTHER[column.name],)
    if column.choices:
        values = [value for value, _ in column.flatchoices]
        return (values[(values.index(getattr(row, column.attname)) + 1) % len(values)],)
    if isinstance(column, (models.CharField, models.TextField)) and not isinstance(column, models.JSONField):
        return (f"another {column.name} of {row.uid}"[: column.max_length or 200],)
    return (None,) if column.null else None


def empty(record: Aggregate) -> None:
    """Delete every row that can be deleted."""
    for part, name in restorable_parts(type(record)):
        for row in part._base_manager.filter(**{name: record.pk}):
            try:
                row.delete()
            except (ProtectedError, RestrictedError):
                continue


def add_rows(record: Aggregate) -> None:
    """Add a row of each kind that has come since."""
    kind = record.kind_name
    if kind == "claim":
        where = records.source(f"late-{record.pk}")
        said = records.appearance(record, where, quote="since then")  # type: ignore[arg-type]
        said.claimants.add(records.agent(f"late-{record.pk}"))
        Evidence.objects.create(claim=record, source=where, relation="contradicts")
    elif kind == "rebuttal":
        Evidence.objects.create(
            rebuttal=record, source=records.source(f"late-{record.pk}"), relation="supports"
        )
    elif kind == "place":
        PlaceName.objects.create(place=record, text="A late name", language="ru")
    elif kind == "source":
        Contribution.objects.create(source=record, agent=records.agent(f"late-{record.pk}"), role="editor")


def parts_there(record: Aggregate) -> dict[str, int]:
    """uid → primary key of each row of the record."""
    return {
        uid: pk
        for part, name in restorable_parts(type(record))
        for uid, pk in part._base_manager.filter(**{name: record.pk}).values_list("uid", "pk")
    }


def tables() -> Iterable[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label == "book"]
