"""The tools of the tests catch what they are for; otherwise all that rely on them would pass unseen."""

from collections.abc import Callable, Mapping

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page

from kb.seeding import GROUPS
from tests.support.groups import LeftOut, left_out
from tests.support.ordering import spread


@pytest.mark.html
def test_the_validator_names_page_line_and_fault(vnu: Callable[[Mapping[str, str]], list[str]]) -> None:
    good = '<!doctype html>\n<html lang="en"><title>Good</title><p>Text</p></html>'
    bad = '<!doctype html>\n<html lang="en"><title>Bad</title>\n<p><img src="a.png"></p></html>'
    problems = vnu({"/good/": good, "/bad/": bad})
    assert len(problems) == 1
    assert problems[0].startswith("/bad/: line 3: An “img” element must have an “alt” attribute")


@pytest.mark.browser
def test_axe_names_the_rule_that_a_page_breaks(browser_page: Page, axe: Callable[[Page], list[str]]) -> None:
    browser_page.set_content(
        '<!doctype html><html lang="en"><title>T</title><main><h1>T</h1><img src="data:,"></main>'
    )
    assert [violation.split(":")[0] for violation in axe(browser_page)] == ["image-alt"]


@pytest.mark.browser
def test_the_sign_in_page_works_in_a_browser(browser_page: Page) -> None:
    response = browser_page.goto("/admin/login/")
    assert response is not None
    assert response.status == 200


def test_groups_come_back_after_a_test_that_commits(transactional_db: None) -> None:
    Group.objects.all().delete()


@pytest.mark.django_db
def test_groups_are_there_after_it() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(GROUPS)


def test_what_cannot_run_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert left_out("django.db.backends.sqlite3") == [
        LeftOut("browser", "no Chromium was found; install it, or name it in CHROMIUM"),
        LeftOut("html", "no Java was found, which the HTML validator needs"),
        LeftOut("postgresql", "this run is on SQLite; DATABASE_URL=postgres://… runs all on PostgreSQL"),
    ]


def test_each_worker_ends_with_its_share_of_what_comes_last() -> None:
    assert spread("abCdEfGh", str.isupper, 2) == [*"abCG", *"dfhE"]
    assert spread("abCdEfGh", str.isupper, 1) == [*"abdfhCEG"]
