"""The desk's conflicts: which stored values cannot both hold, kept up to date value by value, or found all anew.

Values that are written one by one, or in bulk through their managers, are looked at as they are written (`watch`).
Imports call `refresh` for what they brought. `find_all` is the same over everything, and mends what plain SQL left.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from operator import itemgetter
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from kb.analysis.conflicts import Comparison, Stated, Verdict, compare
from kb.analysis.conflicts.times import Pivot, time_stated
from kb.editorial.computed import written_in_bulk
from kb.editorial.dates import DateSpan
from kb.editorial.fields import span_or_none
from kb.models import Appearance, Conflict, Event, Place, StatedValue

#: Lists longer than this make SQLite scan.
SOME = 500
#: Values read together when all are looked at.
AT_ONCE = 5_000
#: How far up a place's zone is looked for.
LEVELS = 8
#: A title or statement is shown so long in a reason.
SHOWN = 90

#: What is compared; two values that are the same in these are one for the detectors.
COMPARED = (
    "qualifier", "certainty", "raw", "edtf", "calendar", "time_zone", "relation", "relative_to_id",
    "relative_to__title", "relative_to__when", "offset", "amount", "low", "high", "unit", "as_of", "measured_from_id",
    "latitude", "longitude", "text",
)  # fmt: skip
_OF_GROUP = (
    "event_id",
    "place_id",
    "attribute_id",
    "attribute__key",
    "attribute__type",
    "attribute__dimension",
)
COLUMNS = ("pk", "uid", *_OF_GROUP, *COMPARED)
_AT = {name: place for place, name in enumerate(COLUMNS)}
_FIRST = _AT[COMPARED[0]]
_GROUP = itemgetter(slice(2, 5))

Row = tuple[Any, ...]
Group = tuple[int | None, int | None, int]


@dataclass(frozen=True)
class Found:
    """A pair of values, the smaller primary key first, with the answer and what it was given for."""

    one: int
    other: int
    comparison: Comparison
    one_fingerprint: str
    other_fingerprint: str


# --- keeping up to date ---------------------------------------------------------------------------------------------


def refresh(values: Iterable[int]) -> int:
    """Look again at what these values contradict. Returns how many conflicts they have now.

    Costs by the number of values that speak of the same, not by that of all.
    """
    wanted = sorted(set(values))
    count = 0
    for start in range(0, len(wanted), SOME):
        some = set(wanted[start : start + SOME])
        groups: set[Group] = set(
            StatedValue.objects.filter(pk__in=some)
            .order_by()
            .values_list("event_id", "place_id", "attribute_id")
        )
        rows = of_groups(groups)
        found = _conflicts(rows, among=some)
        there = Conflict.objects.filter(models.Q(one__in=some) | models.Q(other__in=some))
        _keep(found, there)
        count += len(found)
    return count


def find_all() -> int:
    """Look at every pair of values that speak of the same. Returns how many conflicts there are."""
    found = []
    for rows in _by_group():
        zones = Zones.of(rows)
        for _, group in groupby(rows, key=_GROUP):
            found += _verdicts(list(group), zones)
    answered = _with_reasons(found)
    _keep(answered, Conflict.objects.all())
    return len(answered)


def compared() -> Iterator[Found]:
    """Every pair of values that speak of the same with its answer, compatible or not."""
    for rows in _by_group():
        zones = Zones.of(rows)
        said = who_says(row[0] for row in rows)
        for _, group in groupby(rows, key=_GROUP):
            stated = [(row, _stated(row, zones, said[row[0]])) for row in group]
            for (row, one), (beside, other) in combinations(stated, 2):
                answer = compare(one, other)
                if answer is not None:
                    prints = _fingerprint(row, zones), _fingerprint(beside, zones)
                    yield Found(row[0], beside[0], answer, *prints)


def _by_group() -> Iterator[list[Row]]:
    """All values, some thousand together, those of one group never apart; a value alone is left out."""
    values = StatedValue.objects.order_by("event_id", "place_id", "attribute_id", "pk").values_list(*COLUMNS)
    some: list[Row] = []
    for _, group in groupby(values.iterator(chunk_size=AT_ONCE), key=_GROUP):
        several = list(group)
        if len(several) > 1:
            some += several
        if len(some) >= AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def of_groups(groups: set[Group]) -> list[Row]:
    """The columns of all values of these groups (event, place, attribute), those of one together."""
    events = sorted({event for event, _, _ in groups if event is not None})
    places = sorted({place for _, place, _ in groups if place is not None})
    attributes = sorted({attribute for _, _, attribute in groups})
    rows: list[Row] = []
    # In the order of the index that is to be used: without statistics SQLite would take the attribute’s.
    for name, wanted, order in (
        ("event", events, ("event_id", "attribute_id", "qualifier", "earliest")),
        ("place", places, ("place_id", "attribute_id", "qualifier")),
    ):
        if wanted:
            about = {f"{name}__in": wanted, "attribute__in": attributes}
            found = StatedValue.objects.filter(**about).order_by(*order).values_list(*COLUMNS)
            rows += [row for row in found if _GROUP(row) in groups]
    return rows


def _conflicts(rows: Sequence[Row], among: set[int]) -> list[Found]:
    found = []
    zones = Zones.of(rows)
    for _, group in groupby(rows, key=_GROUP):
        found += _verdicts(list(group), zones, among)
    return _with_reasons(found)


def _verdicts(rows: list[Row], zones: Zones, among: set[int] | None = None) -> list[tuple[Row, Row, Zones]]:
    """The pairs of a group that conflict. What many values state alike is compared once."""
    classes: dict[Row, list[Row]] = defaultdict(list)
    for row in rows:
        classes[row[_FIRST:]].append(row)
    if len(classes) < 2:
        return []
    found = []
    stated = {kind: _stated(several[0], zones, "") for kind, several in classes.items()}
    wanted = {
        kind for kind, several in classes.items() if among is None or any(r[0] in among for r in several)
    }
    for one, other in combinations(classes, 2):
        if one not in wanted and other not in wanted:
            continue
        answer = compare(stated[one], stated[other])
        if answer is None or answer.verdict is not Verdict.CONFLICT:
            continue
        for row in classes[one]:
            for beside in classes[other]:
                if among is None or row[0] in among or beside[0] in among:
                    found.append((*sorted((row, beside), key=lambda r: r[0]), zones))
    return found  # type: ignore[return-value]


def _with_reasons(pairs: list[tuple[Row, Row, Zones]]) -> list[Found]:
    said = who_says({row[0] for one, other, _ in pairs for row in (one, other)})
    found = []
    for one, other, zones in pairs:
        answer = compare(_stated(one, zones, said[one[0]]), _stated(other, zones, said[other[0]]))
        if answer is not None:
            found.append(
                Found(one[0], other[0], answer, _fingerprint(one, zones), _fingerprint(other, zones))
            )
    return found


def _keep(found: list[Found], there: models.QuerySet) -> None:
    """Make the rows of the table those that were found; what was known before keeps since when."""
    now = timezone.now()
    with transaction.atomic():
        known = {(c.one_id, c.other_id, c.detector): c for c in there}
        new, changed = [], []
        for pair in found:
            fresh = Conflict(
                one_id=pair.one,
                other_id=pair.other,
                detector=pair.comparison.detector,
                reason=pair.comparison.reason[:5000],
                first_seen=now,
                one_fingerprint=pair.one_fingerprint,
                other_fingerprint=pair.other_fingerprint,
            )
            old = known.pop((pair.one, pair.other, pair.comparison.detector), None)
            if old is None:
                new.append(fresh)
            elif _said(old) != _said(fresh):
                fresh.pk, fresh.first_seen = old.pk, old.first_seen
                changed.append(fresh)
        gone = sorted(conflict.pk for conflict in known.values())
        for start in range(0, len(gone), SOME):
            Conflict.objects.filter(pk__in=gone[start : start + SOME]).delete()
        Conflict.objects.bulk_create(new, batch_size=SOME)
        fields = ["reason", "one_fingerprint", "other_fingerprint"]
        Conflict.objects.bulk_update(changed, fields, batch_size=100)


def _said(conflict: Conflict) -> tuple[str, str, str]:
    return conflict.reason, conflict.one_fingerprint, conflict.other_fingerprint


# --- rows → plain values --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Zones:
    """The civil time zones of events and places, where they have one and no more (rule 11)."""

    of_event: dict[int, str]
    of_place: dict[int, str]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Zones:
        events = {row[_AT[name]] for row in rows for name in ("event_id", "relative_to_id")} - {None}
        places = {row[_AT["place_id"]] for row in rows} - {None}
        return cls.among(events, places)

    @classmethod
    def among(cls, events: set[int], places: set[int]) -> Zones:
        """The zones of these events and places."""
        at: dict[int, set[int]] = defaultdict(set)
        for start in range(0, len(events), SOME):
            some = sorted(events)[start : start + SOME]
            through = Event.places.through.objects.filter(event_id__in=some)
            for event, place in through.values_list("event_id", "place_id"):
                at[event].add(place)
        zones = _zones_of({place for several in at.values() for place in several} | places)
        alone = {}
        for event, several in at.items():
            found = {zones[place] for place in several if place in zones}
            if len(found) == 1:
                alone[event] = found.pop()
        return cls(alone, {place: zones[place] for place in places if place in zones})


def _zones_of(places: set[int]) -> dict[int, str]:
    """The zone of each place: its own, or that of the nearest place it is part of."""
    above: dict[int, int] = {place: place for place in places}
    zones: dict[int, str] = {}
    for _ in range(LEVELS):
        if not above:
            break
        rows: dict[int, tuple[str, int | None]] = {}
        asked = sorted(set(above.values()))
        for start in range(0, len(asked), SOME):
            found = Place.objects.filter(pk__in=asked[start : start + SOME])
            rows.update(
                {pk: (zone, part) for pk, zone, part in found.values_list("pk", "time_zone", "part_of_id")}
            )
        following = {}
        for place, at in above.items():
            zone, part = rows.get(at, ("", None))
            if zone:
                zones[place] = zone
            elif part is not None:
                following[place] = part
        above = following
    return zones


def _stated(row: Row, zones: Zones, says: str) -> Stated:
    return as_stated(dict(zip(COLUMNS, row, strict=True)), zones, says)


def as_stated(given: Mapping[str, Any], zones: Zones, says: str) -> Stated:
    """A value by its columns (`COLUMNS`) as the detectors take it; it need not be stored."""
    event, place = given["event_id"], given["place_id"]
    zone = zones.of_event.get(event, "") if event is not None else zones.of_place.get(place, "")
    span, leaning = _time(given, zone, zones) if given["attribute__type"] == "date" else (None, "")
    return Stated(
        uid=given["uid"],
        subject=f"event:{event}" if event is not None else f"place:{place}",
        attribute=given["attribute__key"],
        type=given["attribute__type"],
        dimension=given["attribute__dimension"],
        says=says,
        qualifier=given["qualifier"],
        raw=given["raw"],
        uncertain=given["certainty"] == "uncertain",
        span=span,
        leaning=leaning,
        amount=given["amount"],
        low=given["low"],
        high=given["high"],
        unit=given["unit"],
        as_of=span_or_none(given["as_of"]),
        measured_from=str(given["measured_from_id"] or ""),
        latitude=given["latitude"],
        longitude=given["longitude"],
        text=given["text"],
        pk=given["pk"],
    )


def _time(given: Mapping[str, Any], zone: str, zones: Zones) -> tuple[DateSpan | None, str]:
    """The time that a value states, and in words what it leans on."""
    leans_on = given["relative_to_id"]
    return time_stated(
        **{name: given[name] for name in ("edtf", "calendar", "relation", "offset", "raw")},
        time_zone=given["time_zone"] or zone,
        pivot=Pivot(
            given["relative_to__title"], given["relative_to__when"], zones.of_event.get(leans_on, "")
        ),
    )


def _fingerprint(row: Row, zones: Zones) -> str:
    """What an answer was given for: it changes with anything that the answer hangs on."""
    own = (zones.of_event.get(row[_AT["event_id"]], ""), zones.of_event.get(row[_AT["relative_to_id"]], ""))
    told = repr((row[2:], own))
    return hashlib.sha256(told.encode()).hexdigest()


def who_says(values: Iterable[int]) -> dict[int, str]:
    """For each value, who says it: the source of its words, of the claim's first appearance, or the claim itself."""
    wanted = sorted(set(values))
    said: dict[int, str] = {}
    for start in range(0, len(wanted), SOME):
        some = wanted[start : start + SOME]
        rows = StatedValue.objects.filter(pk__in=some).values_list(
            "pk", "appearance__source__title", "claim_id", "claim__statement"
        )
        silent: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for pk, title, claim, statement in rows:
            if title:
                said[pk] = _quoted(title)
            else:
                silent[claim].append((pk, statement))
        first: dict[int, str] = {}
        appearances = Appearance.objects.filter(claim_id__in=sorted(silent)).exclude(stance="denies")
        for claim, title in appearances.order_by("-pk").values_list("claim_id", "source__title"):
            first[claim] = title
        for claim, several in silent.items():
            for pk, statement in several:
                said[pk] = _quoted(first[claim]) if claim in first else f"the claim {_quoted(statement)}"
    return said


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}”"


# --- watching -------------------------------------------------------------------------------------------------------


def _value_saved(sender: Any, instance: StatedValue, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        refresh([instance.pk])


def _values_written(sender: Any, rows: list[StatedValue], **kwargs: Any) -> None:
    refresh(row.pk for row in rows)


def _event_saved(sender: Any, instance: Event, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        refresh(leaning_on([instance.pk]))


def _events_written(sender: Any, rows: list[Event], **kwargs: Any) -> None:
    refresh(leaning_on([row.pk for row in rows]))


def leaning_on(events: Sequence[int]) -> list[int]:
    """The values whose dates lean on these events."""
    return list(StatedValue.objects.filter(relative_to__in=events).values_list("pk", flat=True))


def watch() -> None:
    """Look at values as they are written, and at those that lean on an event when it is dated anew."""
    saved = models.signals.post_save
    saved.connect(_value_saved, sender=StatedValue, dispatch_uid="conflicts_of_value")
    saved.connect(_event_saved, sender=Event, dispatch_uid="conflicts_of_event")
    written_in_bulk.connect(_values_written, sender=StatedValue, dispatch_uid="conflicts_of_values")
    written_in_bulk.connect(_events_written, sender=Event, dispatch_uid="conflicts_of_events")


__all__ = ["Found", "compared", "find_all", "leaning_on", "refresh", "watch", "who_says"]
