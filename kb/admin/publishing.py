"""Submitting, publishing and withdrawing from the admin, with what stands in the way and the way out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from kb import publishing, workflow
from kb.admin.assigning import SHARING, AssigningMixin
from kb.admin.forms import PublishForm, ReasonForm, WithdrawForm
from kb.admin.lists import note_publication, publication_of
from kb.admin.steps import Sheet, Step, may, may_change, plural
from kb.book import reading, writing
from kb.editorial.aggregate import Aggregate, EditingState
from kb.views.differences import said
from kb.views.rendering import render_page

#: A page that shows what would change shows it for so many records; for more, the list tells which are edited.
SHOW_CHANGES = 10


def _submit(records: Sequence[Aggregate], *, by: User, data: Mapping[str, Any]) -> list[str]:
    together = [*records, *data["companions"]]
    workflow.submit(together, by=by)
    return [f"Submitted for review: {_named(together)}."]


def _return(records: Sequence[Aggregate], *, by: User, data: Mapping[str, Any]) -> list[str]:
    workflow.return_to_draft(records, by=by, why=data["why"])
    return [f"Returned to draft: {_named(records)}."]


def _publish(records: Sequence[Aggregate], *, by: User, data: Mapping[str, Any]) -> list[str]:
    together = [*records, *data["companions"]]
    try:
        outcome = publishing.publish(together, by=by, why=data["why"], expected_revisions=data["seen"])
    except writing.Blocked as blocked:
        raise ValidationError([blocker.message for blocker in blocked.blockers]) from blocked
    except writing.RevisionConflict as conflict:
        raise ValidationError(str(conflict)) from conflict
    said = [f"Published “{record}” as version {number}." for record, number in outcome.published]
    said += [
        f"“{record}” was published already, and nothing in it has changed." for record in outcome.unchanged
    ]
    return said + [f"Left out: {message}" for message in outcome.left_out]


def _withdraw(records: Sequence[Aggregate], *, by: User, data: Mapping[str, Any]) -> list[str]:
    try:
        publishing.withdraw(records, by=by, why=data["why"])
    except writing.Blocked as blocked:
        raise ValidationError([blocker.message for blocker in blocked.blockers]) from blocked
    return [f"Withdrawn: {_named(records)}. The page now says so."]


def _named(records: Sequence[Any]) -> str:
    return f"“{records[0]}”" if len(records) == 1 else plural(len(records), "record")


def _can_be_published(record: Aggregate) -> bool:
    state = publication_of(record)
    return state.state != "published" or state.edited


SUBMIT = Step(
    name="submit",
    label="Submit for review",
    question="Submit for review?",
    about="Another editor then looks at it before it is published. You can still change it.",
    may=may_change,
    fits=lambda record: record.editing_state == EditingState.DRAFT,
    perform=_submit,
)
RETURN = Step(
    name="return",
    label="Return to draft",
    question="Return to draft?",
    about="Readers go on seeing what is published.",
    may=may_change,
    fits=lambda record: record.editing_state == EditingState.IN_REVIEW,
    perform=_return,
    form=ReasonForm,
)
PUBLISH = Step(
    name="publish",
    label="Publish",
    question="Publish?",
    may=may("book.publish"),
    fits=_can_be_published,
    perform=_publish,
    form=PublishForm,
)
WITHDRAW = Step(
    name="withdraw",
    label="Withdraw",
    question="Withdraw from readers?",
    about="Its page stays and says that it was withdrawn, and why. It can be published again. What readers have seen "
    "is never deleted.",
    may=may("book.publish"),
    fits=lambda record: publication_of(record).state == "published",
    perform=_withdraw,
    form=WithdrawForm,
    danger=True,
)


class PublishingMixin(AssigningMixin):
    """Gives the admin of an aggregate its steps towards readers, *preview* and *compare*."""

    steps: tuple[Step, ...] = (SUBMIT, RETURN, PUBLISH, WITHDRAW, *SHARING)

    def get_urls(self) -> list[Any]:
        site, name = self.admin_site, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<int:pk>/preview/", site.admin_view(self.preview_view), name=f"{name}_preview"),
            path("<int:pk>/compare/", site.admin_view(self.compare_view), name=f"{name}_compare"),
            *super().get_urls(),
        ]

    def view_on_site(self, record: Aggregate) -> str | None:
        """The public page, where there is one to see."""
        if publication_of(record).state != "published":
            return None
        label = reading.labels([record.uid]).get(record.uid)
        return label.url or None if label else None

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page as readers would see it if it were published now."""
        record = self._viewable(request, pk)
        response: HttpResponse = render_page(request, writing.draft_page(record), preview=True)
        response["Cache-Control"] = "private, no-store"
        return response

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What publishing would change for readers."""
        record = self._viewable(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "What publishing would change",
            "opts": self.opts,
            "original": record,
            "publication": publication_of(record),
            "changes": writing.changes_since_published(record, said),
            "back": self.step_return_url([record]),
        }
        return TemplateResponse(request, "admin/desk/compare.html", context)

    def _viewable(self, request: HttpRequest, pk: int) -> Any:
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def links_for(self, record: Aggregate) -> list[tuple[str, str]]:
        """Ways to look at a record other than its form: words and address."""
        base = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        links = [("Preview", reverse(f"{base}_preview", args=[record.pk], current_app=self.admin_site.name))]
        if _can_be_published(record):
            links.append(
                ("Compare", reverse(f"{base}_compare", args=[record.pk], current_app=self.admin_site.name))
            )
        return links

    def step_sheet(self, request: HttpRequest, step: Step, records: Sequence[Any]) -> Sheet:
        sheet = super().step_sheet(request, step, records)
        note_publication(records)
        if step.name == SUBMIT.name:
            sheet.companions, sheet.may_stay = to_hand_in_with(records, cast(User, request.user)), True
        if step.name == PUBLISH.name:
            obstacles, sheet.companions = obstacles_and_companions(records)
            waiting = publishing.obstacles([*records, *sheet.companions], by=cast(User, request.user))
            obstacles = [*waiting, *obstacles]
            sheet.obstacles = obstacles
            together = [*records, *sheet.companions]
            sheet.seen = {record.uid: record.revision for record in together}
            if len(together) <= SHOW_CHANGES:
                sheet.changes = [
                    (record, writing.changes_since_published(record, said)) for record in together
                ]
            sheet.can_do = not obstacles
        return sheet

    def step_data(self, request: HttpRequest, step: Step, records: Sequence[Any]) -> Mapping[str, Any]:
        together = "together" in request.POST
        if step.name == SUBMIT.name:
            with_it = to_hand_in_with(records, cast(User, request.user)) if together else []
            return {"companions": with_it}
        if step.name != PUBLISH.name:
            return super().step_data(request, step, records)
        companions = obstacles_and_companions(records)[1] if together else []
        seen = _revisions(request.POST.getlist("seen"))
        return {
            "companions": companions,
            "seen": {r.uid: seen.get(r.uid, 0) for r in [*records, *companions]},
        }


def obstacles_and_companions(records: Sequence[Aggregate]) -> tuple[list[str], list[Aggregate]]:
    """What keeps records from being published, and which others would have to be published with them.

    The obstacles are those that publishing the companions too would not remove.
    """
    together = writing.with_requirements(records)
    own = {record.uid for record in records}
    obstacles = [_told(blocker) for blocker in writing.blockers(together)]
    return obstacles, [record for record in together if record.uid not in own]


def to_hand_in_with(records: Sequence[Aggregate], by: User) -> list[Aggregate]:
    """Drafts without which readers could not follow the records, as far as this person may hand them in."""
    own = {record.uid for record in records}
    return [
        record
        for record in writing.with_requirements(records)
        if record.uid not in own
        and record.editing_state == EditingState.DRAFT
        and may_change(by, type(record))
    ]


def _told(blocker: writing.Blocker) -> str:
    """What stands in the way, with the way out of it where it is a step."""
    if not blocker.step:
        return blocker.message
    options = blocker.record._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_step", args=[blocker.step])
    return format_html('{} <a href="{}?id={}">Go there</a>', blocker.message, address, blocker.record.pk)


def _revisions(pairs: Sequence[str]) -> dict[str, int]:
    """What the page showed: uid:revision, as it wrote them."""
    split = [pair.partition(":") for pair in pairs]
    return {uid: int(number) for uid, _, number in split if number.isdecimal() and len(number) < 19}
