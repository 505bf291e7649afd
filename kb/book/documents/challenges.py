"""Documents of rebuttals, corrections and deliveries."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from kb.book.documents.claims import evidence
from kb.book.documents.common import Shown, day, fields, moment, uid_of, uids_of
from kb.models import Correction, Delivery, Evidence, Rebuttal


def rebuttals() -> QuerySet[Rebuttal]:
    return Rebuttal.objects.select_related(
        "claim", "replies_to", "duplicate_of", "source", "raised_by"
    ).prefetch_related(
        "appearances__source",
        "counterclaims",
        Prefetch("evidence", Evidence.objects.select_related("source").order_by("id")),
    )


def rebuttal(record: Rebuttal, shown: Shown) -> dict[str, Any]:
    return {
        **fields(record, "scope", "mode", "text", "language", "proposed", "decision", "reason"),
        "claim": record.claim.uid,
        "appearances": sorted(row.uid for row in record.appearances.all() if shown(row.source.uid)),
        "replies_to": record.replies_to.uid if record.replies_to else None,
        "duplicate_of": uid_of(record.duplicate_of, shown),
        "source": uid_of(record.source, shown),
        "raised_by": uid_of(record.raised_by, shown),
        "counterclaims": uids_of(record.counterclaims.all(), shown),
        "evidence": evidence(record.evidence.all(), shown),
        "received_on": day(record.received_at),
        "decided_on": day(record.decided_at),
        "decided_at": moment(record.decided_at),
    }


def corrections() -> QuerySet[Correction]:
    return Correction.objects.select_related("claim", "rebuttal", "corrects")


def correction(record: Correction, shown: Shown) -> dict[str, Any]:
    return {
        **fields(record, "number", "type", "of", "said", "right", "language", "previous_hash", "hash"),
        "claim": record.claim.uid,
        "rebuttal": record.rebuttal.uid if record.rebuttal else None,
        "corrects": record.corrects.uid if record.corrects else None,
        "discovered": day(record.discovered),
        "published_on": day(record.published_at),
        "published_at": moment(record.published_at),
    }


def deliveries() -> QuerySet[Delivery]:
    return Delivery.objects.select_related("correction__claim", "appearance__source")


def delivery(record: Delivery, shown: Shown) -> dict[str, Any]:
    return {
        **fields(record, "how", "answer", "outcome"),
        "correction": record.correction.uid,
        "claim": uid_of(record.correction.claim, shown),
        "appearance": record.appearance.uid,
        "source": uid_of(record.appearance.source, shown),
        "contacted_on": day(record.contacted_at),
        "deadline": day(record.deadline),
    }
