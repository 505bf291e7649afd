"""The door: name and password, then the code where there is a second factor. Wrong tries are counted and end."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kb.admin.signing.forms import CodeForm, SignInForm
from kb.requests import client_address
from kb.signing import audit, second_factor, throttle
from kb.signing.models import Kind

#: In a session: who has given the password, and still has to give the code.
HALF_WAY = "signing_in"
#: Seconds that are left for it.
PATIENCE = 600

#: A browser is known for so many seconds, and for so many accounts.
KNOWN_FOR, KNOWN_ACCOUNTS = 180 * 24 * 3600, 5
_SALT = "kb.known-browser"


class SignIn(LoginView):
    """Name and password. After too many wrong ones nothing is looked at any more: 429."""

    authentication_form = SignInForm
    template_name = "admin/login.html"
    request: HttpRequest

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("username", "")
        counted = throttle.for_signing_in(name, client_address(request), known_browser(request, name))
        try:
            throttle.take(counted)
        except throttle.Throttled as full:
            audit.note_summed(Kind.THROTTLED, "sign-in", by=_called(name))
            return _too_many(self.render_to_response(self.get_context_data(too_many=str(full))), full)
        form = self.get_form()
        if form.is_valid():
            throttle.give_back(counted)
            return self.form_valid(form)
        audit.note_summed(Kind.WRONG, "sign-in", by=_called(name))
        return self.form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if second_factor.of(user) is not None:
            return _ask_code(self.request, user, self.get_redirect_url())
        return _let_in(self.request, user, self.get_success_url())


def _called(name: str) -> User | None:
    """The account of that name. Where there is none the log does not keep it: it may be a password, typed too soon."""
    return User.objects.filter(username=name[:150]).first() if "\0" not in name else None


def _too_many(response: HttpResponse, full: throttle.Throttled) -> HttpResponse:
    response.status_code = 429
    response["Retry-After"] = str(full.seconds)
    return response


def _let_in(request: HttpRequest, user: User, to: str, *, code: str = "") -> HttpResponse:
    request.signed_in_with = f"with a {code}" if code else ""  # type: ignore[attr-defined]
    login(request, user)
    if code:
        request.session[second_factor.GIVEN] = True
    response = HttpResponseRedirect(to)
    remember_browser(request, response, user.get_username())
    return response


# --- the second step ------------------------------------------------------------------------------------------------


def _ask_code(request: HttpRequest, user: User, to: str) -> HttpResponse:
    # Under a new name: whoever may have planted the old one does not share the way from here on.
    request.session.flush()
    request.session[HALF_WAY] = {
        "account": user.pk,
        "hash": user.get_session_auth_hash(),
        "until": timezone.now().timestamp() + PATIENCE,
        "to": to,
    }
    return HttpResponseRedirect(reverse("sign_in_code"))


def _half_way(request: HttpRequest) -> User | None:
    """Who has given the password a moment ago, in this browser, and has a second factor."""
    found = request.session.get(HALF_WAY)
    if not found or found["until"] < timezone.now().timestamp():
        return None
    user = User.objects.filter(pk=found["account"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(found["hash"], user.get_session_auth_hash()):
        return None
    return user if second_factor.of(user) is not None else None


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor."""
    user = _half_way(request)
    if user is None:
        return HttpResponseRedirect(reverse("admin:login"))
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _code_page(request, form, 400 if form.is_bound else 200)
    counted = throttle.for_code(user.pk)
    try:
        throttle.take(counted)
    except throttle.Throttled as full:
        audit.note_summed(Kind.THROTTLED, "code", by=user)
        form.add_error("code", str(full))
        return _too_many(_code_page(request, form, 429), full)
    try:
        accepted = second_factor.accept(user, form.cleaned_data["code"])
    except second_factor.Unreadable as reason:
        form.add_error("code", str(reason))
        return _code_page(request, form, 400)
    if accepted is None:
        audit.note_summed(Kind.WRONG, "code", by=user)
        form.add_error(
            "code", "This code is not right, or was used already. Wait for the next one and type that."
        )
        return _code_page(request, form, 400)
    throttle.give_back(counted)
    to = request.session.pop(HALF_WAY)["to"] or reverse("admin:index")
    response = _let_in(request, user, to, code=accepted)
    if accepted == "recovery code":
        _warn_of_few(request, user)
    return response


def _code_page(request: HttpRequest, form: CodeForm, status: int) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "Your code", "form": form}
    return TemplateResponse(request, "admin/signing/code.html", context, status=status)


def _warn_of_few(request: HttpRequest, user: User) -> None:
    left = second_factor.recovery_codes_left(user)
    messages.warning(
        request,
        f"You used a recovery code; it is good for nothing now. {left} {pluralize(left, 'is,are')} left. New ones are "
        "made on the page of your account.",
    )


# --- browsers that are known ----------------------------------------------------------------------------------------


def known_browser(request: HttpRequest, name: str) -> str:
    """What a browser is called in which this account has been signed in before; empty for any other."""
    browser, accounts = _cookie(request)
    return browser if _mark(name) in accounts else ""


def remember_browser(request: HttpRequest, response: HttpResponse, name: str) -> None:
    browser, accounts = _cookie(request)
    known = [_mark(name), *(mark for mark in accounts if mark != _mark(name))][:KNOWN_ACCOUNTS]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps([browser or secrets.token_hex(8), known], salt=_SALT),
        max_age=KNOWN_FOR,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )


def _cookie(request: HttpRequest) -> tuple[str, list[str]]:
    text = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        browser, accounts = signing.loads(text, salt=_SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return "", []
    return browser, accounts


def _mark(name: str) -> str:
    """An account in the cookie, which does not say its name."""
    return salted_hmac(_SALT, throttle.folded(name), algorithm="sha256").hexdigest()[:24]
