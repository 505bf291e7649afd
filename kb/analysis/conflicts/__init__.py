"""Can two stated values both hold? Pure functions over plain values (rules 9 to 11 of the domain).

`compare` asks the detectors, one after the other; the first that knows the kind of value answers. To add one, write a
function that takes two `Stated` and name it in `DETECTORS`. `docs/conflicts.md` gives the rules with examples.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from kb.analysis.conflicts.coordinates import coordinates
from kb.analysis.conflicts.dates import dates
from kb.analysis.conflicts.quantities import quantities
from kb.analysis.conflicts.stated import Comparison, Stated, Verdict
from kb.analysis.conflicts.texts import texts

__all__ = ["DETECTORS", "Comparison", "Detector", "Stated", "Verdict", "compare"]

Detector = Callable[[Stated, Stated], Comparison | None]

DETECTORS: tuple[Detector, ...] = (dates, quantities, coordinates, texts)


def compare(one: Stated, other: Stated) -> Comparison | None:
    """The answer for two values, with its reason; the same whichever stands first. None where they do not speak of
    the same subject, attribute and qualifier, so that nothing is to be compared.
    """
    if one.speaks_of != other.speaks_of:
        return None
    for detector in DETECTORS:
        answer = detector(one, other)
        if answer is not None:
            return _doubted(one, other, answer)
    return None


def _doubted(one: Stated, other: Stated, answer: Comparison) -> Comparison:
    """A value that is uncertain itself contradicts nothing for certain."""
    if answer.verdict is not Verdict.CONFLICT or not (one.uncertain or other.uncertain):
        return answer
    return Comparison(
        Verdict.UNDETERMINED,
        answer.detector,
        _("%(reason)s But what is stated is uncertain itself.") % {"reason": answer.reason},
    )
