"""What came of an import: its rows with links to the records, the report, and the way back."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kb.admin.wizard import files, links, working
from kb.admin.wizard.pages import page
from kb.admin.wizard.previewing import PAGE
from kb.admin.wizard.views import MOST_DIGITS
from kb.models import ImportBatch, ImportedRow, ImportJob
from kb.spreadsheets.plan import OUTCOMES, REFUSED
from kb.spreadsheets.rights import Rights

#: Beside what became of rows when they were imported: that undoing has left them as they are.
STAYS = "stays"


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    found = get_object_or_404(ImportBatch.objects.select_related("applied_by", "undone_by", "profile"), pk=pk)
    if not request.user.has_perm("kb.view_importbatch") and found.applied_by_id != request.user.pk:
        raise PermissionDenied
    return found


@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: who, when, what file, what happened, row by row."""
    found = _batch(request, pk)
    outcome = request.GET.get("outcome", "")
    rows = ImportedRow.objects.filter(batch=found).order_by("pk")
    staying = rows.exclude(stays="").count() if found.undone_at else 0
    if outcome in OUTCOMES:
        rows = rows.filter(outcome=outcome)
    elif outcome == STAYS and staying:
        rows = rows.exclude(stays="")
    shown = Paginator(rows.defer("before", "after"), PAGE).get_page(
        request.GET.get("page", "1")[:MOST_DIGITS]
    )
    records = links.records_of_kinds((row.kind, row.uid) for row in shown)
    lines = []
    for row in shown:
        known = records.get(row.uid)
        address = links.link(request.user, known[0], known[1]) if known else ""
        lines.append((row, known[2] if known else "", address))
    context = {
        "batch": found,
        "counts": [
            (sheet, [counts.get(name, 0) for name in OUTCOMES]) for sheet, counts in found.counts.items()
        ],
        "totals": [(name, sum(c.get(name, 0) for c in found.counts.values())) for name in OUTCOMES],
        "outcomes": OUTCOMES,
        "refused": any(counts.get(REFUSED) for counts in found.counts.values()),
        "outcome": outcome if outcome in (*OUTCOMES, STAYS) else "",
        "staying": staying,
        "lines": lines,
        "page": shown,
        "job": _reported(request, found),
        "may_undo": (staying or not found.undone_at) and Rights(request.user).may("change", ImportBatch),
        "steps": _steps(request, found),
    }
    return page(request, "batch", "What came of the import", context)


def _reported(request: HttpRequest, found: ImportBatch) -> ImportJob | None:
    """The reader's own import that the batch came of, as long as its files are kept."""
    job = found.jobs.filter(owner_id=request.user.pk).exclude(plan_sha256="").first()
    return job if job is not None and not files.expired(job) else None


def _steps(request: HttpRequest, found: ImportBatch) -> list[Any]:
    """What can be done with the whole batch: submit it, publish it."""
    model_admin: Any = admin.site._registry[ImportBatch]
    return list(model_admin.steps_for(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a batch back, once its editor has said that they mean it."""
    found = _batch(request, pk)
    rights = Rights(request.user)
    if not rights.may("change", ImportBatch):
        raise PermissionDenied
    context: dict[str, Any] = {"batch": found, "back": reverse("import_batch", args=[found.pk])}
    rows = ImportedRow.objects.filter(batch=found)
    if found.undone_at:
        rows = rows.exclude(stays="")
    created, changed = rows.filter(outcome="created").count(), rows.filter(outcome="changed").count()
    if request.method == "POST":
        job = working.queue_undo(found, cast(User, request.user))
        if job.owner_id != request.user.pk:
            messages.info(request, f"{job.owner} is taking this import back just now.")
            return redirect("import_batch", pk=found.pk)
        if created + changed <= working.INLINE_ROWS:
            working.work(job)
            job.refresh_from_db()
        return redirect("import_progress", token=job.token)
    context |= {"created": created, "changed": changed}
    return page(request, "undo", "Take this import back?", context)
