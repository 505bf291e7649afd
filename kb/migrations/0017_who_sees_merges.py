"""Whoever sees the records sees which of them were merged."""

from django.db import migrations

from kb.seeding import create_permissions_of

GROUPS = ("Contributor", "Editor", "Publisher", "Desk manager", "Reader of everything")


def forwards(apps, schema_editor):
    create_permissions_of("kb", apps)
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="kb", codename="view_merge"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("kb", "0016_merge")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
