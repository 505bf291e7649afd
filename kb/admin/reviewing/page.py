"""The page on which a challenge is reviewed, sorted, joined to others of the same error, and decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from kb import cases, publishing, triage, workflow
from kb.admin.lists import note_publication, publication_in_words, publication_of
from kb.admin.names import tell_names
from kb.admin.publishing import PublishingMixin, obstacles_and_companions
from kb.admin.reviewing.forms import DecideForm, RelyForm, SortForm
from kb.admin.reviewing.sides import both, dispute, rebuttals
from kb.admin.steps import plural
from kb.models import Rebuttal
from kb.models.rebuttal import OPEN_DECISIONS


class ReviewMixin(PublishingMixin):
    """Gives the admin of rebuttals the page of their review."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.review_view)
        return [path("<int:pk>/review/", view, name="kb_rebuttal_review"), *super().get_urls()]

    def review_url(self, rebuttal: Rebuttal) -> str:
        return reverse("admin:kb_rebuttal_review", args=[rebuttal.pk], current_app=self.admin_site.name)

    def links_for(self, record: Any) -> list[tuple[str, str]]:
        words = "Review and decide" if record.decision in OPEN_DECISIONS else "Both sides and the decision"
        return [(words, self.review_url(record)), *super().links_for(record)]

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        rebuttal = rebuttals().filter(pk=pk).first()
        if rebuttal is None:
            raise Http404
        if not self.has_view_or_change_permission(request, rebuttal):
            raise PermissionDenied
        joined = list(cases.joined_to(rebuttal).select_related("source", "raised_by"))
        page = _Forms(request, rebuttal, joined)
        if request.method == "POST":
            done = page.act()
            if done is not None:
                messages.success(request, done)
                return HttpResponseRedirect(self.review_url(rebuttal))
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request, "admin/desk/review.html", self._context(request, rebuttal, joined, page)
        )

    def _context(
        self, request: HttpRequest, rebuttal: Rebuttal, joined: list[Rebuttal], page: _Forms
    ) -> dict[str, Any]:
        left, right = both(rebuttal)
        open_ = rebuttal.decision in OPEN_DECISIONS
        return {
            **self.admin_site.each_context(request),
            "title": "Review of a challenge",
            "opts": self.opts,
            "original": rebuttal,
            "rebuttal": rebuttal,
            "back": self.step_return_url([rebuttal]),
            "is_open": open_,
            "left": left,
            "right": right,
            "dispute": dispute(left, right),
            "joined": joined,
            "candidates": triage.candidates(rebuttal) if open_ else [],
            "nearby": triage.nearby(rebuttal) if open_ else [],
            "page": page,
            "may_change": request.user.has_perm("kb.change_rebuttal"),
            "may_decide": request.user.has_perm("kb.decide_rebuttal"),
            "hindered": workflow.why_not_decide([rebuttal, *joined], by=cast(User, request.user)),
            "to_be_asked": cases.to_be_asked(rebuttal, joined) if open_ else [],
            "steps": [(s, a) for s, a in self.steps_for(request, rebuttal) if s.name not in _ELSEWHERE],
            "outcome": None if open_ else self._outcome(request, rebuttal),
        }

    def _outcome(self, request: HttpRequest, rebuttal: Rebuttal) -> dict[str, Any]:
        """What a decision brought, and what is between it and readers."""
        corrections = list(rebuttal.corrections.prefetch_related("deliveries__appearance__source"))
        waiting = publication_of(rebuttal)
        pending = waiting.state != "published" or waiting.edited
        obstacles, companions = obstacles_and_companions([rebuttal]) if pending else ([], [])
        obstacles += publishing.obstacles([rebuttal, *companions], by=cast(User, request.user))
        note_publication([*companions, *corrections])
        steps = {step.name: address for step, address in self.steps_for(request, rebuttal)}
        return {
            "corrections": corrections,
            "standing": publication_in_words(waiting),
            "pending": pending,
            "obstacles": obstacles,
            "companions": companions,
            "submit": steps.get("submit", ""),
            "publish": steps.get("publish", ""),
        }


#: Steps that have their place on the record's own page, or on the review page itself.
_ELSEWHERE = ("submit", "return", "publish", "withdraw", "sort", "join", "separate")


class _Forms:
    """The forms of the page. `act` does what was sent and answers with a sentence, or keeps the errors."""

    def __init__(self, request: HttpRequest, rebuttal: Rebuttal, joined: Sequence[Rebuttal]) -> None:
        self.request, self.rebuttal, self.joined = request, rebuttal, joined
        self.seen = {row.uid: row.revision for row in (rebuttal, *joined)}
        sent = request.POST if request.method == "POST" else None
        self.name = sent.get("act", "") if sent is not None else ""
        self.decide = DecideForm(self._of("decide"), rebuttal=rebuttal)
        self.sort = SortForm(self._of("sort"), initial={"scope": rebuttal.scope, "mode": rebuttal.mode})
        self.rely = RelyForm(self._of("rely"))
        self.errors: list[str] = []

    def _of(self, name: str) -> Any:
        return self.request.POST if self.name == name else None

    def act(self) -> str | None:
        acts: dict[str, tuple[forms.Form | None, Callable[[], str]]] = {
            "decide": (self.decide, self._decide),
            "sort": (self.sort, self._sort),
            "rely": (self.rely, self._rely),
            "join": (None, self._join),
            "separate": (None, self._separate),
        }
        if self.name not in acts:
            raise Http404
        form, act = acts[self.name]
        if form is not None and not form.is_valid():
            return None
        try:
            with transaction.atomic():
                return act()
        except ValidationError as error:
            if form is not None:
                form.add_error(None, error)
            else:
                self.errors = error.messages
        return None

    @property
    def failed(self) -> str:
        """The heading of the part whose form was sent and is not right."""
        forms_of = {"decide": self.decide, "sort": self.sort, "rely": self.rely}
        form = forms_of.get(self.name)
        if form is None or not form.errors:
            return ""
        return "decide-heading" if self.name == "decide" else "triage-heading"

    @property
    def by(self) -> Any:
        return self.request.user

    def _decide(self) -> str:
        data = self.decide.cleaned_data
        decided = workflow.decide_rebuttal(
            self.rebuttal,
            decision=data["decision"],
            reason=self.decide.whole_reason,
            by=self.by,
            duplicate_of=data["duplicate_of"],
            said=data.get("said", ""),
            right=data.get("right", ""),
            seen=_revisions(self.request.POST.getlist("seen")),
        )
        said = [f"Decided: {decided.rebuttal.get_decision_display()}."]
        if decided.correction is not None:
            deliveries = plural(len(decided.deliveries), "delivery", "deliveries")
            said.append(f"A correction has been drafted, with {deliveries} to its publishers.")
        for record in (decided.rebuttal, decided.correction):
            tell_names(self.request, record)
        return " ".join(said)

    def _sort(self) -> str:
        data = self.sort.cleaned_data
        changed = triage.sort([self.rebuttal], scope=data["scope"], mode=data["mode"], by=self.by)
        return "Sorted." if changed else "Nothing was changed."

    def _rely(self) -> str:
        claim = self.rely.cleaned_data["counterclaim"]
        triage.rely_on(self.rebuttal, claim, by=self.by)
        return f"It now relies on “{claim}”."

    def _join(self) -> str:
        case = triage.join([self.rebuttal, self._chosen()], by=self.by)
        return f"Joined. “{case.key}” stands for the case, and is decided for all of it."

    def _separate(self) -> str:
        chosen = self._chosen()
        triage.separate([chosen], by=self.by)
        return f"“{chosen.key}” is on its own again."

    def _chosen(self) -> Rebuttal:
        pk = self.request.POST.get("other", "")
        found = Rebuttal.objects.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
        if found is None:
            raise ValidationError("That challenge is no longer there.")
        return found


def _revisions(pairs: Sequence[str]) -> dict[str, int]:
    """What the page showed: uid:revision, as it wrote them."""
    split = [pair.partition(":") for pair in pairs]
    return {uid: int(number) for uid, _, number in split if number.isdecimal() and len(number) < 19}
