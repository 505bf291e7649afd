"""What every request is held to before a view sees it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse


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
