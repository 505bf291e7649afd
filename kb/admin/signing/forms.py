"""The forms of signing in. Where one asks for the password again, guesses are counted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from kb.signing import audit, throttle
from kb.signing.models import Kind


class SignInForm(AdminAuthenticationForm):
    """Name and password. What is wrong is told in one way, whether or not there is such an account."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": (
            "This name and password do not fit together, or the account may not enter the desk. Capital and small "
            "letters are told apart."
        ),
    }


class CodeField(forms.CharField):
    widget = forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "autocapitalize": "off",
            "spellcheck": "false",
            "autofocus": True,
        }
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)


class CodeForm(forms.Form):
    code = CodeField(
        label="Code", help_text="The six digits that your phone shows now, or one of your recovery codes."
    )


def check_again(user: User, password: str) -> None:
    """That whoever is signed in knows the password. Raises ValidationError, “throttled” after too many."""
    counted = throttle.for_password_again(user.pk)
    try:
        throttle.take(counted)
    except throttle.Throttled as full:
        audit.note_summed(Kind.THROTTLED, "password asked again", by=user)
        raise ValidationError(str(full), code="throttled") from full
    if not user.check_password(password):
        audit.note_summed(Kind.WRONG, "password asked again", by=user)
        raise ValidationError("This is not your password.", code="wrong")
    throttle.give_back(counted)


def status_of(form: forms.BaseForm) -> int:
    """With which status a form is shown again."""
    if not form.is_bound or form.is_valid():
        return 200
    throttled = any(form.has_error(name, "throttled") for name in form.fields)
    return 429 if throttled else 400


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        check_again(self.user, password)
        return password


class SetUpForm(PasswordForm):
    """The first code; and the password where somebody signed in a while ago, and may have left the desk since."""

    code = CodeField(label="Code", help_text="The six digits that the phone shows now.")
    field_order = ("code", "password")

    def __init__(self, user: User, *args: Any, ask_password: bool, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        if not ask_password:
            del self.fields["password"]


class OwnPasswordForm(AdminPasswordChangeForm):
    """Django's, with guesses at the old password counted."""

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        check_again(self.user, password)
        return password
