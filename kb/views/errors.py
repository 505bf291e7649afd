"""The pages for what went wrong. They say what a reader can do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kb.views.pages import respond


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(
        request, 400, _("This address cannot be read"), _("Something in it is not allowed in an address.")
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(
        request, 403, _("Not for you to see"), _("This part of the site is for the desk’s editors.")
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token that shows it came from this site (Django's CSRF_FAILURE_VIEW)."""
    explanation = _(
        "The form was open too long, or the browser keeps no cookies for this site. Go back, copy what you typed, "
        "reload the page and send it again."
    )
    return _plain(request, 403, _("This form could not be taken"), explanation)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """With the search and the desk's name, which the database has to give."""
    return respond(
        request, "kb/not_found.html", {"title": _("Nothing here"), "robots": "noindex"}, status=404
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _plain(
        request,
        500,
        _("Something broke here"),
        _("It is our fault, not yours. Please try again in a moment."),
    )


def _plain(request: HttpRequest, status: int, title: str, explanation: str) -> HttpResponse:
    """A page that asks nothing of the database, which may be what broke."""
    context: dict[str, Any] = {"title": title, "explanation": explanation}
    return render(request, "kb/error.html", context, using="public", status=status)
