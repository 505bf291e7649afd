"""Places at the desk, with their names and who claims or administers them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from kb.admin.base import AggregateAdmin, PartInline
from kb.admin.exchange import ExchangeMixin
from kb.admin.lists import PresenceFilter
from kb.admin.merging import MergingMixin
from kb.editorial.folding import line
from kb.models import Place, PlaceName, PlaceStatus
from kb.resources import PlaceResource

#: How the note of a place begins that an import has made for a name (`kb.spreadsheets.references`).
IMPORTED = "Made while importing "


class PlaceNameInline(PartInline):
    model = PlaceName
    verbose_name = "name"
    fields = (
        ("text", "language", "kind"),
        ("used_by", "used_in"),
        ("when", "romanisation_of"),
        ("source", "locator"),
    )
    autocomplete_fields = ("used_by", "used_in", "source")
    joined = ("source",)
    prefetched = ("used_by", "used_in")

    def get_formset(self, request: HttpRequest, obj: Place | None = None, **kwargs: Any) -> Any:
        self.place = obj
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "romanisation_of":
            # Read once for all the rows: each row's list offers the same names of this place.
            names = list(self.place.names.all()) if self.place else []
            field.choices = [("", "—"), *((name.pk, f"{name.text} ({name.language})") for name in names)]
            field.help_text = "Another saved name of this place, which this one spells in Latin letters."
        return field


class PlaceStatusInline(PartInline):
    model = PlaceStatus
    verbose_name = "status"
    verbose_name_plural = "who claims, administers, recognises or renounces it"
    fields = (("agent", "relation", "when"), ("source", "locator"))
    autocomplete_fields = ("agent", "source")
    joined = ("place", "agent", "source")


class ImportedFilter(PresenceFilter):
    title = "made by an import, not yet reviewed"
    parameter_name = "imported"
    lookup = {"editing_state": "draft", "note__startswith": IMPORTED}
    words = ("yes", "no")


@admin.register(Place)
class PlaceAdmin(MergingMixin, ExchangeMixin, AggregateAdmin):
    resource_classes = [PlaceResource]
    list_display = ("called", "other_names", "kind", "within")
    list_filter = (ImportedFilter, "kind")
    list_select_related = ("part_of",)
    prefetched = ("names",)
    search_fields = ("key", "names__folded", "wikidata")
    autocomplete_fields = ("part_of",)
    inlines = (PlaceNameInline, PlaceStatusInline)
    fieldsets = (
        (
            None,
            {
                "fields": ("key", "kind", "part_of"),
                "description": "A place has no name of its own: its names are listed below, each with who uses it. "
                "Labels follow the naming policy.",
            },
        ),
        ("Where it is", {"fields": (("latitude", "longitude"), "time_zone", "geometry")}),
        ("Elsewhere", {"fields": (("wikidata", "geonames"), "note")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Every name finds it, in any script and however it is typed."""
        return super().get_search_results(request, queryset, line(search_term) or search_term)

    @admin.display(description="place", ordering="key")
    def called(self, place: Place) -> str:
        return str(place)

    @admin.display(description="other names")
    def other_names(self, place: Place) -> str:
        labelled = place.label.split(" / ")
        return " · ".join(dict.fromkeys(name.text for name in place.names.all() if name.text not in labelled))

    @admin.display(description="part of", ordering="part_of__key")
    def within(self, place: Place) -> str:
        return str(place.part_of or "")
