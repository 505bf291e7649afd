"""Those who decide challenges may see how their senders can be reached."""

from django.db import migrations

from kb.seeding import create_permissions_of

GROUPS = ("Editor", "Publisher")


def forwards(apps, schema_editor):
    create_permissions_of("kb", apps)
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="kb", codename="view_submission"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("kb", "0007_submission")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
