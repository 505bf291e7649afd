"""Assigning, taking over and handing back: who may, what is refused, and what stays in the record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb import assigning, workflow
from kb.admin.queues import waiting_for
from kb.models import Assignment, WorkStep
from kb.workflow import WorkflowError
from tests.book.cases import queries
from tests.kb import records
from tests.kb.test_admin_steps import messages, take

pytestmark = pytest.mark.django_db

TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def editor() -> Any:
    return records.account("editor", "Editor")


@pytest.fixture
def vera() -> Any:
    return records.account("vera", "Contributor", first_name="Vera")


def hands() -> dict[str, tuple[str, date | None]]:
    return {
        row.uid: (row.assignee.username, row.due) for row in Assignment.objects.select_related("assignee")
    }


def steps() -> list[tuple[Any, ...]]:
    return [
        (s.act, s.by.username, s.assignee and s.assignee.username, s.due, s.why)
        for s in WorkStep.objects.all()
    ]


def test_a_claim_goes_from_hand_to_hand_and_each_step_stays(editor: Any, vera: Any) -> None:
    claim = records.claim()
    revision = claim.refresh_revision()
    assigning.assign([claim], to=vera, by=editor, due=TOMORROW, why="You know Japanese.")
    assert hands() == {claim.uid: ("vera", TOMORROW)}
    assigning.take_over([claim], by=editor, why="She is away.")
    assert hands() == {claim.uid: ("editor", TOMORROW)}
    assigning.hand_back([claim], by=editor, why="No time.")
    assert hands() == {}
    assert steps() == [
        ("assigned", "editor", "vera", TOMORROW, "You know Japanese."),
        ("taken-over", "editor", "editor", TOMORROW, "She is away."),
        ("handed-back", "editor", "editor", TOMORROW, "No time."),
    ]
    assert claim.refresh_revision() == revision


def test_claims_open_challenges_and_what_is_in_review_can_be_assigned(editor: Any) -> None:
    claim, topic = records.claim(), records.topic()
    open_ = records.rebuttal(claim, "open")
    decided = records.rebuttal(claim, "decided")
    workflow.decide_rebuttal(decided, decision="rejected", reason="It was not.", by=editor)
    assert [assigning.assignable(one) for one in (claim, open_, decided, topic)] == [True, True, False, False]
    with pytest.raises(WorkflowError, match="There is nothing to do with “Islands” now"):
        assigning.take_over([topic], by=editor)
    workflow.submit([topic], by=editor)
    assigning.take_over([topic], by=editor)
    assert hands() == {topic.uid: ("editor", None)}


def test_work_goes_only_to_those_who_can_do_it(editor: Any) -> None:
    claim = records.claim()
    reader = records.account("reader", "Reader of everything")
    closed = records.account("closed", "Editor", is_active=False)
    assert list(assigning.colleagues(type(claim))) == [editor]
    for to in (reader, closed):
        with pytest.raises(
            WorkflowError, match=f"{to.username} may not work on claims, or the account is closed"
        ):
            assigning.assign([claim], to=to, by=editor)
    with pytest.raises(WorkflowError, match="is past"):
        assigning.assign([claim], to=editor, by=editor, due=timezone.localdate() - timedelta(days=1))
    assert (hands(), steps()) == ({}, [])


def test_a_contributor_takes_and_hands_back_but_gives_nothing_to_others(editor: Any, vera: Any) -> None:
    claim = records.claim()
    with pytest.raises(PermissionDenied, match="Assigning work to a colleague"):
        assigning.assign([claim], to=editor, by=vera)
    assigning.assign([claim], to=editor, by=editor)
    with pytest.raises(PermissionDenied, match="Taking work from a colleague"):
        assigning.hand_back([claim], by=vera)
    with pytest.raises(WorkflowError, match=r"editor has “.*” in hand\. Say why you take it over"):
        assigning.take_over([claim], by=vera)
    assigning.take_over([claim], by=vera, why="I have the book.")
    with pytest.raises(WorkflowError, match="You have “.*” in hand already"):
        assigning.take_over([claim], by=vera)
    assigning.hand_back([claim], by=vera)
    with pytest.raises(WorkflowError, match="Nobody has “.*” in hand"):
        assigning.hand_back([claim], by=vera)
    with pytest.raises(PermissionDenied):
        assigning.take_over([claim], by=records.account("reader", "Reader of everything"))


def test_what_a_closed_account_had_stays_in_sight_and_is_taken_over_without_a_reason(
    editor: Any, vera: Any
) -> None:
    claim = records.claim()
    assigning.take_over([claim], by=vera)
    vera.is_active = False
    vera.save()
    found = {queue.name: queue for queue in waiting_for(editor)}
    assert [(item.label, item.about) for item in found["left"].items] == [
        (str(claim), "Vera, account closed")
    ]
    assigning.take_over([claim], by=editor)
    assert "left" not in {queue.name for queue in waiting_for(editor)}


def test_one_of_several_that_cannot_be_taken_keeps_all_back(editor: Any, vera: Any) -> None:
    free, taken = records.claim("free"), records.claim("taken")
    assigning.take_over([taken], by=vera)
    with pytest.raises(WorkflowError):
        assigning.take_over([free, taken], by=editor)
    assert hands() == {taken.uid: ("vera", None)}


def test_nobody_has_in_hand_what_was_deleted(editor: Any) -> None:
    kept, gone, bulk = records.claim("kept"), records.claim("gone"), records.claim("bulk")
    assigning.take_over([kept, gone, bulk], by=editor)
    gone.delete()
    type(bulk)._base_manager.filter(pk=bulk.pk)._raw_delete(using="default")
    assert list(hands()) == [kept.uid]


def test_what_is_due_first_comes_first_and_what_is_overdue_is_marked(editor: Any) -> None:
    claims = [records.claim(f"claim-{n}") for n in range(4)]
    assigning.take_over([claims[0]], by=editor)
    assigning.take_over([claims[1]], by=editor, due=date(2090, 5, 3))
    assigning.take_over(claims[2:], by=editor, due=TOMORROW)
    Assignment.objects.filter(uid=claims[3].uid).update(due=date(2020, 1, 2))
    (queue,) = [queue for queue in waiting_for(editor) if queue.name == "assigned"]
    tomorrow = f"claim, due {TOMORROW.day} {TOMORROW:%B %Y}"
    assert [(item.label, item.about, item.late) for item in queue.items] == [
        (str(claims[3]), "claim, overdue since 2 January 2020", True),
        (str(claims[2]), tomorrow, False),
        (str(claims[1]), "claim, due 3 May 2090", False),
        (str(claims[0]), "claim", False),
    ]


class TestTheAdmin:
    def test_buttons_with_a_day_and_a_reason(self, client: Client, editor: Any, vera: Any) -> None:
        claim = records.claim()
        client.force_login(editor)
        address = reverse("admin:kb_claim_step", args=["assign"]) + f"?id={claim.pk}"
        assert [str(name) for _, name in client.get(address).context["form"].fields["to"].choices][1:] == [
            "editor",
            "Vera (vera)",
        ]
        done = take(client, "assign", claim, to=vera.pk, due="2090-05-03", why="You know Japanese.")
        assert messages(done) == [f"Assigned to Vera: “{claim}”."]
        assert hands() == {claim.uid: ("vera", date(2090, 5, 3))}
        page = client.get(reverse("admin:kb_claim_change", args=[claim.pk]))
        assert page.context["in_hand"] == "Vera, due 3 May 2090"
        assert {"assign", "take-over", "hand-back"} <= {step.name for step, _ in page.context["steps"]}
        client.force_login(vera)
        page = client.get(reverse("admin:kb_claim_change", args=[claim.pk]))
        assert [step.name for step, _ in page.context["steps"]] == ["submit", "hand-back", "assess"]
        take(client, "hand-back", claim, why="Not mine.")
        assert hands() == {}

    def test_the_history_tells_each_step(self, client: Client, editor: Any, vera: Any) -> None:
        claim = records.claim()
        assigning.assign([claim], to=vera, by=editor, due=date(2090, 5, 3), why="You know Japanese.")
        assigning.hand_back([claim], by=editor, why="She is away.")
        client.force_login(vera)
        page = client.get(reverse("admin:kb_claim_history", args=[claim.pk]))
        assert [(step.what, step.who, step.why) for step, _ in page.context["rows"]][:2] == [
            ("Handed back from Vera", "editor", "She is away."),
            ("Assigned to Vera, due 3 May 2090", "editor", "You know Japanese."),
        ]
        assert "Assigned to Vera, due 3 May 2090" in page.content.decode()

    def test_lists_tell_and_find_by_who_has_it(self, client: Client, editor: Any, vera: Any) -> None:
        mine, hers, late, free = (records.claim(key) for key in ("a-mine", "b-hers", "c-late", "d-free"))
        assigning.take_over([mine], by=editor)
        assigning.take_over([hers, late], by=vera)
        Assignment.objects.filter(uid=late.uid).update(due=date(2020, 1, 2))
        client.force_login(editor)
        address = reverse("admin:kb_claim_changelist")
        found = client.get(address).context["cl"]
        assert {row.key: found.model_admin.in_hand(row) for row in found.result_list} == {
            "a-mine": "editor",
            "b-hers": "Vera",
            "c-late": "Vera, overdue since 2 January 2020",
            "d-free": "",
        }
        listed = {
            value: [row.key for row in client.get(address, {"hand": value}).context["cl"].result_list]
            for value in ("mine", "somebody", "nobody", "late")
        }
        assert listed == {
            "mine": ["a-mine"],
            "somebody": ["a-mine", "b-hers", "c-late"],
            "nobody": ["d-free"],
            "late": ["c-late"],
        }

    def test_the_list_of_all_that_is_in_hand_leads_to_the_records(self, client: Client, editor: Any) -> None:
        claim = records.claim()
        (row,) = assigning.take_over([claim], by=editor)
        client.force_login(editor)
        form = reverse("admin:kb_claim_change", args=[claim.pk])
        assert (
            f'<a href="{form}">{claim}</a>'
            in client.get(reverse("admin:kb_assignment_changelist")).content.decode()
        )
        assert client.get(reverse("admin:kb_assignment_change", args=[row.pk])).url == form

    def test_that_list_asks_no_more_for_three_than_for_one(self, client: Client, editor: Any) -> None:
        client.force_login(editor)
        address = reverse("admin:kb_assignment_changelist")
        assigning.take_over([records.claim("one")], by=editor)
        client.get(address)
        one = queries(lambda: client.get(address))
        assigning.take_over([records.claim("two"), records.claim("three")], by=editor)
        assert queries(lambda: client.get(address)) == one
