"""The form by which readers challenge a claim. It works without scripts."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core import signing
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: What can be wrong, as a reader says it.
SCOPES = (
    ("date", _("The date")),
    ("figure", _("The figure")),
    ("quotation", _("The quotation")),
    ("attribution", _("Who said it")),
    ("name", _("A name")),
    ("inference", _("What is concluded from it")),
    ("context", _("What is left out")),
)

#: A person reads before they write, and does not write for more than a day.
SOONEST, LATEST = 3, 24 * 3600
SALT = "challenge"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def begun() -> str:
    """When the form was opened, signed."""
    return signing.dumps(timezone.now().timestamp(), salt=SALT)


class ChallengeForm(forms.Form):
    """What is wrong, where, and what would be right. `places` are pairs of an appearance's uid and its words."""

    scope = forms.ChoiceField(
        label=_("What is wrong?"), choices=[("", pgettext_lazy("challenge", "Choose one")), *SCOPES]
    )
    where = forms.MultipleChoiceField(
        label=_("Where?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none if it is wrong wherever it was said."),
    )
    text = forms.CharField(
        label=_("Say why"),
        min_length=20,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Between 20 and 5,000 characters. Readers see it once the desk publishes it."),
    )
    proposed = forms.CharField(
        label=_("What would be right?"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evidence = forms.CharField(
        label=_("A page that shows it"),
        required=False,
        max_length=2_000,
        help_text=_("An address on the web."),
        validators=[URLValidator(schemes=["http", "https"])],
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=200,
        help_text=_("If you wish. It is never published."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        help_text=_("If you wish to be asked. It is never published, and deleted after a time."),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    begun = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where: Any = self.fields["where"]
        where.choices = places
        if not places:
            del self.fields["where"]

    def clean_text(self) -> str:
        return _plain(self.cleaned_data["text"])

    def clean_proposed(self) -> str:
        return _plain(self.cleaned_data["proposed"])

    def clean_name(self) -> str:
        return " ".join(_plain(self.cleaned_data["name"]).split())

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty: it is there for robots."))
        return ""

    def clean_begun(self) -> str:
        try:
            since = timezone.now().timestamp() - float(signing.loads(self.cleaned_data["begun"], salt=SALT))
        except (signing.BadSignature, TypeError, ValueError) as reason:
            raise forms.ValidationError(
                _("The form is not as it was sent to you. Please send it again.")
            ) from reason
        if since < SOONEST:
            raise forms.ValidationError(_("That was quicker than anybody can read. Please send it again."))
        if since > LATEST:
            raise forms.ValidationError(_("The form was open for more than a day. Please send it again."))
        return ""


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()
