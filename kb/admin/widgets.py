"""Inputs that suit what editors type: dates shown back in words, long lines, and choices that know their labels."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AdminTextareaWidget,
    AdminTextInputWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kb.analysis.desk_names import note_labels
from kb.editorial.fields import span_or_none
from kb.models import Place


class DateSpanInput(AdminTextInputWidget):
    """A date typed as text, with what it was read as beside it."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        span = span_or_none(value or "")
        return format_html('{} <span class="in-words">{}</span>', box, span.in_words()) if span else box


class LongLine(AdminTextareaWidget):
    """A single line too long for one row of the screen. Line breaks typed or pasted into it become spaces."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 2, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return re.sub(r"[ \t]*[\r\n]+[ \t]*", " ", value) if isinstance(value, str) else value


class JsonInput(AdminTextareaWidget):
    """A piece of JSON; nothing is shown as nothing."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 2, **(attrs or {})})

    def format_value(self, value: Any) -> Any:
        return "" if value == "null" else super().format_value(value)


class NamedDateTime(AdminSplitDateTime):
    """A day and a time in two boxes, each with a name of its own for those who cannot see which is which."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, ("Date", "Time, in UTC"), strict=True):
            widget.attrs["aria-label"] = name


class _Knows:
    """Shows what is chosen without asking the database once for each widget.

    `known` maps the chosen primary keys to their labels; the form fills it from relations that its rows were read
    with (`kb.admin.labels.label_choices`). What it does not know is looked up as usual.
    """

    known: dict[str, str] = {}

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        chosen = [str(v) for v in value if v not in (None, "")]
        self._look_up_places([v for v in chosen if v not in self.known])
        if any(v not in self.known for v in chosen):
            return super().optgroups(name, value, attr)  # type: ignore[misc]
        options = []
        if not self.is_required and not self.allow_multiple_selected:  # type: ignore[attr-defined]
            options.append(self.create_option(name, "", "", False, 0))  # type: ignore[attr-defined]
        for pk in chosen:
            options.append(self.create_option(name, pk, self.known[pk], True, len(options)))  # type: ignore[attr-defined]
        return [(None, options, 0)]

    def _look_up_places(self, missing: list[str]) -> None:
        """What places are called is not said by their rows alone."""
        if missing and self.field.remote_field.model is Place:  # type: ignore[attr-defined]
            places = list(
                Place.objects.filter(pk__in=[pk for pk in missing if pk.isdecimal() and len(pk) < 19])
            )
            note_labels(places)
            self.known = {**self.known, **{str(place.pk): str(place) for place in places}}


class KnowingSelect(_Knows, AutocompleteSelect):  # type: ignore[misc]
    """An autocomplete for one record."""


class KnowingSelectMultiple(_Knows, AutocompleteSelectMultiple):  # type: ignore[misc]
    """An autocomplete for several records."""


def inner(widget: forms.Widget) -> forms.Widget:
    """The widget inside the admin's wrapper with its links for adding and changing."""
    return getattr(widget, "widget", widget)
