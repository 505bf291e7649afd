"""What was imported and what was released: to be read. They are written by the functions that make them."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from kb.admin.base import LookUpAdmin
from kb.admin.jobs import BatchStepsMixin
from kb.book.models import Release, Version
from kb.models import ImportBatch, ImportProfile


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
