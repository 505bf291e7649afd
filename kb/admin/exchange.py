"""The buttons *Import* and *Export* above a list: django-import-export's, on resources and formats of our own.

*Export* writes the records that the list shows, as it is searched and filtered. *Import* leads to the one way of
spreadsheets, with the sheet chosen: its preview is the confirmation, and no name of a file comes back from a form.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from import_export.admin import ImportExportMixin

from kb.signing import audit
from kb.signing.models import Kind
from kb.spreadsheets.resource import FORMATS, SheetFormat, SheetResource
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.rows import hidden_from
from kb.spreadsheets.writing import CannotWrite


class ExportForm(forms.Form):
    """In which format."""

    file_format = forms.TypedChoiceField(
        label="Format",
        choices=[(number, kind.extension) for number, kind in enumerate(FORMATS)],
        coerce=int,
        initial=0,
        widget=forms.RadioSelect,
    )


class ExchangeMixin(ImportExportMixin):
    """For the admin of a record that has a sheet. `resource_classes` names its resource."""

    formats = list(FORMATS)
    resource_classes: list[type[SheetResource]] = []

    @property
    def resource(self) -> SheetResource:
        return self.resource_classes[0]()

    # --- who may -----------------------------------------------------------------------------------------------------

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Who may import at all, and add or change records of this kind. Rows and fields are asked for one by one."""
        rights = Rights(request.user)
        try:
            rights.must_import()
        except PermissionDenied:
            return False
        return any(rights.may(action, self.model) for action in ("add", "change"))

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who may see the records."""
        return self.resource.sheet.name in hidden_from(request.user)

    # --- what they do ------------------------------------------------------------------------------------------------

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(f"{reverse('import_start')}?into={self.resource.sheet.name}")

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """There is no second way to confirm an import."""
        return self.import_action(request)

    def export_action(self, request: HttpRequest) -> HttpResponse | FileResponse:
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            count = self.get_export_queryset(request).count()
        except IncorrectLookupParameters:
            # As the list itself does: back to all of it.
            return HttpResponseRedirect(f"{self._list_address()}?e=1")
        form = ExportForm(request.POST or None)
        trouble = ""
        if request.method == "POST" and form.is_valid():
            try:
                return self._file(request, FORMATS[form.cleaned_data["file_format"]]())
            except CannotWrite as reason:
                trouble = str(reason)
        elif request.method == "POST":
            trouble = "Choose one of the formats."
        options = self.model._meta
        context = {
            **self.admin_site.each_context(request),
            "title": f"Export {options.verbose_name_plural}",
            "opts": options,
            "form": form,
            "trouble": trouble,
            "count": count,
            "columns": [column.name for column in self.resource.sheet.columns],
        }
        return TemplateResponse(request, "admin/desk/export.html", context, status=400 if trouble else 200)

    def _list_address(self) -> str:
        options = self.model._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_changelist")

    def _file(self, request: HttpRequest, kind: SheetFormat) -> FileResponse:
        pks = self.get_export_queryset(request).order_by().values("pk")
        records = self.resource.sheet.model._base_manager.filter(pk__in=pks)
        table = self.resource.table(records, request.user)
        name, file = kind.file_of(table)
        audit.note(Kind.EXPORT, f"{table.total} of the sheet {table.sheet.name}, as {kind.extension}")
        content_type = "application/zip" if name.endswith(".zip") else kind.content_type
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
