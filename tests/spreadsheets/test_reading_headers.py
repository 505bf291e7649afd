"""The header is found where people put it, and nowhere else."""

from typing import Any, NamedTuple

import pytest

from kb.spreadsheets.reading.headers import Header, detect, header_at


class Line(NamedTuple):
    number: int
    values: tuple[Any, ...]


def lines(*rows: tuple[int, str]) -> list[Line]:
    return [Line(number, tuple(cell or None for cell in row.split("|"))) for number, row in rows]


@pytest.mark.parametrize(
    ("rows", "merges", "found", "names"),
    [
        pytest.param(
            ["key|name|year", "a|One|1945", "b|Two|1956"], [], (1,), ("key", "name", "year"), id="first row"
        ),
        pytest.param(
            ["Claims", "", "key|name|year", "a|One|1945", "b|Two|1956"],
            [],
            (3,),
            ("key", "name", "year"),
            id="title",
        ),
        pytest.param(["# remark", "key|n", "a|1", "b|2"], [], (2,), ("key", "n"), id="remark"),
        pytest.param(["a-1|1945", "a-2|1946", "a-3|1947"], [], (), (), id="data only"),
        pytest.param(["s1|t1|b1", "s2|t2|b2"], [], (), (), id="letters and digits only"),
        pytest.param(
            ["x|true|long text here", "y|true|other text"],
            [],
            (1,),
            ("x", "true", "long text here"),
            id="unsure",
        ),
        pytest.param(
            ["key|name||dates|", "|latin|cyrillic|from|to", "a|K|К|1855|1945", "b|I|И|1855|1945"],
            [],
            (1, 2),
            ("key", "name / latin", "name / cyrillic", "dates / from", "dates / to"),
            id="two storeys",
        ),
        pytest.param(
            ["key|name|", "a|x|y", "1|Kun|Кун", "2|Itu|Иту"],
            [(1, 1, 1, 2)],
            (1, 2),
            ("key / a", "name / x", "name / y"),
            id="two storeys by merged cells",
        ),
        pytest.param(
            ["key|size|", "||", "|km|sea miles", "a|1|2", "b|3|4"],
            [(1, 0, 3, 0), (1, 1, 2, 2)],
            (1, 3),
            ("key", "size / km", "size / sea miles"),
            id="tall cells",
        ),
        pytest.param(
            ["id||age", "1|John|30", "2|Jane|31"], [], (1,), ("id", "", "age"), id="a column without a name"
        ),
        pytest.param([" Key \n of it |NAME", "1|x"], [], (1,), ("Key of it", "NAME"), id="spaces"),
        pytest.param(["name|name", "x|1", "y|2"], [], (1,), ("name", "name"), id="twice the same"),
    ],
)
def test_the_header_is_found(
    rows: list[str], merges: list[tuple[int, int, int, int]], found: tuple[int, ...], names: tuple[str, ...]
) -> None:
    table = lines(*((number, row) for number, row in enumerate(rows, 1) if row.replace("|", "")))
    header = detect(table, merges, max(len(line.values) for line in table))
    assert (header.rows, header.names) == (found, names)


def test_a_known_name_decides() -> None:
    table = lines((1, "claim-1|statement"), (2, "claim-2|statement"))
    assert detect(table, [], 2).rows == ()
    assert detect(table, [], 2, {"claim-1", "statement"}).rows == (1,)


def test_rows_above_the_header_are_counted_and_doubt_is_told() -> None:
    table = lines((1, "Title"), (4, "key|n"), (5, "a|1"), (6, "b|2"))
    assert (detect(table, [], 2).above, detect(table, [], 2).sure) == (1, True)
    assert detect(lines((1, "word|other"), (2, "more|words")), [], 2).sure is False


def test_an_editor_says_where_it_is() -> None:
    table = lines((1, "Title"), (4, "key|n"), (5, "a|1"))
    assert header_at(table, [5], [], 2) == Header((5,), ("a", "1"), True, 2)
    assert header_at(table, [], [], 2) == Header()
    assert detect([], [], 0) == Header()
