"""What holds between the fields of one record, checked before anything is written, and what is worked out from them.

The models say the same to forms and to the database; here it is asked of plain values, many at a time. A test holds
the two together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from kb.editorial.fields import Derived
from kb.editorial.quotes import anchor, candidates
from kb.models import (
    Appearance,
    Attribute,
    Event,
    Evidence,
    Place,
    PlaceName,
    Rebuttal,
    StatedValue,
)
from kb.models.claim import Anchor
from sources.models import Snapshot, Source

Fields = Mapping[str, Any]
#: The field that is wrong (its attname), and what would be right.
Wrong = tuple[str, str]


def wrong(
    model: type[models.Model], fields: Fields, own: Any, attributes: Mapping[int, Attribute]
) -> Iterator[Wrong]:
    """What is wrong with a record that would have these fields. `own` is the record's own reference."""
    for attname, message in _ITSELF.get(model, ()):
        if fields.get(attname) is not None and fields[attname] == own:
            yield attname, message
    check = _CHECKS.get(model)
    if check is not None:
        yield from check(fields)
    if model is StatedValue:
        yield from _value(fields, attributes)


def said_by(model: type[models.Model], constraint: str) -> str:
    """What the model's own constraint says when it is broken."""
    found = next(c for c in model._meta.constraints if c.name == constraint)
    return str(found.violation_error_message)


_ITSELF: Mapping[type[models.Model], tuple[Wrong, ...]] = {
    Place: (("part_of_id", said_by(Place, "kb_place_not_part_of_itself")),),
    Event: (("part_of_id", said_by(Event, "kb_event_not_part_of_itself")),),
    Source: (("in_reply_to_id", said_by(Source, "sources_source_not_in_reply_to_itself")),),
    PlaceName: (("romanisation_of_id", said_by(PlaceName, "kb_placename_not_of_itself")),),
    Rebuttal: (("replies_to_id", said_by(Rebuttal, "kb_rebuttal_not_to_itself")),),
    Appearance: (("derived_from_id", "An appearance is not derived from itself."),),
}


def _place(fields: Fields) -> Iterator[Wrong]:
    if (fields.get("latitude") is None) != (fields.get("longitude") is None):
        missing = "longitude" if fields.get("longitude") is None else "latitude"
        yield missing, said_by(Place, "kb_place_coordinates_paired")


def _evidence(fields: Fields) -> Iterator[Wrong]:
    if (fields.get("claim_id") is None) == (fields.get("rebuttal_id") is None):
        yield "claim_id", said_by(Evidence, "kb_evidence_claim_or_rebuttal")


_CHECKS: Mapping[type[models.Model], Callable[[Fields], Iterator[Wrong]]] = {
    Place: _place,
    Evidence: _evidence,
}


def _value(fields: Fields, attributes: Mapping[int, Attribute]) -> Iterator[Wrong]:
    if (fields.get("event_id") is None) == (fields.get("place_id") is None):
        yield "event_id", said_by(StatedValue, "kb_statedvalue_event_or_place")
    if bool(fields.get("relation")) != (fields.get("relative_to_id") is not None):
        yield "relation", said_by(StatedValue, "kb_statedvalue_relation_needs_event")
    low, high = fields.get("low"), fields.get("high")
    if low is not None and high is not None and low > high:
        yield "high", said_by(StatedValue, "kb_statedvalue_low_to_high")
    attribute = attributes.get(fields.get("attribute_id") or 0)
    if attribute is None:
        return
    given = {name: fields[name] for name in _STATED if fields.get(name) is not None}
    # Whichever event it is, what matters to the model's own rule is that there is one.
    leaning = {"relative_to_id": 1} if fields.get("relative_to_id") is not None else {}
    try:
        StatedValue(attribute=attribute, **given, **leaning).clean()
    except ValidationError as reason:
        yield "edtf", reason.messages[0]


_STATED = ("edtf", "amount", "low", "high", "latitude", "longitude", "text")


@cache
def _derived(model: type[models.Model]) -> tuple[Derived, ...]:
    return tuple(f for f in model._meta.local_concrete_fields if isinstance(f, Derived))


def worked_out(model: type[models.Model], fields: Fields, changed: Fields) -> dict[str, Any]:
    """The computed columns that follow from `changed`, of a record that would have these fields.

    Dates that lean on an event are worked out when the plan is applied (`kb.models.value.lean_again`), and positions
    of quotes need the text (`anchored`).
    """
    found: dict[str, Any] = {}
    for field in _derived(model):
        if field.of in changed:
            found[field.attname] = field.derive(fields.get(field.of))
    if model is StatedValue and {"edtf", "calendar", "time_zone", "relation"}.intersection(changed):
        plain = {n: fields[n] for n in ("edtf", "calendar", "time_zone") if fields.get(n)}
        value = StatedValue(**plain)
        if not fields.get("relation"):
            value.compute()
        found["earliest"], found["latest"] = value.earliest, value.latest
    if model is Snapshot and "text" in changed:
        found["sha256"] = hashlib.sha256(changed["text"].encode()).hexdigest()
    return found


def anchored(text: str | None, fields: Fields) -> tuple[dict[str, Any], int]:
    """Where an appearance's quote stands in its text, and in how many places it might."""
    quote = fields.get("quote") or ""
    if text is None or not quote:
        return {"start": None, "end": None, "anchor": Anchor.NONE.value}, 0
    words = (quote, fields.get("prefix") or "", fields.get("suffix") or "")
    place = anchor(text, *words)
    if place is None:
        return {"start": None, "end": None, "anchor": Anchor.ORPHAN.value}, len(candidates(text, *words))
    return {"start": place.start, "end": place.end, "anchor": Anchor.EXACT.value}, 1
