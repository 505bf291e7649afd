"""Challenging a claim, and following a challenge by its code: the only public pages that write, through `kb.intake`."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kb import intake
from kb.book import reading
from kb.book.similar import similar_claims
from kb.forms import ChallengeForm, begun
from kb.requests import client_address
from kb.views.pages import respond

#: A quote is shown so long beside its box, and so many claims of a source to choose from.
QUOTED, CLAIMS = 160, 200
#: Of what a reader says a claim is, so much is looked at, and so many claims are shown that are like it.
ABOUT, SIMILAR = 500, 5


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def challenge(request: HttpRequest) -> HttpResponse:
    """The form for a claim; for a source, its claims to choose from; without either, how it goes."""
    key = request.GET.get("claim", "")
    if not key:
        return _choose(request)
    try:
        claim = reading.get("claim", key)
    except reading.Moved as moved:
        return HttpResponseRedirect(f"{reverse('challenge')}?claim={moved.key}")
    except (reading.NotFound, reading.Gone) as reason:
        raise Http404("There is no such claim.") from reason
    places = _places(claim)
    # What was said in one place alone was wrong there.
    chosen = request.GET.getlist("where") or [uid for uid, _ in places[:1] if len(places) == 1]
    status = 200
    if request.method == "POST":
        form = ChallengeForm(request.POST, places=places)
        if form.is_valid():
            try:
                code = intake.accept(_challenge(claim, form), address=client_address(request))
            except intake.Flooded as reason:
                form.add_error(None, str(reason))
                status = 429
            else:
                return HttpResponseRedirect(reverse("challenge_standing", args=[code]), status=303)
        else:
            status = 400
            # What was wrong with the time is not wrong for ever.
            again = request.POST.copy()
            again["begun"] = begun()
            form.data = again
    else:
        form = ChallengeForm(initial={"where": chosen, "begun": begun()}, places=places)
    context = {
        "section": "claims",
        "title": _("Challenge a claim"),
        "claim": claim.document,
        "form": form,
        "robots": "noindex",
    }
    return respond(request, "kb/challenge.html", context, status=status)


def _challenge(claim: reading.Page, form: ChallengeForm) -> intake.Challenge:
    data: dict[str, Any] = form.cleaned_data
    return intake.Challenge(
        claim=claim.uid,
        appearances=data.get("where", ()),
        **{name: data[name] for name in ("scope", "text", "proposed", "evidence", "name", "email")},
    )


def _places(claim: reading.Page) -> list[tuple[str, str]]:
    """Where the claim was made, with the words that are quoted from there."""
    found = []
    for row in claim.document["appearances"]:
        title = claim.labels.name_of(row["source"])
        quote = row["quote"][:QUOTED] + ("…" if len(row["quote"]) > QUOTED else "")
        found.append(
            (row["uid"], _("%(source)s: “%(quote)s”") % {"source": title, "quote": quote} if quote else title)
        )
    return found


def _choose(request: HttpRequest) -> HttpResponse:
    key, claims = request.GET.get("source", ""), []
    source = None
    if key:
        try:
            source = reading.get("source", key)
        except (reading.NotFound, reading.Moved, reading.Gone) as reason:
            raise Http404("There is no such source.") from reason
        found = reading.referring([source.uid], "appearance", kinds=["claim"])
        claims = sorted(found, key=lambda claim: claim["statement"])[:CLAIMS]
    code = "".join(request.GET.get("code", "").split())[:40]
    if code.isalnum():
        return HttpResponseRedirect(reverse("challenge_standing", args=[code]))
    about = " ".join(request.GET.get("about", "").split())[:ABOUT]
    context = {
        "section": "claims",
        "title": _("Challenge a claim"),
        "source": source.document if source else None,
        "claims": claims,
        "about": about,
        "similar": similar_claims(about, SIMILAR) if about and source is None else [],
        "robots": "noindex",
    }
    return respond(request, "kb/challenge_choose.html", context)


@never_cache
@require_safe
def standing(request: HttpRequest, code: str) -> HttpResponse:
    """How far a challenge is. What the desk has decided is on the rebuttal's page once it is published."""
    try:
        found = intake.standing(code)
    except intake.NotThere as reason:
        raise Http404("There is no challenge under this code.") from reason
    labels = reading.labels([found.claim, found.rebuttal])
    context = {
        "section": "claims",
        "title": _("Your challenge"),
        "standing": found,
        "claim": labels.get(found.claim),
        "rebuttal": labels.get(found.rebuttal),
        "robots": "noindex",
    }
    return respond(request, "kb/challenge_standing.html", context)
