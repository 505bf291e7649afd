"""The one door from the public to the desk: a challenge comes in, is bounded, followed by its code, and forgotten."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb import forms, intake, triage, workflow
from kb.models import Claim, Correction, Rebuttal, Submission
from tests.kb import published, records
from tests.support.forms import untouched

pytestmark = pytest.mark.django_db
WHY = "The Kuril operation did not start until 18 August 1945."


@pytest.fixture
def claim() -> Claim:
    made: Claim = published.full(1)["claim"]
    return made


def address(claim: Claim) -> str:
    return f"{reverse('challenge')}?claim={claim.key}"


def sent(client: Client, claim: Claim, seconds: int = 60, **fields: Any) -> Any:
    """Open the form, wait, and send it with these fields."""
    page = client.get(address(claim)).content.decode()
    data: dict[str, Any] = dict(untouched(page, "scope"))
    data["begun"] = signing.dumps(timezone.now().timestamp() - seconds, salt=forms.SALT)
    return client.post(address(claim), {**data, "scope": "date", "text": WHY, **fields})


def test_a_challenge_becomes_a_rebuttal_that_was_received(client: Client, claim: Claim) -> None:
    appearance = claim.appearances.first()
    assert appearance is not None
    answer = sent(
        client, claim, where=[appearance.uid], proposed="After 18 August.", evidence="https://example.org/order",
        name="A  Reader", email="reader@example.org",
    )  # fmt: skip
    submission = Submission.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        303,
        reverse("challenge_standing", args=[submission.code]),
    )
    rebuttal = submission.rebuttal
    assert (rebuttal.claim, rebuttal.scope, rebuttal.decision, rebuttal.proposed) == (
        claim, "date", "received", "After 18 August.",
    )  # fmt: skip
    assert rebuttal.text == f"{WHY}\n\nhttps://example.org/order"
    assert list(rebuttal.appearances.all()) == [appearance]
    assert (rebuttal.received_at, rebuttal.submitted_by, rebuttal.raised_by) == (
        submission.received_at,
        None,
        None,
    )
    assert (submission.name, submission.email) == ("A Reader", "reader@example.org")
    history = Rebuttal.history.filter(id=rebuttal.pk).first()  # type: ignore[attr-defined]
    assert "reader@example.org" not in str(vars(history))


def test_its_state_is_followed_by_the_code_without_an_account(client: Client, claim: Claim) -> None:
    sent(client, claim)
    code = Submission.objects.get().code
    page = reverse("challenge_standing", args=[code.lower()])
    assert "Nobody has looked at it yet." in client.get(page).content.decode()
    assert client.get(f"{reverse('challenge')}?code={code}")["Location"] == reverse(
        "challenge_standing", args=[code]
    )
    editor = records.account("editor", "Editor")
    rebuttal = Rebuttal.objects.get(submissions__code=code)
    workflow.start_review(rebuttal, by=editor)
    workflow.decide_rebuttal(rebuttal, decision="rejected", reason="SECRET until published", by=editor)
    shown = client.get(page).content.decode()
    assert ("The desk does not agree." in shown, "SECRET" in shown) == (True, False)
    assert "as soon as the desk publishes it" in shown
    rebuttal.refresh_from_db()
    published.publish(rebuttal)
    assert reverse("rebuttal", args=[rebuttal.key]) in client.get(page).content.decode()


def test_a_duplicate_follows_the_one_that_it_repeats(client: Client, claim: Claim) -> None:
    sent(client, claim)
    first = Rebuttal.objects.get(submissions__isnull=False)
    sent(client, claim)
    second = Rebuttal.objects.filter(submissions__isnull=False).exclude(pk=first.pk).get()
    editor = records.account("editor", "Editor")
    workflow.decide_rebuttal(
        second, decision="duplicate", reason="Said before.", duplicate_of=first, by=editor
    )
    workflow.start_review(first, by=editor)
    code = second.submissions.get().code
    assert (
        "An editor is weighing it." in client.get(reverse("challenge_standing", args=[code])).content.decode()
    )


def test_those_of_one_case_are_told_of_it_each_by_their_code(client: Client, claim: Claim) -> None:
    for _ in range(3):
        sent(client, claim)
    first, *joined = (one.rebuttal for one in Submission.objects.order_by("pk"))
    editor = records.account("editor", "Editor")

    def told() -> list[tuple[bool, bool]]:
        """For each: whether it is said to be weighed, and together with another."""
        pages = [
            client.get(reverse("challenge_standing", args=[one.submissions.get().code])).content.decode()
            for one in (first, *joined)
        ]
        return [("An editor is weighing it." in page, "decides both together" in page) for page in pages]

    assert told() == [(False, False)] * 3
    triage.join([first, *joined], by=editor)
    workflow.start_review(first, by=editor)
    assert told() == [(True, False), (True, True), (True, True)]
    triage.separate(joined[1:], by=editor)
    assert told() == [(True, False), (True, True), (False, False)]
    workflow.decide_rebuttal(first, decision="accepted", reason="So it is.", by=editor)
    for one in (first, joined[0]):
        page = client.get(reverse("challenge_standing", args=[one.submissions.get().code]))
        assert "The desk agrees." in page.content.decode()
    assert Correction.objects.filter(claim=claim, rebuttal=first).count() == 1
    assert not Correction.objects.filter(rebuttal__in=joined).exists()


def test_nothing_is_joined_by_itself(client: Client, claim: Claim) -> None:
    for _ in range(2):
        sent(client, claim)
    assert not Rebuttal.objects.exclude(duplicate_of=None).exists()


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"text": "Too short."}, "at least 20 characters"),
    ({"text": "x" * 5_001}, "at most 5000 characters"),
    ({"scope": "everything"}, "Select a valid choice"),
    ({"scope": ""}, "This field is required"),
    ({"evidence": "javascript:alert(1)"}, "Enter a valid URL"),
    ({"email": "a@example.org\nBcc: b@example.org"}, "Enter a valid email address"),
    ({"website": "https://spam.example"}, "it is there for robots"),
    ({"where": ["nowhere"]}, "Select a valid choice"),
    ({"begun": "forged"}, "not as it was sent to you"),
    ({"seconds": 1}, "quicker than anybody can read"),
    ({"seconds": 25 * 3600}, "open for more than a day"),
)


def test_what_cannot_be_taken_is_said_and_nothing_is_lost(client: Client, claim: Claim) -> None:
    not_said = []
    for fields, said in REFUSED:
        answer = sent(client, claim, **{"proposed": "Keep this.", **fields})
        page = answer.content.decode()
        if (answer.status_code, said in page, "Keep this." in page) != (400, True, True):
            not_said.append((fields, answer.status_code))
    assert not_said == []
    assert not Submission.objects.exists()


def test_floods_are_stopped_by_sender_and_in_all(client: Client, claim: Claim, monkeypatch: Any) -> None:
    for _ in range(intake.FROM_ONE):
        assert sent(client, claim).status_code == 303
    again = sent(client, claim)
    assert (again.status_code, "within the hour" in again.content.decode()) == (429, True)
    assert WHY in again.content.decode()
    monkeypatch.setattr(intake, "FROM_ALL", intake.FROM_ONE)
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert "very many challenges" in sent(other, claim).content.decode()
    Submission.objects.update(received_at=timezone.now() - timedelta(hours=2))
    assert sent(client, claim).status_code == 303


@pytest.mark.parametrize(("proxies", "counted"), [(0, 1), (1, 2)])
def test_only_proxies_of_ours_say_where_it_comes_from(
    claim: Claim, settings: Any, proxies: int, counted: int
) -> None:
    settings.PROXIES = proxies
    for nearest in ("192.0.2.1", "192.0.2.2"):
        sent(Client(headers={"X-Forwarded-For": f"203.0.113.9, {nearest}"}), claim)
    assert Submission.objects.values("sender").distinct().count() == counted


def test_a_form_without_its_token_is_refused(claim: Claim) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sent(strict, claim, csrfmiddlewaretoken="").status_code == 403
    assert not Submission.objects.exists()


def test_drafts_and_what_is_not_there_cannot_be_challenged(client: Client, claim: Claim) -> None:
    draft = records.claim("draft", statement="SECRET")
    assert client.get(address(draft)).status_code == 404
    assert client.get(f"{reverse('challenge')}?claim=nothing").status_code == 404
    assert client.get(f"{reverse('challenge')}?source=nothing").status_code == 404
    assert client.get(reverse("challenge_standing", args=["NOTACODE"])).status_code == 404


def test_claims_and_sources_lead_to_it(client: Client, claim: Claim) -> None:
    source = claim.appearances.select_related("source").first().source  # type: ignore[union-attr]
    assert address(claim) in client.get(reverse("claim", args=[claim.key])).content.decode()
    from_source = f"{reverse('challenge')}?source={source.key}"
    assert from_source in client.get(reverse("source", args=[source.key])).content.decode()
    assert address(claim) in client.get(from_source).content.decode()


def test_who_sent_it_is_forgotten_and_the_challenge_stays(
    client: Client, claim: Claim, settings: Any
) -> None:
    sent(client, claim, name="A Reader", email="reader@example.org")
    assert intake.forget() == 0
    later = timezone.now() + timedelta(days=settings.CHALLENGER_KEPT_DAYS + 1)
    assert intake.forget(later) == 1
    kept = Submission.objects.get()
    assert (kept.name, kept.email, kept.sender) == ("", "", "")
    assert Rebuttal.objects.filter(submissions=kept).exists()
    out = io.StringIO()
    call_command("forget_challengers", stdout=out)
    assert out.getvalue() == "Forgotten: who sent 0 challenges.\n"


def test_only_those_who_decide_see_how_a_sender_can_be_reached(client: Client, claim: Claim) -> None:
    sent(client, claim, email="reader@example.org")
    listed = reverse("admin:kb_submission_changelist")
    for group, status in (
        ("Editor", 200),
        ("Publisher", 200),
        ("Contributor", 403),
        ("Reader of everything", 403),
    ):
        member = Client()
        member.force_login(records.account(group.split()[0].lower(), group))
        assert (group, member.get(listed).status_code) == (group, status)


def test_the_code_is_easy_to_read_out(client: Client, claim: Claim) -> None:
    sent(client, claim)
    assert re.fullmatch(r"[A-HJKMNP-Z2-9]{10}", Submission.objects.get().code)
