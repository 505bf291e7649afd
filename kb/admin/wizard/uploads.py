"""Taking spreadsheets in: bounded by what one import may read, and refused in words on the page itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from kb.requests import QuotaUploadHandler

View = Callable[..., HttpResponseBase]
#: Of what was refused, so much is still read, so that the browser shows the answer and not a broken connection.
DRAINED = 200 * 1024 * 1024
BLOCK = 1024 * 1024


def most_bytes() -> int:
    """The most that one upload may hold."""
    return int(settings.IMPORT_LIMITS["file_bytes"])


class SpreadsheetQuota(QuotaUploadHandler):
    """The quota of uploads, as large as a spreadsheet may be."""

    @property
    def limit(self) -> int:
        return most_bytes()


def takes_spreadsheets(view: View) -> View:
    """Lets a view take larger uploads than others. `request.upload_refused` says what was too large, or is "".

    The form is read here, and its CSRF token asked for after that. Apply it inside of what asks for rights.
    """
    protected = csrf_protect(view)

    @wraps(view)
    def taking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refused = _read_form(request) if request.method == "POST" else ""
        request.upload_refused = refused  # type: ignore[attr-defined]
        if refused:
            # Nothing of the form was kept, so there is nothing that a token would have to protect.
            return view(request, *args, **kwargs)
        return protected(request, *args, **kwargs)

    return csrf_exempt(taking)


def _read_form(request: HttpRequest) -> str:
    """Read what was sent; why it is refused, or ""."""
    request.upload_handlers = [SpreadsheetQuota(request), TemporaryFileUploadHandler(request)]
    try:
        request.POST  # noqa: B018 - this reads it
    except RequestDataTooBig as reason:
        _drain(request)
        return str(reason)
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return "These are too many files for one import, or the form did not arrive whole."
    return ""


def _drain(request: HttpRequest) -> None:
    left = DRAINED
    try:
        while left > 0 and (block := request.read(BLOCK)):
            left -= len(block)
    except UnreadablePostError:
        return
