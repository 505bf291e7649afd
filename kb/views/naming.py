"""Whose name of a place comes first: the policy's order, or one party's where a reader has asked for it.

The choice is kept in a cookie that holds the uid of an agent and nothing else; no account, no script. It orders
labels and says nothing of whose a place is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kb.book import reading
from kb.book.reading import Label
from kb.views.choices import keep, way_back

COOKIE = "names-first"
_UID = re.compile(r"[a-z0-9]{1,20}")


@dataclass(frozen=True)
class Choice:
    """What a page with names of several parties offers. `chosen` is the party whose names come first, if one was."""

    parties: tuple[Label, ...]
    chosen: Label | None
    back: str


def wanted(request: HttpRequest) -> str:
    """The agent whose names this reader wants first; empty for the policy's order, and for what no agent can be."""
    value = request.COOKIES.get(COOKIE, "")
    return value if _UID.fullmatch(value) else ""


def offered(request: HttpRequest, context: Mapping[str, Any]) -> Choice | None:
    """The parties between which a page lets its readers choose: those whose names stand side by side in its labels.

    None where no label has names of two. Costs a query if the agents are not among the labels already.
    """
    labels: Mapping[str, Label] = context.get("labels") or {}
    shown = [*labels.values(), *context.get("found", ())]
    users = {party for label in shown for name in label.names for party in name.parties}
    users |= set(context.get("parties", ()))
    missing = users - labels.keys()
    agents = {**labels, **(reading.labels(missing) if missing else {})}
    rivals = {
        party for label in shown if len(label.names) > 1 for name in label.names for party in name.parties
    } | set(context.get("parties", ()))
    parties = _by_name(agents[uid] for uid in rivals if uid in agents and not agents[uid].withdrawn)
    if len(parties) < 2:
        return None
    first = agents.get(wanted(request))
    return Choice(parties, first if first in parties else None, request.get_full_path())


def _by_name(labels: Iterable[Label]) -> tuple[Label, ...]:
    return tuple(sorted(labels, key=lambda label: (label.text.casefold(), label.uid)))


@csrf_exempt  # Pages that may be kept by caches hold no token. All that a forged request could do is order names.
@never_cache
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep whose names come first, and go back to the page. What is not a party with names is not kept."""
    response = way_back(request, "#names-first")
    first = request.POST.get("first", "")
    if not first:
        response.delete_cookie(COOKIE, samesite="Lax")
    elif _UID.fullmatch(first) and reading.uses_names(first):
        keep(response, COOKIE, first)
    return response
