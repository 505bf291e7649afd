"""What a decision on a challenge holds together: readers see the claim, the rebuttal and the correction at once.

A rebuttal that the desk has upheld waits, with the correction that was drafted from it, for one release with its claim,
assessed again. A challenge that was joined to another one and is open to readers is decided before them with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kb.book.asking import chunks
from kb.book.index import OPEN, UPHELD
from kb.book.models import Record
from kb.editorial.aggregate import Aggregate
from kb.models import Assessment, Claim, Correction, Rebuttal


@dataclass
class Bundle:
    """A claim with the decisions on it that readers do not know yet: what has to go out together."""

    claim: Claim
    decided: dict[str, Aggregate] = field(default_factory=dict)

    @property
    def records(self) -> list[Aggregate]:
        return [self.claim, *self.decided.values()]


def bundles(claims: Iterable[int]) -> dict[int, Bundle]:
    """The decisions that wait for a release, by the claim's primary key; in a few queries for some hundred claims."""
    drafts: list[Correction] = []
    for some in chunks(sorted(set(claims))):
        waiting = Correction.objects.filter(
            number=None, rebuttal__claim__in=some, rebuttal__decision__in=UPHELD, rebuttal__replies_to=None
        )
        drafts += waiting.select_related("rebuttal__claim").order_by("pk")
    known = told(draft.rebuttal.uid for draft in drafts if draft.rebuttal)
    found: dict[int, Bundle] = {}
    cases: dict[int, Bundle] = {}
    for draft in drafts:
        rebuttal = draft.rebuttal
        if rebuttal is not None and known.get(rebuttal.uid) not in UPHELD:
            bundle = found.setdefault(rebuttal.claim_id, Bundle(rebuttal.claim))
            bundle.decided[rebuttal.uid] = rebuttal
            bundle.decided[draft.uid] = draft
            cases[rebuttal.pk] = bundle
    for one in joined_and_open_to_readers(cases):
        cases[one.duplicate_of_id or 0].decided[one.uid] = one
    return found


def told(uids: Iterable[str]) -> dict[str, str]:
    """What readers are told of the decision of those rebuttals that they can see."""
    found: dict[str, str] = {}
    for some in chunks(uids):
        rows = Record.objects.filter(uid__in=some, withdrawn_in=None).values_list("uid", "card")
        found.update((uid, card["decision"]) for uid, card in rows)
    return found


def joined_and_open_to_readers(cases: Collection[int]) -> list[Rebuttal]:
    """Challenges that were decided with one of these, and that readers still see as open."""
    joined = [
        one
        for some in chunks(sorted(cases))
        for one in Rebuttal.objects.filter(duplicate_of__in=some, decision="duplicate")
        .select_related("claim")
        .order_by("pk")
    ]
    known = told(one.uid for one in joined)
    return [one for one in joined if known.get(one.uid) in OPEN]


def divided(records: Sequence[Aggregate]) -> Iterator[tuple[Aggregate, Aggregate]]:
    """Each of the records with each other one that has to go out with it and is not among them."""
    going = {record.uid for record in records}
    for bundle in bundles(_claims(records)).values():
        together = bundle.records
        mine = [record for record in together if record.uid in going]
        for missing in together:
            if missing.uid not in going:
                yield from ((record, missing) for record in mine)
    yield from _cases_and_joined(records, going)


def _claims(records: Sequence[Aggregate]) -> set[int]:
    found = {record.pk for record in records if isinstance(record, Claim)}
    found.update(record.claim_id for record in records if isinstance(record, Rebuttal))
    found.update(r.claim_id for r in records if isinstance(r, Correction) and r.rebuttal_id is not None)
    return found


def _cases_and_joined(
    records: Sequence[Aggregate], going: Collection[str]
) -> Iterator[tuple[Aggregate, Aggregate]]:
    rebuttals = {record.pk: record for record in records if isinstance(record, Rebuttal)}
    cases = {pk for pk, one in rebuttals.items() if one.decision not in (*OPEN, *UPHELD)}
    for one in joined_and_open_to_readers(cases):
        if one.uid not in going:
            yield rebuttals[one.duplicate_of_id or 0], one
    joined = [
        one
        for one in rebuttals.values()
        if one.decision == "duplicate" and one.duplicate_of is not None and one.duplicate_of.uid not in going
    ]
    known = told(one.duplicate_of.uid for one in joined if one.duplicate_of)
    for one in joined:
        case = one.duplicate_of
        # Of a case that readers do not know, a challenge that repeats it may tell that the desk knows of both.
        if case is not None and case.decision not in OPEN and known.get(case.uid) != case.decision:
            yield one, case


def needing_another_look(records: Sequence[Aggregate]) -> Iterator[tuple[Claim, str]]:
    """The claims among the records that go out with a decision and have not been assessed since, with what to do."""
    claims = {record.pk: record for record in records if isinstance(record, Claim) and record.stale_since}
    if not claims:
        return
    waiting = sorted(bundles(claims))
    proposed: dict[int, list[Assessment]] = defaultdict(list)
    for some in chunks(waiting):
        for row in Assessment.objects.filter(claim__in=some, confirmed_at=None):
            proposed[row.claim_id].append(row)
    for pk in waiting:
        claim = claims[pk]
        fresh = [row for row in proposed[pk] if claim.stale_since and row.proposed_at >= claim.stale_since]
        if fresh:
            yield claim, f"The new assessment of “{claim}” waits for a second editor to confirm it."
        else:
            yield claim, f"“{claim}” has to be assessed again before the decision on it is published."
