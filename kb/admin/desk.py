"""The desk's own texts, its naming policy and its vocabulary of attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse

from kb.admin.base import AggregateAdmin, PartInline
from kb.analysis import desk_names, naming
from kb.book.index import current_policy
from kb.models import Attribute, Desk, NamingPolicy, NamingRule, Place


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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Whoever could set it could publish alone.
        told = [] if request.user.has_perm("kb.manage_accounts") else ["single_editor"]
        return [*super().get_readonly_fields(request, obj), *told]


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
    fieldsets = (
        (None, {"fields": ("text", ("language", "key"))}),
        (
            "In which letters",
            {
                "fields": (("in_text", "in_lists", "in_headings"),),
                "description": "Names are never changed in quotations and titles. "
                "Save, then look at what the policy does to places before you publish it.",
            },
        ),
    )

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.effect_view)
        return [path("<int:pk>/effect/", view, name="kb_namingpolicy_effect"), *super().get_urls()]

    def links_for(self, record: Any) -> list[tuple[str, str]]:
        address = reverse("admin:kb_namingpolicy_effect", args=[record.pk], current_app=self.admin_site.name)
        return [*super().links_for(record), ("What it does to places", address)]

    def effect_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What publishing the policy would call the desk's places, beside what readers are told now."""
        record = self._viewable(request, pk)
        effects = effects_of_policy()
        context = {
            **self.admin_site.each_context(request),
            "title": "What the policy does to places",
            "opts": self.opts,
            "original": record,
            "effects": effects[:SHOWN],
            "number": len(effects),
            "changed": sum(effect.changed for effect in effects),
            "back": self.step_return_url([record]),
        }
        return TemplateResponse(request, "admin/desk/naming_effect.html", context)


#: Places shown of what a policy does.
SHOWN = 200


@dataclass(frozen=True)
class Effect:
    """What a place is called by the published policy, and would be by the desk's: in text, in lists and in headings."""

    place: Place
    now: tuple[str, ...]
    then: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return self.now != self.then

    @property
    def sides(self) -> list[list[tuple[str, str]]]:
        """Both, each as kinds of text with the label there; one line without a kind where it is the same in all."""
        kinds = ("in text", "in lists", "in headings")
        return [
            [("", words[0])] if len(set(words)) == 1 else list(zip(kinds, words, strict=True))
            for words in (self.now, self.then)
        ]


def effects_of_policy() -> list[Effect]:
    """The desk's places that parties call by different names, those first that the desk's policy calls otherwise."""
    places = list(Place.objects.filter(names__used_by__isnull=False).distinct().order_by("key"))
    known = desk_names.names_of(place.pk for place in places)
    published, drafted = current_policy(), desk_names.policy()
    found = []
    for place in places:
        now, then = (naming.named(place.uid, known[place.pk], one) for one in (published, drafted))
        effect = Effect(place, _kinds_of_text(now, published), _kinds_of_text(then, drafted))
        if len(then) > 1 or effect.changed:
            found.append(effect)
    return sorted(found, key=lambda effect: not effect.changed)


def _kinds_of_text(names: Sequence[naming.Named], policy: Mapping[str, Any] | None) -> tuple[str, ...]:
    letters = naming.letters(policy)
    return tuple(naming.joined(names, letters[kind]) for kind in naming.KINDS_OF_TEXT)


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
