"""What was imported, conflicts found and rulings made: to be read. They are written by the functions that make them."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from kb.admin.base import LookUpAdmin
from kb.admin.jobs import BatchStepsMixin
from kb.book.models import Release, Version
from kb.models import Conflict, ConflictRuling, ImportBatch, ImportProfile


@admin.register(ImportBatch)
class ImportBatchAdmin(BatchStepsMixin, LookUpAdmin):
    list_display = ("file_name", "applied_at", "applied_by", "profile", "undone_at")
    list_filter = ("applied_at",)
    list_select_related = ("applied_by", "profile")
    search_fields = ("file_name", "file_sha256")


@admin.register(ImportProfile)
class ImportProfileAdmin(admin.ModelAdmin):
    list_display = ("name", "owner", "created_at")
    list_select_related = ("owner",)
    search_fields = ("name",)
    fields = ("name", "mapping")

    def save_model(self, request: HttpRequest, obj: ImportProfile, form: object, change: bool) -> None:
        if not change:
            obj.owner = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)


@admin.register(Conflict)
class ConflictAdmin(LookUpAdmin):
    list_display = ("reason", "one", "other", "detector", "first_seen")
    list_filter = ("detector",)
    list_select_related = ("one__attribute", "other__attribute")
    search_fields = ("reason",)


@admin.register(ConflictRuling)
class ConflictRulingAdmin(LookUpAdmin):
    list_display = ("verdict", "reason", "ruled_by", "ruled_at")
    list_filter = ("verdict",)
    list_select_related = ("ruled_by",)
    search_fields = ("reason", "one", "other")


class VersionInline(admin.TabularInline):
    model = Version
    fk_name = "release"
    fields = readonly_fields = ("kind", "uid", "number")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Release)
class ReleaseAdmin(LookUpAdmin):
    """Every act of publishing. The book is written by publishing, never by hand."""

    list_display = ("number", "at", "by", "why")
    list_select_related = ("by",)
    search_fields = ("number", "why")
    fields = ("number", "at", "by", "why")
    inlines = (VersionInline,)
