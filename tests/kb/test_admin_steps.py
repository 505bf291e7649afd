"""The steps of the admin: who may take them, what they do, and what stands in their way."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from kb import workflow
from kb.book import reading, writing
from kb.models import Assessment, Claim, Rebuttal, WorkStep
from tests.kb import records
from tests.kb.admin_forms import posted

pytestmark = pytest.mark.django_db

GROUPS = {
    "contributor": "Contributor",
    "editor": "Editor",
    "publisher": "Publisher",
    "reader": "Reader of everything",
}


def as_member(role: str) -> Client:
    client = Client()
    client.force_login(User.objects.filter(username=role).first() or records.account(role, GROUPS[role]))
    return client


def step(name: str, *chosen: Any) -> str:
    options = chosen[0]._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_step", args=[name])
    return f"{address}?" + "&".join(f"id={record.pk}" for record in chosen)


def take(client: Client, name: str, *chosen: Any, **data: Any) -> Any:
    """Open a step's page and send its form with what the page holds."""
    page = client.get(step(name, *chosen))
    assert page.status_code == 200
    seen = [f"{uid}:{revision}" for uid, revision in page.context["sheet"].seen.items()]
    data = {"id": [record.pk for record in chosen], "seen": seen, **data}
    return client.post(step(name, *chosen).partition("?")[0], data, follow=True)


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def publish(*chosen: Any) -> None:
    publisher = User.objects.filter(username="printer").first() or records.account("printer", "Publisher")
    writing.release(chosen, by=publisher, why="For the test")


def hand_in(*chosen: Any) -> None:
    by = User.objects.filter(username="contributor").first() or records.account("contributor", "Contributor")
    workflow.submit(chosen, by=by)


def sourced_claim() -> Claim:
    claim = records.claim()
    records.appearance(claim, records.source())
    claim.refresh_revision()
    return claim


class TestRights:
    @pytest.mark.parametrize(
        ("role", "offered"),
        [
            ("contributor", ["submit", "take-over", "assess"]),
            ("editor", ["submit", "assign", "take-over", "assess", "merge"]),
            ("publisher", ["submit", "publish", "assign", "take-over", "assess", "merge"]),
            ("reader", []),
        ],
    )
    def test_buttons_of_a_draft(self, role: str, offered: list[str]) -> None:
        claim = sourced_claim()
        page = as_member(role).get(reverse("admin:kb_claim_change", args=[claim.pk]))
        assert [found.name for found, _ in page.context["steps"]] == offered

    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            ("contributor", {"submit", "return", "assess"}),
            ("editor", {"submit", "return", "assess"}),
            ("publisher", {"submit", "return", "publish", "withdraw", "assess"}),
            ("reader", set()),
        ],
    )
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_addresses_of_steps(self, role: str, allowed: set[str], method: str) -> None:
        claim, client = sourced_claim(), as_member(role)
        names = ["submit", "return", "publish", "withdraw", "assess"]
        statuses = {
            name: getattr(client, method)(step(name, claim), {"id": claim.pk}).status_code for name in names
        }
        assert {name for name, status in statuses.items() if status != 403} == allowed
        assert set(statuses.values()) <= {200, 302, 403}

    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            ("contributor", {"sort"}),
            ("editor", {"review", "sort", "join", "separate"}),
            ("publisher", {"review", "sort", "join", "separate"}),
            ("reader", set()),
        ],
    )
    def test_triage_of_rebuttals(self, role: str, allowed: set[str]) -> None:
        rebuttal, client = records.rebuttal(sourced_claim()), as_member(role)
        names = ("review", "sort", "join", "separate")
        assert {name for name in names if client.get(step(name, rebuttal)).status_code == 200} == allowed

    @pytest.mark.parametrize(("role", "may"), [("contributor", False), ("editor", True), ("reader", False)])
    def test_changing_the_desks_texts(self, role: str, may: bool) -> None:
        address = reverse("admin:kb_desk_change", args=[records.desk().pk])
        client = as_member(role)
        assert client.get(address).status_code == 200
        assert (client.post(address, {}).status_code == 200) is may

    @pytest.mark.parametrize(
        ("role", "status"), [("contributor", 302), ("editor", 302), ("publisher", 302), ("reader", 403)]
    )
    def test_saving_a_record_with_its_rows(self, role: str, status: int) -> None:
        address = reverse("admin:kb_place_change", args=[records.place("iturup", "Iturup").pk])
        data = posted(as_member("editor"), address)
        assert as_member(role).post(address, {**data, "names-0-text": "Etorofu"}).status_code == status

    @pytest.mark.parametrize(("role", "status"), [("contributor", 403), ("editor", 200), ("reader", 403)])
    def test_deleting_a_draft(self, role: str, status: int) -> None:
        address = reverse("admin:kb_place_delete", args=[records.place().pk])
        assert as_member(role).get(address).status_code == status

    def test_nobody_deletes_what_was_published(self) -> None:
        place = records.place()
        publish(place)
        editor = as_member("editor")
        assert editor.get(reverse("admin:kb_place_delete", args=[place.pk])).status_code == 403
        data = {"action": "delete_selected", "_selected_action": [place.pk], "post": "yes"}
        editor.post(reverse("admin:kb_place_changelist"), data)
        place.refresh_from_db()
        assert place.pk is not None

    def test_a_stranger_is_asked_to_sign_in(self) -> None:
        claim = sourced_claim()
        for address in (step("publish", claim), reverse("admin:kb_claim_preview", args=[claim.pk])):
            assert Client().get(address).status_code == 302


class TestPublishing:
    def test_submit_and_return(self) -> None:
        claim, contributor = sourced_claim(), as_member("contributor")
        take(contributor, "submit", claim)
        claim.refresh_from_db()
        assert claim.editing_state == "in-review"
        take(contributor, "return", claim, why="The quote is missing.")
        claim.refresh_from_db()
        assert claim.editing_state == "draft"
        assert claim.history.first().history_change_reason == "The quote is missing."

    def test_what_is_needed_is_named_and_goes_along_with_one_button(self) -> None:
        claim, publisher = sourced_claim(), as_member("publisher")
        hand_in(claim, claim.appearances.get().source)
        page = publisher.get(step("publish", claim))
        assert [record.key for record in page.context["sheet"].companions] == ["editorial"]
        assert "The editorial" in page.content.decode()
        alone = take(publisher, "publish", claim, why="First look")
        assert reading.labels([claim.uid]) == {}
        assert "The editorial" in " ".join(alone.context["form"].non_field_errors())
        companion = claim.appearances.get().source
        seen = [f"{claim.uid}:{claim.revision}", f"{companion.uid}:{companion.revision}"]
        take(publisher, "publish", claim, why="First look", together="1", seen=seen)
        assert set(reading.labels([claim.uid, companion.uid])) == {claim.uid, companion.uid}

    def test_drafts_that_a_record_needs_can_be_handed_in_with_it(self) -> None:
        claim, contributor = sourced_claim(), as_member("contributor")
        source = claim.appearances.get().source
        assert contributor.get(step("submit", claim)).context["sheet"].companions == [source]
        take(contributor, "submit", claim, together="1")
        assert {(row.by.username, row.uid) for row in WorkStep.objects.filter(act="submitted")} == {
            ("contributor", claim.uid),
            ("contributor", source.uid),
        }

    def test_the_page_says_beforehand_that_somebody_else_has_to_publish(self) -> None:
        place, publisher = records.place("iturup"), as_member("publisher")
        told = publisher.get(step("publish", place)).context["sheet"]
        assert (told.obstacles, told.can_do) == (
            ["“iturup” is a draft. Hand it in for review; somebody else then publishes it."],
            False,
        )
        take(publisher, "submit", place)
        told = publisher.get(step("publish", place)).context["sheet"]
        refusal = "publisher handed in “iturup”. Somebody else has to publish it."
        assert (told.obstacles, told.can_do) == ([refusal], False)
        refused = take(publisher, "publish", place, why="First look")
        assert refused.context["form"].non_field_errors() == [refusal]
        assert reading.labels([place.uid]) == {}
        other = Client()
        other.force_login(records.account("other", "Publisher"))
        assert messages(take(other, "publish", place, why="First look")) == [
            "Published “iturup” as version 1."
        ]

    def test_a_claim_that_nobody_made_is_blocked_without_a_button(self) -> None:
        page = as_member("publisher").get(step("publish", records.claim()))
        assert page.context["sheet"].obstacles != []
        assert "together" not in page.content.decode().partition("<form method")[2].partition("</form>")[0]
        assert page.context["sheet"].can_do is False

    def test_an_edit_after_the_page_was_opened_is_refused(self) -> None:
        place, publisher = records.place("iturup", "Iturup"), as_member("publisher")
        hand_in(place)
        old = f"{place.uid}:{place.revision}"
        place.names.update(text="Etorofu")
        response = take(publisher, "publish", place, why="Names", seen=[old])
        assert "iturup" in " ".join(response.context["form"].non_field_errors())
        assert reading.labels([place.uid]) == {}

    def test_several_from_the_list(self) -> None:
        places, publisher = [records.place("iturup"), records.place("urup")], as_member("publisher")
        hand_in(*places)
        data = {"action": "step_publish", "_selected_action": [p.pk for p in places]}
        began = publisher.post(reverse("admin:kb_place_changelist"), data)
        assert began.status_code == 302
        assert {f"id={p.pk}" for p in places} == set(began.url.partition("?")[2].split("&"))
        done = take(publisher, "publish", *places, why="The islands")
        assert messages(done) == ["Published “iturup” as version 1.", "Published “urup” as version 1."]

    def test_withdrawing_names_what_rests_on_it(self) -> None:
        claim = sourced_claim()
        source = claim.appearances.get().source
        publish(claim, source)
        publisher = as_member("publisher")
        refused = take(publisher, "withdraw", source, why="Retracted")
        assert claim.statement in " ".join(refused.context["form"].non_field_errors())
        take(publisher, "withdraw", claim, why="Retracted")
        assert reading.labels([claim.uid])[claim.uid].withdrawn is True

    def test_a_reason_is_asked_for(self) -> None:
        place = records.place()
        response = take(as_member("publisher"), "publish", place)
        assert list(response.context["form"].errors) == ["why"]

    def test_compare_shows_what_would_change(self) -> None:
        claim = sourced_claim()
        publish(claim, claim.appearances.get().source)
        Claim.objects.update(statement="Taken in September.")
        changes = (
            as_member("editor").get(reverse("admin:kb_claim_compare", args=[claim.pk])).context["changes"]
        )
        assert [(c.path, c.before, c.after) for c in changes] == [
            ("Statement", "Statement of islands-taken.", "Taken in September.")
        ]

    def test_preview_shows_the_draft_as_a_public_page_that_nobody_keeps(self) -> None:
        claim = sourced_claim()
        response = as_member("reader").get(reverse("admin:kb_claim_preview", args=[claim.pk]))
        assert response.status_code == 200
        assert claim.statement in response.content.decode()
        assert "no-store" in response["Cache-Control"]

    def test_every_kind_can_be_previewed_and_compared(self) -> None:
        made, reader = records.full(2), as_member("reader")
        answers = {}
        for kind, record in made.items():
            base = f"admin:{record._meta.app_label}_{record._meta.model_name}"
            for name in ("preview", "compare"):
                address = reverse(f"{base}_{name}", args=[record.pk])
                answers[kind, name] = reader.get(address).status_code
        assert answers == {(kind, name): 200 for kind in made for name in ("preview", "compare")}

    def test_view_on_site_only_where_there_is_a_page(self) -> None:
        claim = sourced_claim()
        page, editor = reverse("admin:kb_claim_change", args=[claim.pk]), as_member("editor")
        assert editor.get(page).context["has_absolute_url"] is False
        publish(claim, claim.appearances.get().source)
        assert editor.get(page).context["absolute_url"] == "/claims/islands-taken/"
        writing.withdraw([claim], by=User.objects.get(username="printer"), why="For the test")
        assert editor.get(page).context["has_absolute_url"] is False

    def test_a_new_key_of_a_published_record_is_announced(self) -> None:
        claim = sourced_claim()
        publish(claim, claim.appearances.get().source)
        page, editor = reverse("admin:kb_claim_change", args=[claim.pk]), as_member("editor")
        response = editor.post(page, {**posted(editor, page), "key": "islands-seized"}, follow=True)
        assert "“islands-seized”, and the old one redirects there" in " ".join(messages(response))
        assert editor.get("/claims/islands-taken/").status_code == 200

    def test_the_list_tells_where_records_stand(self) -> None:
        edited, same, gone = records.place("a-edited"), records.place("b-same"), records.place("c-gone")
        records.place("d-never")
        publish(edited, same, gone)
        writing.withdraw([gone], by=User.objects.get(username="printer"), why="For the test")
        edited.note = "More."
        edited.save()
        editor, address = as_member("editor"), reverse("admin:kb_place_changelist")
        found = editor.get(address).context["cl"]
        told = {place.key: found.model_admin.in_the_book(place) for place in found.result_list}
        assert told == {
            "a-edited": "version 1, edited since",
            "b-same": "version 1",
            "c-gone": "withdrawn",
            "d-never": "not published",
        }
        by_filter = {
            value: [place.key for place in editor.get(address, {"book": value}).context["cl"].result_list]
            for value in ("published", "never", "withdrawn")
        }
        assert by_filter == {
            "published": ["a-edited", "b-same"],
            "never": ["d-never"],
            "withdrawn": ["c-gone"],
        }


class TestDeciding:
    def test_one_proposes_and_another_confirms(self) -> None:
        claim, contributor, editor = sourced_claim(), as_member("contributor"), as_member("editor")
        take(contributor, "assess", claim, rating="inaccurate", rationale="The landings came later.")
        proposal = Assessment.objects.get()
        assert (proposal.proposed_by.username, proposal.confirmed_at) == ("contributor", None)
        assert contributor.get(step("confirm", proposal)).status_code == 403
        take(editor, "confirm", proposal)
        proposal.refresh_from_db()
        assert proposal.confirmed_by.username == "editor"

    def test_nobody_confirms_their_own(self) -> None:
        claim, editor = sourced_claim(), as_member("editor")
        take(editor, "assess", claim, rating="accurate", rationale="So it was.")
        response = take(editor, "confirm", Assessment.objects.get())
        assert response.context["form"].non_field_errors() == [
            "Somebody else has to confirm what you have proposed."
        ]

    def test_who_entered_a_rebuttal_does_not_decide_it(self) -> None:
        claim, editor = sourced_claim(), as_member("editor")
        address = reverse("admin:kb_rebuttal_add")
        new = {
            "key": "comment",
            "claim": claim.pk,
            "scope": "date",
            "mode": "contradicts",
            "text": "Later.",
            "language": "en",
        }
        rows = {"evidence-TOTAL_FORMS": "0", "evidence-INITIAL_FORMS": "0"}
        assert editor.post(address, {**new, **rows}).status_code == 302
        rebuttal = Rebuttal.objects.get()
        assert rebuttal.submitted_by.username == "editor"
        page = editor.get(reverse("admin:kb_rebuttal_review", args=[rebuttal.pk]))
        assert "does not decide it" in page.context["hindered"]

    def test_an_answer_is_recorded(self) -> None:
        delivery = records.full(1)["delivery"]
        take(as_member("editor"), "answer", delivery, outcome="corrected", answer="We have changed it.")
        delivery.refresh_from_db()
        assert (delivery.outcome, delivery.answer) == ("corrected", "We have changed it.")

    def test_state_is_not_taken_from_a_record_form(self) -> None:
        rebuttal, editor = records.rebuttal(sourced_claim()), as_member("editor")
        address = reverse("admin:kb_rebuttal_change", args=[rebuttal.pk])
        forged = {
            "decision": "accepted",
            "reason": "x",
            "editing_state": "in-review",
            "stale_reason": "quote",
        }
        assert editor.post(address, {**posted(editor, address), **forged}).status_code == 302
        rebuttal.refresh_from_db()
        assert (rebuttal.decision, rebuttal.reason, rebuttal.editing_state) == ("received", "", "draft")


@pytest.mark.parametrize("query", ["", "id=0", "id=x", "id=1&id=2&id=99999999999999999999", "id=-1"])
def test_a_step_for_no_such_record_is_not_found(query: str) -> None:
    publisher = as_member("publisher")
    address = reverse("admin:kb_claim_step", args=["publish"])
    assert publisher.get(f"{address}?{query}").status_code == 404
    assert publisher.get(reverse("admin:kb_claim_step", args=["nothing"]) + "?id=1").status_code == 404
