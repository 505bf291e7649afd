"""Triage: what an editor does with a challenge before it is decided. Machines propose; these functions are for editors.

Challenges of one error are joined into one case, of which the first stands for all (`kb.cases`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from kb.editorial.folding import fold
from kb.models import Appearance, Claim, Rebuttal
from kb.models.rebuttal import OPEN_DECISIONS, Decision, Mode, Scope
from kb.workflow import WorkflowError

#: Challenges that are proposed to be joined to one, at most.
PROPOSED = 12


@dataclass(frozen=True)
class Candidate:
    """A challenge that may be about the same error, and what speaks for it, in words."""

    rebuttal: Rebuttal
    grounds: tuple[str, ...]


def _must(by: User, permission: str, what: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied(f"{what} needs a right that you do not have.")


# --- what it is about -----------------------------------------------------------------------------------------


def sort(records: Iterable[Rebuttal], *, scope: str = "", mode: str = "", by: User) -> list[Rebuttal]:
    """Say what open challenges are about, and how they attack the claim; what is empty stays. Returns those changed."""
    _must(by, "kb.change_rebuttal", "Sorting challenges")
    if scope and scope not in Scope.values:
        raise WorkflowError(f"“{scope}” is not a scope. It is one of: {', '.join(Scope.values)}.")
    if mode and mode not in Mode.values:
        raise WorkflowError(f"“{mode}” is not a mode. It is one of: {', '.join(Mode.values)}.")
    changed = []
    with transaction.atomic():
        for row in _held(records):
            _is_open(row)
            wanted = (scope or row.scope, mode or row.mode)
            if wanted != (row.scope, row.mode):
                row.scope, row.mode = wanted
                row.save()
                changed.append(row)
    return changed


def rely_on(rebuttal: Rebuttal, claim: Claim, *, by: User) -> None:
    """Note a claim that an open challenge relies on."""
    _must(by, "kb.change_rebuttal", "Changing a challenge")
    with transaction.atomic():
        (row,) = _held([rebuttal])
        _is_open(row)
        if claim.pk == row.claim_id:
            raise WorkflowError(
                "This is the claim that is challenged. Choose the claim that speaks against it."
            )
        row.counterclaims.add(claim)


def _is_open(row: Rebuttal) -> None:
    if row.decision not in OPEN_DECISIONS:
        raise WorkflowError(f"“{row.key}” has been decided: {row.get_decision_display()}.")


def _held(records: Iterable[Rebuttal]) -> list[Rebuttal]:
    """The records as they are now, held until the transaction ends; in one order, so that two never wait crosswise."""
    pks = [record.pk for record in records]
    return list(Rebuttal.objects.select_for_update().filter(pk__in=pks).order_by("pk"))


# --- cases ----------------------------------------------------------------------------------------------------


def candidates(rebuttal: Rebuttal) -> list[Candidate]:
    """The other open challenges of the same claim that are not yet of its case, the likeliest first."""
    case = rebuttal.duplicate_of_id or rebuttal.pk
    others = (
        Rebuttal.objects.open()
        .filter(claim=rebuttal.claim_id, replies_to=rebuttal.replies_to_id)
        .exclude(pk__in=[rebuttal.pk, case])
        .exclude(duplicate_of=case)
        .select_related("source", "raised_by")
        .prefetch_related("appearances")
    )
    targets = {appearance.pk for appearance in rebuttal.appearances.all()}
    found = [Candidate(other, _grounds(rebuttal, targets, other)) for other in others.order_by("pk")]
    return sorted(found, key=lambda one: -len(one.grounds))[:PROPOSED]


def nearby(rebuttal: Rebuttal) -> list[Rebuttal]:
    """Open challenges of other claims that the targeted sources make: another case, but perhaps the same mistake."""
    targets = [appearance.source_id for appearance in rebuttal.appearances.all()]
    sources = targets or list(
        Appearance.objects.filter(claim=rebuttal.claim_id).values_list("source", flat=True)
    )
    others = Rebuttal.objects.open().filter(claim__appearances__source__in=sources)
    return list(
        others.exclude(claim=rebuttal.claim_id).select_related("claim").distinct().order_by("key")[:PROPOSED]
    )


def _grounds(rebuttal: Rebuttal, targets: set[int], other: Rebuttal) -> tuple[str, ...]:
    """What two challenges of a claim have in common."""
    others = {appearance.pk for appearance in other.appearances.all()}
    same = (
        ("the same place where it was said", targets == others or bool(targets & others)),
        ("the same scope", rebuttal.scope == other.scope),
        ("made in the same source", rebuttal.source_id is not None and rebuttal.source_id == other.source_id),
        ("proposes the same", bool(rebuttal.proposed) and _same_words(rebuttal.proposed, other.proposed)),
        ("the same words", _same_words(rebuttal.text, other.text)),
    )
    return tuple(ground for ground, holds in same if holds)


def _same_words(one: str, other: str) -> bool:
    return " ".join(fold(one).split()) == " ".join(fold(other).split())


def join(records: Sequence[Rebuttal], *, by: User) -> Rebuttal:
    """Make open challenges of one claim one case, with all that were joined to any of them. Returns the case: the one
    that came in first.
    """
    _must(by, "kb.decide_rebuttal", "Joining challenges")
    with transaction.atomic():
        # Whoever joins or takes in challenges of a claim does so one after the other.
        claims = {record.claim_id for record in records}
        list(Claim.objects.select_for_update().filter(pk__in=claims).order_by("pk").values_list("pk"))
        rows = _whole_cases(records)
        _may_be_one_case(rows)
        case = min(rows, key=lambda row: (row.received_at is None, row.received_at, row.pk))
        state = (
            Decision.UNDER_REVIEW if any(r.decision == Decision.UNDER_REVIEW for r in rows) else case.decision
        )
        if (case.decision, case.duplicate_of_id) != (state, None):
            case.decision, case.duplicate_of = state, None
            case.save()
        for row in rows:
            if row is not case and row.duplicate_of_id != case.pk:
                row.duplicate_of = case
                row.save()
    case.refresh_from_db()
    return case


def _whole_cases(records: Sequence[Rebuttal]) -> list[Rebuttal]:
    """The records with the cases they are joined to, and with what is joined to those."""
    given = Rebuttal.objects.filter(pk__in=[record.pk for record in records])
    heads = {joined or pk for pk, joined in given.values_list("pk", "duplicate_of_id")}
    joined = Rebuttal.objects.open().filter(duplicate_of__in=heads).values_list("pk", flat=True)
    pks = {record.pk for record in records} | heads | set(joined)
    return list(Rebuttal.objects.select_for_update().filter(pk__in=pks).order_by("pk"))


def _may_be_one_case(rows: Sequence[Rebuttal]) -> None:
    if len(rows) < 2:
        raise WorkflowError("Choose at least two challenges.")
    for row in rows:
        _is_open(row)
    if len({row.claim_id for row in rows}) > 1:
        raise WorkflowError("These challenge different claims. Only challenges of one claim are one case.")
    if len({row.replies_to_id for row in rows}) > 1:
        raise WorkflowError("Some of these answer another rebuttal. They are not about the same.")


def separate(records: Iterable[Rebuttal], *, by: User) -> list[Rebuttal]:
    """Take challenges out of the case that they are joined to. Returns those that were joined."""
    _must(by, "kb.decide_rebuttal", "Separating challenges")
    with transaction.atomic():
        rows = [row for row in _held(records) if row.duplicate_of_id is not None]
        for row in rows:
            _is_open(row)
            row.duplicate_of = None
            row.save()
    return rows
