"""One's own account: the second factor and its recovery codes, and where one is signed in."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.admin.signing.forms import PasswordForm, SetUpForm, status_of
from kb.signing import audit, second_factor
from kb.signing.models import Kind
from kb.signing.sessions import STARTED, end_sessions, idle_limit, sessions_of, whole_limit

#: In a session: the secret that is being set up, encrypted.
SECRET = "second_factor_secret"  # noqa: S105 - its name
#: So many seconds after signing in the password is not asked again.
RECENT = 900


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)


def page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    request.current_app = admin.site.name
    whole = {**admin.site.each_context(request), "title": title, **context}
    response = TemplateResponse(request, f"admin/signing/{template}.html", whole, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What protects this account, and where it is signed in."""
    me = _me(request)
    here = request.session.session_key
    context = {
        "factor": second_factor.of(me),
        "left": second_factor.recovery_codes_left(me),
        "needed": second_factor.is_needed(me),
        "sessions": [(key == here, since, place) for key, since, place in sessions_of(me.pk)],
        "idle_hours": int(idle_limit().total_seconds() // 3600),
        "days": whole_limit().days,
    }
    return page(request, "account", "Your account", context)


# --- the second factor ----------------------------------------------------------------------------------------------


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret as a picture and as letters, and keep it when the first code of it is right."""
    me, to = _me(request), _on(request)
    if second_factor.of(me) is not None:
        if request.session.get(second_factor.GIVEN):
            return HttpResponseRedirect(reverse("own_account"))
        # It was set up elsewhere meanwhile: its code is asked for at the door.
        logout(request)
        return HttpResponseRedirect(reverse("admin:login"))
    secret = _secret(request)
    form = SetUpForm(me, request.POST or None, ask_password=not _signed_in_recently(request))
    if request.method == "POST" and form.is_valid():
        code = "".join(form.cleaned_data["code"].split())
        codes = second_factor.set_up(me, secret, code, session_key=request.session.session_key)
        if codes is not None:
            del request.session[SECRET]
            request.session[second_factor.GIVEN] = True
            return _show_codes(request, codes, to)
        form.add_error(
            "code",
            "This code is not right. Type the one that the phone shows now; if it stays wrong, set the phone’s "
            "clock to the time of the network.",
        )
    context = {
        "form": form,
        "needed": second_factor.is_needed(me),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "to": to,
    }
    answer = page(request, "set_up", "Set up a second factor", context, status_of(form))
    site = answer.context_data["site_header"]  # type: ignore[attr-defined]
    picture = second_factor.picture_of(second_factor.address_of(secret, me, site))
    answer.context_data["picture"] = picture  # type: ignore[attr-defined]
    return answer


def _secret(request: HttpRequest) -> str:
    """The secret that this session sets up: the same one until it is kept, so that a page may be loaded again."""
    try:
        return second_factor.decrypted(request.session[SECRET])
    except (KeyError, second_factor.Unreadable):
        secret = second_factor.new_secret()
        request.session[SECRET] = second_factor.encrypted(secret)
        return secret


def _signed_in_recently(request: HttpRequest) -> bool:
    return timezone.now().timestamp() - request.session.get(STARTED, 0) < RECENT


def _on(request: HttpRequest) -> str:
    """Where it goes on to afterwards."""
    to = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if safe else reverse("admin:index")


def _show_codes(request: HttpRequest, codes: list[str], to: str) -> HttpResponse:
    return page(request, "codes", "Your recovery codes", {"codes": codes, "to": to})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the old ones."""
    me = _me(request)
    if second_factor.of(me) is None:
        return HttpResponseRedirect(reverse("second_factor_set_up"))
    form = PasswordForm(me, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _show_codes(request, second_factor.renew_recovery_codes(me), reverse("own_account"))
    context = {
        "form": form,
        "about": "Ten new codes take the place of those that you have, which are good for nothing then.",
        "do": "Make new codes",
    }
    return page(request, "confirm", "New recovery codes", context, status_of(form))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request: HttpRequest) -> HttpResponse:
    """Without a second factor from now on, or with another phone's."""
    me = _me(request)
    if second_factor.of(me) is None:
        return HttpResponseRedirect(reverse("own_account"))
    form = PasswordForm(me, request.POST or None)
    if request.method == "POST" and form.is_valid():
        second_factor.turn_off(me, session_key=request.session.session_key)
        request.session.pop(second_factor.GIVEN, None)
        messages.success(request, "Your second factor is turned off, and you are signed out everywhere else.")
        return HttpResponseRedirect(reverse("own_account"))
    about = "Your password alone opens the desk then. You are signed out everywhere but here."
    if second_factor.is_needed(me):
        about = (
            "Your rights ask for a second factor: you will set up another one at once, as for a new phone."
        )
    context = {"form": form, "about": about, "do": "Turn it off", "danger": True}
    return page(request, "confirm", "Turn the second factor off", context, status_of(form))


# --- sessions -------------------------------------------------------------------------------------------------------


@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End one's sessions everywhere but here."""
    me = _me(request)
    ended = end_sessions(me.pk, but=request.session.session_key)
    if ended:
        audit.note(Kind.SIGNED_OUT, f"everywhere else: {ended}")
    place = f"{ended} other place{pluralize(ended)}" if ended else "no other place: there was none"
    messages.success(request, f"You are signed out in {place}.")
    return HttpResponseRedirect(reverse("own_account"))
