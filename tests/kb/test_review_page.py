"""The page on which a challenge is reviewed: both sides, triage, the decision, and its way to readers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from kb import triage, workflow
from kb.book import reading
from kb.models import Attribute, Claim, Conflict, Correction, Delivery, Evidence, Rebuttal, StatedValue
from tests.book.cases import again, queries
from tests.kb import published, records
from tests.kb.test_admin_steps import as_member, messages, take

pytestmark = pytest.mark.django_db


def disputed(number: int = 1, day: str = "1945-08-14", against: str = "1945-08-18") -> Rebuttal:
    """A claim with `number` of all that belongs to it, and a challenge that relies on as many."""
    event = records.event(f"landing-{number}", title="The landing")
    began = Attribute.objects.get(key="began")

    def claim(key: str, edtf: str) -> Claim:
        made = records.claim(key)
        for i in range(number):
            work = records.source(f"{key}-work-{i}")
            text = records.snapshot(work, "They say it was taken in August, as is known.")
            said = records.appearance(made, work, snapshot=text, quote="taken in August")
            StatedValue.objects.create(claim=made, event=event, attribute=began, edtf=edtf, appearance=said)
            Evidence.objects.create(claim=made, source=work, relation="supports", note=f"Shown by {key}.")
        return made

    challenged = claim(f"challenged-{number}", day)
    rebuttal = records.rebuttal(challenged, f"challenge-{number}", proposed="On 18 August.")
    rebuttal.appearances.set(challenged.appearances.all())
    for i in range(number):
        rebuttal.counterclaims.add(claim(f"counter-{number}-{i}", against))
        Evidence.objects.create(
            rebuttal=rebuttal, source=records.source(f"proof-{number}-{i}"), relation="supports"
        )
    return rebuttal


def address(rebuttal: Rebuttal) -> str:
    return reverse("admin:kb_rebuttal_review", args=[rebuttal.pk])


def send(client: Client, rebuttal: Rebuttal, act: str, **data: Any) -> Any:
    """Open the page and send one of its forms with what the page holds."""
    seen = [f"{u}:{r}" for u, r in client.get(address(rebuttal)).context["page"].seen.items()]
    return client.post(address(rebuttal), {"act": act, "seen": seen, **data}, follow=True)


def text(response: Any) -> str:
    return words_of(response.content.decode())


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


def sides(response: Any) -> tuple[str, str]:
    left, _, right = response.content.decode().partition('aria-labelledby="right-heading"')
    return words_of(left), words_of(right)


# --- both sides -----------------------------------------------------------------------------------------------


def test_both_sides_stand_there_with_quotes_in_context_and_what_speaks_for_them() -> None:
    page = as_member("editor").get(address(disputed()))
    left, right = sides(page)
    assert "…They say it was taken in August, as is known.…" in left
    assert "Challenged here." in left
    for words in (
        "Statement of challenged-1.",
        "Not assessed.",
        "Shown by challenged-1.",
        "The landing: began",
    ):
        assert (words, words in left) == (words, True)
    for words in (
        "It was later.",
        "On 18 August.",
        "Sent by a reader",
        "Shown by counter-1-0.",
        "The proof-1-0",
    ):
        assert (words, words in right) == (words, True)


@pytest.mark.parametrize(
    ("against", "verdict"),
    [("1945-08-18", "conflict"), ("1945-08", "compatible"), ("1945-08-15~", "undetermined")],
)
def test_their_values_are_compared_in_words_and_drawn_on_one_axis(against: str, verdict: str) -> None:
    page = as_member("editor").get(address(disputed(against=against)))
    found = page.context["dispute"]
    assert [(row.about, row.verdict) for row in found.comparisons] == [("The landing: began", verdict)]
    assert "The challenged-1-work-0" in found.comparisons[0].reason
    shown = page.content.decode()
    assert shown.count('<text class="label"') == 2
    assert shown.count('<svg class="axis"') == 1
    assert len(re.findall(r"<li[^>]*><strong>(?:Claimed|Against): “The (?:challenged|counter)", shown)) == 2


def test_a_conflict_leads_to_its_ruling() -> None:
    rebuttal, editor = disputed(), as_member("editor")
    (row,) = editor.get(address(rebuttal)).context["dispute"].comparisons
    assert editor.get(row.address).status_code == 200
    workflow.rule_conflict(
        Conflict.objects.get(), verdict="real", reason="So it is.", by=User.objects.get(username="editor")
    )
    assert "Ruled: a real conflict: So it is." in text(editor.get(address(rebuttal)))


def test_without_values_the_page_says_so() -> None:
    rebuttal = records.rebuttal(records.claim())
    page = text(as_member("editor").get(address(rebuttal)))
    assert "Neither side states a value that could be compared." in page
    assert "None is recorded, so that there is nothing to compare." in page


def test_the_answer_to_a_rebuttal_stands_beside_it() -> None:
    first = disputed()
    reply = records.rebuttal(first.claim, "reply", replies_to=first, text="The order came first.")
    other = records.claim("other")
    StatedValue.objects.create(
        claim=other,
        event=first.claim.values.first().event,  # type: ignore[union-attr]
        attribute=Attribute.objects.get(key="began"),
        edtf="1945-08-15",
    )
    reply.counterclaims.add(other)
    page = as_member("editor").get(address(reply))
    left, right = sides(page)
    assert "The rebuttal that it answers" in left
    assert ("It was later." in left, "The order came first." in right) == (True, True)
    assert [row.verdict for row in page.context["dispute"].comparisons] == ["conflict"]
    assert "A rebuttal of a rebuttal drafts no correction." in right
    done = send(as_member("editor"), reply, "decide", decision="accepted", reason="So it was.")
    assert messages(done) == ["Decided: accepted."]
    assert not Correction.objects.exists()


def test_questions_do_not_grow_with_what_is_on_it() -> None:
    few, many, editor = disputed(1), disputed(3), as_member("editor")
    for case, number in ((few, 1), (many, 3)):
        joined = [records.rebuttal(case.claim, f"{case.key}-joined-{i}") for i in range(number)]
        triage.join([case, *joined], by=published.publisher())
        for i in range(number):
            records.rebuttal(case.claim, f"{case.key}-candidate-{i}")
            beside = records.claim(f"{case.key}-beside-{i}")
            records.appearance(beside, case.claim.appearances.all()[0].source)
            records.rebuttal(beside, f"{case.key}-nearby-{i}")
    editor.get(address(few))
    one = queries(lambda: editor.get(address(few)))
    page = editor.get(address(many)).context
    assert [len(page[name]) for name in ("joined", "candidates", "nearby")] == [3, 3, 3]
    assert queries(lambda: editor.get(address(many))) == one
    reply_to_few, reply_to_many = (
        records.rebuttal(case.claim, f"{case.key}-reply", replies_to=case) for case in (few, many)
    )
    one = queries(lambda: editor.get(address(reply_to_few)))
    assert queries(lambda: editor.get(address(reply_to_many))) == one


@pytest.mark.parametrize(("role", "status"), [("contributor", 200), ("reader", 200), ("editor", 200)])
def test_who_may_look_sees_why_they_may_not_decide(role: str, status: int) -> None:
    rebuttal = disputed()
    page = as_member(role).get(address(rebuttal))
    assert page.status_code == status
    told = "Deciding a rebuttal needs a right that you do not have."
    assert (told in text(page)) is (role != "editor")
    assert ('value="decide"' in page.content.decode()) is (role == "editor")
    assert ('value="sort"' in page.content.decode()) is (role != "reader")


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("contributor", {"sort", "rely"}), ("reader", set()), ("editor", {"sort", "rely", "decide", "join"})],
)
def test_what_is_sent_without_the_right_is_refused(role: str, allowed: set[str]) -> None:
    rebuttal = disputed()
    other, claim = records.rebuttal(rebuttal.claim, "other"), records.claim("more")
    data: dict[str, dict[str, Any]] = {
        "sort": {"scope": "figure", "mode": ""},
        "rely": {"counterclaim": claim.pk},
        "join": {"other": other.pk},
        "decide": {"decision": "rejected", "reason": "No."},
    }
    client = as_member(role)
    seen = [f"{rebuttal.uid}:{rebuttal.refresh_revision()}"]
    statuses = {
        act: client.post(address(rebuttal), {"act": act, "seen": seen, **sent}).status_code
        for act, sent in data.items()
    }
    assert {act for act, status in statuses.items() if status != 403} == allowed


def test_nothing_is_at_addresses_that_lead_nowhere() -> None:
    rebuttal, editor = disputed(), as_member("editor")
    assert editor.get(reverse("admin:kb_rebuttal_review", args=[999_999])).status_code == 404
    assert editor.post(address(rebuttal), {"act": "explode"}).status_code == 404
    assert Client().get(address(rebuttal)).status_code == 302
    gone = editor.post(address(rebuttal), {"act": "join", "other": "9" * 30})
    assert gone.context["page"].errors == ["That challenge is no longer there."]


# --- triage ---------------------------------------------------------------------------------------------------


def test_it_is_sorted_and_gets_a_counterclaim_by_name() -> None:
    rebuttal, editor = disputed(), as_member("editor")
    claim = records.claim("archive")
    assert messages(send(editor, rebuttal, "sort", scope="figure", mode="undercuts")) == ["Sorted."]
    assert messages(send(editor, rebuttal, "rely", counterclaim=claim.pk)) == [
        "It now relies on “Statement of archive.”."
    ]
    rebuttal.refresh_from_db()
    assert (rebuttal.scope, rebuttal.mode) == ("figure", "undercuts")
    assert claim in rebuttal.counterclaims.all()
    nothing = send(editor, rebuttal, "sort", scope="", mode="")
    assert nothing.context["page"].sort.non_field_errors() == ["Choose a scope or a mode."]
    itself = send(editor, rebuttal, "rely", counterclaim=rebuttal.claim.pk)
    assert "This is the claim that is challenged" in itself.context["page"].rely.non_field_errors()[0]


def test_one_click_joins_what_is_proposed_and_another_separates_it() -> None:
    first, editor = disputed(), as_member("editor")
    second = records.rebuttal(first.claim, "second")
    page = editor.get(address(first))
    assert [one.rebuttal for one in page.context["candidates"]] == [second]
    done = send(editor, first, "join", other=second.pk)
    assert messages(done) == [f"Joined. “{first.key}” stands for the case, and is decided for all of it."]
    page = editor.get(address(first))
    assert (page.context["joined"], page.context["candidates"]) == ([second], [])
    beside = editor.get(address(second))
    assert "It is joined to challenge-1, and decided with it." in text(beside)
    assert 'value="decide"' not in beside.content.decode()
    assert messages(send(editor, second, "separate", other=second.pk)) == ["“second” is on its own again."]
    assert editor.get(address(first)).context["joined"] == []


def test_the_list_joins_sorts_and_separates() -> None:
    first, editor = disputed(), as_member("editor")
    second = records.rebuttal(first.claim, "second")
    assert messages(take(editor, "join", first, second)) == [
        "Joined into one case. “challenge-1” stands for it, and is decided for all of it."
    ]
    assert messages(take(editor, "sort", first, second, scope="figure")) == ["Sorted: 2 rebuttals."]
    listed = editor.get(reverse("admin:kb_rebuttal_changelist"))
    told = {one.key: listed.context["cl"].model_admin.case(one) for one in listed.context["cl"].result_list}
    assert told == {"challenge-1": "1 joined", "second": "joined to challenge-1"}
    cases = editor.get(reverse("admin:kb_rebuttal_changelist"), {"joined": "no"}).context["cl"]
    assert [one.key for one in cases.result_list] == ["challenge-1"]
    assert messages(take(editor, "separate", second)) == ["Taken out of their case: 1 rebuttal."]
    elsewhere = records.rebuttal(records.claim("elsewhere"), "elsewhere")
    refused = take(editor, "join", first, elsewhere)
    assert "These challenge different claims" in refused.context["form"].non_field_errors()[0]


def test_the_record_leads_to_its_review() -> None:
    rebuttal, editor = disputed(), as_member("editor")
    page = editor.get(reverse("admin:kb_rebuttal_change", args=[rebuttal.pk]))
    assert ("Review and decide", address(rebuttal)) in page.context["links"]
    workflow.decide_rebuttal(rebuttal, decision="rejected", reason="No.", by=published.publisher())
    page = editor.get(reverse("admin:kb_rebuttal_change", args=[rebuttal.pk]))
    assert ("Both sides and the decision", address(rebuttal)) in page.context["links"]


# --- deciding -------------------------------------------------------------------------------------------------


def test_the_page_says_what_accepting_drafts_and_then_drafts_it() -> None:
    rebuttal, editor = disputed(), as_member("editor")
    page = editor.get(address(rebuttal))
    assert [one.source.title for one in page.context["to_be_asked"]] == ["The challenged-1-work-0"]
    form = page.context["page"].decide
    assert (form["said"].value(), form["right"].value()) == ("Statement of challenged-1.", "On 18 August.")
    done = send(
        editor, rebuttal, "decide", decision="accepted", reason="Quite so.", said="August", right="September"
    )
    assert messages(done) == [
        "Decided: accepted. A correction has been drafted, with 1 delivery to its publishers."
    ]
    rebuttal.refresh_from_db()
    assert (rebuttal.decision, rebuttal.reason) == ("accepted", "Quite so.")
    assert [(one.said, one.right) for one in Correction.objects.all()] == [("August", "September")]
    assert [one.appearance for one in Delivery.objects.all()] == page.context["to_be_asked"]


def test_in_part_says_what_is_accepted_and_what_is_not() -> None:
    rebuttal, editor = disputed(), as_member("editor")
    refused = send(editor, rebuttal, "decide", decision="partly-accepted", reason="See.", right="September")
    assert refused.context["page"].decide.errors == {
        "accepted": ["Say what is accepted: you accept it in part."],
        "refused": ["Say what is not accepted: you accept it in part."],
    }
    parts = {"accepted": "The date.", "refused": "The figure."}
    send(editor, rebuttal, "decide", decision="partly-accepted", reason="See.", right="September", **parts)
    rebuttal.refresh_from_db()
    assert (rebuttal.decision, rebuttal.reason) == (
        "partly-accepted",
        "Accepted: The date.\n\nNot accepted: The figure.\n\nSee.",
    )


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"decision": "accepted", "reason": "So.", "right": ""}, ["right"]),
        ({"decision": "rejected", "reason": " "}, ["reason"]),
        ({"decision": "", "reason": "So."}, ["decision"]),
        ({"decision": "rejected", "reason": "So.", "accepted": "This."}, ["accepted"]),
        ({"decision": "duplicate", "reason": "So."}, ["duplicate_of"]),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_decided(sent: dict[str, str], errors: list[str]) -> None:
    rebuttal = disputed()
    response = send(as_member("editor"), rebuttal, "decide", **sent)
    assert list(response.context["page"].decide.errors) == errors
    assert "Nothing has been done yet." in text(response)
    assert (again(rebuttal)[0].decision, Correction.objects.count()) == ("received", 0)  # type: ignore[attr-defined]


def test_whoever_entered_it_reads_so_before_trying() -> None:
    rebuttal, editor = disputed(), as_member("editor")
    Rebuttal.objects.update(submitted_by=User.objects.get(username="editor"))
    page = editor.get(address(rebuttal))
    assert "Who has entered a rebuttal does not decide it. Ask a colleague." in text(page)
    assert 'value="decide"' not in page.content.decode()
    send(editor, rebuttal, "decide", decision="rejected", reason="No.")
    assert again(rebuttal)[0].decision == "received"  # type: ignore[attr-defined]


def test_what_changed_since_the_page_was_opened_is_not_decided() -> None:
    rebuttal, editor = disputed(), as_member("editor")
    old = f"{rebuttal.uid}:{rebuttal.refresh_revision()}"
    Rebuttal.objects.filter(pk=rebuttal.pk).update(text="It was earlier.")
    response = editor.post(
        address(rebuttal), {"act": "decide", "seen": [old], "decision": "rejected", "reason": "No."}
    )
    assert "has changed since you opened it" in response.context["page"].decide.non_field_errors()[0]
    assert again(rebuttal)[0].decision == "received"  # type: ignore[attr-defined]


# --- to readers -----------------------------------------------------------------------------------------------


def test_the_decision_is_published_as_a_whole_after_a_new_assessment() -> None:
    rebuttal, publisher = disputed(), as_member("publisher")
    claim = rebuttal.claim
    _assess(claim, "accurate")
    send(publisher, rebuttal, "decide", decision="accepted", reason="Quite so.", right="September")
    page = publisher.get(address(rebuttal))
    obstacle = page.context["outcome"]["obstacles"][0]
    assess = f"{reverse('admin:kb_claim_step', args=['assess'])}?id={claim.pk}"
    assert "has to be assessed again before the decision on it is published." in obstacle
    assert f'<a href="{assess}">' in page.content.decode()
    _assess(claim, "inaccurate")
    drafts = publisher.get(address(rebuttal)).context["outcome"]["obstacles"]
    assert [("is a draft" in words) for words in drafts] == [True] * 4
    take(as_member("editor"), "submit", rebuttal, together="1")
    outcome = publisher.get(address(rebuttal)).context["outcome"]
    assert outcome["obstacles"] == []
    assert {record.kind_name for record in outcome["companions"]} == {"claim", "correction", "source"}
    assert "Publish the decision" in text(publisher.get(address(rebuttal)))
    take(publisher, "publish", rebuttal, why="Decided", together="1")
    correction = Correction.objects.get()
    assert correction.number == 1
    assert set(reading.labels([claim.uid, rebuttal.uid, correction.uid])) == {
        claim.uid,
        rebuttal.uid,
        correction.uid,
    }
    assert "Readers see the decision: version 1." in text(publisher.get(address(rebuttal)))


def _assess(claim: Claim, rating: str) -> None:
    proposal = workflow.propose_assessment(
        claim, rating=rating, rationale="See there.", by=published.publisher()
    )
    workflow.confirm_assessment(proposal, by=published.publisher())


def test_a_case_says_how_many_it_decides() -> None:
    first, editor = disputed(), as_member("editor")
    second = records.rebuttal(first.claim, "second")
    triage.join([first, second], by=published.publisher())
    assert "Decide all 2 challenges of this case" in text(editor.get(address(first)))
    send(editor, first, "decide", decision="rejected", reason="No.")
    assert "The challenge that it repeats is challenge-1." in text(editor.get(address(second)))
