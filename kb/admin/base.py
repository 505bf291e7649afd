"""What all records of the desk have in common in the admin: one form for a record and its rows, saved as a whole.

- Nobody's text is lost: a record that somebody else saved meanwhile is not overwritten unseen (`kb.admin.concurrency`).
- A rule that the database keeps is told in words; it is never an error page.
- State is written by steps alone (`kb.admin.steps`, `kb.admin.publishing`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, QuerySet, RestrictedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kb.admin.assigning import InHandFilter, assignment_of, holder_in_words
from kb.admin.concurrency import compare, in_editors_words, rows_as_found
from kb.admin.finding import CappedPaginator
from kb.admin.forms import AggregateForm, PartForm, PartFormSet
from kb.admin.history import HistoryMixin
from kb.admin.labels import LabelledChangeList, label_forms, label_places
from kb.admin.lists import DeskChangeList, PublicationFilter, publication_in_words, publication_of
from kb.admin.names import tell_names
from kb.admin.publishing import PublishingMixin
from kb.admin.widgets import DateSpanInput, JsonInput, KnowingSelect, KnowingSelectMultiple, NamedDateTime
from kb.editorial.aggregate import Aggregate
from kb.editorial.fields import DateSpanField
from kb.models import Place

DELETED_MEANWHILE = (
    "Somebody else deleted this record after you opened it. What you typed is still here: save to make the record "
    "anew, or leave the page to let it go."
)


class DeskFields(admin.options.BaseModelAdmin):
    """Inputs for the desk's fields. `prefetched` names relations that a list or a form shows, many per row."""

    formfield_overrides = {
        DateSpanField: {"widget": DateSpanInput},
        models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": NamedDateTime},
        models.JSONField: {"widget": JsonInput},
    }
    prefetched: tuple[str, ...] = ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = KnowingSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = KnowingSelectMultiple(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            # Whoever sorts out one record should not delete another from there by a slip.
            field.widget.can_delete_related = False
        return field


class PartInline(DeskFields, admin.StackedInline):
    """Rows of an aggregate. Who may change the aggregate may change its rows: they are one."""

    form = PartForm
    formset = PartFormSet
    extra = 0
    joined: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if self.joined:
            rows = rows.select_related(*self.joined)
        return rows.prefetch_related(*self.prefetched)

    def _may(self, request: HttpRequest, *actions: str) -> bool:
        root = self.parent_model._meta
        return any(
            request.user.has_perm(f"{root.app_label}.{action}_{root.model_name}") for action in actions
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", "change")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change") if obj is not None else self._may(request, "add", "change")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")


class ReadOnlyInline(PartInline):
    """Rows that are only shown here."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LookUpAdmin(admin.ModelAdmin):
    """Rows that forms refer to and lists find, but that are changed on the page of the record they belong to."""

    show_full_result_count = False
    paginator = CappedPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LabelledChangeList]:
        return LabelledChangeList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AggregateAdmin(HistoryMixin, PublishingMixin, DeskFields, admin.ModelAdmin):
    """The admin of one kind of record. `note_key_from` names the field from which a new record's key is offered."""

    form = AggregateForm
    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator
    save_on_top = False
    change_form_template = "admin/desk/change_form.html"
    note_key_from = ""

    class Media:
        js = ("kb/admin/autocomplete-names.js",)

    # --- lists --------------------------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskChangeList]:
        return DeskChangeList

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        name, *others = super().get_list_display(request)
        return [name, "in_the_book", *others, "editing_state", "in_hand"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [PublicationFilter, "editing_state", InHandFilter, *super().get_list_filter(request)]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related(*self.prefetched)

    @admin.display(description="in the book")
    def in_the_book(self, record: Aggregate) -> str:
        return publication_in_words(publication_of(record))

    @admin.display(description="in hand")
    def in_hand(self, record: Aggregate) -> str:
        row = assignment_of(record)
        return holder_in_words(row) if row else ""

    # --- the form -----------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.request = request  # type: ignore[attr-defined]
        return form

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {"key": (self.note_key_from,)} if obj is None and self.note_key_from else {}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            # Held until the save is done, so that two saves of one record cannot pass each other unseen.
            self._lock(object_id, from_field)
        found = super().get_object(request, object_id, from_field)
        if isinstance(found, Place):
            label_places([found])
        return found

    def _lock(self, object_id: str, from_field: str | None) -> None:
        try:
            wanted = self.model._base_manager.select_for_update().filter(**{from_field or "pk": object_id})
            wanted.values_list("pk", flat=True).first()
        except (ValidationError, ValueError):
            return

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "POST":
            link = _link(inline.model, self.model)
            rows = (
                inline.model._base_manager.filter(**{link: obj.pk}).values_list("pk", flat=True)
                if obj.pk
                else ()
            )
            lost = rows_as_found(kwargs["data"], prefix, link, {str(pk) for pk in rows})
            request.lost_rows = {**getattr(request, "lost_rows", {}), prefix: lost}  # type: ignore[attr-defined]
        return kwargs

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if request.method == "POST" and object_id is not None and self._deleted(request, object_id):
            request.desk_refusal = DELETED_MEANWHILE  # type: ignore[attr-defined]
            object_id, form_url = None, self._address("add")
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            models_written = [self.model, *(inline.model for inline in self.get_inline_instances(request))]
            refusal = in_editors_words(error, models_written)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        # All was taken back. The form is shown again with what was typed, and with what the database said.
        request.desk_refusal = refusal  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _deleted(self, request: HttpRequest, object_id: str) -> bool:
        pk = unquote(object_id)
        known = pk.isdecimal() and self.model.history.filter(id=pk).exists()
        return (
            known and not self.model._base_manager.filter(pk=pk).exists() and self.has_add_permission(request)
        )

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        form = context["adminform"].form
        inlines = context["inline_admin_formsets"]
        label_forms([form, *(row for inline in inlines for row in inline.formset.forms)])
        if getattr(form, "conflict", False):
            for inline in context["inline_admin_formsets"]:
                inline.formset.noun = inline.opts.verbose_name
                inline.formset.lost = getattr(request, "lost_rows", {}).get(inline.formset.prefix, set())
            formsets = [
                inline.formset for inline in context["inline_admin_formsets"] if inline.has_change_permission
            ]
            context["comparison"] = compare(form, formsets)
        if change and obj is not None:
            # The form may have written into its own copy what was typed and refused.
            saved = self.model._base_manager.get(pk=obj.pk)
            context["publication"] = publication_in_words(publication_of(saved))
            context["in_hand"] = self.in_hand(saved)
            context["steps"] = self.steps_for(request, saved)
            context["links"] = self.links_for(saved)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- saving -------------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Aggregate, form: Any, change: bool) -> None:
        if not change or form.changed_data:
            super().save_model(request, obj, form, change)
        if change and "key" in form.changed_data and publication_of(obj).state == "published":
            messages.warning(
                request,
                f"Its public address still ends in “{form.old_key}”. When you publish it, the address becomes "
                f"“{obj.key}”, and the old one redirects there.",
            )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        tell_names(request, form.instance)

    def _address(self, name: str) -> str:
        route = f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"
        return reverse(route, current_app=self.admin_site.name)

    # --- deleting -----------------------------------------------------------------------------------------------

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.pk is None or publication_of(obj).state == "never")

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self._or_say_why(
            request, lambda: super(AggregateAdmin, self).delete_view(request, object_id, extra_context)
        )

    def response_action(self, request: HttpRequest, queryset: QuerySet, **kwargs: Any) -> Any:  # type: ignore[override]
        return self._or_say_why(
            request, lambda: super(AggregateAdmin, self).response_action(request, queryset, **kwargs)
        )

    def _or_say_why(self, request: HttpRequest, act: Callable[[], Any]) -> Any:
        try:
            # To look at a page takes no lock: on SQLite a transaction keeps all others from writing.
            with transaction.atomic() if request.method == "POST" else nullcontext():
                return act()
        except (ProtectedError, RestrictedError) as error:
            held = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
            messages.error(
                request, f"Nothing was deleted: {len(held)} other records refer to what you chose."
            )
        except IntegrityError as error:
            messages.error(request, f"Nothing was deleted. {in_editors_words(error, [self.model])}")
        return HttpResponseRedirect(self._address("changelist"))


def _link(part: type[models.Model], root: type[models.Model]) -> str:
    """The name of the foreign key that leads from a row to its record."""
    return next(
        f.name
        for f in part._meta.fields
        if isinstance(f, models.ForeignKey) and issubclass(root, f.related_model)
    )
