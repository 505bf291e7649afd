"""Texts: no machine knows whether two descriptions contradict each other; it knows only whether they are the same."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kb.analysis.conflicts.stated import Comparison, Stated, Verdict, answer, both_say
from kb.editorial.folding import fold

NAME = "texts"


def texts(one: Stated, other: Stated) -> Comparison | None:
    """The answer for two texts; None for other kinds of value."""
    if one.type != "text" or other.type != "text":
        return None
    both = both_say(one, quoted(one.text), other, quoted(other.text))
    if fold(one.text) == fold(other.text):
        return answer(Verdict.COMPATIBLE, NAME, _("%(both)s: they say the same."), both)
    return answer(Verdict.UNDETERMINED, NAME, _("%(both)s: whether words agree, an editor has to say."), both)


def quoted(text: str) -> str:
    return pgettext("title", "“%(title)s”") % {"title": text}
