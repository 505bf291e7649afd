"""Accounts and roles: who looks after them, that nobody rises by it, and that it works without e-mail."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from kb import accounts
from kb.workflow import WorkflowError
from tests.book.cases import queries
from tests.kb import records
from tests.kb.test_admin_steps import messages, step, take

pytestmark = pytest.mark.django_db

ROLES = ["Reader of everything", "Contributor", "Editor", "Publisher", "Desk manager"]


@pytest.fixture
def manager() -> User:
    return records.account("manager", "Desk manager")


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def roles_of(account: User) -> list[str]:
    return sorted(account.groups.values_list("name", flat=True))


def page_of(account: User) -> str:
    return reverse("admin:auth_user_change", args=[account.pk])


def said(account: User) -> list[str]:
    rows = LogEntry.objects.filter(object_id=str(account.pk)).order_by("pk")
    return [row.get_change_message() for row in rows]


class TestTheFunctions:
    def test_a_colleague_is_added_with_a_role_and_without_a_password(self, manager: User) -> None:
        made = accounts.add_account("vera", by=manager, roles=[role("Editor")], first_name="Vera")
        assert (made.get_full_name(), roles_of(made), made.is_staff, made.is_superuser) == (
            "Vera",
            ["Editor"],
            True,
            False,
        )
        assert not made.has_usable_password()

    @pytest.mark.parametrize("group", ["Reader of everything", "Contributor", "Editor", "Publisher"])
    def test_it_is_for_those_who_manage_accounts(self, group: str) -> None:
        by, other = records.account("somebody", group), records.account("other", "Contributor")
        acts = [
            lambda: accounts.add_account("vera", by=by),
            lambda: accounts.change_account(other, by=by, first_name="X"),
            lambda: accounts.close_account(other, by=by, why="Left."),
            lambda: accounts.reopen_account(other, by=by, why="Back."),
            lambda: accounts.one_time_link(other, by=by),
        ]
        for act in acts:
            with pytest.raises(
                PermissionDenied, match="Managing accounts needs a right that you do not have"
            ):
                act()

    def test_a_role_that_holds_more_than_ones_own_rights_is_neither_given_nor_taken(
        self, manager: User
    ) -> None:
        strong = Group.objects.create(name="Engineers")
        strong.permissions.set(Permission.objects.filter(codename="change_user"))
        assert [one.name for one in accounts.roles_to_give(manager)] == ROLES
        with pytest.raises(PermissionDenied, match="The role “Engineers” may do more than you"):
            accounts.add_account("vera", by=manager, roles=[strong])
        assert not User.objects.filter(username="vera").exists()
        plain = records.account("vera", "Editor")
        with pytest.raises(PermissionDenied):
            accounts.change_account(plain, by=manager, roles=[role("Editor"), strong])
        assert roles_of(plain) == ["Editor"]
        admin = User.objects.create_superuser("admin")
        accounts.change_account(plain, by=admin, roles=[strong])
        assert roles_of(plain) == ["Engineers"]

    @pytest.mark.parametrize("above", ["superuser", "own right", "role"])
    @pytest.mark.parametrize("active", [True, False])
    def test_the_account_of_somebody_who_may_do_more_is_left_alone(
        self, manager: User, above: str, active: bool
    ) -> None:
        other = records.account("other", is_superuser=above == "superuser", is_active=active)
        right = Permission.objects.get(codename="change_user")
        if above == "own right":
            other.user_permissions.add(right)
        elif above == "role":
            strong = Group.objects.create(name="Engineers")
            strong.permissions.add(right)
            other.groups.add(strong)
        acts = [
            lambda: accounts.change_account(other, by=manager, email="mine@example.org"),
            lambda: accounts.close_account(other, by=manager, why="Left."),
            lambda: accounts.reopen_account(other, by=manager, why="Back."),
            lambda: accounts.one_time_link(other, by=manager),
        ]
        for act in acts:
            with pytest.raises(PermissionDenied, match="other may do more than you"):
                act()

    def test_nobody_changes_their_own_roles_or_closes_their_own_account(self, manager: User) -> None:
        acts = [
            lambda: accounts.change_account(manager, by=manager, roles=[role("Editor")]),
            lambda: accounts.close_account(manager, by=manager, why="Tired."),
            lambda: accounts.one_time_link(manager, by=manager),
        ]
        for act in acts:
            with pytest.raises(WorkflowError):
                act()
        assert (
            accounts.change_account(
                manager, by=manager, first_name="M", roles=[role("Desk manager")]
            ).first_name
            == "M"
        )

    def test_only_an_administrator_makes_one(self, manager: User) -> None:
        with pytest.raises(PermissionDenied):
            accounts.add_account("vera", by=manager, administrator=True)
        vera = records.account("vera", "Editor")
        with pytest.raises(PermissionDenied):
            accounts.change_account(vera, by=manager, administrator=True)
        admin = User.objects.create_superuser("admin")
        assert accounts.change_account(vera, by=admin, administrator=True).is_superuser
        with pytest.raises(WorkflowError, match="unless another one takes it"):
            accounts.change_account(admin, by=admin, administrator=False)

    def test_closing_and_opening_keep_roles_and_the_reason(self, manager: User) -> None:
        vera = records.account("vera", "Editor")
        with pytest.raises(WorkflowError, match="Say why"):
            accounts.close_account(vera, by=manager, why=" ")
        assert accounts.close_account(vera, by=manager, why="On leave.").is_active is False
        with pytest.raises(WorkflowError, match="closed already"):
            accounts.close_account(vera, by=manager, why="Again.")
        with pytest.raises(WorkflowError, match="Reopen it first"):
            accounts.one_time_link(vera, by=manager)
        assert accounts.reopen_account(vera, by=manager, why="Back.").is_active is True
        assert (roles_of(vera), said(vera)) == (["Editor"], ["Closed: On leave.", "Opened again: Back."])

    def test_two_of_one_name_are_refused(self, manager: User) -> None:
        with pytest.raises(ValidationError, match="already exists"):
            accounts.add_account("manager", by=manager)

    def test_a_role_is_told_in_words(self) -> None:
        rights = accounts.rights_of_roles(Group.objects.all())
        told = {one.name: accounts.in_words(rights[one.pk]) for one in Group.objects.all()}
        every = [words for words, _ in accounts.IN_WORDS]
        assert told == {
            "Reader of everything": every[:1],
            "Contributor": every[:3],
            "Editor": every[:10],
            "Publisher": every[:11],
            "Desk manager": every,
        }

    def test_roles_are_told_by_what_they_may_beyond_lesser_ones(self) -> None:
        roles = accounts.roles_to_give(User.objects.create_superuser("admin"))
        told = accounts.compared_in_words(roles)
        assert {one.name: told[one.pk] for one in roles if one.name != "Editor"} == {
            "Reader of everything": "sees everything at the desk",
            "Contributor": "all that the role Reader of everything may; writes drafts and hands them in for review; "
            "imports spreadsheets",
            "Publisher": "all that the role Editor may; publishes and withdraws",
            "Desk manager": "all that the role Publisher may; manages accounts and roles",
        }


class TestTheAdmin:
    def test_a_colleague_is_added_and_gets_in_by_the_link(self, desk: Client) -> None:
        add = reverse("admin:auth_user_add")
        form = desk.get(add).context["adminform"].form
        assert list(form.fields) == ["username", "first_name", "last_name", "email", "roles"]
        assert "publishes and withdraws" in desk.get(add).content.decode()
        page = desk.post(
            add, {"username": "vera", "first_name": "Vera", "roles": [role("Editor").pk]}, follow=True
        )
        vera = User.objects.get(username="vera")
        assert (roles_of(vera), page.request["PATH_INFO"]) == (
            ["Editor"],
            reverse("admin:auth_user_link", args=[vera.pk]),
        )
        answer = desk.post(reverse("admin:auth_user_link", args=[vera.pk]))
        assert "no-store" in answer["Cache-Control"]
        link = re.sub(r"^http://testserver", "", answer.context["link"])
        hers = Client()
        form_page = hers.get(link, follow=True)
        assert "You sign in as <strong>vera</strong>" in form_page.content.decode()
        weak = hers.post(form_page.request["PATH_INFO"], {"new_password1": "short", "new_password2": "short"})
        assert (weak.status_code, User.objects.get(pk=vera.pk).has_usable_password()) == (200, False)
        good = {"new_password1": "kelp and amber tide", "new_password2": "kelp and amber tide"}
        done = hers.post(form_page.request["PATH_INFO"], good, follow=True)
        assert messages(done) == ["Your password is set. Sign in with it."]
        assert hers.login(username="vera", password="kelp and amber tide")
        assert "This link was used already" in Client().get(link, follow=True).content.decode()

    def test_the_link_of_a_closed_account_opens_nothing(self, desk: Client, manager: User) -> None:
        vera = records.account("vera", "Editor")
        parts = accounts.one_time_link(vera, by=manager)
        accounts.close_account(vera, by=manager, why="Left.")
        page = Client().get(reverse("first_password", args=parts), follow=True)
        assert "This link was used already" in page.content.decode()

    @pytest.mark.parametrize("link", ["x/y", "MQ/zzz-zzz", "%FF/set-password"])
    def test_a_link_that_was_cut_says_so(self, link: str) -> None:
        page = Client().get(f"/admin/first-password/{link}/", follow=True)
        assert (page.status_code, "This link was used already" in page.content.decode()) == (200, True)

    def test_roles_are_given_and_taken_and_the_history_tells(self, desk: Client) -> None:
        vera = records.account("vera", "Contributor")
        data = {"username": "vera", "roles": [role("Editor").pk, role("Publisher").pk]}
        assert desk.post(page_of(vera), data).status_code == 302
        assert roles_of(vera) == ["Editor", "Publisher"]
        assert said(vera) == ["Changed roles."]
        assert desk.get(reverse("admin:auth_user_history", args=[vera.pk])).status_code == 200

    def test_a_forged_form_gives_nothing_more(self, desk: Client) -> None:
        strong = Group.objects.create(name="Engineers")
        strong.permissions.set(Permission.objects.filter(codename="change_user"))
        vera = records.account("vera", "Contributor")
        data = {"username": "vera", "roles": [strong.pk]}
        refused = desk.post(page_of(vera), data).context["adminform"].form
        told = f"Select a valid choice. {strong.pk} is not one of the available choices."
        assert list(refused.errors["roles"]) == [told]
        everything = {
            "administrator": "on", "is_superuser": "on", "is_staff": "", "password": "x",
            "user_permissions": list(Permission.objects.values_list("pk", flat=True)[:3]), "groups": [strong.pk],
        }  # fmt: skip
        desk.post(page_of(vera), {"username": "vera", "roles": [role("Contributor").pk], **everything})
        vera.refresh_from_db()
        assert (roles_of(vera), vera.is_superuser, vera.user_permissions.count()) == (
            ["Contributor"],
            False,
            0,
        )
        assert vera.check_password("of no consequence")

    def test_ones_own_roles_stay_whatever_is_sent(self, desk: Client, manager: User) -> None:
        desk.post(
            page_of(manager),
            {"username": "manager", "first_name": "M", "roles": [role("Reader of everything").pk]},
        )
        manager.refresh_from_db()
        assert (roles_of(manager), manager.first_name) == (["Desk manager"], "M")
        page = desk.get(page_of(manager))
        assert ("steps" in page.context, "links" in page.context) == (False, False)

    def test_an_administrators_account_is_only_looked_at(self, desk: Client) -> None:
        admin = User.objects.create_superuser("admin", password="of no consequence")
        page = desk.get(page_of(admin))
        assert (page.status_code, page.context["has_change_permission"]) == (200, False)
        assert "This account may do more than you" in page.content.decode()
        assert desk.post(page_of(admin), {"username": "mine"}).status_code == 403
        assert desk.post(reverse("admin:auth_user_link", args=[admin.pk])).status_code == 403
        refused = take(desk, "close", admin, why="Mine now.")
        assert refused.context["form"].non_field_errors() == [
            "admin may do more than you. Ask an administrator."
        ]
        admin.refresh_from_db()
        assert (admin.username, admin.is_active) == ("admin", True)

    def test_an_administrator_sees_the_box_for_administrators(self, client: Client) -> None:
        admin = User.objects.create_superuser("admin")
        client.force_login(admin)
        vera = records.account("vera", "Editor")
        client.post(page_of(vera), {"username": "vera", "roles": [], "administrator": "on"})
        vera.refresh_from_db()
        assert (vera.is_superuser, roles_of(vera)) == (True, [])
        refused = client.post(page_of(admin), {"username": "admin"}, follow=True)
        assert messages(refused)[1:] == ["You stay an administrator unless another one takes it from you."]

    def test_closing_lets_nobody_in_and_opening_does(self, desk: Client) -> None:
        vera = records.account("vera", "Editor")
        hers = Client()
        hers.force_login(vera)
        assert [one.name for one, _ in desk.get(page_of(vera)).context["steps"]] == ["close"]
        take(desk, "close", vera, why="On leave.")
        assert hers.get(reverse("admin:index")).status_code == 302
        assert [one.name for one, _ in desk.get(page_of(vera)).context["steps"]] == ["reopen"]
        take(desk, "reopen", vera, why="Back.")
        assert Client().login(username="vera", password="of no consequence")

    @pytest.mark.parametrize("group", ["Reader of everything", "Contributor", "Editor", "Publisher"])
    def test_nobody_else_sees_accounts_or_roles(self, client: Client, group: str) -> None:
        client.force_login(records.account("somebody", group))
        vera = records.account("vera", "Editor")
        addresses = [
            reverse("admin:auth_user_changelist"), reverse("admin:auth_user_add"), page_of(vera), step("close", vera),
            reverse("admin:auth_user_link", args=[vera.pk]), reverse("admin:auth_group_changelist"),
        ]  # fmt: skip
        assert {client.get(address).status_code for address in addresses} == {403}
        assert "Accounts" not in [
            room["name"] for room in client.get(reverse("admin:index")).context["app_list"]
        ]

    def test_roles_are_looked_at_in_words_and_changed_by_administrators(self, desk: Client) -> None:
        address = reverse("admin:auth_group_change", args=[role("Publisher").pk])
        page = desk.get(address).content.decode()
        assert ("publishes and withdraws" in page, "Can add" in page) == (True, False)
        assert desk.post(address, {"name": "Mine"}).status_code == 403
        desk.force_login(User.objects.create_superuser("admin"))
        assert "Can add" in desk.get(address).content.decode()

    def test_nobody_is_deleted(self, desk: Client) -> None:
        vera = records.account("vera", "Editor")
        assert desk.get(reverse("admin:auth_user_delete", args=[vera.pk])).status_code == 403
        assert "delete_selected" not in desk.get(reverse("admin:auth_user_changelist")).content.decode()

    @pytest.mark.parametrize("name", ["auth_user", "auth_group"])
    def test_lists_ask_no_more_for_many(self, desk: Client, name: str) -> None:
        address = reverse(f"admin:{name}_changelist")
        desk.get(address)
        one = queries(lambda: desk.get(address))
        for number in range(3):
            records.account(f"one-{number}", "Editor")
            Group.objects.create(name=f"Role {number}")
        assert queries(lambda: desk.get(address)) == one
