"""The bibliography at the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from kb.admin.base import AggregateAdmin, LookUpAdmin, PartInline
from kb.admin.exchange import ExchangeMixin
from kb.admin.lists import date_in_words
from kb.admin.merging import MergingMixin
from kb.admin.widgets import LongLine
from sources.models import Agent, Contribution, Snapshot, Source
from sources.resources import AgentResource, SourceResource


@admin.register(Agent)
class AgentAdmin(MergingMixin, ExchangeMixin, AggregateAdmin):
    resource_classes = [AgentResource]
    note_key_from = "name"
    list_display = ("name", "native_name", "kind")
    list_filter = ("kind",)
    search_fields = ("name", "native_name", "key", "wikidata")
    fieldsets = (
        (None, {"fields": ("name", "native_name", "kind", "key")}),
        ("More", {"fields": ("wikidata", "url", "note")}),
    )


class ContributionInline(PartInline):
    model = Contribution
    verbose_name = "contributor"
    fields = (("agent", "role", "order"),)
    autocomplete_fields = ("agent",)
    joined = ("agent",)


class SnapshotInline(PartInline):
    model = Snapshot
    verbose_name = "captured text"
    fields = ("text", ("extent", "rights"), ("captured_at", "url"))
    joined = ("source",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).order_by("captured_at", "id")


@admin.register(Source)
class SourceAdmin(MergingMixin, ExchangeMixin, AggregateAdmin):
    resource_classes = [SourceResource]
    note_key_from = "title"
    list_display = ("title", "type", "container_title", "issued_in_words", "language", "standing")
    list_filter = ("type", "standing", "language")
    search_fields = ("title", "key", "container_title", "doi", "url", "contributions__agent__name")
    autocomplete_fields = ("in_reply_to", "derived_from")
    inlines = (ContributionInline, SnapshotInline)
    fieldsets = (
        (
            None,
            {"fields": ("title", "key", ("type", "language"), ("container_title", "publisher"), "issued")},
        ),
        ("Where to find it", {"fields": ("url", ("archived_url", "accessed"), ("doi", "isbn"))}),
        (
            "In print and in archives",
            {"fields": (("volume", "issue", "pages"), ("archive", "archive_location"))},
        ),
        ("Where it comes from", {"fields": ("in_reply_to", "derived_from")}),
        (
            "What its publisher has done to it since",
            {"fields": (("standing", "standing_since"), "standing_notice")},
        ),
        ("Note", {"fields": ("note",)}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "title":
            kwargs["widget"] = LongLine
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="issued", ordering="issued_earliest")
    def issued_in_words(self, source: Source) -> str:
        return date_in_words(source.issued)


@admin.register(Snapshot)
class SnapshotAdmin(LookUpAdmin):
    """Captured texts, so that an appearance can name the one in which its quote stands."""

    ordering = ("-captured_at", "-id")
    list_display = ("source", "captured_at", "extent", "rights", "quotes")
    list_filter = ("extent", "rights")
    list_select_related = ("source",)
    search_fields = ("source__title", "source__key", "url")
    fields = ("source", "captured_at", "url", "extent", "rights", "sha256", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super().get_queryset(request).select_related("source").annotate(quotes_found=Count("appearances"))
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="quotes looked for in it", ordering="quotes_found")
    def quotes(self, snapshot: Snapshot) -> int:
        return snapshot.quotes_found  # type: ignore[attr-defined]
