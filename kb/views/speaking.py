"""In which language the pages speak: the one that a reader has chosen, else the first of their browser's that we know.

The desk, its mails and all that is published or exported speak English: nothing here touches them. A choice is kept in
a cookie that holds the code of a language and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kb.views.choices import keep, way_back

#: On what the language of a page hangs.
VARY = ("Accept-Language", "Cookie")


def speak(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer in the reader's language (a middleware); at the desk, in English.

    Whatever a browser asks for, there are as many variants of a page as languages.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(reverse("admin:index")):
            return get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, VARY)
        return response

    return middleware


@csrf_exempt  # Pages that may be kept by caches hold no token. All that a forged request could do is change words.
@never_cache
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep a language, and go back to the page. What is none of ours is not kept."""
    response = way_back(request, "#languages")
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response
