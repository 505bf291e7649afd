"""Signing in, in a real browser: with the keyboard, on a phone, light and dark, and by a phone's codes."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import pyotp
import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.signing.people import PASSWORD, Phone, chief, somebody
from tests.support.browser import LOOKS, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def type_password(page: Page, name: str = "anna", password: str = PASSWORD) -> None:
    """As somebody types it who never touches the mouse: the name's field has the focus already."""
    page.goto("/admin/")
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def type_code(page: Page, code: str) -> None:
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(timezone.now().timestamp(), counter_offset=steps)


@pytest.mark.once
@LOOKS
def test_pages_are_sound(
    new_page: Callable[..., Page], axe: Callable[[Page], list[str]], look: str, viewport: dict[str, int]
) -> None:
    chief()
    Phone(somebody("boris"))
    Phone(somebody())
    problems = {}

    def look_at(page: Page, what: str) -> None:
        broken, width = axe(page), page.evaluate("document.documentElement.scrollWidth")
        if broken or width > viewport["width"]:
            problems[what] = broken, width

    page = new_page(color_scheme=look, viewport=viewport)
    type_password(page, password="wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page, "wrong")
    type_password(page)
    type_code(page, "123456")
    expect(page.get_by_text("This code is not right")).to_be_visible()
    look_at(page, "code")
    type_password(page, "chief")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    number = User.objects.get(username="boris").pk
    addresses = ("account/", "account/second-factor/", f"second-factors/{number}/reset/", "second-factors/")
    for address in (*addresses, "signing/auditentry/", "password_change/"):
        assert page.goto(f"/admin/{address}").status == 200  # type: ignore[union-attr]
        look_at(page, address)
    page.goto("/admin/account/second-factor/")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("list", name="Recovery codes").get_by_role("listitem")).to_have_count(10)
    look_at(page, "recovery codes")
    assert problems == {}


def test_from_the_first_sign_in_to_the_lost_phone(new_page: Callable[..., Page], settings: Settings) -> None:
    settings.SECOND_FACTOR_FOR = ["publish"]
    somebody()
    page = new_page()
    page.goto("/admin/kb/claim/")
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Set up a second factor", level=1)).to_be_visible()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    picture = page.get_by_role("img", name="QR code")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    assert unquote(str(picture.get_attribute("src"))).startswith("data:image/svg+xml")
    page.get_by_label("Code").press_sequentially(code_of(secret, -1))
    page.keyboard.press("Enter")
    recovery = page.get_by_role("list", name="Recovery codes").get_by_role("listitem").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    assert page.url.endswith("/admin/kb/claim/")

    page.get_by_role("button", name="Log out").click()
    type_password(page)
    type_code(page, code_of(secret))
    expect(page.get_by_role("button", name="Log out")).to_be_visible()

    without_phone = new_page(viewport=PHONE)
    type_password(without_phone)
    type_code(without_phone, recovery)
    expect(without_phone.get_by_text("9 are left")).to_be_visible()
    without_phone.get_by_role("link", name="Your account").click()
    without_phone.get_by_role("link", name="Turn it off").click()
    without_phone.get_by_label("Your password").fill(PASSWORD)
    without_phone.get_by_role("button", name="Turn it off").click()
    expect(without_phone.get_by_role("heading", name="Set up a second factor", level=1)).to_be_visible()
    # The browser that was left signed in elsewhere is not any more.
    page.goto("/admin/")
    expect(page.get_by_label("Username")).to_be_visible()


def test_guessing_ends_with_a_sentence(browser_page: Page) -> None:
    somebody()
    for number in range(5):
        type_password(browser_page, password=f"guess {number}")
        expect(browser_page.get_by_role("alert")).to_contain_text("do not fit together")
    type_password(browser_page)
    expect(browser_page.get_by_role("alert")).to_have_text(
        "There were too many wrong tries. Wait 15 minutes, then try again."
    )
