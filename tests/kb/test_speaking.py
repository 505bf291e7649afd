"""The public pages speak the reader's language; the desk, and all that is published, speaks English."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kb.book import chain
from kb.book.documents import build, load
from kb.book.models import Version
from kb.book.rebuilding import rebuild_book
from kb.editorial.fields import canonical_json
from tests.kb import published

pytestmark = pytest.mark.django_db

CLAIMS = {"en": "Claims", "ja": "主張", "ru": "Утверждения"}


def heading(client: Client, accept: str = "", address: str = "/claims/") -> tuple[str, str]:
    """The language that a page says it is in, and its first heading."""
    html = client.get(address, headers={"Accept-Language": accept}).content.decode()
    told = re.search(r"<h1[^>]*>([^<]*?)\s*<", html, re.S)
    return re.search(r'<html lang="([^"]*)"', html)[1], told[1]  # type: ignore[index]


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("ja", "ja"),
        ("ja-JP,en;q=0.5", "ja"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("fr-FR,ru;q=0.3,ja;q=0.7", "ja"),
        ("de,fr;q=0.5", "en"),
        ("*", "en"),
        ("ru\x7f;;;q=,=" + "x" * 600, "en"),
    ],
)
def test_the_browser_chooses_among_the_languages_that_there_are(
    client: Client, accept: str, language: str
) -> None:
    assert heading(client, accept) == (language, CLAIMS[language])


def test_a_choice_goes_before_the_browser_and_leads_back_to_its_page(client: Client) -> None:
    answer = client.post(reverse("language"), {"language": "ru", "back": "/claims/?rating=accurate"})
    assert (answer.status_code, answer["Location"]) == (303, "/claims/?rating=accurate#languages")
    cookie = answer.cookies["language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("ru", True, "Lax")
    assert heading(client, "ja") == ("ru", CLAIMS["ru"])


@pytest.mark.parametrize("chosen", ["de", "", "ja-JP", "<script>", "\x00"])
def test_what_is_none_of_our_languages_is_not_kept(client: Client, chosen: str) -> None:
    answer = client.post(reverse("language"), {"language": chosen, "back": "https://elsewhere.example/"})
    assert (answer.status_code, answer["Location"], dict(answer.cookies)) == (303, "/#languages", {})


def test_a_cookie_that_nobody_gave_chooses_nothing(client: Client) -> None:
    client.cookies["language"] = "../../etc"
    assert heading(client, "ja") == ("ja", CLAIMS["ja"])


def test_a_form_of_another_site_chooses_nothing(client: Client) -> None:
    answer = client.post(
        reverse("language"), {"language": "ru"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert (answer.status_code, dict(answer.cookies)) == (403, {})


def test_every_page_offers_all_languages_in_their_own_words(client: Client) -> None:
    html = client.get("/claims/?rating=accurate", headers={"Accept-Language": "ja"}).content.decode()
    offered = re.findall(r'name="language" value="(\w+)" lang="(\w+)"( aria-current="true")?>([^<]+)<', html)
    assert offered == [
        ("en", "en", "", "English"),
        ("ja", "ja", ' aria-current="true"', "日本語"),
        ("ru", "ru", "", "Русский"),
    ]
    assert '<input type="hidden" name="back" value="/claims/?rating=accurate">' in html


def test_caches_keep_the_languages_apart(client: Client) -> None:
    answers = {tongue: client.get("/claims/", headers={"Accept-Language": tongue}) for tongue in CLAIMS}
    assert {tongue: answer["Content-Language"] for tongue, answer in answers.items()} == {
        t: t for t in CLAIMS
    }
    assert {answer["Vary"] for answer in answers.values()} == {"Accept-Language, Cookie"}
    assert len({answer["ETag"] for answer in answers.values()}) == 3
    # However a browser puts it, there is one copy for each language.
    assert client.get("/claims/", headers={"Accept-Language": "ja-JP,fr"})["ETag"] == answers["ja"]["ETag"]
    same = {"If-None-Match": answers["ja"]["ETag"]}
    again = client.get("/claims/", headers={"Accept-Language": "ja", **same})
    other = client.get("/claims/", headers={"Accept-Language": "ru", **same})
    assert (again.status_code, again["Vary"], other.status_code) == (304, "Accept-Language, Cookie", 200)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/claims/nothing/", "ничего не опубликовано"),
        ("/nowhere", "ничего не опубликовано"),
        ("/%00", "не читается"),
    ],
)
def test_what_went_wrong_is_said_in_the_readers_language(client: Client, address: str, said: str) -> None:
    answer = client.get(address, headers={"Accept-Language": "ru"})
    html = answer.content.decode()
    assert said in html
    assert '<html lang="ru">' in html
    assert "Accept-Language" in answer["Vary"]


def test_the_form_of_a_challenge_asks_and_answers_in_the_readers_language(client: Client) -> None:
    claim = published.full(1)["claim"]
    address = f"{reverse('challenge')}?claim={claim.key}"
    answer = client.post(address, {"text": "短い"}, headers={"Accept-Language": "ja"})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "まだ送信されていません。" in html
    assert "このフィールドは必須です。" in html


def test_a_feed_is_the_same_for_every_reader(client: Client) -> None:
    address = reverse("correction_list_feed")
    said = {client.get(address, headers={"Accept-Language": tongue}).content for tongue in CLAIMS}
    tags = {client.get(address, headers={"Accept-Language": tongue})["ETag"] for tongue in CLAIMS}
    assert (len(said), len(tags)) == (1, 1)


def test_the_desk_speaks_english_whatever_its_editors_read(client: Client) -> None:
    client.cookies["language"] = "ja"
    html = client.get(reverse("admin:login"), headers={"Accept-Language": "ru"}).content.decode()
    assert '<html lang="en' in html
    assert "Log in" in html


def test_publishing_writes_the_same_bytes_whatever_language_is_spoken_meanwhile() -> None:
    with translation.override("ja"):
        made = published.full(2)
    # The index that English would have made, and the documents that any language would have.
    assert rebuild_book() == []
    for record in made.values():
        written = set()
        for language in CLAIMS:
            with translation.override(language):
                [loaded] = load(record.kind_name, [record.pk])
                written.add(canonical_json(build(loaded, lambda uid: True)))
        assert len(written) == 1
    versions = list(Version.objects.all())
    assert versions
    sealed = [version.sha256 for version in versions]
    assert [hashlib.sha256(version.document.encode()).hexdigest() for version in versions] == sealed
    assert chain.check() == (1, [])
