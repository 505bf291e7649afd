"""Fields that hold what an editor writes, and check it in the editor's words."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator, URLValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from kb.editorial.dates import DateError, DateSpan
from kb.editorial.folding import line

# RFC 5646: language, script, region and variants; enough to tell `ja-Latn` from a slip of the pen.
LANGUAGE_TAG = re.compile(
    r"\A[a-z]{2,8}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-x(-[a-z0-9]{1,8})+)?\Z"
)

validate_language = RegexValidator(
    LANGUAGE_TAG,
    "A language is written as a BCP 47 tag, such as “en”, “ja-Latn” or “zh-Hant”; “und” if unknown.",
)
validate_wikidata = RegexValidator(r"\AQ[1-9][0-9]{0,11}\Z", "A Wikidata number looks like “Q233684”.")
validate_doi = RegexValidator(
    r"\A10\.[0-9]{4,9}/\S+\Z", "A DOI begins with “10.”, as in “10.1145/3323503.3361698”."
)


def validate_no_nul(value: str) -> None:
    """PostgreSQL cannot hold the NUL character, so neither database may."""
    if "\x00" in value:
        raise ValidationError(
            "The text holds a NUL character, which cannot be stored. Remove it.", code="nul"
        )


def validate_isbn(value: str) -> None:
    """ISBN-10 or ISBN-13 by their check digits (ISO 2108), hyphens and spaces allowed."""
    digits = re.sub(r"[ -]", "", value).upper()
    if re.fullmatch(r"[0-9]{13}", digits):
        good = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0
    elif re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        good = sum((10 if d == "X" else int(d)) * (10 - i) for i, d in enumerate(digits)) % 11 == 0
    else:
        good = False
    if not good:
        raise ValidationError(
            f"“{value}” is not an ISBN: 10 or 13 digits with a correct check digit.", code="isbn"
        )


def validate_date(value: str) -> None:
    """An EDTF expression of level 0 or 1, or a set of level 2 (ISO 8601-2)."""
    try:
        DateSpan.parse(value)
    except DateError as error:
        raise ValidationError(str(error), code="date") from error


class ProseFormField(forms.CharField):
    """A text area whose lines end as they do everywhere else: browsers send them with CR and LF (HTML, 4.10.22.4)."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class ProseField(models.TextField):
    """A text that people wrote, of bounded length."""

    default_validators = [validate_no_nul]

    def __init__(self, *args: Any, limit: int = 1_000_000, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, MaxLengthValidator(limit)]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        if self.limit != 1_000_000:
            kwargs["limit"] = self.limit
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": ProseFormField, **kwargs})


class LineField(models.CharField):
    """A single line: a name, a title, a place in a book."""

    default_validators = [validate_no_nul]


class LanguageField(models.CharField):
    """A BCP 47 language tag."""

    default_validators = [validate_language]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 35)
        kwargs.setdefault("help_text", "A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.")
        super().__init__(*args, **kwargs)


URL_BYTES = 2000


def validate_url_size(value: str) -> None:
    """An index entry of PostgreSQL holds 2,704 bytes, whatever the script."""
    if len(value.encode()) > URL_BYTES:
        raise ValidationError(f"The address is too long: {URL_BYTES:,} bytes at most.", code="long")


class HttpURLField(models.URLField):
    """An address on the web. Other schemes, `javascript:` first of all, are refused."""

    default_validators = [URLValidator(schemes=["http", "https"]), validate_url_size]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", URL_BYTES)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})


def canonical_json(value: Any) -> str:
    """JSON with sorted names, no spaces and no escapes but the necessary: equal values give equal text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class JSONTextField(models.Field):
    """JSON kept as text.

    PostgreSQL's own type rewrites numbers and refuses NUL, and SQLite's checks call a function that
    `trusted_schema=OFF` forbids; nothing here is looked up inside the JSON.
    """

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, *args: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise ValidationError("This is not JSON.", code="json") from error

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        try:
            canonical_json(value).encode()
        except ValueError as error:
            raise ValidationError(
                "This cannot be kept as JSON: numbers must be finite, and characters whole.", code="json"
            ) from error

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else canonical_json(value)

    def value_to_string(self, obj: models.Model) -> str:
        return canonical_json(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(
            self, **{"form_class": forms.JSONField, "widget": forms.Textarea, **kwargs}
        )


class DateSpanFormField(forms.CharField):
    """Takes EDTF or a date as an editor writes it, gives EDTF."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text in self.empty_values:
            return ""
        try:
            return DateSpan.read(text).edtf
        except DateError as error:
            raise ValidationError(str(error), code="date") from error


class DateSpanField(models.CharField):
    """A date as EDTF text. Its bounds are columns of their own (`BoundField`), so that lists can sort and filter."""

    default_validators = [validate_no_nul, validate_date]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault(
            "help_text", "As in “1945-08-18”, “18 August 1945”, “about 1945”, “1945-08-09/1945-08-20”."
        )
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": DateSpanFormField, **kwargs})

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, f"{name}_span", property(lambda record: span_or_none(getattr(record, name))))


def span_or_none(text: str) -> DateSpan | None:
    """The span that a stored date means; None where there is none or it cannot be read."""
    if not text:
        return None
    try:
        return DateSpan.parse(text)
    except DateError:
        return None


class DerivedValue(DeferredAttribute):
    """Reads a value from the field beside it, however the record came about: a form, a fixture or a bulk write."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        derived: Any = self.field
        return derived.derive(getattr(instance, derived.of))

    def __set__(self, instance: models.Model, value: Any) -> None:
        # Django takes an attribute missing here for one that was not loaded and would not save it.
        instance.__dict__[self.field.attname] = value


class Derived(models.Field):
    """A column that says of another field of its row, `of`, what lists search and sort by; never set by hand."""

    of: str
    descriptor_class = DerivedValue

    def derive(self, value: Any) -> Any:
        """What stands here where that stands in the other field."""
        raise NotImplementedError


class BoundField(Derived, models.BigIntegerField):
    """The first or last minute of a `DateSpanField`, in signed minutes from 1970 in UTC.

    `of` names the date's field, `end` is *earliest* or *latest*.
    """

    def __init__(self, of: str = "", end: str = "earliest", **kwargs: Any) -> None:
        self.of, self.end = of, end
        super().__init__(**{**kwargs, "null": True, "blank": True, "editable": False})

    def derive(self, value: Any) -> Any:
        span = span_or_none(value or "")
        return getattr(span, self.end) if span else None

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("null", "blank", "editable"):
            kwargs.pop(implied, None)
        return name, path, args, {**kwargs, "of": self.of, "end": self.end}


class FoldedField(Derived, models.CharField):
    """A name as a search compares it (`kb.editorial.folding.line`). `of` names the field that it is spelt in."""

    LENGTH = 300

    def __init__(self, of: str = "", **kwargs: Any) -> None:
        self.of = of
        implied = {"max_length": self.LENGTH, "default": "", "editable": False}
        super().__init__(**{**kwargs, **implied})

    def derive(self, value: Any) -> str:
        return line(value or "")[: self.LENGTH]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("max_length", "default", "editable"):
            kwargs.pop(implied, None)
        return name, path, args, {**kwargs, "of": self.of}


def bounds_in_order(name: str) -> models.CheckConstraint:
    """A constraint: the first minute of a date is not after its last."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{name}_earliest__isnull": True})
        | models.Q(**{f"{name}_latest__isnull": True})
        | models.Q(**{f"{name}_earliest__lte": models.F(f"{name}_latest")}),
        name=f"%(app_label)s_%(class)s_{name}_in_order",
        violation_error_message="The date ends before it begins.",
    )
