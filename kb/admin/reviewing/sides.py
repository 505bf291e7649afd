"""What stands on each side of a challenge: claims with all that speaks for them, and their dates on one axis."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import F, IntegerField, Prefetch, QuerySet, Value
from django.db.models.functions import Greatest, Least, Substr
from django.template import engines
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from kb.analysis import two_sides
from kb.analysis.conflicts import Verdict
from kb.models import Appearance, Assessment, Claim, Evidence, Rebuttal, StatedValue
from kb.views.timeline import Stated, timeline

#: So many characters of the captured text are shown before and after a quote.
AROUND = 160
#: Comparisons shown; conflicts come first.
SHOWN = 40
_TONES = {Verdict.CONFLICT: "bad", Verdict.UNDETERMINED: "open", Verdict.COMPATIBLE: "good"}


@dataclass
class Side:
    """One side: a claim that is challenged, or a challenge; with the claims that carry it."""

    claim: Claim | None = None
    rebuttal: Rebuttal | None = None
    relies_on: list[Claim] = field(default_factory=list)

    @property
    def claims(self) -> list[Claim]:
        return [self.claim] if self.claim else self.relies_on


def rebuttals() -> QuerySet[Rebuttal]:
    """Rebuttals with what a side shows of them."""
    return Rebuttal.objects.select_related(
        "claim", "source", "raised_by", "submitted_by", "decided_by", "duplicate_of"
    ).prefetch_related(
        Prefetch("appearances", Appearance.objects.select_related("source")),
        Prefetch("evidence", Evidence.objects.select_related("source").order_by("id")),
        "counterclaims",
    )


def both(rebuttal: Rebuttal) -> tuple[Side, Side]:
    """What is challenged, and the challenge; read with `rebuttals`. In a fixed number of queries."""
    answered = rebuttals().filter(pk=rebuttal.replies_to_id).first() if rebuttal.replies_to_id else None
    mine = [claim.pk for claim in rebuttal.counterclaims.all()]
    theirs = [claim.pk for claim in answered.counterclaims.all()] if answered else [rebuttal.claim_id]
    found = _claims({*mine, *theirs})
    right = Side(rebuttal=rebuttal, relies_on=[found[pk] for pk in mine])
    if answered is not None:
        return Side(rebuttal=answered, relies_on=[found[pk] for pk in theirs]), right
    return Side(claim=found[rebuttal.claim_id]), right


def _claims(pks: Collection[int]) -> dict[int, Any]:
    """With the confirmed assessments as `judged`, the newest first."""
    confirmed = Assessment.objects.filter(confirmed_at__isnull=False).order_by("-confirmed_at", "-id")
    values = StatedValue.objects.select_related("attribute", "event", "place", "relative_to").order_by("id")
    return Claim.objects.prefetch_related(
        Prefetch("appearances", _appearances()),
        Prefetch("values", values),
        Prefetch("evidence", Evidence.objects.select_related("source").order_by("id")),
        Prefetch("assessments", confirmed, to_attr="judged"),
    ).in_bulk(pks)


def _appearances() -> QuerySet[Appearance]:
    """With the captured words before and after each quote that was found; not with the whole text."""
    first = Greatest(F("start") + 1 - AROUND, 1, output_field=IntegerField())
    long = Least(F("start"), Value(AROUND), output_field=IntegerField())
    return (
        Appearance.objects.select_related("source")
        .prefetch_related("claimants")
        .annotate(
            before=Substr("snapshot__text", first, long),
            after=Substr("snapshot__text", F("end") + 1, AROUND),
        )
        .order_by("id")
    )


@dataclass(frozen=True)
class Comparison:
    """Two values that speak of the same, as the page lists them."""

    about: str
    tone: str
    verdict: str
    reason: str
    address: str
    ruling: str


@dataclass(frozen=True)
class Dispute:
    """What the values of both sides come to: a drawing of the dates, if there are two, and the comparisons."""

    drawing: SafeString
    comparisons: tuple[Comparison, ...]
    more: int
    stated: int
    conflicts: int


def dispute(left: Side, right: Side) -> Dispute:
    """Compare what both sides state. In a fixed number of queries."""
    found = two_sides.two_sides([c.pk for c in left.claims], [c.pk for c in right.claims])
    return Dispute(
        _drawing(found),
        tuple(_comparison(pair) for pair in found.opposed[:SHOWN]),
        max(0, len(found.opposed) - SHOWN),
        len(found.left) + len(found.right),
        sum(pair.answer.verdict is Verdict.CONFLICT for pair in found.opposed),
    )


def _comparison(pair: two_sides.Opposed) -> Comparison:
    ruling = pair.ruling
    return Comparison(
        about=f"{pair.left.about}: {pair.left.what}",
        tone=_TONES[pair.answer.verdict],
        verdict=pair.answer.verdict.value,
        reason=pair.answer.reason,
        address=reverse("admin:kb_conflict_change", args=[pair.conflict.pk]) if pair.conflict else "",
        ruling=f"{ruling.get_verdict_display()}: {ruling.reason}" if ruling else "",
    )


def _drawing(found: two_sides.TwoSides) -> SafeString:
    """The dates that are compared, those of the left side first; where none is, all. Drawn as on the public pages."""
    tones: dict[int, str] = {}
    for pair in reversed(found.opposed):
        for value in (pair.left, pair.right):
            tones[value.stated.pk] = _TONES[pair.answer.verdict]
    sides = [
        [value for value in side if value.stated.span is not None and (not tones or value.stated.pk in tones)]
        for side in (found.left, found.right)
    ]
    alone = len({value.about for side in sides for value in side}) == 1
    rows = [row for number, side in enumerate(sides) for row in _dates(side, tones, alone, own=number == 0)]
    drawn = timeline(rows)
    if drawn is None:
        return mark_safe("")
    public: Any = engines["public"]
    axis = public.env.get_template("includes/timeline.html").module.axis
    # What the dates say of each other stands in the comparisons.
    return mark_safe(str(axis(replace(drawn, findings=()))))  # noqa: S308 - drawn and escaped by the public template


def _dates(
    values: Sequence[two_sides.Value], tones: dict[int, str], alone: bool, *, own: bool
) -> list[Stated]:
    """`alone`: all are about one thing, which need not be named with each."""
    drawn: dict[tuple[str, str, str], Stated] = {}
    for value in values:
        stated = value.stated
        if stated.span is not None:
            row = Stated(
                who=f"{'Claimed' if own else 'Against'}: {_short(stated.says, 44)}",
                what=value.what if alone else f"{_short(value.about, 30)}: {value.what}",
                span=stated.span,
                subject=stated.speaks_of,
                tone=tones.get(stated.pk, ""),
                url=reverse("admin:kb_claim_change", args=[value.claim]),
                own=own,
            )
            drawn.setdefault((row.who, row.what, row.words), row)
    return list(drawn.values())


def _short(text: str, most: int) -> str:
    """Labels stand on one line of the drawing."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
