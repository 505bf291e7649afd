"""Conflicts and rulings."""

from __future__ import annotations

import pytest

from kb.models import (
    Conflict,
    ConflictRuling,
)
from tests.support.samples import saved

pytestmark = pytest.mark.django_db


def test_it_is_called_by_what_it_says():
    assert str(saved(Conflict)) == "They exclude each other, 1."
    assert str(saved(ConflictRuling)) == "a real conflict: Both are clear."
