"""Sheets for tests, without a file: rows of texts as `kb.spreadsheets.reading` would give them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from kb.spreadsheets.applying import Applied, apply
from kb.spreadsheets.choices import Choices
from kb.spreadsheets.layout import BY_NAME
from kb.spreadsheets.mapping import map_columns
from kb.spreadsheets.plan import Entry, Plan
from kb.spreadsheets.planning import Table, plan
from kb.spreadsheets.reading import Row
from kb.spreadsheets.rights import Rights


def everything() -> Rights:
    """All rights, under the name of one and the same user."""
    return Rights(User.objects.get_or_create(username="importer")[0], all_of_them=True)


def table(
    target: str, header: str | list[str], *rows: list[Any], name: str = "", choices: Choices | None = None
) -> Table:
    """A sheet of theirs whose header stands in row 1; a header given as one text is divided at spaces."""
    headers = header.split() if isinstance(header, str) else header
    found = [
        Row(number, tuple(value if value != "" else None for value in row))
        for number, row in enumerate(rows, 2)
    ]
    samples = {
        i: [str(r[i]) for r in rows if i < len(r) and r[i] not in ("", None)] for i in range(len(headers))
    }
    mapped = map_columns(BY_NAME[target], headers, choices or Choices(), samples=samples)
    return Table(name or target, found, mapped)


def planned(*tables: Table, rights: Rights | None = None) -> Plan:
    return plan(tables, rights=rights or everything(), file_name="book.csv", sha256="0" * 64)


def imported(*tables: Table, rights: Rights | None = None, keep_good: bool = False) -> Applied:
    who = rights or everything()
    return apply(planned(*tables, rights=who), rights=who, keep_good=keep_good)


def said(plan_or_applied: Plan | Applied) -> list[tuple[str, str, str]]:
    """What is wrong: where, with what, and what would be right."""
    return [(f"{p.sheet}!{p.cell}", p.value, p.message) for p in plan_or_applied.problems]


def outcomes(made: Plan) -> dict[str, dict[str, int]]:
    """The counts that are not zero."""
    return {sheet: {o: n for o, n in counts.items() if n} for sheet, counts in made.counts().items()}


def changes(made: Plan) -> list[tuple[str, str, str, str]]:
    """Every cell that changes: column, coordinate, old and new."""
    found: list[Entry] = [entry for entry in made.entries() if entry.pk is not None]
    return [(cell.column, cell.cell, cell.old, cell.new) for entry in found for cell in entry.cells]
