"""What every desk starts with: the groups that carry the rights, and the vocabulary of attributes.

A migration calls `seed`; so may anything that has emptied the tables. What is already there is left as it is.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db.models import Q

#: key, label, type, dimension
ATTRIBUTES = (
    ("occurred", "took place", "date", ""),
    ("began", "began", "date", ""),
    ("ended", "ended", "date", ""),
    ("announced", "was announced", "date", ""),
    ("declared", "was declared", "date", ""),
    ("delivered", "was delivered", "date", ""),
    ("effective", "took effect", "date", ""),
    ("signed", "was signed", "date", ""),
    ("ratified", "was ratified", "date", ""),
    ("in-force", "came into force", "date", ""),
    ("expires", "expires", "date", ""),
    ("population", "population", "quantity", "count"),
    ("count", "number", "quantity", "count"),
    ("area", "area", "quantity", "area"),
    ("distance", "distance", "quantity", "length"),
    ("coordinates", "coordinates", "coordinates", ""),
    ("named", "name", "text", ""),
    ("described", "description", "text", ""),
)

RECORDS = (
    ("sources", "agent source contribution snapshot"),
    (
        "kb",
        "topic place placename placestatus event claim appearance statedvalue evidence review assessment rebuttal "
        "correction delivery",
    ),
)
HOUSE = (("kb", "desk namingpolicy namingrule attribute conflictruling"),)
IMPORTS = (("kb", "importbatch importprofile importedrow"),)
REST = (("kb", "conflict assignment merge"), ("book", "release version"))

EDITING: list[tuple[str, Any]] = [
    ("view", RECORDS + HOUSE + IMPORTS + REST),
    ("add change delete", RECORDS + HOUSE),
    ("add change", IMPORTS),
]
DECIDING = ("kb.confirm_assessment", "kb.decide_rebuttal", "kb.view_submission", "kb.assign_record")

#: group → what it may do: (action, models) and single permissions
GROUPS: dict[str, tuple[list[tuple[str, Any]], tuple[str, ...]]] = {
    "Contributor": (
        [
            ("view", RECORDS + HOUSE + IMPORTS + REST),
            ("add change", RECORDS),
            # A spreadsheet brings what they may type; to take it back deletes, and is for editors.
            ("add", (("kb", "importbatch importprofile"),)),
        ],
        (),
    ),
    "Editor": (EDITING, DECIDING),
    "Publisher": (EDITING, (*DECIDING, "book.publish")),
    # Nobody gives a role that holds more than their own: whoever manages accounts holds all of them.
    "Desk manager": (EDITING, (*DECIDING, "book.publish", "kb.manage_accounts")),
    "Reader of everything": ([("view", RECORDS + HOUSE + IMPORTS + REST)], ()),
}


def seed(apps: Any = installed) -> None:
    """Make the groups and the attributes that are missing. `apps` is a registry; a migration passes its own."""
    _attributes(apps)
    _groups(apps)


def _attributes(apps: Any) -> None:
    attribute = apps.get_model("kb", "Attribute")
    for key, label, kind, dimension in ATTRIBUTES:
        attribute.objects.get_or_create(
            key=key, defaults={"label": label, "type": kind, "dimension": dimension}
        )


def _groups(apps: Any) -> None:
    # Django makes permissions after all migrations; the groups need them now.
    for label in ("sources", "kb", "book"):
        create_permissions_of(label, apps)
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, (rules, single) in GROUPS.items():
        row, made = group.objects.get_or_create(name=name)
        if made:
            row.permissions.set(permission.objects.filter(_wanted(rules, single)))


def create_permissions_of(label: str, apps: Any) -> None:
    """Make the permissions of an app now, which Django does after all migrations."""
    config = apps.get_app_config(label)
    if apps is not installed:
        config.models_module = True  # what a migration knows of an app has none, and would be passed over
    create_permissions(config, apps=apps, verbosity=0)


def _wanted(rules: list[tuple[str, Any]], single: tuple[str, ...]) -> Q:
    wanted = Q(pk__in=[])
    for actions, places in rules:
        for label, models in places:
            codenames = [f"{action}_{model}" for action in actions.split() for model in models.split()]
            wanted |= Q(content_type__app_label=label, codename__in=codenames)
    for name in single:
        label, codename = name.split(".")
        wanted |= Q(content_type__app_label=label, codename=codename)
    return wanted
