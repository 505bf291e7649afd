"""What the desk decides: the named functions that alone write the state of its records.

Each checks that the person may, and refuses in the editor's words (`WorkflowError`). Publishing is in
`kb.publishing`; docs/rights.md says who may do what, when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kb import cases
from kb.book.asking import chunks
from kb.book.documents import model_of
from kb.book.jobs import records_of
from kb.book.second_person import one_person_desk
from kb.book.writing import publication
from kb.editorial.aggregate import Aggregate, EditingState
from kb.editorial.history import write_lines
from kb.models import (
    Appearance,
    Assessment,
    Assignment,
    Claim,
    Conflict,
    ConflictRuling,
    Correction,
    Delivery,
    ImportBatch,
    Rebuttal,
    WorkStep,
)
from kb.models.claim import Rating, StaleReason
from kb.models.conflict import Verdict
from kb.models.correction import DeliveryOutcome
from kb.models.rebuttal import OPEN_DECISIONS, UPHELD_DECISIONS, Decision
from kb.models.work import Act

#: The decisions that each one can be followed by.
DECIDES: dict[str, tuple[str, ...]] = {
    Decision.RECEIVED: tuple(d for d in Decision.values if d != Decision.RECEIVED),
    Decision.UNDER_REVIEW: tuple(
        d for d in Decision.values if d not in (Decision.RECEIVED, Decision.UNDER_REVIEW)
    ),
}


class WorkflowError(ValidationError):
    """A step that the rules of the desk do not allow; the message says which one and what would be right."""


@dataclass
class Decided:
    """What a decision brought: where it accepts, the draft of a correction and of its deliveries; and the challenges
    that were joined to the case and decided with it.
    """

    rebuttal: Rebuttal
    correction: Correction | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    joined: list[Rebuttal] = field(default_factory=list)


def _must(by: User, permission: str, what: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied(f"{what} needs a right that you do not have.")


# --- states ---------------------------------------------------------------------------------------------------


def submit(records: Iterable[Aggregate], *, by: User) -> list[Aggregate]:
    """Hand records in for review; those that are already there stay. Returns those that moved."""
    return _move(records, by, EditingState.DRAFT, EditingState.IN_REVIEW)


def submit_batch(batch: ImportBatch, *, by: User, progress: Callable[[int, int], None] | None = None) -> int:
    """Hand in for review what an import created or changed and readers do not see as it is now.

    In transactions of some hundred records; broken off, it goes on when called again. Returns how many moved. Raises
    PermissionDenied, or WorkflowError where the import was undone.
    """
    _must(by, "kb.add_importbatch", "Handing in an import")
    if batch.undone_at is not None:
        raise WorkflowError("This import was undone. There is nothing to hand in.")
    found = records_of(batch)
    total, through, moved = sum(map(len, found.values())), 0, 0
    for kind, uids in found.items():
        for some in chunks(sorted(uids)):
            drafts = list(model_of(kind)._base_manager.filter(uid__in=some, editing_state=EditingState.DRAFT))
            standing = publication(drafts)
            open_ = [r for r in drafts if standing[r.uid].state != "published" or standing[r.uid].edited]
            moved += len(submit(open_, by=by))
            through += len(some)
            if progress:
                progress(through, total)
    return moved


def return_to_draft(records: Iterable[Aggregate], *, by: User, why: str = "") -> list[Aggregate]:
    """Take records out of review. `why` goes into their history."""
    return _move(records, by, EditingState.IN_REVIEW, EditingState.DRAFT, why)


def _move(records: Iterable[Aggregate], by: User, start: str, end: str, why: str = "") -> list[Aggregate]:
    by_model: dict[type[Aggregate], list[Aggregate]] = defaultdict(list)
    for record in records:
        by_model[type(record)].append(record)
    for model in by_model:
        options = model._meta
        _must(by, f"{options.app_label}.change_{options.model_name}", "Changing this record")
    for record in by_model.get(Correction, ()):
        if isinstance(record, Correction) and record.number is not None:
            raise WorkflowError(f"{record} is an entry of the ledger and stays as it is.")
    moved = []
    with transaction.atomic():
        for model, given in by_model.items():
            for some in chunks(given):
                moved += _move_some(model, some, by, (start, end), why)
    return moved


def _move_some(
    model: type[Aggregate], given: list[Aggregate], by: User, states: tuple[str, str], why: str
) -> list[Aggregate]:
    start, end = states
    there = model._base_manager.filter(pk__in=[record.pk for record in given], editing_state=start)
    pks = set(there.select_for_update().values_list("pk", flat=True))
    if not pks:
        return []
    model._base_manager.filter(pk__in=pks).update(editing_state=end)
    # A line in the history of each, for a step that is no edit.
    write_lines(
        model,
        list(model._base_manager.filter(pk__in=pks).order_by("pk")),
        by=by,
        why=(why or EditingState(end).label)[:100],
        update=True,
    )
    moved = [record for record in given if record.pk in pks]
    act, now = (Act.SUBMITTED if end == EditingState.IN_REVIEW else Act.RETURNED), timezone.now()
    WorkStep.objects.bulk_create(
        WorkStep(kind=model.kind_name, uid=uid, act=act, by=by, at=now, why=why)
        for uid in {record.uid: record for record in moved}
    )
    for record in moved:
        record.editing_state = end
    return moved


# --- assessments ----------------------------------------------------------------------------------------------


def propose_assessment(
    claim: Claim, *, rating: str, rationale: str, by: User, disputed: bool = False
) -> Assessment:
    """Propose a judgement of the claim as it is now; it counts when somebody else confirms it."""
    _must(by, "kb.add_assessment", "Proposing an assessment")
    if rating not in Rating.values:
        raise WorkflowError(f"“{rating}” is not a rating. It is one of: {', '.join(Rating.values)}.")
    if not rationale.strip():
        raise WorkflowError("An assessment needs its reasons, in a few sentences that a reader understands.")
    proposal = Assessment(claim=claim, rating=rating, rationale=rationale, disputed=disputed, proposed_by=by)
    proposal.judged_revision = Claim.objects.values_list("revision", flat=True).get(pk=claim.pk)
    proposal.full_clean()
    proposal.save()
    return proposal


def confirm_assessment(assessment: Assessment, *, by: User) -> Assessment:
    """Make a proposal the desk's judgement. The claim no longer needs re-review, unless it changed since the proposal.

    Raises WorkflowError for one's own proposal (unless the desk is of one person) and for one confirmed before.
    """
    _must(by, "kb.confirm_assessment", "Confirming an assessment")
    with transaction.atomic():
        row = Assessment.objects.select_for_update().get(pk=assessment.pk)
        if row.confirmed_at:
            raise WorkflowError("This assessment is confirmed already.")
        if row.proposed_by_id == by.pk and not one_person_desk():
            raise WorkflowError("Somebody else has to confirm what you have proposed.")
        row.confirmed_by, row.confirmed_at = by, timezone.now()
        row.save()
        # What has changed since the proposal was made, nobody has judged yet.
        Claim.objects.filter(pk=row.claim_id, stale_since__lte=row.proposed_at).update(
            stale_since=None, stale_reason=""
        )
    assessment.refresh_from_db()
    return assessment


# --- rebuttals ------------------------------------------------------------------------------------------------


def start_review(rebuttal: Rebuttal, *, by: User) -> Rebuttal:
    """Take up a rebuttal that was received."""
    _must(by, "kb.decide_rebuttal", "Reviewing a rebuttal")
    with transaction.atomic():
        row = Rebuttal.objects.select_for_update().get(pk=rebuttal.pk)
        if row.decision != Decision.RECEIVED:
            raise WorkflowError(
                f"This rebuttal is {row.get_decision_display()}; only one just received can be taken up."
            )
        _stands_for_itself(row)
        row.decision = Decision.UNDER_REVIEW
        row.save()
    rebuttal.refresh_from_db()
    return rebuttal


def decide_rebuttal(
    rebuttal: Rebuttal,
    *,
    decision: str,
    reason: str,
    by: User,
    duplicate_of: Rebuttal | None = None,
    said: str = "",
    right: str = "",
    seen: Mapping[str, int] | None = None,
) -> Decided:
    """Decide a rebuttal, and with it those that are joined to it. Accepting one of a claim, in whole or in part,
    drafts what follows (domain rule 3), once for the case:

    a correction (with the texts `said` and `right`, else a proposal from the claim and the challenge), a delivery for
    each targeted appearance that asserts or reports the error, and the mark that the claim needs another look.

    `seen` says by uid in which revision the editor has seen the challenges of the case; another refuses.
    """
    _must(by, "kb.decide_rebuttal", "Deciding a rebuttal")
    with transaction.atomic():
        row, joined = _held_case(rebuttal)
        if duplicate_of is not None:
            duplicate_of = Rebuttal.objects.get(pk=duplicate_of.pk)
        _as_seen([row, *joined], seen)
        _may_decide(row, joined, decision, reason, by, duplicate_of)
        row.decision, row.reason = decision, reason.strip()
        row.duplicate_of = (duplicate_of or row.duplicate_of) if decision == Decision.DUPLICATE else None
        row.decided_by, row.decided_at = by, timezone.now()
        row.save()
        done = [row] if decision == Decision.WITHDRAWN else [row, *joined]
        Assignment.objects.filter(uid__in=[one.uid for one in done]).delete()
        decided = Decided(row, joined=joined)
        if decision in UPHELD_DECISIONS and row.replies_to_id is None:
            decided.correction = _draft_correction(row, said, right)
            decided.deliveries = _draft_deliveries(decided.correction, cases.to_be_asked(row, joined))
            _needs_another_look(row.claim, row.decided_at)
        cases.follow(row, joined)
    rebuttal.refresh_from_db()
    return decided


def _held_case(rebuttal: Rebuttal) -> tuple[Rebuttal, list[Rebuttal]]:
    """The rebuttal and those joined to it as they are now, held until the transaction ends."""
    wanted = Q(pk=rebuttal.pk) | Q(duplicate_of=rebuttal.pk, decision__in=OPEN_DECISIONS)
    list(Rebuttal.objects.select_for_update().filter(wanted).order_by("pk").values_list("pk"))
    row = Rebuttal.objects.select_related("claim", "raised_by").get(pk=rebuttal.pk)
    return row, list(cases.joined_to(row))


def _as_seen(rows: Sequence[Rebuttal], seen: Mapping[str, int] | None) -> None:
    if seen is not None and {row.uid: row.revision for row in rows} != dict(seen):
        raise WorkflowError(
            "The challenge, or one that is joined to it, has changed since you opened it. Look at it again."
        )


def _stands_for_itself(row: Rebuttal) -> None:
    if row.duplicate_of is not None:
        raise WorkflowError(
            f"It is joined to “{row.duplicate_of.key}” and decided with it. "
            "Separate it first if it says something else."
        )


def _may_decide(
    row: Rebuttal,
    joined: Sequence[Rebuttal],
    decision: str,
    reason: str,
    by: User,
    duplicate_of: Rebuttal | None,
) -> None:
    if row.decision not in DECIDES:
        raise WorkflowError(f"This rebuttal has been decided: {row.get_decision_display()}.")
    if decision not in DECIDES[row.decision] or decision in OPEN_DECISIONS:
        raise WorkflowError(
            f"“{decision}” is not a decision on a rebuttal that is {row.get_decision_display()}."
        )
    if not reason.strip():
        raise WorkflowError("A decision needs a reason, in words for the one who raised the rebuttal.")
    hindered = why_not_decide([row, *joined], by=by)
    if hindered:
        raise WorkflowError(hindered)
    if decision == Decision.DUPLICATE:
        _may_be_duplicate(row, duplicate_of or row.duplicate_of)
    elif decision != Decision.WITHDRAWN:
        _stands_for_itself(row)


def why_not_decide(case: Sequence[Rebuttal], *, by: User) -> str:
    """Why this person may not decide these challenges, the first of which stands for all; empty if they may."""
    if not by.has_perm("kb.decide_rebuttal"):
        return "Deciding a rebuttal needs a right that you do not have."
    own = [row for row in case if row.submitted_by_id == by.pk]
    if not own or one_person_desk():
        return ""
    if own[0] is case[0]:
        return "Who has entered a rebuttal does not decide it. Ask a colleague."
    return f"You have entered “{own[0].key}”, which is joined to this one, and so do not decide it. Ask a colleague."


def _may_be_duplicate(row: Rebuttal, earlier: Rebuttal | None) -> None:
    if earlier is None:
        raise WorkflowError("Name the rebuttal that this one is a duplicate of.")
    if earlier.pk == row.pk:
        raise WorkflowError("A rebuttal cannot be a duplicate of itself.")
    if earlier.claim_id != row.claim_id:
        raise WorkflowError("The rebuttal that you name is about another claim.")
    if earlier.decision == Decision.DUPLICATE or earlier.duplicate_of_id is not None:
        raise WorkflowError("The rebuttal that you name is a duplicate itself. Name the one that it repeats.")


def _draft_correction(row: Rebuttal, said: str, right: str) -> Correction:
    correction = Correction(
        key=_free_key(Correction, f"{row.key}-correction"),
        claim=row.claim,
        rebuttal=row,
        said=said or row.claim.statement,
        right=right or row.proposed or row.text,
        language=row.language,
        discovered=(row.received_at or row.decided_at or datetime.now(UTC)).astimezone(UTC).date(),
    )
    correction.full_clean()
    correction.save()
    return correction


def _draft_deliveries(correction: Correction, appearances: Iterable[Appearance]) -> list[Delivery]:
    deliveries = []
    for appearance in appearances:
        key = _free_key(Delivery, f"{correction.key}-to-{appearance.source.key}")
        deliveries.append(Delivery.objects.create(key=key, correction=correction, appearance=appearance))
    return deliveries


def _free_key(model: type[Aggregate], wanted: str) -> str:
    """The key, or with a number behind it the first that no other record has."""
    wanted = wanted[:110].strip("-")
    taken = set(model._base_manager.filter(key__startswith=wanted).values_list("key", flat=True))
    if wanted not in taken:
        return wanted
    return next(key for n in range(2, len(taken) + 3) if (key := f"{wanted}-{n}") not in taken)


def _needs_another_look(claim: Claim, since: datetime | None) -> None:
    assessed = Claim.objects.filter(pk=claim.pk, stale_since=None, assessments__confirmed_at__isnull=False)
    Claim.objects.filter(pk__in=list(assessed.values_list("pk", flat=True))).update(
        stale_since=since, stale_reason=StaleReason.REBUTTAL
    )


# --- deliveries -----------------------------------------------------------------------------------------------


def record_contact(
    delivery: Delivery, *, by: User, how: str, on: datetime | None = None, deadline: date | None = None
) -> Delivery:
    """Note that a publisher was asked to correct: the clock of their right of reply begins.

    `on` is now, if not given.
    """
    _must(by, "kb.change_delivery", "Recording a request")
    if not how.strip():
        raise WorkflowError("Say how the publisher was asked: by letter, by e-mail, through a form.")
    asked = on or timezone.now()
    if asked > timezone.now():
        raise WorkflowError("The publisher was asked today or earlier.")
    if deadline is not None and deadline < asked.astimezone(UTC).date():
        raise WorkflowError("The deadline is before the day on which the publisher was asked.")
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.outcome != DeliveryOutcome.PENDING:
            raise WorkflowError(f"This delivery has its outcome: {row.get_outcome_display()}.")
        row.how, row.contacted_at, row.deadline = how.strip(), asked, deadline
        row.full_clean()
        row.save()
    delivery.refresh_from_db()
    return delivery


def record_answer(
    delivery: Delivery, *, by: User, outcome: str, answer: str = "", on: datetime | None = None
) -> Delivery:
    """Note what came of a request to a publisher, and when; `on` is now, if not given."""
    _must(by, "kb.change_delivery", "Recording an answer")
    if outcome not in DeliveryOutcome.values or outcome == DeliveryOutcome.PENDING:
        choices = ", ".join(v for v in DeliveryOutcome.values if v != DeliveryOutcome.PENDING)
        raise WorkflowError(f"“{outcome}” is not an outcome. It is one of: {choices}.")
    if outcome == DeliveryOutcome.DECLINED and not answer.strip():
        raise WorkflowError("Note what the publisher answered.")
    known = on or timezone.now()
    if known > timezone.now():
        raise WorkflowError("The answer came today or earlier.")
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.contacted_at is not None and known.date() < row.contacted_at.date():
            raise WorkflowError("The answer came after the publisher was asked.")
        row.outcome, row.answer, row.answered_at = outcome, answer, known
        row.full_clean()
        row.save()
    delivery.refresh_from_db()
    return delivery


# --- conflicts ------------------------------------------------------------------------------------------------


def rule_conflict(conflict: Conflict, *, verdict: str, reason: str, by: User) -> ConflictRuling:
    """Note what an editor makes of a conflict, in place of what was ruled before.

    It holds until one of the values changes.
    """
    _must(by, "kb.add_conflictruling", "Ruling on a conflict")
    if verdict not in Verdict.values:
        raise WorkflowError(f"“{verdict}” is not a ruling. It is one of: {', '.join(Verdict.values)}.")
    if not reason.strip():
        raise WorkflowError("A ruling needs its reason, so that a colleague can follow it.")
    with transaction.atomic():
        (one, one_print), (other, other_print) = conflict.in_order_of_uid
        ruling, _ = ConflictRuling.objects.select_for_update().update_or_create(
            one=one,
            other=other,
            one_fingerprint=one_print,
            other_fingerprint=other_print,
            defaults={
                "verdict": verdict,
                "reason": reason.strip(),
                "ruled_by": by,
                "ruled_at": timezone.now(),
            },
        )
    return ruling
