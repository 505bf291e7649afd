"""A dump of everything, with natural keys, loads into an empty database and gives the same records."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection, models

from kb.editorial import triggers
from kb.editorial.aggregate import Aggregate, Part
from kb.models import Attribute
from sources.models import Source
from tests.support.samples import sample, saved

pytestmark = pytest.mark.django_db

#: Without a natural key: made by the desk's programs and of no use elsewhere, or nobody's business there.
BY_NUMBER = {
    "assignment", "claimtoindex", "claimwords", "conflict", "conflictruling", "dailynotice", "importbatch",
    "importedrow", "importjob",
    "importprofile", "merge", "samerevision", "submission", "termcount", "workstep",
}  # fmt: skip
RECORDS: list[Any] = [
    model
    for label in ("sources", "kb")
    for model in apps.get_app_config(label).get_models()
    if not model.__name__.startswith("Historical") and model._meta.model_name not in BY_NUMBER
]


def links(row: models.Model) -> dict[str, list[Any]]:
    return {
        field.name: sorted(linked.natural_key() for linked in getattr(row, field.name).all())
        for field in row._meta.local_many_to_many
    }


def content(row: models.Model) -> dict[str, Any]:
    """A row as it reads without the numbers that the database gives."""
    said: dict[str, Any] = {}
    for field in row._meta.local_concrete_fields:
        # How often it was written is no part of what a fixture says.
        if not field.primary_key and field.name != "revision":
            value = getattr(row, field.name)
            said[field.name] = value.natural_key() if hasattr(value, "natural_key") else value
    return said | links(row)


def everything() -> dict[str, dict[Any, Any]]:
    return {
        model._meta.model_name: {row.natural_key(): content(row) for row in model.objects.all()}
        for model in RECORDS
    }


def revisions() -> dict[str, int]:
    return {
        row.uid: row.revision
        for model in RECORDS
        if issubclass(model, Aggregate)
        for row in model.objects.all()
    }


def dump() -> str:
    rows = serializers.sort_dependencies(
        [
            (apps.get_app_config(label), [m for m in RECORDS if m._meta.app_label == label])
            for label in ("sources", "kb")
        ]
    )
    return serializers.serialize(
        "json",
        [row for model in rows for row in model.objects.order_by("pk")],
        use_natural_foreign_keys=True,
        use_natural_primary_keys=True,
    )


def load(text: str) -> None:
    waiting = []
    for row in serializers.deserialize("json", text, handle_forward_references=True):
        row.save()
        if row.deferred_fields:
            waiting.append(row)
    for row in waiting:
        row.save_deferred_fields()


def empty() -> None:
    triggers.lift(connection)
    for model in RECORDS:
        for field in model._meta.local_many_to_many:
            field.remote_field.through._base_manager.all()._raw_delete(using="default")
        model._base_manager.all()._raw_delete(using="default")
    for label in ("sources", "kb"):
        triggers.install(connection, apps.get_app_config(label).get_models())


def fill() -> None:
    """Two of each, but for the one desk and its one policy, and links from each to others."""
    for model in RECORDS:
        for number in (1, 2):
            only = model._meta.model_name in ("desk", "namingpolicy")
            if not (only and number == 2 or model.objects.filter(**_key_of(model, number)).exists()):
                saved(model, number)
    for model in RECORDS:
        for field in model._meta.local_many_to_many:
            for row in model.objects.all():
                getattr(row, field.name).set(field.related_model.objects.exclude(pk=row.pk)[:2])


def _key_of(model: type[models.Model], number: int) -> dict[str, Any]:
    return {"key": sample(model, number).key} if issubclass(model, Aggregate) else {"pk": 0}


def test_every_record_and_row_has_a_natural_key():
    for model in RECORDS:
        if issubclass(model, Aggregate):
            assert sample(model, 1, key="a-key").natural_key() == ("a-key",)
        elif issubclass(model, Part):
            assert sample(model, 1, uid="abcdefghjkmn").natural_key() == ("abcdefghjkmn",)
        else:
            assert model is Attribute


def test_a_dump_loads_into_an_empty_database_and_gives_the_same():
    fill()
    before, text = everything(), dump()
    assert all(before.values())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with connection.constraint_checks_disabled():
        empty()
    assert not any(everything().values())
    load(text)
    connection.check_constraints()
    assert everything() == before


def test_loading_a_dump_over_the_same_records_changes_nothing():
    fill()
    known = revisions()
    before, text = everything(), dump()
    load(text)
    load(text)
    assert everything() == before
    assert revisions() == known


def test_a_fixture_finds_the_record_by_its_key_and_keeps_its_uid():
    source = saved(Source, 1)
    text = '[{"model": "sources.source", "fields": {"key": "source-1", "title": "New", "type": "book", "uid": "%s"}}]'
    load(text % source.uid)
    assert [(row.pk, row.title) for row in Source.objects.all()] == [(source.pk, "New")]
