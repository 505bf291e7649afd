"""From a published document back to the desk's rows: the inverse of `kb.book.documents`.

Tables say which column each field of a document is. What a document has no field for (a note of the desk's), and what
it left out since readers could not see it (a source not published then), stays as `over` has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import models

from kb.book.kinds import Document
from kb.history.shape import history_of, restorable_parts, said_columns, said_links
from kb.history.states import Row, State
from kb.models import (
    Appearance,
    Attribute,
    Claim,
    Correction,
    Event,
    Evidence,
    NamingRule,
    Place,
    PlaceName,
    PlaceStatus,
    Rebuttal,
    Review,
    StatedValue,
    Topic,
)
from sources.models import Agent, Contribution, Snapshot, Source


@dataclass(frozen=True)
class Table:
    """How the fields of a document, or of a row in it, are columns. Names alone are columns as they are.

    A field that an older document does not have yet leaves its column as it is.
    """

    plain: tuple[str, ...] = ()
    #: column → field of another name.
    called: Mapping[str, str] = field(default_factory=dict)
    #: column → group of fields, and field in it.
    named: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    #: Foreign keys, as uids, with the model that they lead to.
    links: Mapping[str, type[models.Model]] = field(default_factory=dict)
    #: Many-to-many fields, as lists of uids.
    lists: Mapping[str, type[models.Model]] = field(default_factory=dict)
    #: Days of moments and dates: column → field.
    moments: Mapping[str, str] = field(default_factory=dict)
    days: tuple[str, ...] = ()
    #: field → the model of its rows.
    rows: Mapping[str, type[models.Model]] = field(default_factory=dict)


ROOTS: Mapping[str, Table] = {
    "agent": Table(
        ("key", "name", "native_name", "wikidata", "url", "note"), called={"kind": "agent_kind"}
    ),
    "topic": Table(("key", "name", "note")),
    "source": Table(
        ("key", "type", "title", "container_title", "publisher", "issued", "language", "url", "archived_url", "doi",
         "isbn", "volume", "issue", "pages", "archive", "archive_location", "note"),
        named={"standing": ("standing", "status"), "standing_since": ("standing", "since"),
               "standing_notice": ("standing", "notice")},
        links={"in_reply_to": Source},
        lists={"derived_from": Source},
        days=("accessed",),
        rows={"contributions": Contribution},
    ),
    "place": Table(
        ("key", "geometry", "time_zone", "wikidata", "geonames", "note"),
        called={"kind": "place_kind"},
        numbers=("latitude", "longitude"),
        links={"part_of": Place},
        rows={"names": PlaceName, "statuses": PlaceStatus},
    ),
    "event": Table(
        ("key", "title", "language", "when", "note"),
        links={"part_of": Event},
        lists={"places": Place, "participants": Agent, "after": Event},
    ),
    "claim": Table(
        ("key", "statement", "language"),
        called={"kind": "claim_kind"},
        lists={"topics": Topic, "places": Place, "events": Event},
        rows={"appearances": Appearance, "values": StatedValue, "evidence": Evidence, "reviews": Review},
    ),
    "rebuttal": Table(
        ("key", "scope", "mode", "text", "language", "proposed"),
        links={"claim": Claim, "replies_to": Rebuttal, "source": Source, "raised_by": Agent},
        lists={"appearances": Appearance, "counterclaims": Claim},
        moments={"received_at": "received_on"},
        rows={"evidence": Evidence},
    ),
    "correction": Table(
        ("key", "type", "of", "said", "right", "language"),
        links={"claim": Claim, "rebuttal": Rebuttal, "corrects": Correction},
        days=("discovered",),
    ),
    "delivery": Table(
        ("key", "how"),
        links={"correction": Correction, "appearance": Appearance},
        moments={"contacted_at": "contacted_on"},
        days=("deadline",),
    ),
    "desk": Table(
        ("key", "name", "tagline", "notice", "contact", "about", "ratings_policy", "corrections_policy", "licence",
         "licence_url", "language"),
    ),
    "naming-policy": Table(
        ("key", "text", "language"),
        named={"in_text": ("letters", "text"), "in_lists": ("letters", "list"),
               "in_headings": ("letters", "heading")},
        rows={"rules": NamingRule},
    ),
}  # fmt: skip

PARTS: Mapping[type[models.Model], Table] = {
    Contribution: Table(("role",), links={"agent": Agent}),
    PlaceName: Table(
        ("text", "language", "kind", "when", "locator"),
        links={"romanisation_of": PlaceName, "source": Source},
        lists={"used_by": Agent, "used_in": Source},
    ),
    PlaceStatus: Table(("relation", "when", "locator"), links={"agent": Agent, "source": Source}),
    Appearance: Table(
        ("quote", "prefix", "suffix", "translation", "locator", "stance", "fidelity"),
        links={"source": Source, "snapshot": Snapshot, "derived_from": Appearance},
        lists={"claimants": Agent},
    ),
    StatedValue: Table(
        ("qualifier", "raw", "certainty", "edtf", "calendar", "time_zone", "relation", "offset", "unit", "as_of",
         "text"),
        numbers=("amount", "low", "high", "latitude", "longitude"),
        links={"appearance": Appearance, "relative_to": Event, "measured_from": Place},
    ),
    Evidence: Table(("relation", "quote", "language", "locator", "note"), links={"source": Source}),
    Review: Table(
        ("rating_text", "when"), numbers=("rating_value", "best", "worst"), links={"reviewer": Agent, "source": Source}
    ),
    NamingRule: Table(links={"place": Place, "first": Agent, "second": Agent}),
}  # fmt: skip


def state_of_document(document: Document, *, over: State, then: State | None) -> State:
    """What the desk's rows were when this document was published.

    `over` is the record as it is now, `then` as it was in the moment of publishing, if that is known: from it comes
    what readers could not see, so that it is not taken for what was not there.
    """
    return _Loading(document, over, then).state()


class _Loading:
    def __init__(self, document: Document, over: State, then: State | None) -> None:
        self.document, self.over, self.then = document, over, then
        self.pks = _pks(document)

    def state(self) -> State:
        kind = self.document["kind"]
        then = self.then.root if self.then else None
        root = self._row(ROOTS[kind], self.over.root, self.document, self.over.root, then)
        parts: dict[str, Row] = {}
        rows = {model: self.document.get(name, []) for name, model in ROOTS[kind].rows.items()}
        for model, _ in restorable_parts(self.over.root.model):
            parts.update(self._parts(model, rows.get(model, [])))
        return State(root, parts)

    def _parts(self, model: type[models.Model], given: list[dict[str, Any]]) -> Iterator[tuple[str, Row]]:
        told = {row["uid"] for row in given}
        then = self.then.parts if self.then else {}
        found: list[Row] = []
        for row in given:
            uid = row["uid"]
            blank = Row(model, self.pks[model, uid], uid, _defaults(model), _no_links(model))
            now, before = self.over.parts.get(uid), then.get(uid)
            loaded = self._row(PARTS[model], now or before or blank, row, now, before)
            found.append(_with_subject(loaded, row, self.pks) if model is StatedValue else loaded)
        yield from ((row.uid, row) for row in (_in_order(found) if model is Contribution else found))
        # What was there, unseen by readers, stays; what has come since does not.
        for uid, kept in self.over.parts.items():
            if kept.model is model and uid not in told and uid in then:
                yield uid, kept

    def _row(
        self, table: Table, start: Row, given: Mapping[str, Any], now: Row | None, then: Row | None
    ) -> Row:
        values, links = dict(start.values), dict(start.links)
        values.update({name: given[name] for name in table.plain if name in given})
        values.update({name: given[a][b] for name, (a, b) in table.named.items() if a in given})
        values.update({name: given[told] for name, told in table.called.items() if told in given})
        values.update({name: _number(given[name]) for name in table.numbers if name in given})
        values.update({name: _day(given[name]) for name in table.days if name in given})
        for name, told in table.moments.items():
            if told in given:
                values[name] = _moment(given[told], [row.values[name] for row in (now, then) if row])
        for name, model in table.links.items():
            if name in given:
                values[f"{name}_id"] = self._link(f"{name}_id", model, given[name], start, then)
        if not given.get("locator", True) and self._unseen_source(given, then):
            values["locator"] = start.values["locator"]
        for name, model in table.lists.items():
            if name in given:
                links[name] = self._list(name, model, given[name], start, then)
        return Row(start.model, start.pk, start.uid, values, links)

    def _link(
        self, name: str, model: type[models.Model], uid: str | None, start: Row, then: Row | None
    ) -> int | None:
        if uid is not None:
            return self.pks[model, uid]
        hidden = then is not None and then.values[name] is not None
        return start.values[name] if hidden else None

    def _list(
        self, name: str, model: type[models.Model], uids: list[str], start: Row, then: Row | None
    ) -> tuple[int, ...]:
        told = {self.pks[model, uid] for uid in uids}
        hidden = set(then.links[name]).intersection(start.links[name]) if then is not None else set()
        return tuple(sorted(told | hidden))

    @staticmethod
    def _unseen_source(given: Mapping[str, Any], then: Row | None) -> bool:
        return given.get("source") is None and then is not None and then.values.get("source_id") is not None


def _with_subject(row: Row, given: Mapping[str, Any], pks: Mapping[tuple[Any, str], int]) -> Row:
    """A stated value, about its event or place, of its attribute."""
    about = given["about"]
    subject = {"event_id": None, "place_id": None}
    model: type[models.Model] = Event if about["kind"] == "event" else Place
    subject[f"{about['kind']}_id"] = pks[model, about["uid"]]  # type: ignore[assignment]
    attribute = {"attribute_id": pks[Attribute, given["attribute"]["key"]]}
    return Row(row.model, row.pk, row.uid, {**row.values, **subject, **attribute}, row.links)


# --- single values --------------------------------------------------------------------------------------------


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _moment(text: str | None, known: list[datetime | None]) -> datetime | None:
    """The moment of which readers were told the day: one of those known, if it was on that day."""
    if text is None:
        return None
    day = date.fromisoformat(text)
    same = (moment for moment in known if moment and moment.astimezone(UTC).date() == day)
    return next(same, datetime.combine(day, time(), UTC))


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {column.attname: column.get_default() for column in said_columns(model)}


def _no_links(model: type[models.Model]) -> dict[str, tuple[int, ...]]:
    return {column.name: () for column in said_links(model)}


def _in_order(rows: list[Row]) -> list[Row]:
    """Contributions so that they follow each other as the document names them."""
    if sorted(rows, key=lambda row: (row.values["order"], row.pk)) == rows:
        return rows
    return [replace(row, values={**row.values, "order": place}) for place, row in enumerate(rows)]


# --- uids → primary keys --------------------------------------------------------------------------------------


def _pks(document: Document) -> dict[tuple[type[models.Model], str], int]:
    """The primary keys of all that a document mentions, with a query or two for each model.

    What is gone has the key that it had, by which it is missed; what nobody remembers a negative one.
    """
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    table = ROOTS[document["kind"]]
    _want(wanted, table, document)
    for name, part in table.rows.items():
        for row in document.get(name, []):
            wanted[part].add(row["uid"])
            _want(wanted, PARTS[part], row)
            if part is StatedValue:
                wanted[Event if row["about"]["kind"] == "event" else Place].add(row["about"]["uid"])
                wanted[Attribute].add(row["attribute"]["key"])
    found: dict[tuple[type[models.Model], str], int] = {}
    for model, uids in wanted.items():
        name = "key" if model is Attribute else "uid"
        there = dict(model._base_manager.filter(**{f"{name}__in": uids}).values_list(name, "pk"))
        gone = uids.difference(there)
        if gone and model is not Attribute:
            there.update(history_of(model).filter(uid__in=gone).values_list("uid", "id"))
        lost = {uid: -place for place, uid in enumerate(sorted(uids.difference(there)), start=1)}
        found.update(((model, uid), pk) for uid, pk in {**there, **lost}.items())
    return found


def _want(wanted: dict[type[models.Model], set[str]], table: Table, given: Mapping[str, Any]) -> None:
    for name, model in table.links.items():
        if given.get(name) is not None:
            wanted[model].add(given[name])
    for name, model in table.lists.items():
        wanted[model].update(given.get(name, ()))
