"""Claims that an import would make although much the same has been said before, at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic

from kb.analysis.claims_alike import Alike, similar_to
from kb.models import Claim, ClaimToIndex, ClaimWords
from kb.spreadsheets.plan import Entry, Plan, Problem
from kb.spreadsheets.planning import Table
from kb.spreadsheets.reading.cells import coordinate
from kb.spreadsheets.references import batches

#: So many are told, at most; more nobody reads.
TOLD = 200
#: Claims that are compared together, and of each the claims of the desk that share most words with it.
TOGETHER, COMPARED = 500, 5
#: A preview is waited for: after so many seconds the other rows are not looked at.
SECONDS = 10.0
#: A statement is shown so long.
SHOWN = 160

CLAIMS = Claim._meta.label_lower


def said_before(
    plan: Plan, tables: Iterable[Table], clock: Callable[[], float] = monotonic
) -> tuple[list[Problem], list[str]]:
    """For each new claim that is much like one of the desk, a warning at its cell; and notes on what was left out.

    As many queries for some hundred rows as for one.
    """
    new = [
        (sheet.name, entry)
        for sheet in plan.sheets
        for entry in sheet.entries
        if entry.table == CLAIMS and entry.pk is None and entry.values.get("statement")
    ]
    if not new or not (ClaimWords.objects.exists() or ClaimToIndex.objects.exists()):
        return [], []
    mapped = {table.name: table for table in tables}
    found: list[Problem] = []
    until, looked_at = clock() + SECONDS, 0
    for (sheet, entry), nearest in zip(new, _nearest([entry for _, entry in new]), strict=True):
        looked_at += 1
        if nearest is not None and nearest.similar.close:
            found.append(Problem(sheet, _cell(mapped[sheet], entry), "", _message(nearest), entry.row))
        if len(found) == TOLD or clock() > until:
            break
    notes = []
    if looked_at < len(new):
        notes.append(
            f"The first {looked_at:,} of {len(new):,} new claims were compared with what has been said before; to "
            "compare the others, too, would take too long or tell more than can be read."
        )
    return found, notes


def _nearest(entries: list[Entry]) -> Iterator[Alike | None]:
    """For each claim that would be made, the one of the desk that is most like it."""
    for some in batches(entries, TOGETHER):
        for found in similar_to([entry.values["statement"] for entry in some], 1, compared=COMPARED):
            yield found[0] if found else None


def _cell(table: Table, entry: Entry) -> str:
    return coordinate(entry.row, table.mapped.positions.get("statement", 0))


def _message(nearest: Alike) -> str:
    statement = nearest.told.statement
    shown = statement if len(statement) <= SHOWN else f"{statement[: SHOWN - 1]}…"
    why = f" ({'; '.join(nearest.similar.why)})" if nearest.similar.why else ""
    return f"Much like this has been said: “{shown}”, {nearest.key}{why}. Is it the same claim?"
