"""Spreadsheets that were applied."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError

from kb.models import (
    ImportBatch,
    ImportedRow,
    ImportProfile,
)
from tests.support.samples import saved, user

pytestmark = pytest.mark.django_db


def test_the_profile_of_an_import_may_go_and_its_batches_stay():
    profile = saved(ImportProfile)
    saved(ImportBatch, profile=profile)
    profile.delete()
    assert ImportBatch.objects.get().profile is None


def test_deleting_a_batch_takes_its_rows():
    saved(ImportedRow)
    ImportBatch.objects.all().delete()
    assert not ImportedRow.objects.exists()


def test_a_user_who_decided_is_not_deleted():
    saved(ImportBatch)
    with pytest.raises(ProtectedError):
        user().delete()


def test_it_is_called_by_what_it_says():
    assert str(saved(ImportBatch)) == "file-1.xlsx, 2026-01-02 12:00"
    assert str(saved(ImportedRow)) == "Claims row 2: created"
    assert str(saved(ImportProfile)) == "Profile 1"
