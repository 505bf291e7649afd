"""Merging from the admin: chosen, looked at, done, listed, undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.models import Claim, Merge, Place, PlaceName
from sources.models import Agent
from tests.kb import published, records
from tests.kb.admin_forms import posted
from tests.kb.test_admin_steps import as_member, messages, step
from tests.support.database import taken_back

pytestmark = pytest.mark.django_db


def two() -> tuple[Place, Place]:
    kept = records.place("iturup", "Iturup", note="An island.")
    merged = records.place("etorofu", "Etorofu", "Iturup", note="Another note.", latitude=44, longitude=147)
    records.claim().places.add(merged)
    return kept, merged


def look(client: Client, kept: Any, merged: Any) -> Any:
    page = client.get(step("merge", kept, merged))
    assert page.status_code == 200
    return page


def do(client: Client, kept: Any, merged: Any, **data: Any) -> Any:
    page = look(client, kept, merged)
    sent = {
        "id": [kept.pk, merged.pk],
        "keep": kept.pk,
        "plan": page.context["plan"].digest,
        "why": "One island",
    }
    return client.post(step("merge", kept).partition("?")[0], {**sent, **data}, follow=True)


def test_two_are_chosen_in_the_list_and_looked_at_before_anything_is_done() -> None:
    kept, merged = two()
    editor = as_member("editor")
    began = editor.post(
        reverse("admin:kb_place_changelist"),
        {"action": "step_merge", "_selected_action": [kept.pk, merged.pk]},
    )
    page = editor.get(began.url)
    context = page.context
    assert {context["kept"].key, context["merged"].key} == {"iturup", "etorofu"}
    page = look(editor, kept, merged)
    groups = [(group.what, group.count, group.first) for group in page.context["groups"]]
    assert groups == [
        ("claims (places)", 1, ["Statement of islands-taken."]),
        ("place names", 1, ["Etorofu"]),
    ]
    told = [(d.label, d.kept, d.merged, d.stays) for d in page.context["plan"].differences]
    assert told == [
        ("Latitude, longitude", "", "44.000000, 147.000000", "merged"),
        ("Note", "An island.", "Another note.", "kept"),
    ]
    assert page.context["both_have"] == ["1 place names"]
    assert Place.objects.count() == 2


def test_the_other_way_about() -> None:
    kept, merged = two()
    page = look(as_member("editor"), kept, merged)
    turned = as_member("editor").get(page.context["other_way"]).context
    assert (turned["kept"], turned["merged"]) == (merged, kept)


def test_merging_with_a_choice_leads_to_its_page_and_stands_in_both_histories() -> None:
    kept, merged = two()
    editor = as_member("editor")
    done = do(editor, kept, merged, **{"stays-note": "merged"})
    row = Merge.objects.get()
    assert done.redirect_chain[-1][0] == reverse("admin:kb_merge_change", args=[row.pk])
    assert messages(done) == [
        "Merged “Etorofu (etorofu)” into “Iturup (iturup)”. “etorofu” now leads there at the desk."
    ]
    kept.refresh_from_db()
    assert (kept.note, str(kept.latitude)) == ("Another note.", "44.000000")
    assert sorted(kept.names.values_list("text", flat=True)) == ["Etorofu", "Iturup"]
    assert (row.by.username, row.why) == ("editor", "One island")
    for pk in (kept.pk, merged.pk):
        page = editor.get(reverse("admin:kb_place_history", args=[pk])).context["page"]
        told = [(entry.what, entry.who, entry.why) for entry in page.entries]
        assert ("Merged “Etorofu (etorofu)” into “Iturup (iturup)”", "editor", "One island") in told
    gone = editor.get(reverse("admin:kb_place_history", args=[merged.pk]))
    assert (gone.context["newest"], gone.context["may_restore"]) == (False, False)
    restore = reverse("admin:kb_place_restore", args=[merged.pk])
    assert editor.get(f"{restore}?to=now").status_code == 404


def test_undoing_from_its_page() -> None:
    kept, merged = two()
    editor = as_member("editor")
    do(editor, kept, merged)
    row = Merge.objects.get()
    page = editor.get(reverse("admin:kb_merge_change", args=[row.pk]))
    assert [one.label for one, _ in page.context["steps"]] == ["Undo"]
    undone = editor.post(step("undo", row).partition("?")[0], {"id": [row.pk]}, follow=True)
    assert messages(undone) == ["Undone: “Etorofu (etorofu)” is a record of its own again."]
    assert sorted(Place.objects.values_list("key", flat=True)) == ["etorofu", "iturup"]
    assert list(Claim.objects.get().places.all()) == [merged]


def test_undoing_names_what_was_changed_since() -> None:
    kept, merged = two()
    editor = as_member("editor")
    do(editor, kept, merged)
    PlaceName.objects.filter(text="Etorofu").delete()
    row = Merge.objects.get()
    refused = editor.post(step("undo", row).partition("?")[0], {"id": [row.pk]})
    assert refused.context["form"].non_field_errors() == ["The place name was deleted since."]
    assert Place.objects.count() == 1


def test_what_has_changed_since_it_was_looked_at_is_not_merged_unseen() -> None:
    kept, merged = two()
    editor = as_member("editor")
    digest = look(editor, kept, merged).context["plan"].digest
    records.claim("another").places.add(merged)
    response = do(editor, kept, merged, plan=digest)
    assert "has changed since you looked" in response.context["form"].non_field_errors()[0]
    assert Place.objects.count() == 2


def test_a_reason_is_asked_for() -> None:
    kept, merged = two()
    response = do(as_member("editor"), kept, merged, why=" ")
    assert list(response.context["form"].errors) == ["why"]
    assert Merge.objects.count() == 0


def test_what_stands_in_the_way_is_said_and_there_is_no_button() -> None:
    kept, merged = records.place("a"), records.place("b")
    between = records.place("c", part_of=merged)
    Place.objects.filter(pk=kept.pk).update(part_of=between)
    page = look(as_member("editor"), kept, merged)
    assert page.context["plan"].obstacles == [
        "“Part of” would go in a circle: it leads from one of the two to “c”, and from there to the other. Change that "
        "first."
    ]
    assert "<button" not in page.content.decode().partition("<form method")[2].partition("</form>")[0]
    response = do(as_member("editor"), kept, merged)
    assert "circle" in response.content.decode()
    assert Place.objects.count() == 3


@pytest.mark.parametrize(("role", "status"), [("contributor", 403), ("reader", 403), ("publisher", 200)])
def test_who_may_merge(role: str, status: int) -> None:
    kept, merged = two()
    client = as_member(role)
    assert client.get(step("merge", kept, merged)).status_code == status
    page = client.get(reverse("admin:kb_place_change", args=[kept.pk]))
    assert ("Merge into one…" in page.content.decode()) is (status == 200)


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("reader", []),
        ("contributor", ["Hand in for review"]),
        ("editor", ["Hand in for review", "Undo"]),
        ("publisher", ["Hand in for review", "Undo"]),
    ],
)
def test_of_a_merge_each_role_is_offered_what_it_may_do(role: str, offered: list[str]) -> None:
    kept, merged = records.topic("islands"), records.topic("isles")
    published.publish(kept, merged)
    do(as_member("editor"), kept, merged)
    row, client = Merge.objects.get(), as_member(role)
    page = client.get(reverse("admin:kb_merge_change", args=[row.pk]))
    assert [one.label for one, _ in page.context["steps"]] == offered
    for name, label in (("hand-in", "Hand in for review"), ("undo", "Undo")):
        assert client.get(step(name, row)).status_code == (200 if label in offered else 403)


def test_who_may_not_change_what_moves_is_told_so() -> None:
    kept, merged = two()
    editor = as_member("editor")
    user = editor.get(reverse("admin:index")).wsgi_request.user
    user.groups.clear()
    for name in ("view_place", "change_place", "delete_place"):
        from django.contrib.auth.models import Permission

        user.user_permissions.add(Permission.objects.get(codename=name))
    refused = do(editor, kept, merged)
    assert refused.context["form"].non_field_errors() == [
        "Changing claims needs a right that you do not have."
    ]
    assert Place.objects.count() == 2


def test_the_other_record_is_looked_for_by_key_or_name() -> None:
    kept, merged = two()
    editor = as_member("editor")
    page = editor.get(f"{step('merge', kept)}&q=etoro")
    assert [(other.key, state) for other, state, _ in page.context["others"]] == [
        ("etorofu", "not published")
    ]
    assert editor.get(page.context["others"][0][2]).status_code == 200
    assert editor.get(f"{step('merge', kept)}&q=nowhere").context["others"] == []


def test_one_two_and_no_more() -> None:
    some = [records.place(key) for key in ("a", "b", "c")]
    editor = as_member("editor")
    response = editor.get(step("merge", *some), follow=True)
    assert messages(response) == ["Choose the two records that are one, and no more."]
    assert editor.get(step("merge", some[0])).status_code == 200


@pytest.mark.parametrize("query", ["", "id=x", "id=1&id=99999999999999999999", "id=-1", "id=1&id=424242"])
def test_no_such_record_is_not_found(query: str) -> None:
    records.place("a")
    address = reverse("admin:kb_place_step", args=["merge"])
    assert as_member("editor").get(f"{address}?{query}").status_code == 404


def test_the_old_key_finds_the_kept_record_and_is_not_given_again() -> None:
    kept, merged = records.agent("japan"), records.agent("nippon", name="Nippon koku")
    editor = as_member("editor")
    do(editor, kept, merged)
    found = editor.get(reverse("admin:sources_agent_changelist"), {"q": "nippon"}).context["cl"].result_list
    assert [agent.key for agent in found] == ["japan"]
    gone = editor.get(reverse("admin:sources_agent_change", args=[merged.pk]), follow=True)
    assert messages(gone) == ["The record that you asked for was merged into “Japan”."]
    address = reverse("admin:sources_agent_add")
    again = editor.post(address, {"key": "nippon", "name": "Nippon", "kind": "state"})
    assert again.context["adminform"].form.errors["key"] == [
        "“nippon” was merged into another record and leads there. Choose another key."
    ]
    assert Agent.objects.count() == 1


def test_publishing_is_offered_with_what_refers_to_the_merged_record() -> None:
    kept, merged = records.topic("islands"), records.topic("isles")
    claim = records.claim()
    records.appearance(claim, records.source())
    claim.topics.add(merged)
    published.publish(kept, merged, claim.appearances.get().source, claim)
    publisher = as_member("publisher")
    editor = as_member("editor")
    page = look(editor, kept, merged)
    assert page.context["referring"] == (1, ["Statement of islands-taken."])
    done = do(editor, kept, merged)
    assert f"step/publish/?id={kept.pk}" in done.content.decode()
    row = Merge.objects.get()
    handed = editor.post(step("hand-in", row).partition("?")[0], {"id": [row.pk]}, follow=True)
    assert messages(handed) == ["Handed in for review: 2 records."]
    sheet = publisher.get(step("publish", kept)).context["sheet"]
    assert (sheet.obstacles, sheet.companions) == ([], [claim])
    seen = [f"{uid}:{revision}" for uid, revision in sheet.seen.items()]
    out = publisher.post(
        step("publish", kept).partition("?")[0],
        {"id": [kept.pk], "seen": seen, "why": "One subject", "together": "1"},
        follow=True,
    )
    assert messages(out)[0].startswith("“Islands” was published already") or "Published" in messages(out)[0]
    assert publisher.get("/topics/isles/")["Location"] == "/topics/islands/"


def test_every_kind_can_be_merged_and_undone() -> None:
    one, other, editor = records.full(1), records.full(2), as_member("editor")
    for kind in ("agent", "place", "source", "claim", "event", "topic"):
        with taken_back():
            merged_and_undone(editor, one[kind], other[kind])


def merged_and_undone(editor: Client, kept: Any, merged: Any) -> None:
    response = do(editor, kept, merged)
    row = Merge.objects.get()
    assert response.redirect_chain[-1][0] == reverse("admin:kb_merge_change", args=[row.pk])
    assert response.status_code == 200
    undone = editor.post(step("undo", row).partition("?")[0], {"id": [row.pk]}, follow=True)
    assert "Undone" in messages(undone)[0]
    assert type(merged).objects.filter(pk=merged.pk, uid=merged.uid).exists()


def test_the_list_of_merges_asks_no_more_for_three_than_for_one() -> None:
    editor = as_member("editor")
    address = reverse("admin:kb_merge_changelist")

    def asked() -> int:
        editor.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(address).status_code == 200
        return len(captured)

    do(editor, records.topic("a"), records.topic("b"))
    before = asked()
    do(editor, records.topic("c"), records.topic("d"))
    do(editor, records.topic("e"), records.topic("f"))
    assert asked() == before


def test_the_preview_asks_no_more_for_three_rows_than_for_one_where_they_are_alike() -> None:
    editor = as_member("editor")

    def asked(*pair: Any) -> int:
        look(editor, *pair)
        with CaptureQueriesContext(connection) as captured:
            look(editor, *pair)
        return len(captured)

    def pair(number: int) -> tuple[Any, Any]:
        kept, merged = records.topic(f"kept-{number}"), records.topic(f"merged-{number}")
        for n in range(number):
            records.claim(f"claim-{number}-{n}").topics.add(merged)
        return kept, merged

    # The first of what moves are named, each by a query; more of them ask no more.
    assert asked(*pair(6)) == asked(*pair(9))


def test_posted_form_of_a_record_is_unchanged_by_the_button() -> None:
    kept, _ = two()
    editor = as_member("editor")
    address = reverse("admin:kb_place_change", args=[kept.pk])
    assert editor.post(address, posted(editor, address)).status_code == 302
