"""Has this been said before? The claims most like what an editor types, while it is typed and when it was saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from kb.admin.lists import note_publication, publication_in_words, publication_of
from kb.analysis.claims_alike import Alike, similar
from kb.models import Assessment, Claim
from kb.models.claim import Rating

#: So many are shown while somebody types, and after a save; of a longer text the beginning is looked at.
SHOWN, TOLD, LONGEST = 5, 3, 1_000


@dataclass(frozen=True)
class Found:
    """A claim to look at: its statement, address, how it stands, and what it has in common."""

    statement: str
    address: str
    standing: str
    why: str


class SimilarMixin(admin.ModelAdmin):
    """Gives the admin of claims its answer to what is being typed."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_safe(self.similar_view))
        return [path("similar/", view, name="kb_claim_similar"), *super().get_urls()]

    def similar_view(self, request: HttpRequest) -> HttpResponse:
        """A piece of a page: the claims most like `q`, but for the one whose primary key is `not`."""
        if not (self.has_view_or_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        text, own = request.GET.get("q", "")[:LONGEST], request.GET.get("not", "")
        found = [one for one in similar(text, SHOWN + 1) if one.similar.near and str(one.pk) != own][:SHOWN]
        response = TemplateResponse(request, "admin/desk/similar.html", {"claims": looked_at(found)})
        response["Cache-Control"] = "private, no-store"
        return response

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "statement":
            match = request.resolver_match
            own = match.kwargs.get("object_id", "") if match is not None else ""
            address = reverse("admin:kb_claim_similar", current_app=self.admin_site.name)
            field.widget.attrs |= {"data-similar": address, "data-similar-not": own}
        return field

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or "statement" in form.changed_data:
            tell_similar(request, form.instance)


def looked_at(found: list[Alike]) -> list[Found]:
    """The same with how each stands: its newest confirmed rating, and what readers have of it."""
    pks = [one.pk for one in found]
    rated = Assessment.objects.filter(claim__in=pks, confirmed_at__isnull=False)
    ratings = dict(rated.order_by("confirmed_at", "pk").values_list("claim", "rating"))
    claims = list(Claim.objects.filter(pk__in=pks))
    note_publication(claims)
    states = {claim.pk: publication_in_words(publication_of(claim)) for claim in claims}
    return [
        Found(
            one.told.statement,
            reverse("admin:kb_claim_change", args=[one.pk]),
            f"{Rating(ratings[one.pk]).label if one.pk in ratings else 'not assessed'}, {states[one.pk]}",
            "; ".join(one.similar.why),
        )
        for one in found
        if one.pk in states
    ]


def tell_similar(request: HttpRequest, claim: Claim) -> None:
    """After a statement was saved: name the claims that say much the same."""
    found = [one for one in similar(claim.statement, TOLD + 1) if one.similar.close and one.pk != claim.pk]
    for one in looked_at(found[:TOLD]):
        messages.warning(
            request,
            format_html(
                'Much like this has been said: <a href="{}">{}</a> ({}{})',
                one.address,
                one.statement,
                one.standing,
                f"; {one.why}" if one.why else "",
            ),
        )
