"""Telling readers what the desk made of conflicts: which rulings are due, and the table of those that were told.

A ruling goes out with the next release of either claim, once readers see both values just as it was given for. It is
recorded in the release with the fingerprints of both, and ends for readers when one of them is published otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from kb.analysis.conflict_finding import Zones
from kb.analysis.conflicts.times import Pivot
from kb.book.documents.claims import value as value_document
from kb.book.documents.common import day
from kb.book.kinds import KINDS, Document
from kb.book.models import PublicRuling, PublicValue
from kb.book.stated import Around, around, fingerprint
from kb.models import Conflict, ConflictRuling, StatedValue

SOME = 400
NAMES = ("one", "other", "one_fingerprint", "other_fingerprint", "verdict", "reason", "ruled_on")

Pair = tuple[str, str]


def due(going: Iterable[Document]) -> list[dict[str, str]]:
    """The rulings on values of these documents, which are about to be published, that readers are to be told."""
    given = {document["uid"]: document for document in going}
    values = {
        row["uid"]: row
        for document in given.values()
        if document["kind"] == "claim"
        for row in document["values"]
    }
    if not values or not ConflictRuling.objects.exists():
        return []
    found: dict[Pair, ConflictRuling] = {}
    uids = sorted(values)
    for at in range(0, len(uids), SOME):
        some = uids[at : at + SOME]
        found |= _holding(ConflictRuling.objects.filter(Q(one__in=some) | Q(other__in=some)))
    return _telling(found, values, given)


def due_of(conflicts: Sequence[Conflict]) -> list[dict[str, str]]:
    """The rulings on these conflicts that readers are to be told, of values as they are published."""
    wanted = Q(pk__in=[])
    for conflict in conflicts:
        (one, _), (other, _) = conflict.in_order_of_uid
        wanted |= Q(one=one, other=other)
    return _telling(_holding(ConflictRuling.objects.filter(wanted)), {}, {})


def obstacle(conflict: Conflict) -> str:
    """Why readers cannot be told the ruling on a conflict; "" where nothing is in the way."""
    if conflict.ruling() is None:
        return f"Nobody has ruled on this yet: {conflict.reason}"
    uids = {conflict.one.uid, conflict.other.uid}
    public = _public(uids)
    if public.keys() != uids:
        hidden = conflict.other.claim if conflict.one.uid in public else conflict.one.claim
        return f"Readers do not see what “{hidden}” states here. Publish it, and the ruling goes out with it."
    seen, ours = around(public.values()), _at_the_desk(uids)
    for value in (conflict.one, conflict.other):
        if fingerprint(public[value.uid], seen) != ours[value.uid]:
            return f"Readers see “{value.claim}” otherwise than the desk. Publish it, and the ruling goes out with it."
    return ""


def note(told: Iterable[Mapping[str, str]]) -> None:
    """Keep what was told in the index; what was told of the same two values before gives way."""
    newest = {(row["one"], row["other"]): row for row in told}
    for (one, other), row in newest.items():
        PublicRuling.objects.update_or_create(one=one, other=other, defaults={n: row[n] for n in NAMES[2:]})


def _holding(rulings: Iterable[ConflictRuling]) -> dict[Pair, ConflictRuling]:
    """Those that hold for the desk's values as they are now, by the uids of the values."""
    by_prints = {(r.one, r.other, r.one_fingerprint, r.other_fingerprint): r for r in rulings}
    uids = sorted({uid for key in by_prints for uid in key[:2]})
    found: dict[Pair, ConflictRuling] = {}
    for at in range(0, len(uids), SOME):
        some = uids[at : at + SOME]
        for conflict in Conflict.objects.filter(one__uid__in=some).select_related("one", "other"):
            (one, one_print), (other, other_print) = conflict.in_order_of_uid
            if ruling := by_prints.get((one, other, one_print, other_print)):
                found[one, other] = ruling
    return found


def _telling(
    rulings: Mapping[Pair, ConflictRuling], going: Mapping[str, Document], given: Mapping[str, Document]
) -> list[dict[str, str]]:
    """The rulings whose two values readers see as the desk has them, and have not been told yet."""
    uids = {uid for pair in rulings for uid in pair}
    public = _public(uids - going.keys()) | {uid: going[uid] for uid in uids & going.keys()}
    seen = around(
        public.values(),
        {uid: KINDS[d["kind"]].card(d) for uid, d in given.items() if d["kind"] in ("event", "place")},
    )
    shown = {uid: fingerprint(row, seen) for uid, row in public.items()}
    ours = _at_the_desk(uids & public.keys())
    told = {}
    for (one, other), ruling in sorted(rulings.items()):
        if all(uid in shown and shown[uid] == ours.get(uid) for uid in (one, other)):
            row = (
                one,
                other,
                shown[one],
                shown[other],
                ruling.verdict,
                ruling.reason,
                day(ruling.ruled_at) or "",
            )
            told[one, other] = dict(zip(NAMES, row, strict=True))
    before = _told(told)
    return [row for pair, row in told.items() if before.get(pair) != row]


def _public(uids: Iterable[str]) -> dict[str, Document]:
    wanted, found = sorted(uids), dict[str, Document]()
    for at in range(0, len(wanted), SOME):
        rows = PublicValue.objects.filter(value__in=wanted[at : at + SOME])
        found.update(rows.values_list("value", "stated"))
    return found


def _at_the_desk(uids: Iterable[str]) -> dict[str, str]:
    """The fingerprints of the desk's values, as readers would see them."""
    joined = ("event", "place", "attribute", "appearance", "relative_to", "measured_from")
    wanted, rows = sorted(uids), list[StatedValue]()
    for at in range(0, len(wanted), SOME):
        rows += StatedValue.objects.filter(uid__in=wanted[at : at + SOME]).select_related(*joined)
    events = {event.pk: event for row in rows for event in (row.event, row.relative_to) if event}
    places = {row.place.pk: row.place for row in rows if row.place}
    zones = Zones.among(set(events), set(places))
    pivots = {e.uid: Pivot(e.title, e.when, zones.of_event.get(e.pk, "")) for e in events.values()}
    of_both = {event.uid: zones.of_event.get(event.pk, "") for event in events.values()}
    of_both |= {place.uid: zones.of_place.get(place.pk, "") for place in places.values()}
    ours = Around(pivots, of_both)
    return {row.uid: fingerprint(value_document(row, set(), lambda uid: True), ours) for row in rows}


def _told(pairs: Iterable[Pair]) -> dict[Pair, dict[str, Any]]:
    ones = sorted({one for one, _ in pairs})
    found = {}
    for at in range(0, len(ones), SOME):
        for row in PublicRuling.objects.filter(one__in=ones[at : at + SOME]).values(*NAMES):
            found[row["one"], row["other"]] = row
    return found
