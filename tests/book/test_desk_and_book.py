"""Nothing that is done at the desk changes what readers see."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from kb import workflow
from kb.editorial.aggregate import Aggregate, Part
from kb.models import Claim, Correction, NamingRule
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if issubclass(model, (Aggregate, Part))]


@pytest.fixture
def book():
    made = published.full(2)
    agents = [records.agent("first"), records.agent("second")]
    published.publish(*agents, records.desk(), records.naming_policy((agents[0], agents[1])))
    return made


def _text_field(model):
    names = ("key", "locator", "note", "title", "name", "text", "rationale", "raw", "rating_text")
    return next(name for name in names if name in {f.name for f in model._meta.local_concrete_fields})


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_write_to_any_model_changes_a_row_of_the_book(book, model):
    before = cases.snapshot()
    rows = model._base_manager.exclude(number__isnull=False) if model is Correction else model._base_manager
    changed = 0
    if model.__name__ == "Snapshot":
        changed = rows.update(rights="public")
    elif model is NamingRule:
        changed = rows.all().delete()[0]
    elif model.__name__ in ("Desk", "NamingPolicy"):
        changed = rows.update(language="ja")
    elif model.__name__ == "Contribution":
        changed = rows.update(order=7)
    elif model.__name__ == "Assessment":
        claim = Claim.objects.first()
        made = workflow.propose_assessment(
            claim, rating="accurate", rationale="So.", by=published.publisher()
        )
        workflow.confirm_assessment(made, by=published.publisher())
        changed = 1
    elif model is Correction:
        changed = len([records.correction(Claim.objects.first(), "another")])
    else:
        field = _text_field(model)
        for row in rows.order_by("pk"):
            setattr(row, field, f"changed-{row.pk}")
            row.save()
            changed += 1
    assert changed
    assert cases.snapshot() == before


def test_no_step_of_the_workflow_does(book):
    claim, challenge = book["claim"], records.rebuttal(book["claim"], "late")
    before, by = cases.snapshot(), published.publisher()
    workflow.submit([claim, book["place"]], by=by)
    workflow.return_to_draft([claim], by=by)
    workflow.start_review(challenge, by=by)
    decided = workflow.decide_rebuttal(challenge, decision="accepted", reason="Right.", by=by)
    workflow.record_answer(decided.deliveries[0], by=by, outcome="no-reply")
    Claim.objects.update(stale_since=timezone.now() - timedelta(days=1), stale_reason="quote")
    assert cases.snapshot() == before
