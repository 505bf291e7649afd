"""The desk's own texts, its naming policy and its vocabulary of attributes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from kb.admin.base import AggregateAdmin, PartInline
from kb.models import Attribute, Desk, NamingPolicy, NamingRule


class OnlyOne(AggregateAdmin):
    """A record of which there is one, with a key that is always the same."""

    #: The key that the one record has.
    only_key: str

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model._default_manager.exists()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"key": self.only_key, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["key"] if obj else [])]


@admin.register(Desk)
class DeskAdmin(OnlyOne):
    only_key = "desk"
    list_display = ("name", "tagline", "contact")
    search_fields = ("name", "key")
    fieldsets = (
        (None, {"fields": ("name", "tagline", "notice", "contact", ("language", "key"))}),
        (
            "What readers are told on the about page",
            {"fields": ("about", "ratings_policy", "corrections_policy")},
        ),
        ("The data", {"fields": (("licence", "licence_url"),)}),
        ("How the desk works", {"fields": ("single_editor",)}),
    )


class NamingRuleInline(PartInline):
    model = NamingRule
    verbose_name = "rule"
    fields = (("place", "first", "second"),)
    autocomplete_fields = ("place", "first", "second")
    joined = ("place", "first", "second")


@admin.register(NamingPolicy)
class NamingPolicyAdmin(OnlyOne):
    only_key = "naming-policy"
    list_display = ("__str__", "language")
    search_fields = ("key", "text")
    inlines = (NamingRuleInline,)
    fieldsets = ((None, {"fields": ("text", ("language", "key"))}),)


@admin.register(Attribute)
class AttributeAdmin(admin.ModelAdmin):
    """The vocabulary of what values are values of. An attribute in use is kept: values refer to it."""

    list_display = ("label", "key", "type", "dimension")
    list_filter = ("type",)
    search_fields = ("label", "key")
    fields = ("label", "key", "type", "dimension")

    def get_readonly_fields(self, request: HttpRequest, obj: Attribute | None = None) -> Any:
        # What is published under a key, or compared under a type, would change its meaning unseen.
        return ("key", "type") if obj is not None and obj.values.exists() else ()

    def has_delete_permission(self, request: HttpRequest, obj: Attribute | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.values.exists())
