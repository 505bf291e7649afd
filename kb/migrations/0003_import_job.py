"""The way of a spreadsheet through the wizard; and contributors may bring one, on desks that have the groups already."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kb.editorial.fields
import kb.models.importing


def contributors_may_import(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.filter(name="Contributor").first()
    if group is not None:
        wanted = apps.get_model("auth", "Permission").objects.filter(
            content_type__app_label="kb", codename__in=["add_importbatch", "add_importprofile"]
        )
        group.permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0002_seed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=kb.models.importing.job_token, editable=False, max_length=32, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("mapping", "columns to be looked at"),
                            ("planning", "waiting to be planned"),
                            ("planned", "planned, to be looked at"),
                            ("applying", "waiting to be applied"),
                            ("done", "applied"),
                        ],
                        default="mapping",
                        max_length=8,
                    ),
                ),
                (
                    "files",
                    kb.editorial.fields.JSONTextField(
                        default=list, help_text="Per file: what the editor calls it, its SHA-256, its size."
                    ),
                ),
                (
                    "options",
                    kb.editorial.fields.JSONTextField(
                        default=dict, help_text="How the files are read, where the editor has said so."
                    ),
                ),
                (
                    "choices",
                    kb.editorial.fields.JSONTextField(
                        default=dict, help_text="Per sheet: into which of ours, which columns, and so on."
                    ),
                ),
                ("plan_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "summary",
                    kb.editorial.fields.JSONTextField(
                        default=dict, help_text="Of the plan: counts per sheet, notes, warnings."
                    ),
                ),
                ("keep_good", models.BooleanField(default=False)),
                ("message", models.TextField(blank=True)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("rows_all", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("queued_at", models.DateTimeField(blank=True, null=True)),
                (
                    "taken_at",
                    models.DateTimeField(
                        blank=True, help_text="The last sign of life of what works on it.", null=True
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="jobs",
                        to="kb.importbatch",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "indexes": [models.Index(fields=["state", "queued_at"], name="kb_importjo_state_76d8eb_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["mapping", "planning", "planned", "applying", "done"])
                        ),
                        name="kb_importjob_state_listed",
                        violation_error_message="“state” must be one of: mapping, planning, planned, applying, done.",
                    )
                ],
            },
        ),
        migrations.RunPython(contributors_may_import, migrations.RunPython.noop),
    ]
