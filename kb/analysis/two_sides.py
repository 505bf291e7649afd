"""Two sides of a dispute: what the claims of the one state, compared value by value with what the other states."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kb.analysis.conflict_finding import COLUMNS, Zones, as_stated, who_says
from kb.analysis.conflicts import Comparison, Stated, Verdict, compare
from kb.models import Attribute, Conflict, ConflictRuling, Event, Place, StatedValue

#: Values of each side that are looked at: every one is compared with every one of the other side.
MOST = 100

_WEIGHT = {Verdict.CONFLICT: 0, Verdict.UNDETERMINED: 1, Verdict.COMPATIBLE: 2}


@dataclass(frozen=True)
class Value:
    """A stated value of one side: what is compared, whose claim it is of, and what it is about, in words."""

    stated: Stated
    claim: int
    about: str
    attribute: str

    @property
    def what(self) -> str:
        """ "signed"; with a qualifier, "number (Japanese inhabitants)"."""
        return f"{self.attribute} ({self.stated.qualifier})" if self.stated.qualifier else self.attribute


@dataclass(frozen=True)
class Opposed:
    """A value of each side that speak of the same, with the answer and what an editor made of it, if a conflict."""

    left: Value
    right: Value
    answer: Comparison
    conflict: Conflict | None = None
    ruling: ConflictRuling | None = None


@dataclass(frozen=True)
class TwoSides:
    left: tuple[Value, ...]
    right: tuple[Value, ...]
    opposed: tuple[Opposed, ...]
    #: Whether one side states more values than were looked at.
    cut: bool = False


def two_sides(left: Collection[int], right: Collection[int]) -> TwoSides:
    """What two sets of claims (primary keys) state, and what that comes to; conflicts first. In a fixed number of
    queries. A claim that is on both sides counts for the right one.
    """
    own = set(left) - set(right)
    rows = [
        *_rows(own),
        *_rows(right),
    ]
    zones = Zones.of([row[:-1] for row in rows])
    says = who_says(row[0] for row in rows)
    events, places, attributes = _names(rows)
    values = []
    for row in rows:
        given = dict(zip(COLUMNS, row[:-1], strict=True))
        about = events.get(given["event_id"]) or places.get(given["place_id"], "")
        stated = as_stated(given, zones, says[row[0]])
        values.append(Value(stated, row[-1], about, attributes[given["attribute_id"]]))
    mine = tuple(value for value in values if value.claim in own)
    theirs = tuple(value for value in values if value.claim not in own)
    return TwoSides(mine[:MOST], theirs[:MOST], _opposed(mine[:MOST], theirs[:MOST]), _cut(mine, theirs))


def _cut(*sides: Sequence[Value]) -> bool:
    return any(len(side) > MOST for side in sides)


def _rows(claims: Collection[int]) -> list[tuple]:
    """The columns of the values of these claims, and last the claim of each."""
    of_claims = StatedValue.objects.filter(claim__in=sorted(claims)).order_by("claim_id", "pk")
    return list(of_claims.values_list(*COLUMNS, "claim_id")[: MOST + 1])


def _names(rows: Sequence[tuple]) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    at = {name: place for place, name in enumerate(COLUMNS)}
    wanted = {
        name: {row[at[f"{name}_id"]] for row in rows} - {None} for name in ("event", "place", "attribute")
    }
    return (
        dict(Event.objects.filter(pk__in=wanted["event"]).values_list("pk", "title")),
        {place.pk: str(place) for place in Place.objects.filter(pk__in=wanted["place"])},
        dict(Attribute.objects.filter(pk__in=wanted["attribute"]).values_list("pk", "label")),
    )


def _opposed(mine: Sequence[Value], theirs: Sequence[Value]) -> tuple[Opposed, ...]:
    pairs = [
        (one, other, answer)
        for one in mine
        for other in theirs
        if (answer := compare(one.stated, other.stated)) is not None
    ]
    pairs.sort(key=lambda pair: _WEIGHT[pair[2].verdict])
    known = _known({value.stated.pk for pair in pairs for value in pair[:2]})
    return tuple(
        Opposed(one, other, answer, *known.get(frozenset((one.stated.pk, other.stated.pk)), (None, None)))
        for one, other, answer in pairs
    )


def _known(values: Collection[int]) -> dict[frozenset[int], tuple[Conflict, ConflictRuling | None]]:
    """The conflicts between these values that the desk has noted, each with the ruling that holds for it."""
    some = sorted(values)
    conflicts = list(Conflict.objects.filter(one__in=some, other__in=some).select_related("one", "other"))
    uids = {uid for conflict in conflicts for uid, _ in conflict.in_order_of_uid}
    rulings = {
        ((ruling.one, ruling.one_fingerprint), (ruling.other, ruling.other_fingerprint)): ruling
        for ruling in ConflictRuling.objects.filter(one__in=uids, other__in=uids)
    }
    return {
        frozenset((conflict.one_id, conflict.other_id)): (conflict, rulings.get(conflict.in_order_of_uid))
        for conflict in conflicts
    }
