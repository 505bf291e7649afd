"""Pages of every kind in Japanese and in Russian: nothing of their own words is left in English."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from kb.book.models import Version

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Letters of which each language's own words have at least one.
LETTERS = {"ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"), "ru": re.compile("[А-Яа-яЁё]")}
CLAIM = "/claims/islands-taken-before-surrender/"
ADDRESSES = (
    *(
        "/",
        "/about/",
        "/about/names/",
        "/claims/",
        "/sources/",
        "/places/",
        "/events/",
        "/rebuttals/",
        "/corrections/",
    ),
    *(
        "/claims/?rating=accurate",
        "/claims/?date=1999",
        "/places/map/",
        "/timeline/",
        "/data/",
        "/corrections/check/",
    ),
    *(
        "/search/",
        "/search/?q=Iturup",
        "/search/?q=zzzzzz",
        "/challenge/",
        f"/challenge/?claim={CLAIM.split('/')[2]}",
    ),
    *(CLAIM, f"{CLAIM}v/1/", f"{CLAIM}compare/", "/places/iturup/", "/corrections/1/", "/nowhere/"),
    "/sources/hot-spring-diplomacy-editorial/",
    "/rebuttals/comment-on-the-seizure-of-the-islands/",
)
#: Kinds of which the first page that the home page or the claim leads to is read.
OTHERS = ("agents", "events", "topics")
_LATIN = re.compile(r"[A-Za-z]{3}")
_BETWEEN = re.compile(r" · |[«»「」“”]")
_READ_ALOUD = ("alt", "aria-label", "data-label", "placeholder", "title")
_NO_WORDS = ("code", "kbd", "pre", "script", "style", "svg:title")
_VOID = ("br", "col", "hr", "img", "input", "link", "meta", "wbr")
#: Names that are the same in every language, and what is looked for in vain.
NAMES = {
    "zzzzzz",
    "BibTeX",
    "CSL-JSON",
    "RIS",
    "JSON",
    "GeoJSON",
    "CSV",
    "Atom",
    "ISBN",
    "DOI",
    "Wikidata",
    "GeoNames",
    "Rejoinder",
    "English",
}


class OwnWords(HTMLParser):
    """The texts of a page that are in the page's own language, as far as the page says."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang") or (self.open[-1][1] if self.open else "")
        if tag not in _VOID:
            self.open.append((tag, language))
        if language == self.language:
            self.found += [value for name in _READ_ALOUD if (value := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _ in self.open}
        if self.open and self.open[-1][1] == self.language and not inside.intersection(_NO_WORDS):
            self.found.append(data)


def english_left(html: str, language: str, published: str) -> list[str]:
    """What a page says in Latin letters that nobody has published and that is no name."""
    reader = OwnWords(language)
    reader.feed(html)
    # A title of the page names the desk as well, and a quote stands behind the name of its source.
    pieces = (piece for text in reader.found for piece in _BETWEEN.split(" ".join(text.split())))
    texts = (piece.strip(" ,.:;·()（）、。/…") for piece in pieces)
    return [
        text
        for text in dict.fromkeys(texts)
        if _LATIN.search(text)
        and not LETTERS[language].search(text)
        and text not in NAMES
        and text not in published
        # Addresses and names of files.
        and not re.fullmatch(r"\S*[/.@]\S*", text)
    ]


def words_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from words_of(one)


@pytest.fixture(scope="module")
def founding_case(django_db_setup, django_db_blocker):
    """All pages in each language, and all that was published in one text."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command("founding_case", verbosity=0)
        pages = {language: _pages(Client(headers={"Accept-Language": language})) for language in LETTERS}
        versions = list(Version.objects.all())
        published = [version.data() for version in versions] + [
            json.loads(version.labels) for version in versions
        ]
        transaction.set_rollback(True)
    return pages, "\n".join(words_of(published))


def _pages(client: Client) -> dict[str, str]:
    found = {address: client.get(address).content.decode() for address in ADDRESSES}
    for plural in OTHERS:
        address = re.findall(rf'href="(/{plural}/[a-z0-9-]+/)"', found[CLAIM] + found["/"])[0]
        found[address] = client.get(address).content.decode()
    return found


@pytest.mark.parametrize("language", LETTERS)
def test_no_page_leaves_its_own_words_in_english(founding_case, language: str) -> None:
    pages, published = founding_case
    found = pages[language]
    assert [address for address, html in found.items() if f'<html lang="{language}">' not in html] == []
    left = {address: english_left(html, language, published) for address, html in found.items()}
    assert {address: texts for address, texts in left.items() if texts} == {}


def test_the_search_for_what_is_left_finds_it() -> None:
    html = (
        '<html lang="ja"><body><p>主張 of it</p><p>Left here<br>also</p><p lang="en">Said in English</p>'
        '<a title="Not said">一</a><span>Iturup</span><span>JSON</span><code>ignored</code></body></html>'
    )
    assert english_left(html, "ja", "Names: Iturup, Etorofu") == ["Left here", "also", "Not said"]
