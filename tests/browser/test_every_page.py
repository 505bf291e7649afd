"""Every public page in every state, as readers meet it: in two themes, any width, three languages, with and without the
site's scripts. Nothing is logged, nothing runs off the screen, and everybody can read and use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, Route

from kb.merging.carrying_out import merge
from kb.models import Claim
from sources.models import Snapshot
from tests.kb import published, records
from tests.support.browser import OF_LOOK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLAIM = "/claims/islands-taken-before-surrender/"
PAGES = [
    "/",
    "/about/",
    "/about/names/",
    "/search/",
    "/search/?q=択捉",
    "/search/?q=nothing-of-the-kind",
    "/claims/",
    "/claims/?rating=bogus&after=x",
    "/claims/?disputed=on&page=1",
    "/claims/?rating=outdated&corrected=on",
    CLAIM,
    f"{CLAIM}v/1/",
    f"{CLAIM}compare/",
    f"{CLAIM}compare/?from=1&to=one",
    "/claims/taken-back/",
    "/claims/argued-over/",
    "/sources/",
    "/sources/hot-spring-diplomacy-editorial/",
    "/sources/betsukai-northern-territories/",
    "/sources/whole-text/",
    "/places/",
    "/places/iturup/",
    "/places/iturup/v/1/",
    "/places/map/?at=44.8,147&zoom=5",
    "/events/",
    "/events/occupation-of-the-four-islands/",
    "/events/soviet-declaration-of-war/",
    "/events/capitulation/v/1/",
    "/timeline/?date=1945&place=Kuril+Islands",
    "/agents/japan/",
    "/topics/territorial-disputes/",
    "/rebuttals/",
    "/rebuttals/comment-on-the-seizure-of-the-islands/",
    "/corrections/",
    "/corrections/1/",
    "/corrections/check/",
    "/challenge/",
    "/challenge/?claim=islands-taken-before-surrender",
    "/challenge/?source=hot-spring-diplomacy-editorial",
    "/api/",
    "/data/",
    "/nothing/here/",
]
WIDE = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", "locale": "en"}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "ja"}
#: A window of 1280 pixels at 400 %, with the longest words, as high contrast has them.
NARROWEST = {
    "viewport": {"width": 320, "height": 640},
    "color_scheme": "dark",
    "locale": "ru",
    "forced_colors": "active",
    "reduced_motion": "reduce",
}


@pytest.fixture
def book(transactional_db: None) -> str:
    """The founding case, with what it has none of: a withdrawn claim, a discussion, a whole text, and a draft.

    The address of the draft's preview. The case takes its time to load, so that one test asks for it.
    """
    call_command("founding_case", verbosity=0)
    discussion()
    merged()
    draft: Claim = records.claim("draft")
    return f"/admin/kb/claim/{draft.pk}/preview/"


@pytest.fixture
def marked(transactional_db: None) -> None:
    """A text with marks over the same words."""
    discussion()


def discussion() -> None:
    """A text that readers see whole, with claims in it of which one is argued over, and one taken back."""
    work = records.source("whole-text", language="en", url="https://example.org/whole")
    captured = Snapshot.objects.create(
        source=work, text=records.TEXT, captured_at=timezone.now(), rights="public"
    )
    quotes = ("The islands were taken", "islands were taken in August", "taken in August", "The war ended")
    made = [records.claim(key) for key in ("argued-over", "second", "third", "taken-back")]
    for claim, quote in zip(made, quotes, strict=True):
        records.appearance(claim, work, snapshot=captured, quote=quote)
    challenge = records.rebuttal(made[0], "challenge")
    answer = records.rebuttal(made[0], "answer", replies_to=challenge)
    published.publish(work, *made, challenge, answer)
    published.withdraw(made[3])


def merged() -> None:
    """An event that was published and is another by now."""
    kept, other = records.event("surrender-signed"), records.event("capitulation")
    published.publish(kept, other)
    merge(kept, other, by=published.publisher(), why="One event.")
    published.publish(kept)


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def signed_in(page: Page, origin: str) -> None:
    """As one of the desk, so that a preview can be looked at."""
    client = Client()
    client.force_login(published.publisher())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": origin}])


def without_scripts(page: Page) -> None:
    """The page as it is without the scripts of the site; the tool that looks at it still runs."""

    def empty(route: Route) -> None:
        route.fulfill(body="", content_type="text/javascript")

    page.route(lambda url: url.partition("?")[0].endswith(".js"), empty)


def wrong(page: Page, axe: Callable[..., list[str]], only: Sequence[str] = ()) -> list[str]:
    found = axe(page, only)
    if too_wide := overflow(page):
        found.append(f"{too_wide} px too wide")
    if headings := page.evaluate(SKIPPED_HEADINGS):
        found.append(f"headings that skip a level: {headings}")
    return found


SKIPPED_HEADINGS = """
[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((heading, at, all) =>
    Number(heading.tagName[1]) > (at ? Number(all[at - 1].tagName[1]) : 0) + 1
).map((heading) => heading.textContent)
"""


def what_is_wrong(
    page: Page, preview: str, axe: Callable[..., list[str]], only: Sequence[str] = ()
) -> dict[str, list[str]]:
    """What is wrong with the pages of readers, a preview, and the form of a challenge with its errors."""
    page.set_default_timeout(60_000)
    found: dict[str, list[str]] = {}
    for address in (*PAGES, preview):
        page.goto(address)
        found[address] = wrong(page, axe, only)
    page.goto(f"/challenge/?claim={CLAIM.split('/')[2]}")
    page.locator("form.challenge button[type=submit]").click()
    page.locator("[role=alert]").wait_for()
    found["the challenge form with errors"] = wrong(page, axe, only)
    return {address: broken for address, broken in found.items() if broken}


@pytest.mark.once
def test_every_page_is_sound_in_every_state(
    book: str, new_page: Callable[..., Page], axe: Callable[..., list[str]], live_server: Any
) -> None:
    page = new_page(**WIDE)
    signed_in(page, live_server.url)
    assert what_is_wrong(page, book, axe) == {}


@pytest.mark.once
def test_every_page_is_sound_on_a_phone_and_in_the_narrowest_window(
    book: str, new_page: Callable[..., Page], axe: Callable[..., list[str]], live_server: Any
) -> None:
    phone, narrowest = new_page(**PHONE), new_page(**NARROWEST)
    without_scripts(phone)
    signed_in(phone, live_server.url)
    assert what_is_wrong(phone, book, axe, only=OF_LOOK) == {}
    narrowest.set_default_timeout(60_000)
    too_wide = {}
    for address in PAGES:
        narrowest.goto(address)
        too_wide[address] = overflow(narrowest)
    assert too_wide == dict.fromkeys(PAGES, 0)


def test_a_passage_and_its_note_are_shown_together(marked: None, new_page: Callable[..., Page]) -> None:
    page = new_page(**WIDE)
    page.goto("/sources/whole-text/#quote-third")
    assert page.locator(".lit").evaluate_all("parts => parts.map((part) => part.id)") == [
        "quote-third",
        "",
        "claim-third",
    ]
    page.goto("/sources/whole-text/")
    page.locator("#claim-second").hover()
    lit = page.locator("mark.lit").evaluate_all("marks => marks.map((mark) => mark.textContent)")
    assert "".join(lit) == "islands were taken in August"


def test_marks_over_the_same_words_are_drawn_one_under_the_other(
    marked: None, new_page: Callable[..., Page]
) -> None:
    page = new_page(**WIDE)
    page.goto("/sources/whole-text/")
    bottoms = "marks => marks.map((mark) => mark.getBoundingClientRect().bottom)"
    inner, outer = (
        page.locator(selector).evaluate_all(bottoms) for selector in ("mark > mark", "mark:has(> mark)")
    )
    assert inner
    assert all(above + 3 <= below for above, below in zip(inner, outer, strict=True))


def test_a_claim_is_printed_as_an_article(transactional_db: None, new_page: Callable[..., Page]) -> None:
    published.full(1)
    page = new_page(**WIDE)
    page.goto("/claims/claim-1/")
    page.emulate_media(media="print")
    shown = [
        page.locator(selector).first.is_visible()
        for selector in ("h1", ".verdict", ".said blockquote", ".correction", "aside dl")
    ]
    hidden = [
        page.locator(selector).first.is_visible()
        for selector in (".masthead nav", ".masthead form", "footer", "#history")
    ]
    assert (shown, hidden) == ([True] * 5, [False] * 4)
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
