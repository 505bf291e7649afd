"""What the desk says of itself: how it rates, corrects and names."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kb.analysis.naming import letters
from kb.book import reading
from kb.views.words import RATINGS


def about_context(desk: dict[str, Any], policy: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "section": "about",
        "desk": desk,
        "policy": policy,
        "ratings": RATINGS.values(),
        "title": _("About %(desk)s") % {"desk": desk["name"]} if desk.get("name") else _("About the desk"),
    }


def desk_context(page: reading.Page, *, alone: bool) -> dict[str, Any]:
    return about_context(page.document, reading.naming_policy())


def policy_context(page: reading.Page | None, *, alone: bool = False) -> dict[str, Any]:
    """The naming policy by itself; without a page, that there is none yet."""
    policy = page.document if page else None
    rules = policy["rules"] if policy else []
    return {
        "section": "about",
        "policy": policy,
        "labels": page.labels if page else {},
        "letters": letters(policy),
        "parties": [] if alone else {uid for rule in rules for uid in (rule["first"], rule["second"])},
        "title": _("Names of disputed places"),
    }
