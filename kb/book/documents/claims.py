"""Documents of claims and topics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeGuard

from django.db.models import Prefetch, QuerySet

from kb.book.documents.common import Shown, day, fields, moment, number, uid_of, uids_of
from kb.models import Appearance, Assessment, Claim, Evidence, Review, StatedValue, Topic


def topic(record: Topic, shown: Shown) -> dict[str, Any]:
    return fields(record, "name", "note")


def claims() -> QuerySet[Claim]:
    appearances = Appearance.objects.select_related(
        "source", "derived_from__claim", "derived_from__source"
    ).prefetch_related("claimants")
    # Which text an appearance was found in is shown; the text itself, which may be long, is not needed for it.
    appearances = appearances.select_related("snapshot").defer("snapshot__text")
    about = ("event", "place", "attribute", "appearance", "relative_to", "measured_from")
    confirmed = Assessment.objects.filter(confirmed_at__isnull=False).order_by("-confirmed_at", "-id")
    return Claim.objects.prefetch_related(
        "topics",
        "places",
        "events",
        Prefetch("appearances", appearances.order_by("id")),
        Prefetch("values", StatedValue.objects.select_related(*about).order_by("id")),
        Prefetch("evidence", Evidence.objects.select_related("source").order_by("id")),
        Prefetch("reviews", Review.objects.select_related("reviewer", "source").order_by("id")),
        Prefetch("assessments", confirmed, to_attr="confirmed"),
    )


def claim(record: Claim, shown: Shown) -> dict[str, Any]:
    appearances = [row for row in record.appearances.all() if shown(row.source.uid)]
    kept = {row.uid for row in appearances}
    confirmed: list[Assessment] = record.confirmed  # type: ignore[attr-defined]  # by the queryset above
    values = [row for row in record.values.all() if shown(_subject(row).uid)]
    return {
        **fields(record, "statement", "language"),
        "claim_kind": record.kind,
        "topics": uids_of(record.topics.all(), shown),
        "places": uids_of(record.places.all(), shown),
        "events": uids_of(record.events.all(), shown),
        "appearances": [_appearance(row, shown) for row in appearances],
        "values": [value(row, kept, shown) for row in values],
        "evidence": evidence(record.evidence.all(), shown),
        "reviews": [_review(row, shown) for row in record.reviews.all() if shown(row.reviewer.uid)],
        "assessment": _assessment(confirmed[0]) if confirmed else None,
        "stale": {"since": day(record.stale_since), "reason": record.stale_reason}
        if record.stale_since
        else None,
    }


def _appearance(row: Appearance, shown: Shown) -> dict[str, Any]:
    said = (
        "uid",
        "quote",
        "prefix",
        "suffix",
        "start",
        "end",
        "translation",
        "locator",
        "stance",
        "fidelity",
        "anchor",
    )
    return {
        **fields(row, *said),
        "source": row.source.uid,
        "snapshot": row.snapshot.uid if row.snapshot else None,
        "claimants": uids_of(row.claimants.all(), shown),
        "derived_from": row.derived_from.uid if _can_be_seen(row.derived_from, shown) else None,
        "derived_from_source": uid_of(row.derived_from.source, shown) if row.derived_from else None,
    }


def _can_be_seen(row: Appearance | None, shown: Shown) -> TypeGuard[Appearance]:
    return row is not None and shown(row.claim.uid) and shown(row.source.uid)


def _subject(row: StatedValue) -> Any:
    return row.event or row.place


def value(row: StatedValue, appearances: set[str], shown: Shown) -> dict[str, Any]:
    """A stated value; `appearances` are the uids of those that its claim's document has."""
    figures = ("amount", "low", "high", "latitude", "longitude")
    leans_on_hidden = row.relative_to is not None and not shown(row.relative_to.uid)
    return {
        **fields(
            row, "uid", "qualifier", "raw", "certainty", "edtf", "calendar", "time_zone", "relation", "offset"
        ),
        **fields(row, "unit", "as_of", "text"),
        **{name: number(getattr(row, name)) for name in figures},
        # A bound taken from an event that readers do not know would give its date away.
        "earliest": None if leans_on_hidden else row.earliest,
        "latest": None if leans_on_hidden else row.latest,
        "about": {"kind": _subject(row).kind_name, "uid": _subject(row).uid},
        "attribute": fields(row.attribute, "key", "label", "type", "dimension"),
        "appearance": row.appearance.uid if row.appearance and row.appearance.uid in appearances else None,
        "relative_to": uid_of(row.relative_to, shown),
        # Measured from where readers do not know is not measured from nowhere.
        "measured_from": uid_of(row.measured_from, shown) or ("" if row.measured_from else None),
    }


def evidence(rows: Iterable[Evidence], shown: Shown) -> list[dict[str, Any]]:
    """The evidence whose sources readers can look up."""
    said = ("uid", "relation", "quote", "language", "locator", "note")
    return [{**fields(row, *said), "source": row.source.uid} for row in rows if shown(row.source.uid)]


def _review(row: Review, shown: Shown) -> dict[str, Any]:
    return {
        **fields(row, "uid", "rating_text", "when"),
        **{name: number(getattr(row, name)) for name in ("rating_value", "best", "worst")},
        "reviewer": row.reviewer.uid,
        "source": uid_of(row.source, shown),
    }


def _assessment(row: Assessment) -> dict[str, Any]:
    two = row.proposed_by_id is not None and row.proposed_by_id != row.confirmed_by_id
    return {
        **fields(row, "rating", "disputed", "rationale", "language"),
        "assessed_on": day(row.confirmed_at),
        "assessed_at": moment(row.confirmed_at),
        "editors": 2 if two else 1,
    }
