"""Dates as editors write them: what is read, what is ambiguous, what is refused."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from kb.editorial import date_vocabulary
from kb.editorial.dates import AmbiguousDate, DateError, DateSpan

WRITTEN = Path(__file__).parents[1] / "data" / "written_dates.tsv"
BIBLIOGRAPHIES = Path(__file__).parents[3] / "shared" / "data" / "dates" / "freetext_dates_bbt.tsv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def outcome(text: str) -> tuple[str, str]:
    try:
        return "read", DateSpan.read(text).edtf
    except AmbiguousDate as doubt:
        return "ambiguous", " | ".join(doubt.choices)
    except DateError:
        return "refused", ""


@pytest.mark.parametrize("row", rows(WRITTEN), ids=lambda row: row["text"] or "empty")
def test_a_written_date_is_read_as_the_table_says(row: dict[str, str]) -> None:
    assert outcome(row["text"]) == (row["outcome"], row["edtf"])


if BIBLIOGRAPHIES.exists():

    def test_the_dates_of_real_bibliographies_are_read_as_counted() -> None:
        counts = Counter()
        for row in rows(BIBLIOGRAPHIES):
            reading, edtf = outcome(row["raw_date"])
            counts["already EDTF" if edtf == row["raw_date"] else reading] += 1
        assert counts == {"already EDTF": 171, "read": 113, "ambiguous": 23, "refused": 8}

    def test_the_dates_that_biblatex_reads_are_read_alike_or_more_exactly() -> None:
        differing = {
            row["raw_date"]: outcome(row["raw_date"])
            for row in rows(BIBLIOGRAPHIES)
            if row["biblatex_date"] and outcome(row["raw_date"])[1] != row["biblatex_date"]
        }
        assert differing == {
            "1486/87": ("ambiguous", "1486/1487 | [1486,1487]"),
            "199u": ("read", "199X"),
            "1999-01-uu": ("read", "1999-01-XX"),
            "1999-uu-uu": ("read", "1999-XX-XX"),
            "2016-01-19T14:20:00.000Z": ("read", "2016-01-19T14:20Z"),
            "2016-03-31T06:39:36.06636Z": ("read", "2016-03-31T06:39Z"),
            "2016-06-06T15:26:37+1000": ("read", "2016-06-06T15:26+10:00"),
            "2016/09/22 17:12:01": ("read", "2016-09-22T17:12"),
            "2019/03/09/": ("refused", ""),
            "4/7/2014": ("ambiguous", "2014-07-04 | 2014-04-07"),
        }


def test_an_ambiguous_date_says_both_readings() -> None:
    with pytest.raises(AmbiguousDate) as doubt:
        DateSpan.read("02/03/2024")
    assert doubt.value.choices == ("2024-03-02", "2024-02-03")
    assert str(doubt.value) == (
        "“02/03/2024” can be read as 2 March 2024 (2024-03-02) or 3 February 2024 (2024-02-03). "
        "Write the one that is meant."
    )


@pytest.mark.parametrize(("day_first", "edtf"), [(True, "2024-03-02"), (False, "2024-02-03")])
def test_a_known_order_settles_it(day_first: bool, edtf: str) -> None:
    assert DateSpan.read("02/03/2024", day_first=day_first).edtf == edtf


@pytest.mark.parametrize(("text", "day_first"), [("23/12/2010", False), ("12/23/2010", True)])
def test_a_date_that_does_not_fit_the_known_order_is_refused(text: str, day_first: bool) -> None:
    with pytest.raises(DateError):
        DateSpan.read(text, day_first=day_first)


def test_the_text_is_kept_as_it_was_written() -> None:
    span = DateSpan.read(" 18  August 1945 ")
    assert (span.raw, span.edtf) == (" 18  August 1945 ", "1945-08-18")


@pytest.mark.parametrize(
    ("text", "pivot"), [("after 9 August 1945", "1945-08-09"), ("before 15 August 1945", "1945-08-15")]
)
def test_before_and_after_are_shown_as_they_were_written(text: str, pivot: str) -> None:
    span = DateSpan.read(text)
    assert (span.in_words(), span.pivot) == (text, pivot)


@pytest.mark.parametrize(
    "words",
    ["18 August 1945", "August 1945", "1945", "about 1945", "perhaps August 1945", "8 August 1945, 22:00 (UTC+3)",
     "8 August 1945, 22:00 (UTC)", "9 August 1945 to 2 September 1945", "between 9 and 20 August 1945",
     "8 August 1945 or 9 August 1945", "since September 1945", "until 5 September 1945", "on or after 9 August 1945",
     "in or before 1945", "1940s", "19th century", "44 BC", "spring 2001"],
)  # fmt: skip
def test_what_is_shown_can_be_typed(words: str) -> None:
    assert DateSpan.read(words).in_words() == words


def test_old_style_is_read_in_the_julian_calendar_and_only_there() -> None:
    span = DateSpan.read("26 January 1855 (O.S.)", calendar="julian")
    assert span.earliest == DateSpan.parse("1855-02-07").earliest
    with pytest.raises(DateError, match="choose that calendar"):
        DateSpan.read("26 January 1855 (O.S.)")


def test_the_day_before_is_that_of_the_calendar() -> None:
    assert DateSpan.read("before 1 March 1900", calendar="julian").edtf == "[..1900-02-29]"
    assert DateSpan.read("before 1 March 1900").edtf == "[..1900-02-28]"


def test_a_zone_beside_the_text_holds_for_what_is_read() -> None:
    span = DateSpan.read("8 August 1945, 22:00", time_zone="Europe/Moscow")
    assert span.earliest == DateSpan.parse("1945-08-08T19:00Z").earliest


@pytest.mark.parametrize("name", ["_MONTH_LINES", "_SEASON_LINES"])
def test_no_word_means_two_months_or_two_seasons(name: str) -> None:
    lines = getattr(date_vocabulary, name)
    lines = lines.values() if isinstance(lines, dict) else lines
    words = [{date_vocabulary.fold(word) for word in line.split()} for line in lines]
    assert sum(len(line) for line in words) == len(set().union(*words))
