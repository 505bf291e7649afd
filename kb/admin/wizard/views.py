"""The pages on the way to a batch: bring a file, look at its columns, look at what it would do, apply it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.admin.wizard import choosing, files, profiles, reading, uploads, working
from kb.admin.wizard.links import link_rows
from kb.admin.wizard.pages import NotYours, for_importers, own_job, page
from kb.admin.wizard.previewing import PAGE, Page, read_page
from kb.models import ImportBatch, ImportJob
from kb.models.importing import JobState
from kb.spreadsheets import writing
from kb.spreadsheets.layout import BY_NAME
from kb.spreadsheets.plan import OUTCOMES

BATCHES = 20
#: A number of a page that a database can count to.
MOST_DIGITS = 9


# --- bring a file ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_importers
@uploads.takes_spreadsheets
def start(request: HttpRequest) -> HttpResponse:
    """Bring one file or several; below, the imports under way and those of the past."""
    trouble = request.upload_refused  # type: ignore[attr-defined]
    if request.method == "POST" and not trouble:
        files.sweep()
        brought = request.FILES.getlist("files")
        waiting = ImportJob.objects.filter(owner_id=request.user.pk).exclude(state=JobState.DONE).count()
        if not brought:
            trouble = "Choose a file first."
        elif waiting >= files.AT_ONCE:
            trouble = f"You have {waiting} imports under way. Finish or discard some of them first."
        else:
            job, trouble = _begin(request, brought)
            if job is not None:
                return redirect("import_columns", token=job.token)
    paginator = Paginator(_batches(request), BATCHES)
    context = {
        "trouble": trouble,
        "into": into if (into := request.GET.get("into", "")) in BY_NAME else "",
        "limit_bytes": uploads.most_bytes(),
        "limit": uploads.most_bytes() // (1024 * 1024),
        "jobs": ImportJob.objects.filter(owner_id=request.user.pk).exclude(state=JobState.DONE)[
            : files.AT_ONCE
        ],
        "page": paginator.get_page(request.GET.get("page", "1")[:MOST_DIGITS]),
    }
    return page(request, "start", "Import a spreadsheet", context, 400 if trouble else 200)


def _batches(request: HttpRequest) -> QuerySet:
    if not request.user.has_perm("kb.view_importbatch"):
        return ImportBatch.objects.filter(applied_by_id=request.user.pk).select_related(
            "applied_by", "undone_by"
        )
    return ImportBatch.objects.select_related("applied_by", "undone_by")


def _begin(request: HttpRequest, brought: list[UploadedFile]) -> tuple[ImportJob | None, str]:
    """A new import of these files, looked at; or why not."""
    job = ImportJob(owner=cast(User, request.user))
    working.touch(job)
    try:
        files.keep(job, brought)
        look = reading.look(job)
        job.choices = {
            "sheets": {
                s["name"]: choosing.guessed(s, _wanted(request, look) or s["guess"]) for s in look["sheets"]
            }
        }
        job.save()
    except working.TROUBLE as reason:
        files.forget(job) if job.pk else files.throw_away(job)
        return None, str(reason)
    return job, ""


@require_safe
@for_importers
def template(request: HttpRequest) -> HttpResponse:
    """An empty workbook of the sheets that the editor may see, to be filled."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "rejoinder-template.xlsx"
        written = writing.write(out, writing.tables(user=request.user, template=True))
        content = written.path.read_bytes()
    response = HttpResponse(
        content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="{written.path.name}"'
    return response


def _wanted(request: HttpRequest, look: dict[str, Any]) -> str:
    """The sheet that the list from which the editor came is of; it is not asked where a file has several."""
    into = request.GET.get("into", "")
    return into if into in BY_NAME and len(look["sheets"]) == 1 else ""


# --- sheets and columns ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_importers
def columns(request: HttpRequest, token: str) -> HttpResponse:
    """Each sheet with its columns and samples, and ours beside them."""
    job = own_job(request, token)
    if (elsewhere := _elsewhere(job)) is not None:
        return elsewhere
    trouble = job.message
    try:
        look = reading.looked(job)
        if request.method == "POST":
            answer = _decide(request, job, look)
            if isinstance(answer, HttpResponse):
                return answer
            look, trouble = reading.looked(job), answer
    except files.Gone as reason:
        raise NotYours(410, "The file is not there", str(reason)) from reason
    context = {
        "job": job,
        "look": look,
        "files": list(enumerate(look["files"])),
        "told": job.options,
        "sheets": choosing.shown(look, job.choices["sheets"], request.GET.get("sheet", "")),
        "targets": [sheet.name for sheet in choosing.SHEETS],
        "encodings": profiles.ENCODINGS,
        "profiles": profiles.names(),
        "can_save": request.user.has_perm("kb.add_importprofile"),
        "rows": working.rows_of(job, look),
        "trouble": trouble,
    }
    return page(request, "columns", "Sheets and columns", context, 400 if trouble and request.POST else 200)


def _elsewhere(job: ImportJob) -> HttpResponseRedirect | None:
    """Where an import is looked at that is being worked on, or has become a batch."""
    if job.state in working.WORKED_ON:
        return redirect("import_progress", token=job.token)
    if job.state == JobState.DONE and job.batch_id is not None:
        return redirect("import_batch", pk=job.batch_id)
    return None


def _decide(request: HttpRequest, job: ImportJob, look: dict[str, Any]) -> HttpResponse | str:
    """Take what the form says, and go where its button leads; or say what is wrong."""
    decisions = job.choices["sheets"]
    for number, sheet in enumerate(look["sheets"]):
        if f"s{number}-into" in request.POST:
            decisions[sheet["name"]] = choosing.posted(sheet, number, decisions[sheet["name"]], request.POST)
    # What was planned before was planned with other decisions.
    job.state, job.plan_sha256, job.message = JobState.MAPPING, "", ""
    working.touch(job)
    do, _, which = request.POST.get("do", "").partition(":")
    trouble = ""
    try:
        if profiles.told_otherwise(request.POST, job, look):
            look = _read_again(job, decisions)
        if do == "use":
            profiles.use(request.POST, job, look, which)
        elif do == "save":
            messages.success(request, profiles.save(request, job, look, which))
        job.save()
        if do == "plan":
            return _plan(job, look)
    except working.TROUBLE as reason:
        trouble = str(reason)
        job.save()
    return trouble or redirect(_anchored(request, job, which))


def _anchored(request: HttpRequest, job: ImportJob, number: str) -> str:
    sheet = number or request.GET.get("sheet", "")
    address = reverse("import_columns", args=[job.token])
    return f"{address}?sheet={sheet}" if sheet.isdecimal() else address


def _read_again(job: ImportJob, decisions: dict[str, Any]) -> dict[str, Any]:
    """Read the files as the editor now says. What was decided stays where the headers are the same as before."""
    before = {sheet["name"]: choosing.headers(sheet) for sheet in reading.looked(job)["sheets"]}
    look = reading.look(job)
    for sheet in look["sheets"]:
        old = decisions.get(sheet["name"], {})
        if not old or before.get(sheet["name"]) != choosing.headers(sheet):
            decisions[sheet["name"]] = choosing.guessed(sheet, old.get("into", "") or sheet["guess"])
    job.choices["sheets"] = {sheet["name"]: decisions[sheet["name"]] for sheet in look["sheets"]}
    return look


def _plan(job: ImportJob, look: dict[str, Any]) -> HttpResponse:
    if working.rows_of(job, look) > working.INLINE_ROWS:
        working.queue(job, JobState.PLANNING)
        return redirect("import_progress", token=job.token)
    working.make_plan(job)
    job.state = JobState.PLANNED
    job.save()
    return redirect("import_preview", token=job.token)


# --- the preview ----------------------------------------------------------------------------------------------------


@require_safe
@for_importers
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """What the import would do: counts, and the rows, a page at a time."""
    job = own_job(request, token)
    if (elsewhere := _elsewhere(job)) is not None:
        return elsewhere
    if job.state != JobState.PLANNED:
        return redirect("import_columns", token=job.token)
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    sheet = request.GET.get("sheet", "")[:200]
    asked = request.GET.get("page", "1")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) <= MOST_DIGITS else 1
    rows = Page([], 0)
    with contextlib.suppress(FileNotFoundError):
        rows = read_page(files.folder(job) / working.PAGES, sheet=sheet, outcome=outcome, number=number)
    link_rows(request.user, rows.rows)
    context = {
        "job": job,
        "summary": job.summary,
        "counts": [(name, job.summary["counts"][name]) for name in OUTCOMES],
        "refused": job.summary["counts"]["refused"],
        "good": job.summary["counts"]["created"] + job.summary["counts"]["changed"],
        "rows": rows,
        "outcome": outcome,
        "outcomes": OUTCOMES,
        "sheet": sheet,
        "number": number,
        "pages": max(1, -(-rows.total // PAGE)),
        "filter": request.GET.copy(),
        "trouble": job.message,
    }
    return page(request, "preview", "What the import would do", context)


# --- apply ----------------------------------------------------------------------------------------------------------


@require_POST
@for_importers
def apply(request: HttpRequest, token: str) -> HttpResponse:
    """Apply the plan that the editor has looked at, and no other."""
    job = own_job(request, token)
    if job.state in (JobState.DONE, JobState.APPLYING):
        messages.warning(request, "This was applied already, or is being applied. It is not applied twice.")
        return _elsewhere(job) or redirect("import_start")
    if job.state != JobState.PLANNED or request.POST.get("plan") != job.plan_sha256:
        raise NotYours(
            409,
            "Another plan than you looked at",
            "Since you opened the preview, this import was planned anew. Nothing was applied. Open the preview again, "
            "and apply what it shows.",
        )
    job.keep_good = request.POST.get("mode") == "good"
    rows = sum(sum(sheet["counts"].values()) for sheet in job.summary["sheets"])
    if rows > working.INLINE_ROWS:
        working.queue(job, JobState.APPLYING)
        return redirect("import_progress", token=job.token)
    try:
        working.apply_plan(job, expected=JobState.PLANNED)
    except working.Refused as reason:
        messages.warning(request, str(reason))
        return redirect("import_preview", token=job.token)
    except PermissionDenied:
        raise
    except working.TROUBLE as reason:
        raise NotYours(409, "Nothing was applied", str(reason)) from reason
    return _elsewhere(job) or redirect("import_preview", token=job.token)


@require_safe
@for_importers
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """How far an import is that is worked off beside the server; then on to what came of it."""
    job = own_job(request, token)
    if job.state == JobState.DONE:
        if not job.plan_sha256:
            tell_undone(request, job)
        return _elsewhere(job) or redirect("import_start")
    if job.state not in working.WORKED_ON:
        return redirect(
            "import_preview" if job.state == JobState.PLANNED else "import_columns", token=job.token
        )
    title = {
        JobState.PLANNING: "Working out what the import would do",
        JobState.APPLYING: "Applying the import",
    }.get(JobState(job.state), "Taking the import back")
    context = {
        "job": job,
        "planning": job.state == JobState.PLANNING,
        "undoing": job.state == JobState.UNDOING,
    }
    return page(request, "progress", title, context)


def tell_undone(request: HttpRequest, job: ImportJob) -> None:
    """Say once on the next page what came of taking a batch back."""
    if job.message:
        messages.warning(request, job.message)
        return
    said = []
    if number := job.summary["deleted"]:
        said.append(
            f"{number:,} record{pluralize(number)} that the import made {pluralize(number, 'is,are')} deleted."
        )
    if number := job.summary["restored"]:
        said.append(f"{number:,} {pluralize(number, 'is as it was,are as they were')} before it.")
    if number := job.summary["remade"]:
        said.append(f"{number:,} that it deleted {pluralize(number, 'is,are')} there again.")
    if said:
        messages.success(request, " ".join(said))
    if number := job.summary["refused"]:
        messages.warning(
            request,
            f"{number:,} row{pluralize(number)} {pluralize(number, 'stays as it is,stay as they are')}.",
        )


@require_safe
@for_importers
def report(request: HttpRequest, token: str) -> HttpResponse | FileResponse:
    """The editor's file back with the refused cells marked, or with the refused rows alone."""
    job = own_job(request, token)
    if not job.plan_sha256:
        return redirect("import_columns", token=job.token)
    only = request.GET.get("rows") == "refused"
    try:
        made = working.report(job, refused_only=only)
    except working.TROUBLE as reason:
        raise NotYours(410, "There is no report", str(reason)) from reason
    stem = job.files[0]["name"].rpartition(".")[0] or job.files[0]["name"]
    name = f"{stem} - {'refused rows' if only else 'report'}.xlsx"
    return FileResponse(made.open("rb"), as_attachment=True, filename=name)


@require_POST
@for_importers
def discard(request: HttpRequest, token: str) -> HttpResponse:
    """Throw an import away that has not been applied."""
    job = own_job(request, token)
    if job.state in (JobState.APPLYING, JobState.DONE):
        return _elsewhere(job) or redirect("import_start")
    files.forget(job)
    messages.success(request, f"Discarded: {job.names}. Nothing of it was applied.")
    return redirect("import_start")
