"""An xlsx sheet reads the same by the quick way and by the XML parser, and each cell as the program shows it."""

import html
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.spreadsheets.reading import Limits, Mark, Unreadable
from tests.spreadsheets.parsing import parsed, text_cell, values, xlsx

STYLES = (
    '<numFmts><numFmt numFmtId="170" formatCode="{0}"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs>'
)
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    max_size=8,
)
CELL = st.one_of(
    st.tuples(st.just("inlineStr"), TEXT),
    st.tuples(st.just("str"), TEXT),
    st.tuples(
        st.just("n"),
        st.one_of(st.integers().map(str), st.floats(allow_nan=False, allow_infinity=False).map(repr)),
    ),
    st.tuples(st.just("b"), st.sampled_from("01")),
    st.tuples(st.just("e"), st.just("#N/A")),
    st.tuples(st.just("s"), st.sampled_from("01")),
    st.tuples(st.just("formula"), st.integers(0, 9).map(str)),
    st.just(None),
)
STRINGS = "<si><t>shared</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>guide</t></rPh></si>"


def written(row: int, column: int, cell: tuple[str, str] | None, *, named: bool) -> str:
    reference = f' r="{"ABCDE"[column]}{row}"' if named else ""
    if cell is None:
        return f"<c{reference}/>"
    kind, text = cell
    text = html.escape(text, quote=False)
    if kind == "inlineStr":
        return f'<c{reference} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if kind == "formula":
        return f"<c{reference}><f>1+&amp;1</f><v>{text}</v></c>"
    return f'<c{reference} t="{kind}"><v>{text}</v></c>'


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=5), st.booleans())
def test_both_ways_read_the_same(rows: list[list[tuple[str, str] | None]], named: bool) -> None:
    inside = "".join(
        f'<row r="{number}" spans="1:5">'
        + "".join(written(number, column, cell, named=named) for column, cell in enumerate(row))
        + "</row>"
        for number, row in enumerate([[("inlineStr", "header")], *rows], 1)
    )
    quick = parsed(xlsx(inside, strings=STRINGS), "a.xlsx")
    # A comment makes the XML parser read it all.
    thorough = parsed(xlsx(inside, before="<!-- -->", strings=STRINGS), "a.xlsx")
    assert [(*row,) for row in quick.sheets[0].everything] == [
        (*row,) for row in thorough.sheets[0].everything
    ]
    assert quick.sheets[0].calculated == thorough.sheets[0].calculated
    assert quick.sheets[0].lengths == thorough.sheets[0].lengths


@pytest.mark.parametrize(
    ("code", "number", "value", "mark"),
    [
        ("yyyy-mm-dd", "16658", date(1945, 8, 9), None),
        ("dd/mm/yyyy hh:mm", "16658.5451388889", datetime(1945, 8, 9, 13, 5), None),
        ("mmm yyyy", "16650", "1945-08", Mark.PARTIAL_DATE),
        ("yyyy", "16650", "1945", Mark.PARTIAL_DATE),
        ("hh:mm:ss", "0.5", time(12), None),
        ("[h]:mm", "1.5", timedelta(hours=36), None),
        ('0" days"', "12", 12, None),
        ('"Day "0', "12", 12, None),
        ("[Red]0.00", "7.9000000000000004", Decimal("7.9"), None),
        ("0.0%", "0.125", Decimal("0.125"), Mark.PERCENT),
        ("yyyy-mm-dd", "60", "1900-02-29", Mark.NOT_A_DATE),
        ("yyyy-mm-dd", "59", date(1900, 2, 28), None),
        ("yyyy-mm-dd", "61", date(1900, 3, 1), None),
        ("yyyy-mm-dd", "0", 0, Mark.NOT_A_DATE),
        ("yyyy-mm-dd", "-1", -1, Mark.NOT_A_DATE),
        ("yyyy-mm-dd", "2958466", 2958466, Mark.NOT_A_DATE),
        ("General", "0.30000000000000004", Decimal("0.3"), None),
        ("General", "1234567890123456789", 1234567890123456789, None),
        ("General", "1.2345678901234568E+18", 1234567890123456800, Mark.ROUNDED),
        ("General", "-3", -3, None),
    ],
)
def test_a_number_is_what_its_format_shows(code: str, number: str, value: Any, mark: Mark | None) -> None:
    styles = STYLES.format(html.escape(code))
    book = parsed(xlsx(f'<row r="1"><c r="A1" s="1"><v>{number}</v></c></row>', styles=styles), "a.xlsx")
    (row,) = book.sheets[0].everything
    assert (row.values, dict(row.marks)) == ((value,), {} if mark is None else {0: mark})
    assert type(row.values[0]) is type(value)


def test_dates_since_1904_are_read_as_such() -> None:
    styles = STYLES.format("yyyy-mm-dd")
    row = '<row r="1"><c r="A1" s="1"><v>43889</v></c></row>'
    assert values(parsed(xlsx(row, styles=styles), "a.xlsx")) == [(date(2020, 2, 28),)]
    since = '<workbookPr date1904="1"/>'
    assert values(parsed(xlsx(row, styles=styles, book=since), "a.xlsx")) == [(date(2024, 2, 29),)]


def test_a_percentage_keeps_its_value_and_shows_as_one() -> None:
    book = parsed(
        xlsx('<row r="1"><c r="A1" s="1"><v>0.125</v></c></row>', styles=STYLES.format("0.0%")), "a.xlsx"
    )
    assert book.sheets[0].everything[0].text(0) == "12.5%"


def test_a_formula_without_a_result_is_unknown_and_not_blank() -> None:
    book = parsed(xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="C1"><f>1+1</f></c></row>'), "a.xlsx")
    (row,) = book.sheets[0].everything
    assert (row.values, dict(row.marks), row.value(2)) == ((1,), {2: Mark.UNCALCULATED}, None)


def test_escapes_of_the_format_are_letters() -> None:
    book = parsed(xlsx(f'<row r="1">{text_cell("A1", "a_x000A_b_x005F_x")}</row>'), "a.xlsx")
    assert values(book) == [("a\nb_x",)]


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>', "1"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "1"),
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "1"),
        ('<row r="1"><c r="A5"><v>1</v></c></row>', "A5"),
        ('<row r="2000000000"><c><v>1</v></c></row>', "2000000000"),
    ],
)
def test_a_damaged_sheet_is_refused_with_its_place(rows: str, cell: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parsed(xlsx(rows), "a.xlsx")
    assert (refusal.value.sheet, refusal.value.cell) == ("S", cell)


@pytest.mark.parametrize(
    "doctype",
    ['<!DOCTYPE w [<!ENTITY a "b">]>', '<!DOCTYPE w [<!ENTITY % p SYSTEM "file:///etc/passwd">]>'],
)
def test_entities_are_refused_wherever_they_stand(doctype: str) -> None:
    with pytest.raises(Unreadable, match="entities of its own"):
        parsed(xlsx('<row r="1"><c r="A1"><v>1</v></c></row>', doctype=doctype), "a.xlsx")


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(rows=2), "more than 2 rows"),
        (Limits(columns=1), "no more than 1 columns"),
        (Limits(cell_characters=3), "has 4 characters"),
        (Limits(characters=5), "more than 5 characters"),
        (Limits(members=3), "zip of 7 parts"),
        (Limits(unpacked_bytes=500), "unpacks to"),
        (Limits(ratio=1, ratio_from=400), "packed to less than"),
    ],
)
def test_what_is_over_a_limit_is_refused(limits: Limits, message: str) -> None:
    rows = "".join(
        f'<row r="{n}">{text_cell(f"A{n}", "text")}{text_cell(f"B{n}", "more")}</row>' for n in (1, 2, 3)
    )
    with pytest.raises(Unreadable, match=message):
        parsed(xlsx(rows), "a.xlsx", limits)


def test_hidden_rows_and_columns_and_merged_cells_are_told() -> None:
    rows = "".join(f'<row r="{n}"{hidden}><c r="A{n}"><v>{n}</v></c></row>' for n, hidden in (
        (1, ""), (2, ' hidden="1"'), (3, ' hidden="1"'), (4, ""), (5, ' hidden="1"'),
    ))  # fmt: skip
    sheet = parsed(
        xlsx(
            rows,
            before='<cols><col min="2" max="3" hidden="1"/></cols>',
            after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
        ),
        "a.xlsx",
    ).sheets[0]
    assert sheet.hidden_rows == ((2, 3), (5, 5))
    assert [n for n in range(1, 6) if sheet.is_hidden(n)] == [2, 3, 5]
    assert (sheet.hidden_columns, sheet.merges) == (frozenset({1, 2}), ((1, 0, 2, 1),))
