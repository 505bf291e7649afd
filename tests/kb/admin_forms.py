"""What a browser would post from a page of the admin."""

from __future__ import annotations

from typing import Any

from django.test import Client


def posted(client: Client, address: str) -> dict[str, Any]:
    """The fields of a record's form as the page at this address shows them, with those of all rows."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    data: dict[str, Any] = {}
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            widget = bound.field.widget
            if hasattr(widget, "decompress"):
                for i, part in enumerate(widget.decompress(value)):
                    data[f"{bound.html_name}_{i}"] = "" if part is None else str(part)
            elif isinstance(value, list | tuple):
                data[bound.html_name] = [str(getattr(v, "pk", v)) for v in value]
            elif value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data[bound.html_name] = str(getattr(value, "pk", value))
    return data


def with_row(data: dict[str, Any], prefix: str, **fields: Any) -> dict[str, Any]:
    """The same post with one more row in an inline."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{number}-{name}": value for name, value in fields.items()}
    return {**data, **row, f"{prefix}-TOTAL_FORMS": str(number + 1)}
