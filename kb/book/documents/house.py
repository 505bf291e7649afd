"""Documents of the desk and its naming policy."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from kb.book.documents.common import Shown, fields
from kb.models import Desk, NamingPolicy, NamingRule


def desk(record: Desk, shown: Shown) -> dict[str, Any]:
    return fields(
        record,
        *("name", "tagline", "notice", "contact", "about", "ratings_policy", "corrections_policy"),
        *("licence", "licence_url", "language"),
    )


def policies() -> QuerySet[NamingPolicy]:
    rules = NamingRule.objects.select_related("place", "first", "second").order_by("id")
    return NamingPolicy.objects.prefetch_related(Prefetch("rules", rules))


def policy(record: NamingPolicy, shown: Shown) -> dict[str, Any]:
    return {
        **fields(record, "text", "language"),
        "letters": {"text": record.in_text, "list": record.in_lists, "heading": record.in_headings},
        "rules": [
            {
                "uid": row.uid,
                "place": row.place.uid if row.place else None,
                "first": row.first.uid,
                "second": row.second.uid,
            }
            for row in record.rules.all()
            if all(shown(one.uid) for one in (row.place, row.first, row.second) if one)
        ],
    }
