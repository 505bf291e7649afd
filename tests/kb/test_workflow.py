"""What the desk decides: who may, from which state, and what follows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from kb import workflow
from kb.editorial.aggregate import EditingState
from kb.models import Assessment, Claim, Correction, Delivery, Evidence, Rebuttal
from kb.workflow import WorkflowError
from tests.book.cases import again, said
from tests.kb import published, records

pytestmark = pytest.mark.django_db

GROUPS = ("Contributor", "Editor", "Publisher", "Reader of everything")
DECIDERS = {"Editor", "Publisher"}
EDITORS = {"Contributor", "Editor", "Publisher"}


@pytest.fixture
def editor():
    return records.account("editor", "Editor")


@pytest.fixture
def other():
    return records.account("other", "Editor")


@pytest.fixture
def claim():
    return said()


def proposal(claim, by, **fields):
    return workflow.propose_assessment(
        claim, by=by, **{"rating": "accurate", "rationale": "It was.", **fields}
    )


def assessed(claim, editor, other):
    return workflow.confirm_assessment(proposal(claim, editor), by=other)


def delivery(claim):
    return Delivery.objects.create(
        key="letter", correction=records.correction(claim), appearance=claim.appearances.first()
    )


STEPS = {
    "submit": (EDITORS, lambda claim, by: workflow.submit([claim], by=by)),
    "return": (EDITORS, lambda claim, by: workflow.return_to_draft([claim], by=by, why="Not yet.")),
    "propose": (EDITORS, proposal),
    "confirm": (
        DECIDERS,
        lambda claim, by: workflow.confirm_assessment(proposal(claim, published.publisher()), by=by),
    ),
    "start": (DECIDERS, lambda claim, by: workflow.start_review(records.rebuttal(claim), by=by)),
    "decide": (
        DECIDERS,
        lambda claim, by: workflow.decide_rebuttal(
            records.rebuttal(claim), decision="rejected", reason="It was not.", by=by
        ),
    ),
    "answer": (
        EDITORS,
        lambda claim, by: workflow.record_answer(delivery(claim), by=by, outcome="corrected"),
    ),
}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_for_those_who_have_the_right_and_no_others(claim, step, group):
    may, act = STEPS[step]
    by = records.account("somebody", group)
    if group in may:
        act(claim, by)
        return
    with pytest.raises(PermissionDenied, match="needs a right that you do not have"):
        act(claim, by)


# --- states ---------------------------------------------------------------------------------------------------


def test_records_are_handed_in_and_returned_and_neither_is_an_edit(claim, editor):
    before = claim.refresh_revision()
    assert workflow.submit([claim], by=editor) == [claim]
    assert (claim.editing_state, again(claim)[0].editing_state) == ("in-review", "in-review")
    assert workflow.submit([claim], by=editor) == []
    assert workflow.return_to_draft([claim], by=editor, why="The quote is not exact.") == [claim]
    assert again(claim)[0].editing_state == EditingState.DRAFT
    assert workflow.return_to_draft([claim], by=editor) == []
    assert claim.refresh_revision() == before


def test_both_steps_stand_in_the_history_with_who_and_why(claim, editor):
    workflow.submit([claim], by=editor)
    workflow.return_to_draft([claim], by=editor, why="The quote is not exact." + "." * 200)
    steps = claim.history.order_by("-history_date", "-history_id")[:2]
    assert [(row.history_user, row.history_change_reason, row.editing_state) for row in steps] == [
        (editor, ("The quote is not exact." + "." * 200)[:100], "draft"),
        (editor, "in review", "in-review"),
    ]


def test_one_that_may_not_be_handed_in_keeps_them_all_back(claim):
    by = records.account("somebody")
    by.user_permissions.add(*_permission("change_claim"))
    with pytest.raises(PermissionDenied):
        workflow.submit([claim, records.topic()], by=by)
    assert again(claim)[0].editing_state == EditingState.DRAFT


def _permission(codename):
    return Permission.objects.filter(codename=codename)


def test_an_entry_of_the_ledger_is_not_handed_in(claim, editor):
    published.publish(claim.appearances.get().source, claim)
    draft = records.correction(claim)
    assert workflow.submit([draft], by=editor) == [draft]
    published.publish(*again(draft))
    with pytest.raises(WorkflowError, match="Correction № 1 is an entry of the ledger and stays as it is"):
        workflow.submit(again(draft), by=editor)


# --- assessments ----------------------------------------------------------------------------------------------


def test_a_proposal_says_who_judged_which_revision_and_does_not_count_yet(claim, editor):
    judged = claim.refresh_revision()
    made = proposal(claim, editor, rating="inaccurate", disputed=True)
    made.refresh_from_db()
    assert (made.rating, made.disputed, made.rationale) == ("inaccurate", True, "It was.")
    assert (made.proposed_by, made.confirmed_by, made.judged_revision) == (editor, None, judged)
    assert claim.current_assessment is None


def test_a_copy_of_the_claim_read_before_does_not_become_current_by_proposing(claim, editor):
    seen = claim.revision
    Evidence.objects.create(claim=claim, source=claim.appearances.get().source, relation="supports")
    proposal(claim, editor)
    assert claim.revision == seen


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"rating": "true"}, "“true” is not a rating. It is one of: accurate, partly-accurate"),
        ({"rationale": "  \n"}, "An assessment needs its reasons"),
    ],
)
def test_a_proposal_needs_a_rating_and_reasons(claim, editor, fields, message):
    with pytest.raises(WorkflowError, match=message):
        proposal(claim, editor, **fields)
    assert Assessment.objects.count() == 0


def test_another_editor_makes_it_the_judgement_of_the_desk(claim, editor, other):
    made = proposal(claim, editor)
    assert workflow.confirm_assessment(made, by=other) is made
    assert (made.confirmed_by, claim.current_assessment) == (other, made)
    assert timezone.now() - made.confirmed_at < timedelta(minutes=5)


def test_ones_own_proposal_waits_for_somebody_else(claim, editor):
    made = proposal(claim, editor)
    with pytest.raises(WorkflowError, match="Somebody else has to confirm what you have proposed"):
        workflow.confirm_assessment(made, by=editor)
    assert again(claim)[0].current_assessment is None


def test_on_a_desk_of_one_person_that_person_confirms(claim, editor):
    desk = records.desk()
    type(desk).objects.update(single_editor=True)
    assert workflow.confirm_assessment(proposal(claim, editor), by=editor).confirmed_by == editor


def test_a_judgement_is_confirmed_once(claim, editor, other):
    made = assessed(claim, editor, other)
    with pytest.raises(WorkflowError, match="confirmed already"):
        workflow.confirm_assessment(made, by=records.account("third", "Editor"))
    made.refresh_from_db()
    assert made.confirmed_by == other


def test_assessing_again_takes_the_mark_away(claim, editor, other):
    assessed(claim, editor, other)
    Evidence.objects.create(claim=claim, source=claim.appearances.get().source, relation="supports")
    (now,) = again(claim)
    assert (now.stale_since is not None, now.stale_reason) == (True, "evidence")
    assessed(claim, editor, other)
    (now,) = again(claim)
    assert (now.stale_since, now.stale_reason) == (None, "")


def test_what_changed_after_the_proposal_is_still_to_be_judged(claim, editor, other):
    assessed(claim, editor, other)
    made = proposal(claim, editor)
    Claim.objects.update(stale_since=made.proposed_at + timedelta(seconds=1), stale_reason="quote")
    workflow.confirm_assessment(made, by=other)
    assert again(claim)[0].stale_reason == "quote"


# --- rebuttals ------------------------------------------------------------------------------------------------


def decided(rebuttal, by, decision="accepted", reason="It is so.", **more):
    return workflow.decide_rebuttal(rebuttal, decision=decision, reason=reason, by=by, **more)


def test_a_rebuttal_received_is_taken_up_once(claim, editor):
    rebuttal = records.rebuttal(claim)
    assert workflow.start_review(rebuttal, by=editor).decision == "under-review"
    with pytest.raises(WorkflowError, match="This rebuttal is under review; only one just received"):
        workflow.start_review(rebuttal, by=editor)


@pytest.mark.parametrize("decision", ["accepted", "partly-accepted", "rejected", "withdrawn"])
@pytest.mark.parametrize("taken_up", [False, True])
def test_it_is_decided_with_a_reason_by_somebody_at_a_time(claim, editor, decision, taken_up):
    rebuttal = records.rebuttal(claim)
    if taken_up:
        workflow.start_review(rebuttal, by=editor)
    made = decided(rebuttal, editor, decision, "  It is so.\n")
    rebuttal.refresh_from_db()
    assert made.rebuttal == rebuttal
    assert (rebuttal.decision, rebuttal.reason, rebuttal.decided_by) == (decision, "It is so.", editor)
    assert timezone.now() - rebuttal.decided_at < timedelta(minutes=5)
    assert (made.correction is not None) is (decision in ("accepted", "partly-accepted"))


@pytest.mark.parametrize("decision", ["accepted", "rejected", "duplicate", "withdrawn"])
def test_what_is_decided_stays_decided(claim, editor, decision):
    rebuttal = records.rebuttal(claim)
    decided(rebuttal, editor, "rejected")
    with pytest.raises(WorkflowError, match="This rebuttal has been decided: rejected"):
        decided(rebuttal, editor, decision)
    with pytest.raises(WorkflowError, match="This rebuttal is rejected"):
        workflow.start_review(rebuttal, by=editor)


@pytest.mark.parametrize("decision", ["received", "under-review", "true", ""])
def test_only_a_decision_decides(claim, editor, decision):
    rebuttal = records.rebuttal(claim)
    with pytest.raises(WorkflowError, match=f"“{decision}” is not a decision"):
        decided(rebuttal, editor, decision)
    assert again(rebuttal)[0].decision == "received"


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_decision_needs_a_reason(claim, editor, reason):
    with pytest.raises(WorkflowError, match="A decision needs a reason"):
        decided(records.rebuttal(claim), editor, reason=reason)


def test_who_entered_it_does_not_decide_it_except_on_a_desk_of_one(claim, editor):
    rebuttal = records.rebuttal(claim, submitted_by=editor)
    with pytest.raises(WorkflowError, match="Who has entered a rebuttal does not decide it"):
        decided(rebuttal, editor)
    desk = records.desk()
    type(desk).objects.update(single_editor=True)
    assert decided(rebuttal, editor).rebuttal.decision == "accepted"


def test_a_duplicate_names_the_earlier_one(claim, editor):
    first, second = records.rebuttal(claim), records.rebuttal(claim, "second")
    with pytest.raises(WorkflowError, match="Name the rebuttal that this one is a duplicate of"):
        decided(second, editor, "duplicate")
    with pytest.raises(WorkflowError, match="cannot be a duplicate of itself"):
        decided(second, editor, "duplicate", duplicate_of=second)
    elsewhere = records.rebuttal(said("other"), "elsewhere")
    with pytest.raises(WorkflowError, match="about another claim"):
        decided(second, editor, "duplicate", duplicate_of=elsewhere)
    made = decided(second, editor, "duplicate", duplicate_of=first)
    assert (again(second)[0].duplicate_of, made.correction) == (first, None)
    with pytest.raises(WorkflowError, match="is a duplicate itself"):
        decided(first, editor, "duplicate", duplicate_of=second)


def test_the_earlier_one_may_have_been_noted_before(claim, editor):
    first = records.rebuttal(claim)
    second = records.rebuttal(claim, "second", duplicate_of=first)
    assert decided(second, editor, "duplicate").rebuttal.duplicate_of == first


def test_what_is_not_a_duplicate_is_none_of_anything(claim, editor):
    first, second = records.rebuttal(claim), records.rebuttal(claim, "second")
    decided(second, editor, "rejected", duplicate_of=first)
    assert again(second)[0].duplicate_of is None


@pytest.mark.parametrize("decision", ["accepted", "partly-accepted"])
def test_accepting_drafts_a_correction_from_the_claim_and_the_challenge(claim, editor, decision):
    received = datetime(2026, 2, 1, 23, 30, tzinfo=UTC)
    rebuttal = records.rebuttal(claim, proposed="From 18 August.", received_at=received, language="ja")
    draft = decided(rebuttal, editor, decision).correction
    draft.refresh_from_db()
    assert (draft.key, draft.claim, draft.rebuttal) == ("comment-correction", claim, rebuttal)
    assert (draft.said, draft.right, draft.language) == (claim.statement, "From 18 August.", "ja")
    assert (draft.number, draft.hash, draft.discovered.isoformat()) == (None, "", "2026-02-01")
    assert (draft.type, draft.of, draft.editing_state) == ("correction", "source", "draft")


def test_its_texts_may_be_given_and_without_a_proposal_it_says_the_challenge(claim, editor):
    given = decided(records.rebuttal(claim), editor, said="August", right="September").correction
    assert (given.said, given.right) == ("August", "September")
    assert decided(records.rebuttal(claim, "second"), editor).correction.right == "It was later."


def test_a_key_that_is_taken_gets_a_number(claim, editor):
    records.correction(claim, "comment-correction")
    records.correction(claim, "comment-correction-2")
    assert decided(records.rebuttal(claim), editor).correction.key == "comment-correction-3"


def test_each_appearance_that_asserts_or_reports_the_error_gets_a_delivery(claim, editor):
    first = claim.appearances.get()
    reports = records.appearance(claim, records.source("reporter"), stance="reports")
    for stance in ("questions", "denies"):
        records.appearance(claim, records.source(stance), stance=stance)
    made = decided(records.rebuttal(claim), editor)
    assert [(one.key, one.appearance, one.outcome) for one in made.deliveries] == [
        ("comment-correction-to-source-of-islands-taken", first, "pending"),
        ("comment-correction-to-reporter", reports, "pending"),
    ]
    assert list(made.correction.deliveries.order_by("id")) == made.deliveries


def test_only_the_appearances_that_it_targets_get_one(claim, editor):
    second = records.appearance(claim, claim.appearances.get().source)
    asked = records.appearance(claim, records.source("asker"), stance="questions")
    rebuttal = records.rebuttal(claim)
    rebuttal.appearances.add(second, asked)
    assert [one.appearance for one in decided(rebuttal, editor).deliveries] == [second]


def test_two_appearances_in_one_source_get_two_deliveries(claim, editor):
    records.appearance(claim, claim.appearances.get().source)
    assert [one.key for one in decided(records.rebuttal(claim), editor).deliveries] == [
        "comment-correction-to-source-of-islands-taken",
        "comment-correction-to-source-of-islands-taken-2",
    ]


def test_a_rebuttal_of_a_rebuttal_opens_nothing(claim, editor, other):
    assessed(claim, editor, other)
    answer = records.rebuttal(claim, "answer", replies_to=records.rebuttal(claim))
    made = decided(answer, editor)
    assert (made.correction, made.deliveries) == (None, [])
    assert Correction.objects.count() == Delivery.objects.count() == 0
    assert again(claim)[0].stale_since is None


def test_an_assessed_claim_needs_another_look_once_a_rebuttal_is_accepted(claim, editor, other):
    assessed(claim, editor, other)
    rebuttal = records.rebuttal(claim)
    decided(rebuttal, editor)
    (now,) = again(claim)
    assert (now.stale_since, now.stale_reason) == (again(rebuttal)[0].decided_at, "rebuttal")
    assert again(claim)[0].revision == now.revision
    assessed(claim, editor, other)
    assert again(claim)[0].stale_since is None


def test_a_mark_that_is_there_stays_and_without_an_assessment_there_is_none(claim, editor, other):
    decided(records.rebuttal(claim), editor)
    assert again(claim)[0].stale_since is None
    assessed(claim, editor, other)
    Evidence.objects.create(claim=claim, source=claim.appearances.get().source, relation="supports")
    decided(records.rebuttal(claim, "second"), editor)
    assert again(claim)[0].stale_reason == "evidence"


def test_a_decision_that_cannot_be_followed_up_is_not_made(claim, editor, monkeypatch):
    def fails(*given, **named):
        raise RuntimeError("The deliveries cannot be written.")

    rebuttal = records.rebuttal(claim)
    monkeypatch.setattr(workflow, "_draft_deliveries", fails)
    with pytest.raises(RuntimeError):
        decided(rebuttal, editor)
    assert (again(rebuttal)[0].decision, Correction.objects.count()) == ("received", 0)


def test_a_correction_that_breaks_a_rule_is_refused_with_its_decision(claim, editor):
    rebuttal = records.rebuttal(claim)
    with pytest.raises(ValidationError):
        decided(rebuttal, editor, right="a\x00b")
    assert (again(rebuttal)[0].decision, Correction.objects.count()) == ("received", 0)


# --- deliveries -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["corrected", "no-reply", "unreachable"])
def test_what_came_of_a_request_is_noted(claim, editor, outcome):
    row = delivery(claim)
    assert workflow.record_answer(row, by=editor, outcome=outcome, answer="They wrote.") is row
    (now,) = again(row)
    assert (now.outcome, now.answer, row.outcome) == (outcome, "They wrote.", outcome)


def test_a_refusal_says_what_the_publisher_answered(claim, editor):
    row = delivery(claim)
    with pytest.raises(WorkflowError, match="Note what the publisher answered"):
        workflow.record_answer(row, by=editor, outcome="declined", answer=" ")
    assert workflow.record_answer(row, by=editor, outcome="declined", answer="No.").outcome == "declined"


@pytest.mark.parametrize("outcome", ["pending", "lost", ""])
def test_only_an_outcome_is_one(claim, editor, outcome):
    with pytest.raises(
        WorkflowError, match=f"“{outcome}” is not an outcome. It is one of: corrected, declined"
    ):
        workflow.record_answer(delivery(claim), by=editor, outcome=outcome)


def test_what_a_colleague_noted_meanwhile_stays(claim, editor):
    row = delivery(claim)
    Delivery.objects.update(how="By letter.")
    workflow.record_answer(row, by=editor, outcome="corrected")
    assert (again(row)[0].how, row.how) == ("By letter.", "By letter.")


def test_a_challenge_decided_goes_out_in_one_release(claim, editor, other):
    assessed(claim, editor, other)
    rebuttal = records.rebuttal(claim)
    made = decided(rebuttal, editor)
    assessed(claim, editor, other)
    outcome = published.publish(
        claim.appearances.get().source, claim, rebuttal, made.correction, *made.deliveries
    )
    assert [record.kind_name for record, _ in outcome.published] == [
        *("source", "claim", "rebuttal", "correction", "delivery")
    ]
    assert Rebuttal.objects.get().decision == "accepted"
