"""The history of a record at the desk, any two states side by side, and the way back to one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kb import workflow
from kb.book.models import Release
from kb.history import entries
from kb.models import Claim, Delivery, Evidence, ImportBatch, Place, PlaceName, Topic
from kb.spreadsheets.undoing import undo
from tests.kb import published, records
from tests.kb.admin_forms import posted, with_row
from tests.spreadsheets.sheets import everything, imported, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(client: Client) -> Client:
    client.force_login(records.account("head", "Editor", "Publisher", is_superuser=True))
    return client


def address(name: str, record: Any) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{name}", args=[record.pk])


def history(client: Client, record: Any, **asked: str) -> list[Any]:
    response = client.get(address("history", record), asked)
    assert response.status_code == 200
    return [entry for entry, _ in response.context["rows"]]


def told(entry: Any) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    return [(t.what, t.done, [(c.path, c.before, c.after) for c in t.changes]) for t in entry.rows]


def in_words(html: str) -> str:
    """What is struck out and marked in the differences of a page."""
    rows = re.findall(r"<th scope=\"row\">(.*?)</th>\s*<td>(.*?)</td>", html, re.DOTALL)
    found = []
    for where, text in rows:
        text = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", text)
        text = re.sub(r"<del>(.*?)</del>", r"[-\1-]", text, flags=re.DOTALL)
        text = re.sub(r"<ins>(.*?)</ins>", r"[+\1+]", text, flags=re.DOTALL)
        found.append(f"{where}: {re.sub('<[^>]+>', '', text)}")
    return " | ".join(found)


# --- what was done --------------------------------------------------------------------------------------------


def test_one_save_is_one_entry_with_the_fields_of_the_record_and_of_its_rows(head: Client) -> None:
    place = records.place("iturup", "Iturup")
    data = posted(head, address("change", place))
    data = {**data, "names-0-text": "Etorofu", "kind": "archipelago"}
    head.post(address("change", place), with_row(data, "names", text="択捉島", language="ja", kind="endonym"))
    newest, first = history(head, place)
    assert (newest.who, newest.what) == ("head", "Place changed")
    assert told(newest) == [
        ("Place", "changed", [("Kind", "island", "archipelago")]),
        ("Place name “択捉島”", "added",
         [("Text", "", "択捉島"), ("Language", "", "ja"), ("Kind", "", "endonym")]),
        ("Place name “Etorofu”", "changed", [("Text", "Iturup", "Etorofu")]),
    ]  # fmt: skip
    assert (first.who, first.what, [t.done for t in first.rows]) == (
        "a command or an import", "Place added", ["added", "added"],
    )  # fmt: skip


def test_links_are_told_by_what_they_are_called(head: Client) -> None:
    event, place = records.event(), records.place("iturup")
    data = posted(head, address("change", event))
    head.post(address("change", event), {**data, "places": [str(place.pk)]})
    assert told(history(head, event)[0]) == [("Event", "changed", [("Places", "", "iturup")])]


def test_what_was_deleted_is_told_whole(head: Client) -> None:
    claim, agent = records.claim(), records.agent()
    said = records.appearance(claim, records.source(), locator="p. 4")
    said.claimants.add(agent)
    said._history_user = records.account("deleter")
    said.delete()
    newest = history(head, claim)[0]
    assert (newest.what, newest.who) == ("Appearance “The editorial” deleted", "deleter")
    assert told(newest)[0][2] == [
        ("Source", "The editorial", ""),
        ("Locator", "p. 4", ""),
        ("Stance", "asserts", ""),
        ("Fidelity", "verbatim", ""),
        ("Anchor", "no text to look in", ""),
        ("Claimants", "Japan", ""),
    ]


def test_a_row_that_was_moved_here_says_so(head: Client) -> None:
    claim, other = records.claim(), records.claim("other")
    said = records.appearance(other, records.source())
    said._history_user = records.account("mover")
    said.claim = claim
    said.save()
    assert history(head, claim)[0].what == "Appearance “The editorial” moved here from another record"


def test_a_release_that_only_mentions_the_record_is_no_withdrawal(head: Client) -> None:
    claim = published.full(1)["claim"]
    Release.objects.create(
        number=99,
        at=timezone.now(),
        by=published.publisher(),
        why="Ruled.",
        acts=f'{{"rulings":["{claim.uid}"]}}',
    )
    assert "Withdrawn from readers" not in [entry.what for entry in history(head, claim)]


def test_steps_stand_there_as_steps_with_who_and_why(head: Client) -> None:
    claim, source = records.claim(), records.source()
    records.appearance(claim, source)
    by, other = published.publisher(), published.publisher()
    workflow.submit([claim], by=by)
    workflow.return_to_draft([claim], by=other, why="The quote is missing. " * 9)
    proposal = workflow.propose_assessment(claim, rating="inaccurate", rationale="It was later.", by=by)
    workflow.confirm_assessment(proposal, by=other)
    published.publish(source, claim, why="It is judged.")
    published.withdraw(claim, why="It was unsound.")
    steps = [(entry.what, entry.why) for entry in history(head, claim)]
    assert steps == [
        ("Withdrawn from readers", "It was unsound."),
        ("Published as version 1", "It is judged."),
        ("Assessment confirmed: inaccurate", ""),
        ("Returned to draft", "The quote is missing. " * 9),
        ("Handed in for review", ""),
        ("Claim added", ""),
    ]
    handed = [entry.who for entry in history(head, claim) if entry.what.startswith(("Ret", "Handed"))]
    assert handed == [str(other), str(by)]


def test_an_edit_after_publishing_does_not_tell_that_review_ended(head: Client) -> None:
    claim, source = records.claim(), records.source()
    records.appearance(claim, source)
    workflow.submit([claim], by=published.publisher())
    published.publish(source, claim)
    claim.statement = "Another."
    claim.save()
    assert told(history(head, claim)[0]) == [
        ("Claim", "changed", [("Statement", "Statement of islands-taken.", "Another.")])
    ]


def test_decisions_and_answers_stand_there(head: Client) -> None:
    made = published.full(1)
    by = published.publisher()
    workflow.decide_rebuttal(made["rebuttal"], decision="rejected", reason="The source says so.", by=by)
    delivery = Delivery.objects.get()
    workflow.record_contact(delivery, by=by, how="By letter.")
    workflow.record_answer(delivery, by=by, outcome="corrected", answer="We did.")
    assert history(head, made["rebuttal"])[0].what == "Decided: rejected"
    assert ("Reason", "", "The source says so.") in told(history(head, made["rebuttal"])[0])[0][2]
    assert history(head, delivery)[0].what == "The publisher’s answer: corrected"


def test_an_import_and_what_took_it_back_link_to_its_batch(head: Client) -> None:
    records.full(1)
    imported(table("topics", "key name", ["topic-1-0", "Renamed"]))
    batch, topic = ImportBatch.objects.get(), Topic.objects.get(key="topic-1-0")
    undo(batch, rights=everything())
    back, brought = history(head, topic)[:2]
    assert (back.what, back.why, back.batch) == ("Import taken back:", "book.csv", batch.pk)
    assert (brought.what, brought.why, brought.batch) == ("Imported from", "book.csv", batch.pk)
    assert told(brought) == [("Topic", "changed", [("Name", "Topic-1-0", "Renamed")])]
    html = head.get(address("history", topic)).content.decode()
    link = (
        f'Imported from <a href="{reverse("import_batch", args=[batch.pk])}">book.csv, batch {batch.pk}</a>'
    )
    assert link in re.sub(r"\s+", " ", html)


def test_pages_hold_each_entry_once(head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MOMENTS", 3)
    monkeypatch.setattr(entries, "TOGETHER", entries.timedelta(0))
    claim, source = records.claim(), records.source()
    records.appearance(claim, source)
    published.publish(source, claim)
    for number in range(5):
        claim.statement = f"Statement {number}."
        claim.save()
    found, asked = [], {}
    for _ in range(4):
        response = head.get(address("history", claim), asked)
        found.append([entry.what for entry, _ in response.context["rows"]])
        asked = {"before": response.context["page"].older}
        if not asked["before"]:
            break
    assert found == [
        ["Claim changed"] * 3,
        ["Claim changed", "Claim changed", "Published as version 1"],
        ["Appearance “The editorial” added", "Claim added"],
    ]


@pytest.mark.parametrize("before", ["", "v1", "now", "yesterday", "2026-13-01T00:00:00.000000Z"])
def test_what_is_no_moment_has_no_page(head: Client, before: str) -> None:
    assert head.get(address("history", records.topic()), {"before": before}).status_code == 404


def test_pages_ask_no_more_for_many_entries_than_for_one(head: Client) -> None:
    def queries(record: Any, name: str, **asked: str) -> int:
        head.get(address(name, record), asked)
        with CaptureQueriesContext(connection) as captured:
            assert head.get(address(name, record), asked).status_code == 200
        return len(captured)

    one, three = published.full(1)["claim"], published.full(3)["claim"]
    for number in range(3):
        for row in (*three.appearances.all(), *three.evidence.all(), three):
            row.language = row.locator = row.statement = f"x{number}"
            row.save()
        published.publish(three)
    one.statement = "Other."
    one.save()
    for name, asked in (
        ("history", {}),
        ("states", {"from": "v1", "to": "now"}),
        ("restore", {"to": "v1"}),
    ):
        assert queries(one, name, **asked) == queries(three, name, **asked), name


# --- two states -----------------------------------------------------------------------------------------------


def test_any_two_entries_are_compared_word_by_word(head: Client) -> None:
    claim = records.claim(statement="Taken in August.")
    first = history(head, claim)[0].point
    topic = records.topic()
    claim.topics.add(topic)
    records.appearance(claim, records.source(), locator="p. 4")
    claim.statement = "Taken in September."
    claim.save()
    asked = {"from": first, "to": "now"}
    assert in_words(head.get(address("states", claim), asked).content.decode()) == (
        "Statement: Taken in [-August-][+September+]. | Topics: [+Islands+] | "
        "Appearance “The editorial”: [+source: The editorial\nlocator: p. 4\nstance: asserts\nfidelity: verbatim+]"
    )
    html = head.get(address("states", claim), {"from": "now", "to": "now"}).content.decode()
    assert "Nothing differs" in html


def test_what_is_published_is_compared_in_one_click(head: Client) -> None:
    made = published.full(1)
    claim = made["claim"]
    claim.note = "Only for the desk."
    claim.save()
    link = f"{address('states', claim)}?from=published&amp;to=now"
    assert link in head.get(address("history", claim)).content.decode()
    asked = {"from": "published", "to": "now"}
    # What a version does not tell does not differ from it.
    assert "Nothing differs" in head.get(address("states", claim), asked).content.decode()
    claim.statement = "Another statement."
    claim.save()
    assert in_words(head.get(address("states", claim), asked).content.decode()).startswith("Statement: ")


def test_two_versions_are_compared_by_what_readers_were_told(head: Client) -> None:
    claim, by, other = published.full(1)["claim"], published.publisher(), published.publisher()
    proposal = workflow.propose_assessment(claim, rating="inaccurate", rationale="It was later.", by=by)
    workflow.confirm_assessment(proposal, by=other)
    published.publish(claim)
    html = head.get(address("states", claim), {"from": "v1", "to": "v2"}).content.decode()
    assert "Assessment, rating: [+Inaccurate+]" in in_words(html)


@pytest.mark.parametrize("point", ["", "v9", "later", "published", "1999-01-01T00:00:00.000000Z"])
def test_what_is_no_state_is_not_found(head: Client, point: str) -> None:
    topic = records.topic()
    assert head.get(address("states", topic), {"from": point, "to": "now"}).status_code == 404
    assert head.get(address("states", topic), {"from": "v1", "to": point}).status_code == 404
    assert head.get(address("restore", topic), {"to": point}).status_code == 404


# --- the way back ---------------------------------------------------------------------------------------------


def test_restoring_shows_what_changes_does_it_and_says_so(head: Client) -> None:
    claim = published.full(1)["claim"]
    uid = claim.evidence.get().uid
    claim.evidence.get().delete()
    claim.statement = "Said otherwise."
    claim.save()
    public = Client().get(reverse("claim", args=[claim.key])).content
    response = head.get(address("restore", claim), {"to": "v1"})
    assert in_words(response.content.decode()).startswith(
        "Statement: [-Said otherwise.-][+Statement of claim-1.+]"
    )
    assert "Assessments stay as they are" in response.content.decode()
    shown = response.context["original"].revision
    data = {"to": "v1", "revision": shown, "why": "It was right."}
    response = head.post(address("restore", claim), data)
    assert (response.status_code, response["Location"]) == (302, address("change", claim))
    claim.refresh_from_db()
    assert (claim.statement, claim.evidence.get().uid) == ("Statement of claim-1.", uid)
    newest = history(head, claim)[0]
    assert (newest.what, newest.why, newest.who) == ("Restored as in version 1", "It was right.", "head")
    assert [(t.what, t.done) for t in newest.rows] == [
        ("Claim", "changed"),
        ("Evidence “The work-1-0”", "added"),
    ]
    assert Client().get(reverse("claim", args=[claim.key])).content == public


def test_a_state_of_the_desk_is_restored_by_its_moment(head: Client) -> None:
    place = records.place("iturup", "Iturup")
    then = history(head, place)[0].point
    PlaceName.objects.get().delete()
    place.kind = "archipelago"
    place.save()
    revision = Place.objects.get().revision
    head.post(address("restore", place), {"to": then, "revision": revision, "why": ""})
    assert (Place.objects.get().kind, PlaceName.objects.get().text) == ("island", "Iturup")
    assert history(head, place)[0].what.startswith("Restored as of ")


def test_what_a_colleague_changed_since_is_not_overwritten(head: Client) -> None:
    topic = records.topic()
    then = history(head, topic)[0].point
    topic.name = "Mine"
    topic.save()
    response = head.post(address("restore", topic), {"to": then, "revision": topic.revision - 1})
    assert response.status_code == 200
    assert "Somebody has changed “Mine” since you looked" in response.content.decode()
    assert Topic.objects.get().name == "Mine"


def test_what_stands_in_the_way_is_told_before_and_after(head: Client) -> None:
    claim, source = records.claim(), records.source()
    evidence = Evidence.objects.create(claim=claim, source=source, relation="supports")
    then = history(head, claim)[0].point
    evidence.delete()
    source.delete()
    sentence = "The source “The editorial”, which stood as “source” of evidence, is not there any more."
    page = head.get(address("restore", claim), {"to": then}).content.decode()
    assert sentence in page
    assert '<button type="submit" class="default">Restore' not in page
    claim.refresh_from_db()
    response = head.post(address("restore", claim), {"to": then, "revision": claim.revision})
    assert (response.status_code, sentence in response.content.decode()) == (200, True)
    assert not Evidence.objects.exists()


def test_who_may_only_read_sees_the_history_and_cannot_restore(client: Client) -> None:
    topic = records.topic()
    client.force_login(records.account("reader", "Reader of everything"))
    response = client.get(address("history", topic))
    assert (response.status_code, "Restore" in response.content.decode()) == (200, False)
    assert client.get(address("states", topic), {"from": "now", "to": "now"}).status_code == 200
    assert client.get(address("restore", topic), {"to": "now"}).status_code == 403
    assert client.post(address("restore", topic), {"to": "now", "revision": 1}).status_code == 403


def test_the_desk_is_for_those_who_may_see_it(client: Client) -> None:
    topic = records.topic()
    client.force_login(records.account("nobody"))
    for name in ("history", "states", "restore"):
        assert client.get(address(name, topic), {"from": "now", "to": "now"}).status_code == 403


def test_a_record_that_is_not_there_has_no_history(head: Client) -> None:
    topic = records.topic()
    gone = Topic(pk=topic.pk + 1)
    for name in ("history", "states", "restore"):
        assert head.get(address(name, gone), {"from": "now", "to": "now"}).status_code == 404


def test_an_entry_of_the_ledger_is_left_as_it_is(head: Client) -> None:
    entry = published.full(1)["correction"]
    then = history(head, entry)[-1].point
    assert "Restore" not in head.get(address("history", entry)).content.decode()
    assert head.get(address("restore", entry), {"to": then}).status_code == 403


def test_a_claim_without_history_can_still_be_looked_at(head: Client) -> None:
    claim = records.claim()
    Claim.history.all().delete()
    assert history(head, claim) == []
    assert head.get(address("states", claim), {"from": "now", "to": "now"}).status_code == 200
