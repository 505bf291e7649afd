"""Differences between versions are said as the pages say the same, in the reader's language."""

import pytest
from django.utils import translation

from kb.views.differences import in_words


def row(**fields):
    return {"uid": "r", **fields}


def told(older, newer):
    return [(c.path, c.before, c.after) for c in in_words(older, newer, lambda text: text)]


CLAIM = {"kind": "claim", "claim_kind": "other", "assessment": None, "evidence": []}
RATED = {
    **CLAIM,
    "claim_kind": "event-date",
    "assessment": {
        "rating": "partly-accurate",
        "disputed": True,
        "language": "ja",
        "assessed_on": "2016-12-20",
    },
    "evidence": [row(relation="gives-context", language="ru-Latn", note="Its preamble.")],
}


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        (
            {"kind": "source", "type": "post", "issued": "1945-08", "standing": {"status": "current"}},
            {"kind": "source", "type": "article", "issued": "1945-09", "standing": {"status": "retracted"}},
            [
                ("Type", "Comment", "Article"),
                ("Published", "August 1945", "September 1945"),
                ("Standing, status", "As published", "Retracted"),
            ],
        ),
        (
            {"kind": "place", "names": [row(text="A", kind="endonym")]},
            {"kind": "place", "names": [row(text="A", kind="historical")]},
            [("Name, kind", "The party’s own", "Historical")],
        ),
        (
            {"kind": "rebuttal", "decision": "under-review", "scope": "date", "reason": "accepted"},
            {"kind": "rebuttal", "decision": "accepted", "scope": "figure", "reason": "rejected"},
            [
                ("Decision", "Under review", "Accepted"),
                ("Reason", "accepted", "rejected"),
                ("Scope", "Date", "Figure"),
            ],
        ),
        (
            {"kind": "claim", "values": []},
            {
                "kind": "claim",
                "values": [row(attribute={"key": "began", "label": "began", "type": "date"}, edtf="1945")],
            },
            [("Stated value", "", "began · 1945")],
        ),
        (
            {"kind": "claim", "claim_kind": "other"},
            {"kind": "claim", "claim_kind": "made-up"},
            [("Kind of claim", "Other", "Made up")],
        ),
    ],
)
def test_codes_are_said_in_the_words_of_the_pages(older, newer, expected):
    assert told(older, newer) == expected


def test_they_are_said_in_the_language_of_the_page():
    assert told(CLAIM, RATED) == [
        ("Kind of claim", "Other", "Date of an event"),
        ("Assessment, rating", "", "Partly accurate"),
        ("Assessment, disputed", "", "yes"),
        ("Assessment, language", "", "Japanese"),
        ("Assessment, assessed on", "", "20 December 2016"),
        ("Evidence", "", "Gives context · Russian, romanised · Its preamble."),
    ]
    with translation.override("ja"):
        rating = told(CLAIM, RATED)[1]
        assert rating[2] == "一部正確"
