"""One row of every model of the desk: `sample(model, n)` makes the n-th, not yet saved, with saved rows around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import models

from kb.editorial.aggregate import Aggregate, Part
from kb.models import (
    Appearance,
    Assessment,
    Assignment,
    Attribute,
    Claim,
    ClaimToIndex,
    ClaimWords,
    Conflict,
    ConflictRuling,
    Correction,
    DailyNotice,
    Delivery,
    Desk,
    Event,
    Evidence,
    ImportBatch,
    ImportedRow,
    ImportJob,
    ImportProfile,
    Merge,
    NamingPolicy,
    NamingRule,
    Place,
    PlaceName,
    PlaceStatus,
    Rebuttal,
    Review,
    SameRevision,
    StatedValue,
    Submission,
    TermCount,
    Topic,
    WorkStep,
)
from sources.models import Agent, Contribution, Snapshot, Source

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def sample(model: type[models.Model], number: int = 1, **fields: Any) -> Any:
    return model(**{**_SAMPLES[model](number), **fields})


def saved(model: type[models.Model], number: int = 1, **fields: Any) -> Any:
    row = sample(model, number, **fields)
    row.save()
    return row


def some(model: type[models.Model], **fields: Any) -> Any:
    """A saved row to refer to; the same one each time."""
    known = model._base_manager.filter(**fields).order_by("pk").first()
    return known or saved(model, 0, **fields)


def user() -> User:
    return User.objects.get_or_create(username="somebody")[0]


def root_field(model: type[Part]) -> str:
    """The field by which a sample belongs to its root."""
    return model.part_of[0]


def another_root(part: Part) -> Aggregate:
    """A second root, to which the part could move."""
    link: Any = part._meta.get_field(root_field(type(part)))
    return saved(link.related_model, 77)


_SAMPLES: dict[type[models.Model], Callable[[int], dict[str, Any]]] = {
    Agent: lambda n: {"key": f"agent-{n}", "name": f"Agent {n}"},
    Source: lambda n: {"key": f"source-{n}", "title": f"Source {n}", "type": "book"},
    Contribution: lambda n: {"source": some(Source), "agent": saved(Agent, 1000 + n), "order": n},
    Snapshot: lambda n: {"source": some(Source), "text": f"Text {n} of the source.", "captured_at": NOON},
    Topic: lambda n: {"key": f"topic-{n}", "name": f"Topic {n}"},
    Place: lambda n: {"key": f"place-{n}", "kind": "island"},
    PlaceName: lambda n: {"place": some(Place), "text": f"Name {n}", "language": "en"},
    PlaceStatus: lambda n: {
        "place": some(Place),
        "agent": some(Agent),
        "relation": "claims",
        "source": some(Source),
        "locator": str(n),
    },
    Event: lambda n: {"key": f"event-{n}", "title": f"Event {n}"},
    Claim: lambda n: {"key": f"claim-{n}", "statement": f"Claim {n}.", "kind": "event-date"},
    Appearance: lambda n: {"claim": some(Claim), "source": some(Source), "locator": f"page {n}"},
    StatedValue: lambda n: {
        "claim": some(Claim),
        "event": some(Event),
        "attribute": Attribute.objects.get(key="began"),
        "edtf": "1945-08-18",
        "raw": f"{n}: on 18 August",
    },
    Evidence: lambda n: {
        "claim": some(Claim),
        "source": some(Source),
        "relation": "supports",
        "note": str(n),
    },
    Review: lambda n: {"claim": some(Claim), "reviewer": some(Agent), "rating_text": f"Falso {n}"},
    Assessment: lambda n: {
        "claim": some(Claim),
        "rating": "accurate",
        "rationale": f"Reason {n}.",
        "proposed_at": NOON,
    },
    Rebuttal: lambda n: {
        "key": f"rebuttal-{n}",
        "claim": some(Claim),
        "scope": "date",
        "text": f"It was later, {n}.",
    },
    Correction: lambda n: {
        "key": f"correction-{n}",
        "claim": some(Claim),
        "said": f"Said {n}",
        "right": "Right",
    },
    Delivery: lambda n: {
        "key": f"delivery-{n}",
        "correction": some(Correction),
        "appearance": saved(Appearance, 1000 + n),
    },
    Desk: lambda n: {"key": "desk", "name": f"The desk {n}"},
    NamingPolicy: lambda n: {"key": "naming-policy", "text": f"Order implies nothing, {n}."},
    NamingRule: lambda n: {
        "policy": some(NamingPolicy),
        "place": saved(Place, 1000 + n),
        "first": some(Agent, key="agent-0"),
        "second": saved(Agent, 2000 + n),
    },
    Attribute: lambda n: {"key": f"attribute-{n}", "label": f"attribute {n}", "type": "date"},
    Conflict: lambda n: {
        "one": saved(StatedValue, 1000 + n),
        "other": saved(StatedValue, 2000 + n),
        "detector": "dates",
        "reason": f"They exclude each other, {n}.",
        "first_seen": NOON,
        "one_fingerprint": "a" * 64,
        "other_fingerprint": "b" * 64,
    },
    ConflictRuling: lambda n: {
        "one": f"a{n:011}",
        "other": f"b{n:011}",
        "one_fingerprint": "a" * 64,
        "other_fingerprint": "b" * 64,
        "verdict": "real",
        "reason": "Both are clear.",
        "ruled_by": user(),
        "ruled_at": NOON,
    },
    ClaimToIndex: lambda n: {"claim": n},
    ClaimWords: lambda n: {"claim": n, "words": f"word {n}"},
    TermCount: lambda n: {"term": f"term{n}", "claims": n},
    ImportProfile: lambda n: {"name": f"Profile {n}", "mapping": {"Column": "field"}},
    ImportBatch: lambda n: {
        "file_name": f"file-{n}.xlsx",
        "file_sha256": "c" * 64,
        "applied_by": user(),
        "applied_at": NOON,
    },
    ImportedRow: lambda n: {
        "batch": some(ImportBatch),
        "sheet": "Claims",
        "row": n + 1,
        "outcome": "created",
    },
    SameRevision: lambda n: {"kind": "place", "record": n, "revision": n + 2, "as_of": 1},
    ImportJob: lambda n: {
        "owner": user(),
        "expires_at": NOON,
        "files": [{"name": f"file-{n}.xlsx"}],
        "options": {"encoding": "utf-8"},
        "choices": {"Claims": {"sheet": "claims"}},
        "summary": {"claims": {"created": n}},
    },
    DailyNotice: lambda n: {"user": user(), "day": NOON.date() + timedelta(n)},
    Merge: lambda n: {
        "kind": "place",
        "kept_uid": f"a{n:011}",
        "kept_key": f"kept-{n}",
        "kept_label": f"Kept {n}",
        "merged_uid": f"b{n:011}",
        "merged_key": f"merged-{n}",
        "merged_label": f"Merged {n}",
        "merged_pk": n,
        "by": user(),
        "at": NOON,
        "why": "One island.",
    },
    Submission: lambda n: {
        "code": f"CODE{n:06}",
        "rebuttal": some(Rebuttal),
        "received_at": NOON,
        "forget_at": NOON,
        "name": f"Reader {n}",
        "email": f"reader-{n}@example.org",
    },
    Assignment: lambda n: {
        "kind": "claim",
        "uid": f"c{n:011}",
        "assignee": user(),
        "by": user(),
        "at": NOON,
    },
    WorkStep: lambda n: {
        "kind": "claim",
        "uid": f"c{n:011}",
        "act": "submitted",
        "by": user(),
        "at": NOON,
    },
}
