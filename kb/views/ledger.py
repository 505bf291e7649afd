"""Whether the ledger holds, for readers to see and to work out for themselves."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kb.book import chain
from kb.views.pages import respond
from kb.views.texts import page_language

#: Seconds for which one look serves all who ask: it goes through every entry.
FRESH = 60


@never_cache
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """What a look through the whole chain has found, not older than a minute."""
    # Faults are told in words, so each language has its own.
    kept = f"ledger-check-{page_language()}"
    looked = cache.get(kept)
    if looked is None:
        looked = (*chain.check(), timezone.now())
        cache.set(kept, looked, FRESH)
    number, faults, at = looked
    context = {
        "section": "corrections",
        "title": _("Does the ledger hold?"),
        "number": number,
        "faults": faults,
        "at": at,
        "hashed": chain.HASHED,
    }
    return respond(request, "kb/ledger_check.html", context)


@never_cache
@require_safe
def entries(request: HttpRequest) -> JsonResponse:
    """Every entry with the fields that its hash covers, for whoever checks the chain with a program of their own."""
    found, _ = chain.entries()
    listed = [{name: entry.get(name) for name in (*chain.HASHED, "hash")} for entry in found]
    response = JsonResponse({"entries": listed}, json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
