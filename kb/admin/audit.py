"""The log of who did what, to be read and taken along as csv. It is written by `kb.signing.audit` alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from kb import accounts
from kb.admin.base import LookUpAdmin
from kb.admin.lists import DeskChangeList
from kb.editorial.cell_text import protect
from kb.signing import audit
from kb.signing.models import AuditEntry, Kind

HEADER = ("time", "what", "who", "address", "more", "times", "last time")
#: A file is not longer; whoever wants all of it narrows the list.
MOST_ROWS = 50_000


class PersonFilter(admin.SimpleListFilter):
    """What one account did, under whatever name."""

    title = "who"
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = User.objects.filter(is_staff=True).order_by("username")
        return [(str(pk), name) for pk, name in staff.values_list("pk", "username")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value() or ""
        return queryset.filter(person=int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(LookUpAdmin):
    list_display = ("when", "happened", "account", "what", "address", "number")
    list_display_links = None
    list_filter = ("kind", PersonFilter)
    search_fields = ("account__exact", "address__exact")
    list_per_page = 100
    show_full_result_count = False
    fields = ("at", "kind", "account", "person", "address", "what", "times", "last_at", "kept_until")
    change_list_template = "admin/signing/log.html"
    actions = None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who looks after accounts sees what becomes of them; others need the right to view the log."""
        return accounts.may_manage(cast(User, request.user)) or super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description="when (UTC)", ordering="at")
    def when(self, line: AuditEntry) -> str:
        return f"{line.at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="what happened", ordering="kind")
    def happened(self, line: AuditEntry) -> str:
        return line.get_kind_display()

    @admin.display(description="how often")
    def number(self, line: AuditEntry) -> str:
        return "" if line.times == 1 else f"{line.times:,} times, until {line.last_at:%H:%M:%S}"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskChangeList]:
        return DeskChangeList

    def get_urls(self) -> list[Any]:
        mine = path("csv/", self.admin_site.admin_view(self.as_csv), name="signing_auditentry_csv")
        return [mine, *super().get_urls()]

    def as_csv(self, request: HttpRequest) -> HttpResponse:
        """The lines that the list shows, as it is searched and filtered. No cell is a formula."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            lines = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:signing_auditentry_changelist"))
        out = io.StringIO()
        rows = csv.writer(out)
        rows.writerow(HEADER)
        count = 0
        for count, cells in enumerate(_cells(lines), start=1):  # noqa: B007 - counted
            rows.writerow([protect(cell) for cell in cells])
        audit.note(Kind.EXPORT, f"the log, {count} lines as csv")
        response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="log.csv"'
        return response


def _cells(lines: QuerySet) -> Iterator[tuple[str, ...]]:
    for line in lines[:MOST_ROWS].iterator(chunk_size=2_000):
        yield (
            line.at.isoformat(timespec="seconds"),
            line.get_kind_display(),
            line.account,
            line.address,
            line.what,
            str(line.times),
            line.last_at.isoformat(timespec="seconds"),
        )
