"""No public page names a place but by its label: found by reading the templates and the code, and all the pages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from kb.models import Attribute, PlaceName, PlaceStatus, StatedValue
from kb.settings import BASE_DIR
from kb.views.naming import COOKIE
from tests.kb import published, records
from tests.kb.crawling import crawl

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Ways to a place's names that pass the label by, and with it the policy and the reader's choice.
PAST_THE_LABEL = re.compile(
    r"""card\.(?:parts|names|own)\b|card(?:\[|\.get\()["'](?:parts|names|own)["']|record\.label\b"""
    r"""|place\.names\b(?!\.kind")|\.name_of\(place|naming\.(?:label|named|joined)\("""
)
#: A version's address: what is there stands as it was published.
OLD = re.compile(r"/v/\d+/|/compare/")


def test_templates_and_views_reach_the_names_of_places_through_labels_alone():
    files = [
        *(BASE_DIR / "templates/base.html",),
        *(
            path
            for folder in ("includes", "kb", "sources")
            for path in (BASE_DIR / "templates" / folder).glob("*.html")
        ),
        *(BASE_DIR / "kb/views").glob("*.py"),
        *(BASE_DIR / "kb/interchange").glob("*.py"),
        BASE_DIR / "sources/views.py",
    ]
    assert len(files) > 60
    found = {
        f"{path.relative_to(BASE_DIR)}:{number}": line.strip()
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if PAST_THE_LABEL.search(line)
    }
    assert found == {}


@pytest.fixture
def pages_of_an_island():
    """An island with two names, wherever a record can refer to a place."""
    japan, russia = records.agent("japan"), records.agent("russia")
    made = published.full(1)
    island, event, claim = records.place("the-island"), made["event"], made["claim"]
    for text, language, user in (
        ("Nihonjima", "ja-Latn", japan),
        ("日本島", "ja", japan),
        ("Rossostrov", "ru-Latn", russia),
        ("Россостров", "ru", russia),
    ):
        PlaceName.objects.create(place=island, text=text, language=language).used_by.add(user)
    PlaceStatus.objects.create(
        place=island, agent=japan, relation="claims", source=claim.appearances.first().source
    )
    bay = records.place("bay", "The bay", part_of=island)
    event.places.add(island)
    claim.places.add(island)
    StatedValue.objects.create(
        claim=claim,
        place=bay,
        attribute=Attribute.objects.get(key="distance"),
        amount=3,
        unit="km",
        measured_from=island,
    )
    policy = records.naming_policy((russia, japan))
    policy.rules.create(place=island, first=russia, second=japan)
    published.publish(japan, russia, island, bay, event, claim, policy)
    # A second version of the island, so that there are an old one and a comparison.
    PlaceName.objects.create(place=island, text="Old island", language="en", kind="historical")
    published.publish(island)
    return island, japan, russia


def said(pages: dict[str, str], address: str) -> dict[str, set[str]]:
    """What each page calls the place where it links to it, and its own title."""
    link = re.compile(rf'<a href="{address}"[^>]*>(.*?)</a>', re.S)
    found = {}
    for page, html in pages.items():
        if not OLD.search(page):
            labels = {unescape(re.sub(r"<[^>]+>", "", words)) for words in link.findall(html)}
            if page == address:
                labels.add(unescape(re.search(r"<title>([^·<]*?) ·", html)[1]))
                labels.add(unescape(re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", html, re.S)[1])))
            if labels:
                found[page] = labels
    return found


PAGES = {
    "/",
    "/places/",
    "/places/the-island/",
    "/places/bay/",
    "/events/",
    "/events/event-1/",
    "/claims/claim-1/",
    "/agents/japan/",
    "/about/names/",
    "/timeline/",
}


@pytest.mark.parametrize(
    ("chosen", "label"),
    [(None, "Rossostrov / Nihonjima"), (1, "Nihonjima / Rossostrov"), (2, "Rossostrov / Nihonjima")],
)
def test_every_page_calls_the_place_by_its_label_in_the_order_that_was_chosen(
    pages_of_an_island, chosen, label
):
    client = Client()
    if chosen is not None:
        client.cookies[COOKIE] = pages_of_an_island[chosen].uid
    pages, problems = crawl(client)
    pages["/search/?q=nihonjima"] = client.get("/search/?q=nihonjima").content.decode()
    assert problems == []
    found = said(pages, "/places/the-island/")
    # Lists and maps have more views than are read here.
    assert {page for page in found if "?" not in page} == PAGES
    assert "/search/?q=nihonjima" in found
    assert {words for labels in found.values() for words in labels} == {label}
    other = " / ".join(reversed(label.split(" / ")))
    plain = {page: re.sub(r"<[^>]+>", "", html) for page, html in pages.items() if not OLD.search(page)}
    assert [page for page, words in plain.items() if other in words] == []


def test_an_old_version_and_a_comparison_are_called_as_the_policy_said(pages_of_an_island):
    client = Client()
    client.cookies[COOKIE] = pages_of_an_island[1].uid
    old = client.get("/places/the-island/v/1/").content.decode()
    assert "<title>Version 1: Rossostrov / Nihonjima ·" in old
    compared = client.get("/places/the-island/compare/?from=1&to=2").content.decode()
    assert "<title>What changed: Nihonjima / Rossostrov ·" in compared
