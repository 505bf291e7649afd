"""The page of an entry of the ledger, with the requests to publishers that followed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kb.book import reading
from kb.views.neighbours import labels_around, of_kind


def correction_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    """An entry never changes; its deliveries do, and have documents of their own."""
    correction = page.document
    around = [] if alone else reading.referring([correction["uid"]], "delivers", "corrects")
    wanted = {uid for uid in (correction["claim"], correction["rebuttal"]) if uid}
    documents = {} if alone else reading.documents(wanted)
    claim = documents.get(correction["claim"])
    deliveries = of_kind(around, "delivery")
    appearances = {row["uid"]: row for row in claim["appearances"]} if claim else {}
    return {
        "section": "corrections",
        "correction": correction,
        "claim": claim,
        "rebuttal": documents.get(correction["rebuttal"] or ""),
        "deliveries": [(delivery, appearances.get(delivery["appearance"])) for delivery in deliveries],
        "corrected_by": of_kind(around, "correction"),
        "labels": labels_around(page, *documents.values(), *around),
        "title": _("Correction № %(number)s") % {"number": correction["number"]}
        if correction["number"]
        else _("A correction, not yet numbered"),
    }


def delivery_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    """A delivery has no page of its own; this is how its correction's page shows it."""
    delivery = page.document
    claim = reading.documents([delivery["claim"]]).get(delivery["claim"])
    appearances = [
        row for row in (claim or {}).get("appearances", ()) if row["uid"] == delivery["appearance"]
    ]
    return {
        "section": "corrections",
        "deliveries": [(delivery, appearances[0] if appearances else None)],
        "labels": labels_around(page, *([claim] if claim else [])),
        "title": _("A request to a publisher"),
    }
