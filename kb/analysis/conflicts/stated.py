"""What is compared, and what comes of it: plain values that know nothing of where they are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _

from kb.editorial.dates import DateSpan
from kb.editorial.folding import fold


class Verdict(StrEnum):
    """*Undetermined* means that it hangs on something that nobody has stated."""

    CONFLICT = "conflict"
    COMPATIBLE = "compatible"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Comparison:
    """The answer, which detector gave it, and its reason in words for editors and readers."""

    verdict: Verdict
    detector: str
    reason: str


@dataclass(frozen=True)
class Stated:
    """One stated value.

    `subject` is `event:KEY` or `place:KEY`; `type` is *date*, *quantity*, *coordinates* or *text*, and `dimension` of a
    quantity *area*, *length* or *count*. `says` is who says it, as the subject of a sentence (“the editorial”), and
    `raw` in which words. `span` is the time that is stated, with the zone of the place where that is known; `leaning`
    says in words what it leans on (“before Japan’s surrender, which the desk dates to 15 August 1945”), and then no
    span means that the date of that is not settled. `low` and `high` are “at least” and “up to”.
    """

    uid: str
    subject: str
    attribute: str
    type: str
    says: str
    qualifier: str = ""
    dimension: str = ""
    raw: str = ""
    uncertain: bool = False
    span: DateSpan | None = None
    leaning: str = ""
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    as_of: DateSpan | None = None
    measured_from: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    text: str = ""
    #: What an answer is kept for: not compared.
    pk: int = field(default=0, compare=False)

    @cached_property
    def speaks_of(self) -> tuple[str, str, str]:
        """Subject, attribute and qualifier; values that differ in these contradict nothing (rule 9)."""
        return self.subject, self.attribute, " ".join(fold(self.qualifier).split())


def both_say(one: Stated, this: str, other: Stated, that: str) -> str:
    """“the editorial says 9 August 1945; the comment says 18 August 1945”."""
    told = {"one": one.says, "this": this, "other": other.says, "that": that}
    return _("%(one)s says %(this)s; %(other)s says %(that)s") % told


def answer(verdict: Verdict, detector: str, pattern: str, both: str, **told: str) -> Comparison:
    """An answer whose reason is a sentence about what both say."""
    return Comparison(verdict, detector, pattern % {"both": both, **told})
