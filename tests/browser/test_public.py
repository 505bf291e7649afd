"""The public pages in a real browser: nothing logged, nothing refused by policy, readable by all, on any screen."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from kb import forms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLAIM = "/claims/islands-taken-before-surrender/"
WIDE = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def book(transactional_db: None) -> None:
    """The founding case. It takes its time to load, so that few tests ask for it, and each looks at much."""
    call_command("founding_case", verbosity=0)


def test_a_reader_without_scripts_finds_the_answer_in_two_clicks(
    book: None, new_page: Callable[..., Page]
) -> None:
    page = new_page(java_script_enabled=False, **WIDE)
    page.goto("/")
    page.get_by_role("link", name="What it corrects, and whether it is right").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Accepted in part")
    page.goto("/")
    page.get_by_role("searchbox").fill("Etorofu")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Iturup / Etorofu", exact=True).first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Iturup / Etorofu"
    page.goto("/claims/")
    page.get_by_role("complementary").get_by_role("link", name="Outdated").click()
    page.get_by_role("heading", level=1).get_by_text("Claims").wait_for()
    assert set(page.locator(".rows .rating").all_inner_texts()) == {"Outdated"}
    page.goto(CLAIM)
    assert (page.locator("svg.axis").is_visible(), page.locator(".dates-list").is_visible()) == (True, False)
    page.set_viewport_size(PHONE["viewport"])
    assert (page.locator("svg.axis").is_visible(), page.locator(".dates-list").is_visible()) == (False, True)


def test_the_keyboard_leads_past_the_masthead(new_page: Callable[..., Page]) -> None:
    page = new_page(**WIDE)
    page.goto("/claims/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_a_reader_without_scripts_challenges_a_claim_and_follows_it(
    book: None,
    new_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forms, "SOONEST", 0)
    page = new_page(java_script_enabled=False, **WIDE)
    page.goto(CLAIM)
    page.get_by_role("link", name="Challenge this claim").click()
    page.get_by_label("Say why").fill("Too short.")
    page.get_by_role("button", name="Send the challenge").click()
    assert "Not sent yet." in page.get_by_role("alert").inner_text()
    page.get_by_label("What is wrong?").select_option("date")
    page.get_by_label("Say why").fill("The Kuril operation did not start until 18 August 1945.")
    page.get_by_role("button", name="Send the challenge").click()
    assert "Nobody has looked at it yet." in page.get_by_role("main").inner_text()
    code = page.locator(".code").inner_text()
    page.goto("/challenge/")
    page.get_by_label("The code that you were given").fill(code.lower())
    page.get_by_role("button", name="Look").click()
    assert code in page.get_by_role("main").inner_text()
    judged = new_page(**PHONE)
    judged.goto(page.url)
    assert axe(judged) == []


def test_a_reader_without_scripts_chooses_whose_name_comes_first(
    book: None, new_page: Callable[..., Page]
) -> None:
    page = new_page(java_script_enabled=False, **PHONE)
    page.goto("/places/iturup/")
    assert page.locator("h1").inner_text() == "Iturup / Etorofu"
    page.get_by_role("link", name="choose whose come first").click()
    page.get_by_role("button", name="Japan", exact=True).click()
    assert page.url.endswith("/places/iturup/#names-first")
    assert page.locator("h1").inner_text() == "Etorofu / Iturup"
    page.goto("/places/kunashir/")
    assert page.locator("h1").inner_text() == "Kunashiri / Kunashir"
    page.get_by_role("button", name="as the policy says").click()
    assert page.locator("h1").inner_text() == "Kunashir / Kunashiri"
