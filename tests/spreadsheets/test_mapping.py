"""A column of somebody else's maps right or stays unmapped, never wrong."""

import pytest

from kb.spreadsheets import synonyms
from kb.spreadsheets.choices import Choices, MappingError, profile, save_profile, shipped_profiles
from kb.spreadsheets.columns import all_columns
from kb.spreadsheets.keys import made_key, new_uid, slug
from kb.spreadsheets.layout import BY_NAME
from kb.spreadsheets.mapping import map_columns
from kb.spreadsheets.spelling import recognised
from kb.spreadsheets.which_sheet import sheet_by_columns, sheet_by_name


def mapped(
    sheet: str, *headers: str, samples: dict[int, list[str]] | None = None, **choices: object
) -> dict[str, str]:
    found = map_columns(BY_NAME[sheet], headers, Choices(**choices), samples=samples)  # type: ignore[arg-type]
    return {match.header: match.column for match in found.matches}


@pytest.mark.parametrize("sheet", list(BY_NAME))
def test_our_own_columns_are_themselves(sheet: str) -> None:
    names = list(BY_NAME[sheet].by_name)
    assert mapped(sheet, *names) == {name: name for name in names}


@pytest.mark.parametrize(
    ("sheet", "header", "column"),
    [
        ("claims", "Statement", "statement"),
        ("claims", "claimReviewed", "statement"),
        ("claims", "Behauptung", "statement"),
        ("claims", "Утверждение", "statement"),
        ("claims", "主張", "statement"),
        ("claims", "主张", "statement"),
        ("claims", "주장", "statement"),
        ("claims", "Allégation", "statement"),
        ("claims", "Afirmación", "statement"),
        ("claims", "Alegação", "statement"),
        ("claims", "alternativeName", "rating_text"),
        ("claims", "Statment", "statement"),
        ("sources", "Container Title", "container_title"),
        ("sources", "Publication Date", "issued"),
        ("sources", "タイトル", "title"),
        ("sources", "Link", "url"),
        ("sources", "publiser", "publisher"),
        ("places", "Breitengrad", "latitude"),
        ("places", "経度", "longitude"),
        ("places", "geonameid", "geonames"),
        ("places", "alternatenames", "names"),
    ],
)
def test_what_others_call_a_column(sheet: str, header: str, column: str) -> None:
    assert recognised(header, BY_NAME[sheet]).column == column


@pytest.mark.parametrize(
    ("sheet", "header"),
    [
        ("claims", "id"),
        ("claims", "author"),
        ("claims", "reviews"),
        ("claims", "Title 2"),
        ("sources", "published_by"),
        ("sources", "subtitle"),
        ("sources", "issues"),
        ("sources", "fb_engagement"),
        ("sources", "category"),
        ("places", "countrycode"),
        ("places", "population"),
        ("agents", ""),
    ],
)
def test_what_may_be_something_else_stays_unmapped(sheet: str, header: str) -> None:
    assert recognised(header, BY_NAME[sheet]).column == ""


def test_no_word_stands_for_two_columns_of_a_sheet() -> None:
    for sheet in BY_NAME.values():
        for listed in synonyms.ON.get(sheet.name, {}):
            assert listed in all_columns(sheet.name), (sheet.name, listed)
        for column in synonyms.ON.get(sheet.name, {}):
            for word in synonyms.words(synonyms.ON[sheet.name][column]):
                found = recognised(word, sheet)
                assert found.column == column or "may mean" in found.why, (sheet.name, word, found)


def test_a_column_whose_cells_are_nothing_of_the_kind_is_left_out() -> None:
    found = map_columns(
        BY_NAME["sources"], ["title", "date"], Choices(), samples={1: ["Crime", "Politics", "Sport"]}
    )
    assert [(m.column, m.why) for m in found.matches] == [
        ("title", ""),
        ("", "Its cells do not look like “issued”, as in “Crime”."),
    ]


def test_of_two_columns_that_may_be_one_neither_is_taken() -> None:
    assert mapped("sources", "headline", "article title") == {"headline": "", "article title": ""}
    assert mapped("sources", "title", "headline") == {"title": "title", "headline": ""}


def test_a_value_that_nothing_says_what_it_is_of_is_left_out() -> None:
    assert mapped("claims", "claim", "value", "unit") == {"claim": "statement", "value": "", "unit": ""}
    assert mapped("claims", "claim", "value", constants={"attribute": "population"})["value"] == "value"


def test_the_editors_word_goes_before_ours() -> None:
    assert mapped("claims", "claim", "text", columns={"text": "statement"}) == {
        "claim": "",
        "text": "statement",
    }
    assert mapped("claims", "claim", "kind", columns={"kind": ""}) == {"claim": "statement", "kind": ""}


def test_a_column_without_a_header_is_called_by_its_letter() -> None:
    found = map_columns(BY_NAME["claims"], ["", ""], Choices(columns={"B": "statement"}), samples={})
    assert found.positions == {"statement": 1}


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"columns": {"Nope": "statement"}}, "There is no column “Nope”. There are: “claim”, “claim”."),
        (
            {"columns": {"claim": "statement"}},
            "There are several columns “claim”: call it by its letter, A, B.",
        ),
        (
            {"columns": {"A": "statement", "B": "statement"}},
            "Two columns were given for “statement”: A and B.",
        ),
        (
            {"columns": {"A": "source.colour"}},
            "“source.colour” describes no record. It may be: source.title, source.type, source.url, source.language, "
            "source.issued, source.container_title, source.publisher.",
        ),
    ],
)
def test_choices_that_cannot_be_are_refused(choices: dict, message: str) -> None:
    with pytest.raises(MappingError) as refused:
        map_columns(BY_NAME["claims"], ["claim", "claim"], Choices(**choices), samples={})
    assert str(refused.value) == message


def test_an_unknown_column_is_answered_with_the_known_ones() -> None:
    with pytest.raises(MappingError, match="The sheet “topics” has no column “nam”. It has: key, name."):
        map_columns(BY_NAME["topics"], ["a"], Choices(columns={"a": "nam"}))


def test_sheets_are_known_by_name_or_by_their_columns() -> None:
    assert sheet_by_name("Place names") is BY_NAME["place_names"]
    assert sheet_by_name("Sheet1") is None
    assert sheet_by_columns(["title", "url", "publisher"], {}) is BY_NAME["sources"]
    assert sheet_by_columns(["a", "b"], {}) is None


# --- profiles -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_profile_comes_back_as_it_was_saved() -> None:
    choices = Choices(
        into="claims",
        columns={"Claim": "statement"},
        constants={"kind": "other"},
        values={"kind": {"pants-fire": "other"}},
        day_first=True,
        create=frozenset({"agents"}),
    )
    save_profile("Ours", choices)
    assert profile("Ours") == choices


@pytest.mark.django_db
def test_an_unknown_profile_is_answered_with_the_known_ones() -> None:
    with pytest.raises(MappingError, match="There is no profile “nope”. There are: .*factckbr"):
        profile("nope")


def test_what_is_shipped_can_be_used() -> None:
    profiles = shipped_profiles()
    assert "factckbr" in profiles
    for choices in profiles.values():
        choices.check()


def test_choices_over_a_profile() -> None:
    own = Choices(columns={"a": "statement"}, values={"kind": {"x": "other"}}, create=frozenset({"places"}))
    kept = Choices(
        into="claims",
        columns={"b": "note"},
        values={"kind": {"y": "status"}},
        day_first=False,
        create=frozenset({"agents"}),
    )
    assert own.over(kept) == Choices(
        into="claims",
        columns={"a": "statement", "b": "note"},
        values={"kind": {"x": "other", "y": "status"}},
        day_first=False,
        create=frozenset({"agents", "places"}),
    )


# --- keys -----------------------------------------------------------------------------------------------------------


def test_the_same_text_gives_the_same_key() -> None:
    assert made_key("Falso") == "falso"
    assert made_key("Falso!") == "falso-1c859d570094"
    assert made_key("  Falso! ") == made_key("Falso!")
    assert made_key("東京").startswith("dongjing-")


def test_texts_that_differ_have_keys_that_differ() -> None:
    texts = [
        "Is it true.",
        "Is it true?",
        "Is it true",
        "U.S.",
        "U.S",
        "…",
        "。",
        "Café",
        "Cafe!",
        "é" * 200,
        "é" * 201,
    ]
    assert len({made_key(text) for text in texts}) == len(texts)


def test_a_name_is_told_from_its_like_by_what_else_is_said() -> None:
    assert made_key("Home", "https://a.example") != made_key("Home", "https://b.example")


def test_a_slug_is_cut_between_words() -> None:
    assert slug("The Soviet Union’s first action after declaring war was to hurl") == (
        "the-soviet-unions-first-action-after-declaring-war-was-to"
    )


def test_permanent_names_are_all_different() -> None:
    names = {new_uid() for _ in range(5_000)}
    assert len(names) == 5_000
    assert {len(name) for name in names} == {12}


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        (["source_title", "source_url"], ["source.title", "source"]),
        (["Source title"], ["source"]),
        (["source", "source_url", "Source type"], ["source", "source.url", "source.type"]),
        (["reviewer", "reviewer url"], ["reviewer", "reviewer.url"]),
        (["review_source", "reviewer"], ["review_source", "reviewer"]),
    ],
)
def test_columns_that_say_of_one_reference_what_it_is_describe_it(
    headers: list[str], columns: list[str]
) -> None:
    assert list(mapped("claims", "statement", *headers).values())[1:] == columns


def test_what_is_given_goes_before_what_describes() -> None:
    found = mapped("claims", "source_title", "source_url", columns={"source_title": "source"})
    assert found == {"source_title": "source", "source_url": "source.url"}


@pytest.mark.parametrize(
    ("headers", "sheet"),
    [
        ("id kind subject statement edtf value unit lang source_title source_url verbatim", "claims"),
        ("place name lang script used_by from_edtf to_edtf lat lon source_url note", "place_names"),
        ("name url title note", None),
        ("name lat lon", "places"),
        ("headline link author date", "sources"),
    ],
)
def test_the_sheet_is_the_one_that_has_the_columns(headers: str, sheet: str | None) -> None:
    found = sheet_by_columns(headers.split(), {})
    assert (found.name if found else None) == sheet
