"""What a decision on a challenge holds together goes out in one release, or not at all."""

from __future__ import annotations

from itertools import combinations

import pytest

from kb import triage, workflow
from kb.book import reading, writing
from kb.book.writing import Blocked
from kb.editorial.aggregate import Aggregate
from kb.models import Claim, Rebuttal
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def decided(assessed: bool = True, **fields: object) -> tuple[Claim, Rebuttal, Aggregate]:
    """A published claim, assessed, challenged, the challenge accepted; `assessed`: and the claim assessed again."""
    claim = cases.out()
    _assess(claim, "accurate")
    published.publish(claim)
    rebuttal = records.rebuttal(claim, **fields)
    published.publish(rebuttal)
    made = workflow.decide_rebuttal(
        rebuttal, decision="accepted", reason="It is so.", by=published.publisher()
    )
    if assessed:
        _assess(claim, "inaccurate")
    assert made.correction is not None
    return claim, made.rebuttal, made.correction


def _assess(claim: Claim, rating: str) -> None:
    proposal = workflow.propose_assessment(
        claim, rating=rating, rationale="See there.", by=published.publisher()
    )
    workflow.confirm_assessment(proposal, by=published.publisher())


def standing(*given: Aggregate) -> list[str]:
    """What readers see: the rating, the decision, the entry's number."""
    found = reading.documents([one.uid for one in given])
    return [
        (d.get("assessment") or {}).get("rating") or d.get("decision") or str(d["number"])
        for d in (found[one.uid] for one in given if one.uid in found)
    ]


def test_all_three_go_out_together() -> None:
    three = decided()
    assert standing(*three) == ["accurate", "received"]
    published.publish(*three)
    assert standing(*three) == ["inaccurate", "accepted", "1"]


@pytest.mark.parametrize("going", [some for n in (1, 2) for some in combinations(range(3), n)])
def test_none_goes_without_the_others(going: tuple[int, ...]) -> None:
    three = decided()
    with pytest.raises(Blocked) as refused:
        published.publish(*(three[number] for number in going))
    assert standing(*three) == ["accurate", "received"]
    needed = {b.needs.uid for b in refused.value.blockers if b.needs is not None}
    assert needed >= {one.uid for number, one in enumerate(three) if number not in going}


@pytest.mark.parametrize("first", range(3))
def test_what_is_needed_is_found_from_each_of_them(first: int) -> None:
    three = decided()
    together = writing.with_requirements([three[first]])
    assert {one.uid for one in together} == {one.uid for one in three}
    assert writing.blockers(together) == []


def test_the_claim_has_to_be_assessed_again_first() -> None:
    three = decided(assessed=False)
    assert [(b.record, b.message, b.needs, b.step) for b in writing.blockers(three)] == [
        (
            three[0],
            f"“{three[0]}” has to be assessed again before the decision on it is published.",
            None,
            "assess",
        )
    ]
    workflow.propose_assessment(
        three[0], rating="inaccurate", rationale="See there.", by=published.publisher()
    )
    assert [b.message for b in writing.blockers(three)] == [
        f"The new assessment of “{three[0]}” waits for a second editor to confirm it."
    ]


def test_a_claim_that_was_never_assessed_needs_no_assessment() -> None:
    claim = cases.out()
    rebuttal = records.rebuttal(claim)
    made = workflow.decide_rebuttal(rebuttal, decision="accepted", reason="So.", by=published.publisher())
    assert made.correction is not None
    published.publish(claim, rebuttal, made.correction)
    assert standing(rebuttal, made.correction) == ["accepted", "1"]


def test_once_it_is_out_each_goes_its_own_way() -> None:
    claim, rebuttal, correction = decided()
    published.publish(claim, rebuttal, correction)
    cases.edit(claim, statement="Said otherwise.")
    published.publish(claim)
    records.correction(claim, "another", rebuttal=rebuttal)
    cases.edit(claim, statement="Said otherwise again.")
    assert writing.blockers(cases.again(claim)) == []


def test_two_decisions_on_one_claim_go_out_together() -> None:
    three = decided(assessed=False)
    second = records.rebuttal(three[0], "second")
    made = workflow.decide_rebuttal(second, decision="accepted", reason="So, too.", by=published.publisher())
    _assess(three[0], "inaccurate")
    assert made.correction is not None
    together = {one.uid for one in writing.with_requirements([three[1]])}
    assert together == {one.uid for one in (*three, second, made.correction)}


def test_a_rejected_one_goes_alone_and_another_claim_is_not_held_up() -> None:
    claim, _, _ = decided()
    elsewhere = cases.said("elsewhere")
    rebuttal = records.rebuttal(elsewhere, "elsewhere")
    workflow.decide_rebuttal(rebuttal, decision="rejected", reason="No.", by=published.publisher())
    published.publish(elsewhere.appearances.get().source, elsewhere, rebuttal)
    assert standing(rebuttal) == ["rejected"]
    assert [b.needs for b in writing.blockers([claim])] != []


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_a_joined_challenge_that_readers_see_as_open_goes_along(decision: str) -> None:
    claim = cases.out()
    case, joined = records.rebuttal(claim), records.rebuttal(claim, "joined")
    quiet = records.rebuttal(claim, "quiet")
    published.publish(case, joined)
    by = published.publisher()
    triage.join([case, joined, quiet], by=by)
    workflow.decide_rebuttal(case, decision=decision, reason="As it says.", by=by)
    together = writing.with_requirements(cases.again(case))
    wanted = {case.uid, joined.uid} | (
        {claim.uid, case.corrections.get().uid} if decision == "accepted" else set()
    )
    assert {one.uid for one in together} == wanted
    alone = writing.with_requirements(cases.again(quiet))
    assert {one.uid for one in alone} == wanted | {quiet.uid}


def test_questions_do_not_grow_with_the_records() -> None:
    few = [decided_elsewhere(f"few-{n}") for n in range(1)]
    many = [decided_elsewhere(f"many-{n}") for n in range(3)]
    one = cases.queries(lambda: writing.blockers([r for three in few for r in three]))
    assert cases.queries(lambda: writing.blockers([r for three in many for r in three])) == one


def decided_elsewhere(key: str) -> list[Aggregate]:
    claim = cases.out(key)
    rebuttal = records.rebuttal(claim, key)
    made = workflow.decide_rebuttal(rebuttal, decision="accepted", reason="So.", by=published.publisher())
    assert made.correction is not None
    return [claim, made.rebuttal, made.correction]
