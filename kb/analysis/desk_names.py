"""The desk's places by their names: labels as the desk's naming policy has them, drafts included.

Readers' labels come from what is published (`kb.book.index`); both are worked out by `kb.analysis.naming`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from kb.analysis import naming
from kb.models import NamingPolicy, NamingRule, Place, PlaceName

#: Lists longer than this make SQLite scan.
SOME = 500


def policy() -> dict[str, Any] | None:
    """The policy as it stands at the desk, in the shape of its document."""
    row = NamingPolicy.objects.first()
    if row is None:
        return None
    rules = NamingRule.objects.order_by("id").values_list("place__uid", "first__uid", "second__uid")
    return {
        "language": row.language,
        "letters": {"text": row.in_text, "list": row.in_lists, "heading": row.in_headings},
        "rules": [{"place": place, "first": first, "second": second} for place, first, second in rules],
    }


def names_of(places: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The names of places by primary key, in the shape of their documents; two queries for up to 500 places."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for some in _chunks(places):
        rows = PlaceName.objects.filter(place__in=some).order_by("id")
        users: dict[int, list[str]] = defaultdict(list)
        links = PlaceName.used_by.through.objects.filter(placename__place__in=some)
        for pk, agent in links.values_list("placename", "agent__uid"):
            users[pk].append(agent)
        columns = ("pk", "place", "uid", "text", "language", "kind", "romanisation_of__uid", "folded")
        for pk, place, uid, text, language, kind, original, folded in rows.values_list(*columns):
            found[place].append(
                {
                    "uid": uid,
                    "text": text,
                    "language": language,
                    "kind": kind,
                    "folded": folded,
                    "romanisation_of": original,
                    "used_by": sorted(users[pk]),
                }
            )
    return dict(found)


def labels(places: Iterable[Place]) -> dict[int, str]:
    """What places are called at the desk, in a line, by primary key; their keys where they have no name."""
    rows = {place.pk: place for place in places if place.pk is not None}
    if not rows:
        return {}
    known, rule = names_of(rows), policy()
    written = naming.letters(rule)[naming.LIST]
    return {
        pk: naming.joined(naming.named(place.uid, known.get(pk, ()), rule), written) or place.key
        for pk, place in rows.items()
    }


def note_labels(places: Iterable[Place]) -> None:
    """Ask once what all these places are called, and note it on them: they then name themselves so."""
    places = list(places)
    found = labels(places)
    for place in places:
        place.label = found.get(place.pk, "")


def _chunks(values: Iterable[int]) -> Iterator[list[int]]:
    rows = sorted(set(values))
    for at in range(0, len(rows), SOME):
        yield rows[at : at + SOME]
