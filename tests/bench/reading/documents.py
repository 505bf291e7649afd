"""The document of each record of a world, in the shape that `kb.book.documents` gives them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from random import Random
from typing import Any

from kb.book.kinds import SCHEMA
from kb.editorial.dates import DateSpan
from tests.bench.reading import texts
from tests.bench.reading.world import BRANCHING, PARTIES, World, uid

Document = dict[str, Any]

RATINGS = ("accurate", "partly-accurate", "inaccurate", "unproven", "outdated", "not-rateable")
CLAIM_KINDS = ("event-date", "quantity", "attribution", "status", "causal", "definition", "other")
PLACE_KINDS = ("state", "region", "archipelago", "city", "island", "other")
SOURCE_TYPES = ("book", "article-journal", "article-newspaper", "webpage", "report", "legislation", "post")
DECISIONS = ("received", "under-review", "accepted", "partly-accepted", "rejected", "rejected")
SCOPES = ("quotation", "attribution", "date", "figure", "name", "inference", "context")
CORRECTIONS = ("correction", "correction", "clarification", "editors-note", "update")
_SECOND = {"ru": "ru-Latn", "ja": "ja-Latn", "ko": "ko-Latn", "el": "el-Latn"}
#: So many sentences has a captured text, which every fourth source has.
SENTENCES = 24


def document(world: World, kind: str, number: int) -> Document:
    head = {"schema": SCHEMA, "kind": kind, "uid": uid(kind, number), "key": f"{kind}-{number + 1}"}
    return {**head, **_BUILDERS[kind](world, number)}


def captured_text(world: World, source: int) -> str:
    """What readers may see whole of a source; empty where there is none."""
    return " ".join(sentences(world.seed, source)) if source % 4 == 0 else ""


@lru_cache(maxsize=20_000)
def sentences(seed: int, source: int) -> tuple[str, ...]:
    rng = Random(seed * 9_000_011 + source)
    language = texts.language(rng)
    return tuple(texts.sentence(rng, language) for _ in range(SENTENCES))


def _day(rng: Random, first: int, last: int) -> str:
    return f"{rng.randint(first, last)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _edtf(rng: Random) -> str:
    """Most dates are days; some months, years and spans."""
    day = _day(rng, 1895, 1956)
    return rng.choices((day, day[:7], day[:4], f"{day}/{day[:4]}-12", ""), (60, 15, 10, 10, 5))[0]


def _desk(world: World, number: int) -> Document:
    return {
        "name": "The Desk of a Measured Book",
        "tagline": "Claims, and what was said against them.",
        "notice": "",
        "contact": "desk@example.org",
        "about": "This book was made to measure the site.",
        "ratings_policy": "As the evidence has it.",
        "corrections_policy": "In the open.",
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "language": "en",
    }


def _agent(world: World, number: int) -> Document:
    rng = world.rng("agent", number)
    tongue = texts.language(rng)
    name = f"{texts.name(rng, 'en')} {texts.name(rng, 'en')}"
    kind = "state" if number < PARTIES else rng.choice(("person", "person", "organisation", "group"))
    native = "" if tongue in ("en", "de") else f"{texts.name(rng, tongue)} {texts.name(rng, tongue)}"
    note = texts.sentence(rng, "en") if number % 3 == 0 else ""
    return {
        "name": name,
        "native_name": native,
        "wikidata": "",
        "url": "",
        "note": note,
        "agent_kind": kind,
    }


def _topic(world: World, number: int) -> Document:
    rng = world.rng("topic", number)
    return {"name": f"{texts.name(rng, 'en')} question {number + 1}", "note": texts.sentence(rng, "en")}


def _place(world: World, number: int) -> Document:
    rng = world.rng("place", number)
    names = []
    for at in range(1 + (number % 3 == 0)):
        tongue = texts.language(rng)
        party = uid("agent", (number + at * 5) % PARTIES)
        own = uid("name", f"{number}-{at}")
        latin = f"{texts.name(rng, 'en')} {number + 1}"
        if tongue in _SECOND:
            names.append(_name(own, texts.name(rng, tongue), tongue, party))
            names.append(_name(uid("name", f"{number}-{at}-r"), latin, _SECOND[tongue], party, romanises=own))
        else:
            names.append(_name(own, latin, tongue, party))
    return {
        "geometry": None,
        "time_zone": "Asia/Tokyo" if number == 0 else "",
        "wikidata": "",
        "geonames": None,
        "note": texts.sentence(rng, "en") if number % 4 == 0 else "",
        "place_kind": PLACE_KINDS[min(_depth(number), 2)] if number < 400 else rng.choice(PLACE_KINDS[3:]),
        "part_of": uid("place", (number - 1) // BRANCHING) if number else None,
        "latitude": f"{rng.uniform(-60, 70):.6f}",
        "longitude": f"{rng.uniform(-179, 179):.6f}",
        "names": names,
        "statuses": [],
    }


def _depth(number: int) -> int:
    depth = 0
    while number:
        number, depth = (number - 1) // BRANCHING, depth + 1
    return depth


def _name(own: str, text: str, language: str, party: str, romanises: str | None = None) -> Document:
    return {
        "uid": own,
        "text": text,
        "language": language,
        "kind": "endonym",
        "when": "",
        "used_by": [party],
        "used_in": [],
        "romanisation_of": romanises,
        "source": None,
        "locator": "",
    }


def _event(world: World, number: int) -> Document:
    rng = world.rng("event", number)
    tongue = texts.language(rng)
    return {
        "title": texts.sentence(rng, tongue, 4, 9).rstrip(".。"),
        "language": tongue,
        "when": _edtf(rng),
        "note": texts.sentence(rng, "en") if number % 2 else "",
        "places": [uid("place", world.some(rng, "place"))],
        "participants": sorted({uid("agent", rng.randrange(PARTIES)) for _ in range(2)}),
        "part_of": uid("event", (number - 1) // BRANCHING) if number and number % 3 == 0 else None,
        "after": [],
    }


def _source(world: World, number: int) -> Document:
    rng = world.rng("source", number)
    tongue = texts.language(rng)
    agents = {world.some(rng, "agent", 1.5) for _ in range(rng.choice((1, 1, 2)))}
    text = captured_text(world, number)
    blank = (
        *("url", "archived_url", "doi", "isbn", "volume", "issue", "pages"),
        *("archive", "archive_location", "note"),
    )
    return {
        "type": rng.choice(SOURCE_TYPES),
        "title": texts.sentence(rng, tongue, 4, 10).rstrip(".。"),
        "container_title": f"{texts.name(rng, tongue)}" if rng.random() < 0.6 else "",
        "publisher": texts.name(rng, tongue),
        "issued": _day(rng, 1945, 2025)[: rng.choice((4, 7, 10, 10))],
        "language": tongue,
        **dict.fromkeys(blank, ""),
        "accessed": None,
        "in_reply_to": None,
        "derived_from": [uid("source", rng.randrange(number))] if number and number % 7 == 0 else [],
        "standing": {"status": "current", "since": "", "notice": ""},
        "contributions": [
            {"uid": uid("contribution", f"{number}-{agent}"), "agent": uid("agent", agent), "role": "author"}
            for agent in sorted(agents)
        ],
        "snapshots": [_snapshot(number, text)] if text else [],
    }


def _snapshot(source: int, text: str) -> Document:
    return {
        "uid": uid("snapshot", source),
        "extent": "whole",
        "rights": "public",
        "sha256": sha256(text.encode()).hexdigest(),
        "url": "",
        "captured_at": "2026-01-02T12:00:00.000000+00:00",
    }


def _claim(world: World, number: int) -> Document:
    rng = world.rng("claim", number)
    tongue = texts.language(rng)
    event = uid("event", world.some(rng, "event")) if rng.random() < 0.8 else None
    place = uid("place", world.some(rng, "place"))
    rows = [_appearance(world, rng, number, at) for at in range(1 + (rng.random() < 0.2))]
    rated = rng.random() < 0.85
    day = _day(rng, 2024, 2026)
    return {
        "statement": texts.sentence(rng, tongue, 9, 22),
        "language": tongue,
        "claim_kind": rng.choice(CLAIM_KINDS),
        "topics": [uid("topic", world.some(rng, "topic", 1.5))],
        "places": [place],
        "events": [event] if event else [],
        "appearances": rows,
        "values": _values(rng, number, event, place, rows[0]["uid"]),
        "evidence": _evidence(world, rng, number, rng.choice((0, 0, 1, 1, 2))),
        "reviews": [],
        "assessment": {
            "rating": rng.choices(RATINGS, (35, 20, 20, 15, 6, 4))[0],
            "disputed": rng.random() < 0.12,
            "rationale": texts.prose(rng, "en", rng.randint(1, 5)),
            "language": "en",
            "assessed_on": day,
            "assessed_at": f"{day}T09:30:00.000000+00:00",
            "editors": rng.choice((1, 2)),
        }
        if rated
        else None,
        "stale": None,
    }


def _appearance(world: World, rng: Random, claim: int, at: int) -> Document:
    source = world.some(rng, "source", 1.5)
    whole = source % 4 == 0
    chosen = rng.randrange(SENTENCES)
    if whole:
        said = sentences(world.seed, source)
        start = sum(len(one) + 1 for one in said[:chosen])
        quote, end = said[chosen], start + len(said[chosen])
    else:
        start, quote, end = None, texts.sentence(rng, texts.language(rng)), None
    return {
        "uid": uid("appearance", f"{claim}-{at}"),
        "quote": quote,
        "prefix": "",
        "suffix": "",
        "start": start,
        "end": end,
        "translation": texts.sentence(rng, "en") if rng.random() < 0.4 else "",
        "locator": f"p. {rng.randint(1, 400)}",
        "stance": rng.choice(("asserts", "asserts", "asserts", "reports", "denies")),
        "fidelity": "verbatim",
        "anchor": "exact" if whole else "none",
        "source": uid("source", source),
        "snapshot": uid("snapshot", source) if whole else None,
        "claimants": [uid("agent", world.some(rng, "agent", 1.5))] if rng.random() < 0.25 else [],
        "derived_from": None,
        "derived_from_source": None,
    }


def _values(rng: Random, claim: int, event: str | None, place: str, appearance: str) -> list[Document]:
    """Half of the claims about an event date it, a tenth of all state a figure of their place."""
    found = []
    if event and rng.random() < 0.5:
        when = _day(rng, 1945, 1945)[: rng.choice((7, 10, 10))]
        span = DateSpan.parse(when)
        attribute = {"key": "occurred", "label": "took place", "type": "date", "dimension": ""}
        said = {"edtf": when, "calendar": "gregorian", "raw": when}
        bounds = {"earliest": span.earliest, "latest": span.latest}
        found.append(_value(claim, 0, appearance, {"kind": "event", "uid": event}, attribute, said | bounds))
    if rng.random() < 0.1:
        attribute = {"key": "population", "label": "population", "type": "quantity", "dimension": "count"}
        amount = str(rng.randint(100, 900_000))
        said = {"amount": amount, "qualifier": rng.choice(("inhabitants", "soldiers")), "raw": amount}
        found.append(_value(claim, 1, appearance, {"kind": "place", "uid": place}, attribute, said))
    return found


def _value(
    claim: int, at: int, appearance: str, about: Document, attribute: Document, said: Document
) -> Document:
    blank = (
        "qualifier",
        "raw",
        "edtf",
        "calendar",
        "time_zone",
        "relation",
        "offset",
        "unit",
        "as_of",
        "text",
    )
    none = ("amount", "low", "high", "latitude", "longitude", "earliest", "latest")
    return {
        "uid": uid("value", f"{claim}-{at}"),
        **dict.fromkeys(blank, ""),
        "certainty": "certain",
        **dict.fromkeys(none),
        "about": about,
        "attribute": attribute,
        "appearance": appearance,
        "relative_to": None,
        "measured_from": None,
        **said,
    }


def _evidence(world: World, rng: Random, owner: int, count: int) -> list[Document]:
    return [
        {
            "uid": uid("evidence", f"{owner}-{at}-{rng.random()}"),
            "relation": rng.choice(("supports", "contradicts", "gives-context")),
            "quote": texts.sentence(rng, tongue),
            "language": tongue,
            "locator": f"p. {rng.randint(1, 400)}",
            "note": texts.sentence(rng, "en"),
            "source": uid("source", world.some(rng, "source", 1.5)),
        }
        for at in range(count)
        for tongue in (texts.language(rng),)
    ]


def _rebuttal(world: World, number: int) -> Document:
    rng = world.rng("rebuttal", number)
    tongue = texts.language(rng)
    decision = DECISIONS[number % len(DECISIONS)]
    decided = None if decision in DECISIONS[:2] else _day(rng, 2025, 2026)
    return {
        "scope": rng.choice(SCOPES),
        "mode": rng.choice(("contradicts", "undercuts")),
        "text": texts.prose(rng, tongue, rng.randint(2, 8)),
        "language": tongue,
        "proposed": texts.sentence(rng, tongue) if rng.random() < 0.5 else "",
        "decision": decision,
        "reason": texts.prose(rng, "en", 2) if decided else "",
        "claim": uid("claim", world.claim_of(number)),
        "appearances": [],
        "replies_to": None,
        "duplicate_of": None,
        "source": uid("source", world.some(rng, "source", 1.5)) if rng.random() < 0.3 else None,
        "raised_by": uid("agent", PARTIES + rng.randrange(world.counts["agent"] - PARTIES)),
        "counterclaims": [uid("claim", rng.randrange(world.claims))] if rng.random() < 0.3 else [],
        "evidence": _evidence(world, rng, number, rng.choice((0, 1))),
        "received_on": _day(rng, 2024, 2024),
        "decided_on": decided,
        "decided_at": f"{decided}T10:00:00.000000+00:00" if decided else None,
    }


def _correction(world: World, number: int) -> Document:
    """Without its place in the chain, which is set as it is written."""
    rng = world.rng("correction", number)
    tongue = texts.language(rng)
    rebuttal = world.rebuttal_of(number)
    return {
        "number": number + 1,
        "type": CORRECTIONS[number % len(CORRECTIONS)],
        "of": "source",
        "said": texts.sentence(rng, tongue),
        "right": texts.prose(rng, tongue, 2),
        "language": tongue,
        "previous_hash": "",
        "hash": "",
        "claim": uid("claim", world.claim_of(rebuttal)),
        "rebuttal": uid("rebuttal", rebuttal),
        "corrects": None,
        "discovered": "2026-01-02",
        "published_on": "2026-02-03",
        "published_at": "2026-02-03T12:00:00.000000+00:00",
    }


_BUILDERS: dict[str, Callable[[World, int], Document]] = {
    "desk": _desk,
    "agent": _agent,
    "topic": _topic,
    "place": _place,
    "event": _event,
    "source": _source,
    "claim": _claim,
    "rebuttal": _rebuttal,
    "correction": _correction,
}
