"""The founding case as readers see it: every page that can be reached, and what each must say."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.kb.crawling import crawl
from tests.kb.test_views import text

CLAIM = "/claims/islands-taken-before-surrender/"

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """Every page of the founding case, by address. Read once: loading the case takes longer than all tests of it."""
    from django.db import transaction
    from django.test import Client

    with django_db_blocker.unblock(), transaction.atomic():
        call_command("founding_case", verbosity=0)
        found, problems = crawl(Client())
        transaction.set_rollback(True)
    found["problems"] = "\n".join(problems)
    return found


def html_of(pages: dict[str, str]) -> dict[str, str]:
    return {address: html for address, html in pages.items() if address != "problems"}


def test_every_link_leads_somewhere(pages):
    assert pages["problems"] == ""


@pytest.mark.parametrize(
    "name", ["claim", "source", "place", "event", "agent", "topic", "rebuttal", "correction", "claim_version"]
)
def test_pages_of_every_kind_are_reached(pages, name):
    kind, _, version = name.partition("_")
    plural = {"rebuttal": "rebuttals"}.get(kind, f"{kind}s")
    pattern = rf"/{plural}/[a-z0-9-]+/{'v/[0-9]+/' if version else ''}"
    assert any(re.fullmatch(pattern, address) for address in html_of(pages))


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "about",
        "claim_list",
        "source_list",
        "place_list",
        "event_list",
        "rebuttal_list",
        "correction_list",
    ],
)
def test_the_lists_are_reached(pages, name):
    assert reverse(name) in pages


def test_two_clicks_lead_to_what_the_comment_corrected_and_whether_it_was_right(pages):
    first = re.search(r'href="(/rebuttals/[^"]+)"', pages["/"])
    assert first is not None
    shown = text(pages[first[1]])
    assert "Accepted in part" in shown
    assert "That operation did not start until 18 August." in shown
    assert "What it challenges" in shown


def test_the_home_page_and_the_ledger_say_that_the_desk_is_a_demonstration(pages):
    for address in ("/", "/corrections/", "/corrections/1/", "/about/"):
        assert "demonstration" in text(pages[address])


def test_the_claim_page_says_all_that_matters(pages):
    shown = text(pages[CLAIM].partition("<main")[2])
    expected = [
        "Claim about",
        "The Soviet Union took control of the four islands before Japan’s surrender in August 1945.",
        "Inaccurate",
        "Correction № 1",
        "Where it was said",
        "EAF Editorial Group",
        "fourth paragraph",
        "What was said against it 1",
        "Accepted in part",
        "The dates side by side",
        "Evidence",
        "Also said about these events",
        "History",
        "Cite this version",
    ]
    places = [shown.find(words) for words in expected]
    assert -1 not in places
    assert places == sorted(places)


def test_what_other_claims_say_otherwise_is_said_with_its_reason(pages):
    shown = text(pages[CLAIM])
    assert "Where other claims say otherwise" in shown
    assert (
        "says before “Japan’s surrender is announced”, which the desk dates to 15 August 1945; "
        "A reader says on or after 18 August 1945: no day satisfies both."
    ) in shown


def test_the_editorial_is_quoted_in_passages_and_not_carried_whole(pages):
    html = pages["/sources/hot-spring-diplomacy-editorial/"]
    assert "What it claims, in its own words" in html
    assert "<mark" in html
    assert "Only the passages that carry a claim are quoted" in html


def test_a_place_shows_its_names_in_their_own_scripts(pages):
    html = pages["/places/iturup/"]
    for name, language in (
        ("択捉島", "ja"),
        ("Итуруп", "ru"),
        ("エトゥ・オロ・プ", "ain-Kana"),
        ("Etorofu", "ja-Latn"),
    ):
        assert f'lang="{language}">{name}</th>' in html
    assert "Iturup / Etorofu" in text(html)


def test_no_page_has_scripts_styles_or_frames_of_its_own(pages):
    """The policy of the pages forbids them; a browser would drop them silently."""
    data = r' type="application/ld\+json">'
    own = rf'<script(?! src="/static/[^"]*" defer></script>|{data})|<style|<iframe|\sstyle=|\son[a-z]+=|javascript:'
    assert [address for address, html in html_of(pages).items() if re.search(own, html)] == []


def test_every_page_has_one_main_heading(pages):
    assert [address for address, html in html_of(pages).items() if html.count("<h1") != 1] == []


def test_records_of_one_kind_have_titles_of_their_own(pages):
    for kind in ("claims", "places", "events", "agents", "rebuttals", "topics"):
        records = {a: html for a, html in html_of(pages).items() if re.fullmatch(rf"/{kind}/[a-z0-9-]+/", a)}
        titles = [re.search(r"<title>(.*?)</title>", html)[1] for html in records.values()]
        assert len(set(titles)) == len(records) > 0


@pytest.mark.html
def test_every_page_is_valid_html(pages, vnu):
    assert vnu(html_of(pages)) == []
