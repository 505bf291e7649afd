"""The way back of a claim's sources, as a drawing with a list that says the same: for readers and for the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kb.analysis.chain import RADIUS, Edge, chain, fit
from kb.analysis.provenance import T, in_short, independence
from kb.book import reading
from kb.views.neighbours import Labels

Document = dict[str, Any]

#: How often a source taken from one taken from one … is followed.
LEVELS = 12
SUPPORTING = ("asserts", "reports")


@dataclass(frozen=True)
class Name:
    """What a source is called, in what language, and where it leads."""

    text: str
    language: str = ""
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One source of the drawing, and of the list: `name` is whole, `text` what there is room for."""

    name: Name
    text: str
    note: str
    x: int
    y: int
    origin: bool
    supports: bool
    taken_from: tuple[Name, ...]
    circle: tuple[Name, ...]


@dataclass(frozen=True)
class Drawing:
    in_short: str
    rows: tuple[Row, ...]
    edges: tuple[Edge, ...]
    text_x: int
    width: int
    height: int
    left_out: int
    warns: bool
    radius: int = RADIUS


def draw(
    sources: Sequence[T], derived: Mapping[T, Sequence[T]], name_of: Callable[[T], Name], types: Sequence[str]
) -> Drawing | None:
    """The drawing for the sources that support a claim; None where none was taken from another."""
    known = {*sources, *derived, *(above for over in derived.values() for above in over)}
    order = sorted(known, key=lambda one: (name_of(one).text.casefold(), str(one)))
    drawn = chain(sources, derived, order)
    if drawn is None:
        return None
    found = independence(sources, derived)
    rows = []
    for node in drawn.nodes:
        name = name_of(node.key)
        note = (
            pgettext("source", "origin")
            if node.origin
            else _("goes round in a circle")
            if node.circle
            else ""
        )
        room = drawn.width - drawn.text_x - 6.6 * (len(note) + 3)
        rows.append(
            Row(
                name,
                fit(name.text, room),
                note,
                node.x,
                node.y,
                node.origin,
                node.supports,
                tuple(name_of(one) for one in node.taken_from),
                tuple(name_of(one) for one in node.circle),
            )
        )
    return Drawing(
        in_short(found, derived, types),
        tuple(rows),
        drawn.edges,
        drawn.text_x,
        drawn.width,
        drawn.height,
        drawn.left_out,
        found.all_go_back_to_one,
    )


def of_claim(claim: Document, labels: Labels) -> Drawing | None:
    """The drawing of a published claim, from what is published of its sources."""
    supporting = [row["source"] for row in claim["appearances"] if row["stance"] in SUPPORTING]
    supporting += [row["source"] for row in claim["evidence"] if row["relation"] == "supports"]
    sources = list(dict.fromkeys(supporting))
    derived: dict[str, set[str]] = defaultdict(set)
    # That an appearance was taken from another says it for this claim alone.
    for row in claim["appearances"]:
        above = row.get("derived_from_source")
        if row["stance"] in SUPPORTING and above and above != row["source"]:
            derived[row["source"]].add(above)
    known = {*sources, *(above for over in derived.values() for above in over)}
    waiting, asked = set(known), set[str]()
    for _level in range(LEVELS):
        waiting -= asked
        if not waiting:
            break
        asked |= waiting
        following = set()
        for source, above in reading.referred(waiting, "derived-from"):
            derived[source].add(above)
            following.add(above)
        waiting = following
    if not any(derived.values()):
        return None
    named = known | {above for over in derived.values() for above in over}
    known_labels = {**labels, **reading.labels(named - labels.keys())}
    types = [known_labels[uid].card.get("type", "") for uid in sources if uid in known_labels]

    def name_of(uid: str) -> Name:
        label = known_labels.get(uid)
        return Name(label.text, label.card.get("language", ""), label.url) if label else Name(_("A source"))

    return draw(sources, {uid: sorted(over) for uid, over in derived.items()}, name_of, types)
