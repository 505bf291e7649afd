"""EDTF: the readings taken where implementations disagree, and what is refused."""

import csv
from pathlib import Path

import pytest

from kb.editorial.calendars import date_of
from kb.editorial.dates import DateError, DateSpan

READINGS = Path(__file__).parents[1] / "data" / "edtf_readings.tsv"
VECTORS = Path(__file__).parents[3] / "shared" / "data" / "edtf" / "edtf_vectors.tsv"

# Not in dispute between the implementations, and yet read otherwise; the table says why.
READ_ALTHOUGH_REFUSED_BY_ALL = {"Y-61000/-2000", "2004-06-11%/2004-%06"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def day(minute: int | None) -> str:
    if minute is None:
        return ".."
    year, month, number = date_of(minute // 1440)
    return f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{number:02}"


def read_or_refused(text: str) -> tuple[str, str, str]:
    try:
        span = DateSpan.parse(text)
    except DateError:
        return "refused", "", ""
    return "read", day(span.earliest), day(span.latest)


@pytest.mark.parametrize("row", rows(READINGS), ids=lambda row: row["text"])
def test_a_disputed_expression_is_read_as_written_down(row: dict[str, str]) -> None:
    assert read_or_refused(row["text"]) == (row["reading"], row["earliest"], row["latest"])
    assert row["why"]


# The published vectors lie beside the project only where it is developed; elsewhere there is nothing to compare.
if VECTORS.exists():
    implementations = ("edtfjs_4.11.1", "pyedtf_5.0.2", "edtfvalidate_2.0.0")
    vectors = rows(VECTORS)
    settled = {row["text"] for row in rows(READINGS)}

    def test_the_table_holds_every_expression_on_which_implementations_disagree() -> None:
        disputed = {row["value"] for row in vectors if len({row[name] for name in implementations}) > 1}
        assert len(disputed) == 73
        assert disputed - settled == set()

    @pytest.mark.parametrize(
        "row",
        [row for row in vectors if row["value"] not in settled],
        ids=lambda row: row["value"] or "empty",
    )
    def test_an_undisputed_expression_is_read_as_expected(row: dict[str, str]) -> None:
        reading, earliest, latest = read_or_refused(row["value"])
        assert reading == {"true": "read", "false": "refused"}[row["expected_valid"]]
        if row["expected_min"]:
            assert (earliest, latest) == (
                row["expected_min"].replace("-inf", ".."),
                row["expected_max"].replace("inf", ".."),
            )

    def test_only_the_named_expressions_are_read_although_all_implementations_refuse_them() -> None:
        ours = {
            row["value"]
            for row in vectors
            if row["value"] in settled
            and all(row[name] == "false" for name in implementations)
            and read_or_refused(row["value"])[0] == "read"
        }
        assert ours == READ_ALTHOUGH_REFUSED_BY_ALL


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The date is empty"),
        ("1945-02-30", "February 1945 has 28 days"),
        (
            "1900-02-29",
            "February 1900 has 28 days in the Gregorian calendar; the Julian calendar has a 29 February",
        ),
        ("1945-13", "no month 13"),
        ("1945-00", "no month 00"),
        ("1945-02-XX-", "is not a date in EDTF"),
        ("2015-02-3X", "no date fits these digits"),
        ("-0000", "1 BC is 0000"),
        ("Y1945", "Y is for years of more than four digits"),
        ("Y17000000000001", "the furthest year that can be kept"),
        ("Y1E99", "the furthest year that can be kept"),
        ("1945-08-08T24:00", "impossible time of day"),
        ("1945-08-08T22:00+17:00", "where no clock is"),
        ("1945/1946/1947", "more than one slash"),
        ("/", "neither a beginning nor an end"),
        ("1946/1945", "1946 is later than 1945"),
        ("[1946..1945]", "ends before it begins"),
        ("[1945", "does not close its bracket"),
        ("[]", "empty place"),
        ("[..]", "empty place"),
        ("[1945,[1946]]", "is not a date in EDTF"),
        ("[1945/1946]", "is not a date in EDTF"),
        ("1945\x00", "is not a date in EDTF"),
        ("１９４５", "is not a date in EDTF"),
        ("1" * 201, "too long"),
    ],
)
def test_a_refusal_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(DateError) as refusal:
        DateSpan.parse(text)
    assert message in str(refusal.value)


def test_a_refusal_of_a_malformed_text_says_what_would_be_right() -> None:
    with pytest.raises(DateError) as refusal:
        DateSpan.parse("18.8.45")
    assert str(refusal.value) == (
        "“18.8.45” is not a date in EDTF. Right would be 1945, 1945-08, 1945-08-09, 1945-08-08T22:00+03:00, "
        "1945~ (about), 1945? (uncertain), 194X (the 1940s) or 1945-08-09/1945-09-02 (from, to)."
    )
