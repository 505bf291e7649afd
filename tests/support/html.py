"""The validator of the HTML standard's own checkers (vnu), over many pages in one run, since it takes long to start."""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.groups import validator


@pytest.fixture
def vnu(tmp_path: Path) -> Callable[[Mapping[str, str]], list[str]]:
    """`vnu({"/claims/": "<!doctype html>…"})` lists what is invalid: "/claims/: line 3: message: extract"."""

    def problems(pages: Mapping[str, str]) -> list[str]:
        files = {}
        for number, (name, html) in enumerate(pages.items()):
            file = tmp_path / f"{number}.html"
            file.write_text(html, encoding="utf-8")
            files[file.as_uri().removeprefix("file://")] = name
        done = subprocess.run(
            ["java", "-jar", str(validator()), "--exit-zero-always", "--format", "json", *files],
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        # Its report is on standard error.
        return [
            f"{files[entry['url'].removeprefix('file:')]}: line {entry.get('lastLine')}: "
            f"{entry['message']}: {entry.get('extract', '').strip()}"
            for entry in json.loads(done.stderr)["messages"]
            if entry["type"] == "error" or entry.get("subType") == "warning"
        ]

    return problems
