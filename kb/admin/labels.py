"""Places by their labels at the desk: what lists, forms and choices show is named as the naming policy has it.

Labels are asked for once for all that a page shows (`kb.analysis.desk_names`); the key stands beside each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest

from kb.admin.widgets import KnowingSelect, KnowingSelectMultiple, inner
from kb.analysis.desk_names import note_labels
from kb.models import Place

#: So many links away from a row a place is looked for: a conflict's value's place is two.
AWAY = 2


def label_places(rows: Iterable[Any]) -> None:
    """Note the labels of all places among these rows, and among the relations that were read with them."""
    found = [place for row in rows for place in _places(row, AWAY)]
    if found:
        note_labels(found)


def _places(row: Any, away: int) -> Iterator[Place]:
    if isinstance(row, Place):
        yield row
    if away and isinstance(row, models.Model):
        for other in row._state.fields_cache.values():
            yield from _places(other, away - 1)
        for others in getattr(row, "_prefetched_objects_cache", {}).values():
            for other in others:
                yield from _places(other, away - 1)


def label_forms(given: Iterable[forms.ModelForm]) -> None:
    """The same for the rows of forms, and for what their choices show as chosen."""
    shown = list(given)
    label_places(form.instance for form in shown)
    for form in shown:
        label_choices(form)


def label_choices(form: forms.ModelForm) -> None:
    """Tell the form's autocompletes the labels of what is chosen, as far as the row's relations were read with it."""
    row = form.instance
    if row.pk is None:
        return
    prefetched = getattr(row, "_prefetched_objects_cache", {})
    for name, field in form.fields.items():
        widget = inner(field.widget)
        if isinstance(widget, KnowingSelect) and row._state.fields_cache.get(name) is not None:
            widget.known = {str(getattr(row, name).pk): str(getattr(row, name))}
        elif isinstance(widget, KnowingSelectMultiple) and name in prefetched:
            widget.known = {str(other.pk): str(other) for other in getattr(row, name).all()}


class LabelledChangeList(ChangeList):
    """A list that knows what the places in its rows are called."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        label_places(self.result_list)


class LabelledAutocomplete(AutocompleteJsonView):
    """Suggestions by which places are chosen name them as lists do."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["object_list"] = list(context["object_list"])
        label_places(context["object_list"])
        return context
