"""What of an import calls a disputed place by one party's name alone, before anything is written. A warning, no more.

The names are those at the desk; places and names that the file itself brings are looked at when a record is next saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.analysis import one_sided
from kb.spreadsheets.plan import Plan, Problem
from kb.spreadsheets.planning import Table
from kb.spreadsheets.reading.cells import coordinate

#: So many texts are looked at, and so many warnings told; the desk's queue has the others once they are in review.
TEXTS, TOLD = 2_000, 50
PROSE = {model._meta.label_lower: fields for model, fields in one_sided.PROSE.items()}  # type: ignore[attr-defined]


def one_sided_names(plan: Plan, tables: Iterable[Table]) -> Iterator[Problem]:
    """The one-sided names in texts that the plan writes, each at its cell."""
    mapped = {table.name: table.mapped for table in tables}
    texts: dict[tuple[str, int, str], str] = {}
    for sheet in plan.sheets:
        for entry in sheet.entries:
            for name in PROSE.get(entry.table, ()):
                if entry.values.get(name) and not entry.gone and len(texts) < TEXTS:
                    texts[sheet.name, entry.row, name] = entry.values[name]
    told = 0
    for (sheet_name, row, name), found in one_sided.of_texts(texts).items():
        for one in found:
            if told == TOLD:
                return
            told += 1
            cell = coordinate(row, mapped[sheet_name].positions.get(name, 0))
            yield Problem(sheet_name, cell, "", str(one), row)
