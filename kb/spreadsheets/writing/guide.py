"""What each column is, in editors' words, and what may stand in it: for the sheet that explains, and for drop-downs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import models

from kb.editorial.aggregate import Part
from kb.models import Attribute
from kb.spreadsheets.layout import SHEETS, Column, Sheet, field_at

INTRODUCTION = (
    "There is one sheet for each kind of record. The first column, key or uid, says which record a row is.",
    "A row with a key that the desk does not have makes a new record. So does a row without a uid, in the sheets that "
    "begin with one.",
    "A blank cell leaves what the desk has. A cell with nothing but - empties it; for a hyphen itself, write \\-",
    "Where several may stand in a cell, divide them by semicolons. Inside one of them, write \\; for a semicolon.",
    "Records are named by their keys. A name does too, where only one record has it.",
    "Dates are text: 1945, 1945-08, 1945-08-18, 1945-08-09/1945-08-20, 1945~ (about), [..1945-09-02] (by then), "
    "1905/.. (since).",
    "Spaces at the ends of a cell are dropped. A text longer than a cell holds (32,767 characters) is in a file beside "
    "the sheet: the cell says file: and its name.",
    "In claims, an export leaves the columns from source to rationale empty: appearances, values and reviews have "
    "sheets of their own. In a row that makes a new claim, fill them to give it a first appearance, a value, a review "
    "and a proposed rating.",
    "What is imported arrives as drafts, ratings as proposals. Nothing is published or decided by a spreadsheet.",
)

#: The columns that are more than one field, or whose field does not say enough.
WORDS = {
    (
        "sources",
        "authors",
    ): "The keys of its authors, in order. Other roles are in the sheet “contributions”.",
    ("sources", "text"): "The captured text. It is never changed: another text is kept as a newer one.",
    ("places", "latitude"): "Degrees north, south negative, as in 44.8333. Together with the longitude.",
    ("place_names", "used_by"): "Who uses it: keys of agents. A treaty, law or map that uses it: source:KEY.",
    ("place_names", "romanisation_of"): "The uid of the name that this one writes in Latin letters.",
    ("claims", "about"): "What the value is a value of: event:KEY or place:KEY.",
    ("claims", "source"): "Of the first appearance: the key of the source in which it was made.",
    ("claims", "reviewer"): "Of a review by others: the key of the agent who rated the claim.",
    (
        "claims",
        "proposed_rating",
    ): "A rating for the desk to confirm. It is a proposal until an editor confirms it.",
    ("claims", "unit"): "The unit of a figure, as in “km2”, “km”, “people”.",
    ("values", "unit"): "The unit of the figure, as in “km2”, “km”, “people”.",
    ("values", "low"): "The lower figure, where it is said to be “at least” so much.",
    ("values", "high"): "The higher figure, where it is said to be “up to” so much.",
    ("values", "about"): "What it is a value of: event:KEY or place:KEY.",
    (
        "values",
        "relative_to",
    ): "“before event:KEY”, “after event:KEY”, “within event:KEY”, “within P3M event:KEY” "
    "(within three months of it); for a distance, “from place:KEY”.",
    ("evidence", "claim"): "The key of the claim that it bears on; or leave this empty and name a rebuttal.",
    (
        "evidence",
        "rebuttal",
    ): "The key of the rebuttal that it bears on; or leave this empty and name a claim.",
    ("rebuttals", "appearances"): "The uids of the appearances that it targets; none means all.",
}
VALUE = "By the attribute’s type: a date (1945-08-18), a number (5003.1), a position (44.8333; 147.8333) or a text."
KEY = "The record’s name here and in addresses: small letters, digits and hyphens."
UID = "The row’s permanent name, given by the desk. Leave it empty in a new row."


@dataclass(frozen=True)
class Explained:
    """One line of the sheet that explains the columns."""

    sheet: str
    column: str
    required: bool
    several: bool
    words: str
    choices: tuple[str, ...]

    HEADER = ("sheet", "column", "needed", "several", "what it holds", "one of")

    @property
    def cells(self) -> tuple[str, ...]:
        needed, several = ("yes" if flag else "" for flag in (self.required, self.several))
        return self.sheet, self.column, needed, several, self.words, "; ".join(self.choices)


def explain(sheets: Sequence[Sheet]) -> Iterator[Explained]:
    """A line for each column."""
    for sheet in sheets:
        for column in sheet.columns:
            yield Explained(
                sheet.name,
                column.name,
                column.required,
                column.several,
                words(sheet, column),
                choices(sheet, column),
            )


def words(sheet: Sheet, column: Column) -> str:
    """What a column holds, as a sentence for editors."""
    if column.name in ("key", "uid"):
        return KEY if column.name == "key" else UID
    if column.name == "value":
        return VALUE
    if found := WORDS.get((sheet.name, column.name)):
        return found
    field = field_at(sheet.model, column.fields[0])
    help_text = str(getattr(field, "help_text", ""))
    related = field.related_model
    if not isinstance(related, type):
        return help_text or f"{str(field.verbose_name)[:1].upper()}{str(field.verbose_name)[1:]}."
    noun = str(related._meta.verbose_name_plural if column.several else related._meta.verbose_name)
    article = "" if column.several else "an " if noun[0] in "aeio" else "a "
    name = ("uid" if issubclass(related, Part) else "key") + ("s" if column.several else "")
    return f"The {name} of {article}{noun}. {help_text}".strip()


def choices(sheet: Sheet, column: Column) -> tuple[str, ...]:
    """The values of an enumeration; () where a column is none."""
    field = field_at(sheet.model, column.fields[0])
    if len(column.fields) > 1 or field.is_relation:
        return ()
    return tuple(str(value) for value, _ in field.choices or ())


def attributes() -> tuple[str, ...]:
    """The desk's attributes, which have no sheet of their own."""
    return tuple(Attribute.objects.order_by("key").values_list("key", flat=True))


def refers_to(sheet: Sheet, column: Column) -> type[models.Model] | None:
    """The kind of record whose keys a column holds."""
    field = field_at(sheet.model, column.fields[0])
    related = field.related_model
    if len(column.fields) > 1 or not isinstance(related, type) or issubclass(related, Part):
        return None
    return related


def sheet_of(model: type[models.Model]) -> Sheet | None:
    """The sheet whose rows are the records of a model."""
    return next((sheet for sheet in SHEETS if sheet.model is model), None)
