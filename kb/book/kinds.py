"""What the book needs to know of a document of each kind: what it refers to, what it is called, how it is found.

Pure functions over documents; the public side may use them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kb.analysis import naming
from kb.editorial.folding import line

Document = dict[str, Any]
Reference = tuple[str, str]  # role, uid

#: Raised when the shape of documents changes; `kb.book.reading` reads older ones through upgrades.
SCHEMA = 1

#: Without these the document would make no sense: they block publishing, and withdrawing what they lead to.
BLOCKING_ROLES = frozenset({"appearance", "rebuts", "replies-to"})
#: These block publishing only: an entry of the ledger stays when what it speaks of is withdrawn.
LEDGER_ROLES = frozenset({"corrects", "came-from", "delivers"})

EXCERPT = 160


@dataclass(frozen=True)
class Kind:
    """How the book handles documents of one kind. `plural` is for messages."""

    name: str
    plural: str
    references: Callable[[Document], Iterator[Reference]]
    label: Callable[[Document], str]
    card: Callable[[Document], dict[str, Any]]
    #: What it is called or states, and what else is told of it: both are searched, the first before the second.
    texts: Callable[[Document], Iterable[str]]
    body: Callable[[Document], Iterable[str]] = lambda document: ()


def excerpt(text: str, length: int = EXCERPT) -> str:
    """The beginning of a text, cut between words."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[length // 2 :] else cut).rstrip(" ,;:") + "…"


def _given(role: str, *uids: str | None) -> Iterator[Reference]:
    yield from ((role, uid) for uid in uids if uid)


def _pick(document: Document, *names: str) -> dict[str, Any]:
    return {name: document[name] for name in names}


def _no_references(document: Document) -> Iterator[Reference]:
    yield from ()


def _source_references(document: Document) -> Iterator[Reference]:
    for row in document["contributions"]:
        yield from _given("author" if row["role"] == "author" else "contributor", row["agent"])
    yield from _given("in-reply-to", document["in_reply_to"])
    yield from _given("derived-from", *document["derived_from"])


def _place_references(document: Document) -> Iterator[Reference]:
    yield from _given("part-of", document["part_of"])
    for name in document["names"]:
        yield from _given("name-used-by", *name["used_by"])
        yield from _given("name-used-in", *name["used_in"])
        yield from _given("name-source", name["source"])
    for status in document["statuses"]:
        yield from _given("status-agent", status["agent"])
        yield from _given("status-source", status["source"])


def _event_references(document: Document) -> Iterator[Reference]:
    yield from _given("place", *document["places"])
    yield from _given("participant", *document["participants"])
    yield from _given("part-of", document["part_of"])
    yield from _given("after", *document["after"])


def _evidence_references(document: Document) -> Iterator[Reference]:
    for row in document["evidence"]:
        yield from _given("evidence", row["source"])


def _claim_references(document: Document) -> Iterator[Reference]:
    for role, field in (("topic", "topics"), ("place", "places"), ("event", "events")):
        yield from _given(role, *document[field])
    for row in document["appearances"]:
        yield from _given("appearance", row["source"])
        yield from _given("claimant", *row["claimants"])
        yield from _given("taken-from", row.get("derived_from_source"))
    for row in document["values"]:
        yield from _given("about", row["about"]["uid"])
        yield from _given("relative-to", row["relative_to"], row["measured_from"])
    yield from _evidence_references(document)
    for row in document["reviews"]:
        yield from _given("reviewer", row["reviewer"])
        yield from _given("review", row["source"])


def _rebuttal_references(document: Document) -> Iterator[Reference]:
    yield from _given("rebuts", document["claim"])
    yield from _given("replies-to", document["replies_to"])
    yield from _given("duplicate-of", document["duplicate_of"])
    yield from _given("made-in", document["source"])
    yield from _given("raised-by", document["raised_by"])
    yield from _given("counterclaim", *document["counterclaims"])
    yield from _evidence_references(document)


def _correction_references(document: Document) -> Iterator[Reference]:
    yield from _given("corrects", document["claim"], document["corrects"])
    yield from _given("came-from", document["rebuttal"])


def _delivery_references(document: Document) -> Iterator[Reference]:
    yield from _given("delivers", document["correction"])
    yield from _given("delivered-for", document["claim"])
    yield from _given("delivered-to", document["source"])


def _policy_references(document: Document) -> Iterator[Reference]:
    for rule in document["rules"]:
        yield from _given("naming-party", rule["first"], rule["second"])
        yield from _given("named-place", rule["place"])


def _claim_card(document: Document) -> dict[str, Any]:
    assessment = document["assessment"] or {"rating": "", "disputed": False}
    return {
        **_pick(document, "statement", "language", "claim_kind", "events"),
        "rating": assessment["rating"],
        "disputed": assessment["disputed"],
        "assessed_at": assessment.get("assessed_at"),
        "stale": document["stale"] is not None,
        "challenged": False,
        "corrected": False,
    }


def _source_card(document: Document) -> dict[str, Any]:
    authors = [row["agent"] for row in document["contributions"] if row["role"] == "author"]
    return {**_pick(document, "title", "language", "type", "container_title", "issued"), "authors": authors}


def _place_card(document: Document) -> dict[str, Any]:
    names = [[name["text"], name["language"]] for name in document["names"]]
    taken = _pick(document, "place_kind", "part_of", "time_zone", "latitude", "longitude")
    return {**taken, "names": names}


def _place_texts(document: Document) -> Iterator[str]:
    """Every name, and as it is typed by those who leave out the dots between parts of a name."""
    for name in document["names"]:
        yield from (name["text"], line(name["text"]))


def _claim_body(document: Document) -> Iterator[str]:
    """The words in which it was made, what it states, why it is rated so, and what was found for and against it."""
    for row in document["appearances"]:
        yield from (row["quote"], row["translation"])
    yield from (row["raw"] for row in document["values"])
    yield (document["assessment"] or {}).get("rationale", "")
    yield from _evidence_body(document)


def _evidence_body(document: Document) -> Iterator[str]:
    for row in document["evidence"]:
        yield from (row["quote"], row["note"])


def _rebuttal_card(document: Document) -> dict[str, Any]:
    taken = _pick(
        document, "language", "scope", "mode", "decision", "claim", "raised_by", "replies_to", "decided_on"
    )
    return {**taken, "decided_at": document["decided_at"], "text": excerpt(document["text"])}


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "agent",
            "agents",
            _no_references,
            lambda d: d["name"],
            lambda d: _pick(d, "name", "native_name", "agent_kind"),
            lambda d: (d["name"], d["native_name"]),
            lambda d: (d["note"],),
        ),
        Kind(
            "topic",
            "topics",
            _no_references,
            lambda d: d["name"],
            lambda d: _pick(d, "name"),
            lambda d: (d["name"],),
            lambda d: (d["note"],),
        ),
        Kind(
            "source",
            "sources",
            _source_references,
            lambda d: d["title"],
            _source_card,
            lambda d: (d["title"],),
            lambda d: (d["container_title"], d["publisher"], d["note"]),
        ),
        Kind(
            "naming-policy",
            "naming policies",
            _policy_references,
            lambda d: "Naming policy",
            lambda d: {},
            lambda d: (),
        ),
        Kind(
            "place",
            "places",
            _place_references,
            lambda d: naming.joined(naming.named(d["uid"], d["names"], None)) or d["key"],
            _place_card,
            _place_texts,
            lambda d: (d["note"],),
        ),
        Kind(
            "event",
            "events",
            _event_references,
            lambda d: d["title"],
            lambda d: _pick(d, "title", "language", "when", "places"),
            lambda d: (d["title"],),
            lambda d: (d["note"],),
        ),
        Kind(
            "claim",
            "claims",
            _claim_references,
            lambda d: d["statement"],
            _claim_card,
            lambda d: (d["statement"],),
            _claim_body,
        ),
        Kind(
            "rebuttal",
            "rebuttals",
            _rebuttal_references,
            lambda d: excerpt(d["text"]),
            _rebuttal_card,
            lambda d: (d["text"],),
            lambda d: (d["proposed"], d["reason"], *_evidence_body(d)),
        ),
        Kind(
            "correction",
            "corrections",
            _correction_references,
            lambda d: f"Correction № {d['number']}" if d["number"] else "Correction",
            lambda d: _pick(d, "number", "type", "said", "language", "claim", "published_on"),
            lambda d: (d["said"],),
            lambda d: (d["right"],),
        ),
        Kind(
            "delivery",
            "deliveries",
            _delivery_references,
            lambda d: f"Delivery {d['key']}",
            lambda d: _pick(d, "correction", "outcome", "source"),
            lambda d: (),
        ),
        Kind("desk", "desks", _no_references, lambda d: d["name"], lambda d: {}, lambda d: ()),
    )
}


def references(document: Document) -> set[Reference]:
    """What a document refers to, each once: role and uid."""
    return set(KINDS[document["kind"]].references(document))
