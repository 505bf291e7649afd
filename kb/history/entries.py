"""Who did what to a record and when: edits word by word, steps, imports and releases, newest first, page by page.

Rows that one save, step or import wrote are one entry. A page holds the entries of `MOMENTS` moments, and is read with
a number of queries that depends on the kind of record alone.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery

from kb.book.models import Release, Version
from kb.book.second_person import name_of
from kb.editorial.aggregate import Aggregate
from kb.history.points import Point
from kb.history.shape import history_of, parts_of
from kb.history.telling import Entry, Telling, is_of_batch, reason_of

MOMENTS = 40
#: Rows written so shortly after one another, by one person for one reason, are one save.
TOGETHER = timedelta(seconds=2)


@dataclass
class Page:
    entries: list[Entry]
    #: From where the next page goes on; empty on the last.
    older: str = ""


def page_of(record: Aggregate, before: datetime | None = None, steps: Sequence[Entry] = ()) -> Page:
    """The entries before a moment, or the newest. `steps` are those that the desk notes elsewhere.

    What the history tells of a step that is among them is left out.
    """
    kinds: list[tuple[Any, dict[str, Any]]] = [(type(record), {"id": record.pk})]
    kinds += [(part, {name: record.pk}) for part, name in parts_of(type(record))]
    releases = [*_releases(record), *steps]
    since, more = _first_moment(kinds, releases, before)
    rows: list[Any] = []
    for model, own in kinds:
        rows += _rows(model, own, since, before)
    rows.sort(key=lambda row: (row.history_date, row.history_id), reverse=True)
    groups = [list(_merged(group)) for group in _groups(rows, [entry.at for entry in releases])]
    told = Telling([row for group in groups for row in group])
    entries = [entry for group in groups if group and (entry := told.entry(group))]
    entries = [entry for entry in entries if not (entry.handed and _noted(entry, steps))]
    entries += [entry for entry in releases if _within(entry.at, since, before)]
    entries.sort(key=lambda entry: (entry.at, entry.version or 0), reverse=True)
    return Page(entries, str(Point(moment=since)) if more and since else "")


def _noted(entry: Entry, steps: Sequence[Entry]) -> bool:
    return any(abs(step.at - entry.at) <= TOGETHER and step.who == entry.who for step in steps)


def _within(at: datetime, since: datetime | None, before: datetime | None) -> bool:
    return (since is None or at >= since) and (before is None or at < before)


# --- reading --------------------------------------------------------------------------------------------------


def _first_moment(
    kinds: Iterable[tuple[Any, dict[str, Any]]], releases: Iterable[Entry], before: datetime | None
) -> tuple[datetime | None, bool]:
    """The oldest moment on the page, and whether there are older ones."""
    found = {entry.at for entry in releases if _within(entry.at, None, before)}
    for model, own in kinds:
        rows = history_of(model).filter(**own)
        if before is not None:
            rows = rows.filter(history_date__lt=before)
        newest = rows.order_by("-history_date").values_list("history_date", flat=True).distinct()
        found.update(newest[: MOMENTS + 1])
    newest_first = sorted(found, reverse=True)
    oldest = newest_first[:MOMENTS][-1] if newest_first else None
    return oldest, len(newest_first) > MOMENTS


def _rows(model: Any, own: dict[str, Any], since: datetime | None, before: datetime | None) -> list[Any]:
    """The history rows of the page, each with the one before it as `older` and its links as `links`."""
    if since is None:
        return []
    earlier = (
        history_of(model)
        .filter(id=OuterRef("id"))
        .filter(
            models.Q(history_date__lt=OuterRef("history_date"))
            | models.Q(history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id"))
        )
    )
    newest = earlier.order_by("-history_date", "-history_id").values("history_id")[:1]
    wanted = history_of(model).filter(**own, history_date__gte=since).annotate(older_id=Subquery(newest))
    if before is not None:
        wanted = wanted.filter(history_date__lt=before)
    rows = list(wanted.select_related("history_user"))
    older = history_of(model).in_bulk([row.older_id for row in rows if row.older_id])
    _note_links([*rows, *older.values()])
    for row in rows:
        row.older = older.get(row.older_id)
    return rows


def _note_links(rows: list[Any]) -> None:
    """Note on each history row which records it was linked to, with one query for each field."""
    by_id: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        row.links = {column: [] for column in row._history_m2m_fields}
        by_id[row.pk].append(row)
    for column in rows[0].links if rows else ():
        target = f"{column.m2m_reverse_field_name()}_id"
        links = getattr(type(rows[0]), column.name).model.objects.filter(history_id__in=by_id)
        for history_id, pk in links.order_by(target).values_list("history_id", target):
            for row in by_id[history_id]:
                row.links[column].append(pk)


def _releases(record: Aggregate) -> Iterator[Entry]:
    """Versions and withdrawals of the record. Withdrawals are in the releases since its first version."""
    versions = (
        Version.objects.filter(uid=record.uid).select_related("release__by").defer("document", "labels")
    )
    first = None
    for version in versions.order_by("number"):
        made = version.release
        first = first or made.number
        yield Entry(
            made.at,
            name_of(made.by),
            f"Published as version {version.number}",
            made.why,
            version=version.number,
        )
    if first is not None:
        acted = Release.objects.filter(number__gt=first, acts__contains=record.uid).select_related("by")
        for made in acted:
            if record.uid not in json.loads(made.acts).get("withdrawn", ()):
                continue
            yield Entry(made.at, name_of(made.by), "Withdrawn from readers", made.why)


def _groups(rows: list[Any], releases: list[datetime]) -> Iterator[list[Any]]:
    """Rows, newest first, that were written together: what was published in between divides them."""
    group: list[Any] = []
    for row in rows:
        if group and not _together(row, group[-1], releases):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _together(row: Any, later: Any, releases: list[datetime]) -> bool:
    if (row.history_user_id, reason_of(row)) != (later.history_user_id, reason_of(later)):
        return False
    if any(row.history_date <= at < later.history_date for at in releases):
        return False
    if is_of_batch(row):
        return bool(row.history_date == later.history_date)
    return bool(later.history_date - row.history_date <= TOGETHER)


def _merged(group: list[Any]) -> Iterator[Any]:
    """Each row of a group once, the record itself first: what it became, against what it was before all of it."""
    several: dict[tuple[Any, int], list[Any]] = defaultdict(list)
    for row in group:
        several[row.instance_type, row.id].append(row)
    for _, rows in sorted(several.items(), key=lambda item: not issubclass(item[0][0], Aggregate)):
        newest, oldest = rows[0], rows[-1]
        newest.older = oldest.older
        if oldest.history_type == "+":
            if newest.history_type == "-":
                continue  # it was there for no time at all
            newest.history_type = "+"
        yield newest
