"""Telling an editor that the desk's own words call a disputed place by one party's name alone. A warning, no more."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from kb.admin.steps import plural
from kb.analysis import one_sided

#: Places named after a record was saved.
NAMED = 4
AS_IT_IS = "Your words are saved as you wrote them. Names within quotation marks are not looked at."


def tell_names(request: HttpRequest, record: Any) -> None:
    """After a record was saved: what its own words call by one party's name alone."""
    found = list(one_sided.of_record(record))
    for label, one in found[:NAMED]:
        messages.warning(request, f"{label.capitalize()}: {one}")
    if len(found) > NAMED:
        messages.warning(request, f"So it is with {plural(len(found) - NAMED, 'more place')}.")
    if found:
        messages.info(request, AS_IT_IS)


def names_in(*texts: str) -> list[str]:
    """The same of texts that a step has written, as lines for its editor."""
    found = one_sided.of_texts(dict(enumerate(texts)))
    lines = [f"Mind the names: {one}" for number in range(len(texts)) for one in found[number]]
    return [*lines[:NAMED], *([AS_IT_IS] if lines else [])]


class NamesFilter(admin.SimpleListFilter):
    """Records handed in for review in which one party's name stands alone."""

    title = "names of disputed places"
    parameter_name = "names"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("one", "in review, with one party’s alone")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "one":
            return queryset
        return queryset.filter(pk__in=one_sided.in_review(queryset.model))
