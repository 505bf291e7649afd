"""What a cell says → what a field holds, by the rules of the field, or a refusal that says what would be right.

One `Reader` for each column of a sheet. References are read elsewhere (`kb.spreadsheets.references`): a cell's text
alone does not tell whether they exist.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as made_of
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models

from kb.editorial.aggregate import UID_ALPHABET, UID_LENGTH
from kb.editorial.dates import AmbiguousDate, DateError, DateSpan
from kb.editorial.fields import DateSpanField, HttpURLField, JSONTextField, ProseField, validate_no_nul
from kb.spreadsheets.layout import BY_NAME, Column, Sheet, field_at

#: How many readings of one column are kept: files repeat themselves.
KEPT = 20_000
_UNREAD = object()
LINKED = (models.ForeignKey, models.ManyToManyField)

_UID = re.compile(f"[{UID_ALPHABET}]{{{UID_LENGTH}}}")
_NUMBER = re.compile(r"[-+−]?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[-+−]?[0-9]{1,3}(?:[,  '’][0-9]{3})+(?:\.[0-9]+)?")  # noqa: RUF001
_COMMA = re.compile(r"[-+−]?[0-9]+,[0-9]+")
_DOI_ADDRESS = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:\s*)(?=10\.)")


class Refused(ValueError):
    """A cell that cannot be taken; the message says what would be right."""


class Rounded(Exception):
    """A figure that is finer than the field holds. `value` is what it holds."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


@dataclass(frozen=True)
class Reading:
    """How texts are meant in one file: which comes first in 02/03/2024."""

    day_first: bool | None = None


def shown(text: str, limit: int = 60) -> str:
    """The text in quotation marks for a message, shortened, its invisible characters visible."""
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return "“" + "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text) + "”"


@dataclass
class Reader:
    """Reads the cells of one column. `field` is the model's field."""

    field: models.Field
    take: Callable[[models.Field, str, Reading], Any]
    how: Reading
    known: dict[str, Any] = made_of(default_factory=dict)

    def read(self, text: str) -> Any:
        """The value that is stored. Raises Refused, and Rounded where a figure loses digits."""
        found = self.known.get(text, _UNREAD)
        if found is _UNREAD:
            try:
                found = self.take(self.field, text, self.how)
            except (Refused, Rounded) as problem:
                found = problem
            if len(text) < 200 and len(self.known) < KEPT:
                self.known[text] = found
        if found.__class__ is Refused or found.__class__ is Rounded:
            raise found
        return found


def reader(model_field: models.Field, how: Reading) -> Reader:
    """The reader of a field that is no reference."""
    return Reader(model_field, _taker(model_field), how)


def _taker(model_field: models.Field) -> Callable[[models.Field, str, Reading], Any]:
    if isinstance(model_field, DateSpanField):
        return read_date
    if isinstance(model_field, models.DateField):
        return read_day
    if isinstance(model_field, JSONTextField):
        return read_geometry
    if isinstance(model_field, models.DecimalField):
        return read_decimal
    if isinstance(model_field, models.IntegerField):
        return read_whole
    if model_field.choices:
        return read_listed
    if model_field.name == "uid":
        return read_uid
    read_text = text_reader(model_field)
    if model_field.name == "doi":
        return lambda _, text, how: read_text(_DOI_ADDRESS.sub("", text))
    return lambda _, text, how: read_text(text)


def text_reader(model_field: models.Field) -> Callable[[str], str]:
    """What reads texts by the field's length and its other rules. Raises Refused."""
    limit = model_field.limit if isinstance(model_field, ProseField) else model_field.max_length
    others = _others(model_field)

    def read(text: str) -> str:
        if limit is not None and len(text) > limit:
            raise Refused(f"This has {len(text):,} characters, and there is room for {limit:,}. Shorten it.")
        if not text.isascii() or "\x00" in text:
            _storable(text)
        try:
            for validator in others:
                validator(text)
        except ValidationError as reason:
            raise Refused(_in_words(model_field, text, reason)) from reason
        return text

    return read


def _storable(text: str) -> None:
    try:
        validate_no_nul(text)
        text.encode()
    except ValidationError as reason:
        raise Refused(reason.messages[0]) from reason
    except UnicodeEncodeError as reason:
        raise Refused("The text holds half a character, which cannot be stored. Remove it.") from reason


def _others(model_field: models.Field) -> tuple[Callable[[Any], None], ...]:
    return tuple(
        v
        for v in model_field.validators
        if v is not validate_no_nul and not isinstance(v, MaxLengthValidator)
    )


def _in_words(model_field: models.Field, text: str, reason: ValidationError) -> str:
    if isinstance(model_field, HttpURLField) and reason.code != "long":
        return f"{shown(text)} is no address on the web. It begins with “https://” or “http://”."
    said = reason.messages[0]
    return said if said.startswith("“") else f"{shown(text)}: {said}"


def read_uid(model_field: models.Field, text: str, how: Reading) -> str:
    if not _UID.fullmatch(text):
        raise Refused(
            f"{shown(text)} is no uid. It is given by Rejoinder and looks like “abc234defgh5”; leave it empty for a "
            "new row."
        )
    return text


def read_date(model_field: models.Field, text: str, how: Reading) -> str:
    """EDTF of EDTF, or of a date as people write it."""
    try:
        edtf = DateSpan.read(text, day_first=how.day_first).edtf
    except AmbiguousDate as reason:
        raise Refused(
            f"{reason} Or say which comes first for the whole file, the day or the month."
        ) from reason
    except DateError as reason:
        raise Refused(str(reason)) from reason
    if model_field.max_length and len(edtf) > model_field.max_length:
        raise Refused(f"{shown(text)} is longer than a date may be.")
    return edtf


def read_day(model_field: models.Field, text: str, how: Reading) -> date:
    edtf = read_date(models.CharField(), text, how)
    try:
        return date.fromisoformat(edtf)
    except ValueError as reason:
        raise Refused(f"{shown(text)} is no single day. Write it as in 2024-03-02.") from reason


def read_geometry(model_field: models.Field, text: str, how: Reading) -> Any:
    try:
        found = json.loads(text)
        for validator in model_field.validators:
            validator(found)
        model_field.get_prep_value(found)
    except (ValueError, RecursionError) as reason:
        raise Refused("This is not JSON. A geometry is GeoJSON, as in {“type”: “Point”, …}.") from reason
    except ValidationError as reason:
        raise Refused(reason.messages[0]) from reason
    return found


def number(text: str) -> Decimal:
    """A figure as people write it. Raises Refused where its comma may be a decimal point."""
    plain = text.replace("−", "-")
    if _NUMBER.fullmatch(text):
        return Decimal(plain)
    if _GROUPED.fullmatch(text) and not _COMMA.fullmatch(text):
        return Decimal(re.sub(r"[,  '’]", "", plain))  # noqa: RUF001
    if _COMMA.fullmatch(text):
        left, right = plain.split(",")
        raise Refused(
            f"{shown(text)} may be {left}.{right} or {left}{right}. Write it with a point, or without comma."
        )
    try:
        exact = Decimal(plain)
    except InvalidOperation as reason:
        raise Refused(f"{shown(text)} is no figure. Write it as in 5003.1.") from reason
    if not exact.is_finite():
        raise Refused(f"{shown(text)} is no figure. Write it as in 5003.1.")
    return exact


def read_decimal(model_field: Any, text: str, how: Reading) -> Decimal:
    found = number(text)
    places, digits = model_field.decimal_places, model_field.max_digits
    if abs(found) >= Decimal(10) ** (digits - places):
        raise Refused(_out_of_range(model_field, text) or f"{shown(text)} is more than there is room for.")
    for validator in model_field.validators:
        if isinstance(validator, (MinValueValidator, MaxValueValidator)):
            try:
                validator(found)
            except ValidationError as reason:
                raise Refused(_out_of_range(model_field, text) or reason.messages[0]) from reason
    held = found.quantize(Decimal(1).scaleb(-places))
    if held != found:
        raise Rounded(held)
    return held


def _out_of_range(model_field: models.Field, text: str) -> str:
    bounds = {
        type(v): v.limit_value
        for v in model_field.validators
        if isinstance(v, (MinValueValidator, MaxValueValidator))
    }
    least, most = bounds.get(MinValueValidator), bounds.get(MaxValueValidator)
    if least is None or most is None:
        return ""
    return f"{shown(text)} is out of range: a {model_field.verbose_name} lies between {least} and {most}."


def read_whole(model_field: models.Field, text: str, how: Reading) -> int:
    found = number(text)
    if found != found.to_integral_value():
        raise Refused(f"{shown(text)} is no whole number.")
    most = 32_767 if isinstance(model_field, models.PositiveSmallIntegerField) else 2**63 - 1
    if not 0 <= found <= most:
        raise Refused(f"{shown(text)} is out of range: it lies between 0 and {most:,}.")
    return int(found)


def read_listed(model_field: models.Field, text: str, how: Reading) -> str:
    """One of the listed values, by the value or by what the desk shows for it."""
    values, spellings = _listed(model_field)
    if text in values:
        return text
    found = spellings.get(_spelt(text))
    if found is None:
        near = get_close_matches(_spelt(text), list(spellings), n=1, cutoff=0.75)
        hint = f" Did you mean “{spellings[near[0]]}”?" if near else ""
        raise Refused(f"{shown(text)} is not known here.{hint} It is one of: {', '.join(values)}.")
    return found


def _spelt(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


@cache
def _listed(model_field: models.Field) -> tuple[tuple[str, ...], dict[str, str]]:
    pairs = [(value, label) for value, label in model_field.flatchoices if value]
    spellings = {_spelt(str(label)): value for value, label in pairs}
    spellings.update({_spelt(value): value for value, _ in pairs})
    return tuple(value for value, _ in pairs), spellings


# --- what a column looks like ---------------------------------------------------------------------------------------


@cache
def plain_field(sheet_name: str, column_name: str) -> models.Field | None:
    """The one field of a column, where it is no reference and no compound of fields."""
    column: Column | None = BY_NAME[sheet_name].by_name.get(column_name)
    if column is None:
        return None
    if len(column.fields) != 1 or column.several:
        return None
    found = field_at(BY_NAME[sheet_name].model, column.fields[0])
    return None if isinstance(found, LINKED) else found


_TOLD_BY_LOOKS = (
    models.DateField,
    models.DecimalField,
    models.IntegerField,
    JSONTextField,
    DateSpanField,
    models.URLField,
)


def looks_like(sheet: Sheet, column_name: str, text: str) -> bool:
    """Whether a text may be a cell of this column: for dates, figures, addresses, listed values and tags."""
    name = column_name.partition(".")[0]
    found = plain_field(sheet.name, name) if "." not in column_name else None
    if found is None or text == "-":
        return True
    tells = isinstance(found, _TOLD_BY_LOOKS) or found.choices or _others(found)
    if not tells or name in ("key", "uid"):
        return True
    try:
        _taker(found)(found, text, Reading(day_first=True))
    except Rounded:
        return True
    except Refused:
        return False
    return True
