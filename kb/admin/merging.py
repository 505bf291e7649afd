"""Records that turn out to be one, at the desk: chosen, looked at before it is done, merged, listed and undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from kb import workflow
from kb.admin.base import LookUpAdmin
from kb.admin.lists import note_publication, publication_in_words, publication_of
from kb.admin.steps import Step, StepsMixin, may_change, plural
from kb.book import merging as book
from kb.book.documents import model_of
from kb.book.writing import with_requirements
from kb.editorial.aggregate import Aggregate
from kb.merging.carrying_out import merge
from kb.merging.changes import MergeRefused
from kb.merging.fields import KEPT, MERGED
from kb.merging.obstacles import MERGEABLE
from kb.merging.planning import both_have, moving, plan_merge
from kb.merging.rights import may_merge, may_undo
from kb.merging.undoing import undo_merge
from kb.models import Merge

#: Records offered for the one that was looked for.
OFFERED = 20
LONGEST = 200


def _never(*args: Any, **kwargs: Any) -> list[str]:
    raise NotImplementedError("Merging has a page of its own.")


MERGE = Step(
    name="merge",
    label="Merge into one…",
    question="Merge into one?",
    may=may_merge,
    fits=lambda record: True,
    perform=_never,
)


class WhyForm(forms.Form):
    """Why two records are one."""

    why = forms.CharField(
        label="Why they are one",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        help_text="For colleagues. It stands in the history of both.",
    )


class MergingMixin(StepsMixin):
    """Gives an admin the step *merge*, and finds records by the keys of those that were merged into them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = (*self.steps, MERGE)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        found, several = super().get_search_results(request, queryset, search_term)
        led = Merge.objects.kept_by_key(self.model.kind_name, [search_term.strip()[:120].lower()])
        if led:
            found = queryset.filter(Q(pk__in=found.order_by().values("pk")) | Q(uid__in=list(led.values())))
        return found, several

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        kept = _merged_since(self.model, object_id)
        if kept is None:
            return cast(Any, super())._get_obj_does_not_exist_redirect(request, opts, object_id)
        messages.info(request, f"The record that you asked for was merged into “{kept}”.")
        return HttpResponseRedirect(self.step_return_url([kept]))

    # --- the page ---------------------------------------------------------------------------------------------------

    def step_view(self, request: HttpRequest, name: str) -> HttpResponse:
        if name != MERGE.name:
            return super().step_view(request, name)
        if not may_merge(cast(User, request.user), self.model):
            raise PermissionDenied
        given = request.POST if request.method == "POST" else request.GET
        records = self._chosen(request, given.getlist("id"))
        if len(records) > 2:
            messages.error(request, "Choose the two records that are one, and no more.")
            return HttpResponseRedirect(self.step_return_url(records))
        if len(records) == 1:
            return self._look_for_other(request, records[0])
        keep = given.get("keep", "")
        kept, merged = reversed(records) if keep == str(records[1].pk) else records
        form = WhyForm(request.POST if request.method == "POST" else None)
        choices = {
            name.removeprefix("stays-"): value
            for name, value in given.items()
            if name.startswith("stays-") and value in (KEPT, MERGED)
        }
        if request.method == "POST" and form.is_valid():
            done = self._merge(request, kept, merged, form, choices)
            if done is not None:
                return done
        return self._preview(request, kept, merged, form, choices)

    def _chosen(self, request: HttpRequest, asked: list[str]) -> list[Any]:
        """The records asked for, in that order."""
        if not asked or not all(pk.isdecimal() and len(pk) < 19 for pk in asked):
            raise Http404
        found = {str(record.pk): record for record in self.get_queryset(request).filter(pk__in=asked)}
        if len(found) != len(set(asked)):
            raise Http404
        return [found[pk] for pk in dict.fromkeys(asked)]

    def _merge(
        self, request: HttpRequest, kept: Any, merged: Any, form: forms.Form, choices: Mapping[str, str]
    ) -> HttpResponse | None:
        try:
            done = merge(
                kept,
                merged,
                by=cast(User, request.user),
                why=form.cleaned_data["why"],
                choices=choices,
                expected=request.POST.get("plan", ""),
            )
        except MergeRefused as refused:
            form.add_error(None, refused)
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, f"Merged {done}. “{done.merged_key}” now leads there at the desk.")
            return HttpResponseRedirect(_address_of(done))
        return None

    def _preview(
        self, request: HttpRequest, kept: Any, merged: Any, form: forms.Form, choices: Mapping[str, str]
    ) -> HttpResponse:
        plan = plan_merge(kept, merged, choices)
        note_publication([kept, merged])
        public = publication_of(merged).state == "published"
        context = {
            "title": MERGE.question,
            "kept": plan.kept,
            "merged": plan.merged,
            "kept_state": publication_in_words(publication_of(kept)),
            "merged_state": publication_in_words(publication_of(merged)),
            "plan": plan,
            "groups": moving(plan),
            "both_have": both_have(plan),
            "form": form,
            "public": public,
            "referring": book.referring_to(merged.uid) if public else None,
            "other_way": f"{self.step_url(MERGE.name, [kept.pk, merged.pk])}&keep={merged.pk}",
            "records": [kept, merged],
        }
        return self._page(request, "admin/desk/merge.html", context, [kept])

    def _look_for_other(self, request: HttpRequest, record: Any) -> HttpResponse:
        """The other record, by its key or any of its names."""
        term = request.GET.get("q", "")[:LONGEST].strip()
        others: list[tuple[Any, str, str]] = []
        if term:
            found, _ = self.get_search_results(request, self.get_queryset(request), term)
            matching = found.exclude(pk=record.pk).distinct()[:OFFERED]
            note_publication(matching)
            others = [
                (
                    other,
                    publication_in_words(publication_of(other)),
                    self.step_url(MERGE.name, [record.pk, other.pk]),
                )
                for other in matching
            ]
        context = {"title": "Merge with which other record?", "record": record, "q": term, "others": others}
        return self._page(request, "admin/desk/merge_other.html", context, [record])

    def _page(
        self, request: HttpRequest, template: str, context: Mapping[str, Any], records: Sequence[Any]
    ) -> HttpResponse:
        request.current_app = self.admin_site.name
        common = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "back": self.step_return_url(records),
        }
        return TemplateResponse(request, template, {**common, **context})


def _merged_since(model: type[Aggregate], object_id: str) -> Aggregate | None:
    """The record that one with this number was merged into."""
    if not object_id.isdecimal() or len(object_id) >= 19:
        return None
    found = Merge.objects.standing().filter(kind=model.kind_name, merged_pk=int(object_id)).first()
    if found is None:
        return None
    uid = Merge.objects.kept_for([found.merged_uid]).get(found.merged_uid)
    return model._base_manager.filter(uid=uid).first()


def _address_of(done: Merge) -> str:
    return reverse("admin:kb_merge_change", args=[done.pk])


# --- what was merged ------------------------------------------------------------------------------------------------


def _undo(merges: Sequence[Merge], *, by: User, data: Mapping[str, Any]) -> list[str]:
    undo_merge(merges[0], by=by)
    said = [f"Undone: “{merges[0].merged_label}” is a record of its own again."]
    if book.is_led_on(merges[0].merged_uid):
        said.append("Readers are still led from it to the other one, until you publish both again.")
    return said


UNDO = Step(
    name="undo",
    label="Undo",
    question="Undo this merge?",
    about="Every row that the merge wrote is put back as it was. If one of them was changed since, nothing is undone, "
    "and you are told which. What was added to the kept record since stays with it.",
    may=lambda user, model: may_undo(user),
    fits=lambda row: row.undone_at is None,
    perform=_undo,
    several=False,
    danger=True,
)


def _hand_in(merges: Sequence[Merge], *, by: User, data: Mapping[str, Any]) -> list[str]:
    kept = _kept(merges[0])
    moved = workflow.submit(with_requirements([kept] if kept is not None else []), by=by)
    return [f"Handed in for review: {plural(len(moved), 'record')}."]


HAND_IN = Step(
    name="hand-in",
    label="Hand in for review",
    question="Hand the merge in for review?",
    about="The kept record and all that has to be published with it are handed in together. Somebody else then "
    "publishes them, and the old address leads to the kept record.",
    may=lambda user, model: any(may_change(user, model_of(kind)) for kind in MERGEABLE),
    fits=lambda row: row.undone_at is None and book.state_of(row.merged_uid) == book.WAITS,
    perform=_hand_in,
    several=False,
)


class UndoneFilter(admin.SimpleListFilter):
    title = "undone"
    parameter_name = "undone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "stands"), ("yes", "undone")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in ("no", "yes"):
            return queryset.filter(undone_at__isnull=self.value() == "no")
        return queryset


@admin.register(Merge)
class MergeAdmin(StepsMixin, LookUpAdmin):
    """The merges that were done, each with what moved, where it stands with readers, and the way back."""

    steps = (HAND_IN, UNDO)
    change_form_template = "admin/desk/change_form.html"
    list_display = ("__str__", "kind", "by", "at", "why", "undone")
    list_filter = ("kind", UndoneFilter)
    list_select_related = ("by", "undone_by")
    search_fields = ("kept_key", "kept_label", "merged_key", "merged_label", "why")
    show_full_result_count = False
    fields = (
        "into",
        "merged_label",
        "merged_key",
        "why",
        "by",
        "at",
        "moved",
        "fell_away",
        "readers",
        "undone",
    )
    readonly_fields = ("into", "moved", "fell_away", "readers", "undone")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("changes")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        number = int(object_id) if object_id and object_id.isdecimal() and len(object_id) < 19 else 0
        row = Merge.objects.filter(pk=number).defer("changes").first()
        steps = self.steps_for(request, row) if row is not None else []
        return super().changeform_view(
            request, object_id, form_url, {**(extra_context or {}), "steps": steps}
        )

    @admin.display(description="kept")
    def into(self, row: Merge) -> str:
        kept = _kept(row)
        if kept is None:
            return f"{row.kept_label} (key “{row.kept_key}”)"
        options = kept._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[kept.pk])
        return format_html('<a href="{}">{}</a> (key “{}”)', address, kept, kept.key)

    @admin.display(description="what moved")
    def moved(self, row: Merge) -> str:
        groups = row.told.get("moved", [])
        lines = [(f"{what}: {count}", "; ".join(first), count > len(first)) for what, count, first in groups]
        taken = row.told.get("taken", [])
        if taken:
            lines.append(("taken from the merged record", ", ".join(taken), False))
        return format_html_join(
            "", "<p>{} <span class='quiet'>{}{}</span></p>", ((a, b, "; …" if c else "") for a, b, c in lines)
        ) or format_html("<p>{}</p>", "Nothing referred to it.")

    @admin.display(description="what fell away")
    def fell_away(self, row: Merge) -> str:
        falls = row.told.get("falls", [])
        return format_html_join("", "<p>{}</p>", ((text,) for text in falls)) or "nothing"

    @admin.display(description="with readers")
    def readers(self, row: Merge) -> str:
        if row.undone_at is not None:
            return "undone"
        state = book.state_of(row.merged_uid)
        if state == book.WAITS:
            kept = _kept(row)
            options = model_of(row.kind)._meta
            step = reverse(f"admin:{options.app_label}_{options.model_name}_step", args=["publish"])
            number, first = book.referring_to(row.merged_uid)
            told = (
                f" Published records that refer to it go out with it: {number} ({'; '.join(first)})."
                if number
                else ""
            )
            return format_html(
                "<p>Readers still see both.{} <a href='{}?id={}'>Publish the merge</a></p>",
                told,
                step,
                kept.pk if kept else 0,
            )
        return {
            book.LED: "The old address leads to the kept record.",
            book.GONE: "The merged record was withdrawn before; its page still says so.",
            book.NEVER: "The merged record was never published.",
        }[state]

    @admin.display(description="undone")
    def undone(self, row: Merge) -> str:
        return f"{row.undone_by}, {row.undone_at:%Y-%m-%d %H:%M}" if row.undone_at else "no"


def _kept(row: Merge) -> Aggregate | None:
    uid = Merge.objects.kept_for([row.merged_uid]).get(row.merged_uid, row.kept_uid)
    return model_of(row.kind)._base_manager.filter(uid=uid).first()
