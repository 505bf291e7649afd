"""Filters of the public lists: forms by GET over the book's entry tables, which work without scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kb.book.models import (
    NO_DATE,
    Address,
    ClaimEntry,
    CorrectionEntry,
    EventEntry,
    PlaceEntry,
    RebuttalEntry,
    Reference,
    SourceEntry,
)
from kb.editorial.dates import DateSpan
from kb.views.languages import language_name
from kb.views.words import (
    CLAIM_KINDS,
    CORRECTION_TYPES,
    DECISIONS,
    PLACE_KINDS,
    RATINGS,
    SCOPE_NAMES,
    SOURCE_TYPES,
    STANDINGS,
    UNRATED,
    Verdict,
    Word,
    word,
)

#: In which role a claim refers to what it is "about", by the kind of that record.
_ROLES = {
    "place": "place",
    "event": "event",
    "topic": "topic",
    "source": "appearance",
    "agent": "claimant",
}


def words_of(table: Mapping[str, Word]) -> list[tuple[str, Word]]:
    """Choices from a vocabulary, those that have a word of their own."""
    return [(code, capfirst(said)) for code, said in table.items() if said]  # type: ignore[type-var]


def verdicts_of(table: Mapping[str, Verdict]) -> list[tuple[str, Word]]:
    return [(code, verdict.word) for code, verdict in table.items()]


Choices = list[tuple[str, Word]]


def choice(
    label: Word, choices: Choices | Callable[[], Choices], **kwargs: str
) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label, choices=choices, empty_label=pgettext_lazy("filter", "Any"), **kwargs
    )


def flag(label: Word, method: str) -> django_filters.BooleanFilter:
    return django_filters.BooleanFilter(label=label, method=method, widget=forms.CheckboxInput)


def year(label: Word, method: str) -> django_filters.NumberFilter:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return django_filters.NumberFilter(
        label=label, method=method, min_value=1, max_value=9999, decimal_places=0, widget=widget
    )


class Years:
    """Bounds in years over a column of minutes."""

    column: str

    def since(self, entries: QuerySet, name: str, value: object) -> QuerySet:
        first = DateSpan.parse(f"{int(str(value)):04}").earliest
        return entries.filter(**{f"{self.column}__gte": first, f"{self.column}__lt": NO_DATE})

    def until(self, entries: QuerySet, name: str, value: object) -> QuerySet:
        return entries.filter(**{f"{self.column}__lte": DateSpan.parse(f"{int(str(value)):04}").latest})


class ClaimFilter(Years, django_filters.FilterSet):
    """`about` is "place/iturup": a kind and a key, as links on other pages write it."""

    column = "sort_date"

    rating = choice(_("Rating"), [*verdicts_of(RATINGS), ("none", UNRATED.word)], method="rated")
    claim_kind = choice(_("Kind"), words_of(CLAIM_KINDS))
    after = year(_("From the year"), "since")
    before = year(_("To the year"), "until")
    disputed = flag(_("Disputed"), "marked")
    challenged = flag(_("Under challenge"), "marked")
    corrected = flag(_("Corrected"), "marked")
    stale = flag(_("Needs re-review"), "marked")
    about = django_filters.CharFilter(method="concerning", max_length=150, widget=forms.HiddenInput)

    class Meta:
        model = ClaimEntry
        fields: list[str] = []

    def rated(self, entries: QuerySet, name: str, value: str) -> QuerySet:
        return entries.filter(rating="" if value == "none" else value)

    def marked(self, entries: QuerySet, name: str, value: bool) -> QuerySet:
        return entries.filter(**{name: True}) if value else entries

    def concerning(self, entries: QuerySet, name: str, value: str) -> QuerySet:
        kind, _, key = value.partition("/")
        if kind not in _ROLES:
            return entries.none()
        meant = Address.objects.filter(kind=kind, key=key).values("uid")
        mentions = Reference.objects.filter(target__in=meant, role=_ROLES[kind])
        return entries.filter(record__in=mentions.values("source"))


def _source_types() -> Choices:
    types = SourceEntry.objects.order_by().values_list("type", flat=True).distinct()
    return sorted(((code, word(SOURCE_TYPES, code).capitalize()) for code in types), key=lambda pair: pair[1])


def _source_languages() -> Choices:
    tags = SourceEntry.objects.order_by().values_list("language", flat=True).distinct()
    return sorted(((tag, language_name(tag)) for tag in tags), key=lambda pair: pair[1])


class SourceFilter(Years, django_filters.FilterSet):
    column = "issued"

    type = choice(_("Type"), _source_types)
    language = choice(_("Language"), _source_languages)
    standing = choice(_("Standing"), words_of(STANDINGS))
    after = year(_("From the year"), "since")
    before = year(_("To the year"), "until")

    class Meta:
        model = SourceEntry
        fields: list[str] = []


class PlaceFilter(django_filters.FilterSet):
    place_kind = choice(_("Kind"), words_of(PLACE_KINDS))

    class Meta:
        model = PlaceEntry
        fields: list[str] = []


class EventFilter(Years, django_filters.FilterSet):
    column = "when"

    after = year(_("From the year"), "since")
    before = year(_("To the year"), "until")

    class Meta:
        model = EventEntry
        fields: list[str] = []


class RebuttalFilter(django_filters.FilterSet):
    decision = choice(_("Decision"), verdicts_of(DECISIONS))
    scope = choice(_("What it is about"), words_of(SCOPE_NAMES))

    class Meta:
        model = RebuttalEntry
        fields: list[str] = []


class CorrectionFilter(django_filters.FilterSet):
    type = choice(_("Type"), words_of(CORRECTION_TYPES))

    class Meta:
        model = CorrectionEntry
        fields: list[str] = []
