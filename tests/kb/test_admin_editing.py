"""Editing in the admin: nobody's text is lost, and what the database refuses is told in words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from kb.book.models import Address
from kb.models import Claim, Place, PlaceName
from sources.models import Snapshot
from tests.kb import records
from tests.kb.admin_forms import posted, with_row

pytestmark = pytest.mark.django_db


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(name, password="of no consequence"))
    return client


@pytest.fixture
def first() -> Client:
    return signed_in("first")


@pytest.fixture
def second() -> Client:
    return signed_in("second")


def page_of(record: Any) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def errors(response: Any) -> list[str]:
    found: list[str] = []
    for error in response.context["errors"]:
        found += [str(one) for one in error] if isinstance(error, list) else [str(error)]
    return found


def told(response: Any) -> list[tuple[str, str, str]]:
    """What the second editor is shown: where, theirs, yours."""
    return [(d.where, d.theirs, d.yours) for d in response.context["comparison"].differences]


class TestTwoEditors:
    def test_second_sees_both_texts_and_nothing_is_saved(self, first: Client, second: Client) -> None:
        claim = records.claim(statement="Taken in August.")
        theirs, yours = posted(first, page_of(claim)), posted(second, page_of(claim))
        first.post(page_of(claim), {**theirs, "statement": "Taken in September."})
        response = second.post(page_of(claim), {**yours, "statement": "Taken in July."})
        assert response.status_code == 200
        assert response.context["comparison"].who == "first"
        assert told(response) == [("Statement", "Taken in September.", "Taken in July.")]
        assert Claim.objects.get().statement == "Taken in September."

    def test_second_keeps_what_they_typed_and_can_save_on_top(self, first: Client, second: Client) -> None:
        claim = records.claim(statement="Taken in August.")
        theirs, yours = posted(first, page_of(claim)), posted(second, page_of(claim))
        first.post(page_of(claim), {**theirs, "statement": "Taken in September."})
        refused = second.post(page_of(claim), {**yours, "statement": "Taken in July."})
        form = refused.context["adminform"].form
        assert form["statement"].value() == "Taken in July."
        again = {**yours, "statement": "Taken in July.", "seen_revision": form["seen_revision"].value()}
        assert second.post(page_of(claim), again).status_code == 302
        assert Claim.objects.get().statement == "Taken in July."

    def test_a_change_to_a_row_counts(self, first: Client, second: Client) -> None:
        place = records.place("iturup", "Iturup")
        theirs, yours = posted(first, page_of(place)), posted(second, page_of(place))
        first.post(page_of(place), {**theirs, "names-0-text": "Etorofu"})
        response = second.post(page_of(place), {**yours, "names-0-text": "Etorohu"})
        assert told(response) == [("Name “Etorofu”, text", "Etorofu", "Etorohu")]
        assert PlaceName.objects.get().text == "Etorofu"

    def test_a_row_that_the_other_added_stays(self, first: Client, second: Client) -> None:
        place = records.place("iturup", "Iturup")
        theirs, yours = posted(first, page_of(place)), posted(second, page_of(place))
        first.post(
            page_of(place), with_row(theirs, "names", text="Etorofu", language="ja-Latn", kind="endonym")
        )
        refused = second.post(page_of(place), {**yours, "note": "Seen."})
        assert told(refused) == [
            ("Note", "(empty)", "Seen."),
            ("Name “Etorofu”", "added; it stays when you save", "not in your form"),
        ]
        again = {**yours, "note": "Seen.", "seen_revision": str(Place.objects.get().revision)}
        assert second.post(page_of(place), again).status_code == 302
        assert set(PlaceName.objects.values_list("text", flat=True)) == {"Iturup", "Etorofu"}

    def test_a_row_that_the_other_deleted_can_be_saved_anew(self, first: Client, second: Client) -> None:
        place = records.place("iturup", "Iturup", "Kunashir")
        theirs, yours = posted(first, page_of(place)), posted(second, page_of(place))
        first.post(page_of(place), {**theirs, "names-0-DELETE": "on"})
        refused = second.post(page_of(place), {**yours, "names-0-text": "Iturup Island"})
        assert ("Name 2", "(deleted)") in [(where, theirs) for where, theirs, _ in told(refused)]
        formset = refused.context["inline_admin_formsets"][0].formset
        again = dict(formset.data.items()) | {"seen_revision": str(Place.objects.get().revision)}
        assert second.post(page_of(place), again).status_code == 302
        assert set(PlaceName.objects.values_list("text", flat=True)) == {"Iturup Island", "Kunashir"}

    def test_a_record_that_the_other_deleted_can_be_saved_anew(self, first: Client, second: Client) -> None:
        place = records.place("iturup", "Iturup")
        yours = posted(second, page_of(place))
        Place.objects.get().delete()
        refused = second.post(page_of(place), {**yours, "note": "Long work."})
        assert refused.status_code == 200
        assert Place.objects.count() == 0
        assert refused.context["adminform"].form["note"].value() == "Long work."
        again = dict(refused.context["inline_admin_formsets"][0].formset.data.items()) | {
            "note": "Long work."
        }
        assert second.post(reverse("admin:kb_place_add"), again).status_code == 302
        assert Place.objects.get().note == "Long work."
        assert PlaceName.objects.get().text == "Iturup"

    def test_a_post_that_does_not_say_what_it_saw_is_refused(self, first: Client) -> None:
        claim = records.claim()
        data = posted(first, page_of(claim))
        del data["seen_revision"]
        assert first.post(page_of(claim), {**data, "statement": "Unseen."}).status_code == 200
        assert Claim.objects.get().statement == "Statement of islands-taken."

    def test_saving_twice_in_a_row_is_no_conflict(self, first: Client) -> None:
        claim = records.claim()
        for statement in ("One.", "Two."):
            assert (
                first.post(
                    page_of(claim), {**posted(first, page_of(claim)), "statement": statement}
                ).status_code
                == 302
            )
        assert Claim.objects.get().statement == "Two."

    def test_submitting_meanwhile_is_no_conflict(self, first: Client) -> None:
        claim = records.claim()
        data = posted(first, page_of(claim))
        Claim.objects.update(editing_state="in-review")
        assert first.post(page_of(claim), {**data, "statement": "After all."}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_told() -> None:
    claim = records.claim(statement="Taken in August.")
    posts = []
    for name in ("first", "second"):
        client = signed_in(name)
        posts.append((client, {**posted(client, page_of(claim)), "statement": f"Written by {name}."}))

    def save(post: tuple[Client, dict[str, Any]]) -> int:
        try:
            return post[0].post(page_of(claim), post[1]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(save, posts))
    assert sorted(statuses) == [200, 302]
    winner = ("first", "second")[statuses.index(302)]
    assert Claim.objects.get().statement == f"Written by {winner}."


class TestRefusals:
    def test_a_rule_of_the_database_is_told_in_the_form(
        self, first: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source = records.source()
        records.snapshot(source)
        data = posted(first, page_of(source))
        # A form that is out of date would come past the check that the model makes beforehand.
        monkeypatch.setattr(Snapshot, "clean", lambda snapshot: None)
        response = first.post(page_of(source), {**data, "title": "New", "snapshots-0-text": "Another text."})
        assert response.status_code == 200
        assert "A captured text is never changed: add a new snapshot instead." in errors(response)
        assert response.context["adminform"].form["title"].value() == "New"
        source.refresh_from_db()
        assert source.title == "The editorial"

    def test_a_constraint_speaks_in_its_own_words(self, first: Client) -> None:
        place = records.place("iturup", "Iturup")
        data = with_row(posted(first, page_of(place)), "names", text="Iturup", language="en", kind="endonym")
        response = first.post(page_of(place), data)
        assert response.status_code == 200
        assert "This place already has this name in this language." in " ".join(errors(response))

    def test_the_same_text_captured_twice_is_refused_in_words(self, first: Client) -> None:
        source = records.source()
        records.snapshot(source)
        data = with_row(
            posted(first, page_of(source)),
            "snapshots",
            text=records.TEXT,
            extent="whole",
            rights="private",
            captured_at_0="2026-01-01",
            captured_at_1="12:00:00",
        )
        response = first.post(page_of(source), data)
        assert response.status_code == 200
        assert errors(response) != []
        assert Snapshot.objects.count() == 1

    def test_a_date_is_read_as_editors_write_it(self, first: Client) -> None:
        event = records.event()
        data = posted(first, page_of(event))
        assert first.post(page_of(event), {**data, "when": "18 August 1945"}).status_code == 302
        event.refresh_from_db()
        assert event.when == "1945-08-18"
        assert "18 August 1945" in first.get(page_of(event)).content.decode()

    def test_an_ambiguous_date_is_not_guessed(self, first: Client) -> None:
        event = records.event()
        response = first.post(page_of(event), {**posted(first, page_of(event)), "when": "02/03/2024"})
        assert response.status_code == 200
        assert list(response.context["adminform"].form.errors) == ["when"]


class TestKeys:
    def test_the_address_of_another_record_is_refused(self, first: Client) -> None:
        place = records.place("iturup")
        Address.objects.create(kind="place", key="etorofu", uid="another")
        response = first.post(page_of(place), {**posted(first, page_of(place)), "key": "etorofu"})
        assert list(response.context["adminform"].form.errors) == ["key"]
        assert "address of another record" in errors(response)[0]

    def test_an_old_address_of_its_own_is_free_to_it(self, first: Client) -> None:
        place = records.place("iturup")
        Address.objects.create(kind="place", key="etorofu", uid=place.uid)
        assert (
            first.post(page_of(place), {**posted(first, page_of(place)), "key": "etorofu"}).status_code == 302
        )

    def test_a_key_says_what_would_be_right(self, first: Client) -> None:
        place = records.place("iturup")
        response = first.post(page_of(place), {**posted(first, page_of(place)), "key": "Iturup Island"})
        assert "shumshu-landing" in " ".join(errors(response))


def test_saving_without_a_change_leaves_history_and_revision_alone(first: Client) -> None:
    claim = records.full(2)["claim"]
    claim.refresh_from_db()
    before = claim.revision, claim.history.count()
    assert first.post(page_of(claim), posted(first, page_of(claim))).status_code == 302
    claim.refresh_from_db()
    assert (claim.revision, claim.history.count()) == before


def test_line_breaks_pasted_into_a_statement_become_spaces(first: Client) -> None:
    claim = records.claim()
    data = {**posted(first, page_of(claim)), "statement": "Taken in\r\n  August\u00a01945."}
    assert first.post(page_of(claim), data).status_code == 302
    assert Claim.objects.get().statement == "Taken in August\u00a01945."
