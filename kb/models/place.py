"""Places, their names and who claims or administers them."""

from __future__ import annotations

import zoneinfo
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from kb.editorial.aggregate import Aggregate, AggregateQuerySet, Part, enumeration
from kb.editorial.fields import (
    BoundField,
    DateSpanField,
    FoldedField,
    JSONTextField,
    LanguageField,
    LineField,
    ProseField,
    bounds_in_order,
    validate_wikidata,
)
from kb.editorial.folding import line
from kb.editorial.history import History, LinkedHistory
from sources.models import Agent, Source

GEOMETRIES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)


def validate_geometry(value: object) -> None:
    """A GeoJSON geometry (RFC 7946, section 3.1): a type of the seven, with its members."""
    given = value if isinstance(value, dict) else {}
    kind = given.get("type")
    member = "geometries" if kind == "GeometryCollection" else "coordinates"
    if kind not in GEOMETRIES or not isinstance(given.get(member), list):
        raise ValidationError(
            f"Not a GeoJSON geometry. It has a “type” ({', '.join(GEOMETRIES)}) and its “coordinates”.",
            code="geometry",
        )


def validate_time_zone(value: str) -> None:
    """A name of the IANA time zone database."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValidationError(
            f"“{value}” is not a time zone. Write it as in “Asia/Tokyo”.", code="zone"
        ) from error


class PlaceKind(models.TextChoices):
    ISLAND = "island", "island"
    ARCHIPELAGO = "archipelago", "archipelago"
    CITY = "city", "city"
    REGION = "region", "region"
    SEA = "sea", "sea"
    STATE = "state", "state"
    OTHER = "other", "place"


class PlaceQuerySet(AggregateQuerySet):
    def named(self, text: str) -> PlaceQuerySet:
        """Places that have this name, in any language and however it is typed: case, width, diacritics."""
        return self.filter(names__folded=line(text)).distinct()


class Place(Aggregate):
    """An island, archipelago, city, region, sea or state. It has no name of its own: see `PlaceName`.

    `label` is what the naming policy calls it, once `kb.analysis.desk_names` has noted it.
    """

    kind_name = "place"
    label = ""

    kind = models.CharField(max_length=12, choices=PlaceKind)
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-90)), MaxValueValidator(Decimal(90))],
        help_text="Degrees north, south negative, as in 44.8333.",
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-180)), MaxValueValidator(Decimal(180))],
        help_text="Degrees east, west negative, as in 147.8333.",
    )
    geometry = JSONTextField(
        null=True, blank=True, validators=[validate_geometry], help_text="GeoJSON (RFC 7946)."
    )
    time_zone = models.CharField(
        max_length=40,
        blank=True,
        validators=[validate_time_zone],
        help_text="Whose clock dates here follow, as in “Asia/Tokyo”; leave empty where it is not settled.",
    )
    wikidata = models.CharField(
        max_length=13, blank=True, validators=[validate_wikidata], help_text="As in “Q193217”."
    )
    geonames = models.PositiveBigIntegerField(
        "GeoNames", null=True, blank=True, help_text="The GeoNames number."
    )
    note = ProseField(blank=True, limit=10_000)

    objects = PlaceQuerySet.as_manager()
    history = History(excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        constraints = [
            *Aggregate.Meta.constraints,
            enumeration("kind", PlaceKind),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True) | models.Q(latitude__gte=-90, latitude__lte=90),
                name="kb_place_latitude_range",
                violation_error_message="A latitude lies between -90 and 90.",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__isnull=True)
                | models.Q(longitude__gte=-180, longitude__lte=180),
                name="kb_place_longitude_range",
                violation_error_message="A longitude lies between -180 and 180.",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="kb_place_coordinates_paired",
                violation_error_message="Give both latitude and longitude, or neither.",
            ),
            models.CheckConstraint(
                condition=~models.Q(part_of=models.F("id")),
                name="kb_place_not_part_of_itself",
                violation_error_message="A place cannot be part of itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.key})" if self.label not in ("", self.key) else self.key

    def clean(self) -> None:
        above, seen = self.part_of, {self.pk} if self.pk else set()
        while above is not None:
            if above.pk in seen:
                raise ValidationError(
                    {"part_of": f"“{above}” is already part of this place: the chain goes in a circle."}
                )
            seen.add(above.pk)
            above = above.part_of


class NameKind(models.TextChoices):
    ENDONYM = "endonym", "endonym"
    EXONYM = "exonym", "exonym"
    HISTORICAL = "historical", "historical name"
    VARIANT = "variant", "variant spelling"
    READING = "reading", "reading"


class PlaceName(Part):
    """One name of a place, with its language, who uses it and since when."""

    part_of = ("place",)

    place = models.ForeignKey(Place, models.CASCADE, related_name="names")
    text = LineField(max_length=300, help_text="In its own script, exactly as used.")
    folded = FoldedField(of="text")
    language = LanguageField()
    kind = models.CharField(max_length=10, choices=NameKind, default=NameKind.ENDONYM)
    used_by = models.ManyToManyField(Agent, blank=True, related_name="names_used")
    used_in = models.ManyToManyField(
        Source, blank=True, related_name="names_used", help_text="A treaty, law or map that uses it."
    )
    romanisation_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="romanisations"
    )
    when = DateSpanField(blank=True, help_text="Since when, or from when to when: “1905-02-22/..”.")
    when_earliest = BoundField(of="when", end="earliest")
    when_latest = BoundField(of="when", end="latest")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="place_names")
    locator = LineField(
        max_length=200, blank=True, help_text="Where in the source: a page, article or paragraph."
    )

    history = LinkedHistory(m2m_fields=[used_by, used_in], excluded_fields=["folded"])

    class Meta:
        ordering = ["place", "text", "language", "id"]
        indexes = [models.Index(fields=["folded"])]
        constraints = [
            enumeration("kind", NameKind),
            bounds_in_order("when"),
            models.CheckConstraint(
                condition=~models.Q(romanisation_of=models.F("id")),
                name="kb_placename_not_of_itself",
                violation_error_message="A name is not a romanisation of itself.",
            ),
            models.UniqueConstraint(
                fields=["place", "text", "language", "kind"],
                name="kb_placename_once",
                violation_error_message="This place already has this name in this language.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Relation(models.TextChoices):
    CLAIMS = "claims", "claims"
    ADMINISTERS = "administers", "administers"
    RECOGNISES = "recognises", "recognises"
    RENOUNCES = "renounces", "renounces"


class PlaceStatus(Part):
    """A sourced assertion that an agent claims, administers, recognises or renounces a place."""

    part_of = ("place",)

    place = models.ForeignKey(Place, models.CASCADE, related_name="statuses")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="place_statuses")
    relation = models.CharField(max_length=12, choices=Relation)
    when = DateSpanField(blank=True, help_text="An interval: “1945-09/..” goes on, “1905/1945-09” has ended.")
    when_earliest = BoundField(of="when", end="earliest")
    when_latest = BoundField(of="when", end="latest")
    source = models.ForeignKey(Source, models.PROTECT, related_name="place_statuses")
    locator = LineField(
        max_length=200, blank=True, help_text="Where in the source: a page, article or paragraph."
    )

    history = History()

    class Meta:
        verbose_name_plural = "place statuses"
        ordering = ["place", "relation", "when_earliest", "id"]
        constraints = [enumeration("relation", Relation), bounds_in_order("when")]

    def __str__(self) -> str:
        return f"{self.agent} {self.relation} {self.place}"
