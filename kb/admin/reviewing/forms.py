"""What is asked on the page where a challenge is reviewed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from kb.admin.forms import choices_of
from kb.models import Claim, Rebuttal
from kb.models.rebuttal import OPEN_DECISIONS, UPHELD_DECISIONS, Decision, Mode, Scope


def _texts(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DecideForm(forms.Form):
    """A decision with its reason, and the wording of the correction that follows from accepting."""

    decision = forms.ChoiceField(choices=choices_of(Decision, *OPEN_DECISIONS))
    accepted = forms.CharField(
        required=False,
        label="What is accepted",
        max_length=4_000,
        widget=_texts(2),
        help_text="If you accept it in part. Readers see it with the reason.",
    )
    refused = forms.CharField(
        required=False,
        label="What is not accepted",
        max_length=4_000,
        widget=_texts(2),
        help_text="If you accept it in part: what the desk leaves as it is.",
    )
    reason = forms.CharField(
        widget=_texts(5), max_length=10_000, help_text="Always needed. Readers see it beside the decision."
    )
    duplicate_of = forms.ModelChoiceField(
        Rebuttal.objects.none(),
        required=False,
        help_text="For a duplicate: the earlier rebuttal that says the same.",
    )
    said = forms.CharField(
        required=False,
        label="What was said",
        max_length=5_000,
        widget=_texts(2),
        help_text="For the correction: the wrong statement as it stood.",
    )
    right = forms.CharField(
        required=False,
        label="What is right",
        max_length=5_000,
        widget=_texts(3),
        help_text="For the correction: what should have been said, in words that explain themselves.",
    )

    def __init__(self, *args: Any, rebuttal: Rebuttal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.corrects = rebuttal.replies_to_id is None
        earlier = Rebuttal.objects.filter(claim=rebuttal.claim_id, duplicate_of=None)
        choices: Any = self.fields["duplicate_of"]
        choices.queryset = earlier.exclude(pk=rebuttal.pk).exclude(decision=Decision.DUPLICATE).order_by("pk")
        choices.label_from_instance = lambda other: f"{other.key}: {other.text[:80]}"
        self.fields["said"].initial = rebuttal.claim.statement
        self.fields["right"].initial = rebuttal.proposed
        if not self.corrects:
            del self.fields["said"], self.fields["right"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        decision, earlier = cleaned.get("decision"), cleaned.get("duplicate_of")
        if decision == Decision.DUPLICATE and earlier is None:
            self.add_error("duplicate_of", "Choose the earlier rebuttal of this claim that says the same.")
        if decision not in (None, Decision.DUPLICATE) and earlier is not None:
            self.add_error("duplicate_of", "Only a duplicate names an earlier rebuttal. Leave this empty.")
        if decision in UPHELD_DECISIONS and self.corrects and not cleaned.get("right"):
            self.add_error("right", "Say what is right: it goes into the correction.")
        self._check_parts(cleaned)
        return cleaned

    def _check_parts(self, cleaned: dict[str, Any]) -> None:
        for name, words in (("accepted", "what is accepted"), ("refused", "what is not accepted")):
            given = cleaned.get(name)
            if cleaned.get("decision") == Decision.PARTLY and not given:
                self.add_error(name, f"Say {words}: you accept it in part.")
            elif cleaned.get("decision") not in (None, Decision.PARTLY) and given:
                self.add_error(name, "Only what is accepted in part has parts. Leave this empty.")

    @property
    def whole_reason(self) -> str:
        """The reason as it is kept: for one accepted in part, with what is and what is not."""
        data = self.cleaned_data
        if data["decision"] != Decision.PARTLY:
            return str(data["reason"])
        return f"Accepted: {data['accepted']}\n\nNot accepted: {data['refused']}\n\n{data['reason']}"


class SortForm(forms.Form):
    """What challenges are about. For several at once, what is left empty stays."""

    scope = forms.ChoiceField(
        required=False, choices=choices_of(Scope), help_text="What in the claim it is about."
    )
    mode = forms.ChoiceField(
        required=False,
        choices=choices_of(Mode),
        help_text="Whether it says that the claim is false, or that its grounds do not carry it.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["scope"] or cleaned["mode"]):
            raise forms.ValidationError("Choose a scope or a mode.")
        return cleaned


class RelyForm(forms.Form):
    """An existing claim that the challenge relies on."""

    counterclaim = forms.ModelChoiceField(
        Claim.objects.all(),
        label="A claim that it relies on",
        help_text="Type words of its statement, or its key.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        link: Any = Rebuttal._meta.get_field("counterclaims")
        field: Any = self.fields["counterclaim"]
        field.widget = AutocompleteSelect(link, admin.site, choices=field.choices)
