"""The addresses of the wizard, under /admin/import/. Whoever may not sign in at the desk is sent to its door."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from kb.admin.wizard import batches, views


class Token(StringConverter):
    """The name of an import."""

    regex = "[0-9a-f]{32}"


register_converter(Token, "import_token")


def _page(address: str, view: Callable[..., HttpResponseBase], name: str) -> Any:
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    # The view asks for the form's token itself where it has to read the form in its own way first.
    shown.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
    return path(address, admin.site.admin_view(shown), name=name)


urlpatterns = [
    _page("", views.start, "import_start"),
    _page("template/", views.template, "import_template"),
    _page("<import_token:token>/columns/", views.columns, "import_columns"),
    _page("<import_token:token>/preview/", views.preview, "import_preview"),
    _page("<import_token:token>/apply/", views.apply, "import_apply"),
    _page("<import_token:token>/progress/", views.progress, "import_progress"),
    _page("<import_token:token>/report/", views.report, "import_report"),
    _page("<import_token:token>/discard/", views.discard, "import_discard"),
    _page("batches/<int:pk>/", batches.batch, "import_batch"),
    _page("batches/<int:pk>/undo/", batches.undo, "import_undo"),
]
