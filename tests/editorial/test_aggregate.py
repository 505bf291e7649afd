"""The revision of a record rises with every change to it or to what belongs to it, however the change is written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from kb.editorial.aggregate import (
    UID_ALPHABET,
    Aggregate,
    EditingState,
    Part,
    aggregate_models,
    new_uid,
    validate_key,
)
from kb.models import Claim, Evidence, NamingRule, PlaceName, Rebuttal
from sources.models import Agent, Snapshot, Source
from tests.support.samples import another_root, root_field, sample, saved
from tests.support.writes import bulk_update, save, set_column, update, writes

pytestmark = pytest.mark.django_db

ROOTS = [model for model in apps.get_models() if issubclass(model, Aggregate)]
PARTS = [model for model in apps.get_models() if issubclass(model, Part)]
LINKED = [model for model in ROOTS + PARTS if model._meta.local_many_to_many]

#: For each model a field that a test can change.
TEXT = {
    "agent": "name",
    "source": "title",
    "topic": "name",
    "place": "note",
    "event": "title",
    "claim": "statement",
    "rebuttal": "text",
    "correction": "said",
    "delivery": "how",
    "desk": "name",
    "namingpolicy": "text",
    "contribution": "order",
    "snapshot": "rights",
    "placename": "locator",
    "placestatus": "locator",
    "appearance": "locator",
    "statedvalue": "raw",
    "evidence": "note",
    "review": "rating_text",
    "assessment": "rationale",
    "namingrule": "second",
}


def named(model: type[models.Model]) -> str:
    return model._meta.model_name or ""


def change_of(model: type[models.Model]) -> tuple[str, Any]:
    """A field of the model and a value that no sample has."""
    name = TEXT[named(model)]
    if name == "second":
        return name, saved(Agent, 555)
    return name, {"order": 9, "rights": "public"}.get(name, "Another text.")


def revision(record: Aggregate) -> int:
    return type(record)._base_manager.values_list("revision", flat=True).get(pk=record.pk)


def every(*groups: list[Any]) -> Any:
    return pytest.mark.parametrize("model", [m for group in groups for m in group], ids=named)


def test_the_table_of_changes_names_every_record_and_every_row():
    assert {named(model) for model in ROOTS + PARTS} == set(TEXT)


# --- roots -------------------------------------------------------------------------------------------------------


@every(ROOTS)
@writes
def test_every_way_of_changing_a_record_raises_its_revision_by_one(model, write):
    record = saved(model)
    before = revision(record)
    name, value = change_of(model)
    write(record, name, value)
    found = model._base_manager.get(uid=record.uid)
    assert (getattr(found, name), found.revision) == (value, before + 1)


@every(ROOTS)
@writes
def test_writing_what_is_there_already_is_no_change(model, write):
    record = saved(model)
    before = revision(record)
    name, _ = change_of(model)
    write(record, name, getattr(record, name))
    assert revision(model._base_manager.get(uid=record.uid)) == before


@every(ROOTS)
@writes
def test_submitting_a_record_is_no_edit(model, write):
    record = saved(model)
    before = revision(record)
    if write is not save:
        write(record, "editing_state", EditingState.IN_REVIEW)
        found = model._base_manager.get(uid=record.uid)
        assert (found.editing_state, found.revision) == ("in-review", before)


@every(ROOTS)
def test_a_saved_record_knows_its_new_revision(model):
    record = saved(model)
    before = record.revision
    save(record, *change_of(model))
    assert record.revision == revision(record) == before + 1


@every(ROOTS)
def test_a_copy_read_earlier_never_turns_the_revision_back(model):
    record = saved(model)
    early = model.objects.get(pk=record.pk)
    name, value = change_of(model)
    original = getattr(record, name)
    for text in (value, original, value):
        update(record, name, text)
    now = revision(record)
    setattr(early, name, value)
    early.save()
    assert revision(record) == now
    setattr(early, name, original)
    early.revision = 1
    early.save()
    assert revision(record) == now + 1
    model.objects.bulk_update([model(pk=record.pk, key=record.key, revision=1)], ["revision"])
    assert revision(record) == now + 1


@every(ROOTS)
def test_a_copy_read_earlier_does_not_take_a_record_out_of_review(model):
    record = saved(model)
    early = model.objects.get(pk=record.pk)
    model.objects.filter(pk=record.pk).update(editing_state="in-review")
    save(early, *change_of(model))
    assert model.objects.get(pk=record.pk).editing_state == "in-review"


def test_a_copy_read_earlier_does_not_take_away_the_mark_of_re_review():
    claim = saved(Claim)
    early = Claim.objects.get(pk=claim.pk)
    Claim.objects.filter(pk=claim.pk).update(stale_since=timezone.now(), stale_reason="quote")
    save(early, "statement", "It was later.")
    found = Claim.objects.get(pk=claim.pk)
    assert (found.statement, found.stale_reason, found.stale_since is None) == (
        "It was later.",
        "quote",
        False,
    )


def test_a_deleted_record_is_not_made_again_by_a_copy_read_earlier():
    claim = saved(Claim)
    Claim.objects.filter(pk=claim.pk).delete()
    claim.statement = "It was later."
    with pytest.raises(DatabaseError), transaction.atomic():
        claim.save()
    assert not Claim.objects.filter(key=claim.key).exists()


def test_a_record_of_which_only_some_fields_were_read_is_saved_with_those():
    saved(Source, note="Kept.")
    partial = Source.objects.only("title").get()
    partial.title = "Another title"
    partial.save()
    found = Source.objects.get()
    assert (found.title, found.note, found.revision) == ("Another title", "Kept.", 2)


@every(ROOTS)
def test_a_fixture_loaded_again_leaves_a_record_where_it_stands(model):
    record = saved(model)
    fixture = serializers.serialize(
        "json", [record], use_natural_foreign_keys=True, use_natural_primary_keys=True
    )
    name, value = change_of(model)
    original = getattr(record, name)
    update(record, "editing_state", "in-review")
    update(record, name, value)
    before = revision(record)
    for row in serializers.deserialize("json", fixture):
        row.save()
    found = model.objects.get(pk=record.pk)
    assert (getattr(found, name), found.editing_state, found.revision) == (original, "in-review", before + 1)


# --- rows that belong to them ------------------------------------------------------------------------------------


@every(PARTS)
def test_adding_a_row_raises_the_revision_of_its_root(model):
    first, second = sample(model, 1), sample(model, 2)
    before = revision(first.root)
    first.save()
    assert revision(first.root) == before + 1
    model.objects.bulk_create([second, sample(model, 3)])
    assert revision(first.root) == before + 3


@every(PARTS)
@writes
def test_every_way_of_changing_a_row_raises_the_revision_of_its_root_by_one(model, write):
    row = saved(model)
    root = row.root
    before = revision(root)
    name, value = change_of(model)
    write(row, name, value)
    assert getattr(model._base_manager.get(uid=row.uid), name) == value
    assert revision(root) == before + 1


@every(PARTS)
@writes
def test_writing_a_row_as_it_is_changes_nothing(model, write):
    row = saved(model)
    before = revision(row.root)
    name, _ = change_of(model)
    write(row, name, getattr(row, name))
    assert revision(row.root) == before


@every(PARTS)
@pytest.mark.parametrize("way", ["instance", "queryset", "sql"])
def test_deleting_a_row_raises_the_revision_of_its_root(model, way):
    row = saved(model)
    root = row.root
    before = revision(root)
    if way == "instance":
        row.delete()
    elif way == "queryset":
        model.objects.filter(uid=row.uid).delete()
    else:
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE uid = %s', [row.uid])
    assert revision(root) == before + 1


# There is one naming policy, so a rule cannot move to another; a captured text stays with its source.
@every([model for model in PARTS if model not in (NamingRule, Snapshot)])
@pytest.mark.parametrize("write", [save, update, bulk_update, set_column], ids=lambda write: write.__name__)
def test_a_row_that_moves_raises_the_revision_of_both_roots(model, write):
    row = saved(model)
    old, new = row.root, another_root(row)
    before = revision(old), revision(new)
    write(row, root_field(model), new)
    assert (revision(old), revision(new)) == (before[0] + 1, before[1] + 1)


def test_evidence_that_moves_from_a_claim_to_a_rebuttal_raises_both():
    row, rebuttal = saved(Evidence), saved(Rebuttal)
    claim = row.claim
    before = revision(claim), revision(rebuttal)
    row.claim, row.rebuttal = None, rebuttal
    row.save()
    assert (revision(claim), revision(rebuttal)) == (before[0] + 1, before[1] + 1)
    assert row.root == rebuttal


@every(PARTS)
def test_a_row_knows_its_root(model):
    row = sample(model)
    assert row.root == getattr(row, root_field(model))


# --- links -------------------------------------------------------------------------------------------------------

LINKS = [
    pytest.param(model, field.name, id=f"{named(model)}.{field.name}")
    for model in LINKED
    for field in model._meta.local_many_to_many
]


@pytest.mark.parametrize(("model", "name"), LINKS)
def test_adding_and_removing_a_link_raises_the_revision(model, name):
    row = saved(model)
    root = row if isinstance(row, Aggregate) else row.root
    links = getattr(row, name)
    first, second = saved(links.model, 31), saved(links.model, 32)
    steps = [
        (lambda: links.add(first), True),
        (lambda: links.add(first), False),
        (lambda: links.set([first]), False),
        (lambda: links.set([second]), True),
        (lambda: links.remove(first), False),
        (lambda: links.remove(second), True),
        (lambda: links.clear(), False),
        (lambda: links.add(first, second), True),
        (lambda: links.clear(), True),
    ]
    raised = []
    for step, _ in steps:
        before = revision(root)
        step()
        raised.append(revision(root) > before)
    assert raised == [expected for _, expected in steps]


@pytest.mark.parametrize(("model", "name"), LINKS)
def test_a_link_written_in_sql_raises_the_revision(model, name):
    row = saved(model)
    root = row if isinstance(row, Aggregate) else row.root
    links = getattr(row, name)
    links.add(saved(links.model, 31))
    before, through, field = revision(root), links.through, model._meta.get_field(name)
    target = through._meta.get_field(field.m2m_reverse_field_name()).column
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{through._meta.db_table}" SET "{target}" = "{target}"')
        assert revision(root) == before
        cursor.execute(f'UPDATE "{through._meta.db_table}" SET "{target}" = %s', [saved(links.model, 32).pk])
        assert revision(root) == before + 1
        cursor.execute(f'DELETE FROM "{through._meta.db_table}"')
    assert revision(root) == before + 2


def test_the_target_of_a_link_is_not_changed_by_it():
    source, original = saved(Source, 1), saved(Source, 2)
    source.derived_from.add(original)
    assert (revision(source), revision(original)) == (2, 1)
    name, agent = saved(PlaceName), saved(Agent)
    agent.names_used.add(name)
    assert revision(agent) == 1


# --- keys, uids, states ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["a", "shumshu-landing", "islands-1945", "1-2-3"])
def test_a_key_of_small_letters_digits_and_single_hyphens_is_taken(key):
    validate_key(key)


@pytest.mark.parametrize("key", ["", "-a", "a-", "a--b", "A", "a b", "a_b", "é", "а", "a\n", "１"])
def test_other_keys_are_refused_with_an_example(key):
    with pytest.raises(ValidationError, match="shumshu-landing"):
        validate_key(key)


def test_uids_are_twelve_characters_that_are_not_confused():
    made = {new_uid() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(f"[{UID_ALPHABET}]{{12}}", uid) for uid in made)
    assert not set("il10o").intersection(UID_ALPHABET)


def test_records_are_asked_by_where_they_stand():
    first, second = saved(Claim, 1), saved(Claim, 2)
    Claim.objects.filter(pk=first.pk).update(editing_state="in-review")
    assert list(Claim.objects.in_review()) == [first]
    assert list(Claim.objects.drafts()) == [second]


def test_roots_are_told_from_other_models():
    assert aggregate_models([Claim, PlaceName, Agent]) == [Claim, Agent]
