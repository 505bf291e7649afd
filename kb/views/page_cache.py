"""Pages that this process has drawn since the last release, as they were sent: what is asked for again costs one query.

In memory, bounded, and per process: nothing but a release changes a page (`kb.book.reading.last_release`), so that
with the next one all of it is forgotten, and no process need tell another.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase

Kept = tuple[bytes, dict[str, str]]

#: What stands beside the bytes of a page: its address, its headers, the rows of the table.
BESIDE = 1_000
#: Of all the room, a single page may have this part.
LARGEST = 1 / 8


class PageCache:
    """Responses by address and tag, those asked for longest ago forgotten first. Safe between threads."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._lock = Lock()
        self._pages: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._bytes = 0
        self._book: object = None

    def get(self, book: object, key: tuple[str, str]) -> HttpResponse | None:
        """The page as it was drawn from this state of the book, if it is kept."""
        with self._lock:
            if book != self._book:
                return None
            found = self._pages.get(key)
            if found is None:
                return None
            self._pages.move_to_end(key)
        body, headers = found
        return HttpResponse(body, headers=headers)

    def keep(self, book: object, key: tuple[str, str], response: HttpResponseBase) -> None:
        """Keep a page that was drawn from this state of the book; not what is streamed, large, or sets a cookie."""
        if not isinstance(response, HttpResponse) or response.status_code != 200 or response.cookies:
            return
        size = len(response.content) + BESIDE
        if size > self.most_bytes * LARGEST:
            return
        kept = response.content, dict(response.headers.items())
        with self._lock:
            if book != self._book:
                self._forget(book)
            before = self._pages.pop(key, None)
            self._bytes += size - (len(before[0]) + BESIDE if before else 0)
            self._pages[key] = kept
            while self._bytes > self.most_bytes:
                _, gone = self._pages.popitem(last=False)
                self._bytes -= len(gone[0]) + BESIDE

    def clear(self) -> None:
        with self._lock:
            self._forget(None)

    def _forget(self, book: object) -> None:
        self._pages.clear()
        self._bytes, self._book = 0, book


pages = PageCache(settings.PAGE_CACHE_MB * 1024 * 1024)
