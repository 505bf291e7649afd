"""Where an import spends its time, in seconds: `python -m tests.bench.imports.phases FILE.csv`, which imports it."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from typing import Any

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402

from kb.spreadsheets.applying import apply  # noqa: E402
from kb.spreadsheets.flow import plan_file, read_workbook  # noqa: E402
from kb.spreadsheets.rights import Rights  # noqa: E402
from tests.bench.imports.samples import USER  # noqa: E402

spent: dict[str, float] = defaultdict(float)


def kind_of(statement: str) -> str:
    """Which part of an import a statement belongs to."""
    if "historical" in statement:
        return "history"
    if '"kb_importedrow"' in statement or "kb_importbatch" in statement:
        return "batch record"
    if '"staged_' in statement and not statement.startswith('INSERT INTO "kb_'):
        return "staging"
    return "rows and links"


def timed(execute: Any, statement: str, *arguments: Any) -> Any:
    start = time.perf_counter()
    try:
        return execute(statement, *arguments)
    finally:
        spent[kind_of(statement)] += time.perf_counter() - start


if __name__ == "__main__":
    start = time.perf_counter()
    workbook = read_workbook(sys.argv[1])
    spent["read"] = time.perf_counter() - start
    rights = Rights(User.objects.get(username=USER))
    start = time.perf_counter()
    made = plan_file(workbook, rights=rights)
    spent["plan"] = time.perf_counter() - start
    start = time.perf_counter()
    with connection.execute_wrapper(timed):
        apply(made, rights=rights)
    spent["apply, all of it"] = time.perf_counter() - start
    print(json.dumps({name: round(seconds, 2) for name, seconds in spent.items()}))
