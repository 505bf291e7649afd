"""Documents of agents and sources."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from kb.book.documents.common import Shown, day, fields, moment, uid_of, uids_of
from sources.models import Agent, Contribution, Snapshot, Source


def agent(record: Agent, shown: Shown) -> dict[str, Any]:
    return {**fields(record, "name", "native_name", "wikidata", "url", "note"), "agent_kind": record.kind}


def sources() -> QuerySet[Source]:
    return Source.objects.select_related("in_reply_to").prefetch_related(
        "derived_from",
        Prefetch("contributions", Contribution.objects.select_related("agent").order_by("order", "id")),
        # The texts stay where they are: they are read with the rights of today.
        Prefetch("snapshots", Snapshot.objects.defer("text").order_by("captured_at", "id")),
    )


def source(record: Source, shown: Shown) -> dict[str, Any]:
    said = fields(
        record,
        *(
            "type",
            "title",
            "container_title",
            "publisher",
            "issued",
            "language",
            "url",
            "archived_url",
            "doi",
            "isbn",
        ),
        *("volume", "issue", "pages", "archive", "archive_location", "note"),
    )
    return {
        **said,
        "accessed": day(record.accessed),
        "in_reply_to": uid_of(record.in_reply_to, shown),
        "derived_from": uids_of(record.derived_from.all(), shown),
        "standing": {
            "status": record.standing,
            "since": record.standing_since,
            "notice": record.standing_notice,
        },
        "contributions": [
            {"uid": row.uid, "agent": row.agent.uid, "role": row.role}
            for row in record.contributions.all()
            if shown(row.agent.uid)
        ],
        "snapshots": [
            {
                **fields(row, "uid", "extent", "rights", "sha256", "url"),
                "captured_at": moment(row.captured_at),
            }
            for row in record.snapshots.all()
        ],
    }
