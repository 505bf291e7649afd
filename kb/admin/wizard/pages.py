"""What the pages of the wizard have in common: who may see them, whose import it is, and refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from kb.admin.wizard import files
from kb.models import ImportBatch, ImportJob
from kb.models.importing import JobState
from kb.spreadsheets.rights import Rights

View = Callable[..., HttpResponseBase]


class NotYours(Exception):
    """An import that cannot be gone on with: the status of the answer, what is so, and what to do."""

    def __init__(self, status: int, title: str, message: str) -> None:
        super().__init__(message)
        self.status, self.title, self.message = status, title, message


def page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    request.current_app = admin.site.name
    whole = {**admin.site.each_context(request), "title": title, **context}
    response = TemplateResponse(request, f"admin/import/{template}.html", whole, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def for_importers(view: View) -> View:
    """Lets in whoever may import, and tells in words what cannot be gone on with."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not Rights(request.user).may("add", ImportBatch):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except NotYours as refused:
            context = {"message": refused.message, "back": reverse("import_start")}
            return page(request, "refused", refused.title, context, refused.status)

    return guarded


def own_job(request: HttpRequest, token: str) -> ImportJob:
    """The import of that name. Raises NotYours for another's, and for one that has waited too long."""
    job = ImportJob.objects.select_related("owner", "batch").filter(token=token).first()
    if job is None:
        raise NotYours(
            410,
            "This import is over",
            "It was discarded, or it waited for more than two days and was thrown away. Bring the file again.",
        )
    if job.owner_id != request.user.pk:
        raise NotYours(
            403,
            "Somebody else’s import",
            "This import was begun by somebody else, and is planned with their rights. Bring the file yourself to "
            "import it with yours.",
        )
    if files.expired(job) and job.state != JobState.DONE:
        files.forget(job)
        raise NotYours(
            410,
            "This import is over",
            "It waited for more than two days and was thrown away, since the records may have changed. Nothing of it "
            "was applied. Bring the file again.",
        )
    return job
