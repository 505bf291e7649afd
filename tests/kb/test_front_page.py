"""The desk's front page: what waits, with its number and age, one click from the work."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kb import assigning, triage, workflow
from kb.admin import queues
from kb.admin.queues import QUEUES, waiting_for
from kb.models import (
    Assignment,
    Attribute,
    Claim,
    Correction,
    Delivery,
    Event,
    Evidence,
    Place,
    PlaceName,
    Rebuttal,
    StatedValue,
    Topic,
)
from tests.kb import records
from tests.kb.test_admin_steps import as_member

pytestmark = pytest.mark.django_db
DAYS_AGO = 12


@pytest.fixture
def editor() -> User:
    return records.account("editor", "Editor")


def fill(number: int, editor: User) -> None:
    """One thing more in every queue."""
    other = User.objects.filter(username="other").first() or records.account("other", "Editor")
    closed = User.objects.filter(username="closed").first() or records.account("closed", is_active=False)
    received = timezone.now() - timedelta(days=DAYS_AGO)
    claim = records.claim(f"claim-{number}")
    source = records.source(f"source-{number}")
    snapshot = records.snapshot(source, "Other words.")
    appearance = records.appearance(claim, source, snapshot=snapshot, quote="not there")
    records.rebuttal(claim, f"new-{number}", received_at=received)
    mine = records.rebuttal(claim, f"mine-{number}", received_at=received)
    assigning.take_over([mine], by=editor, due=date(2090, 1, number + 1))
    workflow.start_review(mine, by=editor)
    for by in (editor, other):
        workflow.propose_assessment(claim, rating="accurate", rationale="Because.", by=by)
    Claim.objects.filter(pk=claim.pk).update(stale_since=received, stale_reason="quote")
    event = records.event(f"event-{number}")
    for day in ("1945-08-08", "1945-08-09"):
        StatedValue.objects.create(
            claim=claim, event=event, edtf=day, attribute=Attribute.objects.get(key="occurred")
        )
    decided = records.rebuttal(
        claim, f"decided-{number}", decision="accepted", reason="So.", decided_at=received
    )
    correction = records.correction(claim, f"correction-{number}", rebuttal=decided)
    Delivery.objects.create(
        key=f"delivery-{number}", correction=correction, appearance=appearance, deadline=date(2020, 1, 2)
    )
    Place.objects.create(
        key=f"made-{number}", kind="other", note="Made while importing a.csv, from the name “X”."
    )
    place = Place.objects.create(key=f"place-{number}", kind="other")
    for name in ("Etorofu", "Iturup"):
        spelt = f"{name}-{number}"
        user = records.agent(f"user-of-{spelt}".lower())
        PlaceName.objects.create(place=place, text=spelt, language="und").used_by.add(user)
    one_sided = f"On Etorofu-{number}."
    Claim.objects.filter(pk=claim.pk).update(statement=one_sided)
    Event.objects.filter(pk=event.pk).update(title=one_sided)
    Correction.objects.filter(pk=correction.pk).update(right=one_sided)
    Rebuttal.objects.filter(pk=mine.pk).update(proposed=one_sided)
    handed_in = [
        claim,
        source,
        place,
        event,
        mine,
        correction,
        records.agent(f"a-{number}"),
        records.topic(f"t-{number}"),
    ]
    workflow.submit(handed_in, by=editor)
    left = records.rebuttal(
        claim, f"left-{number}", decision="duplicate", reason="Said before.", decided_at=received
    )
    Assignment.objects.create(
        kind="rebuttal", uid=left.uid, assignee=closed, due=date(2020, 1, 2), by=editor, at=received
    )


def shown(user: User) -> dict[str, Any]:
    return {queue.name: queue for queue in waiting_for(user)}


def test_an_empty_desk_has_nothing_waiting() -> None:
    client = as_member("editor")
    page = client.get(reverse("admin:index"))
    assert (page.context["mine"], page.context["anyone"]) == ([], [])
    assert "Nothing waits." in page.content.decode()


def test_everything_that_waits_is_there_with_its_number(editor: User) -> None:
    fill(1, editor)
    found = shown(editor)
    assert {name: queue.number for name, queue in found.items()} == {queue.name: 1 for queue in QUEUES}
    assert [name for name, queue in found.items() if queue.mine] == ["assigned", "confirm", "proposed"]
    assert (found["received"].days, found["received"].items[0].label) == (
        DAYS_AGO,
        Rebuttal.objects.get(key="new-1").text,
    )
    assert found["stale"].items[0].about == "the quote was changed" or found["stale"].items[0].about
    assert found["deliveries"].items[0].about == "overdue since 2 January 2020"
    assert found["conflicts"].items[0].label == f"{Event.objects.get()}: took place"


def test_a_case_is_counted_once_with_how_many_are_joined_to_it(editor: User) -> None:
    claim = records.claim()
    first, second, third = (records.rebuttal(claim, key) for key in "abc")
    triage.join([first, second, third], by=editor)
    queue = shown(editor)["received"]
    assert (queue.number, [item.about for item in queue.items]) == (
        1,
        ["date, 2 joined; of “Statement of islands-taken.”"],
    )
    assert queue.items[0].address == reverse("admin:kb_rebuttal_review", args=[first.pk])


def test_every_queue_leads_to_its_list_and_every_record_to_its_page(editor: User) -> None:
    fill(1, editor)
    client = Client()
    client.force_login(editor)
    for queue in waiting_for(editor):
        listed = client.get(queue.address)
        assert (queue.name, listed.status_code) == (queue.name, 200)
        assert (queue.name, listed.context["cl"].result_count) in (
            (queue.name, queue.number), ("confirm", 2), ("proposed", 2),  # their list has one's own and others'
        )  # fmt: skip
        for item in queue.items:
            assert (queue.name, client.get(item.address).status_code) == (queue.name, 200)


def test_queries_do_not_grow_with_the_queues(editor: User) -> None:
    client = Client()
    client.force_login(editor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get(reverse("admin:index")).status_code == 200
        return len(made)

    fill(1, editor)
    queries()
    one = queries()
    for number in (2, 3):
        fill(number, editor)
    assert queries() == one
    for number in range(4, 8):
        fill(number, editor)
    # One more for each queue that is longer than what is shown of it: to count.
    assert queries() <= one + len(QUEUES)
    many = queries()
    for number in range(8, 12):
        fill(number, editor)
    assert queries() == many


def test_counting_stops(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "MOST", 5)
    for number in range(7):
        records.topic(f"t-{number}")
    workflow.submit(Topic.objects.all(), by=editor)
    queue = shown(editor)["review-topic"]
    assert (queue.number, queue.more, len(queue.items)) == (5, True, 4)


def test_nobody_sees_what_they_may_not_look_at(editor: User) -> None:
    fill(1, editor)
    nobody = User.objects.create_user("nobody", is_staff=True)
    assert list(waiting_for(nobody)) == []


def test_a_claim_whose_only_support_is_where_it_was_made_has_no_independent_source() -> None:
    claim, source = records.claim(), records.source("editorial")
    records.appearance(claim, source)
    Evidence.objects.create(claim=claim, source=source, relation="supports")
    assert list(Claim.objects.without_independent_source()) == [claim]
    Evidence.objects.create(claim=claim, source=records.source("archive"), relation="supports")
    assert list(Claim.objects.without_independent_source()) == []
