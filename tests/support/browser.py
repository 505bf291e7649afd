"""A real browser on the running site. A test of these has failed if the page logged an error or asked another host."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.support.groups import chromium

# The first two let Chromium run as root and without a screen card; the third lets it find no host but this one; the
# others keep it from calling home.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Without preloading, which sets inline styles that the site's policy forbids, and logs them; and telling only of what
# is broken, since to describe all that is sound took twice as long as finding it. Of readers' pages also the size of
# targets, which WCAG 2.2 asks for and axe does not look at by itself; Django's own lists at the desk miss it.
AXE = {"preload": False, "resultTypes": ["violations"]}
AXE_OF_READERS = {**AXE, "rules": {"target-size": {"enabled": True}}}
#: What may differ where only the look does: the theme, the room for the page, or its language.
OF_LOOK = (
    "color-contrast",
    "target-size",
    "html-has-lang",
    "html-lang-valid",
    "valid-lang",
    "scrollable-region-focusable",
)

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
#: Two looks that differ in all that a page's look depends on: its theme, and the room it has.
LOOKS = pytest.mark.parametrize(
    ("look", "viewport"),
    [pytest.param("light", WIDE, id="wide-light"), pytest.param("dark", PHONE, id="phone-dark")],
)


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, and Django would take the tests' own queries for asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium_browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`new_page(**context_options)` opens a page in a context of its own, with paths relative to the live server.

    Options are Playwright's for a context, such as `color_scheme="dark"`, `java_script_enabled=False` or
    `viewport={"width": 390, "height": 844}`. After the test, what the pages' consoles and policies complained of
    must be nothing.
    """
    problems: list[str] = []
    contexts = []
    home = urlsplit(live_server.url).netloc

    def log(message: ConsoleMessage) -> None:
        # A missing page is logged as an error, too; that is its status, for the test to assert.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            problems.append(f"{message.location.get('url')}: {message.text}")

    def stay_home(request: Request) -> None:
        # Only looked at: to hold each one up until it is let through would also keep the browser from caching.
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != home:
            problems.append(f"asked another host: {request.url}")

    def open_page(**options: Any) -> Page:
        context = chromium_browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        context.on("request", stay_home)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", log)
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def browser_page(new_page: Callable[..., Page]) -> Page:
    """One page: `browser_page.goto("/claims/")`. See `new_page` for what it watches."""
    return new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """`axe(page)` lists the accessibility rules that the page breaks, each with the elements that break it.

    `axe(page, only=OF_LOOK)` asks for no more than the rules named, which takes a part of the time.
    """

    def violations(page: Page, only: Sequence[str] = ()) -> list[str]:
        options: dict[str, Any] = AXE if "/admin/" in page.url else AXE_OF_READERS
        if only:
            options = {**AXE, "runOnly": {"type": "rule", "values": list(only)}}
        return [
            f"{rule['id']}: {rule['help']}: {' '.join(str(node['target']) for node in rule['nodes'])}"
            for rule in Axe().run(page, options=options).response["violations"]
        ]

    return violations
