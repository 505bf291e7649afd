"""Dates side by side: what is drawn where, and what is said under it."""

from hypothesis import given
from hypothesis import strategies as st

from kb.editorial.dates import DateSpan
from kb.views.timeline import FOOT, ROW, TOP, WIDTH, Stated, findings, timeline

SURRENDER = DateSpan.parse("1945-08-15")


def stated(
    edtf: str | DateSpan, who: str = "A", subject: str = "seizure", own: bool = False, **kwargs: str
) -> Stated:
    span = edtf if isinstance(edtf, DateSpan) else DateSpan.parse(edtf)
    return Stated(who, "began", span, (subject, "began", ""), own=own, claim=who, **kwargs)


def said(rows: list[Stated]) -> list[str]:
    return ["".join(words for words, _ in finding) for finding in findings(rows)]


def test_fewer_than_two_dates_are_not_drawn():
    assert timeline([]) is None
    assert timeline([stated("1945-08-18")]) is None
    assert timeline([stated("1945-08-18"), stated(DateSpan.before(None))]) is None


def test_bars_stand_in_the_order_of_time_and_of_the_list():
    drawn = timeline([stated("1945-08-18", "A"), stated("1945-08-28", "B")])
    first, second = drawn.bars
    assert first.x + first.width < second.x
    assert (first.y, second.y) == (TOP, TOP + ROW)
    assert drawn.height == TOP + 2 * ROW + FOOT


def test_an_end_that_nobody_stated_fades():
    drawn = timeline(
        [stated(DateSpan.before(SURRENDER), own=True, pivot="the surrender"), stated("1945-08-18", "B")]
    )
    before, day = drawn.bars
    assert (before.opens, before.fades) == (True, False)
    assert (day.opens, day.fades) == (False, False)
    assert [marker.label for marker in drawn.markers] == ["the surrender"]
    assert abs(drawn.markers[0].x - (before.x + before.width)) < 0.2


def test_ticks_are_round_dates_and_the_last_one_names_the_year():
    labels = [tick.label for tick in timeline([stated("1945-08-09"), stated("1945-08-28", "B")]).ticks]
    assert labels[-1].endswith(" 1945")
    assert all(label.split()[1] in ("Aug", "Sep") for label in labels)
    years = [tick.label for tick in timeline([stated("1855"), stated("1945", "B")]).ticks]
    assert years == ["1860", "1880", "1900", "1920", "1940"]


def test_two_dates_that_exclude_each_other_are_said_to():
    rows = [
        stated(DateSpan.before(SURRENDER), "The editorial", own=True),
        stated("1945-08-18", "The comment"),
    ]
    assert said(rows) == [
        "What The editorial says, “began before 15 August 1945”, excludes “18 August 1945” (The comment)."
    ]


def test_what_hangs_on_something_unstated_is_said_to():
    rows = [stated("1945-08-08T17:00", "A", own=True), stated("1945-08-09", "B")]
    assert said(rows) == [
        "What A says, “began 8 August 1945, 17:00”, may or may not agree with “9 August 1945” (B); "
        "it depends on what neither states."
    ]


def test_agreement_is_said_only_where_something_was_compared():
    agreeing = [stated("1945-08", own=True), stated("1945-08-18", "B")]
    assert said(agreeing) == ["Compared date by date, none of these excludes another."]
    assert said([stated("1945-08-01", own=True), stated("1945-08-18", "B", subject="declaration")]) == []


def test_a_claim_is_not_compared_with_itself():
    assert said([stated("1945-08-01", "A", own=True), stated("1945-08-18", "A")]) == []


@given(
    st.lists(
        st.sampled_from(
            [
                "1945",
                "1945-08-18",
                "..1945-08-09",
                "[1945-08-09..]",
                "-0044-03-15",
                "Y-1700000",
                "1560?",
                "19XX",
                "9999-12-31",
            ]
            + ["1945-08-09T01:00Z", "1939-09-01/1945-09-02", "/1945", "1945-21"]
        ),
        min_size=2,
        max_size=20,
    )
)
def test_every_bar_and_tick_lies_on_the_drawing(dates):
    rows = [
        stated(f"[{text}]" if text.startswith("..") else text, str(number))
        for number, text in enumerate(dates)
    ]
    drawn = timeline(rows)
    if drawn is None:
        return
    for bar in drawn.bars:
        assert 0 <= bar.x <= WIDTH
        assert bar.width > 0
        assert bar.x + bar.width <= WIDTH + 0.2
    assert all(0 <= tick.x <= WIDTH for tick in drawn.ticks)
    assert drawn.left_out == len(rows) - len(drawn.bars)


# --- what is certain, and what excludes what ------------------------------------------------------------------


def cores(*edtf: str) -> list[tuple[bool, bool]]:
    """Of each date, whether some of it is certain, and whether some of it is not."""
    rows = [stated(text, str(number)) for number, text in enumerate((*edtf, "1945-08-01"))]
    return [(bar.core is not None, bar.vague) for bar in timeline(rows).bars[:-1]]


def test_a_day_is_certain_and_a_month_is_some_time_within():
    assert cores("1945-08-18", "1945-08", "1945-08-18~", "1945-08-18?") == [
        (True, False), (False, True), (False, True), (False, True),
    ]  # fmt: skip


def test_an_interval_is_certain_between_the_latest_beginning_and_the_earliest_end():
    assert cores("1945-08-18/1945-09-05") == [(True, False)]
    assert cores("1945-08-18/1945-09", "1945-08/1945-09", "1945-08-18/..") == [
        (True, True), (True, True), (True, True),
    ]  # fmt: skip
    exact, to_some_day = timeline(
        [stated("1945-08-18/1945-08-31", "A"), stated("1945-08-18/1945-09", "B")]
    ).bars
    assert to_some_day.core[0] == exact.x
    assert to_some_day.core[0] + to_some_day.core[1] < to_some_day.x + to_some_day.width


def test_dates_that_exclude_each_other_are_crossed():
    drawn = timeline([stated("1945-08-18", "A"), stated("1945-08-28", "B"), stated("1945-08", "C")])
    assert [bar.clashes for bar in drawn.bars] == [True, True, False]
    drawn = timeline([stated("1945-08-18", "A"), stated("1945-08-28", "B", subject="other")])
    assert [bar.clashes for bar in drawn.bars] == [False, False]
