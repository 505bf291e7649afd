"""A plan says of every row what would become of it, and of every wrong cell what would be right."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.models import Attribute, Claim, Event, Place, PlaceName, StatedValue
from kb.spreadsheets.choices import Choices
from kb.spreadsheets.planning import Table
from kb.spreadsheets.rights import Rights
from sources.models import Agent, Source
from tests.kb import records
from tests.spreadsheets.sheets import changes, everything, outcomes, planned, said, table

pytestmark = pytest.mark.django_db


def test_nothing_is_written() -> None:
    before = Agent.objects.count()
    made = planned(table("agents", "key name", ["japan", "Japan"]))
    assert outcomes(made) == {"agents": {"created": 1}}
    assert Agent.objects.count() == before


def test_created_changed_unchanged_and_refused_are_told_apart() -> None:
    records.agent("japan", name="Japan", kind="state")
    records.agent("russia", name="Russia", kind="state")
    made = planned(
        table(
            "agents",
            "key name kind",
            ["japan", "Japan", "state"],
            ["russia", "Russia (USSR)", ""],
            ["china", "China", "state"],
            ["Not a key", "X", "state"],
        )
    )
    assert outcomes(made) == {"agents": {"created": 1, "changed": 1, "unchanged": 1, "refused": 1}}
    assert changes(made) == [("name", "B3", "Russia", "Russia (USSR)")]


REFUSALS: list[tuple[str, str, list[Any], list[tuple[str, str]]]] = [
    ("agents", "key name kind", ["a", "A", "robot"], [
        ("C2", "“robot” is not known here. It is one of: person, organisation, state, group, anonymous.")]),
    ("agents", "key name kind", ["a", "A", "organization"], [
        ("C2", "“organization” is not known here. Did you mean “organisation”? It is one of: person, organisation, "
         "state, group, anonymous.")]),
    ("agents", "key name", ["Big Name", "A"], [
        ("A2", "“Big Name”: A key is made of small letters a–z and digits, joined by single hyphens, as in "
         "“shumshu-landing”.")]),
    ("agents", "key name", ["a", ""], [("B2", "“name” is required, and empty.")]),
    ("agents", "key name", ["", "A"], [("A2", "“key” is required, and empty.")]),
    ("agents", "key name url", ["a", "A", "javascript:alert(1)"], [
        ("C2", "“javascript:alert(1)” is no address on the web. It begins with “https://” or “http://”.")]),
    ("agents", "key name wikidata", ["a", "A", "159"], [("C2", "“159”: A Wikidata number looks like “Q233684”.")]),
    ("agents", "key name", ["a", "A" * 301], [
        ("B2", "This has 301 characters, and there is room for 300. Shorten it.")]),
    ("agents", "key name", ["a", "A\x00B"], [
        ("B2", "The text holds a NUL character, which cannot be stored. Remove it.")]),
    ("sources", "key type title issued", ["a", "book", "A", "02/03/2024"], [
        ("D2", "“02/03/2024” can be read as 2 March 2024 (2024-03-02) or 3 February 2024 (2024-02-03). Write the one "
         "that is meant. Or say which comes first for the whole file, the day or the month.")]),
    ("sources", "key type title accessed", ["a", "book", "A", "March 2024"], [
        ("D2", "“March 2024” is no single day. Write it as in 2024-03-02.")]),
    ("sources", "key type title language", ["a", "book", "A", "Englisch!"], [
        ("D2", "“Englisch!”: A language is written as a BCP 47 tag, such as “en”, “ja-Latn” or “zh-Hant”; “und” if "
         "unknown.")]),
    ("sources", "key type title doi", ["a", "book", "A", "11.1/x"], [
        ("D2", "“11.1/x”: A DOI begins with “10.”, as in “10.1145/3323503.3361698”.")]),
    ("sources", "key type title isbn", ["a", "book", "A", "978-3-16-148410-1"], [
        ("D2", "“978-3-16-148410-1” is not an ISBN: 10 or 13 digits with a correct check digit.")]),
    ("sources", "key type title in_reply_to", ["a", "book", "A", "a"], [
        ("D2", "A source cannot be a reply to itself.")]),
    ("places", "key kind latitude longitude", ["a", "island", "91", "0"], [
        ("C2", "“91” is out of range: a latitude lies between -90 and 90.")]),
    ("places", "key kind latitude longitude", ["a", "island", "44,8", "0"], [
        ("C2", "“44,8” may be 44.8 or 448. Write it with a point, or without comma.")]),
    ("places", "key kind latitude", ["a", "island", "44"], [("A2", "Give both latitude and longitude, or neither.")]),
    ("places", "key kind geometry", ["a", "island", "{\"type\": \"Circle\"}"], [
        ("C2", "Not a GeoJSON geometry. It has a “type” (Point, MultiPoint, LineString, MultiLineString, Polygon, "
         "MultiPolygon, GeometryCollection) and its “coordinates”.")]),
    ("places", "key kind part_of", ["a", "island", "atlantis"], [
        ("C2", "There is no place “atlantis”. Add a place with this key on the sheet “places”, or have it created "
         "from its name (create: places).")]),
    ("places", "key kind geonames", ["a", "island", "-1"], [
        ("C2", "“-1” is out of range: it lies between 0 and 9,223,372,036,854,775,807.")]),
    ("claims", "key statement kind", ["a", "-", "other"], [
        ("B2", "“-” clears a field, and “statement” cannot be empty.")]),
    ("claims", "key statement kind quote", ["a", "A.", "other", "words"], [
        ("D2", "“quote” belongs to an appearance, and an appearance needs a “source”.")]),
    ("claims", "key statement kind proposed_rating", ["a", "A.", "other", "accurate"], [
        ("A2", "A proposed rating needs its reasons, in a “rationale”.")]),
    ("evidence", "uid source relation", ["", "editorial", "supports"], [
        ("A2", "Evidence belongs to a claim or to a rebuttal, not to both.")]),
    ("appearances", "uid claim source", ["short", "islands-taken", "editorial"], [
        ("A2", "“short” is no uid. It is given by Rejoinder and looks like “abc234defgh5”; leave it empty "
         "for a new row.")]),
    ("values", "uid claim about attribute value", ["", "islands-taken", "event:landing", "colour", "red"], [
        ("D2", "There is no attribute “colour”. It is one of:")]),
    ("values", "uid claim about attribute value", ["", "islands-taken", "landing", "population", "many"], [
        ("E2", "“many” is no figure. Write it as in 5003.1.")]),
    ("values", "claim about attribute value low high", ["islands-taken", "landing", "population", "", "5", "4"], [
        ("F2", "The lower figure is above the higher one.")]),
    ("values", "uid claim about attribute value", ["", "islands-taken", "event:landing", "began", ""], [
        ("E2", "“began” needs a date, or an event that it came before or after.")]),
    ("reviews", "uid claim reviewer rating_text", ["", "islands-taken", "japan", ""], [
        ("D2", "“rating_text” is required, and empty.")]),
    ("contributions", "uid source agent role order", ["", "editorial", "japan", "editor", "1.5"], [
        ("E2", "“1.5” is no whole number.")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "header", "row", "wrong"), REFUSALS, ids=lambda v: v if isinstance(v, str) else None
)
def test_a_wrong_cell_is_refused_with_what_would_be_right(
    sheet: str, header: str, row: list[Any], wrong: list[tuple[str, str]]
) -> None:
    records.agent()
    records.source()
    records.event()
    records.claim()
    found = said(planned(table(sheet, header, row)))
    assert [place for place, _, _ in found] == [f"{sheet}!{cell}" for cell, _ in wrong]
    for (_, _, message), (_, expected) in zip(found, wrong, strict=True):
        assert message == expected or (expected.endswith(":") and message.startswith(expected))


def test_everything_wrong_is_said_at_once() -> None:
    made = planned(table("sources", "key type title url issued", ["a", "boek", "", "ftp://x", "soon"]))
    assert [place for place, _, _ in said(made)] == ["sources!B2", "sources!C2", "sources!D2", "sources!E2"]


def test_a_blank_cell_leaves_and_a_hyphen_clears() -> None:
    records.source("a", title="A", publisher="P", url="https://a.example/", issued="2020")
    made = planned(table("sources", "key publisher url issued", ["a", "", "-", "-"]))
    assert changes(made) == [("issued", "D2", "2020", ""), ("url", "C2", "https://a.example/", "")]


def test_rows_refer_to_rows_further_up_and_down_and_on_other_sheets() -> None:
    made = planned(
        table("claims", "key statement kind places source", ["c", "C.", "other", "b; a", "s"]),
        table("sources", "key type title", ["s", "book", "S"]),
        table("places", "key kind part_of", ["a", "island", "b"], ["b", "archipelago", ""]),
    )
    assert outcomes(made) == {"sources": {"created": 1}, "places": {"created": 2}, "claims": {"created": 1}}


def test_a_row_that_leans_on_a_refused_one_is_refused_too() -> None:
    made = planned(
        table("places", "key kind part_of", ["a", "island", "b"], ["b", "kingdom", ""]),
        table("events", "key title places", ["e", "E", "a"]),
    )
    assert [(place, message) for place, _, message in said(made) if "refers" in message] == [
        ("places!A2", "“b” is refused, and this row refers to it."),
        ("events!A2", "“a” is refused, and this row refers to it."),
    ]


def test_a_place_is_found_by_any_of_its_names() -> None:
    records.place("iturup", "Iturup", "Etorofu", "択捉島")
    made = planned(table("events", "key title places", ["e", "E", "択捉島"]))
    assert outcomes(made) == {"events": {"created": 1}}


def test_a_name_of_several_is_refused_with_their_keys() -> None:
    records.place("springfield-a", "Springfield")
    records.place("springfield-b", "Springfield")
    assert said(planned(table("events", "key title places", ["e", "E", "Springfield"]))) == [
        (
            "events!C2",
            "Springfield",
            "“Springfield” may be any of: springfield-a, springfield-b. Write the key of the one you mean.",
        )
    ]


def test_unknown_names_are_made_only_if_asked_and_marked_for_review() -> None:
    choices = Choices(create=frozenset({"places", "agents"}))
    made = planned(
        table(
            "events",
            "key title places participants",
            ["e", "E", "Atlantis", "Plato"],
            ["f", "F", "Atlantis", ""],
            choices=choices,
        )
    )
    assert outcomes(made) == {"events": {"created": 2}, "places": {"created": 1}, "agents": {"created": 1}}
    made_for_names = {entry.table: entry.values for sheet in made.sheets for entry in sheet.made}
    place, name, agent = (made_for_names[label] for label in ("kb.place", "kb.placename", "sources.agent"))
    assert (place["key"], name["text"], agent["name"]) == ("atlantis", "Atlantis", "Plato")
    assert (
        agent["note"]
        == "Made while importing book.csv, from the name “Plato” in a reference; to be reviewed."
    )


def test_what_is_made_for_a_refused_row_is_not_made() -> None:
    choices = Choices(create=frozenset({"agents"}))
    made = planned(
        table("events", "key title when participants", ["e", "E", "soonish", "Plato"], choices=choices)
    )
    assert outcomes(made) == {"events": {"refused": 1}}
    assert not made.writes


def test_places_in_a_circle_are_refused() -> None:
    records.place("c", part_of=records.place("b"))
    assert said(planned(table("places", "key part_of", ["b", "c"]))) == [
        ("places!B2", "c", "“c” is already part of this place: the chain goes in a circle.")
    ]


def test_the_same_key_twice_is_refused_with_the_first_row() -> None:
    assert said(planned(table("topics", "key name", ["a", "A"], ["b", "B"], ["a", "C"]))) == [
        ("topics!A4", "a", "The key “a” stands in row 2 already. Give each record one row.")
    ]


def test_rows_without_keys_that_say_the_same_are_one_record() -> None:
    records.agent("lupa", name="Lupa")
    records.agent("fatos", name="Fatos")
    header = ["claim", "kind", "fact checker", "verdict"]
    rows = [
        ["It fell.", "other", "Lupa", "Falso"],
        ["It fell.", "other", "Fatos", "falso"],
        ["It fell.", "other", "Lupa", "Falso"],
    ]
    made = planned(table("claims", header, *rows))
    assert made.sheets[0].outcomes == {2: "created", 3: "changed", 4: "unchanged"}
    assert [entry.table for entry in made.entries()] == ["kb.claim", "kb.review", "kb.review"]


def test_rows_without_keys_that_disagree_are_refused() -> None:
    made = planned(table("claims", ["claim", "kind"], ["It fell.", "other"], ["It fell.", "opinion"]))
    assert said(made) == [
        ("claims!B3", "opinion", "Row 2 has the same record with “other” here. Make them agree.")
    ]


def test_values_are_translated_and_constants_fill_every_row() -> None:
    choices = Choices(constants={"kind": "other"}, values={"language": {"Portuguese": "pt"}})
    made = planned(table("claims", ["claim", "language"], ["Caiu.", "portuguese"], choices=choices))
    entry = next(made.entries())
    assert (entry.values["kind"], entry.values["language"]) == ("other", "pt")


def test_the_date_order_is_the_editors() -> None:
    for day_first, issued in ((True, "2024-03-02"), (False, "2024-02-03")):
        made = planned(
            table(
                "sources",
                "title type issued",
                ["A", "book", "02/03/2024"],
                choices=Choices(day_first=day_first),
            )
        )
        assert next(made.entries()).values["issued"] == issued


def test_a_gazetteer_brings_places_with_their_names() -> None:
    header = ["geonameid", "name", "alternatenames", "latitude", "longitude"]
    made = planned(
        table(
            "places",
            header,
            [1792260, "Wafangdian", "Fu,Fuxian", "39.61833", "122.00806"],
            choices=Choices(constants={"kind": "city"}),
        )  # fmt: skip
    )
    assert [(e.table, e.values.get("text")) for e in made.entries()] == [
        ("kb.place", None),
        ("kb.placename", "Wafangdian"),
        ("kb.placename", "Fu"),
        ("kb.placename", "Fuxian"),
    ]


# --- parts without a uid --------------------------------------------------------------------------------------------


def test_a_part_without_a_uid_is_found_by_what_makes_it_the_same() -> None:
    claim, work = records.claim(), records.source()
    records.appearance(claim, work, quote="taken in August", locator="p. 1")
    made = planned(
        table(
            "appearances",
            "claim source quote locator",
            ["islands-taken", "editorial", "taken in August", "p. 2"],
        )
    )
    assert changes(made) == [("locator", "D2", "p. 1", "p. 2")]


def test_a_part_with_another_quote_is_another_part() -> None:
    records.appearance(records.claim(), records.source(), quote="taken in August")
    made = planned(table("appearances", "claim source quote", ["islands-taken", "editorial", "taken in May"]))
    assert outcomes(made) == {"appearances": {"created": 1}}


def test_several_parts_that_it_may_be_are_named() -> None:
    claim, work = records.claim(), records.source()
    uids = sorted(records.appearance(claim, work, quote="taken").uid for _ in range(2))
    assert said(
        planned(table("appearances", "claim source quote", ["islands-taken", "editorial", "taken"]))
    ) == [
        (
            "appearances!A2",
            "",
            f"Several appearances are like this row: {', '.join(uids)}. Write the uid of the one you mean.",
        )
    ]


def test_a_name_that_a_place_has_is_not_given_twice() -> None:
    records.place("iturup", "Iturup")
    other = PlaceName.objects.create(place=Place.objects.get(), text="Etorofu", language="en", kind="exonym")
    made = planned(
        table("place_names", "uid place text language kind", [other.uid, "", "Iturup", "", "endonym"])
    )
    assert [message for _, _, message in said(made)] == ["This place already has this name in this language."]


def test_a_quote_is_looked_for_in_the_captured_text() -> None:
    work = records.source()
    records.snapshot(work)
    records.claim()
    header = "claim source quote"
    made = planned(
        table(
            "appearances",
            header,
            ["islands-taken", "editorial", "taken in August"],
            ["islands-taken", "editorial", "taken in May"],
            ["islands-taken", "editorial", "in"],
        )
    )
    assert [e.values["anchor"] for e in made.entries()] == ["exact", "orphan"]
    assert [(w.cell, w.message) for w in made.warnings] == [
        ("C3", "These words are not in the source’s text as captured. They are kept, marked as not found.")
    ]
    assert said(made) == [
        (
            "appearances!C4",
            "in",
            "These words occur 2 times there. Give the words before or after them to tell which.",
        )
    ]


# --- rights ---------------------------------------------------------------------------------------------------------


def test_whoever_may_not_import_plans_nothing() -> None:
    user = records.account("reader", "Reader of everything")
    with pytest.raises(PermissionDenied, match="Importing a spreadsheet needs a right that you do not have."):
        planned(table("topics", "key name", ["a", "A"]), rights=Rights(user))


def test_rights_are_asked_row_by_row() -> None:
    from django.contrib.auth.models import Permission

    user = records.account("importer-of-topics")
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_importbatch", "change_topic"]))
    records.topic("a")
    made = planned(table("topics", "key name", ["a", "New name"], ["b", "B"]), rights=Rights(user))
    assert outcomes(made) == {"topics": {"changed": 1, "refused": 1}}
    assert said(made) == [("topics!A3", "", "Creating a topic needs a right that you do not have.")]


def test_an_editor_may_import() -> None:
    made = planned(
        table("topics", "key name", ["a", "A"]), rights=Rights(records.account("editor", "Editor"))
    )
    assert outcomes(made) == {"topics": {"created": 1}}


# --- cost -----------------------------------------------------------------------------------------------------------


def rows(count: int) -> list[list[str]]:
    return [[f"c{i}", f"Claim {i}.", "other", f"p{i % 7}", "editorial", f"quote {i}"] for i in range(count)]


def test_the_number_of_queries_is_the_same_for_one_row_and_for_a_batch() -> None:
    records.source()
    for i in range(7):
        records.place(f"p{i}")
    everything()
    counts = []
    for count in (1, 400):
        with CaptureQueriesContext(connection) as found:
            planned(table("claims", "key statement kind places source quote", *rows(count)))
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert counts[1] < 20


def test_the_same_for_records_that_are_there() -> None:
    records.source()
    for i in range(7):
        records.place(f"p{i}")
    for row in rows(30):
        claim = Claim.objects.create(key=row[0], statement=row[1], kind="other")
        claim.places.add(Place.objects.get(key=row[3]))
        records.appearance(claim, Source.objects.get(), quote=row[5])
    everything()
    counts = []
    for count in (1, 30):
        with CaptureQueriesContext(connection) as found:
            made = planned(table("claims", "key statement kind places source quote", *rows(count)))
        counts.append(len(found))
        assert outcomes(made) == {"claims": {"unchanged": count}}
    assert counts[0] == counts[1]


def test_a_required_column_of_unknown_values_is_refused_by_its_own_cells() -> None:
    rows = [[f"c-{n}", f"Statement {n}.", "rumour"] for n in range(4)]
    refused = said(planned(table("claims", "key statement kind", *rows)))
    assert [(cell, value) for cell, value, _ in refused] == [(f"claims!C{n}", "rumour") for n in range(2, 6)]
    assert "“rumour” is not known here" in refused[0][2]


def test_a_reference_of_which_something_wrong_was_said_is_not_called_empty_as_well() -> None:
    rows = [["nowhere", f"Name {number}", "en"] for number in range(40)]
    made = planned(table("place_names", "place text language", *rows))
    unknown = (
        "There is no place “nowhere”. Add a place with this key on the sheet “places”, or have it created from its "
        "name (create: places)."
    )
    assert said(made) == [(f"place_names!A{number}", "nowhere", unknown) for number in range(2, 42)]


def test_every_missing_column_is_said_of_a_row() -> None:
    made = planned(table("place_names", "note text", ["x", "Etorofu"]))
    assert [message for _, _, message in said(made)] == [
        "“place” is required, and empty.",
        "“language” is required, and empty.",
    ]


def test_a_reference_without_an_address_is_called_by_its_title() -> None:
    choices = Choices(create=frozenset({"sources"}), constants={"kind": "other"})
    rows = [
        ["Iturup is an island.", "A gazetteer", "https://example.org/a"],
        ["Urup is another.", "A map", ""],
    ]
    made = planned(table("claims", "statement source_title source_url", *rows, choices=choices))
    sources = [e.values for e in made.entries() if e.table == "sources.source"]
    assert [(s["title"], s.get("url", "")) for s in sources] == [
        ("A gazetteer", "https://example.org/a"),
        ("A map", ""),
    ]


class TestConflictsForeseen:
    def foreseen(self, *tables: Table) -> list[tuple[str, str]]:
        from kb.spreadsheets.foreseeing import foreseen

        made = planned(*tables)
        assert made.problems == []
        return [(p.cell, p.message) for p in foreseen(made, tables)]

    def test_a_row_that_contradicts_the_desk_or_another_row_is_told(self) -> None:
        records.event("landing")
        claim = records.claim("old", statement="It was on the 8th.")
        attribute = Attribute.objects.get(key="occurred")
        StatedValue.objects.create(
            claim=claim, event=Event.objects.get(), attribute=attribute, edtf="1945-08-08"
        )
        records.claim("new")
        rows = [
            ["new", "event:landing", "occurred", "1945-08-08"],
            ["new", "event:landing", "occurred", "1945-08-09"],
            ["new", "event:landing", "signed", "1945-08-10"],
        ]
        assert self.foreseen(table("values", "claim about attribute value", *rows)) == [
            ("D3", "A conflict: this row says 9 August 1945; the claim “It was on the 8th.” says 8 August 1945: no day "
             "satisfies both."),
            ("D3", "A conflict: this row says 9 August 1945; row 2 says 8 August 1945: no day satisfies both."),
        ]  # fmt: skip

    def test_values_that_lean_on_an_event_of_the_same_file_are_compared(self) -> None:
        events = table(
            "events", "key title when", ["surrender", "Surrender", "1945-08-15"], ["landing", "Landing", ""]
        )
        claims = table("claims", "key statement kind", ["a", "A.", "event-date"], ["b", "B.", "event-date"])
        values = table(
            "values", "claim about attribute value relative_to",
            ["a", "event:landing", "occurred", "", "before event:surrender"],
            ["b", "event:landing", "occurred", "1945-08-18", ""],
        )  # fmt: skip
        (only,) = self.foreseen(events, claims, values)
        assert only == (
            "D3",
            "A conflict: this row says 18 August 1945; row 2 says before “Surrender”, which the desk dates to 15 "
            "August 1945: no day satisfies both.",
        )

    def test_a_value_that_is_changed_is_not_compared_with_what_it_was(self) -> None:
        records.event("landing")
        value = StatedValue.objects.create(
            claim=records.claim("a"), event=Event.objects.get(), edtf="1945-08-08",
            attribute=Attribute.objects.get(key="occurred"),
        )  # fmt: skip
        changed = table("values", "uid attribute value", [value.uid, "occurred", "1945-08-09"])
        assert self.foreseen(changed) == []
        assert outcomes(planned(changed)) == {"values": {"changed": 1}}

    def test_queries_do_not_grow_with_the_rows(self) -> None:
        for number in range(3):
            records.event(f"event-{number}")
        records.claim("a")

        def queries(rows: int) -> int:
            sheet = table(
                "values", "claim about attribute value",
                *([ "a", f"event:event-{n}", "occurred", f"1945-08-0{day}"] for n in range(rows) for day in (1, 2)),
            )  # fmt: skip
            with CaptureQueriesContext(connection) as made:
                assert len(self.foreseen(sheet)) == rows
            return len(made)

        queries(1)  # makes the account whose rights count
        assert queries(1) == queries(3)
