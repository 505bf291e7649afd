"""The pictures of README, taken anew: `make pictures`.

The founding case is loaded into a database of its own and served as `make run` serves it; a Chromium looks at it. Each
picture is named by what it shows, with the width of the window, and the height of it that is kept.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, sync_playwright

from tests.support.browser import FLAGS
from tests.support.groups import chromium

HERE = Path(__file__).resolve().parent.parent
PICTURES = HERE / "docs/pictures"
CLAIM = "/claims/islands-taken-before-surrender/"
#: What readers see: (name, address, theme, width, height that is kept).
PUBLIC = (
    ("claim", CLAIM, "light", 1280, 1200),
    ("source", "/sources/hot-spring-diplomacy-editorial/", "light", 1280, 1280),
    ("place", "/places/iturup/", "light", 1280, 1300),
    ("timeline", "/timeline/?date=1945&place=Kuril+Islands", "dark", 1280, 1240),
    ("challenge", f"/challenge/?claim={CLAIM.split('/')[2]}", "light", 1100, 1040),
)
#: A file that an editor brings: rows that are new, changed, as they were, and wrong.
SHEET = """key;title;language;when
yalta-conference;The Yalta Conference;en;1945-02-04/1945-02-11
neutrality-pact;The Soviet–Japanese Neutrality Pact;en;1941-04-13
germanys-defeat;Germany’s defeat in the Second World War;en;1945-05-08
soviet-declaration-of-war;The Soviet Union’s declaration of war on Japan;en;1945-08-08
potsdam-conference;The Potsdam Conference;en;1945-07-17/1945-08-32
"""
#: Seconds until the server has to answer.
PATIENCE = 60


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    """The address of the site, and the password of the demo's administrator."""
    with tempfile.TemporaryDirectory(prefix="rejoinder-pictures-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        ours = {
            name: text for name, text in os.environ.items() if name not in ("DATABASE_URL", "ALLOWED_HOSTS")
        }
        environment = {**ours, "DATA_DIR": folder, "PORT": str(port)}
        told = subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=HERE, env=environment, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        password = re.search(r"^ +admin +(\S+)", told, re.MULTILINE)
        if password is None:
            sys.exit("`manage.py prepare` named no password for the administrator; is a .env in the way?")
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:kb.server", "kb.wsgi"],
            cwd=HERE, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address)
            yield address, password[1]
        finally:
            server.terminate()
            server.wait(30)


def _wait(address: str) -> None:
    for _ in range(PATIENCE * 4):
        try:
            urlopen(f"{address}/healthz").close()
        except URLError:
            time.sleep(0.25)
        else:
            return
    sys.exit(f"The server did not answer within {PATIENCE} seconds.")


def take(page: Page, name: str, part: str = "html", height: int = 0) -> None:
    """A picture of a part of the page from its top, this high, or all of it."""
    page.evaluate("document.fonts.ready.then(() => true)")
    box = page.locator(part).first.bounding_box()
    if box is None:
        sys.exit(f"{page.url} has nothing to take for {name}: {part}")
    kept = min(height or box["height"], box["height"])
    page.screenshot(
        path=PICTURES / f"{name}.png",
        full_page=True,
        clip={"x": box["x"], "y": box["y"], "width": box["width"], "height": kept},
    )
    sys.stdout.write(f"docs/pictures/{name}.png\n")


def readers_see(browser: Browser, address: str) -> None:
    for name, path, theme, width, height in PUBLIC:
        size: ViewportSize = {"width": width, "height": 900}
        dark: Literal["dark", "light"] = "dark" if theme == "dark" else "light"
        page = browser.new_page(base_url=address, color_scheme=dark, locale="en", viewport=size)
        page.goto(path)
        take(page, name, height=height)
        page.close()


def editors_see(browser: Browser, address: str, password: str) -> None:
    """The review of the founding case's challenge, in it the dates of both sides, and the preview of an import."""
    page = browser.new_page(base_url=address, locale="en", viewport={"width": 1280, "height": 900})
    page.goto("/admin/login/?next=/admin/kb/rebuttal/")
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    change = page.locator("#result_list tbody th a").first.get_attribute("href") or ""
    page.goto(re.sub(r"change/.*", "review/", change))
    take(page, "review", "#content", 1000)
    take(page, "review-dates", "section.dispute", 850)
    page.goto("/admin/import/")
    file: FilePayload = {"name": "events.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    page.get_by_label("Your file, or several that belong together").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("heading", name="What the import would do").wait_for()
    take(page, "import-preview", "#content", 900)


def main() -> None:
    """Take all of them."""
    with served() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        readers_see(browser, address)
        editors_see(browser, address, password)
        browser.close()


if __name__ == "__main__":
    main()
