"""Two editors, one record: what they typed side by side, and refusals of the database in editors' words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import IntegrityError, models
from django.http import QueryDict

from kb.admin.forms import AggregateForm, PartFormSet
from kb.editorial.aggregate import Aggregate
from kb.history.shape import history_of_rows

GONE = "(deleted)"
EMPTY = "(empty)"


@dataclass(frozen=True)
class Difference:
    """One thing that differs between what is saved and what was typed."""

    where: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class Comparison:
    """What another editor saved meanwhile, against what stands in the form."""

    who: str
    when: Any
    differences: list[Difference]


def rows_as_found(data: QueryDict, prefix: str, link: str, alive: set[str]) -> set[int]:
    """Rearrange the posted rows of a formset to the rows that still exist, and answer where the lost ones went.

    A row that somebody else deleted meanwhile becomes a new one, with all that was typed into it; one that both
    deleted goes. `alive` holds the primary keys of the rows in the database, `link` names the key that leads from
    a row to its record. Changes `data`.
    """
    initial, total = _count(data, f"{prefix}-INITIAL_FORMS"), _count(data, f"{prefix}-TOTAL_FORMS")
    for i in range(total):
        # Rows belong to the record at hand, even where it is made anew after somebody deleted it.
        data[f"{prefix}-{i}-{link}"] = ""
    lost = [
        i
        for i in range(min(initial, total))
        if data.get(f"{prefix}-{i}-id") and data[f"{prefix}-{i}-id"] not in alive
    ]
    if not lost:
        return set()
    kept = [i for i in range(initial) if i not in lost]
    revived = [i for i in lost if not data.get(f"{prefix}-{i}-DELETE")]
    order = [*kept, *revived, *range(initial, total)]
    rows = {i: _take_row(data, prefix, i) for i in range(total)}
    for place, i in enumerate(order):
        for name, values in rows[i].items():
            data.setlist(f"{prefix}-{place}-{name}", [""] if name == "id" and i in lost else values)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(kept))
    data[f"{prefix}-TOTAL_FORMS"] = str(len(order))
    return {place for place, i in enumerate(order) if i in lost}


def _count(data: QueryDict, name: str) -> int:
    value = data.get(name, "")
    return int(value) if re.fullmatch(r"[0-9]{1,6}", value) else 0


def _take_row(data: QueryDict, prefix: str, index: int) -> dict[str, list[str]]:
    start = f"{prefix}-{index}-"
    return {name.removeprefix(start): data.pop(name) for name in [n for n in data if n.startswith(start)]}


def compare(form: AggregateForm, formsets: Iterable[PartFormSet]) -> Comparison:
    """Both texts of every field and row that differs."""
    formsets = list(formsets)
    differences = list(_fields(form, ""))
    for formset in formsets:
        differences.extend(_rows(formset))
    who, when = _last_hand(form.instance, [formset.row_model for formset in formsets])
    return Comparison(who, when, differences)


def _fields(form: forms.ModelForm, where: str) -> Iterator[Difference]:
    for name in form.changed_data:
        if name == "DELETE":
            continue
        field = form.fields[name]
        label = str(field.label or name)
        theirs = _in_words(field, form.get_initial_for_field(field, name))
        typed = form.cleaned_data.get(name) if name in getattr(form, "cleaned_data", {}) else form[name].data
        yield Difference(f"{where}, {label.lower()}" if where else label, theirs, _in_words(field, typed))


def _rows(formset: PartFormSet) -> Iterator[Difference]:
    noun = str(formset.noun).capitalize()
    in_form = set()
    for index, form in enumerate(formset.forms):
        row = form.instance
        if index in formset.lost:
            yield Difference(f"{noun} {index + 1}", GONE, _row_in_words(form))
        elif row.pk is not None:
            in_form.add(row.pk)
            name = f"{noun} “{_saved_name(formset, row)}”"
            if getattr(form, "cleaned_data", {}).get("DELETE"):
                yield Difference(name, "kept", GONE)
            yield from _fields(form, name)
    for row in formset.get_queryset():
        if row.pk not in in_form:
            yield Difference(f"{noun} “{row}”", "added; it stays when you save", "not in your form")


def _saved_name(formset: PartFormSet, row: models.Model) -> str:
    # The form has written what was typed into its own copy of the row.
    return str(next((saved for saved in formset.row_model._default_manager.filter(pk=row.pk)), row))


def _row_in_words(form: forms.ModelForm) -> str:
    values = (
        _in_words(form.fields[name], form.cleaned_data.get(name))
        for name in form.changed_data
        if name in getattr(form, "cleaned_data", {}) and name != "DELETE"
    )
    return "; ".join(v for v in values if v != EMPTY) or EMPTY


def _in_words(field: forms.Field, value: Any) -> str:
    """A form value as an editor would read it."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(str(_chosen(field, v)) for v in value or [])) or EMPTY
    if isinstance(field, forms.ModelChoiceField):
        return str(_chosen(field, value)) if value not in (None, "") else EMPTY
    if isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value) or EMPTY)  # type: ignore[arg-type]
    return EMPTY if value in (None, "", []) else str(value)


def _chosen(field: forms.ModelChoiceField, value: Any) -> Any:
    if isinstance(value, models.Model):
        return value
    return field.queryset.filter(pk=value).first() or GONE  # type: ignore[union-attr]


def _last_hand(record: Aggregate, parts: Iterable[Any]) -> tuple[str, Any]:
    """Who saved the record or one of its rows last, and when."""
    newest = [record.history.select_related("history_user").first()]  # type: ignore[attr-defined]
    for part in parts:
        rows = history_of_rows(record, part)
        if rows is not None:
            newest.append(rows.select_related("history_user").first())
    last = max((entry for entry in newest if entry), key=lambda entry: entry.history_date, default=None)
    if last is None:
        return "somebody", None
    return str(last.history_user or "a command or an import"), last.history_date


def in_editors_words(error: IntegrityError, record_models: Iterable[type[models.Model]]) -> str:
    """What a constraint or trigger of the database objects to."""
    text = str(error).strip().splitlines()[0]
    named = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in record_models:
        for constraint in model._meta.constraints:
            if constraint.name == named or re.search(rf"\b{re.escape(constraint.name)}\b", text):
                return str(constraint.get_violation_error_message())
    if "unique" in text.lower() or "duplicate key" in text.lower():
        return "Another record already has this value, perhaps since a moment ago. Choose another."
    if "foreign key" in text.lower():
        return "Something that it refers to is missing, or something else still refers to it. Check its relations."
    if "constraint" in text.lower():
        return f"The database refused this, since a rule of the record would be broken ({text})."
    return text
