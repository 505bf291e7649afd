from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kb", "0012_who_had_what")]

    operations = [
        migrations.RemoveField(
            model_name="historicalrebuttal",
            name="assignee",
        ),
        migrations.RemoveField(
            model_name="historicalrebuttal",
            name="due",
        ),
        migrations.RemoveField(
            model_name="rebuttal",
            name="assignee",
        ),
        migrations.RemoveField(
            model_name="rebuttal",
            name="due",
        ),
    ]
