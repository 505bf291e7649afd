"""What moves, what falls together, and what cannot be merged; and what undoing refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kb.editorial.aggregate import Aggregate
from kb.merging import carrying_out
from kb.merging.carrying_out import merge
from kb.merging.changes import MergeRefused
from kb.merging.planning import moving, plan_merge
from kb.merging.undoing import undo_merge
from kb.models import (
    Appearance,
    Assessment,
    Assignment,
    Attribute,
    Claim,
    Conflict,
    Delivery,
    Evidence,
    Merge,
    NamingRule,
    Place,
    PlaceName,
    Rebuttal,
    StatedValue,
)
from sources.models import Agent, Contribution, Snapshot, Source
from tests.kb import published, records
from tests.merging.worlds import everything, somebody, whole

pytestmark = pytest.mark.django_db


def one(kept: Aggregate, merged: Aggregate, **given: Any) -> Merge:
    done = merge(kept, merged, by=somebody(), why="They are one", **given)
    kept.refresh_from_db()
    whole()
    return done


def obstacles(kept: Aggregate, merged: Aggregate) -> list[str]:
    before = everything()
    found = plan_merge(kept, merged).obstacles
    with pytest.raises(MergeRefused) as refused:
        merge(kept, merged, by=somebody(), why="They are one")
    assert refused.value.messages == found
    assert everything() == before
    return found


def assess(claim: Claim, **fields: Any) -> Assessment:
    editor = somebody()
    given = {"rating": "accurate", "rationale": "So it was.", "proposed_by": editor}
    given |= {"confirmed_by": editor, "confirmed_at": timezone.now()}
    return Assessment.objects.create(claim=claim, **{**given, **fields})


class TestFields:
    def test_empty_ones_are_filled_and_the_others_stay(self) -> None:
        kept = records.source("kept", publisher="", volume="1", language="und")
        merged = records.source("merged", publisher="Press", volume="2", language="ja")
        done = one(kept, merged)
        assert (kept.title, kept.publisher, kept.volume, kept.language) == ("The kept", "Press", "1", "ja")
        assert done.told["taken"] == ["Publisher", "Language"]

    def test_the_editor_chooses(self) -> None:
        kept, merged = records.agent("japan"), records.agent("nippon", note="A state.")
        one(kept, merged, choices={"name": "merged", "note": "kept"})
        assert (kept.key, kept.name, kept.note) == ("japan", "Nippon", "")

    def test_what_means_something_only_together_stays_together(self) -> None:
        kept = records.source("kept", standing="corrected", standing_since="2020")
        merged = records.source("merged", standing="retracted", standing_notice="https://example.org/notice")
        one(kept, merged)
        assert (kept.standing, kept.standing_since, kept.standing_notice) == ("corrected", "2020", "")
        one(kept, records.source("third", standing="removed"), choices={"standing": "merged"})
        assert (kept.standing, kept.standing_since) == ("removed", "")

    def test_computed_columns_follow(self) -> None:
        kept, merged = records.event("landing"), records.event("landings", when="1945-08-18")
        one(kept, merged)
        assert kept.when_earliest == kept.when_span.earliest

    def test_what_would_not_be_right_is_refused(self) -> None:
        kept, merged = records.agent("japan", wikidata=""), records.agent("nippon")
        Agent.objects.filter(pk=merged.pk).update(wikidata="nonsense")
        before = everything()
        with pytest.raises(MergeRefused, match="Wikidata"):
            merge(kept, merged, by=somebody(), why="One state")
        assert everything() == before


class TestRows:
    def test_a_name_that_both_have_stays_once_with_what_either_says_of_it(self) -> None:
        kept, merged = records.place("iturup", "Iturup", "Etorofu"), records.place("etorofu", "Etorofu")
        japan = records.agent()
        other = merged.names.get()
        other.used_by.add(japan)
        PlaceName.objects.filter(pk=other.pk).update(when="1905")
        PlaceName.objects.filter(place=kept, text="Etorofu").update(locator="p. 3")
        reading = PlaceName.objects.create(
            place=merged, text="Etorofu-tō", language="ja-Latn", romanisation_of=other
        )
        done = one(kept, merged)
        assert sorted(kept.names.values_list("text", flat=True)) == ["Etorofu", "Etorofu-tō", "Iturup"]
        name = kept.names.get(text="Etorofu")
        assert (name.when, name.locator, list(name.used_by.all())) == ("1905", "p. 3", [japan])
        assert PlaceName.objects.filter(when_earliest__isnull=False).get() == name
        reading.refresh_from_db()
        assert reading.romanisation_of == name
        assert done.told["falls"] == []

    def test_of_two_names_that_both_have_the_one_goes_on_being_spelt_from_the_other(self) -> None:
        kept, merged = records.place("iturup", "Etorofu", "択捉"), records.place("etorofu", "Etorofu", "択捉")
        merged.names.filter(text="Etorofu").update(romanisation_of=merged.names.get(text="択捉"))
        before = everything()
        done = one(kept, merged)
        assert kept.names.get(text="Etorofu").romanisation_of == kept.names.get(text="択捉")
        undo_merge(done, by=somebody())
        whole()
        assert everything() == before

    def test_what_both_say_differently_of_one_name_is_told(self) -> None:
        kept, merged = records.place("iturup", "Iturup"), records.place("etorofu", "Iturup")
        PlaceName.objects.filter(place=kept).update(locator="p. 1")
        PlaceName.objects.filter(place=merged).update(locator="p. 2")
        assert one(kept, merged).told["falls"] == [
            "Place name “Iturup”: both have it; locator “p. 2” falls away."
        ]

    def test_the_same_appearance_stays_once_and_what_refers_to_it_follows(self) -> None:
        kept, merged, source = records.claim("a"), records.claim("b"), records.source()
        first = records.appearance(kept, source, quote="taken in  August", locator="p. 1")
        again = records.appearance(merged, source, quote="taken in August", translation="Im August")
        challenge = records.rebuttal(merged)
        challenge.appearances.add(again)
        draft = records.correction(merged, rebuttal=challenge)
        delivery = Delivery.objects.create(key="to", correction=draft, appearance=again)
        later = records.appearance(records.claim("c"), source, derived_from=again)
        one(kept, merged)
        first.refresh_from_db()
        assert list(kept.appearances.all()) == [first]
        assert (first.locator, first.translation) == ("p. 1", "Im August")
        for row in (challenge, delivery, later, draft):
            row.refresh_from_db()
        assert list(challenge.appearances.all()) == [first]
        assert (delivery.appearance, later.derived_from) == (first, first)
        assert (challenge.claim, draft.claim) == (kept, kept)

    @pytest.mark.parametrize(
        "other", [{"stance": "denies"}, {"locator": "p. 9"}, {"quote": "taken in July"}, {"claimants": True}]
    )
    def test_two_appearances_that_say_something_different_both_stay(self, other: dict[str, Any]) -> None:
        kept, merged, source = records.claim("a"), records.claim("b"), records.source()
        said = {"quote": "taken in August", "locator": "p. 1"}
        records.appearance(kept, source, **said)
        claimed = other.pop("claimants", False)
        row = records.appearance(merged, source, **{**said, **other})
        if claimed:
            row.claimants.add(records.agent())
        one(kept, merged)
        assert kept.appearances.count() == 2

    def test_a_value_of_both_stays_once(self) -> None:
        kept, merged, source, when = records.claim("a"), records.claim("b"), records.source(), records.event()
        for claim in (kept, merged):
            said = records.appearance(claim, source, quote="in August")
            StatedValue.objects.create(
                claim=claim,
                event=when,
                attribute=Attribute.objects.get(key="began"),
                edtf="1945-08",
                appearance=said,
            )
        one(kept, merged)
        assert (kept.appearances.count(), kept.values.count()) == (1, 1)

    def test_an_author_of_both_sources_is_named_once(self) -> None:
        kept, merged = records.source("a"), records.source("b")
        togo, kimura = records.agent("togo"), records.agent("kimura")
        for source, agent in ((kept, togo), (merged, togo), (merged, kimura)):
            Contribution.objects.create(source=source, agent=agent)
        one(kept, merged)
        assert [c.agent.key for c in kept.contributions.order_by("agent__key")] == ["kimura", "togo"]

    def test_captured_texts_move_whole_with_their_quotes(self) -> None:
        kept, merged, claim = records.source("a"), records.source("b"), records.claim()
        text = records.snapshot(merged)
        said = records.appearance(claim, merged, snapshot=text, quote="taken in August")
        before = Snapshot.objects.values("pk", "uid", "text", "sha256", "captured_at").get()
        done = one(kept, merged)
        assert Snapshot.objects.values("pk", "uid", "text", "sha256", "captured_at").get() == before
        said.refresh_from_db()
        assert (said.source, said.snapshot.source, said.anchor) == (kept, kept, "exact")
        undo_merge(done, by=somebody())
        assert Snapshot.objects.get().source == merged

    def test_a_text_that_both_have_stays_once(self) -> None:
        kept, merged = records.source("a"), records.source("b")
        text, copy = records.snapshot(kept), records.snapshot(merged)
        said = records.appearance(records.claim(), merged, snapshot=copy, quote="taken in August")
        one(kept, merged)
        said.refresh_from_db()
        assert (said.snapshot, list(Snapshot.objects.all())) == (text, [text])

    def test_links_between_the_two_fall_away(self) -> None:
        kept, merged = records.source("a"), records.source("b", in_reply_to=records.source("c"))
        kept.derived_from.add(merged)
        Source.objects.filter(pk=kept.pk).update(in_reply_to=merged)
        done = one(kept, merged)
        assert (list(kept.derived_from.all()), kept.in_reply_to.key) == ([], "c")
        assert done.told["falls"] == ["That “The b” and “The a” are linked (derived from)."]

    def test_histories_and_revisions_tell_of_it(self) -> None:
        kept, merged, claim = records.topic("a"), records.topic("b"), records.claim()
        claim.topics.add(merged)
        claim.refresh_revision()
        revisions = (kept.revision, claim.revision)
        one(kept, merged)
        assert kept.revision > revisions[0]
        assert claim.refresh_revision() > revisions[1]
        entry = claim.history.first()
        assert (entry.history_change_reason, entry.history_user.username) == (
            "Merged “b” into “a”: They are one",
            "editor",
        )
        assert [row.topic_id for row in entry.topics.all()] == [kept.pk]
        assert merged.history.model.objects.filter(id=merged.pk, history_type="-").count() == 1

    def test_what_moves_is_counted_and_the_first_are_named(self) -> None:
        kept, merged = records.topic("a"), records.topic("b")
        for n in range(7):
            records.claim(f"c{n}").topics.add(merged)
        (group,) = moving(plan_merge(kept, merged))
        assert (group.what, group.count, len(group.first), group.more) == ("claims (topics)", 7, 5, 2)

    def test_values_that_now_speak_of_one_event_are_compared(self) -> None:
        kept, merged = records.event("landing"), records.event("landings")
        for event, key, date in ((kept, "a", "1945-08-18"), (merged, "b", "1945-09-01")):
            StatedValue.objects.create(
                claim=records.claim(key),
                event=event,
                attribute=Attribute.objects.get(key="began"),
                edtf=date,
            )
        assert Conflict.objects.count() == 0
        done = one(kept, merged)
        assert Conflict.objects.count() == 1
        undo_merge(done, by=somebody())
        assert Conflict.objects.count() == 0


class TestWork:
    def test_who_has_the_merged_record_in_hand_has_the_kept_one(self) -> None:
        kept, merged = records.topic("a"), records.topic("b")
        given = {"kind": "topic", "assignee": somebody(), "by": somebody(), "at": timezone.now()}
        assignment = Assignment.objects.create(uid=merged.uid, **given)
        before = everything()
        done = one(kept, merged)
        assignment.refresh_from_db()
        assert assignment.uid == kept.uid
        undo_merge(done, by=somebody())
        assert everything() == before

    def test_unless_somebody_has_that(self) -> None:
        kept, merged = records.topic("a"), records.topic("b")
        given = {"kind": "topic", "assignee": somebody(), "by": somebody(), "at": timezone.now()}
        own = Assignment.objects.create(uid=kept.uid, **given)
        Assignment.objects.create(uid=merged.uid, **given)
        before = everything()
        done = one(kept, merged)
        assert list(Assignment.objects.all()) == [own]
        assert done.told["falls"] == ["That editor has “B” in hand."]
        undo_merge(done, by=somebody())
        assert everything() == before

    def test_undone_when_it_is_in_nobodys_hand_any_more(self) -> None:
        kept, merged = records.topic("a"), records.topic("b")
        given = {"kind": "topic", "assignee": somebody(), "by": somebody(), "at": timezone.now()}
        Assignment.objects.create(uid=merged.uid, **given)
        done = one(kept, merged)
        Assignment.objects.all().delete()
        undo_merge(done, by=somebody())
        assert Assignment.objects.count() == 0


class TestRefusals:
    def test_of_two_kinds_or_the_same_record(self) -> None:
        topic = records.topic("a")
        assert obstacles(topic, records.agent()) == ["Two records of different kinds cannot be one."]
        assert obstacles(topic, topic) == ["Choose two records: one cannot be merged into itself."]

    def test_of_kinds_that_are_never_one(self) -> None:
        claim = records.claim()
        assert obstacles(records.rebuttal(claim, "a"), records.rebuttal(claim, "b")) == [
            "A rebuttal cannot be merged into another."
        ]

    def test_an_entry_of_the_ledger_stays_with_its_claim(self) -> None:
        kept, made = records.claim("a"), published.full(1)
        number = made["correction"].__class__.objects.get().number
        assert obstacles(kept, made["claim"]) == [
            f"Correction № {number} is about “Statement of claim-1.”, and an entry of the ledger never changes. Keep "
            "“Statement of claim-1.” and merge “Statement of a.” into it."
        ]
        one(Claim.objects.get(key="claim-1"), kept)

    def test_an_assessed_claim_is_kept(self) -> None:
        kept, merged = records.claim("a"), records.claim("b")
        assess(merged)
        assert obstacles(kept, merged) == [
            "“Statement of b.” has been assessed and “Statement of a.” has not; a confirmed assessment never changes. "
            "Keep “Statement of b.” and merge “Statement of a.” into it."
        ]

    def test_of_two_assessed_claims_each_judgement_stays_with_what_it_judged(self) -> None:
        kept, merged = records.claim("a"), records.claim("b")
        own, other = assess(kept), assess(merged, rating="inaccurate")
        proposal = assess(merged, confirmed_by=None, confirmed_at=None, judged_revision=3)
        records.appearance(merged, records.source())
        before = everything()
        done = one(kept, merged)
        assert set(kept.assessments.all()) == {own, proposal}
        assert kept.assessments.get(pk=proposal.pk).judged_revision is None
        assert kept.stale_since is not None
        assert len(done.told["falls"]) == 1
        undo_merge(done, by=somebody())
        assert everything() == before
        assert Assessment.objects.get(pk=other.pk).rating == "inaccurate"

    @pytest.mark.parametrize("turned", [False, True])
    def test_a_chain_that_would_go_in_a_circle(self, turned: bool) -> None:
        top, below = records.place("top"), records.place("below")
        between = records.place("between", part_of=top)
        Place.objects.filter(pk=below.pk).update(part_of=between)
        kept, merged = (below, top) if turned else (top, below)
        assert obstacles(kept, merged) == [
            "“Part of” would go in a circle: it leads from one of the two to “between”, and from there to the other. "
            "Change that first."
        ]

    def test_a_list_that_would_go_in_a_circle(self) -> None:
        first, second, third = (records.source(key) for key in ("first", "second", "third"))
        second.derived_from.add(first)
        third.derived_from.add(second)
        assert "“Derived from” would go in a circle" in obstacles(first, third)[0]

    def test_a_rebuttal_that_knows_them_for_two(self) -> None:
        kept, merged = records.claim("a"), records.claim("b")
        records.rebuttal(kept).counterclaims.add(merged)
        assert obstacles(kept, merged) == [
            "The rebuttal “comment” sets one of these claims against the other, so they are not the same. If they are, "
            "take the counterclaim out of it first."
        ]

    def test_a_value_that_would_lean_on_its_own_event(self) -> None:
        kept, merged = records.event("landing"), records.event("surrender")
        StatedValue.objects.create(
            claim=records.claim(),
            event=merged,
            attribute=Attribute.objects.get(key="began"),
            relation="before",
            relative_to=kept,
        )
        assert "names both, as “event” and as “relative to”" in obstacles(kept, merged)[0]

    def test_a_rule_that_orders_the_two(self) -> None:
        kept, merged = records.agent("a"), records.agent("b")
        NamingRule.objects.create(policy=records.naming_policy(), first=kept, second=merged)
        assert "names both, as “first” and as “second”" in obstacles(kept, merged)[0]

    def test_into_a_withdrawn_record_that_readers_would_be_led_to(self) -> None:
        kept, merged = records.topic("a"), records.topic("b")
        published.publish(kept, merged)
        published.withdraw(kept)
        assert "“A” is withdrawn" in obstacles(kept, merged)[0]

    def test_without_a_reason(self) -> None:
        with pytest.raises(MergeRefused, match="Say why"):
            merge(records.topic("a"), records.topic("b"), by=somebody(), why="  ")

    def test_what_is_not_there_any_more(self) -> None:
        kept, merged = records.topic("a"), records.topic("b")
        type(merged).objects.filter(pk=merged.pk).delete()
        with pytest.raises(MergeRefused, match="not there any more"):
            merge(kept, merged, by=somebody(), why="Same")

    def test_without_the_rights(self) -> None:
        kept, merged = records.topic("a"), records.topic("b")
        with pytest.raises(PermissionDenied):
            merge(kept, merged, by=somebody("contributor", "Contributor"), why="Same")
        done = one(kept, merged)
        with pytest.raises(PermissionDenied):
            undo_merge(done, by=somebody("contributor", "Contributor"))

    def test_the_right_is_asked_for_before_any_rule_is_told(self) -> None:
        kept, merged = records.topic("a"), records.topic("b")
        contributor = somebody("contributor", "Contributor")
        for pair, why in (((kept, kept), "Same"), ((kept, merged), " "), ((kept, Agent(pk=1)), "Same")):
            with pytest.raises(PermissionDenied):
                merge(*pair, by=contributor, why=why)
        done = undo_merge(one(kept, merged), by=somebody())
        with pytest.raises(PermissionDenied):
            undo_merge(done, by=contributor)

    def test_without_the_right_to_change_what_moves_no_rule_is_told(self) -> None:
        kept, merged = records.topic("a"), records.topic("b")
        records.claim().topics.add(merged)
        keeper = records.account("keeper")
        keeper.user_permissions.set(Permission.objects.filter(codename__in=["change_topic", "delete_topic"]))
        with pytest.raises(PermissionDenied, match="Changing claims"):
            merge(kept, merged, by=keeper, why=" ")

    @pytest.mark.parametrize("at", range(1, 12))
    def test_broken_off_at_any_statement_nothing_has_happened(
        self, at: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = records.full(2)
        kept = records.claim("kept")
        before, calls = everything(), 0

        def counting(name: str) -> Any:
            act = getattr(carrying_out.storing, name)

            def counted(*args: Any, **kwargs: Any) -> Any:
                nonlocal calls
                calls += 1
                if calls == at:
                    raise RuntimeError("The power went out.")
                return act(*args, **kwargs)

            return counted

        for name in ("update", "delete", "insert", "note_history"):
            monkeypatch.setattr(carrying_out.storing, name, counting(name))
        with pytest.raises(RuntimeError), transaction.atomic():
            merge(kept, made["claim"], by=somebody(), why="Same")
        assert everything() == before
        assert Merge.objects.count() == 0


class TestUndoing:
    def test_twice(self) -> None:
        done = one(records.topic("a"), records.topic("b"))
        undo_merge(done, by=somebody())
        with pytest.raises(MergeRefused, match="was undone on"):
            undo_merge(done, by=somebody())

    def test_what_came_to_the_kept_record_since_stays_with_it(self) -> None:
        kept, merged = records.topic("a"), records.topic("b")
        done = one(kept, merged)
        later = records.claim("later")
        later.topics.add(kept)
        undo_merge(done, by=somebody())
        assert list(later.topics.all()) == [kept]

    def refused(self, done: Merge) -> list[str]:
        before = everything()
        with pytest.raises(MergeRefused) as caught:
            undo_merge(done, by=somebody())
        assert everything() == before
        return caught.value.messages

    def test_a_row_that_was_changed_since_is_named(self) -> None:
        kept, merged = records.claim("a"), records.claim("b")
        Evidence.objects.create(claim=merged, source=records.source(), relation="supports")
        done = one(kept, merged)
        Evidence.objects.update(claim=records.claim("c"))
        assert self.refused(done) == ["The evidence “The editorial supports” was changed since."]

    def test_a_field_that_was_changed_since_is_named(self) -> None:
        kept, merged = records.agent("a"), records.agent("b", note="Who it is.")
        done = one(kept, merged)
        Agent.objects.update(note="Somebody else.")
        assert self.refused(done) == ["The agent “A” was changed since."]

    def test_a_link_that_was_taken_away_since(self) -> None:
        kept, merged, claim = records.topic("a"), records.topic("b"), records.claim()
        claim.topics.add(merged)
        done = one(kept, merged)
        claim.topics.clear()
        assert self.refused(done) == ["A list of claims was deleted since."]

    def test_the_key_given_to_another(self) -> None:
        done = one(records.topic("a"), records.topic("b"))
        records.topic("b")
        assert self.refused(done) == [
            "The key “b” was given to another record since. Change that one’s key first."
        ]

    def test_the_kept_one_merged_or_deleted_since(self) -> None:
        kept = records.topic("a")
        done = one(kept, records.topic("b"))
        last = records.topic("c")
        second = one(last, kept)
        assert self.refused(done) == ["“A” was merged into “C” since. Undo that first."]
        undo_merge(second, by=somebody())
        type(kept).objects.filter(key="a").delete()
        assert self.refused(done) == ["“A” was deleted since, so nothing can be moved back from it."]

    def test_a_proposal_that_was_confirmed_since(self) -> None:
        kept, merged = records.claim("a"), records.claim("b")
        proposal = assess(merged, confirmed_by=None, confirmed_at=None)
        done = one(kept, merged)
        Assessment.objects.filter(pk=proposal.pk).update(confirmed_by=somebody(), confirmed_at=timezone.now())
        assert self.refused(done) == [
            "The assessment “accurate: Statement of a.” became final since, and stays with “Statement of a.”."
        ]

    def test_a_claim_assessed_since_stands_as_it_does_now(self) -> None:
        kept, merged = records.claim("a"), records.claim("b")
        assess(kept)
        records.appearance(merged, records.source())
        done = one(kept, merged)
        assert kept.stale_since is not None
        Claim.objects.update(stale_since=None, stale_reason="")
        undo_merge(done, by=somebody())
        kept.refresh_from_db()
        # What was judged with the appearance has lost it again.
        assert kept.stale_reason == "quote"


def test_every_kind_that_refers_to_a_rebuttals_claim_follows_it() -> None:
    made = records.full(3)
    kept = records.claim("kept")
    one(kept, made["claim"])
    assert {row.claim for row in Rebuttal.objects.all()} == {kept}
    assert Appearance.objects.filter(claim=kept).count() == 3
