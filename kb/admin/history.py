"""The history of a record at the desk: who did what, any two states side by side, and the way back to one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from kb.admin.assigning import steps_taken
from kb.admin.concurrency import in_editors_words
from kb.admin.lists import publication_of
from kb.book import reading, writing
from kb.book.kinds import references
from kb.book.models import Version
from kb.editorial.aggregate import Aggregate
from kb.history.differences import differences
from kb.history.entries import page_of
from kb.history.points import NOW, Point, state_of
from kb.history.restoring import left_alone, obstacles, restore, way_to
from kb.history.shape import restorable_parts
from kb.history.states import NotKnown, state_now
from kb.history.telling import Entry
from kb.merging.remains import as_it_was, merges_of
from kb.views.differences import in_words
from kb.views.rendering import version_url

#: Names the version that readers see now, in addresses.
PUBLISHED = "published"
#: What is left of a line of the history beside the words that say what was restored.
WHY = 45


class RestoreForm(forms.Form):
    """Why a record is made what it was."""

    why = forms.CharField(
        required=False, max_length=WHY, help_text="A few words for the history, if they help a colleague."
    )


class HistoryMixin(ModelAdmin):
    """Gives the admin of an aggregate its history, comparisons of any two states, and the way back."""

    def get_urls(self) -> list[Any]:
        site, name = self.admin_site, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<int:pk>/history/compare/", site.admin_view(self.states_view), name=f"{name}_states"),
            path("<int:pk>/history/restore/", site.admin_view(self.restore_view), name=f"{name}_restore"),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        record = self._with_history(request, unquote(object_id), merged=True)
        before = _moment(request.GET["before"]) if "before" in request.GET else None
        steps = [
            Entry(step.at, step.who, f"{step.what[:1].upper()}{step.what[1:]}", step.why)
            for step in steps_taken(record)
        ]
        steps += [Entry(done.at, str(done.by), f"Merged {done}", done.why) for done in merges_of(record)]
        is_there = self.model._base_manager.filter(pk=record.pk).exists()
        page = page_of(record, before, steps)
        state = publication_of(record)
        label = reading.labels([record.uid]).get(record.uid)
        points = [entry.point for entry in page.entries]
        context = {
            **self._about(request, record, "History"),
            "page": page,
            "rows": [
                (
                    entry,
                    version_url(record.kind_name, label.key, entry.version)
                    if label and entry.version
                    else "",
                )
                for entry in page.entries
            ],
            "newest": before is None and is_there,
            "chosen": (points[1:2] or points[:1] or [NOW])[0],
            "is_published": state.state == "published",
            "may_restore": is_there and self.has_change_permission(request, record),
            "may_see_imports": request.user.has_perm("kb.view_importbatch"),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/desk/history.html", context)

    def states_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two states of the record side by side: `?from=…&to=…`, each a point or `published`."""
        record = self._with_history(request, str(pk), merged=True)
        older, newer = (self._point(record, request.GET.get(name, "")) for name in ("from", "to"))
        try:
            if older.number is not None and newer.number is not None:
                changes = _between_versions(record, older.number, newer.number)
            else:
                # What a version does not tell is taken from the other state, so as not to differ.
                whole = state_of(record, older if newer.number is not None else newer)
                before, after = (state_of(record, point, over=whole) for point in (older, newer))
                changes = differences(before, after)
        except NotKnown as reason:
            raise Http404(str(reason)) from reason
        context = {
            **self._about(request, record, "What differs"),
            "older": older,
            "newer": newer,
            "changes": changes,
            "may_restore": self.has_change_permission(request, record),
        }
        return TemplateResponse(request, "admin/desk/states.html", context)

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the record what it was at the point `?to=…`, having seen what changes."""
        record = self._with_history(request, str(pk))
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        point = self._point(record, asked.get("to", ""))
        now = state_now(record)
        try:
            target = state_of(record, point, over=now)
        except NotKnown as reason:
            raise Http404(str(reason)) from reason
        form = RestoreForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            done = self._try_to_restore(request, record, point, target, form)
            if done is not None:
                return done
        way = way_to(target, now)
        context = {
            **self._about(request, record, f"Restore as {point.in_words}?"),
            "point": point,
            "form": form,
            "changes": differences(now, target),
            "obstacles": obstacles(record, way),
            "is_none": way.is_none,
            "left_alone": left_alone(record),
        }
        return TemplateResponse(request, "admin/desk/restore.html", context)

    def _try_to_restore(
        self, request: HttpRequest, record: Aggregate, point: Point, target: Any, form: forms.Form
    ) -> HttpResponse | None:
        seen, why = request.POST.get("revision", ""), form.cleaned_data["why"]
        reason = f"Restored as {point.in_words}"
        try:
            restore(
                record,
                target,
                by=request.user,  # type: ignore[arg-type]
                reason=f"{reason}: {why}" if why else reason,
                expected_revision=int(seen) if seen.isdecimal() and len(seen) < 19 else 0,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return None
        except IntegrityError as error:
            parts = [part for part, _ in restorable_parts(self.model)]
            form.add_error(None, in_editors_words(error, [self.model, *parts]))
            return None
        saved = self.model._base_manager.get(pk=record.pk)
        messages.success(request, f"“{saved}” is {reason[0].lower()}{reason[1:]}.")
        if publication_of(saved).state == "published":
            messages.info(request, "Readers see it once it is published.")
        return HttpResponseRedirect(self._here("change", record))

    def _with_history(self, request: HttpRequest, number: str, merged: bool = False) -> Any:
        """The record of this number; with `merged` also one that was merged into another, as it was."""
        pk = int(number) if number.isdecimal() and len(number) < 19 else 0
        record = (as_it_was(self.model, pk) if merged else None) or get_object_or_404(
            self.get_queryset(request), pk=pk
        )
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    @staticmethod
    def _point(record: Aggregate, text: str) -> Point:
        """The point that an address names. Raises Http404."""
        point = Point(number=publication_of(record).number) if text == PUBLISHED else Point.parse(text)
        if point is None or (text == PUBLISHED and point.number is None):
            raise Http404(f"“{text[:40]}” is no state of this record.")
        return point

    def _about(self, request: HttpRequest, record: Any, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": record,
            "back": self._here("change", record),
            "history_url": self._here("history", record),
            "states_url": self._here("states", record),
            "restore_url": self._here("restore", record),
        }

    def _here(self, name: str, record: Any) -> str:
        route = f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"
        return reverse(route, args=[record.pk], current_app=self.admin_site.name)


def _moment(text: str) -> Any:
    point = Point.parse(text)
    if point is None or point.moment is None:
        raise Http404(f"“{text[:40]}” is no moment.")
    return point.moment


def _between_versions(record: Aggregate, older: int, newer: int) -> list[reading.Change]:
    """What differs between two published versions: what readers were told, judgements too."""
    rows = {
        row.number: row.data() for row in Version.objects.filter(uid=record.uid, number__in=(older, newer))
    }
    if {older, newer} - set(rows):
        raise NotKnown("There is no such version.")
    names = writing.names_of(uid for document in rows.values() for _, uid in references(document))
    return in_words(rows[older], rows[newer], lambda text: names.get(text, text))
