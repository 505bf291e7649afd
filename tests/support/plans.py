"""What a database means to do for a query: that no table is read whole can be tested on a small one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django.db import connection


def scanned(queries: Iterable[str]) -> list[str]:
    """The tables that these statements read whole, in the order in which they do."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for sql in queries:
            if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
                continue
            if connection.vendor == "sqlite":
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                # For a filter it reads the table before the first row is found.
                lines = (re.match(r"(?:SCAN|BLOOM FILTER ON) (\w+)", row[3]) for row in cursor.fetchall())
                found += [line[1] for line in lines if line and line[1] not in _made_up(sql)]
            else:
                # With a handful of rows it would read them all; it is asked what it would do if that were dear.
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
                answer = cursor.fetchone()[0]
                found += _sequential(json.loads(answer) if isinstance(answer, str) else answer)
                cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def _made_up(sql: str) -> set[str]:
    """The names of what a statement makes itself: what it gives or works out, with no table behind it."""
    after_a_question = re.findall(r'\)\s+(?:AS\s+)?"?(\w+)', sql)
    return {"CONSTANT", *after_a_question, *re.findall(r"\bWITH (?:RECURSIVE )?(\w+)", sql)}


def _sequential(plan: Any) -> list[str]:
    if isinstance(plan, list):
        return [name for one in plan for name in _sequential(one)]
    if not isinstance(plan, dict):
        return []
    here = [plan["Relation Name"]] if plan.get("Node Type") == "Seq Scan" else []
    return here + [name for one in plan.values() for name in _sequential(one)]
