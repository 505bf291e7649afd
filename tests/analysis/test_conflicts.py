"""Two values conflict only where nothing satisfies both; what hangs on something unsaid is undetermined."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.analysis.conflicts import DETECTORS, Stated, Verdict, compare
from kb.analysis.conflicts.quantities import half_unit
from kb.analysis.conflicts.units import factor
from kb.editorial.dates import DateSpan

CONFLICT, COMPATIBLE, UNDETERMINED = Verdict.CONFLICT, Verdict.COMPATIBLE, Verdict.UNDETERMINED


def dated(edtf: str, *, calendar: str = "gregorian", zone: str = "", **fields: Any) -> Stated:
    span = DateSpan.parse(edtf, calendar=calendar, time_zone=zone)
    return Stated("u", "event:e", "occurred", "date", "one", span=span, **fields)


def figure(amount: str | None, unit: str = "", dimension: str = "area", **fields: Any) -> Stated:
    given_amount = None if amount is None else Decimal(amount)
    low, high = (None if (x := fields.pop(n, None)) is None else Decimal(x) for n in ("low", "high"))
    as_of = fields.pop("as_of", "")
    return Stated(
        "u", "place:p", "area", "quantity", "one", dimension=dimension, amount=given_amount, unit=unit, low=low,
        high=high, as_of=DateSpan.parse(as_of) if as_of else None, **fields,
    )  # fmt: skip


def verdict(one: Stated, other: Stated) -> Verdict | None:
    """The answer, which must be the same from both sides."""
    found, back = compare(one, other), compare(other, one)
    assert (found and found.verdict) == (back and back.verdict)
    return found.verdict if found else None


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (dated("1945-08-09"), dated("1945-08-09"), COMPATIBLE),
        (dated("1945-08-09"), dated("1945-08-08"), CONFLICT),
        (dated("1945-08"), dated("1945-08-31"), COMPATIBLE),
        (dated("1945-08"), dated("1945-09-01"), CONFLICT),
        (dated("1945"), dated("1945-12-31"), COMPATIBLE),
        # Open ends: by the 5th, and not before the 3rd.
        (dated("[..1945-09-05]"), dated("[1945-09-03..]"), COMPATIBLE),
        (dated("[..1945-09-02]"), dated("[1945-09-03..]"), CONFLICT),
        (dated("[..1945-09-05]"), dated("[..1945-09-03]"), COMPATIBLE),
        # Old Style: one day in two calendars, and two days in one.
        (dated("1905-09-05"), dated("1905-08-23", calendar="julian"), COMPATIBLE),
        (dated("1905-09-05"), dated("1905-08-23"), CONFLICT),
        (dated("1855-02-07"), dated("1855-01-26", calendar="julian"), COMPATIBLE),
        (dated("1855-02-06"), dated("1855-01-26", calendar="julian"), CONFLICT),
        # Zones: 10 p.m. in Moscow is the next day in Tokyo.
        (dated("1945-08-08T22:00:00+03:00"), dated("1945-08-09T04:00:00+09:00"), COMPATIBLE),
        (dated("1945-08-08T22:00:00+03:00"), dated("1945-08-08T22:00:00+09:00"), CONFLICT),
        (dated("1945-08-08T22:00:00+03:00"), dated("1945-08-09", zone="Asia/Tokyo"), COMPATIBLE),
        (dated("1945-08-08T22:00:00+03:00"), dated("1945-08-09", zone="Europe/Moscow"), CONFLICT),
        # Without a zone a day's difference to a time of day tells nothing; two days do.
        (dated("1945-08-08T22:00:00+03:00"), dated("1945-08-09"), UNDETERMINED),
        (dated("1945-08-08T22:00:00+03:00"), dated("1945-08-11"), CONFLICT),
        # How long it lasted, and one day of it.
        (dated("1945-08-09/1945-08-20"), dated("1945-08-09/1945-09-02"), CONFLICT),
        (dated("1945-08-09/1945-08-20"), dated("1945-08-10"), UNDETERMINED),
        (dated("1945-08-09/1945-08-20"), dated("1945-08-21"), CONFLICT),
        # Marks: “about” may reach a day further, and no month.
        (dated("1945-08-09~"), dated("1945-08-10"), UNDETERMINED),
        (dated("1945-08-09~"), dated("1945-12-10"), CONFLICT),
        # What is uncertain itself contradicts nothing for certain.
        (dated("1945-08-09", uncertain=True), dated("1945-08-08"), UNDETERMINED),
    ],
)  # fmt: skip
def test_dates(one: Stated, other: Stated, answer: Verdict) -> None:
    assert verdict(one, other) is answer


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (figure("248.9", "km2"), figure("250", "km2"), COMPATIBLE),
        (figure("253.33", "km2"), figure("248.9", "km2"), CONFLICT),
        (figure("3166.6", "km2"), figure("3200", "km2"), COMPATIBLE),
        (figure("5003.1", "km2"), figure("50000000", "km2"), CONFLICT),
        # One area in several units, as exactly as each is given.
        (figure("5003.1", "km2"), figure("500310", "ha"), COMPATIBLE),
        (figure("5003.1", "km2"), figure("1931.7", "square miles"), COMPATIBLE),
        (figure("5003.1", "km²"), figure("1950", "sq. mi."), CONFLICT),
        (figure("87.4", "km", "length"), figure("47.2", "nautical miles", "length"), COMPATIBLE),
        (figure("87.4", "km", "length"), figure("92.0", "km", "length"), CONFLICT),
        # At least, up to, between.
        (figure(None, "km2", low="240"), figure("248.9", "km2"), COMPATIBLE),
        (figure(None, "km2", low="250"), figure("248.9", "km2"), CONFLICT),
        (figure(None, "km2", high="250"), figure("248.9", "km2"), COMPATIBLE),
        (figure(None, "km2", low="100", high="200"), figure("248.9", "km2"), CONFLICT),
        # Units that nobody knows are compared only with themselves; an area is no length.
        (figure("3", "morgen-x"), figure("4", "morgen-x"), CONFLICT),
        (figure("3", "morgen-x"), figure("4", "km2"), UNDETERMINED),
        (figure("3", "km"), figure("4", "km2"), UNDETERMINED),
        # Different times are different facts; a time on one side alone leaves it open.
        (figure("17291", "", "count", as_of="1945"), figure("0", "", "count", as_of="1949"), COMPATIBLE),
        (figure("17291", "", "count", as_of="1945"), figure("16000", "", "count", as_of="1945-08"), CONFLICT),
        (figure("17291", "", "count", as_of="1945"), figure("16000", "", "count"), UNDETERMINED),
        (figure("17291", "", "count"), figure("17000", "", "count"), COMPATIBLE),
        # Counts: what is counted has to be the same, and of a small round number nobody knows whether it is round.
        (figure("300", "men", "count"), figure("3", "ships", "count"), UNDETERMINED),
        (figure("8", "", "count"), figure("8", "islands", "count"), COMPATIBLE),
        (figure("8", "", "count"), figure("5", "", "count"), CONFLICT),
        (figure("8", "", "count"), figure("10", "", "count"), UNDETERMINED),
        # From where a distance is measured.
        (figure("87.4", "km", measured_from="a"), figure("92", "km", measured_from="b"), COMPATIBLE),
        (figure("87.4", "km", measured_from="a"), figure("95", "km"), UNDETERMINED),
        # “about” reaches one unit of the last figure further.
        (figure("300", "", "count", raw="約三百名"), figure("420", "", "count"), COMPATIBLE),
        (figure("300", "", "count", raw="三百名"), figure("420", "", "count"), CONFLICT),
        (figure("5.69", "km2", raw="about 5.69"), figure("5.56", "km2", raw="约5.56"), CONFLICT),
    ],
)  # fmt: skip
def test_quantities(one: Stated, other: Stated, answer: Verdict) -> None:
    assert verdict(one, other) is answer


def point(latitude: str, longitude: str) -> Stated:
    return Stated(
        "u", "place:p", "coordinates", "coordinates", "one", latitude=Decimal(latitude), longitude=Decimal(longitude)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (point("37.240778", "131.869556"), point("37.2408", "131.8696"), COMPATIBLE),
        (point("37.24", "131.87"), point("37.240778", "131.869556"), COMPATIBLE),
        (point("37.2111", "131.8711"), point("37.240778", "131.869556"), UNDETERMINED),
        # The notice of 1905 and the island, ten kilometres apart.
        (point("37.158333", "131.916667"), point("37.240778", "131.869556"), CONFLICT),
        (point("37.24", "131.87"), point("44.5", "147.0"), CONFLICT),
        (point("0", "179.999"), point("0", "-179.999"), UNDETERMINED),
    ],
)
def test_coordinates(one: Stated, other: Stated, answer: Verdict) -> None:
    assert verdict(one, other) is answer


def test_only_what_speaks_of_the_same_is_compared() -> None:
    value = dated("1945-08-08")
    later = dated("1945-08-09")
    assert compare(value, replace(later, subject="event:f")) is None
    assert compare(value, replace(later, attribute="delivered")) is None
    assert compare(value, replace(later, qualifier="in Moscow")) is None
    assert verdict(replace(value, qualifier="In Moscow"), replace(later, qualifier="in moscow ")) is CONFLICT


def test_texts_are_left_to_an_editor() -> None:
    one = Stated("u", "place:p", "described", "text", "one", text="grass island")
    assert verdict(one, replace(one, text="Grass Island")) is COMPATIBLE
    assert verdict(one, replace(one, text="black island")) is UNDETERMINED


def test_the_reason_says_who_says_what_and_that_nothing_satisfies_both() -> None:
    surrender = DateSpan.parse("1945-08-15")
    editorial = Stated(
        "a", "event:e", "began", "date", "the editorial", span=DateSpan.before(surrender),
        leaning="before “Japan’s surrender”, which the desk dates to 15 August 1945",
    )  # fmt: skip
    comment = Stated("b", "event:e", "began", "date", "the comment", span=DateSpan.parse("[1945-08-18..]"))
    found = compare(editorial, comment)
    assert found is not None
    assert found.reason == (
        "the editorial says before “Japan’s surrender”, which the desk dates to 15 August 1945; the comment says on or "
        "after 18 August 1945: no day satisfies both."
    )


def test_a_date_that_leans_on_an_event_without_a_date_is_undetermined() -> None:
    leaning = Stated(
        "a", "event:e", "occurred", "date", "one", leaning="before “the war”, whose date is not settled"
    )
    assert verdict(leaning, dated("1945-08-09")) is UNDETERMINED


@pytest.mark.parametrize(
    ("amount", "half"),
    [("1490", "5"), ("248.9", "0.05"), ("97", "0.5"), ("50000000", "5000000"), ("3", "0.5"), ("0", "0.5"),
     ("99.940000", "0.005")],
)  # fmt: skip
def test_how_exact_a_figure_is(amount: str, half: str) -> None:
    assert half_unit(Decimal(amount)) == Decimal(half)


@pytest.mark.parametrize(
    ("unit", "size"),
    [("km2", 10**6), ("km²", 10**6), ("平方キロメートル", 10**6), ("кв. км", 10**6), ("ha", 10**4), ("km", 1000),
     ("nautical miles", 1852), ("versts", Decimal("1066.8")), ("people", None), ("", None), ("9**9**9", None),
     ("degC", None), ("km2; drop", None), ("x" * 40, None)],
)  # fmt: skip
def test_units(unit: str, size: Any) -> None:
    found = factor(unit)
    assert (found[1] if found else None) == size


amounts = st.decimals(min_value=0, max_value=10**9, places=2)


@given(
    amounts,
    amounts,
    st.sampled_from(["km2", "ha", "sq mi", "people", ""]),
    st.sampled_from(["km2", "m2", "x"]),
)
def test_figures_answer_alike_from_both_sides_and_never_contradict_themselves(
    a: Decimal, b: Decimal, unit: str, other: str
) -> None:
    one, two = figure(str(a), unit), figure(str(b), other)
    verdict(one, two)
    assert verdict(one, one) is COMPATIBLE


def test_there_is_a_detector_for_every_type_of_value() -> None:
    assert [detector.__name__ for detector in DETECTORS] == ["dates", "quantities", "coordinates", "texts"]
