"""The drawing of what sources were taken from: everything once, what was taken below what it was taken from."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.analysis.chain import MOST, ROW, TOP, WIDTH, Chain, chain, fit

graphs = st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=4), max_size=10)


def drawn(sources: list[int], derived: dict[int, list[int]]) -> Chain[int]:
    known = {*sources, *derived, *(above for over in derived.values() for above in over)}
    found = chain(sources, derived, sorted(known))
    assert found is not None
    return found


def test_nothing_is_drawn_where_nothing_was_taken():
    assert chain([1, 2], {}, [1, 2]) is None
    assert chain([1], {1: [1]}, [1]) is None
    assert chain([], {}, []) is None


def test_a_line_of_descent_goes_down_and_to_the_right():
    found = drawn([1, 3], {2: [1], 3: [2]})
    assert [node.key for node in found.nodes] == [1, 2, 3]
    assert [node.y for node in found.nodes] == [TOP, TOP + ROW, TOP + 2 * ROW]
    assert sorted({node.x for node in found.nodes}) == [node.x for node in found.nodes]
    assert [(node.origin, node.supports, node.taken_from) for node in found.nodes] == [
        (True, True, ()),
        (False, False, (1,)),
        (False, True, (2,)),
    ]
    assert (len(found.edges), found.height, found.left_out) == (2, TOP + 3 * ROW, 0)


def test_a_circle_is_drawn_and_named():
    found = drawn([1, 2, 3], {1: [2], 2: [1], 3: [2]})
    assert {node.key: node.circle for node in found.nodes} == {1: (2,), 2: (1,), 3: ()}
    assert [edge.circle for edge in found.edges].count(True) == 2
    one, other = (node for node in found.nodes if node.circle)
    assert one.x == other.x
    assert abs(one.y - other.y) == ROW


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), graphs)
def test_everything_is_drawn_once_and_below_what_it_was_taken_from(
    sources: list[int], derived: dict[int, list[int]]
) -> None:
    known = {*sources, *derived, *(above for over in derived.values() for above in over)}
    found = chain(sources, derived, sorted(known))
    if found is None:
        return
    place = {node.key: node for node in found.nodes}
    assert len(place) == len(found.nodes)
    assert set(sources) <= place.keys()
    lines = 0
    for node in found.nodes:
        assert set(node.taken_from) == set(derived.get(node.key, ())) - {node.key}
        for above in node.taken_from:
            lines += 1
            over = place[above]
            if above not in node.circle:
                assert over.y < node.y
                assert over.x < node.x
    assert len(found.edges) == lines
    assert len({node.y for node in found.nodes}) == len(found.nodes)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), graphs)
def test_no_line_down_meets_a_dot_or_another_line(sources: list[int], derived: dict[int, list[int]]) -> None:
    known = {*sources, *derived, *(above for over in derived.values() for above in over)}
    found = chain(sources, derived, sorted(known))
    if found is None:
        return
    columns = {node.x for node in found.nodes}
    down: dict[tuple[int, int], set[int]] = {}
    for edge in found.edges:
        x, y, lane = map(int, re.match(r"M(\d+) (-?\d+)H\d+Q(\d+)", edge.path).groups())  # type: ignore[union-attr]
        end = int(re.search(r"V-?\d+Q\d+ (-?\d+)", edge.path)[1])  # type: ignore[index]
        assert min(abs(lane - column) for column in columns) > 8
        down.setdefault((lane, y), set()).update(range(min(y, end) // ROW, max(y, end) // ROW + 1))
    taken: set[tuple[int, int]] = set()
    for (lane, _), rows in down.items():
        assert not taken & {(lane, row) for row in rows}
        taken |= {(lane, row) for row in rows}


def test_fifty_sources_taken_from_each_other_in_every_way_are_fifty_rows():
    everyone = list(range(50))
    found = drawn(everyone, {one: everyone[:one] for one in everyone})
    assert [node.key for node in found.nodes] == everyone
    assert len(found.edges) == 50 * 49 // 2
    circle = drawn(everyone, {one: [(one + 1) % 50] for one in everyone})
    assert all(len(node.circle) == 49 for node in circle.nodes)


def test_more_than_can_be_read_is_counted():
    found = drawn(list(range(200)), {one: [0] for one in range(1, 200)})
    assert (len(found.nodes), found.left_out) == (MOST, 200 - MOST)


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("short", WIDTH, "short"),
        ("abcdefghij", 50, "abcdef…"),
        ("北海道新聞の記事", 60, "北海道…"),
        ("", 0, ""),
    ],
)
def test_a_text_is_cut_to_the_room_there_is(text: str, room: int, shown: str) -> None:
    assert fit(text, room) == shown
