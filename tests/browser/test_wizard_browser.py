"""A spreadsheet brought in a real browser: dropped, looked at, applied and taken back; with and without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kb.admin.wizard import working
from kb.models import ImportJob, Topic
from tests.browser.test_admin_browser import sign_in
from tests.support.browser import LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHEET = "Schlüssel;name;Notiz\nislands;Islands;\ntreaties;Treaties;Verträge\nNot A Key!;Wars;\n"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "topics.csv"
    file.write_text(SHEET, encoding="utf-8")
    return file


def bring(page: Page, file: Path) -> None:
    page.goto(reverse("import_start"))
    page.get_by_label("Your file, or several that belong together").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="Sheets and columns")).to_be_visible()


def preview(page: Page) -> None:
    page.get_by_role("combobox", name="A Schlüssel").select_option("key")
    page.get_by_role("button", name="Preview").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_a_file_to_records_and_back(new_page: Callable[..., Page], sheet: Path, script: bool) -> None:
    Topic.objects.create(key="islands", name="The islands")
    page = sign_in(new_page(java_script_enabled=script))
    bring(page, sheet)
    preview(page)
    outcomes = page.get_by_role("navigation", name="Which rows to show")
    expect(outcomes).to_contain_text("1 created")
    expect(outcomes).to_contain_text("1 changed")
    expect(outcomes).to_contain_text("1 refused")
    outcomes.get_by_role("link", name="changed").first.click()
    rows = page.get_by_role("region", name="Rows")
    expect(rows.get_by_role("article")).to_have_count(1)
    expect(rows).to_contain_text("The islands")
    outcomes.get_by_role("link", name="refused").click()
    expect(rows).to_contain_text("topics!A4")
    assert Topic.objects.count() == 1
    page.get_by_role("button", name="Apply the good rows").click()
    expect(page.get_by_role("heading", name="What came of the import")).to_be_visible()
    assert sorted(Topic.objects.values_list("name", flat=True)) == ["Islands", "Treaties"]
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("1 record that the import made is deleted.")).to_be_visible()
    expect(page.get_by_text("1 is as it was before it.")).to_be_visible()
    assert list(Topic.objects.values_list("name", flat=True)) == ["The islands"]


def test_a_dropped_file_is_named_before_it_is_sent(browser_page: Page) -> None:
    page = sign_in(browser_page)
    page.goto(reverse("import_start"))
    dropped = page.evaluate_handle(
        "text => { const d = new DataTransfer(); d.items.add(new File([text], 'topics.csv')); return d; }",
        SHEET,
    )
    page.dispatch_event(".drop", "drop", {"dataTransfer": dropped})
    expect(page.get_by_role("status")).to_contain_text("topics.csv (0.0 MB)")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="Sheets and columns")).to_be_visible()


def test_progress_is_shown_until_the_preview_is_there(
    browser_page: Page, sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "INLINE_ROWS", 1)
    page = sign_in(browser_page)
    bring(page, sheet)
    preview(page)
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    job = working.take()
    assert job is not None
    expect(page.get_by_text("Reading the file")).to_be_visible()
    working.work(job)
    expect(page.get_by_role("heading", name="What the import would do")).to_be_visible()


@pytest.mark.once
@LOOKS
def test_pages_are_sound(
    new_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    sheet: Path,
    look: str,
    viewport: dict[str, int],
) -> None:
    Topic.objects.create(key="islands", name="The islands")
    page = sign_in(new_page(color_scheme=look, viewport=viewport))
    problems = {}

    def judge(name: str) -> None:
        page.wait_for_load_state()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        broken, width = axe(page), page.evaluate("document.documentElement.scrollWidth")
        if broken or width > viewport["width"]:
            problems[name] = broken, width

    page.goto(reverse("import_start"))
    judge("empty start")
    bring(page, sheet)
    judge("columns")
    preview(page)
    expect(page.get_by_role("heading", name="What the import would do")).to_be_visible()
    judge("preview")
    page.goto(reverse("import_start"))
    judge("start")
    job = ImportJob.objects.get()
    ImportJob.objects.update(state="planning")
    page.goto(reverse("import_progress", args=[job.token]))
    judge("progress")
    # The page looks for news by itself and would go on at the same moment as the test.
    page.goto(reverse("import_start"))
    ImportJob.objects.update(state="planned")
    page.goto(reverse("import_preview", args=[job.token]))
    page.get_by_role("button", name="Apply the good rows").click()
    expect(page.get_by_role("heading", name="What came of the import")).to_be_visible()
    judge("result")
    page.get_by_role("link", name="Take it back").click()
    expect(page.get_by_role("heading", name="Take this import back?")).to_be_visible()
    judge("undo")
    page.goto(reverse("import_progress", args=["0" * 32]))
    judge("refused")
    assert problems == {}
