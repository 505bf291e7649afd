"""A process that answers requests as the site does and tells what they cost: one JSON line in, one out.

`{"path": "/claims/", "times": 20, "cold": true, "headers": {}}` is answered with the CPU time of one in ms, the status
and the number of bytes. Requests go through all of the site's middleware. `cold` forgets, before each, the pages kept
in memory.
The parent alternates between several such processes, so that what else the machine does is shared fairly.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from time import process_time
from typing import Any

BARE = "/bare-for-the-bench/"


def prepare() -> Callable[[str, dict[str, str], bool], tuple[int, dict[str, str], bytes]]:
    """The site, with one page more: the least that Django can answer."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings"
    import django
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path

    site: Any = get_wsgi_application()
    import kb.urls
    from kb.views.page_cache import pages

    kb.urls.urlpatterns.append(path(BARE[1:], lambda request: HttpResponse("Nothing but this.")))

    def ask(address: str, headers: dict[str, str], cold: bool) -> tuple[int, dict[str, str], bytes]:
        if cold:
            pages.clear()
        where, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": where,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        }
        told: list[Any] = []
        answer = site(environ, lambda status, given, error=None: told.extend((status, given)))
        body = b"".join(answer)
        answer.close()
        return int(told[0].split()[0]), dict(told[1]), body

    print(
        json.dumps({"versions": {"django": django.get_version(), "python": sys.version.split()[0]}}),
        flush=True,
    )
    return ask


def main() -> None:
    ask = prepare()
    for line in sys.stdin:
        wanted = json.loads(line)
        headers, cold = wanted.get("headers", {}), wanted.get("cold", False)
        status, told, body = ask(wanted["path"], headers, cold)
        start = process_time()
        for _ in range(wanted["times"]):
            ask(wanted["path"], headers, cold)
        spent = (process_time() - start) / wanted["times"] * 1000
        print(
            json.dumps({"ms": spent, "status": status, "bytes": len(body), "etag": told.get("ETag", "")}),
            flush=True,
        )


if __name__ == "__main__":
    main()
