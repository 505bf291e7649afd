"""Texts: no machine knows whether two descriptions contradict each other; it knows only whether they are the same."""

from __future__ import annotations

from kb.analysis.conflicts.stated import Comparison, Stated, Verdict
from kb.editorial.folding import fold

NAME = "texts"


def texts(one: Stated, other: Stated) -> Comparison | None:
    """The answer for two texts; None for other kinds of value."""
    if one.type != "text" or other.type != "text":
        return None
    both = f"{one.says} says “{one.text}”; {other.says} says “{other.text}”"
    if fold(one.text) == fold(other.text):
        return Comparison(Verdict.COMPATIBLE, NAME, f"{both}: they say the same.")
    return Comparison(Verdict.UNDETERMINED, NAME, f"{both}: whether words agree, an editor has to say.")
