"""The sheets of the canonical workbook and their columns: the one table that says which field each column is.

A field is a path from the sheet's model: `issued` is the model's own, `contributions.agent` that of a row of another
table that belongs to the record, and `assessments.rating` likewise. Where a column's name and its field's name are
the same, the field is not written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db import models

from kb.models import (
    Appearance,
    Claim,
    Event,
    Evidence,
    Place,
    PlaceName,
    PlaceStatus,
    Rebuttal,
    Review,
    StatedValue,
    Topic,
)
from sources.models import Agent, Contribution, Source


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    `fields` are the paths of the fields that it fills; of several, the kind of what the cell names decides
    (`event:KEY` or `place:KEY`), or the attribute's type does. `required`: no row is created without it. `several`:
    the cell holds a list, divided by semicolons. `proposes`: it becomes a proposal that an editor confirms.
    """

    name: str
    fields: tuple[str, ...]
    required: bool = False
    several: bool = False
    proposes: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: what kind of record its rows are. `identity` are the columns that find a row again."""

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    identity: tuple[str, ...]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


def _column(spelling: str) -> Column:
    """Read `*name` (required), `name[]` (several), `name?` (proposal) and `name=path|path`."""
    spelt, _, paths = spelling.partition("=")
    name = spelt.strip("*[]?")
    return Column(
        name=name,
        fields=tuple(paths.split("|")) if paths else (name,),
        required=spelt.startswith("*"),
        several="[]" in spelt,
        proposes="?" in spelt,
    )


def _sheet(name: str, model: type[models.Model], identity: str, *columns: str) -> Sheet:
    spelt = [column for line in columns for column in line.split()]
    return Sheet(name, model, tuple(_column(column) for column in spelt), tuple(identity.split()))


SHEETS: tuple[Sheet, ...] = (
    _sheet("agents", Agent, "key", "*key *name native_name kind wikidata url note"),
    _sheet("topics", Topic, "key", "*key *name"),
    _sheet(
        "sources",
        Source,
        "key",
        "*key *type *title authors[]=contributions.agent container_title publisher issued language url archived_url",
        "accessed doi isbn volume issue pages archive archive_location in_reply_to derived_from[] standing",
        "text=snapshots.text text_extent=snapshots.extent text_rights=snapshots.rights note",
    ),
    _sheet("contributions", Contribution, "uid", "uid *source *agent *role order"),
    _sheet(
        "places",
        Place,
        "key",
        "*key *kind part_of latitude longitude geometry time_zone wikidata geonames note",
    ),
    _sheet(
        "place_names",
        PlaceName,
        "uid",
        "uid *place *text *language kind used_by[]=used_by|used_in romanisation_of when source locator",
    ),
    _sheet("place_statuses", PlaceStatus, "uid", "uid *place *agent *relation when *source locator"),
    _sheet("events", Event, "key", "*key *title when places[] participants[] part_of after[] note"),
    _sheet(
        "claims",
        Claim,
        "key",
        "*key *statement *kind language topics[] places[] events[] note",
        "source=appearances.source quote=appearances.quote prefix=appearances.prefix suffix=appearances.suffix",
        "locator=appearances.locator claimants[]=appearances.claimants stance=appearances.stance",
        "fidelity=appearances.fidelity",
        "about=values.event|values.place attribute=values.attribute qualifier=values.qualifier",
        "value=values.edtf|values.amount|values.latitude|values.longitude|values.text unit=values.unit",
        "certainty=values.certainty",
        "reviewer=reviews.reviewer review_source=reviews.source rating_text=reviews.rating_text",
        "rating_value=reviews.rating_value best=reviews.best worst=reviews.worst reviewed=reviews.when",
        "proposed_rating?=assessments.rating rationale?=assessments.rationale",
    ),
    _sheet(
        "appearances",
        Appearance,
        "uid",
        "uid *claim *source quote prefix suffix translation locator claimants[] stance fidelity derived_from",
    ),
    _sheet(
        "values",
        StatedValue,
        "uid",
        "uid *claim *about=event|place *attribute qualifier *value=edtf|amount|latitude|longitude|text raw calendar",
        "time_zone relative_to=relation|relative_to|offset|measured_from unit low high as_of certainty",
    ),
    _sheet("evidence", Evidence, "uid", "uid claim rebuttal *source *relation quote locator note"),
    _sheet("reviews", Review, "uid", "uid *claim *reviewer source *rating_text rating_value best worst when"),
    _sheet(
        "rebuttals",
        Rebuttal,
        "key",
        "*key *claim *scope mode *text language proposed source raised_by replies_to appearances[] counterclaims[]",
    ),
)

BY_NAME = {sheet.name: sheet for sheet in SHEETS}

#: The sheets that an export adds to these: what the columns are, and what drop-downs offer. They hold no records.
EXPLANATION = "read me"
LISTS = "lists"


def field_at(model: type[models.Model], path: str) -> models.Field:
    """The model field at a path. Raises FieldDoesNotExist."""
    name, _, rest = path.partition(".")
    found = model._meta.get_field(name)
    return field_at(found.related_model, rest) if rest else found  # type: ignore[arg-type,return-value]


def fields_of(sheet: Sheet) -> Iterator[tuple[Column, models.Field]]:
    """Every column of a sheet with each field that it fills."""
    for column in sheet.columns:
        for path in column.fields:
            yield column, field_at(sheet.model, path)
