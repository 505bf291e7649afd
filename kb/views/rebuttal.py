"""The page of a rebuttal: what it challenges, what it says, and what the desk decided."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kb.book import reading
from kb.views.neighbours import labels_around, of_kind


def rebuttal_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    """`alone`: the document by itself, as an old version is shown."""
    rebuttal = page.document
    around = [] if alone else reading.referring([rebuttal["uid"]], "came-from", "replies-to")
    wanted = {rebuttal["claim"], *rebuttal["counterclaims"]}
    documents = {} if alone else reading.documents(wanted)
    claim = documents.get(rebuttal["claim"])
    return {
        "section": "rebuttals",
        "rebuttal": rebuttal,
        "claim": claim,
        "targets": _targets(rebuttal, claim),
        "counterclaims": [documents[uid] for uid in rebuttal["counterclaims"] if uid in documents],
        "corrections": of_kind(around, "correction"),
        "replies": [reply for reply in of_kind(around, "rebuttal") if reply["replies_to"] == rebuttal["uid"]],
        "labels": labels_around(page, *documents.values(), *around),
        "title": _title(page),
    }


def _title(page: reading.Page) -> str:
    claim = page.labels.get(page.document["claim"])
    return _("Rebuttal of “%(claim)s”") % {"claim": claim.text} if claim else _("Rebuttal")


def _targets(rebuttal: dict[str, Any], claim: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The appearances that the rebuttal is aimed at: those it names, else all."""
    appearances = claim["appearances"] if claim else []
    named = [row for row in appearances if row["uid"] in rebuttal["appearances"]]
    return named or appearances
