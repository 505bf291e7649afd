"""Sources, who made them, and their captured texts."""

from __future__ import annotations

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from kb.models import Appearance
from sources.models import Agent, Contribution, Snapshot, Source, SourceType
from tests.support.samples import NOON, sample, saved

pytestmark = pytest.mark.django_db


def test_a_captured_text_carries_the_hash_of_its_bytes():
    text = saved(Snapshot, text="Острова\u00a0島 🙂")
    assert text.sha256 == hashlib.sha256("Острова\u00a0島 🙂".encode()).hexdigest()


def test_one_text_is_captured_once_from_a_source_but_from_another_too():
    first = saved(Snapshot, 1)
    again = sample(Snapshot, 2, text=first.text)
    again.compute()
    with pytest.raises(ValidationError, match="has been captured already"):
        again.full_clean()
    saved(Snapshot, 3, source=saved(Source, 8), text=first.text).full_clean()


def test_the_form_says_that_a_captured_text_stays_as_it_is():
    text = saved(Snapshot)
    text.text = "Another"
    with pytest.raises(ValidationError) as caught:
        text.clean()
    assert caught.value.message_dict == {
        "text": ["A captured text is never changed: add a new snapshot instead."]
    }
    text.refresh_from_db()
    text.rights = "excerpts"
    text.clean()


def test_a_text_that_is_quoted_is_not_deleted():
    text = saved(Snapshot)
    saved(Appearance, snapshot=text, quote="Text")
    with pytest.raises(ProtectedError):
        text.delete()


def test_the_newest_text_of_a_source_comes_first():
    old = saved(Snapshot, 1)
    new = saved(Snapshot, 2, captured_at=NOON.replace(year=2027))
    assert list(old.source.snapshots.all()) == [new, old]
    assert str(new) == "Source 0, captured 2027-01-02"


def test_the_history_of_a_text_does_not_hold_it_again():
    text = saved(Snapshot)
    assert text.history.count() == 1
    assert "text" not in {field.name for field in text.history.model._meta.fields}


def test_contributions_are_in_order():
    source = saved(Source)
    names = [saved(Agent, number) for number in (1, 2, 3)]
    for order, agent in zip((2, 0, 1), names, strict=True):
        Contribution.objects.create(source=source, agent=agent, order=order)
    assert [row.agent.name for row in source.contributions.all()] == ["Agent 2", "Agent 3", "Agent 1"]
    assert str(source.contributions.first()) == "Agent 2, author"


def test_sources_are_asked_for_by_who_made_them():
    mine, agent = saved(Source, 1), saved(Agent)
    saved(Source, 2)
    for role in ("author", "editor"):
        Contribution.objects.create(source=mine, agent=agent, role=role)
    assert list(Source.objects.by(agent)) == [mine]


def test_an_agent_and_a_source_that_are_referred_to_are_not_deleted():
    article, comment, agent = saved(Source, 1), sample(Source, 2), saved(Agent)
    comment.in_reply_to = article
    comment.save()
    Contribution.objects.create(source=comment, agent=agent)
    for record in (article, agent):
        with pytest.raises(ProtectedError):
            record.delete()
    comment.delete()
    article.delete()
    agent.delete()
    assert not Contribution.objects.exists()


def test_types_are_those_of_csl():
    assert len(SourceType) == 45
    assert SourceType("post").label == "comment or forum post"


def test_records_are_called_by_their_names():
    assert (str(sample(Agent)), str(sample(Source))) == ("Agent 1", "Source 1")
