"""Conflicts at the desk: said on save, listed, ruled on, and open again when a value changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from kb import workflow
from kb.models import Attribute, Claim, Conflict, ConflictRuling, Event, StatedValue
from tests.kb import records
from tests.kb.admin_forms import posted
from tests.kb.test_admin_steps import as_member, messages, take

pytestmark = pytest.mark.django_db


def value(claim: Claim, edtf: str, event: Event) -> StatedValue:
    return StatedValue.objects.create(
        claim=claim, event=event, edtf=edtf, attribute=Attribute.objects.get(key="occurred")
    )


@pytest.fixture
def conflict() -> Conflict:
    event = records.event("landing")
    value(records.claim("a", statement="It was on the 8th."), "1945-08-08", event)
    value(records.claim("b", statement="It was on the 9th."), "1945-08-09", event)
    return Conflict.objects.get()


def editor(name: str = "editor") -> User:
    return User.objects.filter(username=name).first() or records.account(name, "Editor")


def test_a_ruling_holds_until_a_value_changes(conflict: Conflict) -> None:
    assert (Conflict.objects.open().count(), conflict.ruling()) == (1, None)
    workflow.rule_conflict(conflict, verdict="date-basis", reason="Two calendars.", by=editor())
    ruling = conflict.ruling()
    assert ruling is not None
    assert (ruling.verdict, ruling.ruled_by, Conflict.objects.open().count()) == ("date-basis", editor(), 0)
    assert Conflict.objects.ruled().count() == 1
    workflow.rule_conflict(conflict, verdict="real", reason="One calendar after all.", by=editor("other"))
    assert list(ConflictRuling.objects.values_list("verdict", flat=True)) == ["real"]
    changed = conflict.other
    changed.edtf = "1945-08-10"
    changed.save()
    again = Conflict.objects.get()
    assert (again.ruling(), Conflict.objects.open().count()) == (None, 1)
    changed.edtf = "1945-08-09"
    changed.save()
    assert Conflict.objects.open().count() == 0


@pytest.mark.parametrize(
    ("verdict", "reason", "said"),
    [("wrong", "x", "is not a ruling"), ("real", "  ", "A ruling needs its reason")],
)
def test_a_ruling_is_one_of_the_list_and_has_a_reason(
    conflict: Conflict, verdict: str, reason: str, said: str
) -> None:
    with pytest.raises(workflow.WorkflowError, match=said):
        workflow.rule_conflict(conflict, verdict=verdict, reason=reason, by=editor())


def test_a_reader_of_everything_does_not_rule(conflict: Conflict) -> None:
    with pytest.raises(PermissionDenied):
        workflow.rule_conflict(
            conflict, verdict="real", reason="x", by=records.account("r", "Reader of everything")
        )


def page(client: Client, conflict: Conflict) -> str:
    return client.get(reverse("admin:kb_conflict_change", args=[conflict.pk])).content.decode()


def test_an_editor_rules_on_its_page(conflict: Conflict) -> None:
    client = as_member("editor")
    shown = page(client, conflict)
    assert conflict.reason in shown.replace("&#x27;", "’")
    assert reverse("admin:kb_claim_change", args=[conflict.one.claim_id]) in shown
    assert ("Rule on it" in shown, "none yet" in shown) == (True, True)
    assert "Rule on it" not in page(as_member("reader"), conflict)
    done = take(client, "rule", conflict, verdict="compatible", reason="Both are right.")
    assert messages(done) == ["Ruled on 1 conflict: compatible."]
    assert "Both are right." in page(client, conflict)
    listed = reverse("admin:kb_conflict_changelist")
    assert "0 conflicts" in client.get(f"{listed}?ruling=open").content.decode()
    assert "1 conflict" in client.get(f"{listed}?ruling=ruled").content.decode()


def test_a_conflict_is_said_when_a_claim_is_saved(conflict: Conflict) -> None:
    client = as_member("editor")
    address = reverse("admin:kb_claim_change", args=[conflict.one.claim_id])

    def said() -> list[str]:
        answer = client.post(address, {**posted(client, address), "_continue": "1"}, follow=True)
        return [message for message in messages(answer) if "conflict" in message]

    (only,) = said()
    assert conflict.reason in only.replace("&#x27;", "’")
    assert reverse("admin:kb_conflict_change", args=[conflict.pk]) in only
    workflow.rule_conflict(conflict, verdict="compatible", reason="x", by=editor())
    assert said() == []


def test_the_list_costs_the_same_with_one_and_with_three(
    conflict: Conflict, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_member("editor")
    listed = reverse("admin:kb_conflict_changelist")
    client.get(listed)

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            client.get(listed)
        return len(made)

    one = queries()
    value(records.claim("c"), "1945-08-10", Event.objects.get())
    assert Conflict.objects.count() == 3
    assert queries() == one
