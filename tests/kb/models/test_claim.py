"""Claims: marks of re-review (domain rule 2), quotes in texts (rule 4), and questions asked of claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from kb.models import (
    Appearance,
    Assessment,
    Claim,
    Event,
    Evidence,
    Place,
    Rebuttal,
    Review,
    StatedValue,
    Topic,
)
from sources.models import Agent, Snapshot, Source
from tests.support.samples import sample, saved, some, user

pytestmark = pytest.mark.django_db

QUOTED = {"quote": "Text 1"}


def confirmed(claim: Claim) -> Assessment:
    row = saved(Assessment, claim=claim)
    Assessment.objects.filter(pk=row.pk).update(confirmed_by=user(), confirmed_at=timezone.now())
    return Assessment.objects.get(pk=row.pk)


def assessed(number: int = 0) -> Claim:
    claim = saved(Claim, number)
    confirmed(claim)
    return claim


def reason(claim: Claim) -> str:
    since, why = Claim.objects.values_list("stale_since", "stale_reason").get(pk=claim.pk)
    assert (since is None) == (why == "")
    return why


def in_sql(statement: str) -> Callable[[Any], None]:
    def run(row: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


def changed(model: type, **fields: Any) -> Callable[[Any], None]:
    return lambda row: model.objects.update(**fields)


def deleted(row: Any) -> None:
    row.delete()


def bulk(name: str, text: Any) -> Callable[[Any], None]:
    def run(row: Any) -> None:
        setattr(row, name, text)
        type(row).objects.bulk_update([row], [name])

    return run


def added(model: type) -> Callable[[Any], None]:
    return lambda row: model.objects.bulk_create([sample(model, 2)])


MARKS: dict[str, tuple[type, Callable[[Any], None], str]] = {
    "a quote changed": (Appearance, changed(Appearance, quote="Text"), "quote"),
    "a quote changed in bulk": (Appearance, bulk("quote", "Text"), "quote"),
    "a quote changed in SQL": (Appearance, in_sql("UPDATE kb_appearance SET quote = 'other'"), "quote"),
    "a prefix changed": (Appearance, changed(Appearance, prefix="of"), "quote"),
    "a suffix changed": (Appearance, changed(Appearance, suffix="of"), "quote"),
    "a translation changed": (Appearance, changed(Appearance, translation="Text"), "quote"),
    "an appearance deleted": (Appearance, deleted, "quote"),
    "a value added": (StatedValue, added(StatedValue), "value"),
    "a date changed": (StatedValue, changed(StatedValue, edtf="1945-08-19"), "value"),
    "an amount changed": (StatedValue, bulk("amount", 5), "value"),
    "the words of a value changed": (StatedValue, changed(StatedValue, raw="on the 19th"), "value"),
    "a value deleted": (StatedValue, deleted, "value"),
    "values deleted in SQL": (StatedValue, in_sql("DELETE FROM kb_statedvalue"), "value"),
    "evidence added": (Evidence, added(Evidence), "evidence"),
    "the relation of evidence changed": (Evidence, changed(Evidence, relation="contradicts"), "evidence"),
    "the quote of evidence changed": (Evidence, bulk("quote", "Another"), "evidence"),
    "evidence deleted": (Evidence, deleted, "evidence"),
    "all evidence deleted": (Evidence, lambda row: Evidence.objects.all().delete(), "evidence"),
}


def with_row(model: type, claim: Claim) -> Any:
    return saved(model, 1, claim=claim, **(QUOTED if model is Appearance else {}))


@pytest.mark.parametrize("what", MARKS)
def test_an_assessed_claim_needs_re_review_after(what):
    model, write, why = MARKS[what]
    row = with_row(model, saved(Claim, 0))
    confirmed(row.claim)
    before = timezone.now()
    write(row)
    assert reason(row.claim) == why
    # SQLite's clock counts whole seconds; PostgreSQL's stands still within a transaction.
    assert abs((Claim.objects.get().stale_since - before).total_seconds()) < 60


@pytest.mark.parametrize("what", MARKS)
def test_an_unassessed_claim_does_not(what):
    model, write, _ = MARKS[what]
    row = with_row(model, saved(Claim, 0))
    saved(Assessment)
    write(row)
    assert reason(row.claim) == ""


def test_writing_what_is_there_marks_nothing():
    claim = saved(Claim, 0)
    made = [with_row(model, claim) for model in (Appearance, StatedValue, Evidence)]
    confirmed(claim)
    for row in made:
        row.save()
    Evidence.objects.update(note=made[2].note)
    assert reason(claim) == ""


@pytest.mark.parametrize(
    "write",
    [
        lambda claim: Claim.objects.update(statement="Another."),
        lambda claim: saved(Appearance, 3, claim=claim, quote="said again elsewhere"),
        lambda claim: Appearance.objects.update(locator="page 9", stance="reports"),
        lambda claim: saved(Review, claim=claim),
        lambda claim: claim.topics.add(saved(Topic)),
        lambda claim: saved(Assessment, 2, claim=claim),
        lambda claim: saved(Evidence, claim=None, rebuttal=saved(Rebuttal, claim=claim)),
    ],
)
def test_other_changes_mark_nothing(write):
    claim = saved(Claim, 0)
    with_row(Appearance, claim)
    confirmed(claim)
    write(claim)
    assert reason(claim) == ""


def test_the_first_reason_stays():
    claim = assessed()
    saved(Evidence, claim=claim)
    since = Claim.objects.get().stale_since
    saved(StatedValue, claim=claim)
    assert (reason(claim), Claim.objects.get().stale_since) == ("evidence", since)


def test_what_moves_to_another_claim_marks_both():
    one, other = saved(Claim, 0), saved(Claim, 1)
    made = [with_row(model, one) for model in (Appearance, StatedValue, Evidence)]
    confirmed(one)
    confirmed(other)
    for row, why in zip(made, ("quote", "value", "evidence"), strict=True):
        Claim.objects.update(stale_since=None, stale_reason="")
        row.claim = other
        row.save()
        assert (reason(one), reason(other)) == (why, why)


def test_a_mark_is_no_edit():
    claim = assessed()
    before = claim.refresh_revision()
    Claim.objects.update(stale_since=timezone.now(), stale_reason="rebuttal")
    Claim.objects.update(stale_since=None, stale_reason="")
    assert claim.refresh_revision() == before


def test_confirming_a_new_assessment_takes_the_mark_away(django_user_model):
    from kb import workflow

    claim = assessed()
    saved(Evidence, claim=claim)
    one, other = (django_user_model.objects.create_superuser(name) for name in ("one", "other"))
    proposal = workflow.propose_assessment(claim, rating="inaccurate", rationale="New evidence.", by=one)
    assert reason(claim) == "evidence"
    workflow.confirm_assessment(proposal, by=other)
    assert reason(claim) == ""
    assert claim.current_assessment == proposal


# --- quotes -------------------------------------------------------------------------------------------------------


def text(content: str = "The war ended. The war began.") -> Snapshot:
    return saved(Snapshot, text=content)


def test_a_quote_is_anchored_on_saving():
    row = saved(Appearance, snapshot=text(), quote="war\u00a0ended")
    assert (row.anchor, row.start, row.end) == ("exact", 4, 13)


def test_neighbours_decide_between_two_places():
    row = saved(Appearance, snapshot=text(), quote="The war", suffix="began")
    assert (row.anchor, row.start, row.end) == ("exact", 15, 22)


@pytest.mark.parametrize(
    "given", [{"quote": "The war"}, {"quote": "the war ended"}, {"quote": "ended", "prefix": "x"}]
)
def test_what_is_not_found_exactly_once_is_an_orphan(given):
    row = saved(Appearance, snapshot=text(), **given)
    assert (row.anchor, row.start, row.end) == ("orphan", None, None)


def test_without_a_text_or_a_quote_there_is_nothing_to_find():
    assert saved(Appearance, 1, quote="war").anchor == "none"
    assert saved(Appearance, 2, snapshot=text()).anchor == "none"


def test_a_quote_that_occurs_twice_is_refused_by_the_form():
    with pytest.raises(ValidationError) as caught:
        sample(Appearance, snapshot=text(), quote="The war").clean()
    assert caught.value.message_dict == {
        "quote": ["These words occur 2 times there. Give the words before or after them to tell which."]
    }


def test_a_text_of_another_source_is_refused_by_the_form():
    captured = text()
    with pytest.raises(ValidationError) as caught:
        sample(Appearance, source=saved(Source, 9), snapshot=captured).clean()
    assert caught.value.message_dict == {"snapshot": ["This text was captured from another source."]}


# --- questions -----------------------------------------------------------------------------------------------------


def test_claims_are_asked_for_by_state():
    plain, known, old = saved(Claim, 1), assessed(2), assessed(3)
    confirmed(known)
    Claim.objects.filter(pk=old.pk).update(stale_since=timezone.now(), stale_reason="value")
    assert list(Claim.objects.stale()) == [old]
    assert list(Claim.objects.assessed()) == [known, old]
    assert plain.current_assessment is None


def test_claims_are_asked_for_by_subject():
    claim, place, event = saved(Claim, 1), saved(Place), saved(Event)
    saved(Claim, 2)
    claim.places.add(place)
    claim.events.add(event)
    assert list(Claim.objects.about(place)) == list(Claim.objects.about(event)) == [claim]


def test_claims_without_support_are_asked_for():
    supported, contradicted = saved(Claim, 1), saved(Claim, 2)
    saved(Evidence, 1, claim=supported)
    saved(Evidence, 2, claim=contradicted, relation="contradicts")
    assert list(Claim.objects.without_independent_source()) == [contradicted]


def test_the_newest_confirmed_assessment_is_current():
    claim = assessed()
    newest = confirmed(claim)
    saved(Assessment, 3, claim=claim)
    assert claim.current_assessment == newest


def test_rows_are_called_by_what_they_say():
    claim, source = some(Claim), some(Source)
    assert str(saved(Appearance)) == f"{claim} in {source}"
    assert str(saved(Evidence)) == f"{source} supports"
    assert str(saved(Review, reviewer=saved(Agent, 4))) == "Agent 4: Falso 1"
    assert str(saved(Assessment)) == f"accurate: {claim}"
