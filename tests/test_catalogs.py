"""The translations of the public pages are complete, and what is compiled is what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from tests.support.catalogs import (
    LANGUAGES,
    catalog_path,
    extracted,
    mo_bytes,
    po_text,
    read,
    renewed,
    untranslated,
)

#: How many forms a count has: one in Japanese; in Russian those of 1, of 2 to 4, and of the rest.
FORMS = {"ja": 1, "ru": 3}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TAG = re.compile(r"</?\w+")


def pairs(language: str) -> Iterator[tuple[Message, str, str]]:
    """Each text (in its last form, which names the count) with each form of its translation."""
    for message in read(language):
        if message.id:
            text = message.id if isinstance(message.id, str) else message.id[-1]
            forms = (message.string,) if isinstance(message.string, str) else message.string
            yield from ((message, text, form) for form in forms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_public_pages_is_translated(language: str) -> None:
    wanted = {(message.context, _key(message)) for message in extracted() if message.id}
    there = read(language)
    assert {(message.context, _key(message)) for message in there if message.id} == wanted, (
        "run `make messages`"
    )
    assert list(untranslated(there)) == []
    assert [message.id for message in there if message.fuzzy] == []


def _key(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_and_the_marks_of_its_text(language: str) -> None:
    wrong = [
        (text, form)
        for _, text, form in pairs(language)
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(form))
        or sorted(TAG.findall(text)) != sorted(TAG.findall(form))
        # A per cent sign that is no placeholder stops the sentence from being made.
        or "%" in PLACEHOLDER.sub("", form).replace("%%", "")
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_count_has_all_the_forms_that_the_language_has(language: str) -> None:
    catalog = read(language)
    assert catalog.num_plurals == FORMS[language]
    counted = [message for message in catalog if message.id and not isinstance(message.id, str)]
    assert counted
    assert {len(message.string) for message in counted} == {FORMS[language]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    assert catalog_path(language, "mo").read_bytes() == mo_bytes(language), "run `make messages`"
    assert catalog_path(language).read_bytes() == po_text(renewed(language)), "run `make messages`"


@pytest.mark.parametrize(("language", "script"), [("ja", r"[\u3040-\u30ff\u4e00-\u9fff]"), ("ru", r"[а-яё]")])
def test_a_translation_is_in_the_letters_of_its_language(language: str, script: str) -> None:
    # Names and abbreviations have none.
    alike = {"DOI", "ISBN", "Wikidata", "GeoNames", "%(size)s MB", "%(number)s km"}
    plain = [
        form
        for _, text, form in pairs(language)
        if text not in alike
        and re.search("[A-Za-z]{2}", TAG.sub("", PLACEHOLDER.sub("", form)))
        and not re.search(script, form, re.IGNORECASE)
    ]
    assert plain == []
