"""The review of a challenge in a real browser: two columns or one, the drawing or the list, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kb import triage, workflow
from kb.models import Rebuttal
from tests.browser.test_admin_browser import sign_in
from tests.kb import published, records
from tests.kb.test_review_page import address, disputed
from tests.support.browser import LOOKS, PHONE, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def case() -> Rebuttal:
    """A challenge with one that is joined to it and one that could be."""
    first = disputed(2)
    joined = records.rebuttal(first.claim, "joined")
    records.rebuttal(first.claim, "candidate")
    triage.join([first, joined], by=published.publisher())
    return first


@pytest.mark.once
@LOOKS
def test_the_page_is_sound_open_joined_answered_and_decided(
    new_page: Callable[..., Page], axe: Callable[[Page], list[str]], look: str, viewport: dict[str, int]
) -> None:
    first = case()
    reply = records.rebuttal(first.claim, "reply", replies_to=first)
    decided = disputed()
    workflow.decide_rebuttal(decided, decision="accepted", reason="So it is.", by=published.publisher())
    page = sign_in(new_page(color_scheme=look, viewport=viewport))
    problems = {}
    for one in (first, Rebuttal.objects.get(key="joined"), reply, decided):
        assert page.goto(address(one)).status == 200  # type: ignore[union-attr]
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        broken = [rule for rule in axe(page) if not rule.startswith("list:") or "select2" not in rule]
        width = page.evaluate("document.documentElement.scrollWidth")
        if broken or width > viewport["width"]:
            problems[one.key] = broken, width
    assert problems == {}


def test_two_columns_and_a_drawing_where_there_is_room_one_and_a_list_on_a_phone(
    new_page: Callable[..., Page],
) -> None:
    first = case()
    page = sign_in(new_page(viewport=WIDE))

    def sides() -> tuple[dict[str, float], dict[str, float]]:
        left = page.get_by_role("region", name="The claim").bounding_box()
        right = page.get_by_role("region", name="The challenge").bounding_box()
        assert left is not None
        assert right is not None
        return dict(left), dict(right)

    page.goto(address(first))
    left, right = sides()
    assert (left["y"] == right["y"], left["x"] + left["width"] <= right["x"]) == (True, True)
    expect(page.get_by_role("img", name="Dates stated")).to_be_visible()
    expect(page.locator(".dates-list")).to_be_hidden()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    left, right = sides()
    assert (left["x"] == right["x"], left["y"] + left["height"] <= right["y"]) == (True, True)
    expect(page.locator(".axis")).to_be_hidden()
    expect(page.locator(".dates-list li").first).to_be_visible()


def test_a_case_is_joined_and_decided_with_the_keyboard(browser_page: Page) -> None:
    first, page = case(), sign_in(browser_page)
    page.goto(address(first))
    page.get_by_role("button", name="Join candidate").press("Enter")
    expect(page.get_by_text("stands for the case")).to_be_visible()
    page.get_by_label("Decision").focus()
    page.keyboard.type("rej")
    page.get_by_label("Reason").focus()
    page.keyboard.type("The log of the landing says otherwise.")
    page.get_by_role("button", name="Decide", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Rejected")).to_be_visible()
    found = {one.key: one.decision for one in Rebuttal.objects.all()}
    assert found == {first.key: "rejected", "joined": "duplicate", "candidate": "duplicate"}


def test_a_counterclaim_is_found_by_its_words(browser_page: Page) -> None:
    first, claim = disputed(), records.claim("log-of-the-landing")
    page = sign_in(browser_page)
    page.goto(address(first))
    page.locator(".select2-selection").first.click()
    page.keyboard.type("log of")
    page.get_by_role("option", name="Statement of log-of-the-landing.").click()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("It now relies on")).to_be_visible()
    assert claim in first.counterclaims.all()
    expect(page.get_by_role("link", name="Record a new claim")).to_have_attribute(
        "href", reverse("admin:kb_claim_add")
    )
