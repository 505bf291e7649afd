"""Revisions that say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kb.models import Place, SameRevision
from kb.models.revision import earliest_alike, nobodys_work, note_same
from tests.kb import records


@pytest.mark.django_db
def test_what_the_programs_write_says_what_was_there_before() -> None:
    place = records.place()
    with nobodys_work(Place, [place.pk]):
        Place.objects.filter(pk=place.pk).update(note="Computed.")
    assert str(SameRevision.objects.get()) == f"place {place.pk}: 2 as 1"


@pytest.mark.django_db
def test_where_nothing_was_written_there_is_nothing_to_note() -> None:
    with nobodys_work(Place, [records.place().pk]):
        pass
    assert not SameRevision.objects.exists()


class Chains(TestCase):
    @given(st.lists(st.integers(0, 8), min_size=1, max_size=8))
    def test_a_chain_leads_to_its_earliest(self, steps: list[int]) -> None:
        """Revision n + 2 is what one of those before it was; each leads to the first that it goes back to."""
        first = {1: 1}
        for n, step in enumerate(steps):
            revision, earlier = n + 2, 1 + step % (n + 1)
            note_same(Place, {7: (revision, earlier)})
            first[revision] = first[earlier]
        wanted = {(7, n): as_of for n, as_of in first.items() if n != as_of}
        assert earliest_alike(Place, {7: first}) == wanted
