"""The groups and what they may do, and the vocabulary of attributes."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User

from kb.models import Attribute
from kb.seeding import ATTRIBUTES, GROUPS, seed

pytestmark = pytest.mark.django_db

RECORDS = [
    *("agent", "source", "contribution", "snapshot", "topic", "place", "placename", "placestatus", "event"),
    *("claim", "appearance", "statedvalue", "evidence", "review", "assessment"),
    *("rebuttal", "correction", "delivery"),
]
HOUSE = ["desk", "namingpolicy", "namingrule", "attribute", "conflictruling"]
IMPORTS = ["importbatch", "importprofile", "importedrow"]
#: model → what contributors, editors, publishers and managers, and readers may do: add, change, delete, view.
TABLE = {
    **dict.fromkeys(RECORDS, ("acv", "acdv", "acdv", "v")),
    **dict.fromkeys(HOUSE, ("v", "acdv", "acdv", "v")),
    **dict.fromkeys(IMPORTS, ("av", "acv", "acv", "v")),
    "importedrow": ("v", "acv", "acv", "v"),
    "conflict": ("v", "v", "v", "v"),
    "assignment": ("v", "v", "v", "v"),
    "merge": ("v", "v", "v", "v"),
    "release": ("v", "v", "v", "v"),
    "version": ("v", "v", "v", "v"),
}
#: group → its column of the table
COLUMNS = {"Contributor": 0, "Desk manager": 2, "Editor": 1, "Publisher": 2, "Reader of everything": 3}
GROUP_NAMES = list(COLUMNS)
EDITORS = {"assign_record", "confirm_assessment", "decide_rebuttal", "view_submission"}
SINGLE = {
    "Contributor": set(),
    "Desk manager": {*EDITORS, "publish", "manage_accounts"},
    "Editor": EDITORS,
    "Publisher": {*EDITORS, "publish"},
    "Reader of everything": set(),
}
ACTIONS = {"a": "add", "c": "change", "d": "delete", "v": "view"}


def held(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


@pytest.mark.parametrize("name", GROUP_NAMES)
def test_a_group_may_do_exactly_this(name):
    column = COLUMNS[name]
    granted = {f"{ACTIONS[letter]}_{model}" for model, row in TABLE.items() for letter in row[column]}
    assert held(name) == granted | SINGLE[name]


def test_there_are_five_groups():
    assert sorted(Group.objects.values_list("name", flat=True)) == GROUP_NAMES == sorted(GROUPS)


def test_no_group_has_rights_over_accounts_or_history():
    others = Permission.objects.filter(group__isnull=False).exclude(
        content_type__app_label__in=["sources", "kb", "book"]
    )
    assert not others.exists()
    assert not Permission.objects.filter(group__isnull=False, codename__contains="historical").exists()


def test_a_person_in_a_group_has_its_rights():
    person = User.objects.create_user("somebody")
    person.groups.add(Group.objects.get(name="Editor"))
    assert person.has_perms(["kb.confirm_assessment", "kb.decide_rebuttal", "sources.delete_source"])
    assert not person.has_perm("book.publish")


def test_the_vocabulary_is_there():
    rows = Attribute.objects.order_by("key").values_list("key", "label", "type", "dimension")
    assert list(rows) == sorted(ATTRIBUTES)
    for row in Attribute.objects.all():
        row.full_clean()


def test_seeding_again_changes_nothing_that_the_desk_has_changed():
    editor = Group.objects.get(name="Editor")
    editor.permissions.remove(Permission.objects.get(codename="delete_claim"))
    Attribute.objects.filter(key="began").update(label="started")
    Attribute.objects.create(key="height", label="height", type="quantity", dimension="length")
    count = Permission.objects.count()
    seed()
    seed()
    assert "delete_claim" not in held("Editor")
    assert Attribute.objects.get(key="began").label == "started"
    assert Attribute.objects.count() == len(ATTRIBUTES) + 1
    assert Permission.objects.count() == count


def test_seeding_makes_again_what_is_missing():
    before = held("Publisher")
    Group.objects.all().delete()
    Attribute.objects.all().delete()
    seed()
    assert held("Publisher") == before
    assert Attribute.objects.count() == len(ATTRIBUTES)
