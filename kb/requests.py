"""What every request is held to before a view sees it."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse

_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def current_request() -> HttpRequest | None:
    """The request that is being answered; None beside the server, as in a command."""
    return _current.get()


def remember_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let whatever is written meanwhile know which request it answers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _current.set(request)
        try:
            return get_response(request)
        finally:
            _current.reset(token)

    return middleware


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, as the nearest proxy says that is trusted (`PROXIES` of them)."""
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if settings.PROXIES and len(told) >= settings.PROXIES:
        return told[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))


def refuse_null_characters(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 where an address holds a null character, which PostgreSQL cannot store or compare."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            raise BadRequest("An address cannot hold a null character.")
        return get_response(request)

    return middleware


class QuotaUploadHandler(FileUploadHandler):
    """Refuse an upload above `limit` bytes, as the settings say: by its header at once, else as its bytes come in.

    Comes first among the handlers, and passes on what it lets through.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0

    @property
    def limit(self) -> int:
        return int(settings.UPLOAD_LIMIT)

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        if content_length > self.limit:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self.limit:
            self._refuse()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _refuse(self) -> None:
        limit = self.limit // (1024 * 1024)
        raise RequestDataTooBig(
            f"An upload may hold at most {limit} MB. Split the file, or leave out what is not needed."
        )
