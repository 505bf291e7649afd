"""The colleagues' second factors, for administrators: who has one, who ought to, and help when a phone is lost."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from kb.admin.signing.forms import PasswordForm, status_of
from kb.admin.signing.own_account import page
from kb.signing import second_factor

ON_A_PAGE = 100
#: A number of a page that a database can count to.
MOST_DIGITS = 9


def _only_administrators(request: HttpRequest) -> User:
    me = cast(User, request.user)
    if not me.is_superuser:
        raise PermissionDenied
    return me


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who may enter the desk, with their second factor or without."""
    _only_administrators(request)
    staff = User.objects.filter(is_active=True, is_staff=True).select_related("second_factor")
    shown = Paginator(staff.order_by("username"), ON_A_PAGE).get_page(
        request.GET.get("page", "1")[:MOST_DIGITS]
    )
    needing = second_factor.people_who_need_one()
    rows = [(user, getattr(user, "second_factor", None), user.pk in needing) for user in shown]
    return page(request, "people", "Second factors", {"rows": rows, "page": shown})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a colleague's second factor away, after the administrator's own password."""
    me = _only_administrators(request)
    user = get_object_or_404(User, pk=pk)
    form = PasswordForm(me, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if second_factor.reset(user, by=me):
            messages.success(request, f"{user} has no second factor now, and is signed out everywhere.")
        else:
            messages.warning(request, f"{user} had no second factor. They are signed out everywhere.")
        return HttpResponseRedirect(reverse("second_factors"))
    about = (
        f"Make sure that it is {user} who asks, and not somebody in their name. Their phone and their recovery codes "
        "are good for nothing then, and they are signed out everywhere; the password alone lets them in"
    )
    about += ", to set up a new one." if second_factor.is_needed(user) else "."
    context = {
        "form": form, "about": about, "do": "Reset the second factor", "danger": True,
        "back": reverse("second_factors"),
    }  # fmt: skip
    return page(request, "confirm", f"Reset the second factor of {user}", context, status_of(form))
