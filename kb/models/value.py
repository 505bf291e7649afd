"""Stated values: the part of a claim that a machine can compare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from kb.editorial.aggregate import Part, enumeration, validate_key
from kb.editorial.computed import written_in_bulk
from kb.editorial.dates import DateError, DateSpan
from kb.editorial.durations import read_duration, within_duration
from kb.editorial.fields import DateSpanField, LineField, span_or_none
from kb.editorial.history import History
from kb.editorial.triggers import DELETE, INSERT, UPDATE, Touch
from kb.models.claim import Appearance, Claim, StaleReason, marks_stale
from kb.models.event import Event
from kb.models.place import Place, validate_time_zone
from kb.models.revision import nobodys_work


def validate_duration(value: str) -> None:
    """A duration of ISO 8601 in years, months, weeks and days."""
    try:
        read_duration(value)
    except DateError as error:
        raise ValidationError(str(error), code="duration") from error


class ValueType(models.TextChoices):
    DATE = "date", "date"
    QUANTITY = "quantity", "quantity"
    COORDINATES = "coordinates", "coordinates"
    TEXT = "text", "text"


class AttributeManager(models.Manager):
    def get_by_natural_key(self, key: str) -> Any:
        return self.get(key=key)


class Attribute(models.Model):
    """What a value is a value of: *began*, *population*, *area*… The desk may add its own."""

    key = models.CharField(max_length=40, unique=True, validators=[validate_key])
    label = models.CharField(max_length=80, help_text="As in “the declaration was signed”: “signed”.")
    type = models.CharField(max_length=11, choices=ValueType)
    dimension = models.CharField(
        max_length=20,
        blank=True,
        help_text="For quantities: “area”, “length”, “count”; it says which units can be compared.",
    )

    objects = AttributeManager()

    class Meta:
        ordering = ["key"]
        constraints = [enumeration("type", ValueType)]

    def __str__(self) -> str:
        return self.label

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class Certainty(models.TextChoices):
    CERTAIN = "certain", "certain"
    LESS_CERTAIN = "less-certain", "less certain"
    UNCERTAIN = "uncertain", "uncertain"


class Calendar(models.TextChoices):
    GREGORIAN = "gregorian", "Gregorian"
    JULIAN = "julian", "Julian"


class RelativeTo(models.TextChoices):
    BEFORE = "before", "before"
    AFTER = "after", "after"
    WITHIN = "within", "within"


class StatedValue(Part):
    """What a claim says of an event or a place, in figures.

    `earliest` and `latest` are computed: signed minutes from 1970 in UTC. For dates that lean on an
    event (“before Japan's surrender”) they come from that event's settled date, and only from it (domain rule 7).
    """

    part_of = ("claim",)
    computed = (
        ("edtf", "calendar", "time_zone", "relation", "relative_to", "offset"),
        ("earliest", "latest"),
    )
    database_rules = (Touch("stale", marks_stale(StaleReason.VALUE), on=(INSERT, UPDATE, DELETE)),)

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="values")
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="values")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="values")
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="values")
    qualifier = LineField(
        max_length=120, blank=True, help_text="What is counted or measured: “Japanese inhabitants”."
    )
    raw = LineField(max_length=500, blank=True, help_text="The words that state it, exactly.")
    appearance = models.ForeignKey(
        Appearance,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="values",
        help_text="Whose words, if one’s.",
    )
    certainty = models.CharField(max_length=12, choices=Certainty, default=Certainty.CERTAIN)

    edtf = DateSpanField("date", blank=True)
    calendar = models.CharField(max_length=9, choices=Calendar, default=Calendar.GREGORIAN)
    time_zone = models.CharField(max_length=40, blank=True, validators=[validate_time_zone])
    relation = models.CharField(
        max_length=6, choices=RelativeTo, blank=True, help_text="To the event beside it."
    )
    relative_to = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leaning_values",
        help_text="The event whose settled date bounds this one: “before Japan’s surrender”.",
    )
    offset = models.CharField(
        max_length=20,
        blank=True,
        validators=[validate_duration],
        help_text="“within three months of …” is “P3M” (ISO 8601), “within ten days” “P10D”.",
    )
    earliest = models.BigIntegerField(null=True, blank=True, editable=False)
    latest = models.BigIntegerField(null=True, blank=True, editable=False)

    amount = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    low = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True, help_text="“at least”")
    high = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True, help_text="“up to”")
    unit = LineField(max_length=40, blank=True, help_text="“km2”, “km”, “people”")
    as_of = DateSpanField(blank=True, help_text="When the figure was true.")
    measured_from = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="distances",
        help_text="For a distance: from where.",
    )

    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    text = LineField(max_length=500, blank=True)

    history = History()

    class Meta:
        ordering = ["claim", "id"]
        indexes = [
            models.Index(fields=["event", "attribute", "qualifier", "earliest"]),
            models.Index(fields=["place", "attribute", "qualifier"]),
        ]
        constraints = [
            enumeration("certainty", Certainty),
            enumeration("calendar", Calendar),
            enumeration("relation", RelativeTo, blank=True),
            models.CheckConstraint(
                condition=models.Q(event__isnull=False, place__isnull=True)
                | models.Q(event__isnull=True, place__isnull=False),
                name="kb_statedvalue_event_or_place",
                violation_error_message="A value is about an event or about a place, one of the two.",
            ),
            models.CheckConstraint(
                condition=models.Q(relation="", relative_to__isnull=True)
                | (~models.Q(relation="") & models.Q(relative_to__isnull=False)),
                name="kb_statedvalue_relation_needs_event",
                violation_error_message="“before”, “after” and “within” need an event, and it needs one of them.",
            ),
            models.CheckConstraint(
                condition=models.Q(earliest__isnull=True)
                | models.Q(latest__isnull=True)
                | models.Q(earliest__lte=models.F("latest")),
                name="kb_statedvalue_bounds_in_order",
                violation_error_message="The date ends before it begins.",
            ),
            models.CheckConstraint(
                condition=models.Q(low__isnull=True)
                | models.Q(high__isnull=True)
                | models.Q(low__lte=models.F("high")),
                name="kb_statedvalue_low_to_high",
                violation_error_message="The lower figure is above the higher one.",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True) | models.Q(latitude__gte=-90, latitude__lte=90),
                name="kb_statedvalue_latitude_range",
                violation_error_message="A latitude lies between -90 and 90.",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__isnull=True)
                | models.Q(longitude__gte=-180, longitude__lte=180),
                name="kb_statedvalue_longitude_range",
                violation_error_message="A longitude lies between -180 and 180.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.raw or self.edtf or self.amount or self.text}"

    def clean(self) -> None:
        if not self.attribute_id:
            return  # the form says so already
        wanted = {
            ValueType.DATE: (
                self.edtf or self.relative_to_id,
                "a date, or an event that it came before or after",
            ),
            ValueType.QUANTITY: (
                any(v is not None for v in (self.amount, self.low, self.high)),
                "an amount, or a lower or higher figure",
            ),
            ValueType.COORDINATES: (
                self.latitude is not None and self.longitude is not None,
                "a latitude and a longitude",
            ),
            ValueType.TEXT: (self.text, "a text"),
        }
        given, needed = wanted[ValueType(self.attribute.type)]
        if not given:
            raise ValidationError(f"“{self.attribute.label}” needs {needed}.")

    def span(self) -> DateSpan | None:
        """The time that this value states; None if it states none, or leans on an event that has no settled date."""
        try:
            if self.relation and self.relative_to:
                return self._leaning(span_or_none(self.relative_to.when))
            zone = self.time_zone
            return DateSpan.parse(self.edtf, calendar=self.calendar, time_zone=zone) if self.edtf else None
        except DateError:
            return None

    def _leaning(self, settled: DateSpan | None) -> DateSpan | None:
        if settled is None:
            return None
        if self.relation == RelativeTo.WITHIN:
            return (
                within_duration(settled, self.offset, self.raw)
                if self.offset
                else DateSpan.within(settled, self.raw)
            )
        make = DateSpan.before if self.relation == RelativeTo.BEFORE else DateSpan.after
        return make(settled, raw=self.raw)

    def derive(self) -> None:
        """Compute the bounds again."""
        span = self.span()
        self.earliest, self.latest = (span.earliest, span.latest) if span else (None, None)

    def compute(self) -> None:
        self.derive()


def lean_again(events: Iterable[Event]) -> None:
    """The dates of events have been settled anew: what leans on them is computed again."""
    moved = []
    leaning = StatedValue.objects.filter(relative_to__in=[event.pk for event in events])
    for value in leaning.select_related("relative_to"):
        before = (value.earliest, value.latest)
        value.compute()
        if (value.earliest, value.latest) != before:
            moved.append(value)
    if moved:
        with nobodys_work(Claim, (value.claim_id for value in moved)):
            StatedValue.objects.bulk_update(moved, ["earliest", "latest"], batch_size=500)


def after_save(sender: type[models.Model], instance: Event, **kwargs: Any) -> None:
    lean_again([instance])


def after_bulk(sender: type[models.Model], rows: list[Event], **kwargs: Any) -> None:
    lean_again(rows)


models.signals.post_save.connect(after_save, sender=Event, dispatch_uid="lean_again")
written_in_bulk.connect(after_bulk, sender=Event, dispatch_uid="lean_again_in_bulk")
