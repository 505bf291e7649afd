"""The values that published claims state, as rows of the index and as the plain values that can be compared.

What is compared comes from published documents alone: dates that lean on an event from that event's date in public,
zones from the places in public. What leans on something that readers cannot see is undetermined.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from kb.analysis.conflicts import Stated
from kb.analysis.conflicts.times import Pivot, settled_date, time_stated
from kb.book import asking
from kb.book.models import PublicValue
from kb.editorial.fields import canonical_json
from kb.editorial.folding import fold

Document = dict[str, Any]

SOME = 500
#: How far up a place's zone is looked for.
LEVELS = 8
#: Of a value's document, what an answer hangs on.
COMPARED = (
    "qualifier", "raw", "certainty", "edtf", "calendar", "time_zone", "relation", "offset", "relative_to", "amount",
    "low", "high", "unit", "as_of", "measured_from", "latitude", "longitude", "text",
)  # fmt: skip


@dataclass(frozen=True)
class Around:
    """What values lean on, as readers see it: events by uid, and the one zone of an event or place, if it has one."""

    events: Mapping[str, Pivot] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)


# --- the index ------------------------------------------------------------------------------------------------


def follow(given: Iterable[Document]) -> None:
    """Keep the values of these documents, the claims among them, in place of what was there of them before."""
    claims = [document for document in given if document["kind"] == "claim"]
    for at in range(0, len(claims), SOME):
        some = claims[at : at + SOME]
        forget(document["uid"] for document in some)
        rows = [row for document in some for row in _rows(document)]
        PublicValue.objects.bulk_create(rows, batch_size=100)


def forget(claims: Iterable[str]) -> None:
    """Take the values of claims out of the index."""
    uids = list(claims)
    for at in range(0, len(uids), SOME):
        PublicValue.objects.filter(record__in=uids[at : at + SOME]).delete()


def _rows(claim: Document) -> Iterator[PublicValue]:
    by_uid = {row["uid"]: row for row in claim["appearances"]}
    first = claim["appearances"][0] if claim["appearances"] else None
    for value in claim["values"]:
        said = by_uid.get(value["appearance"], first)
        kept = {name: value[name] for name in ("uid", "about", "attribute", *COMPARED)}
        whose = {"source": said["source"], "claimants": said["claimants"]} if said else {}
        yield PublicValue(
            value=value["uid"],
            record_id=claim["uid"],
            subject=value["about"]["uid"],
            attribute=value["attribute"]["key"],
            qualifier=folded(value["qualifier"]),
            stated={**kept, **whose},
        )


def folded(qualifier: str) -> str:
    return " ".join(fold(qualifier).split())


# --- what can be compared -------------------------------------------------------------------------------------


def around(values: Iterable[Document], going: Mapping[str, Document] | None = None) -> Around:
    """What these values lean on. The queries grow with how deep places lie in places, not with the values.

    `going` are the cards, by uid, of records that are about to be published.
    """
    going = going or {}
    rows = list(values)
    pivots = {row["relative_to"] for row in rows if row["relative_to"]}
    dated = {row["about"]["uid"]: row["about"]["kind"] for row in rows if row["attribute"]["type"] == "date"}
    places = {uid for uid, kind in dated.items() if kind == "place"}
    events = _cards((dated.keys() - places) | pivots, going)
    at = {uid: set(card["places"]) for uid, card in events.items()}
    of_place = _zones_of(places.union(*at.values()), going)
    zones = {uid: zone for uid, zone in of_place.items() if uid in places}
    for uid, several in at.items():
        found = {of_place[place] for place in several if place in of_place}
        if len(found) == 1:
            zones[uid] = found.pop()
    known = {uid: Pivot(card["title"], card["when"], zones.get(uid, "")) for uid, card in events.items()}
    return Around(known, zones)


_CARDS = "SELECT uid, card FROM book_record WHERE uid IN {some} AND withdrawn_in_id IS NULL"


def _cards(uids: Iterable[str], going: Mapping[str, Document]) -> dict[str, Document]:
    found = {uid: going[uid] for uid in uids if uid in going}
    wanted = sorted(set(uids) - found.keys())
    found.update((uid, json.loads(card)) for uid, card in asking.rows_of(_CARDS, wanted))
    return found


def _zones_of(places: Iterable[str], going: Mapping[str, Document]) -> dict[str, str]:
    """The zone of each place: its own, or that of the nearest published place it is part of."""
    if not going:
        return _zones_in_the_book(sorted(set(places)))
    above = {place: place for place in places}
    zones: dict[str, str] = {}
    for _ in range(LEVELS):
        if not above:
            break
        cards = _cards(set(above.values()), going)
        following = {}
        for place, at in above.items():
            card = cards.get(at, {})
            if card.get("time_zone"):
                zones[place] = card["time_zone"]
            elif card.get("part_of"):
                following[place] = card["part_of"]
        above = following
    return zones


def _zones_in_the_book(places: Sequence[str]) -> dict[str, str]:
    """The same of published places alone, in one query."""
    found: dict[str, str] = {}
    for at in range(0, len(places), SOME):
        some = places[at : at + SOME]
        first = ", ".join(["(%s)"] * len(some))
        for place, card in asking.rows(_WAY_UP.format(first=first, levels=LEVELS), some):
            zone = json.loads(card).get("time_zone") if card else ""
            if zone:
                found.setdefault(place, zone)
    return found


#: A way leads from each place over what it is part of; places are withdrawn with what they say. What is looked up for
#: each is asked for one by one: of a join, SQLite would believe that it pays to read the whole table beforehand.
_WAY_UP = """
WITH RECURSIVE way(place, at, level) AS (
    SELECT CAST(column1 AS varchar(12)), CAST(column1 AS varchar(12)), 0 FROM (VALUES {first}) AS given
    UNION ALL
    SELECT place, CAST((
        SELECT up.target FROM book_reference up
        WHERE up.source = way.at AND up.role = 'part-of'
        AND EXISTS (SELECT 1 FROM book_record WHERE uid = way.at AND withdrawn_in_id IS NULL)
        LIMIT 1
    ) AS varchar(12)), level + 1 FROM way
    WHERE at IS NOT NULL AND level < {levels} - 1
)
SELECT place, (SELECT card FROM book_record WHERE uid = way.at AND withdrawn_in_id IS NULL) FROM way
WHERE at IS NOT NULL ORDER BY place, level
"""


def as_stated(value: Document, seen: Around, says: str = "") -> Stated:
    """A value of a claim's document as the detectors take it."""
    attribute, about = value["attribute"], value["about"]
    span, leaning = None, ""
    if attribute["type"] == "date":
        span, leaning = time_stated(
            **{name: value[name] for name in ("edtf", "calendar", "relation", "offset", "raw")},
            time_zone=value["time_zone"] or seen.zones.get(about["uid"], ""),
            pivot=seen.events.get(value["relative_to"] or ""),
        )
    return Stated(
        uid=value["uid"],
        subject=f"{about['kind']}:{about['uid']}",
        attribute=attribute["key"],
        type=attribute["type"],
        dimension=attribute.get("dimension", ""),
        says=says,
        qualifier=value["qualifier"],
        raw=value["raw"],
        # Nothing is certain of a distance from where readers do not know ("", where None is nowhere in particular).
        uncertain=value["certainty"] == "uncertain" or value["measured_from"] == "",
        span=span,
        leaning=leaning,
        as_of=settled_date(value["as_of"]),
        measured_from=value["measured_from"] or "",
        unit=value["unit"],
        text=value["text"],
        amount=_decimal(value["amount"]),
        low=_decimal(value["low"]),
        high=_decimal(value["high"]),
        latitude=_decimal(value["latitude"]),
        longitude=_decimal(value["longitude"]),
    )


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def fingerprint(value: Document, seen: Around) -> str:
    """What an answer is given for: it changes with anything that the answer hangs on."""
    about, leans_on = value["about"]["uid"], seen.events.get(value["relative_to"] or "")
    told = {
        **{name: value[name] for name in COMPARED},
        "about": about,
        "attribute": [value["attribute"].get(name, "") for name in ("key", "type", "dimension")],
        "zone": seen.zones.get(about, ""),
        "leans_on": [leans_on.when, leans_on.zone] if leans_on else None,
    }
    return hashlib.sha256(canonical_json(told).encode()).hexdigest()


def alike(values: Iterable[Document]) -> list[list[Document]]:
    """The values in groups that state the same, in the order given."""
    groups: dict[str, list[Document]] = defaultdict(list)
    for value in values:
        groups[canonical_json([value[name] for name in COMPARED])].append(value)
    return list(groups.values())
