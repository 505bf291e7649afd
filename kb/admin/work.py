"""All that is in somebody's hands at the desk, and what was done with a record step by step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kb.admin.assigning import due_in_words
from kb.admin.base import LookUpAdmin
from kb.admin.labels import LabelledChangeList, label_places
from kb.admin.lists import PresenceFilter
from kb.book.asking import chunks
from kb.book.documents import model_of
from kb.book.second_person import name_of
from kb.editorial.aggregate import Aggregate
from kb.models import Assignment


def records_of(rows: Iterable[Assignment]) -> dict[str, Aggregate]:
    """The records that are assigned, by uid; with one query for each kind."""
    uids: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        uids[row.kind].append(row.uid)
    return {
        record.uid: record
        for kind, own in uids.items()
        for some in chunks(own)
        # With what they belong to, by which some are called.
        for record in model_of(kind)._base_manager.select_related().filter(uid__in=some)
    }


def form_of(record: Aggregate) -> str:
    """Where a record is worked on."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


class AssignmentList(LabelledChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found = records_of(self.result_list)
        label_places(found.values())
        for row in self.result_list:
            row.record = found.get(row.uid)


class LateFilter(PresenceFilter):
    title = "overdue"
    parameter_name = "late"
    words = ("yes", "no")

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        self.lookup = {"due__lt": timezone.localdate()}
        return super().queryset(request, queryset)


class ClosedFilter(PresenceFilter):
    title = "account closed"
    parameter_name = "closed"
    lookup = {"assignee__is_active": False}
    words = ("yes", "no")


@admin.register(Assignment)
class AssignmentAdmin(LookUpAdmin):
    """Who has what in hand, what is due first first. It is assigned and handed back on the record's own page."""

    list_display = ("record", "kind", "who", "due_when", "by", "at")
    list_display_links = None
    list_filter = (LateFilter, ClosedFilter, "kind", ("assignee", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("assignee", "by")
    ordering = (F("due").asc(nulls_last=True), "pk")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AssignmentList]:
        return AssignmentList

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        record = records_of([row]).get(row.uid) if row else None
        if record is None:
            raise Http404
        return HttpResponseRedirect(form_of(record))

    @admin.display(description="record")
    def record(self, row: Any) -> SafeString | str:
        return format_html('<a href="{}">{}</a>', form_of(row.record), row.record) if row.record else "–"

    @admin.display(description="in whose hands", ordering="assignee__username")
    def who(self, row: Assignment) -> str:
        return name_of(row.assignee) + ("" if row.assignee.is_active else " (account closed)")

    @admin.display(description="due", ordering="due")
    def due_when(self, row: Assignment) -> str:
        return due_in_words(row.due)
