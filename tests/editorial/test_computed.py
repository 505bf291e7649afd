"""Columns that are worked out from others are right after every way of writing a row."""

from __future__ import annotations

import hashlib

import pytest
from django.db import models
from django.utils import timezone

from kb.models import Appearance
from sources.models import Snapshot, Source
from tests.support.samples import sample, saved, some
from tests.support.writes import WRITES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("write", WRITES[:-1], ids=lambda write: write.__name__)
def test_bounds_are_stored_with_the_date_however_it_is_written(write):
    source = saved(Source, issued="1945")
    write(source, "issued", "1956-10-19")
    bounds = Source.objects.values_list("issued_earliest", "issued_latest").get(uid=source.uid)
    assert bounds == (-6943680, -6942241)


@pytest.mark.parametrize("write", WRITES[:-1], ids=lambda write: write.__name__)
def test_a_quote_is_looked_for_however_it_is_written(write):
    source = some(Source)
    text = source.snapshots.create(text="One, two, three.", captured_at=timezone.now())
    row = saved(Appearance, snapshot=text, source=source, quote="one")
    assert (row.anchor, row.start) == ("orphan", None)
    write(row, "quote", "two")
    found = Appearance.objects.get(uid=row.uid)
    assert (found.anchor, found.start, found.end) == ("exact", 5, 8)


def test_rows_made_in_bulk_are_computed_too():
    source = some(Source)
    [text] = Snapshot.objects.bulk_create([Snapshot(source=source, text="Ä", captured_at=timezone.now())])
    text.refresh_from_db()
    assert text.sha256 == hashlib.sha256("Ä".encode()).hexdigest()
    [row] = Appearance.objects.bulk_create([sample(Appearance, snapshot=text, source=source, quote="Ä")])
    row.refresh_from_db()
    assert (row.anchor, row.start, row.end) == ("exact", 0, 1)


def test_an_expression_that_changes_a_date_has_its_bounds_computed():
    saved(Source, 1, issued="1945", note="1956")
    Source.objects.update(issued=models.F("note"))
    assert Source.objects.filter(issued_earliest=-7364160).exists() is True
