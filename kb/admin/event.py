"""Events at the desk."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from kb.admin.base import AggregateAdmin
from kb.admin.exchange import ExchangeMixin
from kb.admin.lists import PresenceFilter, date_in_words
from kb.admin.merging import MergingMixin
from kb.admin.names import NamesFilter
from kb.editorial.folding import line
from kb.models import Event, Place
from kb.resources import EventResource


class SettledFilter(PresenceFilter):
    title = "date"
    parameter_name = "date"
    lookup = {"when_earliest__isnull": False}
    words = ("settled", "not settled")


@admin.register(Event)
class EventAdmin(MergingMixin, ExchangeMixin, AggregateAdmin):
    resource_classes = [EventResource]
    note_key_from = "title"
    list_display = ("title", "when_in_words", "where", "part_of")
    list_filter = (SettledFilter, NamesFilter)
    list_select_related = ("part_of",)
    prefetched = ("places",)
    search_fields = ("title", "key", "places__key")
    autocomplete_fields = ("places", "participants", "part_of", "after")
    fieldsets = (
        (
            None,
            {
                "fields": ("title", "key", "language", "when"),
                "description": "What a source says of an event is a claim. Here stands what the desk has settled on.",
            },
        ),
        ("Where and who", {"fields": ("places", "participants")}),
        ("In its course", {"fields": ("part_of", "after", "note")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """By its own words, or by any name of where it was, however that is typed."""
        found, several = super().get_search_results(request, queryset, search_term)
        if name := line(search_term):
            there = Place.objects.filter(names__folded__contains=name).values("pk")
            found |= queryset.filter(places__in=there)
            several = True
        return found, several

    @admin.display(description="date", ordering="when_earliest")
    def when_in_words(self, event: Event) -> str:
        return date_in_words(event.when)

    @admin.display(description="where")
    def where(self, event: Event) -> str:
        return ", ".join(str(place) for place in event.places.all())
