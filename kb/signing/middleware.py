"""Pages of the desk that were refused leave a line in the log."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kb.signing import audit
from kb.signing.models import Kind


def note_refusals(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Note each 403 that somebody who is signed in gets at the desk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Public pages do not ask who is signed in, and must not: they are the same for everybody.
        refused = response.status_code == 403 and request.path_info.startswith(reverse("admin:index"))
        if refused and request.user.is_authenticated:
            audit.note_summed(Kind.REFUSED, f"{request.method} {request.path}", by=request.user)
        return response

    return middleware
