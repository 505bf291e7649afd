"""Prose of the desk with one party's name of a disputed place (docs/naming.md)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.analysis import one_sided
from kb.analysis.one_sided import OneSided, candidates, of_record, of_text, of_texts
from kb.models import Claim, NamingPolicy, Place, PlaceName
from tests.kb import records

pytestmark = pytest.mark.django_db


def name(place: Place, text: str, *users: str, kind: str = "endonym", language: str = "und") -> None:
    row = PlaceName.objects.create(place=place, text=text, language=language, kind=kind)
    row.used_by.set(records.agent(key) if key not in KNOWN else KNOWN[key] for key in users)


KNOWN: dict = {}


@pytest.fixture(autouse=True)
def places():
    KNOWN.clear()
    KNOWN.update((key, records.agent(key)) for key in ("japan", "russia", "korea", "china", "taiwan"))
    made = {
        key: records.place(key)
        for key in ("iturup", "chain", "four", "shikotan", "sea", "rocks", "senkaku", "urup", "japan")
    }
    for text, language, user in (
        ("択捉島", "ja", "japan"),
        ("Etorofu", "ja-Latn", "japan"),
        ("Итуруп", "ru", "russia"),
        ("Iturup", "ru-Latn", "russia"),
    ):
        name(made["iturup"], text, user, language=language)
    name(made["iturup"], "えとろふとう", "japan", kind="reading", language="ja-Hira")
    name(made["iturup"], "Yetorofu", kind="historical", language="en")
    name(made["iturup"], "Staten Land", "russia", kind="historical", language="en")
    name(made["chain"], "Kuril Islands", language="en")
    name(made["four"], "Northern Territories", "japan", language="en")
    name(made["four"], "southern Kuril Islands", "russia", language="en")
    name(made["shikotan"], "Shikotan", "japan", "russia", language="en")
    name(made["sea"], "Sea of Japan", "japan", language="en")
    name(made["sea"], "East Sea", "korea", language="en")
    name(made["japan"], "Japan", language="en")
    for text, language, user in (
        ("竹島", "ja", "japan"),
        ("Takeshima", "ja-Latn", "japan"),
        ("독도", "ko", "korea"),
        ("Dokdo", "ko-Latn", "korea"),
    ):
        name(made["rocks"], text, user, language=language)
    for text, user in (("Senkaku", "japan"), ("Diaoyu", "china"), ("Tiaoyutai", "taiwan")):
        name(made["senkaku"], text, user, language="en")
    name(made["urup"], "Urup", "russia", language="ru-Latn")
    return made


def said(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(one.used, one.party) for one in of_text(text)]


def test_it_names_what_was_used_whose_it_is_the_others_and_what_the_policy_would_write(places):
    policy = records.naming_policy((KNOWN["russia"], KNOWN["japan"]))
    assert of_text("The landing on Etorofu began.") == [
        OneSided(
            places["iturup"].pk,
            ("Etorofu",),
            "Japan",
            (("Russia", ("Iturup", "Итуруп")),),
            "Iturup / Etorofu",
        )
    ]
    assert str(of_text("The landing on Etorofu began.")[0]) == (
        "“Etorofu” is what Japan calls the place, and the names of others are not there (Russia: Iturup, Итуруп). "
        "The naming policy would write “Iturup / Etorofu”."
    )
    NamingPolicy.objects.filter(pk=policy.pk).update(in_text="both")
    assert of_text("Iturup")[0].label == "Iturup Итуруп / Etorofu 択捉島"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Etorofu.", [(("Etorofu",), "Japan")]),
        ("ETOROFU’S coast", [(("Etorofu",), "Japan")]),
        ("Ｅｔｏｒｏｆｕ", [(("Etorofu",), "Japan")]),
        ("Etorôfu and Etōrofu", [(("Etorofu",), "Japan")]),
        ("択捉島に上陸した。", [(("択捉島",), "Japan")]),
        ("えとろふとうへ", [(("えとろふとう",), "Japan")]),
        ("Высадка на Итурупе", [(("Итуруп",), "Russia")]),
        ("к северу от Итурупа", [(("Итуруп",), "Russia")]),
        ("독도는 섬이다", [(("독도",), "Korea")]),
        ("the Northern Territories issue", [(("Northern Territories",), "Japan")]),
        ("in the southern Kuril Islands", [(("southern Kuril Islands",), "Russia")]),
        ("over the Sea of Japan", [(("Sea of Japan",), "Japan")]),
        ("Etorofu, then Takeshima", [(("Etorofu",), "Japan"), (("Takeshima",), "Japan")]),
        ("Etorofu (択捉島)", [(("択捉島", "Etorofu"), "Japan")]),
    ],
)
def test_one_party_s_name_is_found_in_any_script_and_spelling(text, expected):
    assert [(set(used), party) for used, party in said(text)] == [
        (set(used), party) for used, party in expected
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nothing here.",
        "The landing on Iturup / Etorofu.",
        "Etorofu, which Russia calls Iturup",
        "Итуруп (択捉島)",
        "Etorofuan seals",  # another word
        "Urup and Shikotan",  # one name, or the same for both
        "Senkaku / Diaoyu",  # two of three
        "the Kuril Islands",
        "then called Yetorofu",  # nobody's
        "then called Staten Land",  # what was once its name
        "Japan",
        "Итурупский",  # an adjective is no name
    ],
)
def test_what_names_both_or_none_or_something_else_is_no_cause_for_a_warning(text):
    assert said(text) == []


@pytest.mark.parametrize("quoted", ["“%s”", '"%s"', "«%s»", "„%s“", "「%s」", "『%s』", "‘%s’"])
def test_quotations_are_left_alone(quoted):
    assert said(f"It says {quoted % 'Etorofu is ours'} and nothing else.") == []
    # They name nothing for the desk either: what stands outside is looked at by itself.
    assert said(f"Etorofu, and it says {quoted % 'Iturup'}.") == [(("Etorofu",), "Japan")]
    assert said(f"Etorofu’s note says {quoted % 'x'} of Iturup’s.") == []


def test_a_name_within_a_longer_one_is_not_named(places):
    name(places["japan"], "Nippon", "japan", language="en")
    name(places["japan"], "Japan", "russia", kind="exonym", language="ru-Latn")
    assert said("the Sea of Japan and the East Sea") == []


def test_each_part_of_a_record_s_own_prose_is_named():
    claim = records.claim(statement="Etorofu is an island.", note="Iturup is, too.")
    assert [(label, one.used) for label, one in of_record(claim)] == [
        ("statement", ("Etorofu",)),
        ("note", ("Iturup",)),
    ]
    event = records.event(title="The landing on Iturup")
    assert [(label, one.party) for label, one in of_record(event)] == [("title", "Russia")]
    challenge = records.rebuttal(claim, text="Etorofu!", proposed="Iturup", reason="")
    assert [(label, one.party) for label, one in of_record(challenge)] == [("proposed", "Russia")]
    amends = records.correction(claim, said="Etorofu", right="Iturup")
    assert [(label, one.party) for label, one in of_record(amends)] == [("what is right", "Russia")]
    assert list(of_record(records.source(title="Etorofu"))) == []


def test_records_in_review_are_found_and_others_are_not():
    waiting = [records.claim(f"claim-{n}", statement=text) for n, text in enumerate(("Etorofu", "Urup"))]
    records.claim("draft", statement="Etorofu")
    Claim.objects.filter(pk__in=[one.pk for one in waiting]).update(editing_state="in-review")
    assert one_sided.in_review(Claim) == [waiting[0].pk]


def test_many_texts_ask_no_more_than_one():
    with CaptureQueriesContext(connection) as one:
        of_text("Etorofu and Takeshima and Senkaku")
    texts = {n: f"Etorofu {n}, Takeshima and Senkaku" for n in range(30)}
    with CaptureQueriesContext(connection) as many:
        found = of_texts(texts)
    assert len(many) <= len(one) + 1  # the words themselves are asked for 500 at a time
    assert {len(places) for places in found.values()} == {3}


def test_very_many_words_are_compared_with_the_names_instead(monkeypatch):
    texts = {n: f"Etorofu {n}, Takeshima and Senkaku" for n in range(5)}
    few = of_texts(texts)
    monkeypatch.setattr(one_sided, "ASKED", 10)
    assert of_texts(texts) == few


def test_a_text_of_unspaced_script_has_bounded_candidates():
    assert len(candidates("択" * 20_000)) == one_sided.CHARACTERS - 1
    assert {"択捉", "捉島", "択捉島"} == set(candidates("択捉島"))
    assert "エトゥオロプ" in candidates("エトゥ・オロ・プ")
