"""Which names label a place, and in which order (domain rule 8)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.analysis.naming import Named, first, is_latin, joined, label, letters, named


def name(
    text: str, *used_by: str, language: str = "en", kind: str = "endonym", **fields: Any
) -> dict[str, Any]:
    return {
        "uid": f"uid-{text}-{language}",
        "text": text,
        "language": language,
        "kind": kind,
        "used_by": list(used_by),
        "romanisation_of": None,
        **fields,
    }


def policy(*rules: tuple[str | None, str, str], language: str = "en") -> dict[str, Any]:
    return {
        "language": language,
        "rules": [{"place": place, "first": first, "second": second} for place, first, second in rules],
    }


ITURUP = [
    name("択捉島", "japan", language="ja"),
    name("Etorofu", "japan", language="ja-Latn"),
    name("Итуруп", "russia", language="ru"),
    name("Iturup", "russia", language="ru-Latn"),
    name("エトゥ・オロ・プ", "ainu", language="ain-Kana"),
]
ETOROFU, ITURUP_LATIN = ("Etorofu", "ja-Latn"), ("Iturup", "ru-Latn")


def test_each_party_has_one_name_that_readers_can_read_in_alphabetical_order():
    assert label("iturup", ITURUP, None) == [ETOROFU, ITURUP_LATIN]
    assert label("iturup", ITURUP, policy()) == [ETOROFU, ITURUP_LATIN]


def test_a_name_that_both_use_stands_once():
    names = [name("Shikotan", "japan", "russia", language="ja-Latn")]
    assert label("shikotan", names, None) == [("Shikotan", "ja-Latn")]
    names = [name("Shikotan", "japan", language="ja-Latn"), name("Shikotan", "russia", language="ru-Latn")]
    assert [text for text, _ in label("shikotan", names, None)] == ["Shikotan"]


def test_a_rule_for_the_pair_puts_its_first_party_first():
    assert label("iturup", ITURUP, policy((None, "russia", "japan"))) == [ITURUP_LATIN, ETOROFU]
    assert label("iturup", ITURUP, policy((None, "japan", "russia"))) == [ETOROFU, ITURUP_LATIN]


def test_a_rule_for_the_place_goes_before_one_for_the_pair():
    rules = policy((None, "japan", "russia"), ("iturup", "russia", "japan"))
    assert label("iturup", ITURUP, rules) == [ITURUP_LATIN, ETOROFU]
    assert label("another", ITURUP, rules) == [ETOROFU, ITURUP_LATIN]


def test_a_rule_for_other_parties_or_another_place_changes_nothing():
    for rule in ((None, "russia", "korea"), ("another", "russia", "japan")):
        assert label("iturup", ITURUP, policy(rule)) == [ETOROFU, ITURUP_LATIN]


def test_a_party_that_the_rule_does_not_name_comes_after_those_it_names():
    names = [*ITURUP, name("Atorkoi", "netherlands", language="nl")]
    assert [text for text, _ in label("iturup", names, policy((None, "russia", "japan")))] == [
        "Iturup",
        "Etorofu",
        "Atorkoi",
    ]
    assert [text for text, _ in label("iturup", names, None)] == ["Atorkoi", "Etorofu", "Iturup"]


def test_a_rule_for_the_place_holds_even_if_one_of_its_parties_has_no_name_there():
    names = [name("Etorofu", "japan", language="ja-Latn"), name("Atorkoi", "netherlands", language="nl")]
    rules = policy(("iturup", "russia", "japan"))
    assert [text for text, _ in label("iturup", names, rules)] == ["Etorofu", "Atorkoi"]


def test_readers_of_another_language_see_the_names_in_its_script():
    assert label("iturup", ITURUP, policy(language="ja")) == [("択捉島", "ja")]
    assert label("iturup", ITURUP, policy(language="ru")) == [("Итуруп", "ru")]


def test_where_no_name_is_legible_each_party_has_one_in_its_own_script():
    names = [name("Итуруп", "russia", language="ru"), name("択捉島", "japan", language="ja")]
    assert label("iturup", names, None) == [("Итуруп", "ru"), ("択捉島", "ja")]


def test_an_endonym_goes_before_an_exonym_and_that_before_a_romanisation():
    names = [
        name("Alpha", "japan", kind="variant", romanisation_of="uid-x"),
        name("Beta", "japan", kind="exonym"),
        name("Gamma", "japan"),
    ]
    assert [label("x", names[:count], None)[0][0] for count in (1, 2, 3)] == ["Alpha", "Beta", "Gamma"]


def test_historical_names_and_readings_are_no_labels_beside_current_ones():
    names = [name("Old", "japan", kind="historical"), name("Spelt", "russia", kind="variant"), *ITURUP]
    names.append(name("Etorofu-to", "japan", kind="reading"))
    assert label("iturup", names, None) == [ETOROFU, ITURUP_LATIN]


def test_they_stand_where_there_is_nothing_else():
    old, spoken = name("Old", "japan", kind="historical"), name("Aloud", "japan", kind="reading")
    assert label("x", [spoken, old], None) == [("Old", "en")]
    assert label("x", [spoken], None) == [("Aloud", "en")]


def test_a_name_that_nobody_is_said_to_use_stands_alone():
    assert label("x", [name("Urup", language="ru-Latn"), name("Уруп", language="ru")], None) == [
        ("Urup", "ru-Latn")
    ]


def test_a_place_without_names_has_no_label():
    assert label("x", [], None) == []
    assert label("x", [], policy((None, "japan", "russia"))) == []


@pytest.mark.parametrize("tag", ["en", "de-AT", "ja-Latn", "ru-Latn-x-desk", "zh-Latn-TW", "pl"])
def test_tags_of_latin_letters(tag):
    assert is_latin(tag)


@pytest.mark.parametrize("tag", ["ja", "ru", "zh-Hant", "ain-Kana", "und", "ko-KR", "sr-Cyrl", "en-Cyrl"])
def test_tags_of_other_letters(tag):
    assert not is_latin(tag)


PARTIES = ["ainu", "china", "japan", "russia"]
NAMES = st.lists(
    st.builds(
        lambda text, **fields: {**name(text), **fields, "uid": f"uid-{text}-{fields['language']}"},
        st.sampled_from(["Etorofu", "Iturup", "択捉島", "Итуруп", "iturup"]),
        language=st.sampled_from(["en", "ja", "ja-Latn", "ru", "ru-Latn"]),
        kind=st.sampled_from(["endonym", "exonym", "historical", "variant", "reading"]),
        used_by=st.lists(st.sampled_from(PARTIES), unique=True),
        romanisation_of=st.sampled_from([None, "uid-x"]),
    ),
    max_size=6,
    unique_by=lambda n: (n["uid"], n["kind"]),
)
RULES = st.lists(
    st.tuples(st.sampled_from([None, "iturup"]), st.sampled_from(PARTIES), st.sampled_from(PARTIES)).filter(
        lambda rule: rule[1] != rule[2]
    ),
    max_size=3,
    unique_by=lambda rule: (rule[0], rule[0] or frozenset(rule[1:])),
)


@given(NAMES, RULES, st.data())
def test_the_order_on_record_does_not_matter(names, rules, data):
    shuffled = data.draw(st.permutations(names))
    for one in shuffled:
        one["used_by"] = data.draw(st.permutations(one["used_by"]))
    assert label("iturup", shuffled, policy(*rules)) == label("iturup", names, policy(*rules))


@given(NAMES, RULES)
def test_a_label_names_what_is_on_record_once_and_never_nothing(names, rules):
    parts = label("iturup", names, policy(*rules))
    assert bool(parts) == bool(names)
    assert set(parts) <= {(one["text"], one["language"]) for one in names}
    assert len({text for text, _ in parts}) == len(parts)


# --- letters, and whose a name is -----------------------------------------------------------------------------------

SHIKOTAN = [
    name("Shikotan", "japan", "russia"),
    name("色丹島", "japan", language="ja"),
    name("しこたんとう", "japan", language="ja-Hira", kind="reading"),
    name("Шикотан", "russia", language="ru"),
]


def test_each_name_says_whose_it_is_and_what_they_write_themselves():
    assert named("iturup", ITURUP, None) == [
        Named("Etorofu", "ja-Latn", ("japan",), (("択捉島", "ja"),)),
        Named("Iturup", "ru-Latn", ("russia",), (("Итуруп", "ru"),)),
    ]
    assert named("shikotan", SHIKOTAN, None) == [
        Named("Shikotan", "en", ("japan", "russia"), (("色丹島", "ja"), ("Шикотан", "ru")))
    ]


def test_of_several_names_in_its_own_script_the_one_that_the_label_spells_is_taken():
    names = [
        name("竹嶼", "japan", language="ja"),
        name("竹島", "japan", language="ja"),
        name("Takeshima", "japan", language="ja-Latn", romanisation_of="uid-竹島-ja"),
    ]
    assert [one.own for one in named("x", names, None)] == [(("竹島", "ja"),)]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [("readers", "Etorofu / Iturup"), ("own", "択捉島 / Итуруп"), ("both", "Etorofu 択捉島 / Iturup Итуруп")],
)
def test_a_label_is_written_in_the_letters_asked_for(letters, expected):
    assert joined(named("iturup", ITURUP, None), letters) == expected


def test_a_name_without_another_form_stands_as_it_is_in_any_letters():
    names = [name("Northern Territories", "japan"), name("southern Kurils", "russia")]
    for way in ("readers", "own", "both"):
        assert joined(named("x", names, None), way) == "Northern Territories / southern Kurils"
    assert named("x", [name("Итуруп", "russia", language="ru")], None)[0].own == ()


def test_policies_that_say_nothing_of_letters_mean_those_of_readers():
    for said in (None, policy(), {**policy(), "letters": {}}):
        assert letters(said) == {"text": "readers", "list": "readers", "heading": "readers"}
    said = {**policy(), "letters": {"text": "own", "list": "both", "heading": "readers"}}
    assert letters(said) == said["letters"]


def test_a_party_s_name_can_be_put_first_and_the_others_keep_their_order():
    names = named("iturup", [*ITURUP, name("Atorkoi", "netherlands", language="nl")], None)
    assert [one.text for one in names] == ["Atorkoi", "Etorofu", "Iturup"]
    assert [one.text for one in first(names, "russia")] == ["Iturup", "Atorkoi", "Etorofu"]
    for nobody in ("", "korea"):
        assert first(names, nobody) == names


@given(NAMES, RULES, st.sampled_from([*PARTIES, ""]))
def test_whoever_is_first_a_label_has_the_same_names(names, rules, party):
    made = named("iturup", names, policy(*rules))
    assert sorted(map(repr, first(made, party))) == sorted(map(repr, made))
    assert [one.part for one in made] == label("iturup", names, policy(*rules))
