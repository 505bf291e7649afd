"""Challenges of one error that the desk has joined into one case: the first of them stands for all.

A challenge that is joined names the case in `duplicate_of` and stays open until the case is decided; the decision of
the case is then its own. Here is what follows from a decision; who may decide, and join, is in `kb.workflow` and
`kb.triage`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from kb.models import Appearance, Rebuttal
from kb.models.claim import Stance
from kb.models.rebuttal import Decision


def joined_to(case: Rebuttal) -> QuerySet[Rebuttal]:
    """The open challenges that will be decided with this one, in the order in which they came in."""
    return Rebuttal.objects.open().filter(duplicate_of=case).order_by("received_at", "pk")


def to_be_asked(case: Rebuttal, joined: Sequence[Rebuttal]) -> list[Appearance]:
    """The appearances whose publishers are asked to correct, if the case is upheld: those that assert or report the
    error among those that any of its challenges targets; one that targets none in particular means all.
    """
    targets = Rebuttal.appearances.through.objects.filter(rebuttal__in=[case.pk, *(one.pk for one in joined)])
    named = dict[int, set[int]]()
    for rebuttal, appearance in targets.values_list("rebuttal_id", "appearance_id"):
        named.setdefault(rebuttal, set()).add(appearance)
    made = Appearance.objects.filter(claim=case.claim_id, stance__in=[Stance.ASSERTS, Stance.REPORTS])
    if len(named) == 1 + len(joined):
        made = made.filter(pk__in=set().union(*named.values()))
    return list(made.select_related("source").order_by("id"))


def follow(case: Rebuttal, joined: Sequence[Rebuttal]) -> None:
    """The joined challenges share what was decided; where the case was only taken back, the next one stands for all.

    To be called with the rows held, in the transaction of the decision.
    """
    if case.decision == Decision.WITHDRAWN:
        _go_on_without(joined)
        return
    for one in joined:
        one.decision = Decision.DUPLICATE
        one.duplicate_of = case.duplicate_of if case.decision == Decision.DUPLICATE else case
        one.reason = (
            f"Joined to “{case.key}” and decided with it: {case.get_decision_display()}.\n\n{case.reason}"
        )
        one.decided_by, one.decided_at = case.decided_by, case.decided_at
        one.save()


def _go_on_without(joined: Sequence[Rebuttal]) -> None:
    if not joined:
        return
    first = joined[0]
    for one in joined:
        one.duplicate_of = None if one.pk == first.pk else first
        one.save()
