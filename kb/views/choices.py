"""What readers choose for themselves: kept in a cookie, without an account or a script, by a form that leads back."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

YEAR = 365 * 24 * 3600


def way_back(request: HttpRequest, anchor: str) -> HttpResponseRedirect:
    """To the page that the form stood on, or home. Raises PermissionDenied for a form of another site."""
    origin = request.headers.get("Origin", "null")
    if origin != "null" and urlsplit(origin).netloc != request.get_host():
        raise PermissionDenied
    back = request.POST.get("back", "")
    local = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect((back if local else reverse("home")) + anchor, status=303)


def keep(response: HttpResponse, cookie: str, value: str) -> None:
    """Keep a choice for a year."""
    response.set_cookie(
        cookie,
        value,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
