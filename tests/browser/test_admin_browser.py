"""The desk in a real browser: no complaint of console or policy, no barrier, and nobody's text lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from playwright.sync_api import Page, expect

from kb import workflow
from kb.history.points import Point
from kb.models import Claim, Place, PlaceName
from tests.kb import records
from tests.support.browser import LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, name: str = "publisher", group: str = "Publisher") -> Page:
    if not User.objects.filter(username=name).exists():
        user = User.objects.create_user(name, password="of no consequence", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("of no consequence")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    return page


def change(record: object) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])  # type: ignore[attr-defined]


def of_django(rule: str) -> bool:
    """What Django's own pages break: Select2 puts its search box into a list beside the items, and a list's search box
    is labelled by a picture.
    """
    return (rule.startswith("list:") and "select2" in rule) or rule.startswith("label-title-only:")


@pytest.mark.once
@LOOKS
def test_pages_are_sound(
    new_page: Callable[..., Page], axe: Callable[[Page], list[str]], look: str, viewport: dict[str, int]
) -> None:
    """`new_page` fails the test for what the console or the Content-Security-Policy complain of."""
    found = records.full(1)
    page = sign_in(new_page(color_scheme=look, viewport=viewport))
    claim = found["claim"]
    then = Point(moment=claim.history.latest().history_date)
    claim.statement = "Said otherwise."
    claim.save()
    addresses = [
        reverse("admin:index"),
        reverse("admin:kb_claim_changelist"),
        reverse("admin:kb_claim_add"),
        *(change(found[kind]) for kind in ("claim", "place", "source", "rebuttal", "correction")),
        reverse("admin:kb_claim_history", args=[claim.pk]),
        reverse("admin:kb_claim_states", args=[claim.pk]) + f"?from={then}&to=now",
        reverse("admin:kb_claim_restore", args=[claim.pk]) + f"?to={then}",
        reverse("admin:kb_claim_compare", args=[claim.pk]),
        reverse("admin:kb_claim_step", args=["publish"]) + f"?id={claim.pk}",
        reverse("admin:kb_rebuttal_step", args=["sort"]) + f"?id={found['rebuttal'].pk}",
        reverse("admin:kb_rebuttal_review", args=[found["rebuttal"].pk]),
    ]
    problems = {}
    for address in addresses:
        assert page.goto(address).status == 200  # type: ignore[union-attr]
        broken = [rule for rule in axe(page) if not of_django(rule)]
        width = page.evaluate("document.documentElement.scrollWidth")
        if broken or width > viewport["width"]:
            problems[address] = broken, width
    assert problems == {}


def test_what_was_said_before_is_shown_while_a_statement_is_typed(
    new_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    claim = records.claim(statement="Soviet troops landed on Iturup on 28 August 1945.")
    page = sign_in(new_page(), group="Editor")
    page.goto(reverse("admin:kb_claim_add"))
    box = page.get_by_label("Statement")
    box.press_sequentially("Soviet troops landed on Iturup on 29 August")
    found = page.get_by_role("region", name="Similar claims")
    expect(found).to_contain_text("1 claim already at the desk is like this.")
    expect(found).to_contain_text("another figure: 29 here, 28, 1945 there")
    expect(found.get_by_role("link")).to_have_attribute("href", change(claim))
    assert [rule for rule in axe(page) if "select2" not in rule] == []
    box.fill("Bread is dear these days")
    expect(found.get_by_role("link")).to_have_count(0)


def test_second_editor_sees_both_texts_and_saves_knowingly(new_page: Callable[..., Page]) -> None:
    claim = records.claim(statement="Taken in August.")
    first, second = sign_in(new_page(), "anna", "Editor"), sign_in(new_page(), "boris", "Editor")
    for page in (first, second):
        page.goto(change(claim))
    for page, statement in ((first, "Taken in September."), (second, "Taken in July.")):
        page.get_by_label("Statement").fill(statement)
        page.get_by_role("button", name="Save", exact=True).click()
    comparison = second.get_by_role("region", name="anna saved this record")
    expect(comparison).to_contain_text("Taken in September.")
    expect(comparison).to_contain_text("Taken in July.")
    expect(second.get_by_label("Statement")).to_have_value("Taken in July.")
    assert Claim.objects.get().statement == "Taken in September."
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("was changed successfully")).to_be_visible()
    assert Claim.objects.get().statement == "Taken in July."


def test_a_name_is_added_with_the_keyboard_and_found_by_its_user(browser_page: Page) -> None:
    place, japan = records.place("iturup", "Iturup"), records.agent("japan")
    page = sign_in(browser_page)
    page.goto(change(place))
    page.get_by_role("button", name="Add another Name").focus()
    page.keyboard.press("Enter")
    page.locator("#id_names-1-text").fill("択捉島")
    page.locator("#id_names-1-language").fill("ja")
    page.locator("#names-1 .field-used_by .select2-selection").first.click()
    page.keyboard.type("Jap")
    page.get_by_role("option", name="Japan").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    added = PlaceName.objects.get(text="択捉島")
    assert (added.place, list(added.used_by.all())) == (place, [japan])


def test_from_draft_to_readers_and_back(browser_page: Page) -> None:
    place = records.place("iturup", "Iturup")
    workflow.submit([place], by=records.account("contributor", "Contributor"))
    page = sign_in(browser_page)
    assert page.goto("/places/iturup/").status == 404  # type: ignore[union-attr]
    page.goto(change(place))
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("heading", name="Iturup", level=1)).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Publish", exact=True).click()
    page.get_by_label("Why").fill("The first island")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("as version 1")).to_be_visible()
    page.get_by_role("link", name="View on site").click()
    assert page.url.endswith("/places/iturup/")
    page.goto(change(place))
    page.get_by_role("link", name="Withdraw", exact=True).click()
    page.get_by_label("Why").fill("Not an island after all")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("The page now says so.")).to_be_visible()
    assert page.goto("/places/iturup/").status == 410  # type: ignore[union-attr]
    expect(page.get_by_text("Not an island after all")).to_be_visible()
    assert Place.objects.get().editing_state == "draft"


def test_two_entries_are_compared_and_one_is_restored_by_keyboard_alone(
    new_page: Callable[..., Page],
) -> None:
    topic = records.topic()
    for name in ("Isles", "Archipelagos"):
        # Two saves of one person within a moment would be one entry.
        topic._history_user = User.objects.create_user(name)  # type: ignore[attr-defined]
        topic.name = name
        topic.save()
    page = sign_in(new_page(java_script_enabled=False))
    page.goto(reverse("admin:kb_topic_history", args=[topic.pk]))
    page.get_by_role("radio", name="To: as it is now").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=to]:checked").get_attribute("value") != "now"
    page.keyboard.press("Shift+Tab")
    page.get_by_role("button", name="Compare the two chosen").press("Enter")
    assert page.get_by_role("heading", name="What differs").is_visible()
    page.go_back()
    page.get_by_role("link", name="Restore the record as it was then: Topic added").press("Enter")
    assert page.locator("tr", has_text="Name").first.locator("ins").inner_text().endswith("Islands")
    page.get_by_label("Why:").focus()
    page.keyboard.type("It was right.")
    page.keyboard.press("Enter")
    assert page.locator(".messagelist").inner_text().startswith("“Islands” is restored as of ")
    topic.refresh_from_db()
    assert topic.name == "Islands"
