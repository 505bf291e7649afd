"""Groups of tests that want more than Python: run where it is found, else left out and named at the end of the run.

With `REQUIRE_ALL=1` a group that would be left out stops the run instead. A test joins a group by its mark.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from kb.settings import BASE_DIR

MARKS = ("browser", "html", "postgresql")


@dataclass(frozen=True)
class LeftOut:
    """A group that cannot run here: its mark, and why not and what would help."""

    mark: str
    reason: str


#: The first has no window to draw, and takes half of what the others take.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The browser to test with: `CHROMIUM`, or the first that is installed."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def validator() -> Path | None:
    """The validator's jar: `VNU_JAR`, or the one that `make tools` fetched."""
    named = os.environ.get("VNU_JAR")
    jar = Path(named) if named else BASE_DIR / "var/tools/node_modules/vnu-jar/build/dist/vnu.jar"
    return jar if jar.is_file() else None


def left_out(database_engine: str) -> list[LeftOut]:
    """The groups that cannot run here."""
    missing = []
    if chromium() is None:
        missing.append(LeftOut("browser", "no Chromium was found; install it, or name it in CHROMIUM"))
    if shutil.which("java") is None:
        missing.append(LeftOut("html", "no Java was found, which the HTML validator needs"))
    elif validator() is None:
        missing.append(LeftOut("html", "the HTML validator is not there; `make tools` fetches it"))
    if not database_engine.endswith("postgresql"):
        missing.append(
            LeftOut("postgresql", "this run is on SQLite; DATABASE_URL=postgres://… runs all on PostgreSQL")
        )
    return missing


def _engine() -> str:
    from django.conf import settings

    return settings.DATABASES["default"]["ENGINE"]


def pytest_configure(config: pytest.Config) -> None:
    # The database is for whoever calls to choose, one run for each: leaving it to another run is no omission.
    missing = [group for group in left_out(_engine()) if group.mark != "postgresql"]
    if missing and os.environ.get("REQUIRE_ALL") == "1":
        raise pytest.UsageError(
            "REQUIRE_ALL=1 is set, and these tests cannot run here:\n"
            + "\n".join(f"  {group.mark}: {group.reason}" for group in missing)
        )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unable = {group.mark for group in left_out(_engine())}
    out = [item for item in items if unable.intersection(mark.name for mark in item.iter_markers())]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if missing := left_out(_engine()):
        terminalreporter.section("Left out here")
        for group in missing:
            terminalreporter.line(f"{group.mark}: {group.reason}")
