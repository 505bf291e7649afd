"""Under which topics events come: those of the published claims about them, since an event has none of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kb.book import asking
from kb.book.asking import chunks
from kb.book.facet_models import Facet
from kb.book.models import Reference

Document = Mapping[str, Any]
#: A claim's event and topic.
Pair = tuple[str, str]


_TOPICS = """
SELECT DISTINCT e.target, t.target FROM book_reference e
JOIN book_reference t ON t.source = e.source AND t.role = 'topic'
WHERE e.target IN {some} AND e.role = 'event'
"""


def of(events: Collection[str]) -> dict[str, set[str]]:
    """The topics by event; those that have none are absent."""
    found: dict[str, set[str]] = defaultdict(set)
    for event, topic in asking.rows_of(_TOPICS, events):
        found[event].add(topic)
    return found


def regrouped(given: Iterable[Document]) -> set[str]:
    """The events that come under more topics, or fewer, as these documents go out. To be asked before they are written.

    Of an event that many claims are about, one more claim under the same topic changes nothing: it is not followed.
    """
    claims = [document for document in given if document["kind"] == "claim"]
    before = _pairs_of([claim["uid"] for claim in claims])
    now = {claim["uid"]: set(_pairs(claim)) for claim in claims}
    gone = {pair for uid, pairs in before.items() for pair in pairs - now[uid]}
    new = {pair for uid, pairs in now.items() for pair in pairs - before.get(uid, set())}
    return {event for event, _ in gone | (new - _known(new))}


def left_by(uids: Iterable[str]) -> set[str]:
    """The events that claims leave which are withdrawn. To be asked before they go."""
    return {event for pairs in _pairs_of(list(uids)).values() for event, _ in pairs}


def _pairs(claim: Document) -> Iterator[Pair]:
    yield from ((event, topic) for event in claim["events"] for topic in claim["topics"])


def _pairs_of(claims: Sequence[str]) -> dict[str, set[Pair]]:
    """What stands in the index, by claim."""
    links: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"event": [], "topic": []})
    for some in chunks(claims):
        rows = Reference.objects.filter(source__in=some, role__in=("event", "topic"))
        for source, role, target in rows.values_list("source", "role", "target"):
            links[source][role].append(target)
    return {
        uid: set(_pairs({"events": found["event"], "topics": found["topic"]})) for uid, found in links.items()
    }


def _known(pairs: Iterable[Pair]) -> set[Pair]:
    """Those of them under which events are found already."""
    events = {event for event, _ in pairs}
    found: set[Pair] = set()
    for some in chunks(events):
        rows = Facet.objects.filter(record__in=some, value__startswith="event topic ")
        found.update(
            (record, name.rpartition(" ")[2]) for record, name in rows.values_list("record", "value")
        )
    return found
