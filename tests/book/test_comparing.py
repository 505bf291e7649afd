"""What differs between two documents, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.book.comparing import Change, compare


def changes(older, newer, **names):
    return [(c.path, c.before, c.after) for c in compare(older, newer, lambda text: names.get(text, text))]


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        ({"statement": "It was."}, {"statement": "No."}, [("Statement", "It was.", "No.")]),
        ({"claim_kind": "other"}, {"claim_kind": "causal"}, [("Kind of claim", "other", "causal")]),
        ({"when": ""}, {"when": "1945"}, [("Date", "", "1945")]),
        ({"when": "1945"}, {"when": ""}, [("Date", "1945", "")]),
        ({"note": None}, {"note": ""}, []),
        ({"topics": ["a", "b"]}, {"topics": ["b"]}, [("Topics", "A, b", "b")]),
        ({"topics": []}, {"topics": ["a"]}, [("Topics", "", "A")]),
        (
            {"assessment": {"rating": "accurate", "disputed": False}},
            {"assessment": {"rating": "accurate", "disputed": True}},
            [("Assessment, disputed", "no", "yes")],
        ),
        (
            {"assessment": None},
            {"assessment": {"rating": "accurate"}},
            [("Assessment, rating", "", "accurate")],
        ),
        (
            {"standing": {"status": "current", "since": ""}},
            {"standing": {"status": "retracted", "since": "2017"}},
            [("Standing, status", "current", "retracted"), ("Standing, since", "", "2017")],
        ),
        ({"geonames": 5}, {"geonames": None}, [("GeoNames", "5", "")]),
        ({}, {"name": "Islands", "note": ""}, [("Name", "", "Islands")]),
    ],
)
def test_fields_are_compared_in_words(older, newer, expected):
    assert changes(older, newer, a="A") == expected


@pytest.mark.parametrize(
    "field",
    ["schema", "uid", "start", "end", "anchor", "earliest", "latest", "sha256", "snapshot", "decided_at"],
)
def test_bookkeeping_is_no_difference_to_readers(field):
    assert changes({field: 1}, {field: 2}) == []


def row(uid, **fields):
    return {"uid": uid, **fields}


def test_rows_are_matched_by_their_names_and_numbered_where_there_are_several():
    older = {"evidence": [row("e1", quote="a"), row("e2", quote="b")]}
    newer = {"evidence": [row("e1", quote="a"), row("e2", quote="c")]}
    assert changes(older, newer) == [("Evidence 2, quote", "b", "c")]
    assert changes({"evidence": [row("e1", quote="a")]}, {"evidence": [row("e1", quote="b")]}) == [
        ("Evidence, quote", "a", "b")
    ]


def test_a_row_added_or_taken_away_is_told_whole():
    one, two = row("a1", source="s1", quote="a", start=3), row("a2", source="s2", quote="b")
    older, newer = {"appearances": [one]}, {"appearances": [one, two]}
    assert changes(older, newer, s2="The letter") == [("Appearance 2", "", "The letter · b")]
    assert changes(newer, older, s2="The letter") == [("Appearance 2", "The letter · b", "")]
    assert changes({"statuses": []}, {"statuses": [row("x", relation="claims")]}) == [
        ("Status", "", "claims")
    ]


def test_rows_in_another_order_are_one_difference():
    one, two = row("c1", role="author"), row("c2", role="author")
    assert changes({"contributions": [one, two]}, {"contributions": [two, one]}) == [
        ("Contributions, order", "", "changed")
    ]


def test_codes_are_said_by_their_place_in_the_document():
    words = {"claim.claim_kind": "Cause", "claim.values.attribute.type": "", "claim.values.certainty": None}
    older = {"kind": "claim", "claim_kind": "other", "values": []}
    value = row("v", attribute={"label": "began", "type": "date"}, certainty="certain")
    newer = {"kind": "claim", "claim_kind": "causal", "values": [value]}
    found = compare(older, newer, say=lambda where, text: words.get(where))
    assert [(c.path, c.before, c.after) for c in found] == [
        ("Kind of claim", "Cause", "Cause"),
        ("Stated value", "", "began · certain"),
    ]


def test_the_kind_of_a_name_is_told_and_that_of_the_record_is_not():
    older, newer = (
        {"kind": "place", "names": [row("n", text="A", kind=kind)]} for kind in ("endonym", "exonym")
    )
    assert changes(older, newer) == [("Name, kind", "endonym", "exonym")]


def test_what_a_value_is_about_is_named():
    older = {"values": [row("v", about={"kind": "event", "uid": "e1"})]}
    newer = {
        "values": [
            row("v", about={"kind": "event", "uid": "e1"}, attribute={"key": "began", "label": "began"})
        ]
    }
    assert changes(older, older) == []
    assert changes(older, newer) == [("Stated value, attribute, label", "", "began")]


documents = st.dictionaries(
    st.sampled_from(["statement", "topics", "evidence", "assessment", "when"]),
    st.one_of(
        st.text(),
        st.none(),
        st.integers(),
        st.lists(st.text(min_size=1)),
        st.dictionaries(st.sampled_from(["rating", "note"]), st.text()),
        st.lists(
            st.fixed_dictionaries({"uid": st.sampled_from("abc"), "quote": st.text()}),
            unique_by=lambda r: r["uid"],
        ),
    ),
)


@given(documents)
def test_a_document_does_not_differ_from_itself(document):
    assert compare(document, document) == []


@given(documents, documents)
def test_the_way_back_shows_the_same_places_the_other_way_round(older, newer):
    there = {(c.before, c.after) for c in compare(older, newer) if "order" not in c.path}
    back = {(c.after, c.before) for c in compare(newer, older) if "order" not in c.path}
    assert there == back
    assert all(isinstance(c, Change) for c in compare(older, newer))
