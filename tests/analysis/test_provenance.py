"""Sources that go back to one tell no more than it does."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kb.analysis.provenance import in_short, independence, origins
from kb.analysis.sourcing import sourcing
from kb.models import Evidence
from tests.kb import records
from tests.kb.test_admin_steps import as_member


@pytest.mark.parametrize(
    ("sources", "derived", "groups"),
    [
        ([], {}, []),
        ([1], {}, [{1}]),
        ([1, 2], {}, [{1}, {2}]),
        # A wiki, a copy of it, and a book that both were taken from.
        ([1, 2], {2: [1]}, [{1, 2}]),
        ([1, 2], {1: [9], 2: [9]}, [{1, 2}]),
        ([1, 2, 3], {1: [9], 2: [9]}, [{1, 2}, {3}]),
        # What was taken from two joins both.
        ([1, 2, 3], {3: [1, 2]}, [{1, 2, 3}]),
        # A circle is one, and what hangs on it belongs to it.
        ([1, 2], {1: [2], 2: [1]}, [{1, 2}]),
        ([1, 3], {1: [2], 2: [1], 3: [2]}, [{1, 3}]),
        # A circle that was itself taken from something goes back to that.
        ([1, 2, 9], {1: [2, 9], 2: [1]}, [{1, 2, 9}]),
        ([1, 2], {1: [1]}, [{1}, {2}]),
        # Taken from a circle and from something else: it belongs to both.
        ([1, 3, 9], {1: [2], 2: [1], 3: [1, 9]}, [{1, 3, 9}]),
    ],
)
def test_groups_that_have_no_origin_in_common(
    sources: list[int], derived: dict[int, list[int]], groups: list[set[int]]
) -> None:
    found = [set(group) for group, _ in independence(sources, derived).groups]
    assert sorted(map(sorted, found)) == sorted(map(sorted, groups))


def test_a_long_way_back_is_gone_and_shown() -> None:
    derived = {1: [2], 2: [3, 4], 4: [1]}
    assert origins(1, derived) == {3}


@pytest.mark.parametrize(
    ("sources", "derived", "types", "said"),
    [
        (range(1, 8), dict.fromkeys(range(1, 8), [9]), ["article-newspaper"], "Seven articles, one origin"),
        ([1, 2], {2: [1]}, ["article-journal", "book"], "Two sources, one origin"),
        (range(1, 15), {2: [1]}, ["article"], "14 articles, 13 of them independent of each other"),
        ([1, 2, 3], {2: [1]}, ["book"], "Three sources, two of them independent of each other"),
        ([1, 2], {1: [8], 2: [9]}, ["post"], "Two sources, all independent of each other"),
        ([1], {1: [9]}, ["article-magazine"], "One article, taken from elsewhere"),
        ([1, 2], {1: [2], 2: [1]}, ["webpage"], "Two sources in a circle, no origin"),
        ([1, 2, 3], {1: [8, 9], 2: [8], 3: [9]}, ["webpage"], "Three sources, no two of them independent"),
    ],
)
def test_in_short(sources: Iterable[int], derived: dict[int, list[int]], types: list[str], said: str) -> None:
    assert in_short(independence(sources, derived), derived, types) == said


graphs = st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=3), max_size=8)


@given(st.sets(st.integers(0, 7), max_size=6), graphs)
def test_every_source_is_in_one_group_and_groups_share_no_origin(
    sources: set[int], derived: dict[int, list[int]]
) -> None:
    groups = independence(sorted(sources), derived).groups
    members = [source for group, _ in groups for source in group]
    assert sorted(members) == sorted(sources)
    found = [origin for _, back in groups for origin in back]
    assert len(found) == len(set(found))
    assert all(origins(source, derived) for source in sources)


@pytest.mark.django_db
class TestClaims:
    def test_all_that_go_back_to_one_are_warned_of(self) -> None:
        claim = records.claim()
        agency, paper, blog = (records.source(key, title=key.title()) for key in ("agency", "paper", "blog"))
        paper.derived_from.add(agency)
        blog.derived_from.add(paper)
        records.appearance(claim, paper)
        Evidence.objects.create(claim=claim, source=blog, relation="supports")
        found = sourcing([claim])[claim.pk]
        assert (found.independence.number, found.warning) == (1, "2 sources, but all go back to “Agency”.")
        assert found.derived == {paper.pk: {agency.pk}, blog.pk: {paper.pk}}
        other = records.source("archive", title="Archive")
        Evidence.objects.create(claim=claim, source=other, relation="supports")
        again = sourcing([claim])[claim.pk]
        assert (again.independence.number, again.warning) == (2, "")

    def test_an_appearance_says_for_its_own_claim_alone_where_it_was_taken_from(self) -> None:
        one, other = records.claim("one"), records.claim("other")
        letter, article = records.source("letter"), records.source("article")
        first = records.appearance(one, letter)
        records.appearance(one, article, derived_from=first)
        for source in (letter, article):
            records.appearance(other, source)
        found = sourcing([one, other])
        assert [found[claim.pk].independence.number for claim in (one, other)] == [1, 2]

    def test_what_contradicts_or_denies_does_not_support(self) -> None:
        claim = records.claim()
        records.appearance(claim, records.source("a"), stance="denies")
        Evidence.objects.create(claim=claim, source=records.source("b"), relation="contradicts")
        assert sourcing([claim])[claim.pk].independence.number == 0

    def test_queries_do_not_grow_with_the_claims(self) -> None:
        claims = [records.claim(f"c{n}") for n in range(3)]
        for number, claim in enumerate(claims):
            records.appearance(claim, records.source(f"s{number}"))

        def queries(some: list) -> int:
            with CaptureQueriesContext(connection) as made:
                sourcing(some)
            return len(made)

        assert queries(claims[:1]) == queries(claims)

    def test_the_page_of_the_claim_draws_the_way_back(self) -> None:
        claim = records.claim()
        agency, paper = (
            records.source("agency", title="The <Agency>"),
            records.source("paper", title="The Paper"),
        )
        paper.derived_from.add(agency)
        for source in (agency, paper):
            records.appearance(claim, source)
        page = as_member("editor").get(reverse("admin:kb_claim_change", args=[claim.pk])).content.decode()
        assert "2 sources, but all go back to “The &lt;Agency&gt;”." in page
        assert "Two articles, one origin." in page
        assert page.count("<circle ") == 2
        address = reverse("admin:sources_source_change", args=[agency.pk])
        assert f'The Paper</a>, taken from <a href="{address}">The &lt;Agency&gt;</a>' in page
