"""Notices by e-mail: who is told what, once, and again where it did not go."""

from __future__ import annotations

import io
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kb import intake, notices, workflow
from kb.models import Assignment, Claim, Correction, DailyNotice, Delivery, Rebuttal, Submission
from tests.kb import published, records

pytestmark = pytest.mark.django_db
SITE = "https://facts.example.org"


@pytest.fixture(autouse=True)
def site(settings: Any) -> Iterator[None]:
    settings.SITE_ADDRESS, settings.SENDS_MAIL = SITE, True
    yield
    assert not any("\n" in message.subject for message in mail.outbox)


@pytest.fixture
def editor() -> User:
    return records.account("vera", "Editor", email="vera@example.org")


def challenge(of: Claim, email: str = "", scope: str = "date") -> Submission:
    code = intake.accept(
        intake.Challenge(claim=of.uid, scope=scope, text="It was later.", email=email),
        address=f"{email or of.key}",
    )
    return Submission.objects.get(code=code)


def told() -> list[tuple[list[str], str]]:
    """To whom each message went, and its subject."""
    return [(sorted(message.recipients()), message.subject) for message in mail.outbox]


def test_who_may_decide_is_told_of_a_new_challenge_once(editor: User) -> None:
    records.account("boss", "Publisher", email="boss@example.org")
    records.account("left", "Editor", email="left@example.org", is_active=False)
    records.account("types", "Contributor", email="types@example.org")
    records.account("silent", "Editor")
    rebuttal = challenge(records.claim(statement="It fell in August.")).rebuttal
    assert (notices.send(), notices.send()) == (1, 0)
    assert told() == [(["boss@example.org", "vera@example.org"], "Rejoinder: A new challenge")]
    message = mail.outbox[0]
    assert (message.to, message.extra_headers["Auto-Submitted"]) == ([], "auto-generated")
    assert "date: It fell in August." in message.body
    assert f"{SITE}{reverse('admin:kb_rebuttal_change', args=[rebuttal.pk])}" in message.body


def test_many_challenges_are_one_message(editor: User) -> None:
    for number in range(notices.NAMED + 3):
        challenge(records.claim(f"claim-{number}"))
    assert notices.send() == 1
    assert mail.outbox[0].subject == "Rejoinder: 23 new challenges"
    assert mail.outbox[0].body.count("Statement of claim-") == notices.NAMED
    assert "And 3 more." in mail.outbox[0].body


def test_nobody_is_told_later_of_what_came_in_while_nobody_could_be(editor: User) -> None:
    User.objects.update(email="")
    challenge(records.claim())
    assert notices.send() == 0
    User.objects.update(email="vera@example.org")
    assert notices.send() == 0


def test_a_text_from_outside_makes_no_header_and_no_markup(editor: User) -> None:
    desk = records.desk()
    desk.name = "The <desk>"
    desk.save()
    challenge(records.claim(statement="A & B <b>said</b>."))
    notices.send()
    assert mail.outbox[0].subject == "The <desk>: A new challenge"
    assert "A & B <b>said</b>." in mail.outbox[0].body


def test_a_challenger_is_told_of_each_state_and_where_the_reason_is(editor: User) -> None:
    made = published.full(1)
    one = challenge(made["claim"], "reader@example.org")
    mail.outbox.clear()
    Submission.objects.update(told_desk_at=timezone.now())
    assert notices.send() == 0
    workflow.start_review(one.rebuttal, by=editor)
    assert (notices.send(), notices.send()) == (1, 0)
    workflow.decide_rebuttal(one.rebuttal, decision="rejected", reason="It was not.", by=editor)
    assert (notices.send(), notices.send()) == (1, 0)
    published.publish(one.rebuttal)
    assert (notices.send(), notices.send()) == (1, 0)
    assert told() == [(["reader@example.org"], f"Rejoinder: Your challenge {one.code}")] * 3
    page = f"{SITE}{reverse('challenge_standing', args=[one.code])}"
    for message, words in zip(
        mail.outbox,
        ("is now: under review.", "is now: rejected.", "The decision and its reason can be read here:"),
        strict=True,
    ):
        assert (words in message.body, page in message.body, message.to) == (
            True,
            True,
            ["reader@example.org"],
        )
    assert "The reason is on this page as soon as the desk publishes it:" in mail.outbox[1].body


def test_who_is_joined_to_a_case_is_told_of_the_case(editor: User) -> None:
    claim = records.claim()
    first, second = challenge(claim, "one@example.org"), challenge(claim, "two@example.org")
    Submission.objects.update(told_desk_at=timezone.now())
    Rebuttal.objects.filter(pk=second.rebuttal.pk).update(duplicate_of=first.rebuttal)
    workflow.decide_rebuttal(first.rebuttal, decision="accepted", reason="So it is.", by=editor)
    assert notices.send() == 2
    assert [to for to, _ in told()] == [["one@example.org"], ["two@example.org"]]
    assert all("is now: accepted." in message.body for message in mail.outbox)


def test_who_repeats_what_was_joined_later_is_told_of_the_case_at_the_end(editor: User) -> None:
    claim = records.claim()
    first, second, third = (challenge(claim, f"{n}@example.org").rebuttal for n in ("one", "two", "three"))
    Submission.objects.update(told_desk_at=timezone.now())
    workflow.decide_rebuttal(third, decision="duplicate", duplicate_of=second, reason="The same.", by=editor)
    assert notices.send() == 0
    Rebuttal.objects.filter(pk=second.pk).update(duplicate_of=first)
    workflow.decide_rebuttal(first, decision="rejected", reason="It was not.", by=editor)
    assert notices.send() == 3
    assert all("is now: rejected." in message.body for message in mail.outbox)


def test_states_take_as_many_queries_however_many_there_are(editor: User) -> None:
    counts = []
    for number in (1, 3):
        for n in range(number):
            challenge(records.claim(f"claim-{number}-{n}"), f"{number}-{n}@example.org")
        with CaptureQueriesContext(connection) as queries:
            assert set(notices.states(list(Submission.objects.all())).values()) == {"received"}
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_address_that_was_forgotten_gets_nothing(editor: User) -> None:
    one = challenge(records.claim(), "reader@example.org")
    Submission.objects.update(forget_at=timezone.now(), told_desk_at=timezone.now())
    intake.forget()
    workflow.start_review(one.rebuttal, by=editor)
    assert notices.send() == 0


def test_what_did_not_go_is_tried_again_later(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    one = challenge(records.claim(), "reader@example.org")
    workflow.start_review(one.rebuttal, by=editor)
    with monkeypatch.context() as broken:
        broken.setattr(mail.EmailMessage, "send", _raise)
        assert notices.send() == 0
    assert notices.send() == 0
    later = timezone.now() - notices.AGAIN
    Submission.objects.update(try_at=later, try_desk_at=later)
    assert notices.send() == 2


def _raise(*args: object) -> None:
    raise smtplib.SMTPServerDisconnected("The server has gone.")


DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def overdue(editor: User, name: str) -> None:
    """One of each that can be overdue."""
    old, before = timezone.now() - timedelta(days=30), (DAY - timedelta(1)).date()
    claim = records.claim(f"claim-{name}", stale_since=old, stale_reason="evidence")
    records.rebuttal(claim, f"waits-{name}", received_at=old)
    right: Correction = records.correction(claim, f"right-{name}")
    said = records.appearance(claim, records.source(f"paper-{name}"))
    asked = {"contacted_at": old, "how": "letter", "deadline": before}
    Delivery.objects.create(key=f"asked-{name}", correction=right, appearance=said, **asked)
    Assignment.objects.create(kind="claim", uid=claim.uid, assignee=editor, by=editor, at=old, due=before)


def test_what_is_overdue_takes_as_many_queries_however_much_it_is(editor: User) -> None:
    counts = []
    for more in (["a"], ["b", "c"]):
        for name in more:
            overdue(editor, name)
        with CaptureQueriesContext(connection) as queries:
            assert notices.digest((DAY + timedelta(len(more))).date()) == 1
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_is_overdue_is_told_once_a_day(editor: User) -> None:
    records.account("types", "Contributor", email="types@example.org")
    for name in "abc":
        overdue(editor, name)
    day, number = DAY, 3
    assert (notices.digest(day.date()), notices.digest(day.date())) == (2, 0)
    assert notices.digest((day + timedelta(1)).date()) == 2
    mine = next(message for message in mail.outbox if message.to == ["vera@example.org"])
    assert mine.subject == f"Rejoinder: {4 * number} overdue at the desk"
    for label in (
        "In your hands, and past the day it was due",
        "Challenges undecided for more than 14 days",
        "Publishers who have not answered by the day they were asked to",
        "Assessments that have needed another look for more than 14 days",
    ):
        assert f"{label}: {number}\n" in mine.body
    theirs = next(message for message in mail.outbox if message.to == ["types@example.org"])
    assert "Challenges undecided" not in theirs.body


def test_the_day_counts_only_if_the_message_went(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    records.rebuttal(records.claim(), received_at=timezone.now() - timedelta(days=30))
    with monkeypatch.context() as broken:
        broken.setattr(mail.EmailMessage, "send", _raise)
        assert notices.digest() == 0
    assert not DailyNotice.objects.exists()
    assert notices.digest() == 1


def test_where_nothing_is_overdue_nothing_is_sent(editor: User) -> None:
    records.rebuttal(records.claim(), received_at=timezone.now())
    assert notices.digest() == 0


@pytest.mark.parametrize("command", ["send_notices", "daily_digest"])
def test_the_commands_say_what_went(command: str, editor: User) -> None:
    records.rebuttal(records.claim(), received_at=timezone.now() - timedelta(days=30))
    challenge(records.claim("another"))
    out = io.StringIO()
    call_command(command, stdout=out)
    assert out.getvalue() == "Sent: 1 message.\n"


@pytest.mark.parametrize("command", ["send_notices", "daily_digest"])
def test_without_a_mail_server_a_command_says_so(command: str, settings: Any) -> None:
    settings.SENDS_MAIL = False
    with pytest.raises(CommandError, match="No mail server is set"):
        call_command(command)


def test_without_a_mail_server_nothing_is_tried(editor: User, settings: Any) -> None:
    settings.SENDS_MAIL = False
    challenge(records.claim())
    assert (notices.send(), notices.digest()) == (0, 0)
    assert Submission.objects.get().told_desk_at is None


def test_in_demo_mode_a_message_is_a_file(editor: User, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    challenge(records.claim())
    assert notices.send() == 1
    (file,) = (tmp_path / "mail").iterdir()
    assert "Subject: Rejoinder: A new challenge" in file.read_text()
