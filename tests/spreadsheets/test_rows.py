"""The desk's records become rows: these cells, in this order, for so few queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.book import writing as book
from kb.models import Attribute, Evidence, PlaceName, StatedValue
from kb.spreadsheets import rows as module
from kb.spreadsheets.layout import BY_NAME, SHEETS
from kb.spreadsheets.rows import Rows, hidden_from, published, rows
from sources.models import Contribution, Snapshot
from tests.kb import records

pytestmark = pytest.mark.django_db


def filled(name: str, found: Rows | None = None, **options: Any) -> list[dict[str, str]]:
    """The rows of a sheet, each with the cells that are not blank."""
    sheet = BY_NAME[name]
    return [
        {column: cell for column, cell in zip(sheet.by_name, row.cells, strict=True) if cell}
        for row in rows(sheet, found, **options)
    ]


def test_a_source_has_its_authors_in_order_and_its_newest_text() -> None:
    article, other = records.source("article"), records.source("another-article")
    source = records.source(
        "editorial",
        language="en",
        issued="2016-12",
        accessed=date(2026, 11, 2),
        in_reply_to=article,
        note="Two\nlines; \\-",
    )
    source.derived_from.add(other, article)
    for order, key in enumerate(["roe", "doe"]):
        Contribution.objects.create(source=source, agent=records.agent(key), order=order)
    Contribution.objects.create(source=source, agent=records.agent("poe"), role="editor", order=3)
    noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    Snapshot.objects.create(
        source=source, text="Newest.", captured_at=noon, rights="public", extent="excerpts"
    )
    Snapshot.objects.create(source=source, text="Oldest.", captured_at=noon - timedelta(days=1))
    assert filled("sources")[2] == {
        "key": "editorial",
        "type": "article-magazine",
        "title": "The editorial",
        "authors": "roe; doe",
        "issued": "2016-12",
        "language": "en",
        "accessed": "2026-11-02",
        "in_reply_to": "article",
        "derived_from": "another-article; article",
        "standing": "current",
        "text": "Newest.",
        "text_extent": "excerpts",
        "text_rights": "public",
        "note": "Two\nlines; \\\\-",
    }
    made = Contribution.objects.get(role="editor")
    assert filled("contributions") == [
        {"uid": made.uid, "source": "editorial", "agent": "poe", "role": "editor", "order": "3"}
    ]


def test_a_place_has_plain_numbers_and_its_geometry_as_json() -> None:
    records.place("kurils")
    records.place(
        "iturup",
        part_of_id=records.place("chain").pk,
        latitude=Decimal("44.8333"),
        longitude=Decimal("147.8"),
        geonames=2127718,
        geometry={"type": "Point", "coordinates": [147.8, 44.8]},
    )
    assert filled("places")[2] == {
        "key": "iturup",
        "kind": "island",
        "part_of": "chain",
        "latitude": "44.8333",
        "longitude": "147.8",
        "geometry": '{"coordinates":[147.8,44.8],"type":"Point"}',
        "geonames": "2127718",
    }


def test_a_name_is_used_by_agents_and_in_sources() -> None:
    place = records.place("iturup", "択捉島")
    (first,) = place.names.all()
    second = PlaceName.objects.create(place=place, text="Etorofu", language="ja-Latn", romanisation_of=first)
    second.used_by.add(records.agent("japan"), records.agent("allies"))
    second.used_in.add(records.source("treaty"))
    assert filled("place_names")[1] == {
        "uid": second.uid,
        "place": "iturup",
        "text": "Etorofu",
        "language": "ja-Latn",
        "kind": "endonym",
        "used_by": "allies; japan; source:treaty",
        "romanisation_of": first.uid,
    }


@pytest.mark.parametrize(
    ("attribute", "fields", "cells"),
    [
        (
            "began",
            {"edtf": "1945-08-18", "time_zone": "Asia/Tokyo"},
            {"value": "1945-08-18", "time_zone": "Asia/Tokyo"},
        ),
        (
            "began",
            {"relation": "within", "offset": "P3M", "relative_to": "surrender"},
            {"relative_to": "within P3M event:surrender"},
        ),
        (
            "distance",
            {"amount": Decimal("5.100000"), "unit": "km", "measured_from": "iturup"},
            {"value": "5.1", "unit": "km", "relative_to": "from place:iturup"},
        ),
        (
            "population",
            {"low": Decimal("-1"), "high": Decimal("20"), "as_of": "1945"},
            {"low": "-1", "high": "20", "as_of": "1945"},
        ),
        (
            "coordinates",
            {"latitude": Decimal("44.5"), "longitude": Decimal("-147.25")},
            {"value": "44.5; -147.25"},
        ),
        ("named", {"text": "-"}, {"value": "\\-"}),
    ],
)
def test_a_value_is_what_its_attribute_says(
    attribute: str, fields: dict[str, Any], cells: dict[str, str]
) -> None:
    place = records.place("iturup")
    if "relative_to" in fields:
        fields = {**fields, "relative_to": records.event("surrender")}
    if "measured_from" in fields:
        fields = {**fields, "measured_from": place}
    value = StatedValue.objects.create(
        claim=records.claim("said"),
        place=place,
        attribute=Attribute.objects.get(key=attribute),
        raw="as said",
        **fields,
    )
    assert filled("values") == [
        {
            "uid": value.uid,
            "claim": "said",
            "about": "place:iturup",
            "attribute": attribute,
            "raw": "as said",
            "calendar": "gregorian",
            "certainty": "certain",
            **cells,
        }
    ]


def test_a_claim_leaves_to_other_sheets_what_they_have() -> None:
    records.full(2)
    claim = BY_NAME["claims"].model._base_manager.get()
    claim.assessments.create(rating="accurate", rationale="Because.")
    assert filled("claims") == [
        {
            "key": "claim-2",
            "statement": "Statement of claim-2.",
            "kind": "event-date",
            "language": "en",
            "topics": "topic-2-0; topic-2-1",
        }
    ]
    assert [row["claimants"] for row in filled("appearances")] == ["agent-2-0", "agent-2-1"]
    assert [row["rating_text"] for row in filled("reviews")] == ["Falso", "Falso"]


def test_evidence_belongs_to_a_claim_or_a_rebuttal() -> None:
    claim, source = records.claim("said"), records.source("treaty")
    Evidence.objects.create(claim=claim, source=source, relation="supports")
    Evidence.objects.create(
        rebuttal=records.rebuttal(claim, "comment"), source=source, relation="contradicts"
    )
    assert [(row.get("claim"), row.get("rebuttal")) for row in filled("evidence")] == [
        ("said", None),
        (None, "comment"),
    ]


def test_a_rebuttal_names_appearances_by_uid_and_claims_by_key() -> None:
    claim, source = records.claim("said"), records.source("editorial")
    said = [records.appearance(claim, source), records.appearance(claim, source)]
    challenge = records.rebuttal(claim, "comment", proposed="September.", raised_by=records.agent("a-reader"))
    challenge.appearances.set(said)
    challenge.counterclaims.set([records.claim("b"), records.claim("a")])
    assert filled("rebuttals") == [
        {
            "key": "comment",
            "claim": "said",
            "scope": "date",
            "mode": "contradicts",
            "text": "It was later.",
            "language": "en",
            "proposed": "September.",
            "raised_by": "a-reader",
            "appearances": "; ".join(sorted(row.uid for row in said)),
            "counterclaims": "a; b",
        }
    ]


def test_any_text_that_the_database_can_hold_is_a_cell() -> None:
    records.agent("odd", note=" =1+1\x0b; _x000B_ \r\n-", native_name="-", name="\u202e𠮷 ")
    assert filled("agents") == [
        {
            "key": "odd",
            "name": "\u202e𠮷 \\",
            "native_name": "\\-",
            "kind": "state",
            "note": "\\ =1+1_x000B_; _x005F_x000B_ _x000D_\n-",
        }
    ]


def test_rows_stream_in_batches_in_the_order_of_their_making() -> None:
    keys = [records.topic(key).key for key in ("c", "a", "d", "b", "e")]
    sheet = BY_NAME["topics"]
    for batch in (1, 2, 5, 1000):
        assert [row.name for row in rows(sheet, batch=batch)] == keys
    some = sheet.model._base_manager.filter(key__in=["b", "c", "e"]).order_by("-name")
    assert [row.name for row in rows(sheet, some, batch=2)] == ["c", "b", "e"]
    assert [row.pk for row in rows(sheet, some)] == sorted(record.pk for record in some)


def test_texts_that_would_fill_the_memory_come_in_smaller_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("a", "b", "c", "d"):
        records.snapshot(records.source(key), f"{key * 10}")
    expected = list(rows(BY_NAME["sources"]))
    monkeypatch.setattr(module, "CHARACTERS", 25)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert list(rows(BY_NAME["sources"])) == expected
    assert len([query for query in queries if 'AS "_text"' in query["sql"]]) == 2


def test_the_queries_do_not_grow_with_the_rows() -> None:
    def counted() -> dict[str, int]:
        found = {}
        for sheet in SHEETS:
            with CaptureQueriesContext(connection) as queries:
                assert list(rows(sheet))
            found[sheet.name] = len(queries)
        return found

    def with_role(number: int) -> None:
        work = records.full(number)["source"]
        Contribution.objects.create(source=work, agent=records.agent(f"editor-{number}"), role="editor")

    with_role(1)
    few = counted()
    with_role(6)
    assert counted() == few
    assert few == {
        **dict.fromkeys(BY_NAME, 1),
        "sources": 4,
        "place_names": 3,
        "events": 4,
        "claims": 4,
        "appearances": 2,
        "rebuttals": 3,
    }


def test_only_what_readers_can_see_is_published() -> None:
    public, draft, gone = (records.source(key) for key in ("public", "draft", "gone"))
    editors = [records.agent(f"editor-of-{source.key}") for source in (public, draft)]
    for source, editor in zip((public, draft), editors, strict=True):
        Contribution.objects.create(source=source, agent=editor, role="editor")
    publisher = records.account("publisher", "Publisher")
    public.refresh_revision()
    book.release([public, gone, editors[0]], by=publisher, why="They are ready.")
    book.withdraw([gone], by=publisher, why="It was wrong.")
    public.title = "An edit that is not published yet"
    public.save()
    found = {sheet.name: [row.name for row in rows(sheet, published(sheet))] for sheet in SHEETS}
    assert {name: keys for name, keys in found.items() if keys} == {
        "agents": ["editor-of-public"],
        "sources": ["public"],
        "contributions": [public.contributions.get().uid],
    }
    assert filled("sources", published(BY_NAME["sources"]))[0]["title"] == "An edit that is not published yet"


def may(*codes: str) -> User:
    user = records.account("-".join(codes) or "nobody")
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return user


def test_a_user_sees_the_sheets_and_columns_that_the_admin_shows_them() -> None:
    assert hidden_from(may()) == {}
    assert hidden_from(may("view_topic", "change_source")) == {
        "topics": frozenset(),
        "sources": frozenset({"authors", "text", "text_extent", "text_rights"}),
    }
    assert hidden_from(may("view_source", "view_snapshot"))["sources"] == {"authors"}
    everything = hidden_from(User.objects.create_superuser("root"))
    assert everything == {name: frozenset() for name in BY_NAME}


def test_hidden_columns_stay_empty() -> None:
    records.snapshot(records.source("editorial"))
    hidden = {"text", "text_extent", "text_rights"}
    with CaptureQueriesContext(connection) as queries:
        (row,) = filled("sources", hidden=hidden)
    assert row == {
        "key": "editorial",
        "type": "article-magazine",
        "title": "The editorial",
        "language": "und",
        "standing": "current",
    }
    assert not [query for query in queries if "sources_snapshot" in query["sql"]]
