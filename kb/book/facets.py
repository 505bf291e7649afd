"""What each record is found by in its list, kept as releases go by.

Made from the rest of the index alone (cards, references, stated values), so that it can be made again for any record
at any time: `follow` does that for those named, and touches only what is different.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from kb.book import event_topics
from kb.book.asking import chunks
from kb.book.facet_models import VALUE_LENGTH, Facet, Tally
from kb.book.models import NO_DATE, PublicValue, RebuttalEntry, Record, Reference, SourceEntry
from kb.editorial.dates import DateError, DateSpan
from kb.editorial.folding import fold

#: The longest spans of each class, in minutes: a day, a month, a year, a decade, a century, and what is longer or open.
WIDTHS = (1_440, 31 * 1_440, 366 * 1_440, 3_653 * 1_440, 36_525 * 1_440, 2 * NO_DATE)
#: More dates of one record than this are taken together, the last ones.
MOST_SPANS = 8
LABEL = 100
#: A reader asks for a place with its parts; a ring of parts, or one deeper than this, is cut.
DEEPEST = 24

Span = tuple[int, int]
Row = tuple[Any, ...]
COLUMNS = ("record", "value", "begin", "end", "width", "gaps", "main", "came", "label")


@dataclass
class Listed:
    """A record as its list knows it."""

    kind: str
    came: int
    #: Words of vocabularies: facet and code.
    words: list[tuple[str, str]] = field(default_factory=list)
    #: Records it is found by: facet and uid.
    links: set[tuple[str, str]] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    said: list[Span] = field(default_factory=list)
    label: str | None = None


def follow(uids: Iterable[str]) -> None:
    """Make the facets of these records again; those of records that are no longer there go."""
    waiting = sorted(set(uids))
    for some in chunks(waiting):
        _follow(some)


def value(kind: str, facet: str = "", code: str = "") -> str:
    """The value as the table has it: "claim", "claim rating accurate"."""
    return " ".join(part for part in (kind, facet, code) if part)[:VALUE_LENGTH]


def rooms(uids: Iterable[str], *, up: bool) -> dict[str, set[str]]:
    """Each place with all places that it is part of (`up`), or with all its parts; itself among them."""
    found: dict[str, set[str]] = {uid: {uid} for uid in uids}
    edges: dict[str, set[str]] = defaultdict(set)
    near, far = ("source", "target") if up else ("target", "source")
    waiting = set(found)
    for _ in range(DEEPEST):
        following: set[str] = set()
        for some in chunks(sorted(waiting)):
            rows = Reference.objects.filter(**{f"{near}__in": some, "role": "part-of"})
            for one, other in rows.values_list(near, far):
                edges[one].add(other)
                following.add(other)
        waiting = following - edges.keys()
        if not waiting:
            break
    for rest in found.values():
        edge = set(rest)
        while edge:
            edge = {further for one in edge for further in edges.get(one, ())} - rest
            rest |= edge
    return found


def about_parts_of(places: Iterable[str]) -> set[str]:
    """The records whose facets hang on where these places are: their parts, and what is about any of them."""
    inside = {part for parts in rooms(places, up=False).values() for part in parts}
    found = set(inside)
    for some in chunks(sorted(inside)):
        found.update(Reference.objects.filter(target__in=some, role="place").values_list("source", flat=True))
    return found


# --- what a record is found by --------------------------------------------------------------------------------


def _follow(uids: Sequence[str]) -> None:
    wanted = {uid: set(_rows(uid, listed)) for uid, listed in _listed(uids).items()}
    standing: dict[str, set[Row]] = defaultdict(set)
    for row in Facet.objects.filter(record__in=uids).values_list(*COLUMNS):
        standing[row[0]].add(row)
    changed = [uid for uid in uids if wanted.get(uid, set()) != standing.get(uid, set())]
    if not changed:
        return
    if leaving := [uid for uid in changed if uid in standing]:
        Facet.objects.filter(record__in=leaving).delete()
    _insert([row for uid in changed for row in sorted(wanted.get(uid, ()), key=lambda row: row[1])])
    difference: Counter[tuple[str, str]] = Counter()
    for uid in changed:
        difference.update(_pairs(wanted.get(uid, ())))
        difference.subtract(_pairs(standing.get(uid, ())))
    _count({pair: number for pair, number in difference.items() if number})


def _rows(uid: str, listed: Listed) -> Iterator[Row]:
    main = listed.words[0][1] if listed.words else ""

    def row(name: str, spans: Sequence[Span]) -> Row:
        begin, end, width = _hull(spans)
        return uid, name, begin, end, width, len(spans) > 1, main, listed.came, listed.label

    spans, said = _apart(listed.spans), _apart(listed.said)
    yield row(value(listed.kind), spans)
    for facet, code in [*listed.words, *listed.links]:
        yield row(value(listed.kind, facet, code), spans)
    if said:
        yield row(value(listed.kind, "said"), said)
    for name, several in ((value(listed.kind), spans), (value(listed.kind, "said"), said)):
        if len(several) > 1:
            yield from (row(span_value(name, number), [one]) for number, one in enumerate(several))


def span_value(name: str, number: int) -> str:
    """Under what the single dates of a record with gaps between them are kept."""
    return f"{name} span {number}"


def _hull(spans: Sequence[Span]) -> tuple[int, int, int | None]:
    if not spans:
        return NO_DATE, -NO_DATE, None
    begin, end = min(first for first, _ in spans), max(last for _, last in spans)
    length = end - begin + 1
    return begin, end, next(number for number, longest in enumerate(WIDTHS) if length <= longest)


def _apart(spans: Sequence[Span]) -> list[Span]:
    """The times without overlaps, in order; beyond `MOST_SPANS` the last ones are one."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and (first <= found[-1][1] + 1 or len(found) == MOST_SPANS):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def span_of(edtf: str, calendar: str = "", time_zone: str = "") -> Span | None:
    """First and last minute; a side that is open or unknown reaches as far as there is any date."""
    if not edtf:
        return None
    try:
        given = {name: text for name, text in (("calendar", calendar), ("time_zone", time_zone)) if text}
        read = DateSpan.parse(edtf, **given)
    except DateError:  # a bulk write passes a field's checks by; one such date must not hold up a release
        return None
    if read.earliest is None and read.latest is None:
        return None
    first = -NO_DATE if read.earliest is None else max(read.earliest, -NO_DATE)
    return first, NO_DATE if read.latest is None else min(read.latest, NO_DATE)


# --- reading it from the index --------------------------------------------------------------------------------

#: In which roles records lead to others that they are found by, and the facet of each.
_LINKS = {
    "claim": {
        "topic": "topic",
        "place": "place",
        "event": "event",
        "claimant": "claimant",
        "appearance": "source",
    },
    "source": {"author": "author"},
    "event": {"place": "place", "participant": "participant"},
    "rebuttal": {"raised-by": "raised-by"},
}
_MARKS = ("disputed", "challenged", "corrected", "stale")


def _listed(uids: Sequence[str]) -> dict[str, Listed]:
    rows = Record.objects.filter(uid__in=uids, withdrawn_in=None, kind__in=_READERS)
    cards: dict[str, tuple[str, str, dict[str, Any]]] = {}
    found: dict[str, Listed] = {}
    for uid, kind, label, card, release in rows.values_list(
        "uid", "kind", "label", "card", "version__release_id"
    ):
        cards[uid] = (kind, label, card)
        found[uid] = Listed(kind, release)
    by_kind: dict[str, list[str]] = defaultdict(list)
    for uid, (kind, _, _) in cards.items():
        by_kind[kind].append(uid)
    _link(found)
    for kind, some in by_kind.items():
        _READERS[kind]({uid: found[uid] for uid in some}, {uid: cards[uid] for uid in some})
    return found


def _link(found: Mapping[str, Listed]) -> None:
    """The records they are found by; places with all that they are part of."""
    rows = Reference.objects.filter(source__in=[uid for uid, one in found.items() if one.kind in _LINKS])
    at: dict[str, set[str]] = defaultdict(set)
    for source, role, target in rows.values_list("source", "role", "target"):
        facet = _LINKS[found[source].kind].get(role)
        if facet == "place":
            at[source].add(target)
        elif facet:
            found[source].links.add((facet, target))
    above = rooms({place for places in at.values() for place in places}, up=True)
    for source, places in at.items():
        found[source].links.update(("place", uid) for place in places for uid in above[place])


Cards = Mapping[str, tuple[str, str, dict[str, Any]]]


def _claims(found: Mapping[str, Listed], cards: Cards) -> None:
    linked = {uid for one in found.values() for facet, uid in one.links if facet in ("event", "source")}
    dates = _dates(linked)
    stated = _stated_dates(found)
    for uid, listed in found.items():
        card = cards[uid][2]
        listed.words = [("rating", card["rating"] or "none"), ("kind", card["claim_kind"])]
        listed.words += [(mark, "") for mark in _MARKS if card[mark]]
        listed.words.append(("language", card["language"]))
        for facet, target in listed.links:
            if target in dates:
                (listed.spans if facet == "event" else listed.said).append(dates[target])
        listed.spans += stated.get(uid, [])


def _dates(uids: Iterable[str]) -> dict[str, Span]:
    """When events were and sources came out."""
    found: dict[str, Span] = {}
    for some in chunks(sorted(uids)):
        rows = Record.objects.filter(uid__in=some, withdrawn_in=None).values_list("uid", "card")
        for uid, card in rows:
            if span := span_of(card.get("when") or card.get("issued") or ""):
                found[uid] = span
    return found


def _stated_dates(claims: Iterable[str]) -> dict[str, list[Span]]:
    """The dates that claims state, but those which lean on an event."""
    found: dict[str, list[Span]] = defaultdict(list)
    for uid, said in PublicValue.objects.filter(record__in=list(claims)).values_list("record_id", "stated"):
        if said["attribute"]["type"] != "date" or said["relation"]:
            continue
        if span := span_of(said["edtf"], said["calendar"], said["time_zone"]):
            found[uid].append(span)
    return found


def _sources(found: Mapping[str, Listed], cards: Cards) -> None:
    standings = dict(SourceEntry.objects.filter(record__in=list(found)).values_list("record_id", "standing"))
    for uid, listed in found.items():
        card = cards[uid][2]
        listed.words = [("type", card["type"]), ("language", card["language"]), ("standing", standings[uid])]
        listed.spans = _only(span_of(card["issued"]))
        listed.label = _sortable(card["title"])


def _places(found: Mapping[str, Listed], cards: Cards) -> None:
    above = rooms(found, up=True)
    documents = Record.objects.filter(uid__in=list(found)).values_list("uid", "version__document")
    contested = {uid for uid, text in documents if _contested(json.loads(text)["statuses"])}
    for uid, listed in found.items():
        _, label, card = cards[uid]
        listed.words = [("kind", card["place_kind"])]
        listed.words += [("contested", "")] if uid in contested else []
        listed.links = {("within", other) for other in above[uid] - {uid}}
        listed.label = _sortable(label)


def _contested(statuses: Iterable[Mapping[str, str]]) -> bool:
    """Whether more than one party claims or administers it, as of today."""
    parties = set()
    for row in statuses:
        span = span_of(row["when"])
        if row["relation"] in ("claims", "administers") and (span is None or span[1] == NO_DATE):
            parties.add(row["agent"])
    return len(parties) > 1


def _events(found: Mapping[str, Listed], cards: Cards) -> None:
    topics = event_topics.of(found)
    for uid, listed in found.items():
        card = cards[uid][2]
        listed.links.update(("topic", topic) for topic in topics.get(uid, ()))
        listed.spans = _only(span_of(card["when"]))
        listed.label = _sortable(card["title"])


def _rebuttals(found: Mapping[str, Listed], cards: Cards) -> None:
    received = dict(RebuttalEntry.objects.filter(record__in=list(found)).values_list("record_id", "received"))
    for uid, listed in found.items():
        card = cards[uid][2]
        listed.words = [(name, card[name]) for name in ("decision", "scope", "mode")]
        listed.spans = _only(span_of(received[uid]))


def _corrections(found: Mapping[str, Listed], cards: Cards) -> None:
    for uid, listed in found.items():
        card = cards[uid][2]
        listed.words = [("type", card["type"])]
        listed.spans = _only(span_of(card["published_on"] or ""))
        listed.came = card["number"] or 0


_READERS = {
    "claim": _claims,
    "source": _sources,
    "place": _places,
    "event": _events,
    "rebuttal": _rebuttals,
    "correction": _corrections,
}


def _only(span: Span | None) -> list[Span]:
    return [span] if span else []


def _sortable(label: str) -> str:
    return fold(label).replace("\0", "")[:LABEL]


# --- writing --------------------------------------------------------------------------------------------------


def _insert(rows: Sequence[Row]) -> None:
    """Plain rows: to make objects of a dozen for each record takes longer than to write them."""
    if not rows:
        return
    columns, marks = ", ".join(f'"{name}"' for name in COLUMNS), ", ".join(["%s"] * len(COLUMNS))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO book_facet ({columns}) VALUES ({marks})", rows)  # noqa: S608


def _pairs(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """What is counted of a record: each value alone, and with each word of a vocabulary."""
    names = [row[1] for row in rows if " span " not in row[1]]
    words = [name for name in names if is_word(name)]
    for name in names:
        yield name, ""
        yield from ((name, other) for other in words if other != name)


def facet_of(name: str) -> str:
    """ "claim rating" of "claim rating accurate"; a list, and a mark of its records, are facets by themselves."""
    parts = name.split(" ", 2)
    return " ".join(parts[:2])


#: Facets that lead to records, not to words.
LINKED = {
    "topic",
    "place",
    "event",
    "claimant",
    "source",
    "author",
    "participant",
    "raised-by",
    "within",
    "said",
}


def is_word(name: str) -> bool:
    parts = name.split(" ", 2)
    return len(parts) > 1 and parts[1] not in LINKED


def _count(difference: Mapping[tuple[str, str], int]) -> None:
    rows = [(facet_of(name), name, other, number) for (name, other), number in sorted(difference.items())]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO book_tally (facet, value, other, number) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (value, other) DO UPDATE SET number = book_tally.number + excluded.number",
            rows,
        )
    fewer = sorted({name for (name, _), number in difference.items() if number < 0})
    for some in chunks(fewer):
        Tally.objects.filter(value__in=some, number=0).delete()
