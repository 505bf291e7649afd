"""The ledger: numbers without gaps, a chain of hashes, and nothing altered unnoticed."""

import hashlib
import json
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kb.book import ledger, writing
from kb.book.models import Record, Version
from kb.editorial import triggers
from kb.editorial.fields import canonical_json
from kb.models import Correction
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def enter(number: int, claim=None):
    """So many entries, one release each."""
    claim = claim or cases.out()
    for n in range(1, number + 1):
        published.publish(records.correction(claim, f"entry-{n}", said=f"It was {n}."))
    return list(Correction.objects.published())


def entries() -> list[dict]:
    found = [version.data() for version in Version.objects.filter(kind="correction")]
    return sorted(found, key=lambda document: document["number"])


@pytest.fixture
def unguarded():
    """A database whose rules somebody has taken away."""
    triggers.lift(connection)


def test_entries_are_numbered_from_one_and_each_holds_the_hash_before_it():
    first, second, third = enter(3)
    assert [entry.number for entry in (first, second, third)] == [1, 2, 3]
    assert [entry.previous_hash for entry in (first, second, third)] == ["", first.hash, second.hash]
    assert len({entry.hash for entry in (first, second, third)}) == 3
    assert ledger.verify() == []


def test_the_hash_is_that_of_the_rule_that_readers_are_told():
    (entry,) = enter(1)
    (document,) = entries()
    said = {name: document[name] for name in ledger.HASHED}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert entry.hash == document["hash"] == hashlib.sha256(text.encode()).hexdigest()


def test_two_corrections_in_one_release_follow_each_other_by_their_keys():
    claim = cases.out()
    second, first = records.correction(claim, "b"), records.correction(claim, "a")
    published.publish(second, first)
    assert list(Correction.objects.published()) == [first, second]
    assert ledger.verify() == []


def test_an_entry_comes_before_those_that_correct_it():
    claim = cases.out()
    wrong = records.correction(claim, "z-wrong")
    better = records.correction(claim, "m-better", corrects=wrong)
    best = records.correction(claim, "a-best", corrects=better)
    published.publish(best, better, wrong)
    assert list(Correction.objects.published()) == [wrong, better, best]
    assert [entry["corrects"] for entry in entries()] == [None, wrong.uid, better.uid]
    assert ledger.verify() == []


def test_entries_that_correct_each_other_still_get_their_places():
    claim = cases.out()
    one, other = records.correction(claim, "a"), records.correction(claim, "b")
    Correction.objects.filter(pk=one.pk).update(corrects=other)
    Correction.objects.filter(pk=other.pk).update(corrects=one)
    published.publish(*cases.again(one, other))
    assert list(Correction.objects.published()) == [one, other]
    assert ledger.verify() == []


def test_an_entry_published_again_stays_as_it_is():
    (entry,) = enter(1)
    outcome = published.publish(entry)
    assert (outcome.release, outcome.unchanged) == (None, [entry])


@pytest.mark.parametrize("field", ["said", "right", "number", "hash", "key", "editing_state"])
def test_a_published_entry_is_never_changed(field):
    (entry,) = enter(1)
    value = {"number": 9, "editing_state": "in-review"}.get(field, "another")
    with pytest.raises(IntegrityError, match="An entry of the ledger never changes"), transaction.atomic():
        Correction.objects.filter(pk=entry.pk).update(**{field: value})
    with pytest.raises(IntegrityError, match="An entry of the ledger never changes"), transaction.atomic():
        Correction.objects.filter(pk=entry.pk).delete()


def test_a_draft_is_changed_and_deleted_freely():
    draft = records.correction(cases.out())
    Correction.objects.update(said="Otherwise.")
    draft.delete()
    assert ledger.verify() == []


# --- what has been tampered with ------------------------------------------------------------------------------


def _rewrite(entry: int, seal: bool = False, **changes) -> None:
    """Alter the published text of an entry; with `seal`, also what its version was sealed with."""
    version = next(v for v in Version.objects.filter(kind="correction") if v.data()["number"] == entry)
    text = canonical_json({**version.data(), **changes})
    sealed = {"sha256": hashlib.sha256(text.encode()).hexdigest()} if seal else {}
    Version.objects.filter(pk=version.pk).update(document=text, **sealed)


def test_an_altered_text_is_named(unguarded):
    enter(3)
    _rewrite(2, said="It never was.")
    assert ledger.verify() == [
        "Entry № 2 is not the text that its version was sealed with.",
        "Entry № 2 is not what was published: its hash does not fit its text.",
        "Entry № 2 reads differently at the desk.",
    ]


def test_a_text_altered_with_its_hash_breaks_the_chain_behind_it(unguarded):
    enter(3)
    altered = {**entries()[1], "said": "It never was."}
    _rewrite(2, seal=True, said="It never was.", hash=ledger.digest(altered))
    assert ledger.verify() == [
        "Entry № 3 does not follow the entry before it.",
        "Entry № 2 reads differently at the desk.",
    ]


@pytest.mark.parametrize(
    ("number", "faults"),
    [
        (
            1,
            [
                "After entry № 0 comes № 2.",
                "Entry № 2 does not follow the entry before it.",
                "Entry № 1 is missing from the book.",
            ],
        ),
        (
            2,
            [
                "After entry № 1 comes № 3.",
                "Entry № 3 does not follow the entry before it.",
                "Entry № 2 is missing from the book.",
            ],
        ),
        (3, ["Entry № 3 is missing from the book."]),
    ],
)
def test_a_removed_entry_is_named_even_the_last(unguarded, number, faults):
    entry = enter(3)[number - 1]
    Record.objects.filter(uid=entry.uid).delete()
    Version.objects.filter(uid=entry.uid).delete()
    assert ledger.verify() == faults


def test_an_entry_that_the_desk_has_lost_is_named(unguarded):
    enter(2)
    Correction.objects.filter(number=2).delete()
    assert ledger.verify() == ["Entry № 2 is missing at the desk."]


def test_an_entry_altered_at_the_desk_alone_is_named(unguarded):
    enter(2)
    Correction.objects.filter(number=1).update(said="It never was.")
    assert ledger.verify() == ["Entry № 1 reads differently at the desk."]


def test_entries_that_changed_places_are_named(unguarded):
    enter(3)
    _rewrite(1, seal=True, number=7)
    _rewrite(2, seal=True, number=1)
    _rewrite(7, seal=True, number=2)
    faults = ledger.verify()
    for number in (1, 2):
        assert f"Entry № {number} does not follow the entry before it." in faults
        assert f"Entry № {number} is not what was published: its hash does not fit its text." in faults
        assert f"Entry № {number} reads differently at the desk." in faults


@given(
    st.integers(0, 4),
    st.sampled_from(["said", "right", "claim", "published_at", "previous_hash", "hash", "corrects"]),
    st.text(min_size=1).filter(lambda value: value != "x"),
)
def test_no_alteration_of_any_entry_goes_unnoticed(place, name, value):
    chain, before = [], ""
    for number in range(1, 6):
        document = dict.fromkeys(ledger.HASHED, "x") | {"number": number, "previous_hash": before}
        document["hash"] = before = ledger.digest(document)
        chain.append(document)
    assert ledger.faults(chain) == []
    chain[place] = {**chain[place], name: value}
    assert ledger.faults(chain) != []


# --- the command ----------------------------------------------------------------------------------------------


def test_the_command_says_that_the_ledger_holds():
    enter(2)
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue() == "The ledger holds: every entry is there, in its place, as it was published.\n"


def test_the_command_names_what_is_wrong_and_fails(unguarded):
    enter(2)
    Correction.objects.filter(number=1).update(said="It never was.")
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_ledger", stdout=out)
    assert stopped.value.code == 1
    assert out.getvalue() == ("The ledger does not hold:\n  Entry № 1 reads differently at the desk.\n")


# --- two publishers at once -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_publishers_at_once_make_one_chain():
    claim = cases.out()
    drafts = [records.correction(claim, f"entry-{n}") for n in range(6)]
    by, start, failures = published.publisher(), threading.Barrier(2), []

    def publish(some):
        try:
            start.wait(timeout=20)
            for draft in some:
                writing.release([draft], by=by, why="At the same time.")
        except Exception as failure:  # a thread's failure would go unseen
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=[drafts[n::2]]) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert [entry.number for entry in Correction.objects.published()] == [1, 2, 3, 4, 5, 6]
    assert ledger.verify() == []
    assert writing.rebuild_book() == []
