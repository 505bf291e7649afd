"""What readers see of a merge: nothing until it is published, and no link that leads nowhere at any time."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kb.book import merging, reading, writing
from kb.intake import Challenge, accept
from kb.merging.carrying_out import merge
from kb.merging.undoing import undo_merge
from kb.models import Claim, Place, Rebuttal
from sources.models import Snapshot, Source
from tests.book import cases
from tests.kb import published, records
from tests.kb.crawling import crawl
from tests.merging.worlds import somebody

pytestmark = pytest.mark.django_db


def editor() -> Any:
    return somebody("editor", "Editor")


def two_places() -> tuple[Place, Place, Claim]:
    """Two published places that are one, and a published claim about the one that goes."""
    kept, merged = records.place("iturup", "Iturup"), records.place("etorofu", "Etorofu")
    claim = cases.said()
    claim.places.add(merged)
    published.publish(kept, merged, *(row.source for row in claim.appearances.all()), claim)
    return kept, merged, claim


def pages(client: Client) -> dict[str, str]:
    """What can be reached from the home page; old versions may link to an old address, which leads on."""
    found, problems = crawl(client)
    assert [problem for problem in problems if not problem.endswith(": 301")] == []
    # Each form has a token of its own.
    return {address: page for address, page in found.items() if not address.startswith("/challenge/")}


def publish(*given: Any) -> writing.Outcome:
    return published.publish(*given, why="They are one.")


def test_merging_changes_no_public_byte(client: Client) -> None:
    kept, merged, _ = two_places()
    before, book = pages(client), cases.snapshot()
    merge(kept, merged, by=editor(), why="One island")
    assert pages(client) == before
    assert cases.snapshot() == book
    assert writing.rebuild_book() == []


def test_the_next_release_leads_the_old_address_on_and_its_versions_stay(client: Client) -> None:
    kept, merged, claim = two_places()
    merge(kept, merged, by=editor(), why="One island")
    outcome = publish(kept, claim)
    assert [record.key for record, _ in outcome.published] == ["iturup", "islands-taken"]
    moved = client.get("/places/etorofu/")
    assert (moved.status_code, moved["Location"]) == (301, "/places/iturup/")
    old = client.get("/places/etorofu/v/1/")
    assert old.status_code == 200
    assert "Etorofu" in old.content.decode()
    assert 'href="/places/iturup/"' in old.content.decode()
    found = pages(client)
    assert 'href="/places/iturup/"' in found["/claims/islands-taken/"]
    assert "Etorofu" in found["/places/iturup/"]
    assert [entry.record.key for entry in reading.places()] == ["iturup"]
    assert writing.rebuild_book() == []


def test_what_refers_to_the_merged_record_has_to_go_out_with_it() -> None:
    kept, merged, claim = two_places()
    merge(kept, merged, by=editor(), why="One island")
    kept.refresh_from_db()
    with pytest.raises(writing.Blocked) as blocked:
        publish(kept)
    assert [str(blocker.needs) for blocker in blocked.value.blockers] == [claim.statement]
    assert "“Etorofu”, which was merged into “iturup”" in str(blocked.value)
    assert [record.key for record in writing.with_requirements([kept])] == ["iturup", "islands-taken"]
    # The other way about nothing is in the way: the claim may name the kept place before the merge goes out.
    publish(claim)
    assert merging.state_of(merged.uid) == merging.WAITS
    publish(kept)
    assert merging.state_of(merged.uid) == merging.LED


def test_a_record_never_published_takes_the_place_of_a_published_one(client: Client) -> None:
    kept, merged = records.topic("islands"), records.topic("isles")
    published.publish(merged)
    merge(kept, merged, by=editor(), why="One subject")
    publish(kept)
    assert client.get("/topics/isles/")["Location"] == "/topics/islands/"
    assert writing.rebuild_book() == []


def test_merges_in_a_row_lead_to_the_last(client: Client) -> None:
    one, two, three = (records.topic(key) for key in ("one", "two", "three"))
    published.publish(one, two, three)
    merge(two, one, by=editor(), why="Same")
    publish(two)
    merge(three, two, by=editor(), why="Same")
    assert client.get("/topics/one/")["Location"] == "/topics/two/"
    publish(three)
    assert client.get("/topics/one/")["Location"] == "/topics/three/"
    assert client.get("/topics/two/")["Location"] == "/topics/three/"
    assert reading.labels([one.uid])[one.uid].key == "three"
    assert writing.rebuild_book() == []


def test_two_merges_that_wait_go_out_together(client: Client) -> None:
    one, two, three = (records.topic(key) for key in ("one", "two", "three"))
    published.publish(one, two, three)
    merge(two, one, by=editor(), why="Same")
    merge(three, two, by=editor(), why="Same")
    publish(three)
    assert [client.get(f"/topics/{key}/")["Location"] for key in ("one", "two")] == ["/topics/three/"] * 2


def test_what_refers_to_it_may_have_been_merged_itself(client: Client) -> None:
    kept, merged, claim = two_places()
    other = cases.out("islands-seized")
    merge(kept, merged, by=editor(), why="One island")
    merge(other, claim, by=editor(), why="One claim")
    kept.refresh_from_db()
    assert [record.key for record in writing.with_requirements([kept])] == ["iturup", "islands-seized"]
    publish(kept, other)
    assert client.get("/claims/islands-taken/")["Location"] == "/claims/islands-seized/"
    pages(client)
    assert writing.rebuild_book() == []


def test_a_withdrawn_record_keeps_its_tombstone(client: Client) -> None:
    kept, merged = records.topic("islands"), records.topic("isles")
    published.publish(kept, merged)
    published.withdraw(merged)
    merge(kept, merged, by=editor(), why="One subject")
    publish(kept)
    assert client.get("/topics/isles/").status_code == 410
    assert merging.state_of(merged.uid) == merging.GONE


def test_undone_before_it_was_published_readers_never_knew(client: Client) -> None:
    kept, merged, _ = two_places()
    before = pages(client)
    done = merge(kept, merged, by=editor(), why="One island")
    undo_merge(done, by=editor())
    kept.refresh_from_db()
    outcome = publish(kept, Place.objects.get(key="etorofu"))
    assert outcome.release is None
    assert pages(client) == before


def test_undone_afterwards_it_can_be_published_again(client: Client) -> None:
    kept, merged, claim = two_places()
    done = merge(kept, merged, by=editor(), why="One island")
    publish(kept, claim)
    undo_merge(done, by=editor())
    assert client.get("/places/etorofu/").status_code == 301
    back = Place.objects.get(key="etorofu")
    outcome = publish(back, kept, claim)
    assert ("etorofu", 2) in [(record.key, number) for record, number in outcome.published]
    assert client.get("/places/etorofu/").status_code == 200
    assert 'href="/places/etorofu/"' in pages(client)["/claims/islands-taken/"]
    assert writing.rebuild_book() == []


@pytest.mark.parametrize("same_text", [True, False])
def test_whole_texts_stay_readable_until_and_after_the_release(client: Client, same_text: bool) -> None:
    kept, merged = records.source("book"), records.source("copy")
    for source, text in ((kept, records.TEXT), (merged, records.TEXT if same_text else "Another edition.")):
        snapshot = records.snapshot(source, text)
        Snapshot.objects.filter(pk=snapshot.pk).update(rights="public")
    published.publish(kept, merged)
    before = pages(client)
    done = merge(kept, merged, by=editor(), why="One book")
    assert writing.rebuild_book() == []
    assert pages(client) == before
    publish(kept)
    assert writing.rebuild_book() == []
    texts = {row.text for row in reading.source_texts(kept.uid)}
    assert texts == ({records.TEXT} if same_text else {records.TEXT, "Another edition."})
    undo_merge(done, by=editor())
    publish(Source.objects.get(key="copy"), kept)
    assert {"/sources/book/", "/sources/copy/"} <= pages(client).keys()
    assert writing.rebuild_book() == []


def test_a_challenge_to_the_merged_claim_reaches_the_kept_one() -> None:
    kept, merged = cases.out("islands-taken"), cases.out("islands-seized")
    said = merged.appearances.get()
    merge(kept, merged, by=editor(), why="One claim")
    accept(
        Challenge(claim=merged.uid, scope="date", text="Later.", appearances=[said.uid]), address="192.0.2.1"
    )
    rebuttal = Rebuttal.objects.get()
    assert (rebuttal.claim, list(rebuttal.appearances.all())) == (kept, [said])


def test_what_a_published_record_leads_to_is_not_deleted() -> None:
    kept, merged = records.topic("islands"), records.topic("isles")
    published.publish(merged)
    merge(kept, merged, by=editor(), why="One subject")
    with pytest.raises(IntegrityError, match="What has been published is not deleted"), transaction.atomic():
        kept.delete()


def test_what_was_published_is_still_not_deleted_after_a_merge_was_undone() -> None:
    kept, merged = records.topic("islands"), records.topic("isles")
    published.publish(merged)
    undo_merge(merge(kept, merged, by=editor(), why="One subject"), by=editor())
    with pytest.raises(IntegrityError, match="What has been published is not deleted"), transaction.atomic():
        type(merged).objects.get(key="isles").delete()
