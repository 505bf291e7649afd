"""The book that is made to be measured is one that this desk could have published."""

from typing import Any

import pytest

from kb.book import chain, index
from kb.book.models import ClaimEntry, Record, Reference, SourceText, Version
from kb.book.rebuilding import rebuild_book
from tests.bench.reading import documents
from tests.bench.reading.making import make, state
from tests.bench.reading.world import ORDER, World
from tests.kb import published, records

pytestmark = pytest.mark.django_db

WORLD = World(60)


def shape(value: Any) -> Any:
    """The names in a document and in the rows in it; what is empty, or one of several types, says nothing."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [shape(max(value, key=len))]
    return None


def richest(kind: str) -> dict[str, Any]:
    """A document of the world of that kind in which no list of rows is empty that can have some."""
    given = [documents.document(WORLD, kind, number) for number in range(WORLD.counts[kind])]
    return max(given, key=lambda document: sum(len(v) for v in document.values() if isinstance(v, list)))


@pytest.fixture
def real():
    made = published.full(1)
    published.publish(records.desk())
    return {kind: Version.objects.filter(kind=kind).first().data() for kind in ORDER} | {"made": made}


@pytest.mark.parametrize("kind", ORDER)
def test_its_documents_have_the_shape_of_published_ones(real, kind):
    ours, theirs = richest(kind), real[kind]
    assert ours.keys() == theirs.keys()
    for name in ours:
        if isinstance(ours[name], (dict, list)) and ours[name] and theirs[name]:
            assert shape(ours[name]) == shape(theirs[name]), name


def test_it_is_a_whole_book_in_the_proportions_named(client):
    make(WORLD)
    assert state() == "complete"
    counts = {kind: Record.objects.filter(kind=kind).count() for kind in ORDER}
    assert counts == WORLD.counts
    assert (counts["claim"], counts["source"], counts["rebuttal"]) == (60, 6, 12)
    assert ClaimEntry.objects.filter(challenged=True).count() > 0
    assert chain.check() == (WORLD.counts["correction"], [])
    known = set(Record.objects.values_list("uid", flat=True))
    assert {target for _, target in Reference.objects.values_list("source", "target")} <= known
    text = SourceText.objects.first()
    quoted = [
        row
        for document in index.documents(known).values()
        for row in document.get("appearances", ())
        if document["kind"] == "claim" and row["snapshot"] == text.snapshot
    ]
    assert quoted
    assert all(text.text[row["start"] : row["end"]] == row["quote"] for row in quoted)
    for address in ("/", "/claims/", "/claims/claim-1/", "/places/place-1/", "/events/event-1/"):
        assert client.get(address).status_code == 200
    # The captured texts stand in no desk's tables; all else is what a rebuilding makes of the versions.
    assert [line for line in rebuild_book() if not line.startswith("texts")] == []


def test_it_is_the_same_for_the_same_size_and_seed():
    assert [documents.document(WORLD, "claim", n) for n in range(3)] == [
        documents.document(World(60), "claim", n) for n in range(3)
    ]
    assert documents.document(WORLD, "claim", 0) != documents.document(World(60, seed=2), "claim", 0)
