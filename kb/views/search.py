"""The search page, and what completes a question while it is typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.book.search.engine import Amount, Chosen, Found
from kb.book.search.questions import clean
from kb.book.search.results import PAGE, Results, search, suggest
from kb.book.search.terms import ORDER
from kb.interchange.feeds import MEDIA_TYPE
from kb.views import words
from kb.views.caching import public
from kb.views.languages import language_name
from kb.views.pages import Alternate, respond

#: What several records of a kind are called.
PLURALS = {
    "claim": gettext_lazy("Claims"),
    "place": gettext_lazy("Places"),
    "event": gettext_lazy("Events"),
    "source": gettext_lazy("Sources"),
    "agent": gettext_lazy("People and bodies"),
    "topic": gettext_lazy("Topics"),
    "rebuttal": gettext_lazy("Rebuttals"),
    "correction": gettext_lazy("Corrections"),
}
#: No page is behind this: so many are the most that are ranked.
LAST_PAGE = 100
_LANGUAGE = re.compile(r"[a-z]{2,8}")
#: The index writes codes without hyphens.
_RATINGS = {code.replace("-", ""): code for code in words.RATINGS} | {"none": "none"}


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many there are, and where a click leads (back, if it is chosen)."""

    value: str
    label: str
    amount: Amount
    url: str
    chosen: bool


@public
def results(request: HttpRequest) -> HttpResponse:
    """What fits a question, by relevance, with the ways to narrow it down."""
    given = asked(request)
    page = page_of(request)
    found = search(given["q"], chosen(given), page)
    given["q"] = question = found.question.text
    return respond(
        request,
        "kb/search.html",
        {
            "section": "search",
            "title": _("Search: %(question)s") % {"question": question} if question else _("Search"),
            "robots": "noindex",
            "question": question,
            "outcome": found.found,
            "results": found.results,
            "named": found.named,
            "labels": found.labels or {},
            "facets": _facets(found.found, given),
            "given": {name: value for name, value in given.items() if value and name != "q"},
            "without": address(q=question),
            "page": page,
            "pages": _pages(found, given, page),
            "messages": _messages(found),
            "better_url": address(q=found.found.better),
            "alternates": _alternates(given) if question else [],
        },
    )


@public
def suggestions(request: HttpRequest) -> HttpResponse:
    """JSON: names and titles that somebody may mean who is typing this."""
    asked = request.GET.get("q", "")[:1_000]
    rows = [
        {
            "text": label.text,
            "kind": str(words.word(words.KINDS, label.kind)),
            "url": label.url,
            "language": label.card.get("language", ""),
        }
        for label in suggest(asked)
    ]
    return JsonResponse({"suggestions": rows})


def asked(request: HttpRequest) -> dict[str, str]:
    """The question and what its results are narrowed to; a value that no record can have narrows nothing."""
    kind, rating = request.GET.get("kind", ""), request.GET.get("rating", "")
    language = request.GET.get("language", "")
    return {
        "q": clean(request.GET.get("q", "")[:10_000]),
        "kind": kind if kind in ORDER else "",
        "rating": rating if rating in _RATINGS.values() else "",
        "language": language if _LANGUAGE.fullmatch(language) else "",
    }


def chosen(given: dict[str, str]) -> Chosen:
    return Chosen(given["kind"], given["rating"], given["language"])


def page_of(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 1
    return min(max(number, 1), LAST_PAGE)


_path = cache(reverse)


def address(name: str = "search", **given: Any) -> str:
    """The page of a question, or its data or feed by the `name` of the address."""
    kept = {key: value for key, value in given.items() if value}
    return _path(name) + (f"?{urlencode(kept)}" if kept else "")


def _alternates(given: dict[str, str]) -> list[Alternate]:
    forms = (("application/json", "search_json", "JSON"), (MEDIA_TYPE, "search_feed", "Atom"))
    return [Alternate(media, address(name, **given), title) for media, name, title in forms]


def _facets(found: Found, given: dict[str, str]) -> list[tuple[str, list[Choice]]]:
    """The facets that have something to choose, each with its choices, most first; those of kinds as readers want."""
    kinds = [(kind, PLURALS[kind], found.kinds[kind]) for kind in found.kinds]
    ratings = [
        (code, words.verdict(words.RATINGS, "" if code == "none" else code).word, found.ratings[short])
        for short, code in _RATINGS.items()
        if short in found.ratings
    ]
    spoken = sorted(found.languages.items(), key=lambda pair: (-pair[1].number, pair[0]))
    languages = [(tag, language_name(tag), amount) for tag, amount in spoken]
    facets = (
        ("kind", _("Kind"), kinds),
        ("rating", _("Rating"), ratings),
        ("language", _("Language"), languages),
    )
    return [
        (title, [_choice(name, code, str(label), amount, given) for code, label, amount in rows])
        for name, title, rows in facets
        if len(rows) > 1 or given[name]
    ]


def _choice(name: str, value: str, label: str, amount: Amount, given: dict[str, str]) -> Choice:
    chosen = given[name] == value
    # Claims alone have ratings.
    other = {"rating": ""} if name == "kind" and value != "claim" else {}
    url = address(**{**given, **other, name: "" if chosen else value})
    return Choice(value, label, amount, url, chosen)


def last_page(found: Results) -> int:
    return max(1, -(-found.found.ranked // PAGE))


def _pages(found: Results, given: dict[str, str], page: int) -> dict[str, Any]:
    """The pages around this one, and whether there would be more than can be looked through."""
    last = last_page(found)
    return {
        "last": last,
        "previous": address(**given, page=page - 1 if page > 2 else "") if page > 1 else "",
        "next": address(**given, page=page + 1) if page < last else "",
        "cut": page == last and (found.found.total.more or found.found.total.number > found.found.ranked),
    }


def _messages(found: Results) -> list[str]:
    """What a reader should know of how the question was taken, in sentences."""
    question, given = found.question, found.found
    said = []
    if question.cut:
        said.append(_("The question was long; only its beginning was looked for."))
    if question.text and not question.says_something:
        said.append(
            _("Say what to look for as well: a minus only leaves out.")
            if question.without
            else _("There is no letter or digit in “%(question)s” to look for.") % {"question": question.text}
        )
    for typed, used in given.instead.items():
        said.append(
            _("No text has “%(word)s”; these have %(others)s.")
            % {"word": typed, "others": ", ".join(f"“{word}”" for word in used[:3])}
        )
    for piece in given.unknown:
        said.append(_("No text has “%(word)s”.") % {"word": piece.text})
    if given.some and found.results and not given.unknown:
        said.append(_("Nothing has all of these words; these have some of them."))
    return said
