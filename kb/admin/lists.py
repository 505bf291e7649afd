"""What the lists of the desk have in common: where each record stands, told with one query for the whole list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from kb.admin.assigning import note_assignments
from kb.admin.labels import LabelledChangeList
from kb.book import writing
from kb.book.models import Record
from kb.book.writing import Publication
from kb.editorial.aggregate import Aggregate
from kb.editorial.fields import span_or_none

_KEPT = "_desk_publication"


def note_publication(records: Iterable[Aggregate]) -> None:
    """Ask the book once where all these records stand, and note it on them."""
    records = list(records)
    states = writing.publication(records)
    for record in records:
        setattr(record, _KEPT, states[record.uid])


def publication_of(record: Aggregate) -> Publication:
    """Where a record stands in the book; asked once for each copy of it."""
    if not hasattr(record, _KEPT):
        note_publication([record])
    state: Publication = getattr(record, _KEPT)
    return state


def publication_in_words(state: Publication) -> str:
    if state.state == "never":
        return "not published"
    if state.state == "withdrawn":
        return "withdrawn"
    return f"version {state.number}, edited since" if state.edited else f"version {state.number}"


class DeskChangeList(LabelledChangeList):
    """A list that knows where its records stand in the book."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = str(self.opts.verbose_name_plural).capitalize()

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if issubclass(self.model, Aggregate):
            note_publication(self.result_list)
            note_assignments(self.result_list)


class PublicationFilter(admin.SimpleListFilter):
    """Records by what readers see of them."""

    title = "in the book"
    parameter_name = "book"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("published", "published"), ("never", "never published"), ("withdrawn", "withdrawn")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        in_book = Record.objects.filter(kind=queryset.model.kind_name)
        if self.value() == "published":
            return queryset.filter(uid__in=in_book.filter(withdrawn_in=None).values("uid"))
        if self.value() == "withdrawn":
            return queryset.filter(uid__in=in_book.exclude(withdrawn_in=None).values("uid"))
        if self.value() == "never":
            return queryset.exclude(uid__in=in_book.values("uid"))
        return queryset


class PresenceFilter(admin.SimpleListFilter):
    """Records that have something or lack it. Subclasses name the condition as a lookup."""

    #: A lookup on which the record has it, and the words for having and lacking it.
    lookup: dict[str, Any]
    words: tuple[str, str]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", self.words[0]), ("no", self.words[1])]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        having = queryset.model._default_manager.filter(**self.lookup).values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=having)
        return queryset.exclude(pk__in=having) if self.value() == "no" else queryset


def date_in_words(text: str) -> str:
    """A stored date as a reader would read it; nothing where there is none."""
    span = span_or_none(text)
    return span.in_words() if span else ""
