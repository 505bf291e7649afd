"""The desk: Django's admin under the desk's own name, its records in the order in which an editor thinks of them."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: Heading → models by label. What is not listed comes last, under its app's own name.
ROOMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("The record", ("kb.Claim", "sources.Source", "kb.Place", "kb.Event")),
    ("Challenges", ("kb.Rebuttal", "kb.Submission", "kb.Assessment", "kb.Correction", "kb.Delivery")),
    ("Who and what", ("sources.Agent", "kb.Topic")),
    ("The desk", ("kb.Desk", "kb.NamingPolicy")),
    ("Vocabulary", ("kb.Attribute",)),
    ("Work", ("kb.Assignment",)),
    ("Checks", ("kb.Appearance", "kb.Conflict", "kb.ConflictRuling", "kb.Merge")),
    ("The book", ("book.Release", "book.PublishingJob")),
    ("Imports", ("kb.ImportBatch", "kb.ImportProfile")),
    ("Accounts", ("auth.User", "auth.Group", "signing.AuditEntry")),
)

#: What somebody reaches before they have set up the second factor that their rights ask for.
BEFORE_SECOND_FACTOR = {
    "admin:jsi18n", "admin:logout", "admin:password_change", "admin:password_change_done", "second_factor_set_up",
}  # fmt: skip


class DeskSite(AdminSite):
    """The admin site. Its name is the published or drafted name of the desk, which an editor can change."""

    index_title = "The desk"
    empty_value_display = "–"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        from kb.models import Desk  # the site is made before the models are

        name = Desk.objects.values_list("name", flat=True).first() or "Rejoinder"
        return {**super().each_context(request), "site_header": name, "site_title": name}

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of the desk comes through here: who may see it, and with a second factor where one is asked."""
        from kb.signing.second_factor import is_owed  # as above

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            match = request.resolver_match
            if (match is None or match.view_name not in BEFORE_SECOND_FACTOR) and is_owed(
                request.user, request.session
            ):
                back = {"next": request.get_full_path()} if request.method == "GET" else {}
                return HttpResponseRedirect(
                    f"{reverse('second_factor_set_up')}?{urlencode(back)}", status=303
                )
            return cast(HttpResponseBase, view(request, *args, **kwargs))

        return super().admin_view(guarded, cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from kb.admin.signing.signing_in import SignIn  # as above

        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        request.current_app = self.name
        context = {**self.each_context(request), "title": "Log in", **(extra_context or {})}
        return cast(HttpResponse, SignIn.as_view(extra_context=context)(request))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from django.contrib.auth.views import PasswordChangeView

        from kb.admin.signing.forms import OwnPasswordForm  # as above

        request.current_app = self.name
        return PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done", current_app=self.name),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page: what waits for whoever looks, and for anyone."""
        from kb.admin.queues import waiting_for  # as above

        queues = list(waiting_for(cast("User", request.user)))
        mine, anyone = [q for q in queues if q.mine], [q for q in queues if not q.mine]
        return super().index(request, {**(extra_context or {}), "mine": mine, "anyone": anyone})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        from kb.admin.labels import LabelledAutocomplete  # as above

        return cast(HttpResponse, LabelledAutocomplete.as_view(admin_site=self)(request))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        found = {entry["model"]._meta.label: entry for app in apps for entry in app["models"]}
        rooms = [
            self._room(number, name, [found.pop(label) for label in labels if label in found])
            for number, (name, labels) in enumerate(ROOMS, start=1)
        ]
        if request.user.has_perm("kb.add_importbatch"):
            wizard = self._page("Import a spreadsheet", "Wizard", reverse("import_start"))
            next(room for room in rooms if room["name"] == "Imports")["models"].insert(0, wizard)
        if request.user.has_perm("kb.view_delivery"):
            report = self._page("The year’s report", "Report", reverse("report_deliveries"))
            next(room for room in rooms if room["name"] == "Challenges")["models"].append(report)
        if request.user.is_active and request.user.is_superuser:
            page = self._page("Second factors", "SecondFactor", reverse("second_factors"))
            next(room for room in rooms if room["name"] == "Accounts")["models"].append(page)
        for app in apps:
            app["models"] = [entry for entry in app["models"] if entry["model"]._meta.label in found]
        return [room for room in [*rooms, *apps] if room["models"]]

    def _page(self, name: str, object_name: str, address: str) -> dict[str, Any]:
        """The way to something that is a page and not a list of records."""
        return {
            "name": name,
            "object_name": object_name,
            "admin_url": address,
            "add_url": None,
            "view_only": True,
            "perms": {"add": True, "change": False, "delete": False, "view": True},
        }

    def _room(self, number: int, name: str, models: list[dict[str, Any]]) -> dict[str, Any]:
        index = reverse("admin:index", current_app=self.name)
        return {
            "name": name,
            "app_label": f"room-{number}",
            "app_url": f"{index}#room-{number}",
            "has_module_perms": True,
            "models": models,
        }
