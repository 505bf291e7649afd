"""Rows → a plan of what would be written, without writing and without a lock.

`plan` takes sheets that are mapped. It reads the file twice: once for what the rows are called, so that rows can refer
to rows further down, and once for what they say. The database is asked a batch of rows at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from kb.models import Attribute
from kb.spreadsheets.columns import TABLES
from kb.spreadsheets.drafts import FileRow
from kb.spreadsheets.layout import SHEETS
from kb.spreadsheets.mapping import Mapped
from kb.spreadsheets.memory import uncollected
from kb.spreadsheets.plan import Plan, SheetPlan
from kb.spreadsheets.planning_names import Named, name_rows
from kb.spreadsheets.planning_rows import SheetPlanner
from kb.spreadsheets.planning_sets import check_circles, made_entries
from kb.spreadsheets.references import BATCH, Resolver
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.snapshots import Texts

#: Called with the rows read so far and those to read, both passes counted.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Table:
    """A sheet of a file with its mapping: `name` is theirs, `rows` can be gone through more than once."""

    name: str
    rows: Sequence[FileRow]
    mapped: Mapped


def plan(
    tables: Iterable[Table],
    *,
    rights: Rights,
    file_name: str,
    sha256: str,
    profile: str = "",
    progress: Progress | None = None,
) -> Plan:
    """What importing these sheets would do. Nothing is written; everything that is wrong is in it.

    Raises PermissionDenied for a user who may not import.
    """
    rights.must_import()
    with uncollected():
        return _planned(tables, rights, file_name, sha256, profile, progress)


def _planned(
    tables: Iterable[Table],
    rights: Rights,
    file_name: str,
    sha256: str,
    profile: str,
    progress: Progress | None,
) -> Plan:
    order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
    ordered = sorted(tables, key=lambda table: order[table.mapped.sheet.name])
    made = Plan(file_name, sha256, rights.user.pk, timezone.now(), profile=profile)
    create = {name for table in ordered for name in table.mapped.create}
    resolver = Resolver(create, file_name)
    ticker = _Ticker(progress, 2 * sum(len(table.rows) for table in ordered))
    named = [(table, name_rows(table.mapped, ticker.over(table.rows), resolver)) for table in ordered]
    attributes = {attribute.pk: attribute for attribute in Attribute.objects.all()}
    texts = Texts()
    for table, names in named:
        _plan_sheet(made, table, names, resolver, attributes, rights, texts, ticker)
    check_circles(made, resolver)
    made.settle(resolver.name_of)
    _in_writing_order(made)
    return made


def _plan_sheet(
    made: Plan,
    table: Table,
    names: Named,
    resolver: Resolver,
    attributes: dict[int, Attribute],
    rights: Rights,
    texts: Texts,
    ticker: _Ticker,
) -> None:
    into = SheetPlan(table.name, table.mapped.sheet.name)
    made.sheets.append(into)
    planner = SheetPlanner(made, into, table.mapped, names, resolver, attributes, rights, texts)
    batch: list[FileRow] = []
    start = 0
    for row in ticker.over(table.rows):
        batch.append(row)
        if len(batch) == BATCH:
            planner.plan(batch, start)
            start += len(batch)
            batch = []
    planner.plan(batch, start)
    into.made = made_entries(resolver, into, rights)


def _in_writing_order(made: Plan) -> None:
    place = {model._meta.label_lower: index for index, model in enumerate(TABLES)}
    for sheet in made.sheets:
        sheet.made.sort(key=lambda entry: place[entry.table])


class _Ticker:
    """Counts rows for a progress bar."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def over(self, rows: Iterable[FileRow]) -> Iterator[FileRow]:
        for row in rows:
            yield row
            self.done += 1
            if self.progress and self.done % BATCH == 0:
                self.progress(self.done, self.total)
        if self.progress:
            self.progress(self.done, self.total)
