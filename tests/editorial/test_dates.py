"""DateSpan: its fields, its laws, relative dates and order."""

import pickle
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kb.editorial.dates import PRECISIONS, AmbiguousDate, Answer, DateError, DateSpan

DAY = 1440


def test_a_plain_date_is_a_whole_day() -> None:
    span = DateSpan.parse("1970-01-02")
    assert (span.raw, span.edtf, span.earliest, span.latest) == ("1970-01-02", "1970-01-02", DAY, 2 * DAY - 1)
    assert (span.shape, span.precision, span.floating, span.calendar) == ("point", "day", True, "gregorian")


def test_a_plain_date_is_read_alike_on_the_short_way_and_on_the_long_one() -> None:
    short = DateSpan.parse("1945-08-09")
    long = DateSpan.parse("[1945-08-09]").ranges[0][0]
    assert (short, short.wall, short.moment) == (long, long.wall, long.moment)


def test_a_span_survives_pickling() -> None:
    span = DateSpan.parse("[1945-08-09..1945-08-20]")
    assert pickle.loads(pickle.dumps(span)) == span


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("1945-08-08T22:00", "minute"),
        ("1945-08-08", "day"),
        ("1945-08", "month"),
        ("1945-08-XX", "month"),
        ("1945-22", "season"),
        ("1945-XX", "year"),
        ("1945", "year"),
        ("Y170000002", "year"),
        ("194X", "decade"),
        ("1953S3", "decade"),
        ("19XX", "century"),
        ("1XXX", "millennium"),
        ("XXXX-12", "indefinite"),
        ("1945-08-09/1945", "year"),
        ("[1945-08-09..]", "day"),
        ("../..", "indefinite"),
    ],
)
def test_precision_is_that_of_the_roughest_date(text: str, precision: str) -> None:
    assert DateSpan.parse(text).precision == precision
    assert precision in PRECISIONS


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [("1945", False, False), ("1945~", True, False), ("1945?", False, True), ("1945%", True, True),
     ("?1945-08", False, True), ("1945-08~-09", True, False), ("1944/1945~", True, False),
     ("[1944?,1945]", False, True)],
)  # fmt: skip
def test_marks_are_seen_wherever_they_stand(text: str, approximate: bool, uncertain: bool) -> None:
    span = DateSpan.parse(text)
    assert (span.approximate, span.uncertain) == (approximate, uncertain)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("1945/..", (False, True, False, False)),
        ("../1945", (True, False, False, False)),
        ("1945/", (False, False, False, True)),
        ("/1945", (False, False, True, False)),
        ("../", (True, False, False, True)),
        ("[..1945]", (True, False, False, False)),
        ("[1945..]", (False, True, False, False)),
    ],
)
def test_open_and_unknown_sides_are_told_apart_and_have_no_bound(text: str, sides: tuple[bool, ...]) -> None:
    span = DateSpan.parse(text)
    assert (span.open_start, span.open_end, span.unknown_start, span.unknown_end) == sides
    assert (span.earliest is None, span.latest is None) == (sides[0] or sides[2], sides[1] or sides[3])


def test_a_zone_in_the_text_counts_before_the_one_beside_it() -> None:
    span = DateSpan.parse("1970-01-01T09:00+09:00", time_zone="Europe/Moscow")
    assert (span.earliest, span.latest, span.floating) == (0, 0, False)


def test_a_date_in_a_zone_is_the_day_there() -> None:
    span = DateSpan.parse("1970-01-01", time_zone="Asia/Tokyo")
    assert (span.earliest, span.latest, span.floating) == (-9 * 60, 15 * 60 - 1, False)


def test_seconds_are_dropped() -> None:
    assert DateSpan.parse("1970-01-01T00:00:59Z").latest == 0
    assert DateSpan.parse("2016-12-31T23:59:60Z").earliest == DateSpan.parse("2016-12-31T23:59Z").earliest


def test_julian_dates_have_gregorian_bounds() -> None:
    julian = DateSpan.parse("1855-01-26", calendar="julian")
    gregorian = DateSpan.parse("1855-02-07")
    assert (julian.earliest, julian.latest) == (gregorian.earliest, gregorian.latest)
    assert julian.edtf == "1855-01-26"


def test_29_february_1900_was_in_the_julian_calendar_only() -> None:
    assert DateSpan.parse("1900-02-29", calendar="julian").earliest == DateSpan.parse("1900-03-13").earliest
    with pytest.raises(DateError):
        DateSpan.parse("1900-02-29")


@pytest.mark.parametrize("text", ["Y17000000000000", "Y-17000000000000", "Y17E12"])
def test_the_furthest_years_fit_a_64_bit_column(text: str) -> None:
    for calendar in ("gregorian", "julian"):
        span = DateSpan.parse(text, calendar=calendar)
        assert -(2**63) <= span.earliest <= span.latest < 2**63


@pytest.mark.parametrize("other", [None, 19450809, b"1945"])
def test_what_is_no_text_is_refused(other: object) -> None:
    with pytest.raises(DateError):
        DateSpan.parse(other)  # type: ignore[arg-type]
    with pytest.raises(DateError):
        DateSpan.read(other)  # type: ignore[arg-type]


def test_an_unknown_calendar_and_an_unknown_zone_are_refused() -> None:
    with pytest.raises(DateError, match="“gregorian” or “julian”"):
        DateSpan.parse("1945-08-09", calendar="maya")
    with pytest.raises(DateError, match="is no time zone"):
        DateSpan.parse("1945-08-09", time_zone="Mars/Olympus")


def test_an_interval_gives_its_ends_and_nothing_else_does() -> None:
    interval = DateSpan.parse("1945-08-09/1945-09-02")
    assert (interval.began, interval.ended) == (DateSpan.parse("1945-08-09"), DateSpan.parse("1945-09-02"))
    assert DateSpan.parse("1945-08-09/..").ended is None
    assert DateSpan.parse("/1945").began is None
    for text in ("1945", "[1944..1945]", "{1944,1945}"):
        assert (DateSpan.parse(text).began, DateSpan.parse(text).ended) == (None, None)


def bounds(span: DateSpan) -> tuple[int | None, int | None]:
    return span.earliest, span.latest


@pytest.mark.parametrize(
    ("make", "other", "edtf"),
    [
        (DateSpan.before, "1945-08-15", "[..1945-08-15]"),
        (DateSpan.after, "1945-08-09", "[1945-08-09..]"),
        (DateSpan.within, "1945-08", "1945-08"),
        (DateSpan.before, "1945-08-09/1945-09-02", "[..1945-08-09]"),
        (DateSpan.after, "1945-08-09/1945-09-02", "[1945-09-02..]"),
        (DateSpan.within, "1945-08-09/1945-09-02", "[1945-08-09..1945-09-02]"),
        (DateSpan.within, "1945-08-09/..", "[1945-08-09..]"),
        (DateSpan.after, "1945-08-09/", "[1945-08-09..]"),
        (DateSpan.before, "/1945-09-02", "[..1945-09-02]"),
        (DateSpan.before, "[1944,1945]", "[..1945]"),
        (DateSpan.after, "[1944..1945]", "[1944..]"),
        (DateSpan.before, "{1944,1945}", "[..1944]"),
    ],
)
def test_a_relative_date_leans_on_the_bounds_of_the_other(
    make: Callable[..., DateSpan], other: str, edtf: str
) -> None:
    span = make(DateSpan.parse(other), raw="as the source says")
    assert (span.raw, span.edtf) == ("as the source says", edtf)
    assert bounds(span) == bounds(DateSpan.parse(edtf))


def test_a_relative_date_keeps_calendar_and_zone_of_the_other() -> None:
    julian = DateSpan.parse("1855-01-26", calendar="julian")
    assert DateSpan.before(julian).latest == julian.latest
    told = DateSpan.parse("1945-08-08T22:00", time_zone="Europe/Moscow")
    assert DateSpan.after(told).earliest == told.earliest


@pytest.mark.parametrize("make", [DateSpan.before, DateSpan.after, DateSpan.within])
@pytest.mark.parametrize("other", [None, "../.."])
def test_what_leans_on_an_unknown_date_is_unknown(make: Callable[..., DateSpan], other: str | None) -> None:
    span = make(other and DateSpan.parse(other))
    assert (bounds(span), span.unknown_start, span.unknown_end) == ((None, None), True, True)
    assert span.overlaps(DateSpan.parse("1945")) is Answer.YES
    assert span.in_words().endswith("an unknown date")


def test_spans_sort_by_their_beginning_the_shorter_first() -> None:
    in_order = [
        "Y-170000002", "-0043-03-15", "0079", "194X", "1945", "1945-08", "1945-08-08", "1945-08-08T22:00",
        "1945-08-09", "1945-08-09/1945-08-20", "1945-08-09/1945-09-02", "1945-08-09/..", "../1945-09-05",
        "2001-21", "2001-22", "2001-23", "2001-24", "Y170000002", "../..",
    ]  # fmt: skip
    assert sorted(in_order[7:] + in_order[:7], key=lambda text: DateSpan.parse(text).sort_key) == in_order


def test_of_dates_that_begin_together_the_shorter_comes_first() -> None:
    texts = ["1945", "1945-01", "1945-01-01", "1945-01-01T00:00"]
    assert sorted(texts, key=lambda text: DateSpan.parse(text).sort_key) == texts[::-1]


years = st.integers(-9999, 9999).map(lambda year: f"-{-year:04}" if year < 0 else f"{year:04}")
months = st.integers(1, 12).map("{:02}".format)
days = st.integers(1, 28).map("{:02}".format)
marks = st.sampled_from(["", "", "", "~", "?", "%"])
plain = st.one_of(
    years,
    st.builds("{}-{}".format, years, months),
    st.builds("{}-{}-{}".format, years, months, days),
    st.builds("{}-{}".format, years, st.integers(21, 41)),
    st.builds("{}X".format, st.integers(100, 999)),
    st.builds("{}-XX-{}".format, years, days),
)
points = st.one_of(
    st.builds("{}{}".format, plain, marks),
    st.builds("{}-{}-{}T{:02}:{:02}{}".format, years, months, days, st.integers(0, 23), st.integers(0, 59),
              st.sampled_from(["", "Z", "+03:00", "-10:30"])),
    st.builds("Y{}{}".format, st.sampled_from(["", "-"]), st.integers(10_000, 10**12)),
)  # fmt: skip


@st.composite
def compounds(draw: st.DrawFn) -> str:
    first, last = draw(points), draw(points)
    form = draw(
        st.sampled_from(
            ["{}/{}", "{}/..", "../{}", "{}/", "/{}", "[{}..{}]", "[{},{}]", "{{{},{}}}", "[..{}]"]
        )
    )
    return form.format(first, last)


texts = st.one_of(points, compounds())


@st.composite
def spans(draw: st.DrawFn) -> DateSpan:
    calendar = draw(st.sampled_from(["gregorian", "gregorian", "julian"]))
    zone = draw(st.sampled_from(["", "", "Asia/Tokyo", "Europe/Moscow", "America/New_York"]))
    try:
        return DateSpan.parse(draw(texts), calendar=calendar, time_zone=zone)
    except DateError:
        assume(False)
        raise


@given(spans())
def test_the_edtf_of_a_span_means_the_same_span(span: DateSpan) -> None:
    again = DateSpan.parse(span.edtf, calendar=span.calendar, time_zone=span.time_zone)
    assert (bounds(again), again.edtf, again.shape) == (bounds(span), span.edtf, span.shape)


@given(spans())
def test_no_span_ends_before_it_begins(span: DateSpan) -> None:
    assert span.earliest is None or span.latest is None or span.earliest <= span.latest


@given(spans(), spans())
def test_overlap_is_symmetric(one: DateSpan, other: DateSpan) -> None:
    assert one.overlaps(other) is other.overlaps(one)


@given(spans())
def test_a_span_can_hold_beside_itself(span: DateSpan) -> None:
    assert span.overlaps(span) is not Answer.NO


@given(spans(), st.sampled_from(["en", "ja", "", "de-CH"]))
def test_every_span_has_words(span: DateSpan, language: str) -> None:
    assert span.in_words(language)


@given(spans(), spans(), spans())
def test_order_is_total(one: DateSpan, other: DateSpan, third: DateSpan) -> None:
    keys = [one.sort_key, other.sort_key, third.sort_key]
    assert sorted(keys) == sorted([keys[2], keys[0], keys[1]])
    assert (one.sort_key == other.sort_key) == (one == other)


@given(years, months, days, spans(), st.sampled_from(["", "Asia/Tokyo"]))
def test_a_rougher_date_never_conflicts_where_the_finer_one_holds(
    year: str, month: str, day: str, other: DateSpan, zone: str
) -> None:
    answers = [
        DateSpan.parse(text, time_zone=zone).overlaps(other)
        for text in (f"{year}-{month}-{day}", f"{year}-{month}", year, f"{year[:-1]}X")
        if text != "-000X"
    ]
    for finer, rougher in zip(answers, answers[1:], strict=False):
        assert not (finer is Answer.YES and rougher is Answer.NO)


@given(spans(), st.sampled_from([DateSpan.before, DateSpan.after, DateSpan.within]))
def test_what_is_relative_to_a_span_can_always_be_told(span: DateSpan, make: Callable[..., DateSpan]) -> None:
    relative = make(span)
    assert relative.in_words().startswith(("before ", "after ", "within "))
    assert relative.earliest is None or relative.latest is None or relative.earliest <= relative.latest


hostile = st.one_of(
    st.text(max_size=30),
    st.text("0123456789-/.[]{}XYES?~%T:Z+,u 年月日昭和c\x00٣３", max_size=25),
    st.builds("{}{}".format, texts, st.text(max_size=3)),
)


def read_or_told_why(
    read: Callable[[str], DateSpan], text: str
) -> tuple[DateSpan | None, tuple[str, ...], str]:
    """The span, or the choices (where there are any) and the message of the refusal."""
    try:
        return read(text), (), ""
    except AmbiguousDate as doubt:
        return None, doubt.choices, str(doubt)
    except DateError as refusal:
        return None, (), str(refusal)


@given(hostile, st.sampled_from([None, True, False]))
@example("[" * 200, None)
@example("1" * 100_000, None)
@example("Y1E" + "9" * 190, None)
@example("\ud800", None)
@example("1945-08-08T22:00 Europe/" + "x" * 100, None)
@example("99999999年", None)
@example("昭和0年", None)
def test_any_text_is_a_date_or_refused_with_a_reason(text: str, day_first: bool | None) -> None:
    for read in (DateSpan.parse, lambda text: DateSpan.read(text, day_first=day_first)):
        span, choices, message = read_or_told_why(read, text)
        if span is None:
            assert message
            assert [DateSpan.parse(choice).edtf for choice in choices] == list(choices)
            assert len(choices) != 1
        else:
            assert span.raw == text
            assert bounds(DateSpan.parse(span.edtf)) == bounds(span)
            assert DateSpan.read(span.edtf).edtf == span.edtf
