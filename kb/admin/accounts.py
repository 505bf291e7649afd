"""Accounts and roles for those who manage them: plain words instead of a wall of rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as django_admin  # noqa: F401 - registered first, to be replaced below
from django.contrib.auth.models import Group, User
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache

from kb import accounts
from kb.admin.forms import ReasonForm
from kb.admin.steps import Step, StepsMixin
from kb.book.second_person import name_of

NOT_YOURS = "This account may do more than you, so you only look at it. Ask an administrator."


class RolesField(forms.ModelMultipleChoiceField):
    """Roles to tick, each with what it may do."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, role: Any) -> SafeString:
        return format_html(
            '<strong>{}</strong> <span class="help">{}</span>',
            role.name,
            role.may or "nothing that is known here",
        )


class AccountForm(forms.ModelForm):
    """A colleague: what they are called, and their roles. `manager` is set by the admin on the class for a request."""

    manager: User

    roles = RolesField(Group.objects.none(), required=False)
    administrator = forms.BooleanField(
        required=False,
        help_text="May do everything, whatever the roles. Only administrators give and take this.",
    )

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")
        labels = {"username": "Name to sign in with"}
        help_texts = {
            "username": "Letters, digits and @ . + - _",
            "email": "If you like: for notices of the desk. Readers never see it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "roles" not in self.fields:  # only looked at
            return
        roles = accounts.roles_to_give(self.manager)
        held = set(self.instance.groups.all()) if self.instance.pk else set()
        told = accounts.compared_in_words(roles)
        for role in roles:
            role.may = told[role.pk]  # type: ignore[attr-defined]
        field = self.fields["roles"]
        field.queryset = Group.objects.filter(pk__in=[role.pk for role in roles])  # type: ignore[attr-defined]
        field.choices = [(role.pk, field.label_from_instance(role)) for role in roles]  # type: ignore[attr-defined]
        field.initial = [role.pk for role in held]
        if self.instance.pk == self.manager.pk:
            field.disabled = True
            field.help_text = "Your own: a colleague who manages accounts changes them."
        if self.manager.is_superuser:
            self.fields["administrator"].initial = self.instance.is_superuser
        else:
            del self.fields["administrator"]

    def about(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "email")}


def _close(records: Sequence[User], *, by: User, data: Mapping[str, Any]) -> list[str]:
    (account,) = records
    accounts.close_account(account, by=by, why=data["why"])
    return [
        f"Closed: {name_of(account)} cannot sign in any more. What they have in hand is on the desk’s front page."
    ]


def _reopen(records: Sequence[User], *, by: User, data: Mapping[str, Any]) -> list[str]:
    (account,) = records
    accounts.reopen_account(account, by=by, why=data["why"])
    return [f"Open again: {name_of(account)} can sign in."]


def _manages(user: Any, model: Any) -> bool:
    return accounts.may_manage(user)


CLOSE = Step(
    name="close",
    label="Close the account",
    question="Close this account?",
    about="They cannot sign in any more. What they wrote stays, and what they have in hand can be taken over. The "
    "account can be opened again.",
    may=_manages,
    fits=lambda account: account.is_active,
    perform=_close,
    form=ReasonForm,
    several=False,
    danger=True,
)
REOPEN = Step(
    name="reopen",
    label="Open it again",
    question="Open this account again?",
    about="They can sign in again, with the roles that they had.",
    may=_manages,
    fits=lambda account: not account.is_active,
    perform=_reopen,
    form=ReasonForm,
    several=False,
)


class AccountAdmin(StepsMixin):
    """Colleagues: who they are, what they may do, whether they can sign in."""

    steps: tuple[Step, ...] = (CLOSE, REOPEN)
    change_form_template = "admin/desk/change_form.html"
    form = AccountForm
    list_display = ("username", "name", "roles", "can_sign_in", "last_login")
    list_filter = ("is_active", "groups")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)

    # --- who may ------------------------------------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return accounts.may_manage(cast(User, request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return accounts.may_manage(cast(User, request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return accounts.may_manage(cast(User, request.user))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        by = cast(User, request.user)
        return accounts.may_manage(by) and (obj is None or not accounts.above(obj, by))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- lists --------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="name")
    def name(self, account: User) -> str:
        return account.get_full_name()

    @admin.display(description="roles")
    def roles(self, account: User) -> str:
        names = sorted(group.name for group in account.groups.all())
        return ", ".join([*(["Administrator"] if account.is_superuser else []), *names]) or "none"

    @admin.display(description="can sign in", boolean=True)
    def can_sign_in(self, account: User) -> bool:
        return account.is_active and account.is_staff and account.has_usable_password()

    # --- the form -----------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.manager = request.user  # type: ignore[attr-defined]
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return [
                (None, {"fields": ("username", "first_name", "last_name", "roles"), "description": NOT_YOURS})
            ]
        extra = ("administrator",) if request.user.is_superuser else ()
        return [
            (None, {"fields": ("username", ("first_name", "last_name"), "email")}),
            ("What they may do", {"fields": ("roles", *extra)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("roles",) if obj is not None and not self.has_change_permission(request, obj) else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = cast(User, request.user)
        given = {"roles": list(form.cleaned_data["roles"]), **form.about()}
        if "administrator" in form.cleaned_data:
            given["administrator"] = form.cleaned_data["administrator"]
        if change:
            accounts.change_account(obj, by=by, username=form.cleaned_data["username"], **given)
        else:
            obj.pk = accounts.add_account(form.cleaned_data["username"], by=by, **given).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Roles were given by `save_model`."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return HttpResponseRedirect(request.get_full_path())

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(
            request, f"Added: {name_of(obj)}. Give them the link with which they set their password."
        )
        return HttpResponseRedirect(self._link_address(obj))

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None and self.has_change_permission(request, obj) and obj.pk != request.user.pk:
            context["steps"] = self.steps_for(request, obj)
            if obj.is_active:
                context["links"] = [("A link to set a password", self._link_address(obj))]
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- the link -----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.link_view)
        return [path("<int:pk>/link/", view, name="auth_user_link"), *super().get_urls()]

    def _link_address(self, account: User) -> str:
        return reverse("admin:auth_user_link", args=[account.pk], current_app=self.admin_site.name)

    @method_decorator(never_cache)
    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a link with which a colleague sets a password; it is shown on the page that answers, and not kept."""
        by = cast(User, request.user)
        accounts.must_manage(by)
        account = get_object_or_404(User, pk=pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"A link for {name_of(account)}",
            "opts": self.opts,
            "original": account,
            "back": self.step_return_url([account]),
        }
        if request.method == "POST":
            try:
                parts = accounts.one_time_link(account, by=by)
                context["link"] = request.build_absolute_uri(reverse("first_password", args=parts))
            except ValidationError as refusal:
                context["refusal"] = " ".join(refusal.messages)
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/desk/link.html", context)


class RoleAdmin(admin.ModelAdmin):
    """Roles in words. What a role may do is changed by administrators alone."""

    list_display = ("name", "in_words", "people")
    search_fields = ("name",)
    ordering = ("name",)
    filter_horizontal = ("permissions",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return accounts.may_manage(cast(User, request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return accounts.may_manage(cast(User, request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("name", "permissions") if self.has_change_permission(request, obj) else ("name", "in_words")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if self.has_change_permission(request, obj) else ("in_words",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("user_set", "permissions__content_type")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            kwargs["queryset"] = db_field.remote_field.model.objects.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description="may do")
    def in_words(self, role: Group) -> SafeString | str:
        rights = {f"{p.content_type.app_label}.{p.codename}" for p in role.permissions.all()}
        return format_html_join("", "{}<br>", ((words,) for words in accounts.in_words(rights))) or "–"

    @admin.display(description="people")
    def people(self, role: Group) -> int:
        return len(role.user_set.all())


# In place of Django's own, with their wall of rights.
for model, its_admin in ((User, AccountAdmin), (Group, RoleAdmin)):
    admin.site.unregister(model)
    admin.site.register(model, its_admin)


class FirstPasswordView(PasswordResetConfirmView):
    """Where a colleague sets the password, with the link that they were given."""

    template_name = "admin/desk/first_password.html"
    success_url = reverse_lazy("admin:login")
    title = "Set your password"

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is set. Sign in with it.")
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**admin.site.each_context(self.request), **super().get_context_data(**kwargs)}
