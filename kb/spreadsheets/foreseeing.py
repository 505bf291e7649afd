"""What an import would contradict, before anything is written: the desk's values, and other rows of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kb.analysis.conflict_finding import COLUMNS, Zones, as_stated, of_groups, who_says
from kb.analysis.conflicts import Stated, Verdict, compare
from kb.models import Attribute, Event, StatedValue
from kb.spreadsheets.plan import Entry, Plan, Problem, Ref
from kb.spreadsheets.planning import Table
from kb.spreadsheets.reading.cells import coordinate
from kb.spreadsheets.references import batches

#: So many are told; the desk finds the others when the rows are applied.
TOLD = 200
VALUES, EVENTS = StatedValue._meta.label_lower, Event._meta.label_lower

#: So many others of one subject a value is compared with; more would cost their square.
BESIDE = 200

Row = tuple[Any, ...]
Subject = tuple[Ref | None, Ref | None, int]


@dataclass
class _Planned:
    """A value that the plan writes."""

    entry: Entry
    sheet: str
    cell: str
    given: dict[str, Any]

    @property
    def subject(self) -> Subject:
        return self.given["event_id"], self.given["place_id"], self.given["attribute_id"]


def foreseen(plan: Plan, tables: Iterable[Table]) -> Iterator[Problem]:
    """The conflicts that the plan's values would be in, each at the cell of its row."""
    planned = list(_planned(plan, {table.name: table for table in tables}))
    zones = _zones(planned)
    found = list(islice(_conflicting(planned, _stored(planned), zones), TOLD))
    said = who_says(row[0] for _, row, _ in found if row is not None)
    for one, row, beside in found:
        mine = as_stated(one.given, zones, "this row")
        if row is not None:
            other = as_stated(dict(zip(COLUMNS, row, strict=True)), zones, said[row[0]])
        else:
            other = as_stated(beside.given, zones, f"row {beside.entry.row}")  # type: ignore[union-attr]
        answer = compare(mine, other)
        if answer is not None:
            yield Problem(one.sheet, one.cell, "", f"A conflict: {answer.reason}", one.entry.row)


def _zones(planned: list[_Planned]) -> Zones:
    refs = {one.given[name] for one in planned for name in ("event_id", "relative_to_id")}
    events = {ref for ref in refs if isinstance(ref, int)}
    return Zones.among(events, {pk for one in planned if isinstance(pk := one.given["place_id"], int)})


def _stored(planned: list[_Planned]) -> dict[Subject, list[Row]]:
    """The desk's values that speak of what planned ones speak of, but for those that are about to change."""
    written = {one.entry.pk for one in planned if one.entry.pk is not None}
    stored: dict[Subject, list[Row]] = defaultdict(list)
    subjects = {one.subject for one in planned if not any(isinstance(ref, str) for ref in one.subject)}
    for some in batches(sorted(subjects, key=str)):
        for row in of_groups(set(some)):
            if row[0] not in written:
                stored[row[2:5]].append(row)
    return stored


def _conflicting(
    planned: list[_Planned], stored: Mapping[Subject, list[Row]], zones: Zones
) -> Iterator[tuple[_Planned, Row | None, _Planned | None]]:
    """Each planned value with a stored row, or with an earlier planned one, that it contradicts."""
    before: dict[Subject, list[tuple[_Planned, Stated]]] = defaultdict(list)
    known: dict[Subject, list[tuple[Row, Stated]]] = {}
    for one in planned:
        mine = as_stated(one.given, zones, "")
        if one.subject not in known:
            rows = stored.get(one.subject, [])[:BESIDE]
            known[one.subject] = [(r, as_stated(dict(zip(COLUMNS, r, strict=True)), zones, "")) for r in rows]
        for row, other in known[one.subject]:
            if _contradicts(mine, other):
                yield one, row, None
        for beside, other in before[one.subject][-BESIDE:]:
            if _contradicts(mine, other):
                yield one, None, beside
        before[one.subject].append((one, mine))


def _contradicts(one: Stated, other: Stated) -> bool:
    answer = compare(one, other)
    return answer is not None and answer.verdict is Verdict.CONFLICT


def _planned(plan: Plan, tables: Mapping[str, Table]) -> Iterator[_Planned]:
    found = [
        (sheet, entry)
        for sheet in plan.sheets
        for entry in sheet.entries
        if entry.table == VALUES and not entry.gone
    ]
    if not found:
        return
    old = _as_they_are([entry.pk for _, entry in found if entry.pk is not None])
    attributes = {row.pk: row for row in Attribute.objects.all()}
    events = _events(plan, [entry.values.get("relative_to_id") for _, entry in found])
    empty = StatedValue()
    defaults = {f.attname: getattr(empty, f.attname) for f in StatedValue._meta.local_concrete_fields}
    for sheet, entry in found:
        before = old.get(entry.pk, {}) if entry.pk is not None else {}
        given = {
            **dict.fromkeys(COLUMNS),
            **defaults,
            **before,
            **entry.values,
            "uid": entry.uid,
            "pk": entry.pk or 0,
        }
        attribute = attributes.get(given["attribute_id"])
        if attribute is None:
            continue
        given |= {
            "attribute__key": attribute.key,
            "attribute__type": attribute.type,
            "attribute__dimension": attribute.dimension,
        }
        if "relative_to_id" in entry.values:
            title, when = events.get(entry.values["relative_to_id"], ("", ""))
            given |= {"relative_to__title": title, "relative_to__when": when}
        mapped = tables[sheet.name].mapped
        place = mapped.positions.get("value", mapped.positions.get("relative_to", 0))
        yield _Planned(entry, sheet.name, coordinate(entry.row, place), given)


def _as_they_are(pks: list[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for some in batches(sorted(pks)):
        rows = StatedValue.objects.filter(pk__in=some).values_list(*COLUMNS)
        found.update({row[0]: dict(zip(COLUMNS, row, strict=True)) for row in rows})
    return found


def _events(plan: Plan, refs: list[Ref | None]) -> dict[Ref, tuple[str, str]]:
    """Title and settled date of the events that values lean on, as they will be."""
    known: dict[Ref, tuple[str, str]] = {}
    for some in batches(sorted({ref for ref in refs if isinstance(ref, int)})):
        rows = Event.objects.filter(pk__in=some).values_list("pk", "title", "when")
        known.update({pk: (title, when) for pk, title, when in rows})
    for entry in plan.entries():
        if entry.table == EVENTS:
            ref: Ref = entry.pk if entry.pk is not None else entry.uid
            if ref in known or ref in refs:
                title, when = known.get(ref, ("", ""))
                known[ref] = entry.values.get("title", title), entry.values.get("when", when)
    return known
