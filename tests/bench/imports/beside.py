"""Somebody who reads, or edits, while an import runs: until the file STOP is there.

    python -m tests.bench.imports.beside read|write STOP

Prints how often, the longest wait in seconds, and the errors.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from django.test import Client  # noqa: E402

from sources.models import Source  # noqa: E402

PAUSE = 0.02


def read() -> None:
    answer = Client(SERVER_NAME="localhost").get("/claims/")
    if answer.status_code != 200:
        raise RuntimeError(f"The page answered {answer.status_code}.")


def write() -> None:
    source = Source.objects.order_by("?").first()
    if source is None:
        raise RuntimeError("There is no source to edit.")
    source.note = f"Looked at {time.time()}."
    source.save()


def main(act: Callable[[], None], stop: Path) -> None:
    waits: list[float] = []
    errors: list[str] = []
    while not stop.exists():
        start = time.perf_counter()
        try:
            act()
        except Exception as reason:  # whatever it is, it is counted
            errors.append(f"{type(reason).__name__}: {reason}")
        waits.append(time.perf_counter() - start)
        time.sleep(PAUSE)
    print(json.dumps({"times": len(waits), "longest": max(waits), "errors": errors}))


if __name__ == "__main__":
    main({"read": read, "write": write}[sys.argv[1]], Path(sys.argv[2]))
