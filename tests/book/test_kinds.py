"""What the book knows of documents by their kind."""

import pytest

from kb.book.documents import build, load
from kb.book.kinds import BLOCKING_ROLES, KINDS, LEDGER_ROLES, excerpt, references
from kb.book.models import Reference
from tests.book import cases
from tests.kb import records


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("Short.", 10, "Short."),
        ("White\n\n  space", 20, "White space"),
        ("one two three four", 12, "one two…"),
        ("one, two, three", 10, "one, two…"),
        ("a" * 20, 10, "a" * 9 + "…"),
        ("a " + "b" * 20, 10, "a bbbbbbb…"),
        ("exactly ten"[:10], 10, "exactly te"),
    ],
)
def test_an_excerpt_is_cut_between_words_and_never_longer(text, length, short):
    assert excerpt(text, length) == short
    assert len(short) <= length


def test_what_is_referred_to_more_than_once_is_one_reference():
    document = {
        "kind": "place",
        "part_of": None,
        "names": [
            {"used_by": ["japan"], "used_in": [], "source": "atlas"},
            {"used_by": ["japan", "russia"], "used_in": ["treaty"], "source": "atlas"},
        ],
        "statuses": [{"agent": "japan", "source": "atlas"}],
    }
    assert references(document) == {
        ("name-used-by", "japan"),
        ("name-used-by", "russia"),
        ("name-used-in", "treaty"),
        ("name-source", "atlas"),
        ("status-agent", "japan"),
        ("status-source", "atlas"),
    }


@pytest.mark.django_db
def test_every_uid_of_another_record_in_a_document_is_among_its_references():
    made = records.full(2)
    source, place, event = made["source"], made["place"], made["event"]
    source.in_reply_to = records.source("article")
    source.save()
    source.derived_from.add(records.source("origin"))
    event.part_of = records.event("war")
    event.save()
    event.after.add(event.part_of)
    place.part_of = records.place("kurils")
    place.save()
    challenge = cases.edit(
        made["rebuttal"],
        source=source,
        raised_by=made["agent"],
        duplicate_of=records.rebuttal(made["claim"], "first"),
    )
    challenge.counterclaims.add(records.claim("counter"))
    policy = records.naming_policy((made["agent"], records.agent("other")))
    policy.rules.create(place=place, first=made["agent"], second=records.agent("third"))
    uids = {
        record.uid
        for model in {type(record) for record in made.values()}
        for record in model._base_manager.all()
    }

    def mentioned(value):
        if isinstance(value, dict):
            return {uid for part in value.values() for uid in mentioned(part)}
        if isinstance(value, list):
            return {uid for part in value for uid in mentioned(part)}
        return {value} & uids if isinstance(value, str) else set()

    for record in [*made.values(), policy]:
        (loaded,) = load(record.kind_name, [record.pk])
        document = build(loaded, lambda uid: True)
        assert {uid for _, uid in references(document)} == mentioned(document) - {record.uid}, (
            record.kind_name
        )


def test_roles_fit_their_column_and_block_one_way_only():
    longest = Reference._meta.get_field("role").max_length
    assert all(len(role) <= longest for role in BLOCKING_ROLES | LEDGER_ROLES)
    assert BLOCKING_ROLES.isdisjoint(LEDGER_ROLES)
    assert all(kind == known.name for kind, known in KINDS.items())
