"""Publishing an import from the admin: the steps on its page, and the page of the job that they begin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from kb import workflow
from kb.admin.base import LookUpAdmin
from kb.admin.forms import PublishForm
from kb.admin.steps import Sheet, Step, StepsMixin, may, plural
from kb.book import jobs, writing
from kb.book.asking import chunks
from kb.book.kinds import KINDS
from kb.book.models import JobState, PublishingJob, PublishingJobRecord
from kb.models import ImportBatch

#: So many records are published while the browser waits, a few seconds; of more, the job goes on by another press of
#: the button or by the command.
AT_ONCE = 500
#: Planning more than this would keep the browser waiting too long; the command does it.
PLANNED_HERE = 20_000
#: Obstacles and records named on one page.
SHOWN = 100


@dataclass
class BatchSheet(Sheet):
    """What the page of a batch's step shows: how many records of each kind, and what does not go out, in part."""

    numbers: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    more_blocked: int = 0
    #: The command that does it, where there are too many for the browser.
    command: str = ""


def _submit(batches: Sequence[ImportBatch], *, by: User, data: Mapping[str, Any]) -> list[str]:
    return [f"Submitted for review: {plural(workflow.submit_batch(batches[0], by=by), 'record')}."]


def _plan(batches: Sequence[ImportBatch], *, by: User, data: Mapping[str, Any]) -> PublishingJob:
    return jobs.plan_publishing(batches[0], by=by, why=data["why"])


SUBMIT_BATCH = Step(
    name="submit",
    label="Submit all for review",
    question="Submit all that this import brought for review?",
    about="Other editors then look at the records before they are published.",
    may=may("kb.add_importbatch"),
    fits=lambda batch: batch.undone_at is None,
    perform=_submit,
    several=False,
    template="admin/desk/batch_step.html",
)
PUBLISH_BATCH = Step(
    name="publish",
    label="Publish this batch",
    question="Publish all that this import brought?",
    about="Records go out some hundred at a time, sources before the claims that need them. What stands in the way of "
    "one record keeps back that record and those that need it, and nothing else.",
    may=may("book.publish"),
    fits=lambda batch: batch.undone_at is None,
    perform=_plan,
    form=PublishForm,
    several=False,
    template="admin/desk/batch_step.html",
)


class BatchStepsMixin(StepsMixin):
    """Gives an import's page its steps, and the way to the publishing jobs that were begun from it."""

    steps: tuple[Step, ...] = (SUBMIT_BATCH, PUBLISH_BATCH)
    change_form_template = "admin/desk/change_form.html"

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None:
            context["steps"] = self.steps_for(request, obj)
            # Its rows may be a hundred thousand: they are shown page by page.
            context["links"] = [
                ("Its rows, what was refused, and undo", reverse("import_batch", args=[obj.pk]))
            ]
            if _may_see(request):
                context["links"] += [(str(job), _job_url(job)) for job in obj.publishing_jobs.all()]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def step_sheet(self, request: HttpRequest, step: Step, records: Sequence[Any]) -> Sheet:
        if not step.fits(records[0]):
            return BatchSheet(obstacles=["This import was undone."], can_do=False)
        numbers, blocked = jobs.preview(
            records[0], PLANNED_HERE if step is PUBLISH_BATCH else 0, by=cast(User, request.user)
        )
        sheet = BatchSheet(
            numbers=[plural(n, kind, KINDS[kind].plural) for kind, n in numbers.items()],
            can_do=bool(numbers),
        )
        if sum(numbers.values()) > PLANNED_HERE:
            flag = "" if step is PUBLISH_BATCH else " --submit"
            name = request.user.get_username()
            why = ' --why "…"' if step is PUBLISH_BATCH else ""
            sheet.command = f"manage.py publish_batch {records[0].pk} --as {name}{why}{flag}"
            sheet.can_do = False
        elif step is PUBLISH_BATCH:
            sheet.blocked, sheet.more_blocked = blocked[:SHOWN], max(0, len(blocked) - SHOWN)
        return sheet

    def _try(
        self, request: HttpRequest, step: Step, records: list[Any], form: forms.Form
    ) -> HttpResponseRedirect | None:
        """Not in one transaction, unlike other steps: each of a job's releases is one, so that nobody waits long."""
        if not self.step_sheet(request, step, records).can_do:
            return None
        try:
            done = step.perform(records, by=request.user, data=form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except PermissionDenied as error:
            form.add_error(None, str(error))
        else:
            if isinstance(done, PublishingJob):
                _go_on(request, done)
                return HttpResponseRedirect(_job_url(done))
            for sentence in done:
                messages.success(request, sentence)
            return HttpResponseRedirect(self.step_return_url(records))
        return None


def _job_url(job: PublishingJob) -> str:
    return reverse("admin:book_publishingjob_change", args=[job.pk])


def _may_see(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("book.view_release"))


def _go_on(request: HttpRequest, job: PublishingJob) -> None:
    """Publish the next records of a job, and tell how many; where none waits, try those that were blocked."""
    waiting = jobs.counts(job).waiting
    try:
        report = jobs.publish_many(job, most=AT_ONCE, again=not waiting)
    except (PermissionDenied, ValidationError) as reason:
        messages.error(
            request, " ".join(reason.messages if isinstance(reason, ValidationError) else [str(reason)])
        )
        return
    messages.success(request, f"Published: {plural(report.published, 'record')}.")
    if report.unchanged:
        messages.info(request, f"Published already as they are: {plural(report.unchanged, 'record')}.")


@dataclass(frozen=True)
class Left:
    """A record that a job has not published: what it is called, where its form is ("" if it is gone), and why."""

    name: str
    kind: str
    state: str
    message: str
    address: str


def _left(rows: Iterable[PublishingJobRecord]) -> list[Left]:
    rows = list(rows)
    names, pks = writing.names_of(row.uid for row in rows), dict[str, int]()
    by_kind: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row.uid)
    for kind, uids in by_kind.items():
        for some in chunks(uids):
            pks.update(writing.model_of(kind)._base_manager.filter(uid__in=some).values_list("uid", "pk"))
    return [
        Left(
            names.get(row.uid, row.uid),
            row.kind,
            JobState(row.state).label,
            row.message,
            _form_of(row.kind, pks[row.uid]) if row.uid in pks else "",
        )
        for row in rows
    ]


def _form_of(kind: str, pk: int) -> str:
    options = writing.model_of(kind)._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[pk])


@admin.register(PublishingJob)
class PublishingJobAdmin(LookUpAdmin):
    """Jobs that publish many records: how far they are, and what they left."""

    list_display = ("__str__", "batch", "by", "created_at", "finished_at", "why")
    list_select_related = ("batch", "by")
    search_fields = ("why",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may_see(request)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.go_on_view)
        return [path("<int:pk>/go-on/", view, name="book_publishingjob_go_on"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        jobs_there = PublishingJob.objects.select_related("batch", "by")
        job = get_object_or_404(jobs_there, pk=int(object_id))
        left = job.records.filter(state__in=[JobState.BLOCKED, JobState.CHANGED]).order_by("position")
        told = job.records.filter(state=JobState.DONE).exclude(message="").order_by("position")
        page = Paginator(left, SHOWN).get_page(request.GET.get("p"))
        counts = jobs.counts(job)
        context = {
            **self.admin_site.each_context(request),
            "title": str(job),
            "opts": self.opts,
            "job": job,
            "counts": counts,
            "through": counts.total - counts.waiting,
            "page": page,
            "left": _left(page),
            "told": _left(told[:SHOWN]),
            "at_once": min(AT_ONCE, counts.waiting),
            "can_go_on": request.user.has_perm("book.publish") and bool(counts.waiting or counts.blocked),
            "go_on": reverse("admin:book_publishingjob_go_on", args=[job.pk]),
            "command": f"manage.py publish_batch --resume {job.pk}",
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/desk/job.html", context)

    def go_on_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish the next of a job's records; posted by its page."""
        if request.method != "POST":
            raise Http404
        if not request.user.has_perm("book.publish"):
            raise PermissionDenied
        job = get_object_or_404(PublishingJob, pk=pk)
        _go_on(request, job)
        return HttpResponseRedirect(_job_url(job))
