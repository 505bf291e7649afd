"""Stated values: their bounds, and what happens to those that lean on an event whose date is settled anew."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from kb.editorial.dates import DateSpan
from kb.models import Assessment, Attribute, Claim, Event, Place, StatedValue
from kb.models.value import validate_duration
from tests.support.samples import sample, saved, some, user

pytestmark = pytest.mark.django_db


def value(number: int = 1, **fields) -> StatedValue:
    return saved(StatedValue, number, **fields)


def leaning(relation: str, event: Event, number: int = 1, **fields) -> StatedValue:
    return value(number, **{"edtf": "", "relation": relation, "relative_to": event, **fields})


def stored(row: StatedValue) -> tuple[int | None, int | None]:
    return StatedValue.objects.values_list("earliest", "latest").get(pk=row.pk)


def bounds(text: str, **kwargs: str) -> tuple[int | None, int | None]:
    span = DateSpan.parse(text, **kwargs)
    return span.earliest, span.latest


SURRENDER = "1945-08-15"


@pytest.fixture
def surrender() -> Event:
    return saved(Event, 5, when=SURRENDER)


# --- bounds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edtf", ["1945-08-18", "1945-08", "1945", "1945~", "1945-08-09/1945-08-20", "1945/..", "../1945"]
)
def test_the_bounds_are_those_of_the_date(edtf):
    assert stored(value(edtf=edtf)) == bounds(edtf)


def test_in_august_1945_ends_on_the_31st():
    assert stored(value(edtf="1945-08")) == (bounds("1945-08-01")[0], bounds("1945-08-31")[1])


def test_a_julian_date_is_thirteen_days_earlier_in_the_twentieth_century():
    assert stored(value(edtf="1917-10-25", calendar="julian")) == bounds("1917-11-07")


def test_a_zone_shifts_the_bounds():
    plain, moscow = bounds("1945-08-08"), stored(value(edtf="1945-08-08", time_zone="Europe/Moscow"))
    assert [later - earlier for earlier, later in zip(moscow, plain, strict=True)] == [180, 180]


def test_a_value_without_a_date_has_no_bounds():
    assert stored(value(edtf="", text="a text")) == (None, None)


def test_a_date_that_cannot_be_read_has_no_bounds():
    row = sample(StatedValue, edtf="soon")
    row.derive()
    assert (row.earliest, row.latest, row.span()) == (None, None, None)


# --- leaning on an event (domain rule 7) -----------------------------------------------------------------------------


def test_before_an_event_reaches_into_the_day_on_which_it_happened(surrender):
    span = DateSpan.before(DateSpan.parse(SURRENDER))
    assert (
        stored(leaning("before", surrender)) == (span.earliest, span.latest) == (None, bounds(SURRENDER)[1])
    )


def test_after_an_event_begins_on_the_day_on_which_it_happened(surrender):
    assert stored(leaning("after", surrender)) == (bounds(SURRENDER)[0], None)


def test_within_an_event_has_its_bounds(surrender):
    assert stored(leaning("within", surrender)) == bounds(SURRENDER)


def test_within_three_months_counts_from_it():
    defeat = saved(Event, 6, when="1945-05-08")
    row = leaning("within", defeat, offset="P3M", raw="within three months of Germany’s defeat")
    assert stored(row) == bounds("[1945-05-08..1945-08-08]")
    assert row.span().raw == "within three months of Germany’s defeat"


def test_an_event_without_a_settled_date_bounds_nothing():
    event = saved(Event, 6)
    assert stored(leaning("before", event)) == (None, None)
    assert leaning("before", event, 2).span() is None


def test_an_event_that_goes_on_cannot_be_counted_from():
    assert stored(leaning("within", saved(Event, 6, when="1945-05-08/.."), offset="P3M")) == (None, None)


REDATE = {
    "save": lambda event: (setattr(event, "when", "1945-09-02"), event.save()),
    "save of one field": lambda event: (
        setattr(event, "when", "1945-09-02"),
        event.save(update_fields=["when"]),
    ),
    "update": lambda event: Event.objects.filter(pk=event.pk).update(when="1945-09-02"),
    "bulk_update": lambda event: (
        setattr(event, "when", "1945-09-02"),
        Event.objects.bulk_update([event], ["when"]),
    ),
    "upsert": lambda event: Event.objects.bulk_create(
        [Event(key=event.key, title=event.title, when="1945-09-02")],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["when"],
    ),
}


@pytest.mark.parametrize("way", REDATE)
def test_what_leans_on_an_event_follows_its_date(surrender, way):
    before = leaning("before", surrender, 1)
    after = leaning("after", surrender, 2)
    own, other = value(3), leaning("before", saved(Event, 7, when="1905"), 4)
    kept = stored(own), stored(other)
    REDATE[way](surrender)
    day = bounds("1945-09-02")
    assert stored(before) == (None, day[1])
    assert stored(after) == (day[0], None)
    assert (stored(own), stored(other)) == kept


def test_an_event_that_loses_its_date_bounds_nothing_any_more(surrender):
    row = leaning("before", surrender)
    Event.objects.update(when="")
    assert stored(row) == (None, None)


def test_a_claim_whose_value_follows_an_event_is_changed_by_it_once(surrender):
    row = leaning("before", surrender)
    saved(Assessment)
    Assessment.objects.update(confirmed_by=user(), confirmed_at=timezone.now())
    before = row.claim.refresh_revision()
    surrender.save()
    surrender.note = "Another note."
    surrender.save()
    assert (row.claim.refresh_revision(), Claim.objects.get().stale_reason) == (before, "")
    surrender.when = "1945-09-02"
    surrender.save()
    assert (row.claim.refresh_revision(), Claim.objects.get().stale_reason) == (before + 1, "value")


@pytest.mark.parametrize("changed", [{"edtf": "1946"}, {"calendar": "julian"}, {"time_zone": "Asia/Tokyo"}])
def test_values_written_in_bulk_have_their_bounds(changed):
    row = value(edtf="1945-08-18")
    StatedValue.objects.filter(pk=row.pk).update(**changed)
    expected = StatedValue.objects.get()
    expected.derive()
    assert stored(row) == (expected.earliest, expected.latest) != bounds("1945-08-18")
    [made] = StatedValue.objects.bulk_create([sample(StatedValue, 2, **{"edtf": "1917", **changed})])
    assert stored(made) == (made.earliest, made.latest) != (None, None)


# --- what a value must have ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "empty", "filled", "needed"),
    [
        ("began", {}, {"edtf": "1945"}, "a date, or an event that it came before or after"),
        ("population", {}, {"amount": Decimal(17000)}, "an amount, or a lower or higher figure"),
        ("population", {}, {"high": Decimal(1600000)}, "an amount, or a lower or higher figure"),
        ("count", {}, {"amount": Decimal(0)}, "an amount, or a lower or higher figure"),
        (
            "coordinates",
            {"latitude": Decimal(44)},
            {"latitude": Decimal(0), "longitude": Decimal(0)},
            "a latitude and a longitude",
        ),
        ("named", {}, {"text": "Iturup"}, "a text"),
    ],
)
def test_a_value_is_of_its_attributes_type(attribute, empty, filled, needed):
    kind = Attribute.objects.get(key=attribute)
    with pytest.raises(ValidationError) as caught:
        sample(StatedValue, attribute=kind, **{"edtf": "", **empty}).full_clean()
    assert caught.value.messages == [f"“{kind.label}” needs {needed}."]
    sample(StatedValue, attribute=kind, **{"edtf": "", **filled}).full_clean()


def test_a_date_may_lean_on_an_event_instead(surrender):
    sample(StatedValue, edtf="", relation="before", relative_to=surrender).full_clean()


def test_a_value_is_about_a_place_too():
    sample(StatedValue, event=None, place=some(Place), edtf="1945").full_clean()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"time_zone": "Tokyo"}, "“Tokyo” is not a time zone. Write it as in “Asia/Tokyo”."),
        (
            {"offset": "three months"},
            "“three months” is not a length of time. Write it as in “P3M” (three months) or “P10D” (ten days).",
        ),
    ],
)
def test_slips_are_refused_with_what_would_be_right(given, message):
    with pytest.raises(ValidationError) as caught:
        sample(StatedValue, **given).full_clean()
    assert caught.value.messages == [message]


def test_a_duration_is_checked():
    validate_duration("P3M")
    with pytest.raises(ValidationError):
        validate_duration("P")


def test_a_value_is_called_by_what_it_states():
    assert str(sample(StatedValue)) == "began: 1: on 18 August"
    assert str(sample(StatedValue, raw="")) == "began: 1945-08-18"
    assert str(Attribute.objects.get(key="in-force")) == "came into force"
