"""The forms of the desk: for records with their rows, and for the steps that ask for a reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from kb.admin.labels import label_choices
from kb.book.models import Address
from kb.models import Merge

#: The hidden input that says which revision of the record an editor has before them.
SEEN = "seen_revision"


class PartForm(forms.ModelForm):
    """A row of an aggregate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label_choices(self)


class PartFormSet(BaseInlineFormSet):
    """The rows of an aggregate. Two that are the same are refused in the words of the rule they break.

    The admin notes on it `noun`, what a row is called, and `lost`: which of its rows somebody else deleted meanwhile
    (`kb.admin.concurrency.rows_as_found`).
    """

    noun: str = "row"
    lost: Collection[int] = ()

    @property
    def row_model(self) -> Any:
        return self.model

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        fields = {*unique_check, self.fk.name}
        for constraint in self.row_model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and set(constraint.fields) == fields:
                return (
                    f"{constraint.get_violation_error_message()} It stands here twice: remove one of the two."
                )
        return super().get_unique_error_message(unique_check)


class AggregateForm(forms.ModelForm):
    """A record. It is not saved on top of a revision that its editor has not seen.

    `request` is set by the admin on the class that it makes for a request. `conflict` is true after validation if
    somebody else saved the record meanwhile; the form then carries the revision found, so that saving once more
    is a decision taken in the knowledge of both texts.
    """

    request: HttpRequest
    conflict = False

    seen_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial[SEEN] = self.instance.revision
        self.old_key = self.instance.key
        label_choices(self)

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        taken = Address.objects.filter(kind=self.instance.kind_name, key=key).exclude(uid=self.instance.uid)
        if taken.exists():
            raise ValidationError(
                f"“{key}” is the address of another record, or was once and still redirects to it. Choose another key.",
                code="address",
            )
        kept = Merge.objects.kept_by_key(self.instance.kind_name, [key]).get(key)
        if kept is not None:
            raise ValidationError(
                f"“{key}” was merged into another record and leads there. Choose another key."
            )
        return key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refusal = getattr(self.request, "desk_refusal", "")
        if refusal:
            self.add_error(None, ValidationError(refusal, code="refused"))
        if self.instance.pk is not None and cleaned.get(SEEN) != self.instance.revision:
            self.conflict = True
            self._show_revision_found()
            self.add_error(None, ValidationError(CONFLICT, code="conflict"))
        return cleaned

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != SEEN]

    def _show_revision_found(self) -> None:
        data = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix(SEEN)] = str(self.instance.revision)
        self.data = data


CONFLICT = (
    "Nothing has been saved yet: somebody else saved this record after you opened it. What you typed is still in the "
    "form. Compare the two texts, take over what you want to keep of theirs, and save again."
)


class ReasonForm(forms.Form):
    """Why something is done; the reason becomes part of the record."""

    why = forms.CharField(
        label="Why",
        max_length=100,
        help_text="In a few words, as in “The second quote is not in the text.” The history keeps it.",
    )


class PublishForm(ReasonForm):
    why = forms.CharField(
        label="Why",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Readers see it in the record’s history, as in “Date of the landing corrected after a comment”.",
    )


class WithdrawForm(ReasonForm):
    why = forms.CharField(
        label="Why it is withdrawn",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Readers see it on the page that stays at the record’s address.",
    )


def choices_of(enumeration: type[models.TextChoices], *but: str) -> list[tuple[str, str]]:
    """The choices of an enumeration, without some, and with an empty one first."""
    return [("", "—"), *((value, label) for value, label in enumeration.choices if value not in but)]
