"""Steps: what is done to records by a named function and not by typing, each on a page that asks for what it needs.

A step is a button on the record's own page and an action of the list, both leading to one page. That page names the
records, asks for a reason where one is needed, and says what stands in the way. Only here does the desk's surface
write state, and only through `kb.workflow` and its like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from kb.admin.concurrency import in_editors_words
from kb.admin.labels import label_places

#: More than this in one address, and browsers or servers begin to cut it.
AT_ONCE = 200


@dataclass(frozen=True)
class Step:
    """A thing that can be done to records of one kind.

    `may(user, model)` and `fits(record)` decide whether the button is there; a request that is not allowed gets 403.
    `perform(records, by=…, data=…)` does it, and answers the sentences that tell the editor what was done; it may
    raise ValidationError with what stands in the way. `form` asks for what it needs.
    """

    name: str
    label: str
    question: str
    may: Callable[[Any, type[models.Model]], bool]
    fits: Callable[[Any], bool]
    perform: Callable[..., Any]
    form: type[forms.Form] = forms.Form
    #: Whether it can be done to several at once, and so stands among the actions of the list.
    several: bool = True
    #: A further explanation under the heading.
    about: str = ""
    danger: bool = False
    template: str = "admin/desk/step.html"


@dataclass
class Sheet:
    """What a step's page shows beside the records and the form."""

    #: What stands in the way.
    obstacles: list[str] = field(default_factory=list)
    #: Records that would have to go along.
    companions: list[Any] = field(default_factory=list)
    #: Whether it can be done without them.
    may_stay: bool = False
    #: Per record, what would change for readers.
    changes: list[tuple[Any, list[Any]]] = field(default_factory=list)
    #: uid → revision of all records shown.
    seen: dict[str, int] = field(default_factory=dict)
    can_do: bool = True


def may_change(user: Any, model: type[models.Model]) -> bool:
    return bool(user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}"))


def may(permission: str) -> Callable[[Any, type[models.Model]], bool]:
    """A condition: the editor holds a permission."""
    return lambda user, model: bool(user.has_perm(permission))


class StepsMixin(ModelAdmin):
    """Gives an admin its steps: buttons, list actions and the page that they lead to."""

    steps: tuple[Step, ...] = ()

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.step_view)
        return [path("step/<slug:name>/", view, name=self._step_route), *super().get_urls()]

    @property
    def _step_route(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_step"

    def step_url(self, name: str, pks: Iterable[int]) -> str:
        address = reverse(f"admin:{self._step_route}", args=[name], current_app=self.admin_site.name)
        return f"{address}?{urlencode([('id', pk) for pk in pks])}"

    def steps_for(self, request: HttpRequest, record: Any) -> list[tuple[Step, str]]:
        """The steps that this editor can take with this record, and where each begins."""
        return [
            (step, self.step_url(step.name, [record.pk]))
            for step in self.steps
            if step.may(request.user, self.model) and step.fits(record)
        ]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if "_popup" in request.GET:
            return actions
        for step in self.steps:
            if step.several and step.may(request.user, self.model):
                actions[f"step_{step.name}"] = (_begin(step), f"step_{step.name}", step.label)  # type: ignore[assignment]
        return actions

    def step_view(self, request: HttpRequest, name: str) -> HttpResponse:
        step = next((s for s in self.steps if s.name == name), None)
        if step is None:
            raise Http404
        if not step.may(request.user, self.model):
            raise PermissionDenied
        records = self._records(request, step)
        form = step.form(request.POST if request.method == "POST" else None)
        self.prepare_step_form(step, form, records)
        if request.method == "POST" and form.is_valid():
            done = self._try(request, step, records, form)
            if done is not None:
                return done
        sheet = self.step_sheet(request, step, records)
        context = {
            **self.admin_site.each_context(request),
            "title": step.question,
            "opts": self.opts,
            "step": step,
            "records": records,
            "form": form,
            "sheet": sheet,
            "back": self.step_return_url(records),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, step.template, context)

    def prepare_step_form(self, step: Step, form: forms.Form, records: Sequence[Any]) -> None:
        """For subclasses: narrow choices to what fits the records, or fill in what is known."""

    def step_sheet(self, request: HttpRequest, step: Step, records: Sequence[Any]) -> Sheet:
        """For subclasses: what the page shows beside the form."""
        return Sheet()

    def step_data(self, request: HttpRequest, step: Step, records: Sequence[Any]) -> Mapping[str, Any]:
        """For subclasses: what `perform` gets beside what the form holds."""
        return {}

    def step_return_url(self, records: Sequence[Any]) -> str:
        kind = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if len(records) == 1:
            return reverse(f"{kind}_change", args=[records[0].pk], current_app=self.admin_site.name)
        return reverse(f"{kind}_changelist", current_app=self.admin_site.name)

    def _records(self, request: HttpRequest, step: Step) -> list[Any]:
        asked = (request.POST if request.method == "POST" else request.GET).getlist("id")
        if not asked or len(asked) > AT_ONCE or not all(pk.isdecimal() and len(pk) < 19 for pk in asked):
            raise Http404
        if len(asked) > 1 and not step.several:
            raise Http404
        records = list(self.get_queryset(request).filter(pk__in=[int(pk) for pk in asked]))
        if len(records) != len(set(asked)):
            raise Http404
        label_places(records)
        return records

    def _try(
        self, request: HttpRequest, step: Step, records: list[Any], form: forms.Form
    ) -> HttpResponseRedirect | None:
        data = {**form.cleaned_data, **self.step_data(request, step, records)}
        try:
            with transaction.atomic():
                sentences = step.perform(records, by=request.user, data=data)
        except ValidationError as error:
            form.add_error(None, error)
        except PermissionDenied as error:
            if not str(error):
                raise
            form.add_error(None, str(error))
        except IntegrityError as error:
            form.add_error(None, in_editors_words(error, [self.model]))
        else:
            for sentence in sentences:
                messages.success(request, sentence)
            return HttpResponseRedirect(self.step_return_url(records))
        return None


def _begin(step: Step) -> Callable[[Any, HttpRequest, QuerySet], HttpResponse | None]:
    """The list's action that leads to a step's page."""

    def begin(modeladmin: StepsMixin, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        if queryset.count() > AT_ONCE:
            messages.error(request, f"Choose at most {AT_ONCE} records at once.")
            return None
        return HttpResponseRedirect(modeladmin.step_url(step.name, queryset.values_list("pk", flat=True)))

    return begin


def plural(number: int, noun: str, nouns: str = "") -> str:
    """“1 record”, “3 records”."""
    return f"{number} {noun if number == 1 else nouns or noun + 's'}"
