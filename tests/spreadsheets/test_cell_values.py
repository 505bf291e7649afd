"""Numbers, references, positions and leanings come back from the text that stands for them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.spreadsheets import cell_values
from kb.spreadsheets.cell_values import CellError, Leaning

KEYS = st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}\Z")
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**13), max_value=10**13)
LEANINGS = st.builds(
    lambda leans, relation, offset, event, place: (
        Leaning(relation, event, offset, place) if leans else Leaning(offset=offset, place=place)
    ),
    st.booleans(),
    st.sampled_from(cell_values.RELATIONS),
    st.sampled_from(["", "P3M", "P10D"]),
    KEYS,
    st.one_of(st.just(""), KEYS),
)


@given(st.none() | DECIMALS)
def test_a_number_comes_back(number: Decimal | None) -> None:
    assert cell_values.read_decimal(cell_values.write_decimal(number)) == number


@given(LEANINGS)
def test_a_leaning_comes_back(leaning: Leaning) -> None:
    assert cell_values.read_leaning(cell_values.write_leaning(leaning)) == leaning


@given(st.none() | DECIMALS, st.none() | DECIMALS)
def test_a_position_comes_back(latitude: Decimal | None, longitude: Decimal | None) -> None:
    written = cell_values.write_coordinates(latitude, longitude)
    assert cell_values.read_coordinates(written) == (latitude, longitude)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("5003.100000"), "5003.1"),
        (Decimal("1600000.000000"), "1600000"),
        (Decimal("-0.000"), "0"),
        (Decimal("1E+3"), "1000"),
        (None, ""),
    ],
)
def test_a_number_is_written_plainly(number: Decimal | None, text: str) -> None:
    assert cell_values.write_decimal(number) == text


@pytest.mark.parametrize("text", ["about 5", "1,000", "1e3", "NaN", "٣", "5 km2", "-"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="is not a number. Write it in digits"):
        cell_values.read_decimal(text)


def test_a_minus_sign_may_be_a_real_one() -> None:
    assert cell_values.read_decimal("−43.5") == Decimal("-43.5")


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("TRUE", True), ("no", False), ("0", False), ("", None)]
)
def test_yes_and_no(text: str, value: bool | None) -> None:
    assert cell_values.read_boolean(text) is value
    assert cell_values.read_boolean(cell_values.write_boolean(value)) is value


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(CellError, match="“maybe” is neither “yes” nor “no”."):
        cell_values.read_boolean("maybe")


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("event:landing", "event", "landing"),
        ("Place: Iturup", "place", "Iturup"),
        ("Iturup", "", "Iturup"),
        ("Treaty: the text", "", "Treaty: the text"),
    ],
)
def test_a_reference_names_a_kind_or_none(text: str, kind: str, name: str) -> None:
    assert cell_values.read_reference(text, ("event", "place")) == (kind, name)


@pytest.mark.parametrize(
    ("leaning", "text"),
    [
        (Leaning("before", "surrender"), "before event:surrender"),
        (Leaning("within", "defeat", "P3M"), "within P3M event:defeat"),
        (Leaning(place="nemuro"), "from place:nemuro"),
        (Leaning("after", "landing", place="nemuro"), "after event:landing; from place:nemuro"),
        (Leaning(), ""),
    ],
)
def test_a_leaning_is_written_in_words(leaning: Leaning, text: str) -> None:
    assert cell_values.write_leaning(leaning) == text


@pytest.mark.parametrize(
    "text", ["event:landing", "before", "before landing", "soon after event:x", "until event:x"]
)
def test_what_does_not_say_how_it_leans_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="does not say what the value leans on. Write “before event:KEY”"):
        cell_values.read_leaning(text)


@pytest.mark.parametrize("text", ["44.8", "1;2;3"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="is not a position. Write latitude; longitude"):
        cell_values.read_coordinates(text)


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("date", {"edtf": "1945-08-18"}, "1945-08-18"),
        ("quantity", {"amount": Decimal("5003.1")}, "5003.1"),
        ("coordinates", {"latitude": Decimal("44.5"), "longitude": Decimal("147")}, "44.5; 147"),
        ("text", {"text": "Эторофу"}, "Эторофу"),
    ],
)
def test_a_value_is_written_by_its_type(kind: str, fields: dict[str, object], text: str) -> None:
    blank = {"edtf": "", "amount": None, "latitude": None, "longitude": None, "text": ""}
    assert cell_values.write_value(kind, {**blank, **fields}) == text
    assert cell_values.read_value(kind, text) == fields
