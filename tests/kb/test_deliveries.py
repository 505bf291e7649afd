"""The right of reply: asked when and how, until when, answered when; and the year's report of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb import workflow
from kb.models import Correction, Delivery
from tests.kb import records
from tests.kb.test_admin_steps import as_member, messages, step, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return records.account("editor", "Editor")


@pytest.fixture
def delivery() -> Delivery:
    claim, source = (
        records.claim(),
        records.source("editorial", title="=Hot spring", container_title="The Forum"),
    )
    appearance = records.appearance(claim, source, quote="in its final days")
    correction = Correction.objects.create(key="first", claim=claim, said="wrong", right="It was later.")
    return Delivery.objects.create(key="to-the-forum", correction=correction, appearance=appearance)


def test_asking_starts_the_clock(delivery: Delivery, editor: User) -> None:
    on = datetime(2026, 11, 1, 12, tzinfo=UTC)
    workflow.record_contact(delivery, by=editor, how="by letter", on=on, deadline=date(2026, 11, 15))
    assert (delivery.how, delivery.contacted_at, delivery.deadline) == ("by letter", on, date(2026, 11, 15))
    answered = on + timedelta(days=3)
    workflow.record_answer(delivery, by=editor, outcome="corrected", on=answered)
    assert (delivery.outcome, delivery.answered_at) == ("corrected", answered)
    with pytest.raises(workflow.WorkflowError, match="has its outcome: corrected"):
        workflow.record_contact(delivery, by=editor, how="again")


def test_what_cannot_be_is_refused(delivery: Delivery, editor: User) -> None:
    now = timezone.now()
    for fields, said in (
        ({"how": " "}, "Say how"),
        ({"how": "x", "on": now + timedelta(days=2)}, "today or earlier"),
        ({"how": "x", "on": now, "deadline": now.date() - timedelta(days=3)}, "deadline is before"),
    ):
        with pytest.raises(workflow.WorkflowError, match=said):
            workflow.record_contact(delivery, by=editor, **fields)  # type: ignore[arg-type]
    workflow.record_contact(delivery, by=editor, how="x", on=now)
    for on, said in (
        (now - timedelta(days=3), "after the publisher was asked"),
        (now + timedelta(days=1), "earlier"),
    ):
        with pytest.raises(workflow.WorkflowError, match=said):
            workflow.record_answer(delivery, by=editor, outcome="corrected", on=on)


def test_an_editor_asks_with_a_text_that_is_proposed(delivery: Delivery, editor: User) -> None:
    client = as_member("editor")
    page = client.get(step("contact", delivery)).content.decode()
    assert "To the editors of The Forum" in page
    assert "“in its final days”" in page
    done = take(
        client, "contact", delivery, how="by e-mail", on="2026-11-02", deadline="2026-11-16", letter="x"
    )
    assert messages(done) == ["Recorded. The clock of their right of reply runs."]
    delivery.refresh_from_db()
    assert (delivery.how, delivery.contacted_at) == ("by e-mail", datetime(2026, 11, 2, 12, tzinfo=UTC))
    take(client, "answer", delivery, on="2026-11-05", outcome="corrected", answer="We did.")
    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.answered_at) == ("corrected", datetime(2026, 11, 5, 12, tzinfo=UTC))


class TestTheReport:
    def page(self, client: Client, year: int) -> str:
        return client.get(reverse("report_deliveries_of", args=[year])).content.decode()

    def test_counts_the_year(self, delivery: Delivery, editor: User) -> None:
        asked = datetime(2026, 11, 1, 12, tzinfo=UTC)
        workflow.record_contact(delivery, by=editor, how="by letter", on=asked)
        workflow.record_answer(delivery, by=editor, outcome="corrected", on=asked + timedelta(days=4))
        client = as_member("editor")
        page = self.page(client, 2026)
        assert "4 days from the request to its outcome (median)." in page
        assert '<th scope="row">corrected</th><td>1</td>' in page
        assert "from the request to its outcome" not in self.page(client, 2025)
        answer = client.get(reverse("report_deliveries_csv", args=[2026]))
        assert answer["Content-Disposition"] == 'attachment; filename="deliveries-2026.csv"'
        assert answer.content.decode().splitlines() == [
            "correction,source,publisher,asked,how,deadline,answered,outcome,days",
            "first,\\=Hot spring,The Forum,2026-11-01,by letter,,2026-11-05,corrected,4",
        ]

    def test_is_of_a_year_that_there_was(self) -> None:
        client = as_member("editor")
        assert client.get(reverse("report_deliveries")).status_code == 200
        assert client.get(reverse("report_deliveries_of", args=[3000])).status_code == 404

    def test_is_for_those_who_may_see_deliveries(self) -> None:
        client = Client()
        client.force_login(User.objects.create_user("nobody", is_staff=True))
        assert client.get(reverse("report_deliveries")).status_code == 403
        assert Client().get(reverse("report_deliveries")).status_code == 302

    def test_is_led_to_from_the_front_page(self) -> None:
        assert (
            reverse("report_deliveries") in as_member("reader").get(reverse("admin:index")).content.decode()
        )
