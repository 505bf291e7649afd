"""Two people stand behind what is published, and no door goes past that."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kb import publishing, workflow
from kb.book import reading, second_person
from kb.book.models import Release
from kb.models import Assignment, Desk, WorkStep
from kb.settings import BASE_DIR
from kb.workflow import WorkflowError
from tests.book.cases import again, edit, out, queries, said
from tests.kb import published, records
from tests.kb.admin_forms import posted

pytestmark = pytest.mark.django_db

A_DRAFT = "“Islands” is a draft. Hand it in for review; somebody else then publishes it."
BY_VERA = "vera handed in “Islands”. Somebody else has to publish it."


@pytest.fixture
def vera() -> Any:
    return records.account("vera", "Publisher")


@pytest.fixture
def otto() -> Any:
    return records.account("otto", "Publisher")


def refused(*given: Any, by: Any) -> list[str]:
    before = Release.objects.count()
    with pytest.raises(WorkflowError) as error:
        publishing.publish(again(*given), by=by, why="First published.")
    assert Release.objects.count() == before
    assert publishing.obstacles(again(*given), by=by) == error.value.messages
    return error.value.messages


def test_one_hands_in_and_another_publishes(vera: Any, otto: Any) -> None:
    topic = records.topic()
    assert refused(topic, by=otto) == [A_DRAFT]
    workflow.submit([topic], by=vera)
    assert refused(topic, by=vera) == [BY_VERA]
    outcome = publishing.publish([topic], by=otto, why="First published.")
    assert outcome.published == [(topic, 1)]
    assert reading.get("topic", "islands").why == "First published."


def test_the_last_one_who_handed_it_in_counts(vera: Any, otto: Any) -> None:
    topic = records.topic()
    workflow.submit([topic], by=otto)
    workflow.return_to_draft([topic], by=otto, why="Not yet.")
    workflow.submit([topic], by=vera)
    assert refused(topic, by=vera) == [BY_VERA]
    assert publishing.obstacles(again(topic), by=otto) == []


def test_an_edit_of_what_is_published_is_handed_in_anew(vera: Any, otto: Any) -> None:
    topic = records.topic()
    workflow.submit([topic], by=vera)
    publishing.publish([topic], by=otto, why="First published.")
    assert publishing.publish(again(topic), by=vera, why="Nothing new.").unchanged == [topic]
    edit(topic, note="More.")
    assert refused(topic, by=otto) == [A_DRAFT]


def test_what_was_withdrawn_is_handed_in_anew(vera: Any, otto: Any) -> None:
    topic = records.topic()
    published.publish(topic)
    publishing.withdraw([topic], by=vera, why="It was unsound.")
    assert refused(topic, by=otto) == [A_DRAFT]


def test_one_publisher_withdraws_alone(vera: Any) -> None:
    topic = records.topic()
    workflow.submit([topic], by=vera)
    published.publish(topic)
    assert publishing.withdraw([topic], by=vera, why="It was unsound.").withdrawn == [topic]


def test_what_goes_along_obeys_the_same_rule_and_is_named(vera: Any, otto: Any) -> None:
    claim = said()
    source = claim.appearances.get().source
    workflow.submit([claim], by=vera)
    told = f"“{source}” is a draft. Hand it in for review; somebody else then publishes it."
    assert refused(claim, source, by=otto) == [told]
    workflow.submit([source], by=otto)
    assert refused(claim, source, by=otto) == [f"otto handed in “{source}”. Somebody else has to publish it."]


def test_a_desk_of_one_person_needs_no_second(vera: Any) -> None:
    records.desk_of_one()
    topic = records.topic()
    assert publishing.publish([topic], by=vera, why="First published.").published == [(topic, 1)]


def test_one_in_review_of_whom_nobody_knows_who_handed_it_in_is_refused(otto: Any) -> None:
    topic = records.topic()
    type(topic).objects.update(editing_state="in-review")
    assert refused(topic, by=otto) == [
        "Nobody is noted as having handed in “Islands”. Return it to draft and hand it in again."
    ]


def test_a_name_with_braces_is_told_as_it_is(vera: Any) -> None:
    vera.first_name = "{name}"
    vera.save()
    topic = records.topic()
    workflow.submit([topic], by=vera)
    told = "{name} handed in “Islands”. Somebody else has to publish it."
    assert refused(topic, by=vera) == [told]
    assert second_person.lacking_of([("topic", topic.uid)], by=vera) == {topic.uid: told}


def test_publishing_and_withdrawing_need_the_right_and_a_reason(vera: Any) -> None:
    topic = records.topic()
    for act in (publishing.publish, publishing.withdraw):
        with pytest.raises(PermissionDenied):
            act([topic], by=records.account(f"editor-{act.__name__}", "Editor"), why="Because.")
        with pytest.raises(WorkflowError, match="Say why"):
            act([topic], by=vera, why=" ")


def test_the_steps_stay_with_who_when_and_the_whole_why(vera: Any, otto: Any) -> None:
    topic, why = records.topic(), "The quote is not exact. " * 20
    workflow.submit([topic], by=vera)
    workflow.return_to_draft([topic], by=otto, why=why)
    steps = WorkStep.objects.filter(uid=topic.uid)
    assert [(row.kind, row.act, row.by, row.why) for row in steps] == [
        ("topic", "submitted", vera, ""),
        ("topic", "returned", otto, why),
    ]


def test_to_hand_in_takes_nothing_from_the_links_in_the_history(vera: Any) -> None:
    claim = said()
    claim.topics.add(records.topic())
    workflow.submit([claim], by=vera)
    assert [row.topic.key for row in claim.history.first().topics.all()] == ["islands"]


def test_publishing_ends_an_assignment_but_not_that_of_an_open_challenge(vera: Any) -> None:
    claim = out()
    challenge = records.rebuttal(claim)
    for record in (claim, challenge):
        at = timezone.now()
        Assignment.objects.create(kind=record.kind_name, uid=record.uid, assignee=vera, by=vera, at=at)
    published.publish(claim, challenge)
    assert [row.uid for row in Assignment.objects.all()] == [challenge.uid]
    workflow.decide_rebuttal(challenge, decision="rejected", reason="It was not.", by=vera)
    assert list(Assignment.objects.all()) == []


def test_who_handed_in_is_asked_once_for_all(vera: Any, otto: Any) -> None:
    one = records.topic("one")
    many = [records.topic(f"topic-{n}") for n in range(3)]
    workflow.submit([one, *many], by=vera)
    assert (
        queries(lambda: publishing.obstacles(again(one), by=otto)) - 1
        == queries(lambda: publishing.obstacles(again(*many), by=otto)) - 3
    )  # `again` asks once for each record


def test_only_who_manages_accounts_makes_it_a_desk_of_one(client: Any) -> None:
    desk = records.desk()
    address = reverse("admin:kb_desk_change", args=[desk.pk])
    for group, may in (("Publisher", False), ("Desk manager", True)):
        client.force_login(records.account(group.split()[0], group))
        assert client.post(address, {**posted(client, address), "single_editor": "on"}).status_code == 302
        assert Desk.objects.get().single_editor is may


#: The modules that may call the mechanism: what decides, the jobs, and the mechanism itself.
RELEASING = {"kb/publishing.py", "kb/book/writing.py", "kb/book/jobs.py"}
MECHANISM = {"release", "release_prepared", "release_rulings", "withdraw"}


def test_nothing_goes_past_the_rule_of_two_people() -> None:
    calling = {
        str(file.relative_to(BASE_DIR))
        for package in ("kb", "sources")
        for file in (BASE_DIR / package).rglob("*.py")
        if _calls_mechanism(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert calling <= RELEASING
    assert calling >= {"kb/publishing.py", "kb/book/jobs.py"}


def _calls_mechanism(tree: ast.AST) -> bool:
    return any(
        (
            isinstance(node, ast.ImportFrom)
            and node.module == "kb.book.writing"
            and MECHANISM & {alias.name for alias in node.names}
        )
        or (
            isinstance(node, ast.Attribute)
            and node.attr in MECHANISM
            and isinstance(node.value, ast.Name)
            and node.value.id == "writing"
        )
        for node in ast.walk(tree)
    )


def test_the_check_sees_a_call_past_the_rule() -> None:
    for planted in (
        "from kb.book.writing import release",
        "from kb.book import writing\nwriting.withdraw([], by=None, why='')",
    ):
        assert _calls_mechanism(ast.parse(planted))
    assert not _calls_mechanism(ast.parse("from kb.book import writing\nwriting.blockers([])"))
