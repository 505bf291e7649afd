"""Assignments of challenges and who handed in what is in review are noted in the tables made for it; and new rights."""

from django.db import migrations
from django.utils import timezone

from kb.seeding import create_permissions_of, seed

KINDS = (
    ("sources", "Agent", "agent"),
    ("sources", "Source", "source"),
    ("kb", "Topic", "topic"),
    ("kb", "Place", "place"),
    ("kb", "Event", "event"),
    ("kb", "Claim", "claim"),
    ("kb", "Rebuttal", "rebuttal"),
    ("kb", "Correction", "correction"),
    ("kb", "Delivery", "delivery"),
    ("kb", "Desk", "desk"),
    ("kb", "NamingPolicy", "naming-policy"),
)


def forwards(apps, schema_editor):
    assignment, step = apps.get_model("kb", "Assignment"), apps.get_model("kb", "WorkStep")
    open_ = apps.get_model("kb", "Rebuttal").objects.filter(decision__in=["received", "under-review"])
    for row in open_.filter(assignee__isnull=False):
        at = row.received_at or timezone.now()
        assignment.objects.create(
            kind="rebuttal", uid=row.uid, assignee=row.assignee, due=row.due, by=row.assignee, at=at
        )
    for label, name, kind in KINDS:
        for row in apps.get_model(label, name).objects.filter(editing_state="in-review"):
            line = _last(apps, label, name, row, editing_state="in-review", history_change_reason="in review")
            if line is not None and line.history_user_id:
                step.objects.create(
                    kind=kind, uid=row.uid, act="submitted", by_id=line.history_user_id, at=line.history_date
                )
    _rights(apps)


def _last(apps, label, name, row, **which):
    history = apps.get_model(label, f"Historical{name}")
    return history.objects.filter(id=row.pk, **which).order_by("-history_date", "-history_id").first()


def _rights(apps):
    create_permissions_of("kb", apps)
    seed(apps)  # the new group, on a desk that had its groups before
    permission, group = apps.get_model("auth", "Permission"), apps.get_model("auth", "Group")

    def give(codename, *names):
        right = permission.objects.get(content_type__app_label="kb", codename=codename)
        for one in group.objects.filter(name__in=names):
            one.permissions.add(right)

    give("view_assignment", "Contributor", "Editor", "Publisher", "Desk manager", "Reader of everything")
    give("assign_record", "Editor", "Publisher", "Desk manager")
    give("view_submission", "Desk manager")
    give("manage_accounts", "Desk manager")


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0011_work_at_the_desk"),
        ("sources", "0002_fewer_indexes"),
        ("book", "0002_publishing_jobs"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
